"""Cases worked by hand: published figures, and the examples of the rules' sources."""

import json
from decimal import Decimal

import pytest

from bidding.allocation.regions import turns
from bidding.bid_sheet import Category, DosageForm
from bidding.comparable_price import dose_price_ratio
from tests.bidding.settings import IOL, OPTIONS_12
from tests.bidding.sheets import (
    answer,
    bid,
    bids,
    evaluated,
    lot,
    outcomes,
    pending,
    statuses,
    strengths,
    volume,
    winners,
    wishes,
)

DIGITS_AFATINIB = [9, 4, 4, *[5] * 12, *[0] * 16]
"""Last digits of 31 regions' volumes: 13 odd ones, three that leave 4 when divided by 5."""

DIGITS_MEROPENEM = [*[1] * 7, *[7] * 5, 3, 2, *[0] * 17]

TIE_BREAKS = {"ranking.tie_breaks": ["prior-supply", "passed-on"]}


def spread(total, last_digits):
    """Volumes of as many regions that end in these digits and sum to the total."""
    units = (total - sum(last_digits)) // 10
    each, more = divmod(units, len(last_digits))
    volumes = [
        volume(f"地区{number:02}", 10 * (each + (number < more)) + digit)
        for number, digit in enumerate(last_digits)
    ]
    assert sum(one.base_volume for one in volumes) == total
    return volumes


def with_winners(rulebook, count, volumes, category=Category.GENERAL):
    """The report of a lot in which so many bids win: others are above the ceiling."""
    for bidders in range(count, 12):
        entered = [bid(f"W{number}", "1.00") for number in range(count)]
        entered += [bid(f"X{number}", "3") for number in range(bidders - count)]
        report = evaluated(rulebook, entered, lots=[lot("2", category=category)], volumes=volumes)
        if len(winners(report)) == count:
            return report
    raise AssertionError("no number of bidders has so many places")


@pytest.mark.parametrize(("count", "volume_agreed"), [(1, 298_170), (2, 357_795)])
def test_afatinib_is_agreed_by_region_and_rounded_there(count, volume_agreed):
    report = with_winners("national-9", count, spread(596_327, DIGITS_AFATINIB))
    assert (report.base_volume, report.agreed_volume) == (596_327, volume_agreed)


@pytest.mark.parametrize(
    ("count", "volume_agreed"), [(1, 2_186_064), (2, 2_914_753), (3, 3_643_450)]
)
def test_meropenem_has_the_lower_shares_of_special_antimicrobials(count, volume_agreed):
    volumes = spread(7_286_887, DIGITS_MEROPENEM)
    report = with_winners("national-9", count, volumes, Category.SPECIAL)
    assert (report.base_volume, report.agreed_volume) == (7_286_887, volume_agreed)


def test_the_published_shares_by_number_of_winners(shared):
    cases = json.loads((shared / "cases/settlement/volume_rules.json").read_text("utf-8"))["cases"]
    case = next(case for case in cases if case["id"] == "VOL-01")
    volumes = [volume("北京", int(case["inputs"]["base_qty"]))]
    for count, key in [(1, "1"), (2, "2"), (3, "3"), (4, ">=4"), (5, ">=4")]:
        report = with_winners("national-4", count, volumes)
        assert report.agreed_volume == int(case["expected"][key])


@pytest.mark.parametrize(
    ("category", "shares"),
    [
        (Category.GENERAL, ["0.5", "0.6", "0.7", "0.8", "0.8"]),
        (Category.RESTRICTED, ["0.4", "0.5", "0.6", "0.7", "0.7"]),
        (Category.SPECIAL, ["0.3", "0.4", "0.5", "0.5", "0.5"]),
    ],
)
def test_shares_of_each_category(category, shares):
    for count, share in enumerate(shares, start=1):
        report = with_winners("national-9", count, [volume("北京", 100)], category)
        assert report.share == Decimal(share)


def test_glucosamine_of_three_strengths_compares_as_published():
    """A pack of 30 at 22.52 yuan is published as 0.7507 a capsule and compared as 0.32374."""
    sheet = lot(strengths=strengths(**{"0.25g": "1", "0.75g": "3"}))
    options = {"comparable.decimals": 5}
    entered = [bid("A", "22.52", units=30, strength="0.75g")]
    outcome = outcomes(evaluated("national-4", entered, lots=[sheet], options=options))["A"]
    assert outcome.declared_price is not None
    assert round(outcome.declared_price, 4) == Decimal("0.7507")
    assert outcome.comparable_price == Decimal("0.32374")
    assert round(dose_price_ratio(Decimal(3), Decimal("1.7")), 5) == Decimal("2.31874")


def test_a_pack_of_seven_has_the_exact_quotient_as_its_unit_price():
    outcome = outcomes(evaluated("national-4", [bid("A", "6.97", units=7)]))["A"]
    assert str(outcome.declared_price).startswith("0.995714285714")
    assert outcome.comparable_price == Decimal("0.9957")


