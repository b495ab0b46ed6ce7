"""The lots of a round: added from the catalogue, changed, taken out, failed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bidding.bid_sheet import Category, DosageForm
from procurement.catalogue.tables import GenericProduct
from procurement.database import MONEY_MAX, InexactMoneyError, Money
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.permissions import Action, Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round, record_change
from procurement.rounds.rules import Part, check_may_change, may_change
from procurement.rounds.tables import Lot, LotStrength, Round, RoundStatus

CODE_LENGTH_MAX = 30
PRODUCT_LENGTH_MAX = 200
UNIT_LENGTH_MAX = 20
STRENGTH_LENGTH_MAX = 60
STRENGTHS_MAX = 100
_RATIO_MAX = Decimal(10) ** 9
_RATIO_LENGTH_MAX = 40


class LotInUseError(RefusedError):
    """A lot (or a strength) cannot be taken out: volumes were reported for it."""

    def __init__(self, code: str) -> None:
        """Keep the lot's code."""
        super().__init__(
            zh=f"品种 {code} 已有填报的需求量，不能删除；可将其撤出本批次。",
            en=f"Volumes were reported for lot {code}: it cannot be deleted. Withdraw it instead.",
        )
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthFacts:
    """A strength of a lot.

    Attributes:
        strength: Label, such as ``10mg``.
        ratio: Content relative to the lot's main strength.
        price_ceiling: Maximum valid declared price, yuan per unit of this strength.
        benchmark_price: Benchmark of an inquiry, yuan per unit.
    """

    strength: str
    ratio: Decimal
    price_ceiling: Decimal | None = None
    benchmark_price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """What a lot is; the columns of `Lot` describe the fields."""

    code: str
    product: str
    unit: str
    strengths: tuple[StrengthFacts, ...]
    generic_product_id: int | None = None
    dosage_form: str | None = None
    category: str = Category.GENERAL
    daily_dose: Decimal | None = None
    by_brand: bool = False

    @property
    def without_prices(self) -> tuple[object, ...]:
        """All but the prices, which stay open longer than the rest."""
        return (
            *(self.code, self.product, self.unit, self.generic_product_id, self.dosage_form),
            *(self.category, self.daily_dose, self.by_brand),
            tuple((one.strength, one.ratio) for one in self.strengths),
        )


def find_lot(session: Session, *, round_id: int, code: str) -> Lot:
    """Return a lot of a round.

    Raises:
        NotFoundForActorError: The round has no such lot.
    """
    wanted = select(Lot).where(Lot.round_id == round_id, Lot.code == code)
    lot = session.scalars(wanted).one_or_none()
    if lot is None:
        raise NotFoundForActorError
    return lot


def strengths_of(session: Session, *, lot_id: int) -> Sequence[LotStrength]:
    """Return the strengths of a lot, by content and label."""
    found = session.scalars(select(LotStrength).where(LotStrength.lot_id == lot_id))
    return sorted(found, key=lambda one: (one.strength_ratio, one.strength))


def lot_facts(session: Session, *, lot: Lot) -> LotFacts:
    """Return what a lot is, as its form shows it."""
    return LotFacts(
        code=lot.code,
        product=lot.product,
        unit=lot.unit,
        generic_product_id=lot.generic_product_id,
        dosage_form=lot.dosage_form,
        category=lot.category,
        daily_dose=lot.daily_dose,
        by_brand=lot.by_brand,
        strengths=tuple(
            StrengthFacts(
                strength=one.strength,
                ratio=one.strength_ratio,
                price_ceiling=one.price_ceiling,
                benchmark_price=one.benchmark_price,
            )
            for one in strengths_of(session, lot_id=lot.id)
        ),
    )


