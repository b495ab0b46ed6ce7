"""Rehearsals: a clock that all processes share, and a database that is never taken for another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from procurement.cli import main
from procurement.cli.opening import OtherFolderError, open_installation
from procurement.database import (
    BadSpeedError,
    OtherInstallationError,
    SandboxClock,
    clock_speed,
    database_moment,
    make_engine,
    open_database,
    set_pace,
    snapshot,
    transaction,
)
from procurement.database.moments import Pace, real_moment
from procurement.database.tables import ClockSegment
from procurement.jobs import Worker, enqueue
from procurement.jobs.tables import Job
from procurement.jobs.worker import run_due_jobs
from procurement.notices import notify
from procurement.notices.service import notices_of
from procurement.settings import Settings, read_settings
from procurement.timetable.heartbeat import beat, outages_since
from tests.procurement.platform import KEY
from tests.procurement.rounds.world import new_bureau

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def sandbox(engine):
    """The same database, opened for a rehearsal."""
    url = engine.url.render_as_string(hide_password=False)
    made = open_database(url, sandbox=True)
    yield made
    made.dispose()


def test_a_database_is_for_one_purpose_for_ever(engine, sandbox):
    url = engine.url.render_as_string(hide_password=False)
    with pytest.raises(OtherInstallationError, match="for rehearsals"):
        open_database(url)
    open_database(url, sandbox=True).dispose()


def test_a_database_for_real_business_is_never_a_rehearsal(engine):
    url = engine.url.render_as_string(hide_password=False)
    open_database(url).dispose()
    with pytest.raises(OtherInstallationError, match="for real business"):
        open_database(url, sandbox=True)


def test_a_database_of_before_there_were_marks_is_for_real(engine):
    with transaction(engine) as session:
        new_bureau(session)
    with pytest.raises(OtherInstallationError):
        open_database(engine.url.render_as_string(hide_password=False), sandbox=True)


def test_a_data_folder_is_for_one_purpose(tmp_path):
    rehearsal = read_settings({"JICAI_DATA": str(tmp_path / "a"), "JICAI_SANDBOX": "1"})
    open_installation(rehearsal).dispose()
    with pytest.raises(OtherFolderError):
        open_installation(read_settings({"JICAI_DATA": str(tmp_path / "a")}))
    open_installation(read_settings({"JICAI_DATA": str(tmp_path / "b")})).dispose()
    with pytest.raises(OtherFolderError):
        open_installation(read_settings({"JICAI_DATA": str(tmp_path / "b"), "JICAI_SANDBOX": "1"}))


def test_a_rehearsal_has_a_folder_of_its_own_unless_one_is_named():
    assert read_settings({"JICAI_SANDBOX": "1"}).data.name == "jicai-sandbox"
    assert read_settings({"JICAI_SANDBOX": "0"}).data.name == "jicai-data"


def test_time_runs_faster_for_all_processes_alike(sandbox, engine):
    with transaction(sandbox) as session:
        pace = set_pace(session, speed=1000)
    other = make_engine(engine.url.render_as_string(hide_password=False), sandbox=True)
    clocks = SandboxClock(sandbox), SandboxClock(other)
    with snapshot(sandbox) as session:
        real, shown = real_moment(session), database_moment(session)
        assert clock_speed(session) == 1000
    assert abs((shown - pace.at(real)).total_seconds()) < 1000
    # The same to the precision of the two questions.
    assert abs((clocks[0]() - clocks[1]()).total_seconds()) < 1000
    assert clocks[1].speed == 1000
    other.dispose()


def test_outside_of_rehearsals_the_clock_is_the_databases(engine):
    with snapshot(engine) as session:
        assert clock_speed(session) == 1
        assert abs((database_moment(session) - real_moment(session)).total_seconds()) < 5


@given(speeds=st.lists(st.integers(1, 100_000), min_size=1, max_size=8), seconds=st.integers(0, 50))
def test_a_clock_never_goes_back_when_its_speed_changes(speeds, seconds):
    pace, real = Pace(NOON, NOON, 1), NOON
    for speed in speeds:
        real += timedelta(seconds=seconds)
        before = pace.at(real)
        pace = Pace(real, before, speed)
        assert pace.at(real) == before
        assert pace.at(real + timedelta(seconds=1)) - before == timedelta(seconds=speed)


def test_a_clock_is_put_forward_and_not_back(sandbox):
    with transaction(sandbox) as session:
        set_pace(session, speed=1, shown=database_moment(session) + timedelta(days=30))
    with transaction(sandbox) as session:
        assert (database_moment(session) - real_moment(session)).days >= 29
        for speed, shown in ((0, None), (100_001, None), (5, real_moment(session))):
            with pytest.raises(BadSpeedError):
                set_pace(session, speed=speed, shown=shown)


def test_what_the_clock_showed_is_never_changed(sandbox):
    with pytest.raises(IntegrityError), transaction(sandbox) as session:
        session.query(ClockSegment).update({"speed": 7})


def test_leases_and_outages_are_measured_in_real_time(sandbox, tmp_path):
    with transaction(sandbox) as session:
        set_pace(session, speed=3600)
        first = database_moment(session)
        beat(session, moment=first)
        beat(session, moment=first + timedelta(minutes=30))
        assert outages_since(session, first) == []
        beat(session, moment=first + timedelta(hours=40))
        assert len(outages_since(session, first)) == 1
    leased = []

    def look(run):
        with transaction(sandbox) as session:
            job = session.get_one(Job, run.job_id)
            leased.append(job.leased_until - run.moment())

    clock = SandboxClock(sandbox)
    with transaction(sandbox) as session:
        enqueue(session, kind="look", payload={}, moment=clock())
    settings = Settings(tmp_path, "", secret_key=KEY, is_sandbox=True)
    worker = Worker(sandbox, settings, {"look": look}, SandboxClock(sandbox))
    run_due_jobs(worker)
    assert leased[0] > timedelta(hours=30)


def test_notices_of_a_rehearsal_say_what_they_are(sandbox):
    with transaction(sandbox) as session:
        bureau = new_bureau(session)
        notify(
            session,
            organisation_id=bureau.id,
            zh="申报已截止",
            en="Bidding has closed",
            link="/",
            moment=NOON,
        )
        (notice,) = notices_of(session, organisation_id=bureau.id)
    assert (notice.zh, notice.en) == ("〔演练〕申报已截止", "[Rehearsal] Bidding has closed")


def test_the_command_sets_the_clock(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JICAI_DATA", str(tmp_path / "a"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["sandbox", "--speed", "60", "--shows", "2099-12-01T09:00+08:00"]) == 0
    assert "2099-12-01 01:00" in capsys.readouterr().out
    assert main(["sandbox", "--lang", "en"]) == 0
    assert "x 60" in capsys.readouterr().out
    assert main(["sandbox", "--shows", "2098-12-01T09:00+08:00"]) == 2
    assert main(["invite", "--name", "x", "--credit-code", "91350100M000100Y43"]) == 2
    assert "files of a rehearsal" in capsys.readouterr().err
