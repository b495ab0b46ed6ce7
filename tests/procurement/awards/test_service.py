"""Reports are kept as written, for ever, and the last one is found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from procurement.awards.service import UnknownRoundError, latest_report, store_report
from procurement.awards.tables import EvaluationReport
from procurement.database import snapshot, text_digest, transaction
from procurement.rounds.service import RoundDocument, store_round

MOMENT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def round_id(engine):
    document = RoundDocument(
        name="national-3-2020",
        title="第三批国家组织药品集中采购",
        rulebook="national-3",
        rulebook_digest="a" * 64,
        opened_on=date(2020, 8, 20),
        facts="{}",
    )
    with transaction(engine) as session:
        return store_round(session, document=document, moment=MOMENT).id


def store(engine, round_id, report="{}", moment=MOMENT):
    with transaction(engine) as session:
        return store_report(
            session,
            round_id=round_id,
            report=report,
            rulebook_digest="a" * 64,
            code_version="0.1.0",
            moment=moment,
        )


def latest(engine, round_id):
    with snapshot(engine) as session:
        return latest_report(session, round_id=round_id)


def test_a_report_is_kept_byte_for_byte(engine, round_id):
    written = '{"lots":  [{"product": "二甲双胍", "share": "0.70"}]}\n'
    store(engine, round_id, written)
    kept = latest(engine, round_id)
    assert kept.report == written
    assert kept.report_digest == text_digest(written)
    assert (kept.rulebook_digest, kept.code_version) == ("a" * 64, "0.1.0")
    assert kept.evaluated_at == MOMENT


def test_a_round_without_evaluation_has_no_report(engine, round_id):
    assert latest(engine, round_id) is None


def test_the_report_stored_last_counts_even_when_a_clock_was_set_back(engine, round_id):
    store(engine, round_id, "1")
    store(engine, round_id, "2", MOMENT - timedelta(days=1))
    assert latest(engine, round_id).report == "2"


def test_a_report_of_an_unknown_round_is_refused(engine):
    with pytest.raises(UnknownRoundError) as refused:
        store(engine, 7)
    assert refused.value.round_id == 7


def test_the_round_of_a_report_can_be_followed(engine, round_id):
    store(engine, round_id)
    with snapshot(engine) as session:
        report = latest_report(session, round_id=round_id)
        assert report is not None
        assert report.round.name == "national-3-2020"


@pytest.mark.parametrize(
    "change",
    [
        update(EvaluationReport).values(report="[]"),
        delete(EvaluationReport),
        text("DELETE FROM round"),
    ],
    ids=["update", "delete", "delete-its-round"],
)
def test_a_report_cannot_be_changed_or_lost(engine, round_id, change):
    store(engine, round_id)
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(change)
    assert latest(engine, round_id).report == "{}"
