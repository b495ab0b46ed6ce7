"""What the report asks of bidders is asked under seal; their answers are evaluated."""

from datetime import timedelta

import pytest

from bidding.bid_sheet import QuestionKind
from procurement.awards.errors import ReportOutdatedError
from procurement.awards.evaluation import require_report
from procurement.awards.second_answers import (
    NothingToAskError,
    call_second_answers,
    questions_to_ask,
)
from procurement.bids.sittings import questions_of
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.rounds.rules import InvalidTransitionError
from procurement.rounds.tables import RoundStatus
from tests.procurement.awards.test_deciding import decide, tie
from tests.procurement.awards.world import decided_round, evaluated_round
from tests.procurement.bids.world import SECRET


def call(world, **changed):
    with transaction(world.engine) as session:
        wanted = {
            "round_": world.round(session),
            "due_in": timedelta(minutes=30),
            "actor": world.officer,
            "moment": database_moment(session),
            "secret_key": SECRET,
        }
        return call_second_answers(session, **{**wanted, **changed})


def report_of(world):
    with world.read() as session:
        return require_report(session, round_id=world.round_id)


def test_each_question_goes_to_the_owner_of_the_bid_with_the_price_offered(engine):
    world = evaluated_round(engine)
    (asked,) = questions_to_ask(report_of(world))
    assert (asked.lot, asked.question) == ("L01", QuestionKind.REVIVE)
    assert asked.organisation_id == world.maker("C").id
    assert str(asked.price) == "3.00"
    sitting = call(world)
    with world.read() as session:
        assert world.round(session).status == RoundStatus.SECOND_ANSWERS
        (question,) = questions_of(session, round_id=world.round_id, sitting=sitting.number)
        assert question.bid == world.maker("C").name


@pytest.mark.parametrize(("accepts", "status"), [(True, "selected"), (False, "rejected")])
def test_the_answer_decides(engine, accepts, status):
    world = evaluated_round(engine).settle_tie().answer_revival(accepts=accepts)
    outcome = report_of(world).outcome("L01", world.maker("C").name)
    assert outcome["status"] == status
    with world.read() as session:
        assert world.round(session).status == RoundStatus.EVALUATED
    assert report_of(world).pending == []


def test_silence_is_no_acceptance(engine):
    world = evaluated_round(engine).settle_tie().let_sitting_pass()
    assert report_of(world).outcome("L01", world.maker("C").name)["status"] == "rejected"


def test_where_nothing_is_asked_nobody_is_called(engine):
    world = decided_round(engine)
    with pytest.raises(NothingToAskError):
        call(world)


def test_an_outdated_report_asks_nobody(engine):
    world = evaluated_round(engine)
    decide(world, tie(world, A=True, C=False))
    with pytest.raises(ReportOutdatedError):
        call(world)


def test_a_time_that_cannot_be_is_refused_and_nothing_changes(engine):
    world = evaluated_round(engine)
    for due_in in (timedelta(0), timedelta(days=30)):
        with pytest.raises(InvalidInputError):
            call(world, due_in=due_in)
    with world.read() as session:
        assert world.round(session).status == RoundStatus.EVALUATED


def test_bidders_are_called_after_an_evaluation_only(engine):
    world = evaluated_round(engine)
    for _ in world.every_status_but(RoundStatus.EVALUATED):
        with pytest.raises(InvalidTransitionError):
            call(world)
