"""The durable job that makes a report: partitions, content, one PDF a language, in steps.

Each step finds what was done before, so that a kill after any of them costs nothing but that step.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.divisions import division_name
from procurement.accounts.tables import Organisation
from procurement.china_days import Quarter, day_in_china, quarter_of
from procurement.database import snapshot
from procurement.errors import FieldFault, InvalidInputError, JicaiError, RefusedError
from procurement.jobs import JobRun, enqueue
from procurement.monitoring.analytics.engine import QuarterSums, quarter_sums
from procurement.monitoring.analytics.source import PurchasePaths
from procurement.monitoring.report.content import Facts, canonical, digest_of, make_content
from procurement.monitoring.report.gathering import gather, names_by_code
from procurement.monitoring.report.printed import LANGUAGES, print_report
from procurement.monitoring.report.undisclosed import undisclosed_drugs
from procurement.monitoring.states import ReportStatus, check_report
from procurement.monitoring.tables import (
    MonitoringParameters,
    QuarterlyReport,
    QuarterlyReportFile,
)
from procurement.monitoring.thresholds import newest_parameters, thresholds_in
from procurement.notices import notify
from procurement.orders.partitions.writing import (
    Partition,
    partition_path,
    partitions_there_are,
    write_partition,
)
from procurement.permissions import Actor
from procurement.volumes.rules import region_prefix

MAKE_REPORT_JOB = "make-quarterly-report"
FOLDER = "monitoring"
MEASURES_MAX = 20_000
FIRST_YEAR = 2000


def start_report(
    session: Session,
    *,
    year: int,
    quarter: int,
    measures: tuple[str, str],
    actor: Actor,
    moment: datetime,
) -> QuarterlyReport:
    """Ask for the report of a quarter that is over; a job makes it.

    Args:
        session: Session of the caller's transaction.
        year: Calendar year.
        quarter: 1 to 4.
        measures: What the bureau did and will do, in Chinese and English; may be empty.
        actor: An officer of the bureau.
        moment: Now: what was recorded until then counts.

    Raises:
        InvalidInputError: With every fault.
    """
    _check(year, quarter, measures, moment)
    parameters = newest_parameters(session, bureau_id=actor.organisation_id or 0)
    report = QuarterlyReport(
        bureau_id=actor.organisation_id,
        region=actor.region,
        year=year,
        quarter=quarter,
        measures=measures[0],
        measures_en=measures[1],
        parameters_id=None if parameters is None else parameters.id,
        status=ReportStatus.MAKING,
        asked_by=actor.person_id,
        asked_at=moment,
    )
    session.add(report)
    session.flush()
    report.job_id = enqueue(
        session,
        kind=MAKE_REPORT_JOB,
        payload={"report": report.id},
        moment=moment,
        key=f"{MAKE_REPORT_JOB}-{report.id}",
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="ask-quarterly-report",
        subject=f"quarterly-report/{report.id}",
        facts={"quarter": f"{year}Q{quarter}", "region": report.region},
        moment=moment,
    )
    return report


def _check(year: int, quarter: int, measures: tuple[str, str], moment: datetime) -> None:
    faults = []
    is_quarter = 1 <= quarter <= 4 and FIRST_YEAR <= year <= moment.year + 1
    if not is_quarter or Quarter(year, quarter) >= quarter_of(day_in_china(moment)):
        zh, en = "须为已经结束的季度。", "Expected a quarter that is over."
        faults.append(FieldFault("quarter", zh, en))
    for name, text in zip(("measures", "measures_en"), measures, strict=True):
        if len(text) > MEASURES_MAX:
            zh, en = f"不超过 {MEASURES_MAX:,} 字。", f"At most {MEASURES_MAX:,} characters."
            faults.append(FieldFault(name, zh, en))
    if bool(measures[0]) != bool(measures[1]):
        zh, en = "中英文须都填写或都留空。", "Give it in both languages, or in none."
        faults.append(FieldFault("measures_en" if measures[0] else "measures", zh, en))
    if faults:
        raise InvalidInputError(faults)


def make_report(run: JobRun) -> None:
    """Make a report; what cannot be made ends it in words."""
    report_id = int(str(run.payload["report"]))
    with run.transaction() as session:
        report = session.get_one(QuarterlyReport, report_id)
        if report.status != ReportStatus.MAKING:
            return
        is_written = report.content is not None
    try:
        if not is_written:
            _write_content(run, report_id, write_partitions(run, report_id))
        fault = _print(run, report_id)
    except JicaiError as error:
        _end(run, report_id, ReportStatus.FAILED, str(error))
        return
    _end(run, report_id, ReportStatus.MADE, fault)


def report_folder(data: Path, report_id: int) -> Path:
    """Return where the purchase lines of a report lie."""
    return data / FOLDER / f"report-{report_id:06d}"


def write_partitions(run: JobRun, report_id: int) -> list[Partition]:
    """Write the purchase lines of the years that the report compares, of its region."""
    with snapshot(run.engine) as session:
        report = session.get_one(QuarterlyReport, report_id)
        quarter = Quarter(report.year, report.quarter)
        years = sorted({quarter.year, quarter.before.year})
        wanted = partitions_there_are(session, region=region_prefix(report.region), years=years)
    folder = report_folder(run.settings.data, report_id)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (year, region) in enumerate(wanted):
        total = len(wanted) + _STEPS_AFTER
        run.progress(number, total)
        written.append(
            write_partition(
                run.engine,
                folder=folder,
                year=year,
                region=region,
                # A large partition takes longer than a worker is believed to be alive.
                beat=lambda _rows, at=number, of=total: run.progress(at, of),  # type: ignore[misc]
            )
        )
    return written


_STEPS_AFTER = 3
"""The content, and one PDF a language."""


def _write_content(run: JobRun, report_id: int, written: Sequence[Partition]) -> None:
    folder = report_folder(run.settings.data, report_id)
    with snapshot(run.engine) as session:
        report = session.get_one(QuarterlyReport, report_id)
        sums = sums_in(folder, written, Quarter(report.year, report.quarter))
        facts = facts_of(session, report=report, sums=sums, written=written)
    text = canonical(make_content(facts))
    with run.transaction() as session:
        report = session.get_one(QuarterlyReport, report_id)
        report.partitions = json.dumps([one.as_json() for one in written])
        report.content = text
        report.digest = digest_of(text)
        run.progress(len(written) + 1, len(written) + _STEPS_AFTER, session=session)


def sums_in(folder: Path, written: Sequence[Partition], quarter: Quarter) -> QuarterSums:
    """Sum partitions; of none at all nothing is known."""
    paths = [
        partition_path(folder, year=one.year, region=one.region) / part.name
        for one in written
        for part in one.parts
    ]
    if not paths:
        return QuarterSums(quarter, {}, {}, ())
    return quarter_sums(PurchasePaths(paths), quarter)


def facts_of(
    session: Session,
    *,
    report: QuarterlyReport,
    sums: QuarterSums,
    written: Sequence[Partition],
) -> Facts:
    """Bring together what a report is made of."""
    parameters = (
        None
        if report.parameters_id is None
        else session.get_one(MonitoringParameters, report.parameters_id)
    )
    quarter = Quarter(report.year, report.quarter)
    return Facts(
        bureau=session.get_one(Organisation, report.bureau_id).name,
        region=report.region,
        region_names=division_name(report.region),
        quarter=quarter,
        asked_at=report.asked_at.isoformat(),
        measures=(report.measures, report.measures_en),
        thresholds=thresholds_in(parameters),
        sums=sums,
        gathered=gather(session, report=report),
        makers=names_by_code(session, (drug.maker for drug in sums.prices)),
        partitions=[_brief(one) for one in written],
        undisclosed=undisclosed_drugs(session, region=report.region, quarter=quarter),
    )


def _brief(one: Partition) -> Mapping[str, object]:
    files = ",".join(part.digest for part in one.parts)
    return {
        "year": one.year,
        "region": one.region,
        "rows": one.sums.rows,
        "digest": digest_of(files),
    }


def _print(run: JobRun, report_id: int) -> str | None:
    """Print what is not printed yet; returns why it could not be."""
    with snapshot(run.engine) as session:
        report = session.get_one(QuarterlyReport, report_id)
        content, moment = json.loads(report.content or "{}"), report.asked_at
        digest = report.digest or ""
        there = set(
            session.scalars(select(QuarterlyReportFile.language).filter_by(report_id=report_id))
        )
    for language in LANGUAGES:
        if language in there:
            continue
        try:
            printed = print_report(content, digest=digest, language=language, moment=moment)
        except RefusedError as refusal:
            return refusal.zh
        with run.transaction() as session:
            session.add(
                QuarterlyReportFile(
                    report_id=report_id,
                    language=language,
                    digest=_digest_of_file(printed),
                    content=printed,
                    made_at=run.moment(),
                )
            )
    return None


def _digest_of_file(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _end(run: JobRun, report_id: int, status: ReportStatus, fault: str | None) -> None:
    with run.transaction() as session:
        report = session.get_one(
            QuarterlyReport, report_id, with_for_update=True, populate_existing=True
        )
        if report.status != ReportStatus.MAKING:
            return
        check_report(report.status, status)
        report.status = status
        report.fault = None if fault is None else fault[:500]
        report.made_at = run.moment()
        report.version += 1
        is_made = status is ReportStatus.MADE
        notify(
            session,
            organisation_id=report.bureau_id,
            zh=f"{report.year}年第{report.quarter}季度监测报告"
            + ("已生成，待复核发布" if is_made else "未能生成"),
            en=f"The monitoring report of {report.year}Q{report.quarter} "
            + ("is made and waits to be published" if is_made else "could not be made"),
            link=f"/monitoring/reports/{report.id}",
            moment=run.moment(),
            key=f"{MAKE_REPORT_JOB} {report.id}",
        )
