"""The bureau accepts and returns reports, sees who is missing, and adds up, exactly."""

import json
from collections import Counter
from datetime import timedelta

import numpy
import pytest
from sqlalchemy import select

from procurement.database import database_moment, snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.notices import notices_of
from procurement.volumes.aggregate import (
    add_up,
    aggregate,
    base_rows,
    frozen_volumes,
    latest_run,
)
from procurement.volumes.errors import (
    LateReportError,
    TooEarlyToAggregateError,
    UnfinishedUploadsError,
    VolumesFrozenError,
)
from procurement.volumes.reporting.listing import (
    ReportFilter,
    list_reports,
    missing_hospitals,
    progress_by_region,
)
from procurement.volumes.reporting.review import (
    Correction,
    accept_report,
    accept_reports,
    return_report,
)
from procurement.volumes.states import (
    ReportStatus,
    UploadKind,
    UploadStatus,
    WrongReportStatusError,
)
from procurement.volumes.tables import AggregationRun, VolumeLine, VolumeReport, VolumeUpload
from tests.procurement.volumes.world import entry, fill, send, start
from tests.procurement.world import new_organisation


def sent(session, world, hospital=None, *entries):
    report = start(session, world, hospital)
    fill(session, report, *(entries or (entry(world, "L01", "1mg", 100),)))
    send(session, world, report)
    return report


def accept(session, world, report):
    accept_report(
        session,
        round_=world.round_in(session),
        report=report,
        version=report.version,
        actor=world.officer,
        moment=database_moment(session),
    )


def send_back(session, world, report, reason="单位似为盒，请核对。", until=None):
    return_report(
        session,
        round_=world.round_in(session),
        report=report,
        version=report.version,
        correction=Correction(reason, until),
        actor=world.officer,
        moment=database_moment(session),
    )


def add_all_up(session, world):
    return aggregate(
        session,
        round_=world.round_in(session),
        actor=world.officer,
        moment=database_moment(session),
    )


def end_window(session, world):
    round_ = world.round_in(session)
    round_.volume_closes_at = database_moment(session) - timedelta(seconds=1)
    session.flush()


