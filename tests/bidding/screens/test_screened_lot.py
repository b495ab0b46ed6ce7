"""Value objects refuse what no opening can produce."""

import pytest

from bidding.screens.screened_lot import (
    InvalidScreenedBidError,
    ScreenedLot,
    ScreenedRound,
    WonRegions,
)
from tests.bidding.screens.rounds import bid, lot_of


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_a_price_is_a_positive_number(price):
    with pytest.raises(InvalidScreenedBidError, match="not positive"):
        bid("A", price)
    with pytest.raises(InvalidScreenedBidError, match="not positive"):
        bid("A", "1", ceiling=price)


def test_an_invalid_bid_cannot_be_selected():
    with pytest.raises(InvalidScreenedBidError, match="selected but not valid"):
        bid("A", "1", selected=True, valid=False)


def test_bids_of_a_lot_have_different_ids():
    with pytest.raises(InvalidScreenedBidError, match="share an id"):
        ScreenedLot("L", (bid("A", "1"), bid("A", "2")), 1)


def test_a_number_of_winners_is_not_negative():
    with pytest.raises(InvalidScreenedBidError, match="-1 winners"):
        ScreenedLot("L", (), -1)


def test_lots_of_a_round_have_different_ids():
    with pytest.raises(InvalidScreenedBidError, match="share an id"):
        ScreenedRound("R", (ScreenedLot("L", (), 0), ScreenedLot("L", (), 0)))


def test_regions_are_won_by_bids_of_the_round():
    with pytest.raises(InvalidScreenedBidError, match="bid X of lot L won regions"):
        ScreenedRound("R", (lot_of("L", [1], winners=1),), (WonRegions("L", "X", ("北京",)),))


def test_a_bidder_is_the_control_group_or_the_manufacturer():
    assert bid("b", "1", manufacturer="A", group="G").bidder == "G"
    assert bid("b", "1", manufacturer="A").bidder == "A"


def test_a_price_at_the_ceiling_is_not_above_it():
    assert not bid("A", "1.00", ceiling="1").above_ceiling
    assert bid("A", "1.01", ceiling="1", valid=False).above_ceiling
    assert not bid("A", "1.01").above_ceiling
