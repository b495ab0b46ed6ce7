"""Where platform, hospital and invoices differ about the same goods; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pricing.money import EXACT, SIGNIFICANT_DIGITS, round_half_up


class MismatchKind(StrEnum):
    """What differs."""

    NO_MOVEMENTS = "no-movements"
    """The hospital sent no purchases (3503) for these days: nothing can be compared."""
    NOT_WAREHOUSED = "not-warehoused"
    """Accepted on the platform, not in the hospital's stock."""
    QUANTITY = "quantity"
    """Other quantities accepted and taken into stock."""
    PRICE = "price"
    """Taken into stock at another price than ordered."""
    NOT_ACCEPTED = "not-accepted"
    """In the hospital's stock, not accepted on the platform."""
    RETURN = "return"
    """Other quantities returned on the platform and in the hospital's stock."""
    UNCLEAR = "unclear"
    """A purchase of the hospital that nobody can tell what it is."""
    OFF_PLATFORM = "off-platform"
    """A purchase of the hospital beside the platform."""
    NOT_INVOICED = "not-invoiced"
    """Accepted and not invoiced."""
    OVER_INVOICED = "over-invoiced"
    """More invoiced than was kept: a red invoice is missing."""
    INVOICE = "invoice"
    """An invoice differs from order or receipt."""


KIND_NAMES = {
    MismatchKind.NO_MOVEMENTS: ("未报进销存", "no stock movements"),
    MismatchKind.NOT_WAREHOUSED: ("已验收，院内未入库", "accepted, not in stock"),
    MismatchKind.QUANTITY: ("数量不符", "quantities differ"),
    MismatchKind.PRICE: ("价格不符", "prices differ"),
    MismatchKind.NOT_ACCEPTED: ("院内已入库，平台未验收", "in stock, not accepted"),
    MismatchKind.RETURN: ("退货不符", "returns differ"),
    MismatchKind.UNCLEAR: ("采购记录待核实", "purchase unclear"),
    MismatchKind.OFF_PLATFORM: ("平台外采购", "bought off the platform"),
    MismatchKind.NOT_INVOICED: ("已验收，未开票", "accepted, not invoiced"),
    MismatchKind.OVER_INVOICED: ("开票多于实收", "invoiced more than kept"),
    MismatchKind.INVOICE: ("发票不符", "invoice differs"),
}
"""How people call it, in both languages."""


@dataclass(frozen=True, slots=True)
class Warehoused:
    """A purchase (3503) of the hospital that is these goods.

    Attributes:
        units: Minimal units; None where they are not known.
        price: As sent, of a pack or of a unit; None where none was sent.
        in_packs: Its price is of a pack.
    """

    units: int | None
    price: Decimal | None
    in_packs: bool


