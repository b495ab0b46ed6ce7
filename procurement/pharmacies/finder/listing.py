"""What places and bureaus see of reports of stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from procurement.permissions import Actor
from procurement.pharmacies.finder.flags import flags_in
from procurement.pharmacies.finder.tables import PlaceStock, StockPriceFlag, StockUpload
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.places.tables import Place


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place of one's own, and what the public sees of its stock.

    Attributes:
        place: The place.
        products: How many products it reported.
        newest: The newest day of a report; None where there is none.
        oldest: The oldest day that still stands.
    """

    place: Place
    products: int
    newest: date | None
    oldest: date | None


def own_stock(session: Session, *, actor: Actor) -> list[OwnPlace]:
    """Return an organisation's places with what they reported, by code.

    Args:
        session: Any session.
        actor: Of the organisation.
    """
    places = places_of(session, organisation_id=actor.organisation_id or 0)
    counted = session.execute(
        select(
            PlaceStock.place_id,
            func.count(),
            func.max(PlaceStock.as_of),
            func.min(PlaceStock.as_of),
        )
        .where(PlaceStock.place_id.in_([one.id for one in places]))
        .group_by(PlaceStock.place_id)
    )
    known = {place_id: rest for place_id, *rest in counted}
    return [OwnPlace(one, *known.get(one.id, (0, None, None))) for one in places]


def uploads_of(session: Session, *, organisation_id: int, limit: int = 10) -> Sequence[StockUpload]:
    """Return the newest reports of an organisation, newest first."""
    newest = select(StockUpload).where(StockUpload.organisation_id == organisation_id)
    return session.scalars(newest.order_by(StockUpload.id.desc()).limit(limit)).all()


def flags_with_places(*, region: str, is_open: bool) -> Select[tuple[StockPriceFlag, Place]]:
    """Return the statement for prices that are too high in a region, with their places.

    Args:
        region: Division code.
        is_open: Those that wait; else those that are settled.
    """
    statement = flags_in(region=region, is_open=is_open)
    return statement.add_columns(Place).join(Place, Place.id == StockPriceFlag.place_id)
