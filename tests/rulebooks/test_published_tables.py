"""The tables in the rulebooks agree with the published ones, row by row."""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from rulebooks import Rule, load_rulebook
from rulebooks.vocabulary import ByNumber

Row = dict[str, str]

TABLE_OF = {
    "pilot_4p7_2018": "national-pilot-2018",
    "alliance_2019": "national-pilot-expansion-2019",
    **{
        f"batch{number}_{year}": f"national-{number}"
        for number, year in (
            (2, 2020),
            (3, 2020),
            (4, 2021),
            (5, 2021),
            (7, 2022),
            (9, 2023),
            (10, 2024),
            (11, 2025),
        )
    },
    "insulin_renewal_2024": "insulin-renewal-2024",
}
"""The rulebook of each round, as the table of places names it."""

IN_ORDER = ("alliance2019", *(f"batch{number}" for number in (2, 3, 4, 5, 7, 8, 9)))
CYCLE_OF = {
    "pilot": ("national-pilot-2018",),
    "alliance2019": ("national-pilot-expansion-2019",),
    "batch3,4,5,7": ("national-3", "national-4", "national-5", "national-7"),
    "insulin 2024": ("insulin-renewal-2024",),
    "stents 2020": ("stents-2020",),
    "stents 2022": ("stents-2022",),
    "joints 2021": ("joints-2021",),
    "consumables 6 (DCB+urology)": ("devices-6-2026",),
    "consumables 7 (2026)": ("devices-7-2026",),
}
WITHOUT_RULEBOOK = {"insulin 2021", "spine 2022"}
OUTCOME_OF = {
    "pilot_4p7": "national-pilot-2018",
    "alliance": "national-pilot-expansion-2019",
    "insulin_renewal": "insulin-renewal-2024",
    "stents_2020": "stents-2020",
    "stents_2022": "stents-2022",
    "joints_2021": "joints-2021",
    "consumables_6": "devices-6-2026",
}


def rows(shared: Path, name: str) -> Iterator[Row]:
    lines = (shared / "domain" / "round_rules" / name).read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def rulebook_of(batch: str) -> str:
    if batch.startswith("batch"):
        return f"national-{batch.removeprefix('batch')}"
    return {"alliance2019": "national-pilot-expansion-2019"}[batch]


def span(text: str) -> list[str]:
    """The rulebooks from one round to another, such as ``batch3..batch9``."""
    first, mark, last = text.partition("..")
    if not mark:
        return [rulebook_of(first)]
    return [
        rulebook_of(batch) for batch in IN_ORDER[IN_ORDER.index(first) : IN_ORDER.index(last) + 1]
    ]


def numbers(text: str) -> list[int]:
    """``3``, ``2-3``, ``>=4`` or ``any`` as numbers to try."""
    given = [int(number) for number in re.findall(r"\d+", text)] or [1, 60]
    if text.startswith(">="):
        return [given[0], given[0] + 1, given[0] + 60]
    return list(range(given[0], given[-1] + 1))


def table(rule: Rule, *names: str) -> ByNumber:
    value = rule.value
    for name in names:
        assert isinstance(value, dict)
        value = value[name]
    assert isinstance(value, ByNumber)
    return value


def test_places_are_those_of_the_published_tables(shared):
    compared = 0
    for row in rows(shared, "max_winners.csv"):
        if not re.search(r"\d", row["bidders"]):
            continue
        rule = load_rulebook(TABLE_OF[row["round"]]).rules["places.by_bidders"]
        for bidders in numbers(row["bidders"]):
            assert table(rule).at(bidders) == int(row["max_shortlisted"]), row
        if row["confidence"] == "low":
            assert row["bidders"] in rule.unverified, row
        compared += 1
    assert compared > 65


def test_rounds_with_only_a_maximum_state_no_table_and_assume_none_above_it(shared):
    for row in rows(shared, "max_winners.csv"):
        if row["bidders"] == "max":
            book = load_rulebook(TABLE_OF[row["round"]])
            assert "places.by_bidders" not in book.rules
            assumed = book.unknown["places.by_bidders"].assumed_in_lab
            assert isinstance(assumed, ByNumber)
            assert assumed.at(1000) == int(row["max_shortlisted"])


def test_the_eleventh_round_takes_the_table_of_the_tenth_and_does_not_call_it_verified():
    tenth, eleventh = (
        load_rulebook(rulebook).rules["places.by_bidders"]
        for rulebook in ("national-10", "national-11")
    )
    assert eleventh.value == tenth.value
    assert not eleventh.verified


def test_a_group_of_the_insulin_renewal_has_seven_places_at_most(shared):
    (row,) = (r for r in rows(shared, "max_winners.csv") if r["bidders"] == "per group")
    rule = load_rulebook(TABLE_OF[row["round"]]).rules["places.by_bidders"]
    most = int(row["max_shortlisted"].split()[0])
    assert [table(rule).at(number) for number in (1, 6, 7, 8, 60)] == [1, 6, 7, 7, most]