def test_a_returned_report_tells_the_hospital_why_and_can_be_sent_again(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        send_back(session, world, report)
        assert (report.status, report.return_reason) == ("returned", "单位似为盒，请核对。")
        notice = notices_of(session, organisation_id=world.hospital.id)[0]
        assert "单位似为盒" in notice.zh
        fill(session, report, entry(world, "L01", "1mg", 2400))
        send(session, world, report, letter=False)
        accept(session, world, report)
        assert (report.status, report.return_reason) == ("accepted", None)


def test_returning_needs_a_reason_and_a_moment_ahead(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        past = database_moment(session) - timedelta(minutes=1)
        with pytest.raises(InvalidInputError) as refusal:
            send_back(session, world, report, reason=" ", until=past)
        assert [fault.field for fault in refusal.value.faults] == ["reason", "correct_until"]


def test_after_the_window_only_a_returned_report_with_its_own_day_is_taken(engine, world):
    with transaction(engine) as session:
        with_day, without = sent(session, world), sent(session, world, world.lead)
        send_back(session, world, with_day, until=database_moment(session) + timedelta(hours=1))
        send_back(session, world, without)
        end_window(session, world)
        send(session, world, with_day, letter=False)
        with pytest.raises(LateReportError):
            send(session, world, without, letter=False)


def test_only_a_submitted_report_is_accepted_and_only_as_it_was_seen(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        with pytest.raises(WrongReportStatusError):
            accept(session, world, report)
    with transaction(engine) as session:
        report = sent(session, world)
        seen = report.version
        send_back(session, world, report)
        with pytest.raises(StaleError):
            accept_report(
                session,
                round_=world.round_in(session),
                report=report,
                version=seen,
                actor=world.officer,
                moment=database_moment(session),
            )


def test_many_are_accepted_at_once_and_the_others_stay(engine, world):
    with transaction(engine) as session:
        first, draft = sent(session, world), start(session, world, world.lead)
        accepted = accept_reports(
            session,
            round_=world.round_in(session),
            report_ids=[draft.id, first.id, 99999],
            actor=world.officer,
            moment=database_moment(session),
        )
        assert accepted == 1
        assert (first.status, draft.status) == ("accepted", "draft")


def test_pages_of_the_list_hold_every_report_once(engine, world):
    with transaction(engine) as session:
        made = [start(session, world, new_organisation(session, region="340100")) for _ in range(7)]
        seen, after = [], None
        while True:
            page = list_reports(
                session, round_=world.round, wanted=ReportFilter(), after=after, size=3
            )
            seen += [row.report.id for row in page.rows]
            after = page.following
            if after is None:
                break
        assert seen == [report.id for report in made]


def test_lists_are_narrowed_by_division_status_and_name(engine, world):
    with transaction(engine) as session:
        sent(session, world)
        start(session, world, world.lead)

        def names(**wanted):
            found = list_reports(session, round_=world.round, wanted=ReportFilter(**wanted))
            return [row.hospital for row in found.rows]

        assert names(division="340100") == ["省立医院"]
        assert names(status=ReportStatus.DRAFT) == ["县人民医院"]
        assert names(text="人民") == ["县人民医院"]
        assert names(text="%") == []
        assert names(division="110000") == []


def test_progress_counts_hospitals_that_report_themselves(engine, world):
    with transaction(engine) as session:
        new_organisation(session, region="110101")
        new_organisation(session, region="540100")
        report = sent(session, world)
        accept(session, world, report)
        rows = progress_by_region(session, round_=world.round, moment=database_moment(session))
        # The two members of the group are reported for by their lead.
        assert [(row.region, row.due, row.sent, row.accepted) for row in rows] == [
            ("110000", 1, 0, 0),
            ("340000", 2, 1, 1),
        ]


def test_who_has_not_reported_is_named(engine, world):
    with transaction(engine) as session:
        accept(session, world, sent(session, world))
        missing = missing_hospitals(session, round_=world.round, moment=database_moment(session))
        assert [hospital.name for hospital in missing] == ["县人民医院"]


def test_base_volumes_are_not_fixed_while_hospitals_can_still_report(engine, world):
    with transaction(engine) as session:
        accept(session, world, sent(session, world))
        with pytest.raises(TooEarlyToAggregateError) as refusal:
            add_all_up(session, world)
        assert refusal.value.missing == 1
        end_window(session, world)
        run = add_all_up(session, world)
        assert (run.reports, run.hospitals, run.missing) == (1, 1, 1)
        assert json.loads(run.missing_ids) == [world.lead.id]


def test_members_count_as_reported_by_their_lead(engine, world):
    with transaction(engine) as session:
        accept(session, world, sent(session, world))
        accept(session, world, sent(session, world, world.lead))
        run = add_all_up(session, world)
        assert (run.reports, run.hospitals, run.missing) == (2, 4, 0)


def test_aggregating_again_changes_nothing_and_a_change_makes_a_new_run(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        accept(session, world, report)
        accept(session, world, sent(session, world, world.lead))
        first = add_all_up(session, world)
    with transaction(engine) as session:
        assert add_all_up(session, world).id == first.id
        again = session.get_one(VolumeReport, report.id)
        send_back(session, world, again)
        fill(session, again, entry(world, "L01", "1mg", 7))
        send(session, world, again, letter=False)
        accept(session, world, again)
        second = add_all_up(session, world)
        assert (second.number, second.digest == first.digest) == (2, False)
        latest = latest_run(session, round_id=world.round.id)
        assert latest is not None
        assert latest.id == second.id
        assert len(session.scalars(select(AggregationRun)).all()) == 2


def test_files_that_are_still_worked_on_stop_the_aggregation(engine, world):
    with transaction(engine) as session:
        session.add(
            VolumeUpload(
                kind=UploadKind.BULK,
                round_id=world.round.id,
                organisation_id=world.bureau.id,
                filename="x.csv",
                sha256="0" * 64,
                size=1,
                encoding="utf-8",
                status=UploadStatus.RUNNING,
                received_at=database_moment(session),
            )
        )
        end_window(session, world)
        with pytest.raises(UnfinishedUploadsError):
            add_all_up(session, world)


def test_a_published_round_keeps_its_base_volumes(engine, world):
    with transaction(engine) as session:
        report = sent(session, world)
        accept(session, world, report)
        world.round_in(session).published_at = database_moment(session)
        with pytest.raises(VolumesFrozenError):
            add_all_up(session, world)
        with pytest.raises(VolumesFrozenError):
            send_back(session, world, report)


def test_base_volumes_equal_a_slow_count_of_every_line(engine, world):
    """The twin: add up line by line in Python, over random reports of several regions."""
    chance = numpy.random.default_rng(7)
    with transaction(engine) as session:
        for number in range(12):
            region = str(chance.choice(["110101", "340100", "341523"]))
            hospital = new_organisation(session, region=region)
            lines = [
                entry(world, code, label, int(chance.integers(10**6)), brand)
                for code, label, brands in (
                    ("L01", "1mg", [None, *world.brands]),
                    ("L02", "250mg", [None, *world.brands]),
                    ("L02", "500mg", [None]),
                    ("L03", "0.75g", [None]),
                )
                for brand in brands
                if chance.random() < 0.7
            ]
            report = sent(session, world, hospital, *lines)
            if number % 4:
                accept(session, world, report)
        end_window(session, world)
        run = add_all_up(session, world)
        slow: Counter[tuple[str, int, int | None]] = Counter()
        for report in session.scalars(select(VolumeReport)):
            if report.status != ReportStatus.ACCEPTED:
                continue
            lines_of_report = select(VolumeLine).where(VolumeLine.report_id == report.id)
            for line in session.scalars(lines_of_report):
                slow[report.region, line.lot_strength_id, line.brand_id] += line.demand
        fast = {
            (row.region, row.lot_strength_id, row.brand_id or None): row.volume
            for row in add_up(session, round_id=world.round.id)
        }
        assert fast == dict(slow)
        brands = {None: None, **{brand.id: brand.name for brand in world.brands}}
        kept = {
            (row.region, row.strength.id, row.brand): row.volume
            for row in base_rows(session, run_id=run.id)
        }
        assert kept == {(r, s, brands[b]): volume for (r, s, b), volume in slow.items()}
    with snapshot(engine) as session:
        volumes = frozen_volumes(session, round_id=world.round.id)
        assert sum(volume.base_volume for volume in volumes) == sum(slow.values())