def test_four_winners_of_31_regions_take_9_8_7_7():
    order = turns(31, 4)
    assert [order.count(position) for position in range(4)] == [9, 8, 7, 7]


def test_four_winners_of_31_regions_are_reported_with_9_8_7_7():
    volumes = [volume(f"地区{number}", 10) for number in range(31)]
    entered = bids(A="1.00", B="1.01", C="1.02", D="1.03", E="9", F="9")
    report = evaluated("national-4", entered, volumes=volumes)
    regions = [outcomes(report)[name].regions for name in "ABCD"]
    assert regions == [9, 8, 7, 7]


def test_the_cheapest_winner_takes_the_region_that_it_prefers_and_then_all_in_turns():
    volumes = [volume(region, 10) for region in ("京", "沪", "粤", "川", "桂")]
    choices = [*wishes("A", "粤京沪川桂"), *wishes("B", "粤沪京川桂")]
    entered = bids(A="1.00", B="1.01", C="9")
    report = outcomes(evaluated("national-4", entered, volumes=volumes, choices=choices))
    assert report["A"].region_names == ("粤", "京", "川")
    assert report["B"].region_names == ("沪", "桂")


def test_acetaminophen_at_equal_price_for_the_sixth_place_is_for_people_to_decide():
    """Second round: two firms at 0.065 for the last of six places, one of them won."""
    prices = ["0.040", "0.045", "0.050", "0.055", "0.060", "0.065", "0.065", "0.070", "0.080"]
    names = ["一", "二", "三", "四", "五", "冀衡", "东北", "八", "九"]
    entered = [bid(name, price) for name, price in zip(names, prices, strict=True)]
    report = evaluated("national-2", entered)
    assert report.places == 6
    assert {one for one, status in statuses(report).items() if status == "tied"} == {"冀衡", "东北"}
    assert pending(report) == {("冀衡", "tie"), ("东北", "tie")}
    settled = evaluated("national-2", entered, answers=[answer("冀衡", "tie")])
    assert statuses(settled)["冀衡"] == "selected"
    assert statuses(settled)["东北"] == "rejected"
    assert settled.pending == ()


def test_supply_history_decides_the_same_tie_where_the_document_says_so():
    entered = [bid("A", "1"), bid("B", "2", prior_supply=10), bid("C", "2", prior_supply=20)]
    report = evaluated("national-2", entered, lots=[lot("9")], options=TIE_BREAKS)
    assert statuses(report) == {"A": "selected", "B": "rejected", "C": "selected"}


@pytest.mark.parametrize(
    ("bidders", "parts"),
    [(1, [600]), (2, [360, 240]), (3, [360, 144, 96]), (4, [300, 150, 75, 75])],
)
def test_intraocular_lenses_are_split_steeply_by_rank(bidders, parts):
    entered = [bid(f"{rank}", f"{1000 + rank}") for rank in range(bidders)]
    report = evaluated("iol-alliance-2020", entered, volumes=[volume("京", 1000)], options=IOL)
    assert [outcomes(report)[f"{rank}"].agreed_volume for rank in range(bidders)] == parts


def test_of_stents_the_ten_cheapest_win_and_at_most_four_of_one_maker():
    entered = [bid(f"M{number}", f"{500 + number}", manufacturer="M") for number in range(5)]
    entered += [bid(f"P{number}", f"{600 + number}") for number in range(8)]
    report = evaluated("stents-2020", entered)
    assert winners(report) == ["M0", "M1", "M2", "M3", "P0", "P1", "P2", "P3", "P4", "P5"]
    assert outcomes(report)["M4"].reason.clause == "places.per_maker"


def test_a_stent_at_the_reference_price_wins_however_cheap_the_others_are():
    report = evaluated("stents-2020", bids(A="469", B="2850", C="2850.01"))
    assert statuses(report) == {"A": "selected", "B": "selected", "C": "rejected"}


def test_the_renewal_of_stents_selects_everybody_at_or_below_798():
    options = {"share.own_brand": "1"}
    report = evaluated("stents-2022", bids(A="700", B="798", C="798.01"), options=options)
    assert statuses(report) == {"A": "selected", "B": "selected", "C": "invalid"}


def test_one_of_three_conditions_suffices_in_the_early_rounds():
    report = evaluated(
        "national-4",
        bids(A="0.2", B="0.36", C="0.37", D="0.5", E="0.51", F="3", G="3", H="3", I="3"),
        lots=[lot("1")],
    )
    assert (report.bidders, report.places) == (9, 7)
    assert statuses(report) == {
        **dict.fromkeys("ABCD", "selected"),
        "E": "rejected",
        **dict.fromkeys("FGHI", "invalid"),
    }
    reasons = {one.bid: one.reason.clause for one in report.outcomes}
    assert reasons["B"] == "selection.ratio_to_lowest"
    assert reasons["D"] == "selection.cut_from_ceiling"


