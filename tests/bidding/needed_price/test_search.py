"""Where the bid's own price moves the lines, the needed price is searched for and found."""

from decimal import Decimal

from tests.bidding.settings import DEVICES_7, OPTIONS_12
from tests.bidding.sheets import bid, bids, evaluated, lot, outcomes, statuses


def needed(rulebook, entered, name, **more):
    return outcomes(evaluated(rulebook, entered, **more))[name].needed_price


def test_a_product_beyond_its_makers_cap_must_be_under_the_makers_fourth():
    entered = [bid(f"M{rank}", f"50{rank}", manufacturer="M") for rank in range(5)]
    assert needed("stents-2020", entered, "M4") == Decimal("502.999999")


def test_a_stent_of_unknown_price_needs_the_reference_price_at_most():
    entered = bids(A="500", B=None)
    assert needed("stents-2020", entered, "B", lots=[lot()]) == 2850


def test_a_bid_above_its_ceiling_would_count_and_bring_its_own_place():
    entered = bids(A="500", B="501", C="900")
    assert needed("stents-2020", entered, "C", lots=[lot("800")]) == 800


def test_beyond_the_sixth_rank_the_highest_must_come_under_the_next():
    entered = [bid(f"P{rank}", f"1.0{rank}") for rank in range(8)]
    entered += [bid(f"X{rank}", "9") for rank in range(4)]
    report = evaluated("national-9", entered, lots=[lot("2")])
    assert statuses(report)["P7"] == "rejected"
    assert outcomes(report)["P7"].needed_price == Decimal("1.059949")


def test_a_device_above_the_band_moves_the_band_down_with_its_price():
    entered = [bid(f"A{number}", "100") for number in range(9)] + bids(Z="200")
    options = DEVICES_7 | {"places.by_bidders": {"1+": 12}}
    found = needed("devices-7-2026", entered, "Z", options=options)
    # Of ten prices one alone lies three deviations off: level with the others only.
    assert found == 100


def test_the_mean_less_a_deviation_falls_with_the_bid():
    entered = bids(A="1", B="2", C="9", D="10")
    options = OPTIONS_12 | {"places.by_bidders": {"1+": 3}}
    found = needed("national-12", entered, "C", options=options)
    assert found is not None
    for price, selected in ((found, True), (found + Decimal("0.000001"), False)):
        again = evaluated(
            "national-12", [*entered[:2], bid("C", f"{price:f}"), entered[3]], options=options
        )
        assert outcomes(again)["C"].status.is_selected is selected


def test_answers_to_ties_do_not_speak_of_other_prices():
    entered = [bid(f"P{rank}", "1.00") for rank in range(6)] + bids(Z="1.5")
    plain = outcomes(evaluated("national-9", entered))["Z"].needed_price
    assert plain == Decimal("0.999949")


def test_no_price_is_needed_where_the_place_is_held_by_an_equal_of_the_same_maker():
    entered = [
        bid("G", "0.05", manufacturer="H"),
        bid("H", "0.50", manufacturer="H", units=10),
    ]
    outcome = outcomes(evaluated("national-9", entered, lots=[lot("0.27")]))["H"]
    assert outcome.needed_pack_price == Decimal("0.49")
