"""Stock of a hospital from its newest stock count (3501), where it sends its movements."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.errors import RefusedError
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.permissions import Actor
from procurement.pharmacies.finder.kinds import StockLevel, StockSource
from procurement.pharmacies.finder.reporting import Report, hold_places, store_stock
from procurement.pharmacies.finder.stated import Pack, Stated, packs_by_code
from procurement.pharmacies.finder.tables import PlaceStock, StockUpload
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.service import places_of
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.stock import level_by_packs


class NoCountError(RefusedError):
    """There is no stock count that says more than is known."""

    def __init__(self, zh: str, en: str) -> None:
        """Say why."""
        super().__init__(zh=zh, en=en)


def newest_count(session: Session, *, organisation_id: int) -> date | None:
    """Return the day of an organisation's newest stock count, or None."""
    counts = select(func.max(StockMovement.happened_on)).where(
        StockMovement.hospital_id == organisation_id,
        StockMovement.kind == MovementKind.COUNT,
        StockMovement.status != MovementStatus.DELETED,
    )
    return session.scalar(counts)


def take_count(session: Session, *, actor: Actor, moment: datetime) -> StockUpload:
    """Take an organisation's newest stock count as the whole stock of its place.

    Batches of one product are added up; of minimal units whole packs count. What the catalogue
    does not know by its national code is left out, since nobody could look for it.

    Args:
        session: Session of the caller's transaction.
        actor: Of the hospital.
        moment: Now.

    Raises:
        NoCountError: No count, several places, or an older one than what is known.
    """
    own = actor.organisation_id or 0
    place = _only_place(session, own)
    day = newest_count(session, organisation_id=own)
    if day is None:
        raise NoCountError("没有上传过商品盘存（3501）。", "No stock count (3501) was sent.")
    hold_places(session, [place.id])
    _refuse_older(session, place, day)
    stated = _stated(session, own, place, day)
    if not stated:
        raise NoCountError(
            "盘存中没有药品目录内的药品。", "The count has no product of the catalogue."
        )
    report = Report(is_whole=True, source=StockSource.MOVEMENT)
    return store_stock(session, stated=stated, report=report, actor=actor, moment=moment)


def _only_place(session: Session, organisation_id: int) -> Place:
    places = places_of(session, organisation_id=organisation_id)
    working = [one for one in places if one.status == PlaceStatus.OPEN]
    if len(working) != 1:
        raise NoCountError(
            f"本机构有 {len(working)} 个院区或门店，盘存记录没有区分：请按文件上报。",
            f"You keep {len(working)} places and a count does not tell them apart: send a file.",
        )
    return working[0]


def _refuse_older(session: Session, place: Place, day: date) -> None:
    known = session.scalar(
        select(func.max(PlaceStock.as_of)).where(PlaceStock.place_id == place.id)
    )
    if known is not None and known > day:
        raise NoCountError(
            f"最近一次盘存为 {day}，平台已有 {known} 的库存。",
            f"The newest count is of {day}; stock of {known} is known already.",
        )


def _stated(session: Session, own: int, place: Place, day: date) -> list[Stated]:
    counted = session.execute(
        select(StockMovement.code, StockMovement.quantity, MovementFile.counted_in)
        .join(MovementFile, MovementFile.id == StockMovement.file_id)
        .where(
            StockMovement.hospital_id == own,
            StockMovement.kind == MovementKind.COUNT,
            StockMovement.happened_on == day,
            StockMovement.status != MovementStatus.DELETED,
        )
        .order_by(StockMovement.id)
    ).all()
    packs = packs_by_code(session, sorted({code for code, _, _ in counted if code}))
    units: dict[str, Decimal] = {}
    for code, quantity, counted_in in counted:
        if code in packs:
            factor = packs[code].pack_units if counted_in == CountedIn.PACKS else 1
            units[code] = units.get(code, Decimal(0)) + (quantity or 0) * factor
    return _lines(place, day, [(packs[code], amount) for code, amount in units.items()])


def _lines(place: Place, day: date, counted: Sequence[tuple[Pack, Decimal]]) -> list[Stated]:
    lines: dict[tuple[int, int, str], Stated] = {}
    for pack, units in counted:
        whole = max(int(units // pack.pack_units), 0)
        one = Stated(
            number=0,
            place=place,
            generic_product_id=pack.generic_product_id,
            product_id=pack.product_id,
            product=pack.text,
            packs=whole,
            level=StockLevel(level_by_packs(whole)),
            price=None,
            as_of=day,
        )
        # Two packs that read alike to people are one to them: the one with more stands.
        twin = lines.get(one.key)
        if twin is None or (twin.packs or 0) < whole:
            lines[one.key] = one
    return list(lines.values())
