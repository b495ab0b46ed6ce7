"""What a purchase that a hospital reports is: goods of the platform, or bought off it; pure.

What no field says is not guessed: such a record is unclear, with a reason, and is not counted.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing.money import EXACT, SIGNIFICANT_DIGITS, round_half_up
from procurement.orders.purchases.lot_rules import Supply, fitting_supplies

STEP = 4
"""Decimals of a unit price and of an amount, in yuan."""
UNITS_MAX = 2**63 - 1

_NO_NUMBER = frozenset({"", "无", "-", "/"})
"""What hospitals write where a product has no approval number."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is what it is, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A pack of the catalogue.

    Attributes:
        id: The product.
        generic_product_id: What it is.
        generic_name: As printed.
        strength: Label.
        holder_id: Marketing authorisation holder.
        maker_id: Who makes it for the holder, if anybody.
        pack_units: Minimal units.
        approval_number: Normal form; empty where there is none.
    """

    id: int
    generic_product_id: int
    generic_name: str
    strength: str
    holder_id: int
    maker_id: int | None
    pack_units: int
    approval_number: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was delivered to the hospital through the platform.

    Attributes:
        delivery_line_id: In the delivery.
        note_number: Of the delivery note.
        batch_number: Of the maker.
        seller: Name of who delivered.
        generic_product_id: What was ordered; None where the catalogue does not know it.
        units: Minimal units that were shipped.
        is_taken: Another record is these goods already.
    """

    delivery_line_id: int
    note_number: str
    batch_number: str
    seller: str
    generic_product_id: int | None
    units: int
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Bought:
    """A record of a purchase, as far as it is judged by.

    Attributes:
        approval_number: Normal form of what was sent.
        note_number: Of the delivery note; empty where none was sent.
        seller: Name of the seller.
        batch_number: Of the maker.
        happened_on: Day in China.
        quantity: In what the file is counted in.
        price: Of one of these; None where none was sent.
        in_packs: The file counts packs; else minimal units.
        is_gift: The seller gave it (商品赠送).
    """

    approval_number: str
    note_number: str
    seller: str
    batch_number: str
    happened_on: date
    quantity: Decimal
    price: Decimal | None
    in_packs: bool
    is_gift: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A purchase off the platform, as it is counted.

    Attributes:
        product: The pack of the catalogue.
        supply: The lot it belongs to; the winner's own supply where it is a winner's.
        is_winning: Of a winner of the hospital's region.
        is_same_strength: The supply has the product's strength.
        units: Minimal units.
        unit_price: Yuan, half up to 0.0001.
        amount: Yuan, half up to 0.0001.
    """

    product: KnownProduct
    supply: Supply
    is_winning: bool
    is_same_strength: bool
    units: int
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a record is.

    Attributes:
        batch: The goods of the platform that it is.
        counted: The purchase off the platform that it is.
        unclear: Why it is neither and may be one of them.
        note: More to say about it.
        product: The pack of the catalogue, where one fits.
        units: Minimal units, where they are known.
        may_be_delivered: It is unclear because it may be goods of the platform.
    """

    batch: Batch | None = None
    counted: Counted | None = None
    unclear: Reason | None = None
    note: Reason | None = None
    product: KnownProduct | None = None
    units: int | None = None
    may_be_delivered: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the platform knows that a purchase may be about.

    Attributes:
        by_code: Products with the code that was sent; at most one.
        by_approval: Products with the approval number that was sent.
        batches: Delivered to the hospital, of the note or the batch that was sent.
        supplies: Of the region of the hospital, of all generic products that may be meant.
    """

    by_code: Sequence[KnownProduct] = field(default_factory=tuple)
    by_approval: Sequence[KnownProduct] = field(default_factory=tuple)
    batches: Sequence[Batch] = field(default_factory=tuple)
    supplies: Sequence[Supply] = field(default_factory=tuple)


def judge(bought: Bought, known: Known) -> Verdict:
    """Say what a reported purchase is.

    Goods of the platform come first: they are counted by their receipt, and never twice.
    """
    product = product_of(bought, known)
    found = product if isinstance(product, KnownProduct) else None
    units = None if found is None else units_of(bought, found.pack_units)
    whole = units if isinstance(units, int) else None
    batch = batch_of(bought, known.batches, found, whole)
    if isinstance(batch, Reason):
        return Verdict(unclear=batch, product=found, units=whole, may_be_delivered=True)
    if batch is not None:
        note = None if bought.note_number else _MATCHED_BY_BATCH
        return Verdict(batch=batch, note=note, product=found, units=whole)
    if found is None:
        unclear = product if isinstance(product, Reason) else None
        return Verdict(unclear=unclear)
    supply = supply_of(found, known.supplies, bought.happened_on)
    if supply is None or isinstance(supply, Reason):
        return Verdict(unclear=supply, product=found, units=whole)
    wrong = units if isinstance(units, Reason) else _not_countable(bought)
    if wrong is not None or whole is None or bought.price is None:
        return Verdict(unclear=wrong, product=found, units=whole)
    counted = _counted(bought, found, supply, whole, bought.price)
    return Verdict(counted=counted, product=found, units=whole)


def product_of(bought: Bought, known: Known) -> KnownProduct | Reason:
    """Say which pack of the catalogue was bought, by its code, else by its approval number."""
    for product in known.by_code:
        sent = bought.approval_number
        if has_number(sent) and product.approval_number and sent != product.approval_number:
            return Reason(
                f"编码对应的批准文号为 {product.approval_number}，上传的是 {sent[:60]}。",
                f"The code's approval number is {product.approval_number}, not {sent[:60]}.",
            )
        return product
    if not known.by_approval:
        return Reason(
            "目录中没有该编码，也没有该批准文号。",
            "The catalogue has neither this code nor this approval number.",
        )
    kinds = {(one.generic_product_id, one.strength, one.holder_id) for one in known.by_approval}
    packs = {one.pack_units for one in known.by_approval}
    if len(kinds) > 1 or (bought.in_packs and len(packs) > 1):
        return Reason(
            "目录中没有该编码；该批准文号有多个包装或规格。",
            "The catalogue has no such code; several packs or strengths have the approval number.",
        )
    return known.by_approval[0]


def units_of(bought: Bought, pack_units: int) -> int | Reason:
    """Return the minimal units, which must be whole and fit into 64 bits.

    Examples:
        >>> from dataclasses import replace
        >>> sent = Bought("", "", "", "", date(2026, 3, 1), Decimal("2.5"), None, True, False)
        >>> units_of(sent, 14)
        35
        >>> units_of(replace(sent, in_packs=False), 14).en
        '2.5 is no whole number of minimal units.'
    """
    factor = pack_units if bought.in_packs else 1
    units = EXACT.multiply(bought.quantity, Decimal(factor))
    if units != units.to_integral_value() or abs(units) > UNITS_MAX:
        shown = f"{units.normalize():f}"
        return Reason(
            f"{shown} 不是整数个最小制剂单位。", f"{shown} is no whole number of minimal units."
        )
    return int(units)


def batch_of(
    bought: Bought, batches: Sequence[Batch], product: KnownProduct | None, units: int | None
) -> Batch | Reason | None:
    """Say which delivered batch was bought; None where none can be meant.

    Args:
        bought: The record.
        batches: Delivered to the hospital, of its note or its batch.
        product: The pack of the catalogue, where it is known.
        units: Minimal units, where they are known.
    """
    same = [one for one in batches if _is_same_batch(one, bought, product)]
    if bought.note_number:
        noted = [one for one in batches if one.note_number == bought.note_number]
        if not noted:
            # A note that the platform does not know: bought elsewhere.
            return None
        same = [one for one in same if one.note_number == bought.note_number]
        sellers = [one for one in same if one.seller == bought.seller]
        same = sellers or same
        if not same:
            return Reason(
                f"平台有随货单 {bought.note_number}，但没有该批号或品种。",
                f"The platform knows note {bought.note_number}, without this batch or product.",
            )
        return same[0] if len(same) == 1 else _by_units(same, units)
    return _unnoted([one for one in same if not one.is_taken], units)


def supply_of(
    product: KnownProduct, supplies: Sequence[Supply], day: date
) -> Supply | Reason | None:
    """Say to which lot a product belongs on a day; None where no lot is in force.

    The winner's own supply comes first, of the product's strength before another.
    """
    best = fitting_supplies(
        supplies,
        generic_product_id=product.generic_product_id,
        strength=product.strength,
        makers=(product.holder_id, product.maker_id),
        day=day,
    )
    if not best:
        return None
    lots = {one.lot_id for one in best}
    if len(lots) > 1:
        return Reason(
            "该品种当日有多个批次在执行，不能确定归属。",
            "Several rounds with this product run that day: it is not clear which it belongs to.",
        )
    return best[0]


def has_number(approval_number: str) -> bool:
    """Tell whether an approval number was sent, and not a sign that there is none.

    Examples:
        >>> has_number("国药准字H20010001"), has_number("无")
        (True, False)
    """
    return approval_number not in _NO_NUMBER


_MATCHED_BY_BATCH = Reason(
    "未报随货单号，按批号和数量与配送对应。",
    "No delivery note was sent: found by batch and quantity.",
)


def _is_same_batch(batch: Batch, bought: Bought, product: KnownProduct | None) -> bool:
    if _plain(batch.batch_number) != _plain(bought.batch_number):
        return False
    if product is None or batch.generic_product_id is None:
        return True
    return batch.generic_product_id == product.generic_product_id


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _by_units(same: Sequence[Batch], units: int | None) -> Batch | Reason:
    fitting = [one for one in same if one.units == units]
    if len(fitting) == 1:
        return fitting[0]
    return Reason("随货单中有多行可能对应。", "Several lines of the note may be meant.")


def _unnoted(free: Sequence[Batch], units: int | None) -> Batch | Reason | None:
    if not free:
        return None
    fitting = [one for one in free if one.units == units]
    if len(fitting) == 1:
        return fitting[0]
    notes = ", ".join(sorted({one.note_number for one in free})[:5])
    return Reason(
        f"可能是平台配送（随货单 {notes}），请补报随货单号。",
        f"It may be a delivery of the platform (note {notes}): send its number.",
    )


def _not_countable(bought: Bought) -> Reason | None:
    if bought.is_gift:
        return Reason(
            "赠送商品：没有规则说明是否计入采购。",
            "A gift: no rule says whether it counts as a purchase.",
        )
    if not bought.price:
        return Reason("没有成交单价。", "No price was sent.")
    return None


def _counted(
    bought: Bought, product: KnownProduct, supply: Supply, units: int, price: Decimal
) -> Counted:
    per = product.pack_units if bought.in_packs else 1
    return Counted(
        product=product,
        supply=supply,
        is_winning=supply.organisation_id in (product.holder_id, product.maker_id),
        is_same_strength=supply.strength == product.strength,
        units=units,
        unit_price=round_half_up(SIGNIFICANT_DIGITS.divide(price, Decimal(per)), STEP),
        amount=round_half_up(EXACT.multiply(bought.quantity, price), STEP),
    )
