"""Matching an invoice with order and receipt (三单匹配); pure.

A line agrees where its receipt is known, the product and the price are those of the order, the
packs are at most what was accepted, less what went back and what was invoiced before, and the
amount is packs times price. No source at hand states how an invoice rounds: both the exact
product and its half-up rounding to the cent agree.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pricing.money import EXACT, round_half_up


class FaultKind(StrEnum):
    """What can differ."""

    UNKNOWN = "unknown"
    """Nothing was delivered that the line could be for."""
    SEVERAL = "several"
    """Several receipts fit: the delivery note must be named."""
    PRODUCT = "product"
    PRICE = "price"
    PACKS = "packs"
    """More than was accepted and not invoiced, or more taken back than was invoiced."""
    AMOUNT = "amount"
    WAITING = "waiting"
    """Delivered, and not accepted yet."""


@dataclass(frozen=True, slots=True)
class MatchFault:
    """What differs in a line, or in the invoice as a whole.

    Attributes:
        kind: What.
        zh: Said in Chinese, with both values.
        en: The same in English.
    """

    kind: FaultKind
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A line of an invoice.

    Attributes:
        product: As printed.
        packs: Below zero on a red invoice.
        pack_price: Yuan.
        amount: Yuan; below zero on a red invoice.
    """

    product: str
    packs: int
    pack_price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Received:
    """What order and receipt say of the goods of a line.

    Attributes:
        product: As the order names it: of a lot, generic name and dosage form.
        generic_name: Of the catalogue; empty where that does not know it.
        pack_price: Of the order, yuan.
        shipped: Packs of the delivery line.
        is_decided: The hospital has accepted or refused the delivery.
        accepted: Packs.
        returned: Packs of the accepted ones that went back.
        invoiced: Packs on other invoices that stand, red ones deducted.
    """

    product: str
    generic_name: str
    pack_price: Decimal
    shipped: int
    is_decided: bool
    accepted: int
    returned: int
    invoiced: int

    @property
    def left(self) -> int:
        """Packs that may still be invoiced; below zero where a red invoice is missing."""
        return self.accepted - self.returned - self.invoiced


def line_faults(line: Invoiced, received: Received) -> tuple[MatchFault, ...]:
    """Say all that differs between a line, its order and its receipt.

    Examples:
        >>> received = Received("阿那曲唑片", "阿那曲唑", Decimal("12.50"), 100, True, 90, 10, 0)
        >>> line_faults(Invoiced("阿那曲唑片", 80, Decimal("12.50"), Decimal(1000)), received)
        ()
        >>> more = Invoiced("阿那曲唑片", 81, Decimal("12.60"), Decimal("1020.60"))
        >>> [fault.kind.value for fault in line_faults(more, received)]
        ['price', 'packs']
        >>> line_faults(more, received)[1].en
        '81 packs: accepted 90, returned 10, invoiced before 0, so at most 80.'
    """
    found = [
        _product_fault(line, received),
        _price_fault(line, received),
        _packs_fault(line, received),
        amount_fault(line),
    ]
    return tuple(fault for fault in found if fault is not None)


def amount_fault(line: Invoiced) -> MatchFault | None:
    """Say whether the amount is not packs times price.

    Examples:
        >>> amount_fault(Invoiced("", 3, Decimal("12.345"), Decimal("37.04"))) is None
        True
        >>> amount_fault(Invoiced("", 3, Decimal("12.345"), Decimal("37.03"))).en
        'Amount 37.03; 3 packs at 12.345 are 37.035.'
    """
    exact = EXACT.multiply(Decimal(line.packs), line.pack_price)
    if line.amount in (exact, round_half_up(exact, 2)):
        return None
    return MatchFault(
        FaultKind.AMOUNT,
        f"金额 {shown(line.amount)} 不符：{line.packs} 盒 × {shown(line.pack_price)} 元 = "
        f"{shown(exact)} 元。",
        f"Amount {shown(line.amount)}; {line.packs} packs at {shown(line.pack_price)} are "
        f"{shown(exact)}.",
    )


