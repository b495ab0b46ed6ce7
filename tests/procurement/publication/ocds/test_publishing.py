"""Releases are made once for each thing that happened, and never change."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from procurement.database import database_moment, snapshot, transaction
from procurement.jobs import Job, Worker, run_due_jobs
from procurement.publication.ocds.jobs import HANDLERS, PUBLISH_ROUND, ask_for_publication
from procurement.publication.ocds.tables import OcdsRelease
from procurement.publication.ocds.telling import told_of
from procurement.rounds.progress import set_status
from procurement.rounds.tables import RoundStatus
from procurement.settings import Settings
from tests.procurement.awards.world import announced_round, awarded_round, opened_round
from tests.procurement.publication.ocds.publishing import publish, releases

NAME = "anhui-2026-1"


def documents(engine):
    with snapshot(engine) as session:
        return list(session.scalars(select(OcdsRelease.document).order_by(OcdsRelease.id)))


def test_every_event_is_told_once_however_often_it_is_asked(engine):
    world = awarded_round(engine)
    made = publish(engine, NAME)
    with snapshot(engine) as session:
        assert made == len(told_of(session, round_id=world.round_id))
    before = documents(engine)
    assert publish(engine, NAME) == 0
    assert documents(engine) == before


def test_a_release_cannot_be_changed_or_deleted(engine):
    opened_round(engine)
    publish(engine, NAME)
    for statement in (update(OcdsRelease).values(document="{}"), delete(OcdsRelease)):
        with pytest.raises(IntegrityError), transaction(engine) as session:
            session.execute(statement)


def test_ids_and_dates_rise_from_release_to_release(engine):
    awarded_round(engine)
    publish(engine, NAME)
    told = releases(engine, NAME)
    assert [one["id"] for one in told] == [
        f"ocds-000000-{NAME}-{number}" for number in range(1, len(told) + 1)
    ]
    dates = [one["date"] for one in told]
    assert dates == sorted(set(dates))
    assert {one["ocid"] for one in told} == {f"ocds-000000-{NAME}"}


def test_the_job_publishes_what_is_new_and_is_queued_once(engine, tmp_path):
    opened_round(engine)
    settings = Settings(data=tmp_path, database_url="", public_address="https://jc.example")
    with transaction(engine) as session:
        moment = database_moment(session)
        ask_for_publication(session, moment=moment)
        ask_for_publication(session, moment=moment)
        queued = select(func.count()).select_from(Job).where(Job.kind == PUBLISH_ROUND)
        assert session.scalar(queued) == 1
    worker = Worker(engine, settings, HANDLERS, lambda: moment + timedelta(seconds=1))
    with transaction(engine) as session:
        # What else is queued belongs to other stages.
        session.execute(delete(Job).where(Job.kind != PUBLISH_ROUND))
    assert run_due_jobs(worker) == 1
    assert len(documents(engine)) > 0
    with transaction(engine) as session:
        ask_for_publication(session, moment=moment)
        assert session.scalar(queued) == 1


def test_a_selection_that_is_taken_back_is_cancelled_and_a_merge_says_so(engine):
    world = announced_round(engine)
    publish(engine, NAME)
    assert {one["status"] for one in releases(engine, NAME)[-1]["awards"]} == {"pending"}
    with transaction(engine) as session:
        set_status(
            session,
            round_=world.round(session),
            status=RoundStatus.EVALUATED,
            moment=database_moment(session),
        )
    assert publish(engine, NAME) == 1
    last = releases(engine, NAME)[-1]
    assert {one["status"] for one in last["awards"]} == {"cancelled"}


def test_prices_are_written_digit_by_digit(engine):
    awarded_round(engine)
    publish(engine, NAME)
    text = documents(engine)[-1]
    assert '"amount":28,' in text
    awards = json.loads(text)["awards"]
    assert {item["unit"]["value"]["currency"] for one in awards for item in one["items"]} == {"CNY"}
