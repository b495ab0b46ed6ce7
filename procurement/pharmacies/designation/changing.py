"""Holding applications and designations, and bringing them to their next state."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import StaleError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.designation.states import (
    APPLICATION_STATUS_NAMES,
    ApplicationStatus,
    require_application_step,
)
from procurement.pharmacies.designation.tables import Designation, DesignationApplication
from procurement.pharmacies.places.tables import Place


def lock_application(
    session: Session, *, application_id: int, version: int | None = None
) -> DesignationApplication:
    """Hold an application until the transaction ends.

    Args:
        session: Session of the caller's transaction.
        application_id: The application.
        version: As the page showed it; None where nothing was shown.

    Raises:
        NotFoundForActorError: There is none.
        StaleError: Somebody changed it since.
    """
    held = select(DesignationApplication).where(DesignationApplication.id == application_id)
    held = held.with_for_update().execution_options(populate_existing=True)
    application = session.scalars(held).one_or_none()
    if application is None:
        raise NotFoundForActorError
    if version is not None and application.version != version:
        raise StaleError
    return application


def lock_designation(
    session: Session, *, designation_id: int, version: int | None = None
) -> Designation:
    """Hold a designation until the transaction ends; see `lock_application`."""
    held = select(Designation).where(Designation.id == designation_id)
    held = held.with_for_update().execution_options(populate_existing=True)
    designation = session.scalars(held).one_or_none()
    if designation is None:
        raise NotFoundForActorError
    if version is not None and designation.version != version:
        raise StaleError
    return designation


def set_status(
    session: Session,
    *,
    application: DesignationApplication,
    wanted: ApplicationStatus,
    facts: Mapping[str, str],
    actor: Actor,
    moment: datetime,
) -> None:
    """Bring a held application to its next state, record it, and tell the place's keeper.

    Raises:
        StepNotPossibleError: It cannot go there.
    """
    before = ApplicationStatus(application.status)
    require_application_step(before, wanted)
    application.status = wanted
    application.version += 1
    application.changed_at = moment
    session.flush()
    place = session.get_one(Place, application.place_id)
    record(
        session,
        actor=actor,
        action=f"designation-application-{wanted.value}",
        subject=f"designation-application/{application.id}",
        facts={"place": place.institution_code, "before": before, "after": wanted, **facts},
        moment=moment,
    )
    if actor.organisation_id != application.organisation_id:
        _tell(session, application, place, wanted, moment)


def _tell(
    session: Session,
    application: DesignationApplication,
    place: Place,
    wanted: ApplicationStatus,
    moment: datetime,
) -> None:
    zh, en = APPLICATION_STATUS_NAMES[wanted]
    notify(
        session,
        organisation_id=application.organisation_id,
        zh=f"{place.name}的定点申请：{zh}。{application.reason}",
        en=f"Application of {place.name}: {en}. {application.reason}",
        link=f"/designations/applications/{application.id}",
        moment=moment,
    )
