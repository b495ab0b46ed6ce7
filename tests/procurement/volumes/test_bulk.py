"""A bureau's file: streamed, the same twice is the same once, and a kill tears nothing."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import xlsxwriter
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from procurement.database import database_moment, snapshot, transaction
from procurement.notices import notices_of
from procurement.permissions import Actor
from procurement.volumes.bulk.service import work_on_upload
from procurement.volumes.bulk.uploads import SentFile, receive_upload, uploads_of
from procurement.volumes.errors import FileRefusedError, LateReportError
from procurement.volumes.filling.columns import BULK_COLUMNS
from procurement.volumes.filling.faulty_rows import faulty_rows
from procurement.volumes.reporting.review import Correction, accept_reports, return_report
from procurement.volumes.reporting.service import events_of, lines_of, report_of_hospital
from procurement.volumes.states import UploadKind, UploadStatus
from procurement.volumes.tables import (
    PurchaseHistory,
    VolumeEvent,
    VolumeLine,
    VolumeReport,
    VolumeUpload,
)
from tests.procurement.volumes.test_review import end_window
from tests.procurement.volumes.world import buy, entry, fill, past, send, start
from tests.procurement.world import actor_of, new_organisation, new_person

HEADER = "统一社会信用代码,品种编号,规格,生产企业,需求量,原因,原因说明"


class KilledError(Exception):
    """The process died in a transaction."""


@dataclass
class FakeRun:
    """A job's run that dies when it was told to: before its n-th commit."""

    engine: Engine
    lives: int = 10**9
    told: list[tuple[int, int]] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with transaction(self.engine) as session:
            yield session
            if self.lives <= 0:
                raise KilledError
            self.lives -= 1

    def moment(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - plays the clock

    def progress(self, done, total, *, session=None):
        self.told.append((done, total))


def csv_file(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def receive(session, world, content, *, actor: Actor | None = None, **more):
    return receive_upload(
        session,
        round_=world.round_in(session),
        file=SentFile(UploadKind.BULK, "报量.csv", io.BytesIO(content), **more),
        actor=actor or world.officer,
        moment=database_moment(session),
    )


def take(engine, world, content, **more):
    """Receive a file and work on it; return the upload as it is at the end."""
    chunk = more.pop("chunk", 3)
    with transaction(engine) as session:
        upload_id = receive(session, world, content, **more).id
    work_on_upload(FakeRun(engine), upload_id=upload_id, chunk=chunk)
    with snapshot(engine) as session:
        return session.get_one(VolumeUpload, upload_id)


def state_of(engine):
    """Everything that files write, without ids that depend on the order of inserts."""
    with snapshot(engine) as session:
        lines = session.execute(
            select(
                VolumeReport.hospital_id,
                VolumeReport.status,
                VolumeReport.digest,
                VolumeLine.lot_strength_id,
                VolumeLine.brand_id,
                VolumeLine.demand,
            ).join(VolumeLine, VolumeLine.report_id == VolumeReport.id)
        )
        submitted = session.execute(
            select(VolumeEvent.report_id, VolumeEvent.kind, func.count()).group_by(
                VolumeEvent.report_id, VolumeEvent.kind
            )
        )
        return sorted(map(repr, lines)), sorted(row[1:] for row in submitted)


def demands(session, world, hospital):
    report = report_of_hospital(session, round_id=world.round.id, hospital_id=hospital.id)
    assert report is not None
    return {
        (line.lot_strength_id, line.brand_id): line.demand
        for line in lines_of(session, report_id=report.id)
    }


def good_rows(world):
    code, lead = world.hospital.credit_code, world.lead.credit_code
    return [
        f"{code},L01,1mg,,100,,",
        f"{code},L01,1mg,甲制药有限公司,40,,",
        f"{code},L02,0.25g,,7,,",
        f"{code},L03,0.75g,,0,,",
        f"{lead},L01,1mg,,5,,",
        f"{lead},L02,500mg,乙制药有限公司,6,,",
    ]


def test_rows_of_many_hospitals_become_their_drafts(engine, world):
    upload = take(engine, world, csv_file(*good_rows(world)))
    assert (upload.status, upload.stored, upload.faults, upload.done) == ("done", 6, 0, 7)
    with snapshot(engine) as session:
        strengths = {key: row.id for key, row in world.strengths.items()}
        assert demands(session, world, world.hospital) == {
            (strengths["L01", "1mg"], None): 100,
            (strengths["L01", "1mg"], world.brands[0].id): 40,
            (strengths["L02", "250mg"], None): 7,
            (strengths["L03", "0.75g"], None): 0,
        }
        report = report_of_hospital(session, round_id=world.round.id, hospital_id=world.lead.id)
        assert report is not None
        assert report.status == "draft"
        notice = notices_of(session, organisation_id=world.bureau.id)[0]
        assert "6 行已导入" in notice.zh


def test_reports_are_submitted_on_behalf_where_the_bureau_says_so(engine, world):
    upload = take(engine, world, csv_file(*good_rows(world)), submits=True)
    assert upload.submitted == 2
    with snapshot(engine) as session:
        report = report_of_hospital(session, round_id=world.round.id, hospital_id=world.hospital.id)
        assert report is not None
        events = events_of(session, report_id=report.id)
        assert [event.kind for event in events] == ["started", "submitted"]
        assert (report.status, report.digest) == ("submitted", events[-1].digest)


def test_the_submitted_content_is_that_of_a_hospital_that_types_the_same(engine, world):
    take(engine, world, csv_file(*good_rows(world)), submits=True)
    with transaction(engine) as session:
        by_file = report_of_hospital(
            session, round_id=world.round.id, hospital_id=world.hospital.id
        )
        assert by_file is not None
        other = new_organisation(session, region="340100")
        typed = start(session, world, other)
        fill(
            session,
            typed,
            entry(world, "L03", "0.75g", 0),
            entry(world, "L01", "1mg", 40, world.brands[0]),
            entry(world, "L01", "1mg", 100),
            entry(world, "L02", "250mg", 7),
        )
        assert send(session, world, typed).digest == by_file.digest


def test_the_same_file_again_is_the_upload_that_exists(engine, world):
    content = csv_file(*good_rows(world))
    first = take(engine, world, content)
    with transaction(engine) as session:
        assert receive(session, world, content).id == first.id
        assert len(uploads_of(session, round_id=world.round.id, organisation_id=None)) == 1


def test_working_on_the_same_file_again_changes_nothing(engine, world):
    content = csv_file(*good_rows(world))
    take(engine, world, content, submits=True)
    before = state_of(engine)
    again = take(engine, world, content, submits=True, again=True)
    assert (again.stored, again.faults, again.submitted) == (6, 0, 0)
    assert state_of(engine) == before


def test_the_same_row_twice_is_one_line_also_across_chunks(engine, world):
    rows = good_rows(world)
    upload = take(engine, world, csv_file(rows[0], rows[0], rows[4], rows[5], rows[0]), chunk=2)
    assert (upload.stored, upload.faults) == (5, 0)
    with snapshot(engine) as session:
        assert len(session.scalars(select(VolumeLine)).all()) == 3


@pytest.mark.parametrize("chunk", [1, 2, 10])
def test_a_row_that_contradicts_an_earlier_one_is_listed_and_the_first_stays(engine, world, chunk):
    code = world.hospital.credit_code
    rows = [f"{code},L01,1mg,,100,,", f"{code},L02,250mg,,1,,", f"{code},L01,1mg,,999,,"]
    upload = take(engine, world, csv_file(*rows), chunk=chunk, submits=True)
    assert (upload.stored, upload.faults, upload.submitted) == (2, 1, 0)
    with snapshot(engine) as session:
        (row,) = faulty_rows(session, upload_id=upload.id)
        assert (row.number, row.cells["demand"], row.faults[0].column) == (4, "999", "demand")
        assert "第 2 行" in row.faults[0].zh
        assert (
            demands(session, world, world.hospital)[world.strengths["L01", "1mg"].id, None] == 100
        )


def test_every_fault_stands_at_its_cell_and_the_row_is_kept_as_typed(engine, world):
    code, member = world.hospital.credit_code, world.members[0].credit_code
    rows = [
        "91110000000000000X,L01,1mg,,5,,",
        f"{code},L99,1mg,,5,,",
        f"{code},L01,2mg,,5,,",
        f"{code},L01,1mg,丙制药,5,,",
        f"{code},L01,1mg,,约100,,",
        f"{code},L03,0.75g,甲制药有限公司,5,,",
        f"{code},L01,1mg,,5,没有的原因,",
        f"{member},L01,1mg,,5,,",
        ",L01,1mg,,x,,",
    ]
    upload = take(engine, world, csv_file(*rows))
    assert (upload.stored, upload.faults) == (0, 9)
    with snapshot(engine) as session:
        found = faulty_rows(session, upload_id=upload.id)
        assert [{fault.column for fault in row.faults} for row in found] == [
            {"hospital"},
            {"lot"},
            {"strength"},
            {"brand"},
            {"demand"},
            {"brand"},
            {"reason"},
            {"hospital"},
            {"hospital", "demand"},
        ]
        assert found[4].cells["demand"] == "约100"
        assert [row.number for row in found] == list(range(2, 11))
        assert not session.scalars(select(VolumeLine)).all()


def test_a_hospital_with_a_faulty_row_or_below_the_line_stays_a_draft(engine, world):
    before, last = past(world)
    third = None
    with transaction(engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 1000, last: 1000})
        third = new_organisation(session, region="340100")
    rows = [
        f"{world.hospital.credit_code},L01,1mg,,799,,",
        f"{world.lead.credit_code},L01,1mg,,5,,",
        f"{world.lead.credit_code},L01,9mg,,5,,",
        f"{third.credit_code},L01,1mg,,5,,",
    ]
    upload = take(engine, world, csv_file(*rows), submits=True)
    assert (upload.stored, upload.faults, upload.submitted) == (3, 2, 1)
    with snapshot(engine) as session:
        below, misread = faulty_rows(session, upload_id=upload.id)
        assert (below.number, below.faults[0].column, below.cells["demand"]) == (2, "why", "799")
        assert misread.number == 4
        found = session.execute(select(VolumeReport.hospital_id, VolumeReport.status))
        statuses = {hospital: status for hospital, status in found}
        assert statuses == {
            world.hospital.id: "draft",
            world.lead.id: "draft",
            third.id: "submitted",
        }


def test_an_explanation_in_the_file_lets_a_report_below_the_line_through(engine, world):
    before, last = past(world)
    with transaction(engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 1000, last: 1000})
    row = f"{world.hospital.credit_code},L01,1mg,,10,现有库存可供使用,库存 900 片"
    assert take(engine, world, csv_file(row), submits=True).submitted == 1