def test_shares_by_number_of_winners_are_those_of_the_published_table(shared):
    compared = 0
    category = ""
    for row in rows(shared, "volume_share.csv"):
        if not re.fullmatch(r"(alliance|batch)\d+\.\..*|batch\d+", row["round"]):
            continue
        given = row["category"]
        if given != "same":
            category = "special" if given.startswith("special") else "restricted"
        if given == "general":
            category = "general"
        if given == "range":
            continue
        for rulebook in span(row["round"]):
            rule = load_rulebook(rulebook).rules["share.by_winners"]
            for winners in numbers(row["winners"]):
                assert table(rule, category).at(winners) == Decimal(row["share"]), row
            compared += 1
    assert compared > 60


def test_classes_of_insulin_have_the_published_shares(shared):
    value = load_rulebook("insulin-renewal-2024").rules["share.by_class"].value
    assert isinstance(value, dict)
    names = {"A1 product": "A1", "other class A": "A", "class B": "B", "class C": "C"}
    given = [row for row in rows(shared, "volume_share.csv") if row["category"] in names]
    assert len(given) == 4
    for row in given:
        assert value[names[row["category"]]] == Decimal(row["share"])


def test_lenses_split_into_the_published_parts(shared):
    rules = load_rulebook("iol-alliance-2020").rules
    of_remainder = table(rules["split.of_remainder"])
    given = [row for row in rows(shared, "volume_share.csv") if "IOL" in row["round"]]
    assert len(given) == 4
    assert f"base = {rules['share.of_reported'].value:.0%} of reported" == given[0]["category"]
    for row in given:
        winners = numbers(row["winners"])[0]
        part = of_remainder.at(winners)
        assert isinstance(part, Decimal)
        left, parts = Decimal(1), []
        for _ in range(winners - 1):
            parts.append(left * part)
            left -= parts[-1]
        parts.append(left)
        published = [Decimal(share) for share in row["share"].replace("/...", "").split("/")]
        assert parts[: len(published)] == published, row


def cycles_of(row: Row) -> tuple[str, ...]:
    named = CYCLE_OF.get(row["round"])
    return named or (rulebook_of(row["round"]),)


def test_cycles_are_those_of_the_published_table(shared):
    compared = 0
    for row in rows(shared, "cycle.csv"):
        if row["round"] in WITHOUT_RULEBOOK or "injections" in row["scope"]:
            continue
        for rulebook in cycles_of(row):
            compare_cycle(load_rulebook(rulebook).rules, row)
            compared += 1
    assert compared > 25


def compare_cycle(rules, row: Row) -> None:
    if "until" in row["cycle"]:
        ends_on = row["cycle"].removeprefix("until ").replace("end 2029", "2029-12-31")
        assert rules["cycle.ends_on"].value == date.fromisoformat(ends_on)
        assert rules["cycle.ends_on"].verified == (row["confidence"] == "high")
        return
    years = {"12 months": 1}.get(row["cycle"]) or int(row["cycle"].split()[0])
    category = "special" if row["scope"].startswith("special") else "general"
    for winners in numbers(row["winners"]):
        assert table(rules["cycle.by_winners"], category).at(winners) == years, row


def test_listed_injections_run_one_year(shared):
    listed = {
        row["round"]: row for row in rows(shared, "cycle.csv") if "injections" in row["scope"]
    }
    assert set(listed) == {"batch3", "batch4"}
    for batch, count in (("batch3", 3), ("batch4", 8)):
        value = load_rulebook(rulebook_of(batch)).rules["cycle.injections"].value
        assert isinstance(value, dict)
        assert listed[batch]["cycle"] == f"{value['years']} y"
        assert len(value["names"]) == count


def test_a_rulebook_is_in_force_on_the_day_that_is_published_for_its_round(shared):
    compared = 0
    for row in rows(shared, "round_outcomes.csv"):
        rulebook = OUTCOME_OF.get(row["round"])
        if rulebook is None and re.fullmatch(r"batch\d+", row["round"]):
            rulebook = rulebook_of(row["round"])
        if rulebook is None:
            continue
        published = date.fromisoformat(row["date"].partition("/")[0])
        # The day of the opening; results of the expansion are dated one day later.
        early = published - load_rulebook(rulebook).in_force_from
        assert timedelta(0) <= early <= timedelta(1), row
        compared += 1
    assert compared == 17


def test_joints_agree_on_less_with_every_rank_down_to_the_sixth():
    shares = table(load_rulebook("joints-2021").rules["share.by_rank"])
    published = ["1", "0.9", "0.85", "0.8", "0.75", "0.7", "0.7"]
    assert [shares.at(rank) for rank in range(1, 8)] == [Decimal(share) for share in published]
