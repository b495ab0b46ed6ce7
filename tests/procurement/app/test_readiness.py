"""Alive, ready, and what operators read off it."""

import shutil
from datetime import UTC, datetime, timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from procurement.app.readiness import Readiness, is_ready
from procurement.database import database_moment, make_engine, transaction
from procurement.jobs import enqueue
from procurement.jobs.tables import Job, JobStatus
from procurement.settings import Settings
from procurement.timetable.heartbeat import beat
from tests.procurement.platform import running_platform


def readiness(engine, folder, *workers):
    return Readiness(engine, Settings(folder, str(engine.url)), workers or None)


def test_a_process_with_everything_is_ready(engine, tmp_path):
    with running_platform(engine, tmp_path, works=True) as platform:
        answer = platform.nobody().get("/ready")
    assert answer.status_code == 200
    assert answer.json() == dict.fromkeys(("database", "schema", "worker", "disk"), "ok")


def test_a_process_is_alive_without_its_database(engine, tmp_path):
    with running_platform(engine, tmp_path) as platform:
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))
        assert platform.nobody().get("/health").json() == {"status": "ok"}
        assert platform.nobody().get("/ready").status_code == 503


def test_a_database_that_is_away_is_said_and_nothing_raised(tmp_path):
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    checked = readiness(away, tmp_path).check()
    assert checked["database"] == checked["schema"] == "failing"
    assert not is_ready(checked)


def test_a_worker_that_is_dead_or_silent_is_noticed(engine, tmp_path):
    alive = SimpleNamespace(is_alive=lambda: True)
    assert readiness(engine, tmp_path, Thread()).check()["worker"] == "failing"
    assert readiness(engine, tmp_path, alive, Thread()).check()["worker"] == "failing"
    assert readiness(engine, tmp_path, alive).check()["worker"] == "failing"
    with transaction(engine) as session:
        beat(session, moment=database_moment(session))
    assert readiness(engine, tmp_path, alive).check()["worker"] == "ok"
    with transaction(engine) as session:
        session.execute(text("DELETE FROM heartbeat"))
        beat(session, moment=database_moment(session) - timedelta(minutes=5))
    assert readiness(engine, tmp_path, alive).check()["worker"] == "failing"
    with transaction(engine) as session:
        moment = database_moment(session)
        job = session.get_one(Job, enqueue(session, kind="x", payload={}, moment=moment))
        job.status, job.leased_until = JobStatus.RUNNING, moment + timedelta(minutes=1)
    # It is busy with a long job, and says so by its lease.
    assert readiness(engine, tmp_path, alive).check()["worker"] == "ok"


def test_a_full_disk_is_noticed(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    assert readiness(engine, tmp_path / "missing").check()["disk"] == "failing"


@pytest.mark.parametrize("role", ["rounds", "help"])
def test_requests_are_counted_by_template_and_never_by_address(engine, tmp_path, role):
    with running_platform(engine, tmp_path) as platform:
        platform.nobody().get("/help/verify?secret=1234567")
        platform.nobody().get(f"/{role}")
        told = platform.nobody().get("/metrics").text
    assert 'route="/help/{name}",status="2xx"' in told
    assert "1234567" not in told
    assert "help/verify" not in told


def test_the_age_of_the_queue_is_told(engine, tmp_path):
    moment = datetime(2026, 11, 22, 9, tzinfo=UTC)
    with transaction(engine) as session:
        enqueue(session, kind="x", payload={}, moment=moment - timedelta(seconds=90))
        enqueue(session, kind="y", payload={}, moment=moment, run_at=moment + timedelta(days=1))
    with running_platform(engine, tmp_path, clock=lambda: moment) as platform:
        told = platform.nobody().get("/metrics").text
    assert "jicai_queue_age_seconds 90.0" in told
    assert 'jicai_jobs{status="queued"} 2.0' in told


def test_nothing_that_is_told_measures_disk_or_database(engine, tmp_path):
    with running_platform(engine, tmp_path) as platform:
        told = platform.nobody().get("/metrics").text
    names = {line.split("{")[0].split(" ")[0] for line in told.splitlines() if line[0] != "#"}
    assert not [name for name in names if "bytes" in name or "disk" in name or "process" in name]
