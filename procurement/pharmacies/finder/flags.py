"""Sale prices above what is public as allowed: raised by reports, settled by the bureau.

Which price a place may not pass depends on its agreement: designated pharmacies sell at most at
the payment standard, convenience pharmacies at most at the winning price. Here every price above
one of them is listed, with the designation of the place, and an officer judges.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.finder.allowed_prices import (
    NO_PRICES,
    Allowed,
    PublicPrices,
    public_prices,
)
from procurement.pharmacies.finder.counties import within
from procurement.pharmacies.finder.kinds import Settled
from procurement.pharmacies.finder.tables import REASON_LENGTH_MAX, PlaceStock, StockPriceFlag


class FlagSettledError(RefusedError):
    """Somebody settled it before."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该价格问题已经处理。", en="This price was settled before.")


def watch_prices(
    session: Session,
    *,
    rows: Sequence[PlaceStock],
    gone: Collection[PlaceStock],
    moment: datetime,
) -> int:
    """Compare reported prices with the public ones; raise, renew and settle flags.

    Args:
        session: Session of the caller's transaction.
        rows: What was reported.
        gone: What is reported no more.
        moment: Now.

    Returns:
        How many prices are too high.
    """
    opened = _open_flags(session, {row.place_id for row in (*rows, *gone)})
    allowed = _allowed(session, rows, moment)
    too_high = 0
    for row in rows:
        flag = opened.pop((row.place_id, row.product_id), None)
        passed = None
        if row.price is not None:
            known = allowed.get((row.county, row.product_id), NO_PRICES)
            passed = known.passed_by(row.price)
        if passed is not None:
            too_high += 1
            _raise(session, flag, row, passed, moment)
        elif flag is not None:
            _settle_itself(flag, Settled.PRICE_DOWN, moment)
    for row in gone:
        flag = opened.pop((row.place_id, row.product_id), None)
        if flag is not None:
            _settle_itself(flag, Settled.NOT_LISTED, moment)
    return too_high


def _open_flags(
    session: Session, place_ids: Collection[int]
) -> dict[tuple[int, int | None], StockPriceFlag]:
    still_open = select(StockPriceFlag).where(
        StockPriceFlag.place_id.in_(place_ids), StockPriceFlag.settled_at.is_(None)
    )
    return {(flag.place_id, flag.product_id): flag for flag in session.scalars(still_open)}


def _allowed(
    session: Session, rows: Iterable[PlaceStock], moment: datetime
) -> dict[tuple[str, int | None], PublicPrices]:
    """By county and product."""
    products: dict[str, set[int]] = {}
    for row in rows:
        if row.price is not None and row.product_id is not None:
            products.setdefault(row.county, set()).add(row.product_id)
    day = day_in_china(moment)
    return {
        (county, product_id): prices
        for county, ids in products.items()
        for product_id, prices in public_prices(
            session, product_ids=ids, county=county, day=day
        ).items()
    }


def _raise(
    session: Session,
    flag: StockPriceFlag | None,
    row: PlaceStock,
    passed: Allowed,
    moment: datetime,
) -> None:
    if flag is None:
        flag = StockPriceFlag(
            place_id=row.place_id, county=row.county, product_id=row.product_id, raised_at=moment
        )
        session.add(flag)
    flag.product, flag.as_of = row.product, row.as_of
    # Only rows with a price come here.
    flag.price = row.price or passed.price
    flag.allowed, flag.allowed_kind, flag.price_id = passed.price, passed.kind, passed.price_id


def _settle_itself(flag: StockPriceFlag, why: Settled, moment: datetime) -> None:
    flag.settled_at, flag.settled_why = moment, why


def flags_in(*, region: str, is_open: bool) -> Select[StockPriceFlag]:
    """Return the statement for the flags of a region, newest first.

    Args:
        region: Division code.
        is_open: Those that wait; else those that are settled.
    """
    state = StockPriceFlag.settled_at.is_(None)
    here = within(StockPriceFlag.county, region)
    wanted = select(StockPriceFlag).where(here, state if is_open else ~state)
    return wanted.order_by(StockPriceFlag.id.desc())


def find_flag(session: Session, *, flag_id: int) -> StockPriceFlag:
    """Return a flag.

    Raises:
        NotFoundForActorError: There is none.
    """
    flag = session.get(StockPriceFlag, flag_id)
    if flag is None:
        raise NotFoundForActorError
    return flag


def settle_flag(
    session: Session, *, flag_id: int, why: str, actor: Actor, moment: datetime
) -> StockPriceFlag:
    """Say what became of a price that was too high.

    Args:
        session: Session of the caller's transaction.
        flag_id: Which.
        why: What was found and done.
        actor: The officer.
        moment: Now.

    Raises:
        InvalidInputError: Nothing is said, or too much.
        FlagSettledError: It was settled before.
        NotFoundForActorError: There is none.
    """
    if not why or len(why) > REASON_LENGTH_MAX:
        zh = f"请写明核查结果（不超过 {REASON_LENGTH_MAX} 字）。"
        en = f"Say what was found, in at most {REASON_LENGTH_MAX} characters."
        raise InvalidInputError([FieldFault("why", zh, en)])
    held = select(StockPriceFlag).where(StockPriceFlag.id == flag_id).with_for_update()
    flag = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if flag is None:
        raise NotFoundForActorError
    if flag.settled_at is not None:
        raise FlagSettledError
    flag.settled_at, flag.settled_by, flag.settled_why = moment, actor.person_id, why
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="settle-stock-price",
        subject=f"stock-price-flag/{flag.id}",
        facts={"reason": why, "place": str(flag.place_id), "product": str(flag.product_id)},
        moment=moment,
    )
    return flag