def test_the_use_of_a_groups_members_counts_for_its_lead(engine, world):
    before, last = past(world)
    with transaction(engine) as session:
        buy(session, world.members[0], "阿那曲唑", "1mg", {before: 1000, last: 1000})
    row = f"{world.lead.credit_code},L01,1mg,,799,,"
    assert take(engine, world, csv_file(row), submits=True).submitted == 0


def test_a_submitted_report_is_not_overwritten_until_it_is_returned(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 100))
        send(session, world, report)
    code = world.hospital.credit_code
    content = csv_file(f"{code},L01,1mg,,100,,", f"{code},L02,250mg,,3,,")
    upload = take(engine, world, content)
    assert (upload.stored, upload.faults) == (1, 1)
    with transaction(engine) as session:
        report = session.get_one(VolumeReport, report.id)
        return_report(
            session,
            round_=world.round_in(session),
            report=report,
            version=report.version,
            correction=Correction("请补报"),
            actor=world.officer,
            moment=database_moment(session),
        )
    assert take(engine, world, content, again=True).stored == 2


def test_a_province_writes_only_its_own_hospitals(engine, world):
    with transaction(engine) as session:
        bureau = new_organisation(session, "bureau", region="110000")
        actor = actor_of(new_person(session, bureau))
        own = new_organisation(session, region="110101")
    rows = [f"{own.credit_code},L01,1mg,,5,,", f"{world.hospital.credit_code},L01,1mg,,5,,"]
    upload = take(engine, world, csv_file(*rows), actor=actor)
    assert (upload.stored, upload.faults) == (1, 1)


