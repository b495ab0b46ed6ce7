"""``jicai evaluate``: for people, for programs, and the same whatever the order of the rows."""

import pytest

from tests.procurement.cli.rounds import EXAMPLE, SOUND, turned, with_rulebook, write
from tests.procurement.cli.shapes import DECIMAL, Kind, assert_shape, parse

MAYBE = (DECIMAL, None)
STATUS = (
    "selected",
    "selected-without-volume",
    "revival-offered",
    "tied",
    "rejected",
    "invalid",
)
QUESTION = {
    "lot": str,
    "bid": str,
    "question": str,
    "by": str,
    "price": MAYBE,
    "until": (str, None),
}
LOT: dict[str, Kind] = {
    "lot": str,
    "product": str,
    "bidders": int,
    "places": (int, None),
    "share": MAYBE,
    "cycle_years": (int, None),
    "ends_on": (str, None),
    "base_volume": int,
    "agreed_volume": (int, None),
    "outcomes": [
        {
            "bid": str,
            "manufacturer": str,
            "strength": str,
            "declared_price": MAYBE,
            "comparable_price": MAYBE,
            "rank": (int, None),
            "status": str,
            "selected": bool,
            "offer_price": MAYBE,
            "needed_price": MAYBE,
            "clause": str,
            "reason": str,
            "reason_en": str,
            "regions": (int, None),
            "region_names": ([str], None),
            "spare_regions": ([str], None),
            "agreed_volume": (int, None),
        }
    ],
    "allocations": [
        {
            "region": str,
            "strength": str,
            "bid": (str, None),
            "agreed_volume": int,
            "by_brand": int,
        }
    ],
    "pending": [QUESTION],
    "steps": [
        {"code": str, "clause": str, "bid": (str, None), "numbers": dict, "zh": str, "en": str}
    ],
    "winners": [str],
}
REPORT = {"title": str, "rulebook": str, "lots": [LOT], "pending": [QUESTION]}

CHOICES = """\
lot,bid,order,region,spare
L1,甲,1,北京,0
L1,甲,2,天津,0
L1,乙,1,北京,0
L1,乙,2,河北,0
"""


def evaluated(jicai, folder, *more):
    said = jicai("evaluate", folder, "--json", *more)
    assert (said.status, said.err) == (0, "")
    return parse(said.out)


def outcome(report, bid, lot=0):
    return next(one for one in report["lots"][lot]["outcomes"] if one["bid"] == bid)


def test_json_has_the_fields_and_kinds_of_the_interface(jicai, tmp_path):
    for folder in (EXAMPLE, write(tmp_path / "round", choices=CHOICES)):
        report = evaluated(jicai, folder)
        assert_shape(report, REPORT)
        statuses = {one["status"] for lot in report["lots"] for one in lot["outcomes"]}
        assert statuses <= set(STATUS)


def test_json_numbers_of_a_lot_with_choices(jicai, tmp_path):
    (lot,) = evaluated(jicai, write(tmp_path / "round", choices=CHOICES))["lots"]
    figures = ("bidders", "places", "share", "cycle_years", "base_volume", "agreed_volume")
    assert [lot[name] for name in figures] == [4, 3, "0.7", 2, 1800, 1260]
    regions = {one["bid"]: one["region_names"] for one in lot["outcomes"]}
    assert regions == {"甲": ["北京", "天津"], "乙": ["河北"], "丙": [], "丁": None}


def test_the_needed_price_of_a_loser_is_what_would_have_won(jicai, tmp_path):
    folder = write(tmp_path / "round")
    needed = outcome(evaluated(jicai, folder), "丁")["needed_price"]
    assert needed == "0.999949"
    for price, selected in ((needed, True), ("0.999950", False)):
        bids = SOUND["bids.csv"].replace("丁,10mg,2.4", f"丁,10mg,{price}")
        report = evaluated(jicai, write(tmp_path / price, bids=bids))
        assert outcome(report, "丁")["selected"] is selected


@pytest.mark.parametrize(
    "order",
    [
        lambda lines: lines[::-1],
        lambda lines: lines[1::2] + lines[::2],
        lambda lines: sorted(lines, key=lambda line: line[::-1]),
    ],
    ids=["reversed", "dealt", "by the last cell"],
)
def test_the_same_folder_in_another_order_gives_the_same_bytes(jicai, tmp_path, order):
    said = jicai("evaluate", EXAMPLE, "--json")
    assert jicai("evaluate", turned(EXAMPLE, tmp_path / "turned", order), "--json") == said


