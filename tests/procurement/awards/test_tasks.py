"""What waits for officers and supervisors on the home page."""

from procurement.awards.deciding import ANSWER_QUESTION
from procurement.awards.fixing import FIX_AWARD
from procurement.awards.states import Verdict
from procurement.awards.tasks import waiting_for
from procurement.database import database_moment, transaction
from procurement.home.service import tasks_of
from procurement.rounds.proposals import StepRequest, propose_step
from tests.procurement.awards.test_deciding import tie
from tests.procurement.awards.test_objections import answer, answer_of_appeal, appeal, file
from tests.procurement.awards.world import announced_round, decided_round, evaluated_round


def waiting(world, actor=None):
    with world.read() as session:
        tasks = waiting_for(session, actor=actor or world.officer, moment=database_moment(session))
    assert all(task.zh and task.link.startswith(f"/rounds/{world.name}/") for task in tasks)
    return [task.en.partition(" ")[0] for task in tasks]


def test_ties_then_second_answers_then_the_notice(engine):
    world = evaluated_round(engine)
    assert waiting(world) == ["Settle"]
    with transaction(engine) as session:
        request = world.draft(session, tie(world, A=True, C=False))
        propose_step(session, kind=ANSWER_QUESTION, request=request, actor=world.officer)
    assert waiting(world) == []


def test_after_the_tie_bidders_are_to_be_called(engine):
    world = evaluated_round(engine).settle_tie()
    assert waiting(world) == ["Call"]
    world.answer_revival()
    assert waiting(world) == ["Put"]
    assert waiting(world, world.supervisor) == []
    assert waiting(world, world.evaluator) == []


def test_objections_for_officers_and_appeals_for_supervisors(engine, tmp_path):
    world = announced_round(engine)
    assert waiting(world) == []
    objection_id = file(world, tmp_path)
    assert waiting(world) == ["Answer"]
    answer(world, objection_id)
    appeal(world, objection_id)
    world.end_notice()
    assert waiting(world) == []
    assert waiting(world, world.supervisor) == ["Decide"]
    answer_of_appeal(world, objection_id, Verdict.REJECTED)
    assert waiting(world, world.supervisor) == []
    assert waiting(world) == ["Fix"]


def test_a_proposed_award_waits_for_the_second_officer_only(engine):
    world = announced_round(engine).end_notice()
    with transaction(engine) as session:
        request = StepRequest(
            round_=world.round(session), about="2027-01-01", moment=database_moment(session)
        )
        propose_step(session, kind=FIX_AWARD, request=request, actor=world.officer)
    assert waiting(world) == []


def test_they_are_among_the_tasks_of_the_home_page(engine):
    world = decided_round(engine)
    with world.read() as session:
        found = tasks_of(session, actor=world.officer, moment=database_moment(session))
    assert any(task.en.startswith("Put the selection") for task in found)
    assert not any(maker.name in task.zh for maker in world.makers for task in found)
