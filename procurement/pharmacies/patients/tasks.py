"""What waits for doctors, agencies and pharmacies on a patient's way."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.china_days import first_moment
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.pharmacies.patients.listing import (
    RegistrationFilter,
    prescriptions_seen,
    registrations_seen,
)
from procurement.pharmacies.patients.states import RegistrationStatus, RequestStatus
from procurement.pharmacies.patients.tables import (
    PharmacyChange,
    Registration,
    RegistrationReview,
)
from procurement.pharmacies.rules.following import PrescriptionStatus

REVIEW_SOON_DAYS = 30


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks: list[Task] = []
    if Role.DOCTOR in actor.roles:
        tasks += _of_doctor(session, actor, moment)
    if Role.FUND_AGENCY in actor.roles:
        tasks += _of_agency(session, actor, moment)
    if Role.PHARMACY in actor.roles:
        tasks += _of_pharmacy(session, actor)
    return tasks


def _of_doctor(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    soon = RegistrationFilter(review_in_days=REVIEW_SOON_DAYS)
    number, due = session.execute(
        registrations_seen(actor=actor, moment=moment, wanted=soon).with_only_columns(
            func.count(), func.min(Registration.review_due_on)
        )
    ).one()
    if number and due is not None:
        yield Task(
            zh=f"{REVIEW_SOON_DAYS} 日内到期或已逾期的使用评估：{number} 件",
            en=f"Reviews due within {REVIEW_SOON_DAYS} days or overdue: {number}",
            link=f"/registrations?review={REVIEW_SOON_DAYS}",
            due_at=first_moment(due + timedelta(days=1)),
        )


def _of_agency(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    applied = RegistrationFilter(status=RegistrationStatus.APPLIED)
    number, due = session.execute(
        registrations_seen(actor=actor, moment=moment, wanted=applied).with_only_columns(
            func.count(), func.min(Registration.due_on)
        )
    ).one()
    if number:
        ends = None if due is None else first_moment(due + timedelta(days=1))
        yield Task(
            zh=f"审核特药登记：{number} 件",
            en=f"Decide registrations: {number}",
            link=f"/registrations?status={RegistrationStatus.APPLIED}",
            due_at=ends,
            urgent=True,
        )
    seen = registrations_seen(actor=actor, moment=moment).with_only_columns(Registration.id)
    for table, zh, en in (
        (RegistrationReview, "审核使用评估", "Decide reviews"),
        (PharmacyChange, "审核药店变更", "Decide changes of pharmacy"),
    ):
        waiting = session.scalar(
            select(func.count())
            .select_from(table)
            .where(
                table.__table__.c.status == RequestStatus.REQUESTED,
                table.__table__.c.registration_id.in_(seen),
            )
        )
        if waiting:
            yield Task(
                zh=f"{zh}：{waiting} 件",
                en=f"{en}: {waiting}",
                link="/registrations?waiting=yes",
            )


def _of_pharmacy(session: Session, actor: Actor) -> Iterator[Task]:
    uploaded = prescriptions_seen(actor=actor, status=PrescriptionStatus.UPLOADED)
    number = session.scalar(select(func.count()).select_from(uploaded.subquery()))
    if number:
        yield Task(
            zh=f"待审核的外配处方：{number} 张",
            en=f"Prescriptions to be audited: {number}",
            link=f"/prescriptions?status={PrescriptionStatus.UPLOADED}",
        )