def test_need_in_another_strength_is_converted(engine, world):
    header = f"{HEADER},折算类别,其他规格,其他规格数量,折算比,折算说明"
    code = world.hospital.credit_code
    row = f"{code},L02,250mg,,10,,,child,125mg,75,0.5,儿童用量"
    take(engine, world, csv_file(row, header=header), submits=True)
    with snapshot(engine) as session:
        assert demands(session, world, world.hospital) == {
            (world.strengths["L02", "250mg"].id, None): 48
        }


def test_excel_files_are_taken_like_csv_files(engine, world):
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory)
    sheet = book.add_worksheet()
    for number, row in enumerate([HEADER, *good_rows(world)]):
        cells = row.split(",")
        sheet.write_row(
            number, 0, [int(cell) if len(cell) < 4 and cell.isdigit() else cell for cell in cells]
        )
    book.close()
    upload = take(engine, world, memory.getvalue())
    assert (upload.stored, upload.faults) == (6, 0)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", "品种,数量\n1,2\n".encode(), b"\xff\xfe\x01"]
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(engine, world, content):
    upload = take(engine, world, content)
    assert upload.status == UploadStatus.REFUSED
    assert upload.refusal_zh
    assert upload.refusal_en


def test_an_empty_file_is_refused_at_once(engine, world):
    with transaction(engine) as session, pytest.raises(FileRefusedError):
        receive(session, world, b"")


