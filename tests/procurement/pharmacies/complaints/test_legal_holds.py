"""Who wrote a complaint is forgotten when it is closed, but not while a legal hold covers it."""

from sqlalchemy import select

from procurement.audit.holds import end_hold, place_hold
from procurement.database import snapshot, transaction
from procurement.jobs import JobRun
from procurement.permissions import Actor
from procurement.pharmacies.complaints.filing import Wanted, file_complaint
from procurement.pharmacies.complaints.handling import (
    Handling,
    answer_complaint,
    assign_complaint,
    close_complaint,
    grade_complaint,
)
from procurement.pharmacies.complaints.jobs import FORGET_JOB, HANDLERS
from procurement.pharmacies.complaints.states import TextKind
from procurement.pharmacies.complaints.tables import ComplaintText
from procurement.settings import Settings
from tests.procurement.pharmacies.finder.world import FIRST, MOMENT

KEY = bytes(range(32))
WROTE = Wanted(about="price", text="买药被多收钱。", place_code=FIRST, contact="13900000000")


def closed_under_hold(world):
    """Close a complaint that is held; returns the hold."""
    with transaction(world.engine) as session:
        filed = file_complaint(session, wanted=WROTE, address="192.0.2.7", key=KEY, moment=MOMENT)
        held = place_hold(
            session,
            subject=f"complaint/{filed.number}",
            reason="调查",
            document="（2026）1号",
            actor=Actor(),
            moment=MOMENT,
        )
        officer, agency = world.actors["officer"], world.actors["agency"]
        grade_complaint(
            session, Handling(filed.number, None, officer, MOMENT), grade="urgent", due_on=None
        )
        assign_complaint(
            session,
            Handling(filed.number, None, officer, MOMENT),
            organisation_id=agency.organisation_id,
        )
        answer_complaint(
            session, Handling(filed.number, None, agency, MOMENT), text="已退还。", key=KEY
        )
        close_complaint(session, Handling(filed.number, None, officer, MOMENT), reason="办结")
        return held.id


def run_daily_work(world, tmp_path):
    settings = Settings(tmp_path, str(world.engine.url), secret_key=KEY)
    HANDLERS[FORGET_JOB](JobRun(0, {}, world.engine, settings, lambda: MOMENT))


def contact(world):
    with snapshot(world.engine) as session:
        wanted = select(ComplaintText.sealed).where(ComplaintText.kind == TextKind.CONTACT)
        return session.scalars(wanted).one()


def test_a_legal_hold_keeps_the_contact_until_it_ends(world, tmp_path):
    held = closed_under_hold(world)
    run_daily_work(world, tmp_path)
    assert contact(world)
    with transaction(world.engine) as session:
        officer = world.actors["officer"]
        end_hold(session, hold_id=held, reason="结案", actor=officer, moment=MOMENT)
    run_daily_work(world, tmp_path)
    assert contact(world) == ""