def test_a_price_of_ten_fen_wins_however_low_the_lowest_is():
    report = evaluated("national-4", bids(A="0.01", B="0.1", C="0.1001", D="1", E="1"))
    assert statuses(report) == {
        **dict.fromkeys("AB", "selected"),
        **dict.fromkeys("CDE", "rejected"),
    }
    assert outcomes(report)["B"].reason.clause == "selection.absolute_low"


def test_two_firms_under_one_control_hold_one_place():
    """Third round: of two related firms that bid apixaban the dearer was dropped."""
    entered = [
        bid("正大天晴", "1.0", control_group="天晴"),
        bid("南京正大天晴", "1.2", control_group="天晴"),
    ]
    report = evaluated("national-3", [*entered, bid("豪森", "1.3")])
    assert (report.bidders, report.places) == (2, 2)
    assert winners(report) == ["正大天晴", "豪森"]
    assert outcomes(report)["南京正大天晴"].reason.clause == "bidders.unit"


def test_a_bidder_above_the_ceiling_counts_for_the_places():
    three = evaluated("national-3", bids(A="1", B="1.1", C="1.2"), lots=[lot("2")])
    four = evaluated("national-3", bids(A="1", B="1.1", C="1.2", D="2.1"), lots=[lot("2")])
    assert (winners(three), winners(four)) == (["A", "B"], ["A", "B", "C"])


def test_a_shortlisted_loser_of_the_tenth_round_may_come_down_to_the_highest_winner():
    entered = bids(A="1", B="1.5", C="2", D="9", E="9")
    report = evaluated("national-10", entered)
    assert statuses(report)["C"] == "revival-offered"
    assert outcomes(report)["C"].offer_price == Decimal("1.5")
    accepted = evaluated("national-10", entered, answers=[answer("C", "revive", True, "1.5")])
    assert winners(accepted) == ["A", "B", "C"]
    declined = evaluated("national-10", entered, answers=[answer("C", "revive", False)])
    assert winners(declined) == ["A", "B"]


def test_with_one_winner_revival_is_at_1_8_times_its_price():
    report = evaluated("national-10", bids(A="1", B="2", C="9"))
    assert outcomes(report)["B"].offer_price == Decimal("1.8")


def test_a_consortium_wins_together_and_holds_one_place():
    entered = [
        bid("A", "1", joint_bid="联合体"),
        bid("B", "1", joint_bid="联合体"),
        bid("C", "1.1"),
    ]
    report = evaluated("national-10", entered, volumes=[volume("京", 100)])
    assert report.bidders == 2
    assert winners(report) == ["A", "B", "C"]
    assert outcomes(report)["B"].reason.code == "joint-selected"


def test_the_anchor_of_the_eleventh_round_is_never_under_half_of_the_mean():
    entered = bids(A="0.1", B="0.3", C="0.6", D="0.9")
    report = evaluated("national-11", entered, lots=[lot(dosage_form=DosageForm.OTHER)])
    # mean 1/3, anchor 1/6, line 1.8 x 1/6 = 0.3 exactly
    assert statuses(report) == {
        "A": "selected",
        "B": "selected",
        "C": "revival-offered",
        "D": "rejected",
    }
    assert outcomes(report)["B"].reason.clause == "selection.ratio_to_anchor"


def test_a_bid_that_was_not_shortlisted_is_revived_with_its_own_brands_volume_only():
    entered = bids(A="1.0", B="1.1", C="1.2", D="1.3", E="1.4")
    need = [volume("京", 100, "A"), volume("京", 300, "D"), volume("京", 50, "E")]
    choices = [*wishes("A", "京"), *wishes("B", "京"), *wishes("C", "京")]
    answers = [answer("D", "revive")]
    sheet = {"volumes": need, "choices": choices}
    report = evaluated("national-11", entered, answers=answers, **sheet)
    revived = outcomes(report)["D"]
    assert statuses(report) == {**dict.fromkeys("ABCD", "selected"), "E": "rejected"}
    assert revived.regions is None
    assert revived.agreed_volume == 240
    assert outcomes(report)["A"].agreed_volume == 120


def test_under_the_mean_less_two_deviations_a_bid_of_the_twelfth_round_wins_without_volume():
    entered = bids(A="1", B="10", C="10", D="10", E="10", F="10", G="10", H="10")
    report = evaluated("national-12", entered, options=OPTIONS_12)
    assert outcomes(report)["A"].status == "selected-without-volume"
    # Seven places, none of them for A: the seven at 10 fill them without a tie.
    assert (report.places, len(winners(report)), report.pending) == (7, 8, ())


def test_a_band_of_two_deviations_cannot_be_left_with_five_bids():
    entered = bids(A="0.01", B="1000", C="1000", D="1000", E="1000")
    report = evaluated(
        "national-12", entered, options=OPTIONS_12 | {"places.by_bidders": {"1+": 5}}
    )
    assert outcomes(report)["A"].status == "selected"
