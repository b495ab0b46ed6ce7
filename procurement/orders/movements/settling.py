"""What becomes of reported purchases: matched with deliveries, counted, or listed as unclear."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.catalogue.rules import normal_approval_number
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus
from procurement.orders.movements.knowledge import Knowledge, learn
from procurement.orders.movements.rules import Bought, Counted, Known, Reason, Verdict, judge
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.orders.numbers import hold_hospital
from procurement.orders.purchases.recording import PurchaseFacts, record_purchase
from procurement.orders.states import PurchaseSource
from procurement.orders.tables import PurchaseLine

GIFT = "1"
"""``prod_geay_flag`` of a gift."""

_NO_ORIGINAL = Reason(
    "没有找到原采购记录：请填写商品采购流水号。",
    "No purchase fits: send the serial of the purchase (medins_prod_purc_no).",
)
_NO_UNITS = Reason(
    "原采购记录待核实，或退货数量不能换算为最小制剂单位。",
    "The purchase is unclear itself, or the quantity cannot be converted into minimal units.",
)
_TOO_MANY = Reason(
    "退货数量超过原采购数量。", "More went back than the purchase and earlier returns leave."
)
_COUNTED_BEFORE = Reason(
    "该记录曾计入，后已冲回：如应计入，请用 3507 删除后重新上传。",
    "It was counted and taken back before: if it counts, delete it (3507) and send it again.",
)


def settle_purchases(
    session: Session,
    *,
    hospital: Organisation,
    movements: Sequence[StockMovement],
    counted_in: CountedIn,
    moment: datetime,
) -> None:
    """Decide what reported purchases (3503) are, and count those off the platform.

    Args:
        session: Session of the caller's transaction.
        hospital: Who sent them.
        movements: Stored records; their status changes.
        counted_in: What quantities and prices are of.
        moment: Now.
    """
    for movement, verdict in verdicts(
        session, hospital=hospital, movements=movements, counted_in=counted_in
    ):
        take_verdict(session, hospital=hospital, movement=movement, verdict=verdict, moment=moment)
    session.flush()


def verdicts(
    session: Session,
    *,
    hospital: Organisation,
    movements: Sequence[StockMovement],
    counted_in: CountedIn,
) -> Iterator[tuple[StockMovement, Verdict]]:
    """Say what reported purchases are by what is known now; nothing is changed.

    Args:
        session: Any session.
        hospital: Who sent them.
        movements: Purchases (3503).
        counted_in: What quantities and prices are of.
    """
    knowledge = learn(session, hospital=hospital, movements=movements)
    taken: set[int] = set()
    for movement in movements:
        bought = _bought(movement, counted_in)
        verdict = judge(bought, _about(movement, bought, knowledge, taken))
        if verdict.batch is not None:
            taken.add(verdict.batch.delivery_line_id)
        yield movement, verdict


def take_verdict(
    session: Session,
    *,
    hospital: Organisation,
    movement: StockMovement,
    verdict: Verdict,
    moment: datetime,
) -> None:
    """Note what a reported purchase is, and count it where it was bought off the platform.

    What was counted and taken back once is not counted again: purchase lines only grow, and each
    stands for one record.
    """
    _note(movement, verdict)
    if verdict.counted is None:
        return
    if _counted_before(session, movement):
        _unclear(movement, _COUNTED_BEFORE)
        return
    record_purchase(session, _facts(hospital, movement, verdict.counted), moment=moment)


def settle_returns(
    session: Session,
    *,
    hospital: Organisation,
    movements: Sequence[StockMovement],
    counted_in: CountedIn,
    moment: datetime,
) -> None:
    """Decide what reported returns to sellers (3504) are: each is what its purchase is.

    Args:
        session: Session of the caller's transaction.
        hospital: Who sent them.
        movements: Stored records; their status changes.
        counted_in: What quantities and prices are of.
        moment: Now.
    """
    for movement in movements:
        original = _original(session, movement)
        if original is None:
            _unclear(movement, _NO_ORIGINAL)
            continue
        movement.original_id, movement.product_id = original.id, original.product_id
        movement.units = _returned_units(session, movement, original, counted_in)
        if movement.units is None or original.units is None:
            _unclear(movement, _NO_UNITS)
            continue
        before = _returned_before(session, movement, original)
        if before + movement.units > original.units:
            _unclear(movement, _TOO_MANY)
            continue
        movement.status = original.status
        movement.delivery_line_id = original.delivery_line_id
        movement.reason_zh, movement.reason_en = original.reason_zh, original.reason_en
        if original.status == MovementStatus.COUNTED:
            facts = _taken_back(session, movement, original, before=before)
            record_purchase(session, facts, moment=moment)
    session.flush()


def settle_again(session: Session, *, hospital_id: int, moment: datetime) -> int:
    """Look again at what is unclear, after the catalogue or deliveries changed.

    Args:
        session: Session of the caller's transaction.
        hospital_id: Of which hospital.
        moment: Now.

    Returns:
        How many records are no longer unclear.
    """
    hold_hospital(session, hospital_id=hospital_id)
    hospital = session.get_one(Organisation, hospital_id)
    settle = {
        MovementKind.PURCHASE: settle_purchases,
        MovementKind.PURCHASE_RETURN: settle_returns,
    }
    unclear = select(StockMovement, MovementFile.counted_in).join(
        MovementFile, MovementFile.id == StockMovement.file_id
    )
    settled = 0
    for kind, each in settle.items():
        rows = session.execute(
            unclear.where(
                StockMovement.hospital_id == hospital_id,
                StockMovement.status == MovementStatus.UNCLEAR,
                StockMovement.kind == kind,
            ).order_by(StockMovement.id)
        ).all()
        for counted_in in CountedIn:
            some = [movement for movement, way in rows if way == counted_in]
            each(session, hospital=hospital, movements=some, counted_in=counted_in, moment=moment)
        settled += sum(movement.status != MovementStatus.UNCLEAR for movement, _way in rows)
    return settled


def take_back_counted(session: Session, *, movement: StockMovement, moment: datetime) -> None:
    """Correct the purchase line of a record that counts no longer: by one that takes it back.

    Its ``source_id`` is the record's id, negated: purchase lines only grow.
    """
    line = _line_of(session, movement)
    record_purchase(
        session,
        _facts_like(line, quantity=-line.quantity, amount=-line.amount, source_id=-movement.id),
        moment=moment,
    )


def _about(
    movement: StockMovement, bought: Bought, knowledge: Knowledge, taken: Collection[int]
) -> Known:
    by_code = knowledge.by_code.get(movement.code, ())
    by_approval = knowledge.by_approval.get(bought.approval_number, ())
    generics = {one.generic_product_id for one in (*by_code, *by_approval)}
    batches = knowledge.batches(
        note_number=movement.note_number, batch_number=movement.batch_number
    )
    return Known(
        by_code,
        by_approval,
        [replace(one, is_taken=True) if one.delivery_line_id in taken else one for one in batches],
        [one for generic in sorted(generics) for one in knowledge.supplies.get(generic, ())],
    )


def _bought(movement: StockMovement, counted_in: CountedIn) -> Bought:
    fields = json.loads(movement.fields)
    return Bought(
        approval_number=normal_approval_number(movement.approval_number),
        note_number=movement.note_number,
        seller=movement.seller,
        batch_number=movement.batch_number,
        happened_on=movement.happened_on,
        quantity=movement.quantity or Decimal(0),
        price=movement.price,
        in_packs=counted_in == CountedIn.PACKS,
        is_gift=fields.get("prod_geay_flag") == GIFT,
    )


def _note(movement: StockMovement, verdict: Verdict) -> None:
    movement.product_id = None if verdict.product is None else verdict.product.id
    movement.units, movement.delivery_line_id = verdict.units, None
    if verdict.unclear is not None:
        _unclear(movement, verdict.unclear)
        return
    note = verdict.note or Reason("", "")
    movement.reason_zh, movement.reason_en = note.zh, note.en
    if verdict.batch is not None:
        movement.status = MovementStatus.MATCHED
        movement.delivery_line_id = verdict.batch.delivery_line_id
    elif verdict.counted is not None:
        movement.status = MovementStatus.COUNTED
    else:
        movement.status = MovementStatus.OUTSIDE


def _unclear(movement: StockMovement, reason: Reason) -> None:
    movement.status = MovementStatus.UNCLEAR
    movement.reason_zh, movement.reason_en = reason.zh, reason.en


def _facts(hospital: Organisation, movement: StockMovement, counted: Counted) -> PurchaseFacts:
    supply, product = counted.supply, counted.product
    is_winning = counted.is_winning
    return PurchaseFacts(
        hospital_id=hospital.id,
        region=hospital.region,
        product=product.generic_name,
        received_on=movement.happened_on,
        is_winning=is_winning,
        is_negotiated=False,
        quantity=counted.units,
        unit_price=counted.unit_price,
        amount=counted.amount,
        source=PurchaseSource.MOVEMENT,
        source_id=movement.id,
        organisation_id=product.holder_id,
        round_id=supply.round_id,
        term_id=supply.term_id,
        supply_id=supply.supply_id if is_winning and counted.is_same_strength else None,
        lot_id=supply.lot_id,
        lot_strength_id=supply.lot_strength_id if counted.is_same_strength else None,
        generic_product_id=product.generic_product_id,
    )


def _line_of(session: Session, movement: StockMovement) -> PurchaseLine:
    return session.scalars(
        select(PurchaseLine).where(
            PurchaseLine.source == PurchaseSource.MOVEMENT, PurchaseLine.source_id == movement.id
        )
    ).one()


def _counted_before(session: Session, movement: StockMovement) -> bool:
    # The line's own number is the record's: a second one of it cannot be recorded.
    lines = select(PurchaseLine.id).where(
        PurchaseLine.source == PurchaseSource.MOVEMENT, PurchaseLine.source_id == movement.id
    )
    return session.scalar(lines) is not None


def _facts_like(
    line: PurchaseLine, *, quantity: int, amount: Decimal, source_id: int
) -> PurchaseFacts:
    kept = {
        name: getattr(line, name)
        for name in PurchaseFacts.__dataclass_fields__
        if name not in ("quantity", "amount", "source", "source_id")
    }
    return PurchaseFacts(
        **kept,
        quantity=quantity,
        amount=amount,
        source=PurchaseSource.MOVEMENT,
        source_id=source_id,
    )


def _original(session: Session, movement: StockMovement) -> StockMovement | None:
    live = select(StockMovement).where(
        StockMovement.hospital_id == movement.hospital_id,
        StockMovement.kind == MovementKind.PURCHASE,
        StockMovement.status != MovementStatus.DELETED,
        # The code keeps a wrong serial from finding another product.
        StockMovement.code == movement.code,
    )
    for serial in (movement.original_serial, movement.serial):
        if serial:
            found = session.scalars(live.where(StockMovement.serial == serial)).one_or_none()
            if found is not None:
                return found
    return None


def _returned_units(
    session: Session, movement: StockMovement, original: StockMovement, counted_in: CountedIn
) -> int | None:
    """Minimal units that went back, by the pack that the purchase was counted in."""
    if original.units is None or not original.quantity:
        return None
    its_file = session.get_one(MovementFile, original.file_id)
    quantity = movement.quantity or Decimal(0)
    if its_file.counted_in == counted_in:
        units = quantity * original.units / original.quantity
    elif counted_in == CountedIn.UNITS:
        units = quantity
    else:
        return None
    return int(units) if units == units.to_integral_value() else None


def _returned_before(session: Session, movement: StockMovement, original: StockMovement) -> int:
    before = select(func.coalesce(func.sum(StockMovement.units), 0)).where(
        StockMovement.original_id == original.id,
        StockMovement.kind == MovementKind.PURCHASE_RETURN,
        StockMovement.status.not_in((MovementStatus.DELETED, MovementStatus.UNCLEAR)),
        StockMovement.id != movement.id,
    )
    return int(session.scalar(before) or 0)


def _taken_back(
    session: Session, movement: StockMovement, original: StockMovement, *, before: int
) -> PurchaseFacts:
    line, units = _line_of(session, original), movement.units or 0
    # Differences of rounded parts: however it goes back, a whole return leaves nothing.
    amount = _part(line.amount, before + units, line.quantity) - _part(
        line.amount, before, line.quantity
    )
    facts = _facts_like(line, quantity=-units, amount=-amount, source_id=movement.id)
    return replace(facts, received_on=movement.happened_on)


def _part(amount: Decimal, units: int, of: int) -> Decimal:
    whole = int(amount.scaleb(4))
    # Half up, in 1/10,000 yuan.
    return Decimal((2 * whole * units + of) // (2 * of)).scaleb(-4)