def add_lot(
    session: Session, *, round_: Round, facts: LotFacts, actor: Actor, moment: datetime
) -> Lot:
    """Add a lot to a draft.

    Args:
        session: Session of the caller's transaction.
        round_: The draft.
        facts: What the lot is.
        actor: The officer.
        moment: When.

    Raises:
        PartFixedError: Lots are fixed by now.
        InvalidInputError: With every fault of the facts.
    """
    lock_round(session, round_=round_)
    check_may_change(Part.LOTS, RoundStatus(round_.status))
    faults = list(lot_faults(session, facts=facts))
    taken = select(Lot.id).where(Lot.round_id == round_.id, Lot.code == facts.code)
    if session.scalar(taken) is not None:
        zh, en = f"本批次已有品种 {facts.code}。", f"The round has a lot {facts.code} already."
        faults.append(FieldFault("code", zh, en))
    if faults:
        raise InvalidInputError(faults)
    lot = Lot(round_id=round_.id)
    _write_lot(lot, facts)
    session.add(lot)
    session.flush()
    _write_strengths(session, lot, facts.strengths)
    round_.version += 1
    session.flush()
    _record(session, round_, lot, actor, moment)
    return lot


def change_lot(
    session: Session,
    *,
    round_: Round,
    lot: Lot,
    facts: LotFacts,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Lot:
    """Change a lot of a draft; later, until publication, its prices only. Its code stays.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        lot: The lot.
        facts: Everything about it, as it is to be.
        version: The lot's version that the page showed.
        actor: The officer.
        moment: When.

    Raises:
        StaleError: Somebody else changed the lot since.
        PartFixedError: What was changed is fixed by now.
        InvalidInputError: With every fault of the facts.
        LotInUseError: A strength that is left out has reported volumes.
    """
    lock_round(session, round_=round_)
    session.refresh(lot)
    if lot.version != version:
        raise StaleError
    status = RoundStatus(round_.status)
    check_may_change(Part.PRICES, status)
    if not may_change(Part.LOTS, status):
        present = lot_facts(session, lot=lot)
        if present.without_prices != facts.without_prices:
            check_may_change(Part.LOTS, status)
    faults = list(lot_faults(session, facts=facts))
    if faults:
        raise InvalidInputError(faults)
    _write_lot(lot, facts)
    _write_strengths(session, lot, facts.strengths)
    lot.version += 1
    round_.version += 1
    session.flush()
    _record(session, round_, lot, actor, moment)
    return lot


def remove_lot(
    session: Session, *, round_: Round, lot: Lot, actor: Actor, moment: datetime
) -> None:
    """Take a lot out of a draft.

    Raises:
        PartFixedError: Lots are fixed by now.
        LotInUseError: Volumes were reported for it.
    """
    lock_round(session, round_=round_)
    check_may_change(Part.LOTS, RoundStatus(round_.status))
    try:
        with session.begin_nested():
            for strength in strengths_of(session, lot_id=lot.id):
                session.delete(strength)
            session.flush()
            session.delete(lot)
    except IntegrityError as refusal:
        raise LotInUseError(lot.code) from refusal
    round_.version += 1
    session.flush()
    _record(session, round_, lot, actor, moment)


def _record(session: Session, round_: Round, lot: Lot, actor: Actor, moment: datetime) -> None:
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.CHANGE_ROUND,
        facts={"part": Part.LOTS, "lot": lot.code},
        moment=moment,
    )


def _write_lot(lot: Lot, facts: LotFacts) -> None:
    lot.code = facts.code if lot.code is None else lot.code
    lot.product = facts.product
    lot.unit = facts.unit
    lot.generic_product_id = facts.generic_product_id
    lot.dosage_form = facts.dosage_form
    lot.category = facts.category
    lot.daily_dose = facts.daily_dose
    lot.by_brand = facts.by_brand


def _write_strengths(session: Session, lot: Lot, strengths: Sequence[StrengthFacts]) -> None:
    """Bring the rows to what is wanted; a strength that stays keeps its id."""
    present = {row.strength: row for row in strengths_of(session, lot_id=lot.id)}
    for facts in strengths:
        row = present.pop(facts.strength, None)
        if row is None:
            row = LotStrength(lot_id=lot.id, strength=facts.strength)
            session.add(row)
        row.strength_ratio = facts.ratio
        row.price_ceiling = facts.price_ceiling
        row.benchmark_price = facts.benchmark_price
    session.flush()
    try:
        with session.begin_nested():
            for row in present.values():
                session.delete(row)
    except IntegrityError as refusal:
        raise LotInUseError(lot.code) from refusal


