"""The quarterly report: made once by a job that survives a kill, the same again from the same."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from procurement.app.stages import JOBS
from procurement.china_days import Quarter
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.jobs import Worker, run_due_jobs
from procurement.jobs.tables import Job
from procurement.monitoring.errors import SourcesUnknownError
from procurement.monitoring.report import making
from procurement.monitoring.report.content import canonical, digest_of, make_content
from procurement.monitoring.report.figures import figures_of
from procurement.monitoring.report.making import facts_of, report_folder, start_report, sums_in
from procurement.monitoring.report.publishing import publish_report
from procurement.monitoring.report.tables_of import tables_of
from procurement.monitoring.states import ReportStatus, WrongStateError
from procurement.monitoring.tables import QuarterlyReport, QuarterlyReportFile
from procurement.orders.partitions.writing import partition_path, read_partition
from procurement.settings import Settings
from tests.procurement.platform import KEY


class KilledError(BaseException):
    """Nothing catches it, like a kill."""


BOUGHT = (
    (0, 0, date(2026, 11, 5), 100, "2.00"),
    (1, 0, date(2026, 12, 5), 100, "2.00"),
    (0, 1, date(2026, 12, 9), 50, "1.00"),
    (0, 0, date(2027, 1, 5), 100, "2.20"),
    (1, 0, date(2027, 2, 5), 60, "2.20"),
    (2, 0, date(2027, 3, 5), 60, "2.40"),
    (1, 1, date(2027, 2, 9), 50, "0.90"),
    (2, 1, date(2027, 3, 9), -10, "0.90"),
)


@pytest.fixture
def bought(world):
    """Purchases of two quarters."""
    world.buy(*BOUGHT)
    return world


def ask(world, *, measures=("", "")) -> int:
    with transaction(world.engine) as session:
        return start_report(
            session,
            year=2027,
            quarter=1,
            measures=measures,
            actor=world.officer,
            moment=world.moment,
        ).id


def work(world, folder) -> None:
    settings = Settings(folder, str(world.engine.url), secret_key=KEY)
    run_due_jobs(Worker(world.engine, settings, JOBS, lambda: world.moment))


def report_of(world, report_id) -> QuarterlyReport:
    with snapshot(world.engine) as session:
        return session.get_one(QuarterlyReport, report_id)


def content_of(world, report_id):
    return json.loads(report_of(world, report_id).content or "null")


def test_a_report_says_what_the_purchases_say(bought, tmp_path):
    bought.give(sources_min="2")
    report_id = ask(bought, measures=("约谈企业", "Firms were called in"))
    work(bought, tmp_path)
    row, content = report_of(bought, report_id), content_of(bought, report_id)
    assert (row.status, row.fault) == (ReportStatus.MADE, None)
    assert row.digest == digest_of(row.content or "")
    # 220 units for 496 and 40 for 36 yuan, after 200 at 2.00 and 50 at 1.00: P = 532 / 480.
    assert content["index"]["quarter"] == {
        "laspeyres": "110.20",
        "paasche": "110.83",
        "fisher": "110.52",
        "matched": 2,
        "share": "100.00",
    }
    assert content["index"]["finding"]["zh"] == "本季度价格总水平比上季度上涨 10.52%"
    assert [one["change"] for one in content["movers"]["up"]] == ["12.73"]
    # The second drug was taken in by one hospital only.
    assert (content["movers"]["down"], content["movers"]["hidden"]) == ([], 1)
    assert [one["ratio"] for one in content["gaps"]["rows"]] == ["1.09"]
    assert content["measures"] == {"zh": "约谈企业", "en": "Firms were called in"}
    assert content["sources"]["lines"] == len(BOUGHT)


def test_without_the_least_number_of_sources_nothing_single_is_named(bought, tmp_path):
    report_id = ask(bought)
    work(bought, tmp_path)
    content = content_of(bought, report_id)
    assert content["movers"]["up"] == content["gaps"]["rows"] == content["delivery"]["makers"] == []
    assert content["movers"]["hidden"] == 2
    with pytest.raises(SourcesUnknownError), transaction(bought.engine) as session:
        publish_report(
            session, report_id=report_id, version=2, actor=bought.second, moment=bought.moment
        )


def test_a_report_made_again_from_its_partitions_has_the_same_digest(bought, tmp_path):
    bought.give(sources_min="2")
    report_id = ask(bought)
    work(bought, tmp_path)
    row = report_of(bought, report_id)
    folder = report_folder(tmp_path, report_id)
    places = [
        partition_path(folder, year=one["year"], region=one["region"])
        for one in json.loads(row.partitions or "")
    ]
    written = [one for place in places if (one := read_partition(place)) is not None]
    with snapshot(bought.engine) as session:
        sums = sums_in(folder, written, Quarter(2027, 1))
        facts = facts_of(session, report=row, sums=sums, written=written)
    assert digest_of(canonical(make_content(facts))) == row.digest


def test_two_reports_of_the_same_facts_say_the_same_and_print_the_same_bytes(bought, tmp_path):
    first, second = ask(bought), ask(bought)
    work(bought, tmp_path)
    assert report_of(bought, first).digest == report_of(bought, second).digest
    with snapshot(bought.engine) as session:
        files = session.scalars(select(QuarterlyReportFile)).all()
        digests = {(one.language, one.digest) for one in files}
        assert len(files) == 4
        assert len(digests) == 2
        assert all(one.content.startswith(b"%PDF") for one in files)


AT = ("write_partition", "make_content", "print_report", "_end")


@pytest.mark.parametrize("at", AT)
def test_a_killed_job_goes_on_and_makes_the_report_once(bought, tmp_path, monkeypatch, at):
    whole = getattr(making, at)
    calls = []

    def dying(*args, **named):
        calls.append(at)
        if at != "print_report" or len(calls) == 2:
            monkeypatch.setattr(making, at, whole)
            raise KilledError
        return whole(*args, **named)

    report_id = ask(bought)
    monkeypatch.setattr(making, at, dying)
    with pytest.raises(KilledError):
        work(bought, tmp_path)
    assert report_of(bought, report_id).status == ReportStatus.MAKING
    bought.moment += timedelta(minutes=5)
    work(bought, tmp_path)
    row = report_of(bought, report_id)
    assert (row.status, row.fault) == (ReportStatus.MADE, None)
    with snapshot(bought.engine) as session:
        assert session.scalar(select(func.count()).select_from(QuarterlyReportFile)) == 2
        assert set(session.scalars(select(Job.status))) == {"done"}


def test_a_report_without_purchases_says_so_and_is_drawn_all_the_same(world, tmp_path):
    report_id = ask(world)
    work(world, tmp_path)
    content = content_of(world, report_id)
    assert content["index"]["quarter"] is None
    assert "没有可比" in content["index"]["finding"]["zh"]
    assert set(figures_of(content, language="en").values()) == {""}


def test_tables_and_charts_speak_the_language_that_is_asked_for(bought, tmp_path):
    bought.give(sources_min="2")
    report_id = ask(bought)
    work(bought, tmp_path)
    content = content_of(bought, report_id)
    for language, word in (("zh", "最低"), ("en", "lowest")):
        tables = tables_of(content, language=language)
        figures = figures_of(content, language=language)
        assert word in tables["gaps"][0].headings
        assert figures["gaps"].count("<circle") == 2
        assert figures["index"].startswith("<svg")
        assert "style=" not in "".join(figures.values())


@pytest.mark.parametrize(
    ("year", "quarter", "measures", "field"),
    [
        (2027, 2, ("", ""), "quarter"),
        (2027, 5, ("", ""), "quarter"),
        (1999, 1, ("", ""), "quarter"),
        (2027, 1, ("只有中文", ""), "measures_en"),
    ],
)
def test_only_a_quarter_that_is_over_is_made_and_words_come_in_both_languages(
    world, year, quarter, measures, field
):
    with pytest.raises(InvalidInputError) as refused, transaction(world.engine) as session:
        start_report(
            session,
            year=year,
            quarter=quarter,
            measures=measures,
            actor=world.officer,
            moment=datetime(2027, 4, 1, tzinfo=UTC),
        )
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_report_is_published_once_and_by_the_page_that_is_not_stale(bought, tmp_path):
    bought.give(sources_min="2")
    report_id = ask(bought)

    def publish(version):
        with transaction(bought.engine) as session:
            publish_report(
                session,
                report_id=report_id,
                version=version,
                actor=bought.second,
                moment=bought.moment,
            )

    with pytest.raises(WrongStateError):
        publish(1)
    work(bought, tmp_path)
    with pytest.raises(StaleError):
        publish(1)
    publish(2)
    with pytest.raises(WrongStateError):
        publish(3)
    assert report_of(bought, report_id).status == ReportStatus.PUBLISHED
