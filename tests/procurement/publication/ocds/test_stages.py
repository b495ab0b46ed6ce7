"""Objections, a second notice, a late cancellation: what is told of them passes the checker."""

import pytest

from procurement.accounts.tables import Person
from procurement.awards.answering import NewAnswer, answer_objection
from procurement.awards.objections import NewObjection, file_objection
from procurement.awards.states import Verdict
from procurement.database import database_moment, transaction
from procurement.publication.ocds.rules.merge import compiled_release
from procurement.rounds.progress import set_status
from procurement.rounds.tables import RoundStatus
from tests.procurement.awards.world import announced_round, awarded_round
from tests.procurement.publication.ocds.checked import check_all
from tests.procurement.publication.ocds.offline import merged_by_reference, plain
from tests.procurement.publication.ocds.publishing import publish, releases

NAME = "anhui-2026-1"


@pytest.fixture
def folder(shared):
    return shared / "ocds"


def statuses(document):
    return {one["status"] for one in document["awards"]}


def told(engine, folder):
    """Publish what is to be told, check it; returns the newest release."""
    assert publish(engine, NAME) > 0
    check_all(engine, folder, NAME)
    return releases(engine, NAME)[-1]


def uphold_objection(world, folder):
    """Let a firm object to the notice, and the bureau agree: the round is evaluated again."""
    maker = world.maker("D")
    with transaction(world.engine) as session:
        name = session.get_one(Person, maker.person_id).name
        filed = file_objection(
            session,
            round_=world.round(session),
            objection=NewObjection(text="换算有误。", signed_by=name, lot="L01"),
            actor=maker.actor,
            folder=folder,
            moment=database_moment(session),
        )
        answer_objection(
            session,
            round_=world.round(session),
            objection=filed,
            answer=NewAnswer(verdict=Verdict.UPHELD, text="重新评审。"),
            actor=world.officer,
            moment=database_moment(session),
        )


def test_an_objection_takes_a_selection_back_and_a_second_notice_gives_it_again(
    engine, folder, tmp_path
):
    world = announced_round(engine)
    first = told(engine, folder)
    assert (first["tag"], statuses(first)) == (["award"], {"pending"})
    uphold_objection(world, tmp_path)
    taken_back = told(engine, folder)
    assert statuses(taken_back) == {"cancelled"}
    world.evaluate().announce()
    second = told(engine, folder)
    assert (second["tag"], statuses(second)) == (["awardUpdate"], {"pending"})
    assert {one["id"] for one in second["awards"]} == {one["id"] for one in first["awards"]}
    world.end_notice().fix_award()
    assert statuses(told(engine, folder)) == {"active"}
    # No release says who objected, or why.
    assert "换算有误" not in str(releases(engine, NAME))
    whole = releases(engine, NAME)
    assert plain(compiled_release(whole)) == merged_by_reference(plain(whole), folder)


def test_a_round_that_is_cancelled_after_its_award_has_no_selection_left(engine, folder):
    world = awarded_round(engine)
    assert statuses(told(engine, folder)) == {"active"}
    with transaction(engine) as session:
        set_status(
            session,
            round_=world.round(session),
            status=RoundStatus.CANCELLED,
            moment=database_moment(session),
            reason="取消。",
            person_id=world.second.person_id,
            second_person_id=world.officer.person_id,
        )
    cancelled = told(engine, folder)
    assert cancelled["tag"] == ["tenderCancellation"]
    assert cancelled["tender"]["status"] == "cancelled"
    assert statuses(cancelled) == {"cancelled"}
    assert statuses(compiled_release(releases(engine, NAME))) == {"cancelled"}
