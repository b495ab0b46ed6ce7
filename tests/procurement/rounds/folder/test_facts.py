"""The canonical text of a folder: one text for equal folders, another for different ones."""

import json
from dataclasses import replace

import pytest

from procurement.rounds.folder import read_folder
from tests.procurement.rounds.folder.folders import ALL, SOUND, sound_but, write


def facts_with(tmp_path, options: str) -> str:
    settings = f"{SOUND['round.toml']}[options]\n{options}\n"
    return read_folder(sound_but(tmp_path, round=settings)).facts


def test_the_text_holds_every_fact(tmp_path):
    facts = json.loads(read_folder(write(tmp_path, ALL)).facts)
    assert facts["title"] == "a round"
    assert facts["opened_on"] == "2020-08-20"
    assert facts["lots"][0] == {
        "lot": "L1",
        "product": "瑞舒伐他汀",
        "strengths": {
            "10mg": {"label": "10mg", "ratio": "1", "price_ceiling": "2.5"},
            "20mg": {"label": "20mg", "ratio": "2"},
        },
        "category": "general",
    }
    assert facts["bids"][0] == {
        "lot": "L1",
        "bid": "辉瑞",
        "manufacturer": "辉瑞",
        "quotes": [{"strength": "10mg", "declared_price": {"pack_price": "3.59", "pack_units": 1}}],
        "is_originator": True,
    }
    assert facts["volumes"][2] == {
        "region": "天津",
        "lot": "L2",
        "strength": "25mg",
        "ratio": "0.5",
        "base_volume": 500,
    }
    assert facts["choices"][2]["spare"] is True
    assert facts["answers"][0]["price"] == "0.11"
    assert facts["expected"][1]["regions"] == ["北京", "天津"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("round.toml", "a round", "another"),
        ("round.toml", "2020-08-20", "2020-08-21"),
        ("lots.csv", "2.5", "2.6"),
        ("bids.csv", "0.12", "0.13"),
        ("volumes.csv", "500", "501"),
        ("choices.csv", "1,北京,1", "2,北京,1"),
        ("answers.csv", "revive", "cut"),
        ("expected.csv", "北京;天津", "天津"),
    ],
)
def test_another_fact_gives_another_text(tmp_path, file, old, new):
    changed = {**ALL, file: ALL[file].replace(old, new, 1)}
    one = read_folder(write(tmp_path / "one", ALL))
    other = read_folder(write(tmp_path / "other", changed))
    assert one.facts != other.facts
    assert one != other


def test_options_of_different_kinds_give_different_texts(tmp_path):
    values = ['"0.5"', "0.5", "0.50", '{ decimal = "0.5" }', '"2020-08-20"', "2020-08-20", "true"]
    texts = {facts_with(tmp_path, f"a.b = {value}") for value in values}
    assert len(texts) == len(values)


def test_the_order_of_keys_in_options_does_not_matter_and_numbers_come_in_order(tmp_path):
    one = facts_with(tmp_path, 'x.y = { "1" = 1, "2" = 2, "10" = 3, "11+" = 3, z = 0 }\na.b = [1]')
    other = facts_with(
        tmp_path, 'a.b = [1]\nx.y = { z = 0, "11+" = 3, "10" = 3, "2" = 2, "1" = 1 }'
    )
    assert one == other
    table = json.loads(one)["options"]["x.y"]["table"]
    assert list(table) == ["1", "2", "10", "11+", "z"]


def test_the_text_follows_what_the_folder_says(tmp_path):
    folder = read_folder(sound_but(tmp_path))
    assert replace(folder, answers=()).facts == folder.facts
    assert "\n" not in folder.facts
