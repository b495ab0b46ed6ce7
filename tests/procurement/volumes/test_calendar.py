"""The calendar and the tasks: who owes what until when, over rounds that overlap."""

from datetime import timedelta

from procurement.database import database_moment, transaction
from procurement.permissions import Actor, Role
from procurement.rounds.tables import RoundStatus
from procurement.volumes.calendar import calendar_of, ics_of
from procurement.volumes.reporting.review import Correction, return_report
from procurement.volumes.steps import base_volumes_of, publication_checks
from procurement.volumes.tasks import waiting_for
from tests.procurement.volumes.test_review import accept, add_all_up, end_window, sent
from tests.procurement.volumes.world import entry, fill, new_reporting_round, start
from tests.procurement.world import actor_of, new_organisation, new_person


def dues(session, actor):
    return calendar_of(session, actor=actor, moment=database_moment(session))


def tasks(session, actor):
    return waiting_for(session, actor=actor, moment=database_moment(session))


def test_what_is_due_first_stands_at_the_top(engine, world):
    with transaction(engine) as session:
        other = new_reporting_round(session, world.bureau, name="anhui-2026-2")
        other.volume_closes_at = database_moment(session) + timedelta(hours=1)
        session.flush()
        found = dues(session, world.pharmacist)
        assert [due.round.name for due in found] == ["anhui-2026-2", "anhui-2026-1"]
        assert all(due.is_owed for due in found)
        assert [task.due_at for task in tasks(session, world.pharmacist)] == [
            due.due_at for due in found
        ]


def test_a_round_of_other_regions_concerns_nobody_here(engine, world):
    with transaction(engine) as session:
        new_reporting_round(session, world.bureau, name="north", regions=("230000",))
        assert [due.round.name for due in dues(session, world.pharmacist)] == ["anhui-2026-1"]
        stranger = Actor(1, 1, frozenset({Role.PUBLIC, Role.MANUFACTURER}), "340000")
        assert dues(session, stranger) == []
        assert tasks(session, stranger) == []


def test_a_member_owes_nothing_and_sees_who_reports(engine, world):
    with transaction(engine) as session:
        member = session.merge(world.members[0])
        actor = actor_of(new_person(session, member))
        (due,) = dues(session, actor)
        assert due.lead is not None
        assert (due.lead.name, due.is_owed) == ("县人民医院", False)
        assert tasks(session, actor) == []


def test_a_sent_report_is_owed_no_more_and_a_returned_one_urgently(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        assert tasks(session, world.pharmacist) == []
        until = database_moment(session) + timedelta(days=9)
        return_report(
            session,
            round_=world.round_in(session),
            report=report,
            version=report.version,
            correction=Correction("请核对", until),
            actor=world.officer,
            moment=database_moment(session),
        )
        (task,) = tasks(session, world.pharmacist)
        assert (task.urgent, task.due_at) == (True, until)


def test_an_officer_is_told_of_reports_to_review_and_of_the_end(engine, world):
    with transaction(engine) as session:
        sent(session, world)
        assert ["待审核" in task.zh for task in tasks(session, world.officer)] == [True]
        end_window(session, world)
        assert ["汇总" in task.zh for task in tasks(session, world.officer)] == [False, True]
        elsewhere = new_organisation(session, "bureau", region="110000")
        assert tasks(session, actor_of(new_person(session, elsewhere))) == []


def test_the_calendar_file_is_folded_and_escaped(engine, world):
    with transaction(engine) as session:
        world.round_in(session).title = "长" * 60 + "，第一批;二"
        text = ics_of(
            dues(session, world.pharmacist), host="x.example", moment=database_moment(session)
        )
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        assert "，第一批\\;二" in text.replace("\r\n ", "")
        assert text.endswith("END:VCALENDAR\r\n")


def test_a_round_is_not_published_without_current_base_volumes(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)

        def is_met():
            round_ = world.round_in(session)
            (check,) = publication_checks(session, round_, database_moment(session))
            return check.is_met

        assert not is_met()
        accept(session, world, report)
        end_window(session, world)
        add_all_up(session, world)
        assert is_met()
        assert base_volumes_of(session, world.round_in(session)) == {("L01", "1mg"): 100}
        late = database_moment(session) + timedelta(hours=1)
        session.refresh(report)
        return_report(
            session,
            round_=world.round_in(session),
            report=report,
            version=report.version,
            correction=Correction("请核对", late),
            actor=world.officer,
            moment=database_moment(session),
        )
        assert not is_met()


def test_a_round_that_never_asked_for_volumes_needs_none(engine, world):
    with transaction(engine) as session:
        round_ = world.round_in(session)
        round_.status = RoundStatus.COMMENTS
        (check,) = publication_checks(session, round_, database_moment(session))
        assert check.is_met
        round_.status = RoundStatus.VOLUME_REPORTING
        fill(session, start(session, world), entry(world, "L01", "1mg", 1))
        (check,) = publication_checks(session, round_, database_moment(session))
        assert not check.is_met