def test_people_read_it_in_their_language(jicai, tmp_path):
    folder = write(tmp_path / "round")
    chinese = jicai("evaluate", folder).out
    assert jicai("evaluate", folder, "--lang", "zh").out == chinese
    english = jicai("evaluate", folder, "--lang", "en").out
    assert "  丁: 排名第 4，超出入围名额 3 [places.by_bidders]" in chinese.splitlines()
    assert "  丁: rank 4 is beyond the 3 places [places.by_bidders]" in english.splitlines()


def test_one_lot_is_printed_with_every_step(jicai):
    said = jicai("evaluate", EXAMPLE, "--lot", "L18", "--lang", "en")
    assert said.status == 0
    assert "L18 枸橼酸西地那非片" in said.out
    assert "L01" not in said.out
    (lot,) = (lot for lot in evaluated(jicai, EXAMPLE)["lots"] if lot["lot"] == "L18")
    printed = said.out.split("\n\n")[2].splitlines()
    assert [line.split(". ", 1)[1] for line in printed] == [
        f"{step['bid']}: {step['en']} [{step['clause']}]"
        if step["bid"]
        else f"{step['en']} [{step['clause']}]"
        for step in lot["steps"]
    ]


def test_one_lot_as_json_is_the_same_as_among_all(jicai):
    lots = evaluated(jicai, EXAMPLE)["lots"]
    assert evaluated(jicai, EXAMPLE, "--lot", "L18")["lots"] == [
        lot for lot in lots if lot["lot"] == "L18"
    ]


def test_an_unknown_lot_is_refused_with_those_there_are(jicai, tmp_path):
    (fault,) = jicai("evaluate", write(tmp_path / "round"), "--lot", "L7").faults
    assert "'L7'" in fault
    assert "L1" in fault


def test_a_picture_is_of_one_lot(jicai, tmp_path):
    folder = write(tmp_path / "round")
    (fault,) = jicai("evaluate", folder, "--svg").faults
    assert "--lot" in fault
    (fault,) = jicai("evaluate", folder, "--lot", "L1", "--svg", "--json").faults
    assert "--json" in fault
    said = jicai("evaluate", folder, "--lot", "L1", "--svg")
    assert said.status == 0
    assert said.out.startswith("<svg ")


def test_answers_are_carried_out(jicai, tmp_path):
    bids = SOUND["bids.csv"].replace("丁,10mg,2.4", "丁,10mg,1")
    open_ = evaluated(jicai, write(tmp_path / "open", bids=bids))
    assert [outcome(open_, bid)["status"] for bid in "丙丁"] == ["tied", "tied"]
    asked = {(one["bid"], one["question"], one["by"]) for one in open_["pending"]}
    assert asked == {("丙", "tie", "bureau"), ("丁", "tie", "bureau")}
    answers = "lot,bid,question,answer\nL1,丁,tie,1\nL1,丙,tie,0\n"
    closed = evaluated(jicai, write(tmp_path / "closed", bids=bids, answers=answers))
    assert [outcome(closed, bid)["status"] for bid in "丙丁"] == ["rejected", "selected"]
    assert closed["pending"] == []


NATIONAL_12 = {
    "places.by_bidders": '{ as_in = "national-10" }',
    "selection.ratio_to_anchor": '"1.8"',
    "selection.absolute_low": '"none"',
    "revival.shortlisted": '{ as_in = "national-11" }',
}
"""What the twelfth round's rulebook leaves open and an evaluation needs."""


def options(given):
    return "[options]\n" + "".join(f'"{key}" = {value}\n' for key, value in given.items())


@pytest.mark.parametrize("left_out", NATIONAL_12)
def test_a_rule_nobody_knows_is_refused_by_name(jicai, tmp_path, left_out):
    given = {key: value for key, value in NATIONAL_12.items() if key != left_out}
    toml = with_rulebook("national-12", options(given))
    (fault,) = jicai("evaluate", write(tmp_path / "round", round=toml), "--json").faults
    assert fault.startswith("round.toml:")
    assert left_out in fault
    assert "national-12" in fault
    assert "[options]" in fault


def test_options_supply_what_nobody_knows(jicai, tmp_path):
    toml = with_rulebook("national-12", options(NATIONAL_12))
    report = evaluated(jicai, write(tmp_path / "round", round=toml))
    assert_shape(report, REPORT)
    assert report["rulebook"] == "national-12"
    assert "anchor" in {step["code"] for step in report["lots"][0]["steps"]}
