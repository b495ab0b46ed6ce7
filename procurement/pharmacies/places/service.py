"""Finding places, and changing them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.places.geography import county_facts
from procurement.pharmacies.places.kinds import PlaceKind, PlaceStatus
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.place_facts import FIELDS, PlaceReader
from procurement.volumes.rules import region_prefix


def place_of_code(session: Session, *, code: str) -> Place | None:
    """Return the place with an institution's code, or None.

    Args:
        session: Any session.
        code: H or P and 11 digits.
    """
    return session.scalars(select(Place).where(Place.institution_code == code)).one_or_none()


def find_place(session: Session, *, code: str) -> Place:
    """Return the place with an institution's code.

    Raises:
        NotFoundForActorError: There is none.
    """
    place = place_of_code(session, code=code)
    if place is None:
        raise NotFoundForActorError
    return place


def places_in(session: Session, *, region: str, kind: PlaceKind | None = None) -> Sequence[Place]:
    """Return the places of a county, or of all counties of a city or province, by code.

    Args:
        session: Any session.
        region: Division code.
        kind: Hospitals or pharmacies; None for both.
    """
    wanted = places_query(region=region, kind=kind)
    return session.scalars(wanted.order_by(Place.institution_code)).all()


def places_query(*, region: str, kind: PlaceKind | None = None) -> Select[Place]:
    """Return the query of the places of a region, without an order; see `places_in`."""
    wanted = select(Place).where(Place.county.startswith(region_prefix(region)))
    return wanted if kind is None else wanted.where(Place.kind == kind)


def places_of(session: Session, *, organisation_id: int) -> Sequence[Place]:
    """Return the places that an organisation keeps, by code."""
    own = select(Place).where(Place.organisation_id == organisation_id)
    return session.scalars(own.order_by(Place.institution_code)).all()


def lock_place(session: Session, *, place_id: int, version: int | None = None) -> Place:
    """Hold a place until the transaction ends.

    Args:
        session: Session of the caller's transaction.
        place_id: The place.
        version: As the page showed it; None where nothing was shown.

    Raises:
        NotFoundForActorError: There is none.
        StaleError: Somebody changed it since.
    """
    held = select(Place).where(Place.id == place_id).with_for_update()
    place = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if place is None:
        raise NotFoundForActorError
    if version is not None and place.version != version:
        raise StaleError
    return place


def change_place(
    session: Session,
    *,
    place_id: int,
    wanted: Mapping[str, str],
    version: int,
    actor: Actor,
    moment: datetime,
) -> Place:
    """Change what is said of a place.

    Args:
        session: Session of the caller's transaction.
        place_id: The place.
        wanted: As typed, by field of `FIELDS`; fields that are missing stay. Which fields the
            actor may change is decided by the caller.
        version: As the page showed it.
        actor: Who changes it.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault; nothing is changed.
        StaleError: Somebody changed it since.
    """
    place = lock_place(session, place_id=place_id, version=version)
    present = {field: getattr(place, field) for field in FIELDS}
    texts = {field: text for field, text in wanted.items() if field in FIELDS}
    counties = county_facts(session)
    values, faults = PlaceReader(texts, counties, present).read()
    if faults:
        raise InvalidInputError(faults)
    changed = {field: value for field, value in values.items() if value != present[field]}
    if changed:
        _apply(place, changed, moment)
        _record(session, place, present, changed, actor, moment)
    return place


def close_place(
    session: Session,
    *,
    place_id: int,
    is_open: bool,
    reason: str,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Place:
    """Mark a place as closed, or as open again.

    Raises:
        InvalidInputError: Without a reason.
        StaleError: Somebody changed it since.
    """
    place = lock_place(session, place_id=place_id, version=version)
    if not 0 < len(reason) <= 300:
        zh, en = "请写明理由，不超过 300 字。", "Give the reason, in at most 300 characters."
        raise InvalidInputError([FieldFault("reason", zh, en)])
    wanted = PlaceStatus.OPEN if is_open else PlaceStatus.CLOSED
    if place.status == wanted:
        return place
    before = place.status
    _apply(place, {"status": wanted}, moment)
    record(
        session,
        actor=actor,
        action="change-place",
        subject=f"place/{place.institution_code}",
        facts={"before": f"status={before}", "after": f"status={wanted}", "reason": reason},
        moment=moment,
    )
    return place


def _apply(place: Place, changed: Mapping[str, object], moment: datetime) -> None:
    for field, value in changed.items():
        setattr(place, field, value)
    place.version += 1
    place.changed_at = moment


def _record(
    session: Session,
    place: Place,
    before: Mapping[str, object],
    changed: Mapping[str, object],
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action="change-place",
        subject=f"place/{place.institution_code}",
        facts={
            "before": "; ".join(f"{field}={before[field]}" for field in changed),
            "after": "; ".join(f"{field}={value}" for field, value in changed.items()),
        },
        moment=moment,
    )