@dataclass(frozen=True, slots=True)
class GoodsTold:
    """What platform, hospital and invoices say of the same batch.

    Attributes:
        pack_units: Minimal units in a pack.
        pack_price: Of the order, yuan.
        is_accepted: The hospital accepted or refused it on the platform.
        accepted: Packs.
        returned: Packs, on the platform.
        invoiced: Packs on standing invoices, red ones deducted.
        warehoused: Purchases of the hospital that are these goods.
        sent_back: Minimal units that the hospital's returns (3504) say.
        compares_stock: The hospital sends its movements, so that they can be compared.
    """

    pack_units: int
    pack_price: Decimal
    is_accepted: bool
    accepted: int
    returned: int
    invoiced: int
    warehoused: Sequence[Warehoused]
    sent_back: int
    compares_stock: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    Attributes:
        kind: What.
        zh: Said with both values, in Chinese.
        en: The same in English.
        amount: What it comes to in yuan; None where no amount can be told.
    """

    kind: MismatchKind
    zh: str
    en: str
    amount: Decimal | None


def differences(told: GoodsTold) -> Iterator[Difference]:
    """Say all that platform, hospital and invoices differ in about a batch.

    Examples:
        >>> told = GoodsTold(14, Decimal("28.00"), True, 10, 1, 9,
        ...                  [Warehoused(126, Decimal("2.00"), False)], 14, True)
        >>> [(one.kind.value, str(one.amount)) for one in differences(told)]
        [('quantity', '28.00')]
    """
    if told.compares_stock:
        yield from _stock_differences(told)
    if told.is_accepted:
        yield from _invoice_differences(told)


def _stock_differences(told: GoodsTold) -> Iterator[Difference]:
    units = [one.units for one in told.warehoused]
    taken_in = sum(one for one in units if one is not None)
    accepted = told.accepted * told.pack_units
    if not told.is_accepted:
        if told.warehoused:
            zh = f"院内入库 {taken_in}，平台尚未验收。"
            en = f"{taken_in} units taken into stock, not accepted on the platform."
            yield Difference(MismatchKind.NOT_ACCEPTED, zh, en, _worth(told, taken_in))
        return
    if not told.warehoused and accepted:
        zh = f"平台验收 {accepted}，院内没有入库记录。"
        en = f"{accepted} units accepted, none taken into stock."
        yield Difference(MismatchKind.NOT_WAREHOUSED, zh, en, _worth(told, accepted))
    elif told.warehoused and None not in units and taken_in != accepted:
        zh = f"平台验收 {accepted}，院内入库 {taken_in}。"
        en = f"{accepted} units accepted, {taken_in} taken into stock."
        yield Difference(MismatchKind.QUANTITY, zh, en, _worth(told, abs(accepted - taken_in)))
    yield from _price_differences(told)
    returned = told.returned * told.pack_units
    if told.warehoused and returned != told.sent_back:
        zh = f"平台退货 {returned}，院内退货 {told.sent_back}。"
        en = f"{returned} units returned on the platform, {told.sent_back} by stock."
        worth = _worth(told, abs(returned - told.sent_back))
        yield Difference(MismatchKind.RETURN, zh, en, worth)


def _price_differences(told: GoodsTold) -> Iterator[Difference]:
    for one in told.warehoused:
        if one.price is None:
            continue
        per = Decimal(1 if one.in_packs else told.pack_units)
        exact = SIGNIFICANT_DIGITS.divide(told.pack_price, per)
        # A hospital rounds a unit price to as many decimals as it sends, at least four.
        exponent = one.price.as_tuple().exponent
        decimals = max(4, -exponent if isinstance(exponent, int) else 0)
        if one.price == exact or one.price == round_half_up(exact, decimals):
            continue
        shown = f"{round_half_up(exact, decimals).normalize():f}"
        zh = f"订单单价 {shown} 元，院内入库单价 {one.price:f} 元。"
        en = f"Ordered at {shown} yuan, taken into stock at {one.price:f}."
        worth = None
        if one.units is not None:
            of_stock = EXACT.multiply(Decimal(one.units), one.price)
            if one.in_packs:
                of_stock = SIGNIFICANT_DIGITS.divide(of_stock, Decimal(told.pack_units))
            worth = round_half_up(abs(of_stock - _worth(told, one.units)), 2)
        yield Difference(MismatchKind.PRICE, zh, en, worth)


def _invoice_differences(told: GoodsTold) -> Iterator[Difference]:
    kept = told.accepted - told.returned
    if told.invoiced < kept:
        zh = f"实收 {kept} 盒，已开票 {told.invoiced} 盒。"
        en = f"{kept} packs kept, {told.invoiced} invoiced."
        kind, packs = MismatchKind.NOT_INVOICED, kept - told.invoiced
    elif told.invoiced > kept:
        zh = f"实收 {kept} 盒，已开票 {told.invoiced} 盒：须开具红字发票。"
        en = f"{kept} packs kept, {told.invoiced} invoiced: a red invoice is missing."
        kind, packs = MismatchKind.OVER_INVOICED, told.invoiced - kept
    else:
        return
    yield Difference(kind, zh, en, EXACT.multiply(told.pack_price, Decimal(packs)))


def _worth(told: GoodsTold, units: int) -> Decimal:
    """What units come to at the order's price, to the cent."""
    whole = EXACT.multiply(told.pack_price, Decimal(units))
    return round_half_up(SIGNIFICANT_DIGITS.divide(whole, Decimal(told.pack_units)), 2)
