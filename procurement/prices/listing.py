"""Lists of prices, as far as whoever asks may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from procurement.permissions import Action, Actor, NotFoundForActorError, Subject, is_permitted
from procurement.prices.kinds import PriceKind
from procurement.prices.tables import Price


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFilter:
    """What a list of prices is narrowed to; None narrows nothing.

    Attributes:
        kind: Of the prices.
        organisation_id: The manufacturer.
        generic_product_id: The generic product.
        day: Only what holds on that day; else every version.
    """

    kind: PriceKind | None = None
    organisation_id: int | None = None
    generic_product_id: int | None = None
    day: date | None = None


def price_subject(price: Price, *, as_hospital: bool = False) -> Subject:
    """Say what an action on a price is about."""
    owner = price.hospital_id if as_hospital else price.organisation_id
    return Subject(
        organisation_id=owner, bureau_id=price.bureau_id, is_public=bool(price.is_public)
    )


def price_list(wanted: PriceFilter, *, actor: Actor) -> Select[Any]:
    """Select prices, without an order.

    Args:
        wanted: The filter.
        actor: Who asks: what is not his to see is not in the list.
    """
    listed = select(Price).where(_seen_by(actor))
    for name in ("kind", "organisation_id", "generic_product_id"):
        value = getattr(wanted, name)
        if value is not None:
            listed = listed.where(getattr(Price, name) == value)
    return listed if wanted.day is None else listed.where(holds_on(wanted.day))


def holds_on(day: date) -> ColumnElement[bool]:
    """The condition on prices that `valid_on` is: the newest version begun, unless it has ended."""
    newer = aliased(Price)
    superseded = (
        select(newer.id)
        .where(newer.series == Price.series, newer.version > Price.version)
        .where(newer.starts_on <= day)
        .exists()
    )
    lasts = or_(Price.ends_on.is_(None), Price.ends_on >= day)
    return and_(Price.starts_on <= day, lasts, ~superseded)


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    own = actor.organisation_id
    asked: Mapping[Any, Subject] = {
        Price.organisation_id: Subject(organisation_id=own),
        Price.bureau_id: Subject(bureau_id=own),
    }
    seen: list[ColumnElement[bool]] = [Price.is_public.is_(True)]
    for column, subject in asked.items():
        is_theirs = own is not None and is_permitted(actor, Action.READ_PRICES, subject)
        seen.append(column == own if is_theirs else false())
    if own is not None and is_permitted(actor, Action.READ_PRICES, Subject(organisation_id=own)):
        seen.append(Price.hospital_id == own)
    return or_(*seen)


def seen_price(session: Session, *, price_id: int, actor: Actor) -> tuple[Price, Subject]:
    """Return a price, and what an action of the actor on it is about.

    Raises:
        NotFoundForActorError: There is none.
    """
    price = session.get(Price, price_id)
    if price is None:
        raise NotFoundForActorError
    is_payer = price.hospital_id is not None and price.hospital_id == actor.organisation_id
    return price, price_subject(price, as_hospital=is_payer)
