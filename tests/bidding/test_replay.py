"""A replay counts what was decided as published, and explains what was not."""

from decimal import Decimal

from bidding.evaluate import evaluate
from bidding.replay import Published, compare
from bidding.rules import RoundRules
from rulebooks import load_rulebook
from tests.bidding.sheets import bid, bids, lot, round_of, volume

NEED = [volume(region, 10) for region in ("京", "沪", "粤")]


def replayed(published, entered=None, rulebook="national-3", **more):
    round_ = round_of(rulebook, entered or bids(A="1", B="1.2", C="3"), volumes=NEED, **more)
    book = load_rulebook(rulebook)
    rules = RoundRules(book, round_.options)
    return compare(evaluate(round_, book, volumes=False), published, round_, rules)


def published(name, selected, regions="", bid_name=None, lot_name="L1"):
    return Published(lot_name, bid_name, name, selected, tuple(regions))


AS_DECIDED = [published("A", True, "京沪"), published("B", True, "粤"), published("C", False)]


def test_a_lot_matches_when_all_its_bids_do():
    report = replayed(AS_DECIDED)
    assert (report.lots, report.lots_matched, report.bids, report.bids_matched) == (1, 1, 3, 3)
    assert (report.region_lots, report.regions_matched, report.misses) == (1, 1, ())


def test_another_number_of_regions_is_no_match_of_regions():
    report = replayed([published("A", True, "京"), published("B", True, "沪粤"), AS_DECIDED[2]])
    assert (report.lots_matched, report.regions_matched) == (1, 0)


def test_a_lot_whose_regions_were_not_published_is_not_counted_for_them():
    report = replayed([published("A", True), published("B", True)])
    assert (report.lots_matched, report.region_lots) == (1, 0)


def test_a_miss_names_what_was_published_what_is_evaluated_and_why():
    report = replayed([AS_DECIDED[0], published("B", False), published("C", True)])
    assert (report.lots_matched, report.bids_matched) == (0, 1)
    missed = {miss.manufacturer: miss for miss in report.misses}
    assert (missed["C"].published, missed["C"].evaluated) == (True, False)
    assert (missed["B"].published, missed["B"].evaluated) == (False, True)
    assert missed["C"].clause == "places.by_bidders"
    assert missed["C"].reason and missed["C"].reason_en


def test_a_firm_that_did_not_bid_is_a_miss_only_if_it_won():
    assert replayed([published("Z", False)]).misses == ()
    assert "no bid of this firm" in replayed([published("Z", True)]).misses[0].reason_en


def test_a_maker_of_several_bids_matches_by_the_one_that_won():
    entered = [bid("M1", "1", manufacturer="M"), bid("M2", "2", manufacturer="M")]
    assert replayed([published("M", True)], entered).bids_matched == 1


def test_an_outcome_published_by_bid_is_compared_by_bid():
    entered = [bid("M1", "500", manufacturer="M"), bid("M2", "3000", manufacturer="M")]
    by_bid = [published("M", True, bid_name="M1"), published("M", False, bid_name="M2")]
    assert replayed(by_bid, entered, "stents-2020").bids_matched == 2


def test_lots_without_a_published_outcome_are_not_counted():
    entered = [bid("A", "1", lot="L1"), bid("A", "1", lot="L2")]
    lots = [lot(name="L1"), lot(name="L2")]
    assert replayed([published("A", True)], entered, lots=lots).lots == 1


def test_every_miss_of_a_real_price_has_a_reason_with_figures():
    report = replayed([published("C", True)])
    assert str(Decimal(3)) in report.misses[0].reason_en
