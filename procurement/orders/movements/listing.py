"""Stock movements as people look at them."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.accounts.tables import Organisation, OrganisationRelation
from procurement.china_days import day_in_china
from procurement.orders.movements.kinds import MovementKind, MovementStatus
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.permissions import Actor, NotFoundForActorError, Role
from procurement.volumes.groups import is_member_on
from procurement.volumes.rules import region_prefix

_IN_REGION = (Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY)


def find_file(session: Session, *, file_id: int) -> MovementFile:
    """Return what was sent at once.

    Raises:
        NotFoundForActorError: There is no such thing.
    """
    file = session.get(MovementFile, file_id)
    if file is None:
        raise NotFoundForActorError
    return file


def files_seen(
    *, actor: Actor, moment: datetime, hospital_id: int | None = None
) -> Select[MovementFile]:
    """Return the statement for the files that somebody sees, newest first.

    Hospitals see their own and those of hospitals they lead; bureaus and fund agencies those of
    their region.

    Args:
        actor: Who looks.
        moment: Now: groups of hospitals change.
        hospital_id: Of this hospital alone.
    """
    seen = _seen_by(actor, day_in_china(moment), MovementFile.hospital_id)
    statement = select(MovementFile).where(seen).order_by(MovementFile.id.desc())
    if hospital_id is not None:
        statement = statement.where(MovementFile.hospital_id == hospital_id)
    return statement


def movements_of(
    *,
    hospital_id: int,
    file_id: int | None = None,
    kind: MovementKind | None = None,
    status: MovementStatus | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Select[StockMovement]:
    """Return the statement for a hospital's records, in the order in which they came.

    Args:
        hospital_id: Of which hospital.
        file_id: Sent at once.
        kind: Of this kind alone.
        status: Of this status alone.
        since: First day on which it happened.
        until: Last day on which it happened.
    """
    wanted = {"file_id": file_id, "kind": kind, "status": status}
    statement = select(StockMovement).filter_by(
        hospital_id=hospital_id,
        **{name: value for name, value in wanted.items() if value is not None},
    )
    if since is not None:
        statement = statement.where(StockMovement.happened_on >= since)
    if until is not None:
        statement = statement.where(StockMovement.happened_on <= until)
    return statement.order_by(StockMovement.id)


def _seen_by(actor: Actor, day: date, hospital: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    own = actor.organisation_id
    members = select(OrganisationRelation.subject_id).where(
        is_member_on(day), OrganisationRelation.related_id == own
    )
    seen = [hospital == own, hospital.in_(members)]
    if not actor.roles.isdisjoint(_IN_REGION):
        within = select(Organisation.id).where(
            Organisation.region.startswith(region_prefix(actor.region))
        )
        seen.append(hospital.in_(within))
    return or_(*seen)