def lot_faults(session: Session, *, facts: LotFacts) -> Iterator[FieldFault]:
    """Find what is wrong with a lot; the strengths are named by their place, from 1."""
    yield from _text_faults(facts)
    if facts.dosage_form is not None and facts.dosage_form not in tuple(DosageForm):
        yield FieldFault("dosage_form", "请从列表中选择剂型。", "Choose a form from the list.")
    if facts.category not in tuple(Category):
        yield FieldFault("category", "请从列表中选择类别。", "Choose a category from the list.")
    if facts.daily_dose is not None and not _is_ratio(facts.daily_dose):
        yield FieldFault("daily_dose", "须大于 0。", "Expected a number above zero.")
    known = facts.generic_product_id is None or (
        session.get(GenericProduct, facts.generic_product_id) is not None
    )
    if not known:
        zh, en = "目录中没有这个品种。", "The catalogue has no such product."
        yield FieldFault("generic_product_id", zh, en)
    yield from _strength_faults(facts.strengths)


def _text_faults(facts: LotFacts) -> Iterator[FieldFault]:
    for field, text, most in (
        ("code", facts.code, CODE_LENGTH_MAX),
        ("product", facts.product, PRODUCT_LENGTH_MAX),
        ("unit", facts.unit, UNIT_LENGTH_MAX),
    ):
        if not text:
            yield FieldFault(field, "请填写。", "Expected a text.")
        elif len(text) > most or not text.isprintable():
            yield FieldFault(
                field, f"至多 {most} 个可见字符。", f"Expected at most {most} visible characters."
            )
    if facts.code and not facts.code.replace("-", "").replace("_", "").isalnum():
        zh, en = "只能用字母、数字和连字符。", "Expected letters, digits and hyphens only."
        yield FieldFault("code", zh, en)


def _strength_faults(strengths: Sequence[StrengthFacts]) -> Iterator[FieldFault]:
    if not strengths:
        yield FieldFault("strength-1", "请至少填写一个规格。", "Enter at least one strength.")
    if len(strengths) > STRENGTHS_MAX:
        most = STRENGTHS_MAX
        yield FieldFault("strength-1", f"至多 {most} 个规格。", f"At most {most} strengths.")
    seen: set[str] = set()
    for place, one in enumerate(strengths, start=1):
        if not one.strength or len(one.strength) > STRENGTH_LENGTH_MAX:
            most = STRENGTH_LENGTH_MAX
            zh, en = f"须为 1 至 {most} 字。", f"Expected 1 to {most} characters."
            yield FieldFault(f"strength-{place}", zh, en)
        if one.strength in seen:
            yield FieldFault(f"strength-{place}", "规格重复。", "This strength is there twice.")
        seen.add(one.strength)
        if not _is_ratio(one.ratio):
            zh, en = "含量比须大于 0。", "Expected a ratio above zero."
            yield FieldFault(f"ratio-{place}", zh, en)
        yield from _price_faults(f"ceiling-{place}", one.price_ceiling)
        yield from _price_faults(f"benchmark-{place}", one.benchmark_price)


def _price_faults(field: str, price: Decimal | None) -> Iterator[FieldFault]:
    if price is None:
        return
    try:
        Money().process_bind_param(price, None)
        fits = Decimal(0) < price <= MONEY_MAX
    except InexactMoneyError:
        fits = False
    if not fits:
        yield FieldFault(
            field,
            "须为大于 0 的元数，至多 4 位小数。",
            "Expected yuan above zero with at most 4 decimals.",
        )


def _is_ratio(ratio: Decimal) -> bool:
    if not ratio.is_finite() or not Decimal(0) < ratio < _RATIO_MAX:
        return False
    exponent = ratio.as_tuple().exponent
    # Asked before it is printed: an exponent of a billion would be a text of a billion digits.
    is_short = isinstance(exponent, int) and exponent >= -_RATIO_LENGTH_MAX
    return is_short and len(f"{ratio:f}") <= _RATIO_LENGTH_MAX
