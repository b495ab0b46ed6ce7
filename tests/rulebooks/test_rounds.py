"""The rulebooks of rounds: all are there, and none claims to know more than its sources say."""

import re
import tomllib
from decimal import Decimal

import pytest

from rulebooks import Rule, load_rulebook, rulebook_ids
from rulebooks.loader import FILE, FOLDER, read_rulebook

NATIONAL = tuple(f"national-{number}" for number in (2, 3, 4, 5, 7, 8, 9, 10, 11, 12))
ROUNDS = (
    "national-pilot-2018",
    "national-pilot-expansion-2019",
    *NATIONAL,
    "insulin-renewal-2024",
    "follow-on-inquiry-2026",
    "stents-2020",
    "stents-2022",
    "joints-2021",
    "iol-alliance-2020",
    "tcm-alliance-2023",
    "devices-6-2026",
    "devices-7-2026",
)

# What is commonly known and was never checked against a text, by key: in these rulebooks it may
# stand, but not as verified.
NOT_VERIFIED = {
    "comparable.decimals": ROUNDS,
    "selection.highest_out_after": ROUNDS,
    "bidders.unit": tuple(
        rulebook
        for rulebook in ROUNDS
        if rulebook.startswith("national-") and rulebook not in ("national-3", "national-11")
    ),
    "bidders.above_ceiling_count": ("national-pilot-expansion-2019", *NATIONAL[3:]),
    "selection.absolute_low": ("national-10",),
    "places.by_bidders": ("national-11", "national-12"),
    "share.by_winners": ("national-10", "national-11", "national-12"),
    "disclosure.prices": ("national-11", "national-12"),
    "selection.ratio_to_lowest": ("stents-2020",),
    "selection.reference_price": ("stents-2020",),
    "share.own_brand": ("stents-2020", "stents-2022"),
    "volume.method": ("stents-2020", "stents-2022", "joints-2021"),
    "share.by_rank": ("joints-2021",),
    "revival.others": ("joints-2021",),
    "comparable.basis": ("tcm-alliance-2023",),
    "requirements": ("tcm-alliance-2023",),
    "cycle.ends_on": ("devices-7-2026",),
    "band.prices": ("national-12", "devices-7-2026"),
}

# Rules that no source states: they may not stand among the rules at all.
UNKNOWN = {
    "places.by_bidders": ("national-5", "national-7", "national-8", "national-12"),
    "share.by_winners": ("national-pilot-2018", "follow-on-inquiry-2026", "tcm-alliance-2023"),
    "selection.ratio_to_anchor": ("national-12", "devices-6-2026"),
    "classes.lines": ("insulin-renewal-2024",),
    "places.by_group": ("joints-2021", "devices-6-2026"),
    "composite.weights": ("tcm-alliance-2023",),
    "composite.technical_places": ("tcm-alliance-2023",),
    "talks.places": ("tcm-alliance-2023",),
    "anchor.extreme_below": ("devices-6-2026",),
    "share.own_brand": ("stents-2022", "devices-6-2026", "devices-7-2026"),
}

ADDRESS = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(com|cn|org|net|gov|edu|ai|eu|info|io)\b", re.IGNORECASE
)


def pairs(table):
    return [(rulebook, key) for key, rulebooks in table.items() for rulebook in rulebooks]


def rules_of(*rulebooks: str) -> list[Rule]:
    return [rule for rulebook in rulebooks for rule in load_rulebook(rulebook).rules.values()]


def test_the_rounds_are_exactly_those_of_the_list():
    raw = {
        name: tomllib.loads((FOLDER / name / FILE).read_text("utf-8")) for name in rulebook_ids()
    }
    rounds = {name for name, rulebook in raw.items() if rulebook["kind"] == "round"}
    assert rounds == set(ROUNDS)


def test_every_folder_beside_the_vocabulary_is_a_rulebook():
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders - {"vocabulary", "__pycache__"} == set(rulebook_ids())


