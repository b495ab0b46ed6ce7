"""Recording prices, and asking which price holds."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.prices.kinds import PriceKind
from procurement.prices.rules import price_digest, series_of, valid_on
from procurement.prices.tables import Price

EVERYWHERE = "000000"
_SHORTEST_STEP = Decimal("0.0001")
_SERIES = (
    "kind",
    "organisation_id",
    "generic_product_id",
    "product_id",
    "hospital_id",
    "region",
    "strength",
    "pack_units",
)
"""What distinguishes one series of prices from another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDetails:
    """What a price may say besides its amount and its days.

    Attributes:
        clause: Of its source; empty where there is none.
        product_id: The pack in the catalogue, if it is known.
        hospital_id: The hospital that buys at it.
        region: Where it holds.
        bureau_id: The bureau that sees it in any case.
        is_public: Anybody may see it; what is not said to be public is not.
        converted_from_id: The price that it was converted from.
        factor: By which that one was multiplied.
    """

    clause: str = ""
    product_id: int | None = None
    hospital_id: int | None = None
    region: str = EVERYWHERE
    bureau_id: int | None = None
    is_public: bool = False
    converted_from_id: int | None = None
    factor: Decimal | None = None


_NO_DETAILS = PriceDetails()


def record_price(  # noqa: PLR0913 - the facts of one price; stages name each of them
    session: Session,
    *,
    organisation_id: int,
    generic_product_id: int | None = None,
    lot_strength_id: int | None = None,
    strength: str,
    pack_units: int,
    pack_price: Decimal,
    kind: PriceKind | str = PriceKind.WINNING,
    starts_on: date,
    ends_on: date | None = None,
    source: str,
    moment: datetime,
    details: PriceDetails = _NO_DETAILS,
) -> Price:
    """Record the next version of a price.

    The same facts again change nothing and give the version that says them, so that a step that is
    repeated after a crash does not record a price twice.

    Args:
        session: Session of the caller's transaction.
        organisation_id: The marketing authorisation holder.
        generic_product_id: The generic product, where the catalogue knows it.
        lot_strength_id: The strength of the lot that it was selected in, if any.
        strength: As printed, such as ``10mg``.
        pack_units: Minimal units in the pack.
        pack_price: Yuan per pack.
        kind: What kind of price.
        starts_on: First day.
        ends_on: Last day, if known.
        source: The document or decision.
        moment: When it is recorded, aware.
        details: What else it says.

    Raises:
        InvalidInputError: A price of nothing, below zero, or that ends before it begins.

    Examples:
        >>> record_price(
        ...     None, organisation_id=1, strength="1mg", pack_units=0, pack_price=Decimal(1),
        ...     starts_on=date(2026, 1, 1), source="s", moment=None,
        ... )
        Traceback (most recent call last):
        ...
        procurement.errors.InvalidInputError: generic_product_id: A price is of a generic product \
or of a lot's strength.; pack_units: Expected one unit in the pack or more.
    """
    facts: dict[str, object] = {
        "kind": PriceKind(kind),
        "organisation_id": organisation_id,
        "generic_product_id": generic_product_id,
        "lot_strength_id": lot_strength_id,
        "strength": strength,
        "pack_units": pack_units,
        "pack_price": pack_price,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "source": source,
        **asdict(details),
    }
    return _append(session, facts, moment)


def _append(session: Session, facts: dict[str, object], moment: datetime) -> Price:
    _check(facts)
    series = _series(facts)
    newest = _newest(session, series)
    written = _written(facts)
    if newest is not None and facts_of(newest) == written:
        return newest
    previous = "" if newest is None else newest.digest
    price = Price(
        **facts,
        series=series,
        version=1 if newest is None else newest.version + 1,
        previous_digest=previous,
        digest=price_digest(written, previous=previous),
        recorded_at=moment,
    )
    session.add(price)
    session.flush()
    return price


def _check(facts: dict[str, object]) -> None:
    faults = []
    if facts["generic_product_id"] is None and facts["lot_strength_id"] is None:
        faults.append(
            FieldFault(
                "generic_product_id",
                "价格须属于一个通用名或批次品种的规格。",
                "A price is of a generic product or of a lot's strength.",
            )
        )
    units, price = facts["pack_units"], facts["pack_price"]
    if not isinstance(units, int) or units < 1:
        faults.append(
            FieldFault(
                "pack_units", "包装数量须至少为 1。", "Expected one unit in the pack or more."
            )
        )
    if not isinstance(price, Decimal) or not _SHORTEST_STEP <= price <= MONEY_MAX:
        faults.append(
            FieldFault("pack_price", "价格须大于零。", "Expected a price above zero, in yuan.")
        )
    starts_on, ends_on = facts["starts_on"], facts["ends_on"]
    if isinstance(starts_on, date) and isinstance(ends_on, date) and ends_on < starts_on:
        faults.append(
            FieldFault(
                "ends_on", "终止日早于起始日。", "It ends before the day on which it begins."
            )
        )
    if faults:
        raise InvalidInputError(faults)


def _series(facts: dict[str, object]) -> str:
    parts = {name: facts[name] for name in _SERIES}
    if parts["generic_product_id"] is None:
        # Without a catalogue entry the lot's strength says which product it is.
        parts["lot_strength_id"] = facts["lot_strength_id"]
    return series_of(parts)


def _newest(session: Session, series: str) -> Price | None:
    newest_first = (
        select(Price).where(Price.series == series).order_by(Price.version.desc()).limit(1)
    )
    return session.scalars(newest_first).one_or_none()


_FACTS = (
    *_SERIES,
    "lot_strength_id",
    "pack_price",
    "starts_on",
    "ends_on",
    "source",
    "clause",
    "converted_from_id",
    "factor",
    "bureau_id",
    "is_public",
)


def facts_of(price: Price) -> dict[str, object]:
    """Return what a version says, as its digest covers it."""
    return _written({name: getattr(price, name) for name in _FACTS})


def _written(facts: dict[str, object]) -> dict[str, object]:
    return {name: _plain(facts[name]) for name in _FACTS}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        # The database gives four decimals, a caller those that he has.
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def versions_of(session: Session, *, series: str) -> Sequence[Price]:
    """Return all versions of one price, oldest first."""
    return session.scalars(
        select(Price).where(Price.series == series).order_by(Price.version)
    ).all()


def price_on(session: Session, *, series: str, day: date) -> Price | None:
    """Return the version of a price that holds on a day, or None where none does."""
    return valid_on(versions_of(session, series=series), day)


def superseded_from(session: Session, prices: Iterable[Price]) -> dict[int, date]:
    """Return from which day later versions take the place of prices that would still hold.

    Args:
        session: Any session.
        prices: Any prices.

    Returns:
        By the price's id; a price that ends before a later version begins is not in it.
    """
    found: dict[int, date] = {}
    for price in prices:
        earliest = session.scalar(
            select(func.min(Price.starts_on)).where(
                Price.series == price.series, Price.version > price.version
            )
        )
        if earliest is not None and (price.ends_on is None or earliest <= price.ends_on):
            found[price.id] = max(earliest, price.starts_on)
    return found


def first_break(session: Session, *, series: str) -> int | None:
    """Return the first version of a series whose digest does not fit, or None where all do."""
    previous = ""
    for number, price in enumerate(versions_of(session, series=series), start=1):
        fits = price.version == number and price.previous_digest == previous
        if not fits or price.digest != price_digest(facts_of(price), previous=previous):
            return price.version
        previous = price.digest
    return None
