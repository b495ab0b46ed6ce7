"""``jicai replay``: how far the rules reproduce what was published."""

import pytest

from tests.procurement.cli.rounds import EXAMPLE, SOUND, write
from tests.procurement.cli.shapes import assert_shape, parse

REPLAY = {
    "title": str,
    "rulebook": str,
    "lots": int,
    "lots_matched": int,
    "bids": int,
    "bids_matched": int,
    "regions": {"lots": int, "matched": int},
    "misses": [
        {
            "lot": str,
            "product": str,
            "manufacturer": str,
            "published": bool,
            "evaluated": bool,
            "clause": str,
            "reason": str,
            "reason_en": str,
        }
    ],
}


def replayed(jicai, folder):
    said = jicai("replay", folder, "--json")
    assert (said.status, said.err) == (0, "")
    report = parse(said.out)
    assert_shape(report, REPLAY)
    return report


FOUR_REGIONS = SOUND["volumes.csv"] + "山西,L1,10mg,1,700\n"
"""Two regions for the first winner, one for each of the others."""


@pytest.mark.parametrize(("to", "matched"), [("甲,1,北京", 1), ("乙,1,天津", 0)])
def test_regions_are_compared_by_their_number_for_each_winner(jicai, tmp_path, to, matched):
    expected = SOUND["expected.csv"].replace(to, f"{to};山西")
    folder = write(tmp_path / "round", volumes=FOUR_REGIONS, expected=expected)
    report = replayed(jicai, folder)
    assert (report["lots"], report["lots_matched"]) == (1, 1)
    assert (report["bids"], report["bids_matched"]) == (4, 4)
    assert report["regions"] == {"lots": 1, "matched": matched}
    assert report["misses"] == []


def test_a_bid_decided_otherwise_is_a_miss_with_its_reason(jicai, tmp_path):
    expected = SOUND["expected.csv"].replace("丙,1,河北", "丙,0,").replace("丁,0,", "丁,1,河北")
    report = replayed(jicai, write(tmp_path / "round", expected=expected))
    assert (report["lots_matched"], report["bids_matched"]) == (0, 2)
    assert report["regions"] == {"lots": 0, "matched": 0}
    misses = {miss["manufacturer"]: miss for miss in report["misses"]}
    assert {name: miss["published"] for name, miss in misses.items()} == {"丙": False, "丁": True}
    assert misses["丁"]["clause"] == "places.by_bidders"
    assert misses["丁"]["reason"].startswith("排名第 4，超出入围名额 3")
    assert misses["丁"]["reason_en"].startswith("rank 4 is beyond the 3 places")


def test_people_read_counts_and_misses_in_their_language(jicai):
    chinese = jicai("replay", EXAMPLE).out.splitlines()
    assert jicai("replay", EXAMPLE, "--lang", "zh").out.splitlines() == chinese
    english = jicai("replay", EXAMPLE, "--lang", "en").out.splitlines()
    assert [line.split() for line in chinese[2:5]] == [
        ["品种", "企业报价", "供应地区数"],
        ["一致", "7", "44", "7"],
        ["公布", "8", "45", "7"],
    ]
    assert [line.split() for line in english[2:5]] == [
        ["lots", "bids", "regions"],
        ["matched", "7", "44", "7"],
        ["published", "8", "45", "7"],
    ]
    assert any("L38" in line and "山东裕欣" in line for line in english[6:])


def test_without_a_published_outcome_there_is_nothing_to_compare(jicai, tmp_path):
    (fault,) = jicai("replay", write(tmp_path / "round", expected=None), "--json").faults
    assert "expected.csv" in fault


def test_a_lot_without_volumes_is_still_replayed(jicai, tmp_path):
    volumes = SOUND["volumes.csv"].splitlines()[0] + "\n"
    report = replayed(jicai, write(tmp_path / "round", volumes=volumes))
    assert report["bids_matched"] == 4