def total_fault(amounts: Sequence[Decimal], total: Decimal) -> MatchFault | None:
    """Say whether the lines do not add up to the invoice.

    Examples:
        >>> total_fault([Decimal("1.10"), Decimal("2.20")], Decimal("3.30")) is None
        True
    """
    lines = Decimal(0)
    for amount in amounts:
        lines = EXACT.add(lines, amount)
    if lines == total:
        return None
    return MatchFault(
        FaultKind.AMOUNT,
        f"价税合计 {shown(total)} 元与各行合计 {shown(lines)} 元不符。",
        f"The total is {shown(total)}, the lines add up to {shown(lines)}.",
    )


def is_waiting(faults: Sequence[MatchFault]) -> bool:
    """Tell whether nothing is wrong but that goods are not accepted yet.

    Examples:
        >>> is_waiting([MatchFault(FaultKind.WAITING, "", "")]), is_waiting([])
        (True, False)
    """
    return bool(faults) and all(fault.kind is FaultKind.WAITING for fault in faults)


def shown(amount: Decimal) -> str:
    """A decimal as people write it: without an exponent, with at least two decimals.

    Examples:
        >>> shown(Decimal("12.5000")), shown(Decimal("0.1234")), shown(Decimal(3))
        ('12.50', '0.1234', '3.00')
    """
    whole, _, decimals = f"{amount:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def same_product(printed: str, *, ordered: str, generic_name: str = "") -> bool:
    """Tell whether what is printed names what was ordered.

    An invoice prints brand, form and strength beside the generic name, a lot is called by generic
    name and group of forms: the generic name must be there. Where the catalogue does not know it,
    the first two letters of the lot's name stand for it. Width, case and blanks do not count.

    Examples:
        >>> same_product("瑞宁得 阿那曲唑片", ordered="阿那曲唑口服剂型", generic_name="阿那曲唑")
        True
        >>> same_product("来曲唑片", ordered="阿那曲唑口服常释剂型")
        False
    """
    text, product = _plain(printed), _plain(ordered)
    return (_plain(generic_name) or product[:2]) in text


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _product_fault(line: Invoiced, received: Received) -> MatchFault | None:
    if same_product(line.product, ordered=received.product, generic_name=received.generic_name):
        return None
    return MatchFault(
        FaultKind.PRODUCT,
        f"品名“{line.product[:60]}”与订单“{received.product[:60]}”不符。",
        f"“{line.product[:60]}” was not ordered; the order says “{received.product[:60]}”.",
    )


def _price_fault(line: Invoiced, received: Received) -> MatchFault | None:
    if line.pack_price == received.pack_price:
        return None
    return MatchFault(
        FaultKind.PRICE,
        f"单价 {shown(line.pack_price)} 元与订单 {shown(received.pack_price)} 元不符。",
        f"Price {shown(line.pack_price)}; the order has {shown(received.pack_price)}.",
    )


def _packs_fault(line: Invoiced, received: Received) -> MatchFault | None:
    if line.packs < 0:
        return _red_fault(line, received)
    if not received.is_decided:
        return _unaccepted_fault(line, received)
    if line.packs <= received.left:
        return None
    most = max(received.left, 0)
    return MatchFault(
        FaultKind.PACKS,
        f"数量 {line.packs} 盒：验收 {received.accepted}，退货 {received.returned}，"
        f"此前已开票 {received.invoiced}，最多 {most} 盒。",
        f"{line.packs} packs: accepted {received.accepted}, returned {received.returned}, "
        f"invoiced before {received.invoiced}, so at most {most}.",
    )


def _unaccepted_fault(line: Invoiced, received: Received) -> MatchFault:
    most = received.shipped - received.invoiced
    if line.packs > most:
        return MatchFault(
            FaultKind.PACKS,
            f"数量 {line.packs} 盒：发货 {received.shipped}，此前已开票 {received.invoiced}。",
            f"{line.packs} packs; {received.shipped} were shipped, {received.invoiced} of them "
            "invoiced before.",
        )
    return MatchFault(
        FaultKind.WAITING, "医疗机构尚未验收。", "The hospital has not accepted it yet."
    )


def _red_fault(line: Invoiced, received: Received) -> MatchFault | None:
    if -line.packs <= received.invoiced:
        return None
    return MatchFault(
        FaultKind.PACKS,
        f"红字 {-line.packs} 盒超过此前已开票的 {received.invoiced} 盒。",
        f"{-line.packs} packs are taken back; {received.invoiced} were invoiced before.",
    )
