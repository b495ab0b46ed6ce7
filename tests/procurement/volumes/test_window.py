"""When reports are taken: from the window's beginning, and on through the comments."""

from datetime import timedelta

import pytest

from procurement.database import database_moment, transaction
from procurement.rounds.progress import set_status
from procurement.rounds.tables import RoundStatus
from procurement.volumes.calendar import calendar_of
from procurement.volumes.errors import ReportingClosedError, ReportingNotOpenError
from procurement.volumes.reporting.review import Correction, return_report
from procurement.volumes.states import ReportStatus
from procurement.volumes.steps import publication_checks
from procurement.volumes.tasks import waiting_for
from procurement.volumes.window import takes_reports
from tests.procurement.volumes.test_review import accept, add_all_up, end_window, send_back, sent
from tests.procurement.volumes.world import entry, fill, send, start


def due_of(session, world):
    moment = database_moment(session)
    (due,) = calendar_of(session, actor=world.pharmacist, moment=moment)
    return due


def open_later(session, world):
    round_ = world.round_in(session)
    round_.volume_opens_at = database_moment(session) + timedelta(hours=2)
    session.flush()
    return round_


def go_to_comments(session, world):
    return set_status(
        session,
        round_=world.round_in(session),
        status=RoundStatus.COMMENTS,
        moment=database_moment(session),
        person_id=world.officer.person_id,
    )


def test_no_report_is_taken_before_the_window_begins(engine, world):
    with transaction(engine) as session:
        round_ = open_later(session, world)
        with pytest.raises(ReportingNotOpenError) as refusal:
            start(session, world)
        assert refusal.value.opens_at == round_.volume_opens_at


def test_a_round_that_opens_later_is_owed_by_nobody_yet(engine, world):
    with transaction(engine) as session:
        open_later(session, world)
        due = due_of(session, world)
        assert (due.is_ahead, due.is_open, due.is_owed) == (True, False, False)
        moment = database_moment(session)
        assert waiting_for(session, actor=world.pharmacist, moment=moment) == []


def test_a_round_whose_window_is_over_is_not_shown_as_open(engine, world):
    with transaction(engine) as session:
        end_window(session, world)
        due = due_of(session, world)
        assert (due.is_ahead, due.is_open, due.is_owed) == (False, False, False)


def test_comments_do_not_cut_short_the_window_that_hospitals_were_told(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        go_to_comments(session, world)
        fill(session, report, entry(world, "L01", "1mg", 100))
        send(session, world, report)
        assert report.status == ReportStatus.SUBMITTED
        assert not due_of(session, world).is_owed


def test_a_report_that_is_returned_during_the_comments_can_be_sent_again(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        go_to_comments(session, world)
        end_window(session, world)
        return_report(
            session,
            round_=world.round_in(session),
            report=report,
            version=report.version,
            correction=Correction("请核对", database_moment(session) + timedelta(days=1)),
            actor=world.officer,
            moment=database_moment(session),
        )
        assert due_of(session, world).is_owed
        send(session, world, report, letter=False)
        assert report.status == ReportStatus.SUBMITTED


def test_comments_that_come_before_the_reporting_take_no_reports(engine, world):
    with transaction(engine) as session:
        round_ = world.round_in(session)
        round_.status = RoundStatus.DRAFT
        go_to_comments(session, world)
        assert not takes_reports(session, round_=round_)
        with pytest.raises(ReportingClosedError):
            start(session, world)


def base_check(session, world):
    (check,) = publication_checks(session, world.round_in(session), database_moment(session))
    return check


def test_a_report_that_changed_without_its_numbers_needs_no_new_base_volumes(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        accept(session, world, report)
        end_window(session, world)
        run = add_all_up(session, world)
        report.changed_at = database_moment(session) + timedelta(seconds=1)
        session.flush()
        # Aggregating again would give the same run, so that the round could never be published.
        assert add_all_up(session, world).id == run.id
        assert base_check(session, world).is_met


def test_a_report_that_was_returned_and_sent_again_is_not_in_the_base_volumes_yet(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        accept(session, world, report)
        end_window(session, world)
        add_all_up(session, world)
    with transaction(engine) as session:
        report = session.merge(report)
        later = database_moment(session) + timedelta(hours=1)
        send_back(session, world, report, until=later)
        assert not base_check(session, world).is_met
        fill(session, report, entry(world, "L01", "1mg", 7))
        send(session, world, report, letter=False)
        assert not base_check(session, world).is_met