def test_a_file_after_the_window_is_refused(engine, world):
    with transaction(engine) as session:
        end_window(session, world)
        with pytest.raises(LateReportError):
            receive(session, world, csv_file(*good_rows(world)))


@pytest.mark.parametrize("lives", range(9))
def test_going_on_after_a_kill_ends_like_a_run_without_one(engine, world, lives):
    content = csv_file(*good_rows(world), "?,L01,1mg,,1,,")
    with transaction(engine) as session:
        upload_id = receive(session, world, content, submits=True).id
    try:
        work_on_upload(FakeRun(engine, lives=lives), upload_id=upload_id, chunk=2)
    except KilledError:
        work_on_upload(FakeRun(engine), upload_id=upload_id, chunk=2)
    with snapshot(engine) as session:
        upload = session.get_one(VolumeUpload, upload_id)
        assert (upload.status, upload.stored, upload.faults, upload.submitted) == ("done", 6, 1, 2)
        kinds = sorted(session.scalars(select(VolumeEvent.kind)))
        assert kinds == ["started", "started", "submitted", "submitted"]


def test_two_workers_on_one_file_do_not_take_a_chunk_twice(engine, world):
    """The first worker was too slow and lost its lease; it stops when it sees the other's work."""
    with transaction(engine) as session:
        upload_id = receive(session, world, csv_file(*good_rows(world))).id
    slow = FakeRun(engine)
    opened = slow.transaction
    steps = iter(range(100))

    @contextmanager
    def overtaken():
        if next(steps) == 3:
            work_on_upload(FakeRun(engine), upload_id=upload_id, chunk=2)
        with opened() as session:
            yield session

    slow.transaction = overtaken  # type: ignore[method-assign]
    work_on_upload(slow, upload_id=upload_id, chunk=2)
    with snapshot(engine) as session:
        upload = session.get_one(VolumeUpload, upload_id)
        assert (upload.stored, upload.faults, upload.status) == (6, 0, "done")


def test_the_progress_is_told_with_every_chunk(engine, world):
    with transaction(engine) as session:
        upload_id = receive(session, world, csv_file(*good_rows(world))).id
    run = FakeRun(engine)
    work_on_upload(run, upload_id=upload_id, chunk=2)
    assert [done for done, _total in run.told[:3]] == [3, 5, 7]
    assert {total for _done, total in run.told} == {7}


def test_past_purchases_are_taken_and_a_second_file_replaces_them(engine, world):
    with transaction(engine) as session:
        buy(session, world.lead, "阿莫西林", "250mg", {2020: 1})
    header = "统一社会信用代码,年份,通用名,剂型,规格,生产企业,采购数量,采购金额"
    code = world.hospital.credit_code

    def import_history(*rows):
        with transaction(engine) as session:
            upload_id = receive_upload(
                session,
                round_=None,
                file=SentFile(
                    UploadKind.HISTORY, "x.csv", io.BytesIO(csv_file(*rows, header=header))
                ),
                actor=world.officer,
                moment=database_moment(session),
            ).id
        work_on_upload(FakeRun(engine), upload_id=upload_id, chunk=2)
        with snapshot(engine) as session:
            return session.get_one(VolumeUpload, upload_id)

    first = import_history(
        f"{code},2024,阿莫西林,,250mg,,100,12.5",
        f"{code},2024,阿莫西林,,250mg,甲制药有限公司,40,",
        f"{code},2024,阿司匹林,,1mg,,1,",
        f"{code},1024,阿莫西林,,250mg,,x,1.23456",
    )
    assert (first.stored, first.faults) == (2, 2)
    assert import_history(f"{code},2024,阿莫西林,,250mg,,120,").stored == 1
    with snapshot(engine) as session:
        rows = session.scalars(
            select(PurchaseHistory)
            .where(PurchaseHistory.hospital_id == world.hospital.id)
            .order_by(PurchaseHistory.id)
        )
        assert [(row.brand_id, row.quantity, row.amount) for row in rows] == [
            (None, 120, None),
            (world.brands[0].id, 40, None),
        ]


def test_accepted_reports_of_a_file_count(engine, world):
    take(engine, world, csv_file(*good_rows(world)), submits=True)
    with transaction(engine) as session:
        ids = session.scalars(select(VolumeReport.id)).all()
        accepted = accept_reports(
            session,
            round_=world.round_in(session),
            report_ids=ids,
            actor=world.officer,
            moment=database_moment(session),
        )
        assert accepted == 2


def test_the_columns_of_a_file_are_the_documented_ones():
    needed = [column.key for column in BULK_COLUMNS if column.is_needed]
    assert needed == ["hospital", "lot", "strength", "demand"]
