"""The JSON document of a report: exact decimals are strings, counts numbers, absence null."""

import json
from decimal import Decimal

from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from rulebooks import load_rulebook
from tests.bidding.random_lots import random_round, seeded
from tests.bidding.settings import SETTINGS
from tests.bidding.sheets import bids, lot, round_of, volume, wishes

FIELDS = {
    *("bid", "manufacturer", "strength", "declared_price", "comparable_price", "rank", "status"),
    *("selected", "offer_price", "needed_price", "clause", "reason", "regions", "region_names"),
    *("spare_regions", "agreed_volume"),
}
"""What the contract of the command line promises of an outcome."""

LOT_FIELDS = {
    *("lot", "product", "bidders", "places", "share", "base_volume", "agreed_volume", "outcomes"),
    *("allocations", "pending", "steps", "cycle_years", "ends_on"),
}


def document():
    need = [volume("京", 10), volume("沪", 5)]
    choices = [*wishes("A", "京沪"), *wishes("B", "京沪")]
    round_ = round_of(
        "national-10",
        bids(A="1.10", B="5", C=None),
        lots=[lot("9")],
        volumes=need,
        choices=choices,
    )
    return json.loads(dumps(report_document(evaluate(round_, load_rulebook("national-10")))))


def by_bid(name):
    return next(one for one in document()["lots"][0]["outcomes"] if one["bid"] == name)


def test_every_promised_field_is_there():
    assert set(document()["lots"][0]) >= LOT_FIELDS
    assert set(by_bid("A")) >= FIELDS


def test_prices_and_shares_are_exact_strings():
    assert by_bid("A")["comparable_price"] == "1.1000"
    assert by_bid("A")["declared_price"] == "1.10"
    assert document()["lots"][0]["share"] == "0.5"


def test_volumes_counts_and_ranks_are_whole_numbers():
    assert document()["lots"][0]["base_volume"] == 15
    assert by_bid("A")["rank"] == 1
    assert isinstance(by_bid("A")["regions"], int)


def test_what_is_absent_is_null():
    unknown = by_bid("C")
    assert unknown["declared_price"] is None
    assert unknown["rank"] is None
    assert unknown["region_names"] is None


def test_no_number_has_an_exponent():
    assert "E+" not in dumps(report_document(evaluate(large(), load_rulebook("national-4"))))


def large():
    return round_of("national-4", bids(A="1000000000", B="1E+9"), lots=[lot("1E+10")])


def test_pending_questions_name_bid_question_price_and_who_answers():
    assert document()["pending"] == [
        {
            "lot": "L1",
            "bid": "B",
            "question": "revive",
            "by": "bidder",
            "price": str(Decimal("1.98")) + "0000",
            "until": None,
        }
    ]


def test_a_day_is_written_as_people_write_it_in_files():
    assert document()["lots"][0]["ends_on"] == "2027-12-31"


def test_every_step_has_its_clause_and_a_sentence_in_both_languages():
    for step in document()["lots"][0]["steps"]:
        assert step["clause"]
        assert step["zh"] and step["en"] and step["zh"] != step["en"]


def test_two_evaluations_give_the_same_bytes():
    for name, setting in SETTINGS.items():
        rulebook = load_rulebook(setting.rulebook)
        texts = {
            dumps(report_document(evaluate(random_round(seeded(3), setting), rulebook)))
            for _ in range(2)
        }
        assert len(texts) == 1, name
