"""A hospital fills in its report, is told what is missing, sends it and takes it back."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from procurement.database import database_moment, snapshot, text_digest, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.rounds.tables import Round, RoundStatus
from procurement.volumes.errors import (
    LateReportError,
    NotInRoundError,
    ReportingClosedError,
    ReportsThroughLeadError,
)
from procurement.volumes.filling.fill import (
    Conversion,
    Explanation,
    ReportNotOpenError,
    Seen,
    save_entries,
)
from procurement.volumes.reporting.service import events_of, lines_of, report_uses
from procurement.volumes.reporting.submit import (
    check_answers,
    number_of,
    submit_report,
    withdraw_report,
)
from procurement.volumes.states import ReportStatus, WrongReportStatusError
from procurement.volumes.strengths import ConversionKind
from procurement.volumes.tables import VolumeEvent, VolumeLine, VolumeReport
from tests.procurement.volumes.world import (
    add_letter,
    buy,
    entry,
    fill,
    past,
    send,
    start,
)
from tests.procurement.world import new_organisation


def numbers(session, report):
    return {
        (line.lot_strength_id, line.brand_id): line.demand
        for line in lines_of(session, report_id=report.id)
    }


def close_window(session, world):
    round_ = session.get_one(Round, world.round.id)
    round_.volume_closes_at = database_moment(session) - timedelta(seconds=1)
    session.flush()
    return round_


def test_a_report_starts_with_the_mean_use_of_the_last_two_years_by_brand(engine, world):
    before, last = past(world)
    brand = world.brands[0]
    with transaction(engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 11, last: 10}, brand=brand)
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 100})
        buy(session, world.hospital, "头孢呋辛", "0.75g", {before: 6, last: 6}, brand=brand)
        report = start(session, world)
        first, third = world.strengths["L01", "1mg"], world.strengths["L03", "0.75g"]
        assert numbers(session, report) == {
            (first.id, brand.id): 11,
            (first.id, None): 50,
            # The third lot is reported by generic name only.
            (third.id, None): 6,
        }
        assert all(line.is_prefilled for line in lines_of(session, report_id=report.id))


def test_a_strength_that_the_lot_does_not_list_is_shown_and_not_counted(engine, world):
    before, last = past(world)
    with transaction(engine) as session:
        buy(session, world.hospital, "阿莫西林", "125mg", {before: 40, last: 60})
        report = start(session, world)
        assert numbers(session, report) == {}
        uses = report_uses(
            session,
            round_=world.round_in(session),
            report=report,
            moment=database_moment(session),
        )
        lot = world.lots["L02"]
        assert uses.others == {(lot.id, "125mg", before): 40, (lot.id, "125mg", last): 60}


def test_starting_twice_gives_the_same_report(engine, world):
    with transaction(engine) as session:
        first = start(session, world)
    with transaction(engine) as session:
        assert start(session, world).id == first.id
        assert len(session.scalars(select(VolumeReport)).all()) == 1


def test_a_hospital_outside_of_the_rounds_regions_does_not_report(engine, world):
    with transaction(engine) as session:
        stranger = new_organisation(session, region="540100")
        with pytest.raises(NotInRoundError):
            start(session, world, stranger)


def test_a_member_of_a_group_reports_through_its_lead(engine, world):
    with transaction(engine) as session:
        with pytest.raises(ReportsThroughLeadError, match="县人民医院"):
            start(session, world, world.members[0])
        assert start(session, world, world.lead).hospital_id == world.lead.id


def test_a_leads_report_stands_beside_the_use_of_the_whole_group(engine, world):
    before, last = past(world)
    with transaction(engine) as session:
        for hospital in (world.lead, *world.members):
            buy(session, hospital, "阿那曲唑", "1mg", {before: 100, last: 200})
        report = start(session, world, world.lead)
        assert numbers(session, report) == {(world.strengths["L01", "1mg"].id, None): 450}


def test_lines_are_kept_changed_and_taken_away_one_by_one(engine, world):
    brand = world.brands[0]
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 100), entry(world, "L02", "250mg", 5))
        fill(session, report, entry(world, "L01", "1mg", 40, brand))
        fill(session, report, entry(world, "L02", "250mg", None))
        first = world.strengths["L01", "1mg"].id
        assert numbers(session, report) == {(first, None): 100, (first, brand.id): 40}


def test_a_stale_page_overwrites_nothing(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        version = report.version
        fill(session, report, entry(world, "L01", "1mg", 100))
    with transaction(engine) as session, pytest.raises(StaleError):
        save_entries(
            session,
            report=session.get_one(VolumeReport, report.id),
            entries=[entry(world, "L01", "1mg", 7)],
            seen=Seen(version),
            moment=database_moment(session),
        )


def test_a_page_is_not_stale_to_its_own_drafts(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        opened = Seen(report.version, "page one")

        def save(seen, quantity):
            save_entries(
                session,
                report=report,
                entries=[entry(world, "L01", "1mg", quantity)],
                seen=seen,
                moment=database_moment(session),
            )

        save(opened, 1)
        save(opened, 2)
        other = Seen(report.version, "page two")
        save(other, 3)
        with pytest.raises(StaleError):
            save(opened, 4)
        save(other, 3)


def test_saving_the_same_again_counts_no_change(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 5))
        version = report.version
        fill(session, report, entry(world, "L01", "1mg", 5), entry(world, "L03", "0.75g", None))
        assert report.version == version


def test_what_the_round_does_not_ask_for_is_refused_at_its_field(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        strange = [
            entry(world, "L03", "0.75g", 5, world.brands[0]),
            entry(world, "L01", "1mg", 5, world.hospital),
        ]
        with pytest.raises(InvalidInputError) as refusal:
            fill(session, report, *strange)
        assert [fault.field for fault in refusal.value.faults] == [
            f"q-{line.key}" for line in strange
        ]


def test_need_in_a_child_strength_counts_by_its_ratio_and_is_explained(engine, world):
    conversion = Conversion(
        kind=ConversionKind.CHILD, strength="125mg", quantity=75, ratio=Decimal("0.5")
    )
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L02", "250mg", 10, conversion=conversion))
        line = lines_of(session, report_id=report.id)[0]
        assert (line.quantity, line.demand) == (10, 48)
        add_letter(session, world, report)
        with pytest.raises(InvalidInputError) as refusal:
            send(session, world, report, letter=False)
        assert [fault.field for fault in refusal.value.faults] == [f"ct-{line.lot_strength_id}-0"]


def test_need_below_the_line_is_sent_only_with_a_reason_and_an_explanation(engine, world):
    before, last = past(world)
    lot = world.lots["L01"]
    with transaction(engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 12000, last: 9000})
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 8399))
        with pytest.raises(InvalidInputError) as refusal:
            send(session, world, report)
        assert [fault.field for fault in refusal.value.faults] == [f"reason-{lot.id}"]
        code_only = Explanation(lot_id=lot.id, reason_code="stock", reason_text=None)
        fill(session, report, explanations=(code_only,))
        with pytest.raises(InvalidInputError):
            send(session, world, report, letter=False)
        whole = Explanation(lot_id=lot.id, reason_code="stock", reason_text="年底库存 3000 片")
        fill(session, report, explanations=(whole,))
        event = send(session, world, report, letter=False)
        assert json.loads(event.content)["explanations"] == [[lot.id, "stock", "年底库存 3000 片"]]


def test_a_product_without_any_line_counts_as_no_need(engine, world):
    before, last = past(world)
    with transaction(engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 100, last: 100})
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", None))
        answers = check_answers(
            session,
            round_=world.round_in(session),
            report=report,
            moment=database_moment(session),
        )
        assert {fault.field for fault in answers.faults} == {
            f"reason-{world.lots['L01'].id}",
            "commitment",
        }


def test_need_moved_to_another_strength_is_no_reduction(engine, world):
    before, last = past(world)
    with transaction(engine) as session:
        buy(session, world.hospital, "阿莫西林", "250mg", {before: 100, last: 100})
        report = start(session, world)
        fill(
            session,
            report,
            entry(world, "L02", "250mg", 0),
            entry(world, "L02", "500mg", 40),
        )
        assert send(session, world, report).submission == 1


def test_a_submission_is_kept_as_it_was_with_number_and_digest(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 100, world.brands[0]))
        event = send(session, world, report)
        assert report.status == ReportStatus.SUBMITTED
        assert number_of(world.round, report) == f"BL-anhui-2026-1-{report.id:06}-1"
        strength = world.strengths["L01", "1mg"].id
        assert json.loads(event.content) == {
            "lines": [[strength, world.brands[0].id, 100]],
            "explanations": [],
        }
        assert event.digest == report.digest == text_digest(event.content)


def test_a_submitted_report_is_not_changed_but_taken_back_first(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 100))
        send(session, world, report)
        with pytest.raises(ReportNotOpenError):
            fill(session, report, entry(world, "L01", "1mg", 7))
        with pytest.raises(WrongReportStatusError):
            send(session, world, report, letter=False)
        withdraw_report(
            session,
            round_=world.round_in(session),
            report=report,
            version=report.version,
            actor=world.pharmacist,
            moment=database_moment(session),
        )
        fill(session, report, entry(world, "L01", "1mg", 120))
        second = send(session, world, report, letter=False)
        kinds = [event.kind for event in events_of(session, report_id=report.id)]
        assert kinds == ["started", "submitted", "withdrawn", "submitted"]
        assert (second.submission, report.submissions) == (2, 2)
    with snapshot(engine) as session:
        kept = session.scalars(select(VolumeEvent.content).order_by(VolumeEvent.id)).all()
        demands = [json.loads(content)["lines"][0][2] for content in kept if content]
        assert demands == [100, 120]


def test_a_late_report_is_refused_by_the_databases_clock_and_stays_a_draft(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 100))
        add_letter(session, world, report)
        round_ = close_window(session, world)
        with pytest.raises(LateReportError) as refusal:
            submit_report(
                session,
                round_=round_,
                report=report,
                version=report.version,
                actor=world.pharmacist,
                # The request says it is early; the database knows better.
                moment=database_moment(session) - timedelta(days=1),
            )
        assert refusal.value.arrived_at >= refusal.value.due_at
        assert report.status == ReportStatus.DRAFT


def test_a_round_that_is_not_reporting_takes_no_report(engine, world):
    with transaction(engine) as session:
        session.get_one(Round, world.round.id).status = RoundStatus.COMMENTS
        with pytest.raises(ReportingClosedError):
            start(session, world)


def test_the_record_of_submissions_cannot_be_changed(engine, world):
    with transaction(engine) as session:
        start(session, world)
    for change in ("UPDATE volume_event SET reason = 'x'", "DELETE FROM volume_event"):
        with pytest.raises(IntegrityError), transaction(engine) as session:
            session.execute(text(change))


def test_one_line_stands_once_by_generic_name_and_once_for_each_brand(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 1))
    double = {
        "report_id": report.id,
        "lot_strength_id": world.strengths["L01", "1mg"].id,
        "brand_id": None,
        "quantity": 2,
        "demand": 2,
    }
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(VolumeLine(**double))
