"""The provisional selection goes on notice once all is answered, and everybody is told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from procurement.audit import entries_about
from procurement.awards.announcing import (
    QuestionsOpenError,
    announce,
    current_notice,
    notice_numbered,
    notices_of,
)
from procurement.awards.errors import ReportOutdatedError
from procurement.awards.tables import AwardNotice
from procurement.bids.subjects import SignedOutError
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.notices import notices_of as told
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.rules import InvalidTransitionError
from procurement.rounds.tables import RoundStatus
from tests.procurement.awards.test_deciding import decide, withdrawal
from tests.procurement.awards.world import DAY, announced_round, decided_round, evaluated_round


def put_on_notice(world, **changed):
    with transaction(world.engine) as session:
        moment = database_moment(session)
        wanted = {
            "round_": world.round(session),
            "closes_at": moment + 3 * DAY,
            "actor": world.officer,
            "moment": moment,
        }
        return announce(session, **{**wanted, **changed})


def test_winners_and_losers_are_told_and_it_is_recorded(engine):
    world = announced_round(engine)
    with world.read() as session:
        assert world.round(session).status == RoundStatus.ANNOUNCED
        notice = current_notice(session, round_id=world.round_id)
        assert notice is not None and notice.number == 1
        for letter, word in (("A", "拟中选"), ("D", "告知书")):
            newest = told(session, organisation_id=world.maker(letter).id)[0]
            assert word in newest.zh and newest.link == f"/rounds/{world.name}/result"
        actions = [one.action for one in entries_about(session, subject=f"round/{world.name}")]
        assert "announce-award" in actions
        assert notice_numbered(session, round_id=world.round_id, number=1).id == notice.id
        with pytest.raises(NotFoundForActorError):
            notice_numbered(session, round_id=world.round_id, number=2)


def test_open_questions_keep_the_notice_waiting(engine):
    world = evaluated_round(engine)
    with pytest.raises(QuestionsOpenError) as refusal:
        put_on_notice(world)
    assert refusal.value.lots == ("L01", "L02")
    assert nothing_is_announced(world)


def test_an_outdated_report_is_not_announced(engine):
    world = decided_round(engine)
    decide(world, withdrawal(world, "B"))
    with pytest.raises(ReportOutdatedError):
        put_on_notice(world)
    assert nothing_is_announced(world)


def nothing_is_announced(world):
    with world.read() as session:
        is_evaluated = world.round(session).status == RoundStatus.EVALUATED
        return is_evaluated and not notices_of(session, round_id=world.round_id)


def test_a_notice_ends_later_than_now_and_its_end_has_a_zone(engine):
    world = decided_round(engine)
    with world.read() as session:
        now = database_moment(session)
    for closes_at in (now, now - timedelta(days=1), datetime(2030, 1, 1)):  # noqa: DTZ001
        with pytest.raises(InvalidInputError) as refusal:
            put_on_notice(world, closes_at=closes_at)
        assert [fault.field for fault in refusal.value.faults] == ["closes_at"]
    assert nothing_is_announced(world)


def test_nobody_announces_without_being_signed_in(engine):
    world = decided_round(engine)
    with pytest.raises(SignedOutError):
        put_on_notice(world, actor=Actor())


def test_only_an_evaluated_round_is_announced(engine):
    world = decided_round(engine)
    for _ in world.every_status_but(RoundStatus.EVALUATED):
        with pytest.raises(InvalidTransitionError):
            put_on_notice(world)


def test_a_notice_cannot_be_changed(engine):
    world = announced_round(engine)
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(update(AwardNotice).values(number=7))
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(delete(AwardNotice))
    with world.read() as session:
        assert len(notices_of(session, round_id=world.round_id)) == 1
