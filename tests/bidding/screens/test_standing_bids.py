"""The field of a lot: one standing bid a bidder, and where it falls into winners and losers."""

from decimal import Decimal

from bidding.screens.answer import Wording
from bidding.screens.screened_lot import ScreenedLot
from bidding.screens.standing_bids import Cut, field_prices, find_cut, rank_by_cut, standing_bids
from tests.bidding.screens.rounds import bid, lot_of


def test_the_lowest_bid_of_a_control_group_stands():
    lot = ScreenedLot("L", (bid("A", "3", group="G"), bid("B", "2", group="G"), bid("C", "4")), 1)
    assert [one.bid for one in standing_bids(lot)] == ["B", "C"]


def test_a_group_named_after_a_manufacturer_includes_it():
    lot = ScreenedLot("L", (bid("head", "3"), bid("daughter", "2", group="head")), 1)
    assert [one.bidder for one in standing_bids(lot)] == ["head"]


def test_a_bidder_counts_as_selected_if_any_of_its_bids_was():
    lot = ScreenedLot("L", (bid("A", "3", group="G", selected=True), bid("B", "2", group="G")), 1)
    (standing,) = standing_bids(lot)
    assert (standing.price, standing.selected) == (Decimal(2), True)


def test_invalid_bids_and_unknown_prices_are_left_out():
    lot = ScreenedLot("L", (bid("A", "3", valid=False), bid("B", None), bid("C", "4")), 1)
    assert field_prices(standing_bids(lot)).tolist() == [4.0]


def test_the_cut_counts_winners_and_losers():
    assert find_cut(lot_of("L", [1, 2, 3, 4, 5], winners=3)) == Cut(winners=3, losers=2)


def reason(*bids):
    cut = find_cut(ScreenedLot("L", bids, 1))
    assert isinstance(cut, Wording)
    return cut.en


def test_there_is_no_cut_without_losers_or_winners():
    assert "nobody lost" in reason(bid("A", "1", selected=True))
    assert "nobody won" in reason(bid("A", "1"))


def test_there_is_no_cut_where_not_the_price_decided():
    assert "not the price alone" in reason(bid("A", "1"), bid("B", "2", selected=True))


def test_there_is_no_cut_where_a_valid_price_is_unknown():
    known = (bid("A", "1", selected=True), bid("B", "2"))
    assert "not known" in reason(*known, bid("C", None))


def test_an_unknown_price_of_an_invalid_bid_does_not_matter():
    bids = (bid("A", "1", selected=True), bid("B", "2"), bid("C", None, valid=False))
    assert find_cut(ScreenedLot("L", bids, 1)) == Cut(1, 1)


def test_winners_come_first_at_the_price_of_the_cut():
    lot = ScreenedLot("L", (bid("A", "1"), bid("B", "1", selected=True)), 1)
    assert [one.bid for one in rank_by_cut(standing_bids(lot))] == ["B", "A"]
