"""What a court or an inquiry still needs of a patient is kept beyond the retention."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from procurement.audit.holds import end_hold, place_hold
from procurement.jobs import JobRun
from procurement.permissions import Actor
from procurement.pharmacies.patients.jobs import FORGET_JOB, HANDLERS
from procurement.pharmacies.patients.tables import Patient
from procurement.settings import Settings
from tests.procurement.pharmacies.patients.world import SECRET


def hold(world, subject):
    with world.write() as session:
        placed = place_hold(
            session,
            subject=subject,
            reason="诉讼",
            document="（2026）皖01民初1号",
            actor=Actor(),
            moment=world.moment,
        )
        return placed.id


def forgotten(world, tmp_path):
    """How many patients are left after the daily work."""
    settings = Settings(tmp_path, str(world.engine.url), secret_key=SECRET)
    HANDLERS[FORGET_JOB](JobRun(0, {}, world.engine, settings, lambda: world.moment))
    with world.read() as session:
        return session.scalar(select(func.count(Patient.id)))


@pytest.mark.parametrize("everybody", [False, True])
def test_a_legal_hold_keeps_a_patient_until_it_ends(world, tmp_path, everybody):
    held, other = world.apply(1), world.apply(2)
    assert held != other
    placed = hold(world, "patient" if everybody else f"registration/{held}")
    world.moment += timedelta(days=4 * 366)
    assert forgotten(world, tmp_path) == (2 if everybody else 1)
    with world.write() as session:
        # Another person than who placed it.
        doctor = world.actor("doctor")
        end_hold(session, hold_id=placed, reason="结案", actor=doctor, moment=world.moment)
    assert forgotten(world, tmp_path) == 0