@pytest.mark.parametrize("rulebook", ROUNDS)
def test_a_round_loads_under_its_own_identifier(rulebook):
    assert load_rulebook(rulebook).id == rulebook


@pytest.mark.parametrize("rulebook", rulebook_ids())
def test_no_rulebook_contains_a_web_address(rulebook):
    text = (FOLDER / rulebook / FILE).read_text(encoding="utf-8")
    assert not ADDRESS.search(text), ADDRESS.search(text)


@pytest.mark.parametrize("rulebook", ROUNDS)
def test_sources_notes_and_requirements_speak_both_languages(rulebook):
    for rule in rules_of(rulebook):
        texts = [rule.source, *([rule.note] if rule.note else [])]
        if rule.key == "requirements":
            assert isinstance(rule.value, tuple)
            texts += rule.value
        for text in texts:
            zh, mark, en = text.partition(" / ")
            assert mark and " / " not in en, text
            assert re.search(r"[\u4e00-\u9fff]", zh), text
            assert not re.search(r"[\u4e00-\u9fff]", en), text


@pytest.mark.parametrize(("rulebook", "key"), pairs(NOT_VERIFIED))
def test_what_is_only_commonly_known_is_not_marked_verified(rulebook, key):
    rule = load_rulebook(rulebook).rules.get(key)
    assert rule is None or not rule.verified


@pytest.mark.parametrize(("rulebook", "key"), pairs(UNKNOWN))
def test_what_no_source_states_is_said_to_be_unknown(rulebook, key):
    book = load_rulebook(rulebook)
    assert key in book.unknown
    assert key not in book.rules


def test_entries_that_fit_the_figures_as_well_as_others_are_not_verified():
    assert load_rulebook("national-3").rules["places.by_bidders"].unverified == ("9", "10")


@pytest.mark.parametrize("rulebook", ("tcm-alliance-2023", "devices-7-2026"))
def test_nothing_is_verified_in_a_document_known_only_from_hearsay(rulebook):
    assert not any(rule.verified for rule in rules_of(rulebook))


@pytest.mark.parametrize("rulebook", ROUNDS)
def test_no_publication_day_is_guessed(rulebook):
    assert load_rulebook(rulebook).published_on is None
    assert all(rule.published_on is None for rule in rules_of(rulebook))


@pytest.mark.parametrize("rulebook", ROUNDS)
def test_a_simulation_that_assumes_a_value_says_so(rulebook):
    for unknown in load_rulebook(rulebook).unknown.values():
        assert unknown.what.zh and unknown.what.en
        says_so = "测算" in unknown.what.zh and "simulations" in unknown.what.en
        assert says_so == (unknown.assumed_in_lab is not None)


@pytest.mark.parametrize("rulebook", NATIONAL[-3:])
def test_the_cut_from_the_ceiling_protects_nobody_from_the_tenth_round_on(rulebook):
    assert "selection.cut_from_ceiling" not in load_rulebook(rulebook).rules


@pytest.mark.parametrize("rulebook", NATIONAL[:7])
def test_any_of_three_conditions_selects_until_the_ninth_round(rulebook):
    rules = load_rulebook(rulebook).rules
    assert rules["selection.ratio_to_lowest"].value == Decimal("1.8")
    assert rules["selection.cut_from_ceiling"].value == Decimal("0.5")
    assert rules["selection.absolute_low"].value == {"any": Decimal("0.10")}


def test_the_example_in_the_readme_is_a_good_rulebook(tmp_path):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    example, options = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    path = tmp_path / "invented-1" / FILE
    path.parent.mkdir()
    path.write_text(example, encoding="utf-8")
    rulebook = read_rulebook(path)
    assert rulebook.rules.keys() == {"places.by_bidders", "selection.ratio_to_lowest"}
    assert tomllib.loads(options)["options"].keys() == rulebook.unknown.keys()
