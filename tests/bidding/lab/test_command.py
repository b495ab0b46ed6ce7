"""``jicai lab``: its arguments, its JSON and its tables."""

import argparse
import json

import pytest

from bidding.errors import BiddingError
from procurement.cli import lab
from tests.house_rules import ROOT

FOLDER = str(ROOT / "examples" / "national-3-eight-lots")
CONTRACT = {
    *("winners", "median_cut", "spend", "savings", "highest_to_lowest", "lots_without_winner"),
    *("concentration", "to_revive", "assumed", "lots_without_ceiling"),
}


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    lab.add(parser.add_subparsers(dest="command"))
    return parser.parse_args(["lab", FOLDER, *words])


def output(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert lab.run(parsed(*words)) == 0
    return capsys.readouterr().out


def test_json_has_the_fields_of_the_contract(capsys):
    words = ("--rulebooks", "national-3,national-10", "--draws", "20", "--seed", "4", "--json")
    document = json.loads(output(capsys, *words))
    assert (document["draws"], document["seed"]) == (20, 4)
    assert list(document["rulebooks"]) == ["national-3", "national-10"]
    for figures in document["rulebooks"].values():
        assert set(figures) > CONTRACT
        assert set(figures["simulated"]["savings"]) == {"mean", "p5", "p95"}


def test_two_runs_are_equal_byte_for_byte(capsys):
    words = ("--draws", "30", "--json")
    assert output(capsys, *words) == output(capsys, *words)


def test_the_default_is_the_rounds_own_rulebook_without_simulation(capsys):
    document = json.loads(output(capsys, "--json"))
    assert list(document["rulebooks"]) == ["national-3"]
    assert "simulated" not in document["rulebooks"]["national-3"]
    assert "model" not in document


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("实际报价", "中选（带量）", "节省金额（亿元）", "按假设取值")),
        ("en", ("the real bids", "selected with volume", "savings (100 m yuan)", "values assumed")),
    ],
)
def test_the_tables_speak_both_languages(language, words, capsys):
    text = output(
        capsys, "--rulebooks", "national-3,national-12", "--draws", "5", "--lang", language
    )
    assert all(word in text for word in words)
    assert text.endswith("\n")


def test_an_option_is_read_as_toml(capsys):
    option = 'national-12:places.by_bidders={ "1+" = 1 }'
    words = ("--rulebooks", "national-12", "--option", option, "--json")
    document = json.loads(output(capsys, *words))
    assert document["rulebooks"]["national-12"]["shortlisted"] == 8


def test_several_options_of_one_rulebook_add_up(capsys):
    words = [
        *("--rulebooks", "national-12", "--json"),
        *("--option", 'national-12:places.by_bidders={ "1+" = 1 }'),
        *("--option", 'national-12:selection.ratio_to_anchor="1.5"'),
    ]
    assumed = json.loads(output(capsys, *words))["rulebooks"]["national-12"]["assumed"]
    assert not {"places.by_bidders", "selection.ratio_to_anchor"} & set(assumed)


@pytest.mark.parametrize(
    "words",
    [
        ("--draws", "-1"),
        ("--draws", "many"),
        ("--seed", "1.5"),
        ("--rulebooks", "national-3,"),
        ("--option", "national-12"),
        ("--option", "national-12:places.by_bidders"),
        ("--option", "national-12:selection.ratio_to_anchor=one point five"),
        ("--option", "national-12:selection.ratio_to_anchor=1\nother=2"),
    ],
)
def test_bad_arguments_end_with_status_2(words, capsys):
    with pytest.raises(SystemExit) as ending:
        parsed(*words)
    assert ending.value.code == 2
    assert "expected" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("--rulebooks", "national-pilot-2018"),
        ("--rulebooks", "insulin-renewal-2024"),
        ("--option", 'national-3:selection.ratio_to_lowest="2"'),
        ("--option", 'national-12:selection.ratio_to_anchor="1.5"'),
    ],
)
def test_what_the_lab_refuses_is_a_refusal_of_the_engine(words, capsys):
    with pytest.raises(BiddingError):
        lab.run(parsed(*words))
    assert capsys.readouterr().out == ""
