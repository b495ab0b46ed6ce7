"""A report says of every bid what became of it; statuses say who has won."""

import pytest

from bidding.evaluate import evaluate
from bidding.report import Status
from rulebooks import load_rulebook
from tests.bidding.sheets import bid, bids, evaluated, lot, outcomes, round_of


@pytest.mark.parametrize("status", Status)
def test_winners_are_those_selected_with_and_without_volume(status):
    won = {Status.SELECTED, Status.SELECTED_WITHOUT_VOLUME}
    assert status.is_selected is (status in won)


def test_statuses_are_the_words_of_the_file_format():
    assert {status.value for status in Status} == {
        "selected",
        "selected-without-volume",
        "revival-offered",
        "tied",
        "rejected",
        "invalid",
    }


def test_the_reason_of_an_outcome_is_one_of_the_steps():
    report = evaluated("national-3", bids(A="1", B="2", C="9"), lots=[lot("5")])
    assert all(outcome.reason in report.steps for outcome in report.outcomes)
    assert all(outcome.reason.bid == outcome.bid for outcome in report.outcomes)


def test_steps_come_in_the_order_of_an_evaluation():
    codes = [step.code for step in evaluated("national-3", bids(A="1", B="2", C="3")).steps]
    stages = ["bidders-counted", "places", "beyond-places", "within-line", "cycle"]
    assert [code for code in codes if code in stages] == [
        *stages[:3],
        "within-line",
        "cycle",
    ] or codes.index("bidders-counted") < codes.index("places") < codes.index("within-line")


def test_pending_questions_of_a_round_are_those_of_its_lots():
    entered = [bid("A", "1", lot=name) for name in ("L1", "L2")]
    entered += [bid("B", "5", lot=name) for name in ("L1", "L2")]
    lots = [lot(name="L1"), lot(name="L2")]
    report = evaluate(round_of("national-10", entered, lots=lots), load_rulebook("national-10"))
    assert [(one.lot, one.bid) for one in report.pending] == [("L1", "B"), ("L2", "B")]
    assert report.pending == (*report.lots[0].pending, *report.lots[1].pending)


def test_a_report_names_its_rulebook_and_the_rulebooks_digest():
    report = evaluate(round_of("national-3", []), load_rulebook("national-3"))
    assert (report.title, report.rulebook) == ("测试", "national-3")
    assert report.rulebook_digest == load_rulebook("national-3").digest


def test_an_outcome_shows_the_price_that_stands_by_unit():
    outcome = outcomes(evaluated("national-3", [bid("A", "7", units=7)]))["A"]
    assert outcome.declared_price == 1
    assert outcome.strength == "1mg"
