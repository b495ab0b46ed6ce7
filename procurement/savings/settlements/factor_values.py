"""Factors as people type them: read, or said to be wrong in both languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from procurement.errors import FieldFault
from procurement.rounds.folder.cells import CellError
from procurement.savings.folder.cells import parse_agreed_price, parse_fund_share, parse_share

PRICE_BEFORE = "price_before"
PAYMENT_RATIO = "payment_ratio"
PAYMENT_RATIO_SPEND = "payment_ratio_spend"
INSURED_SHARE = "insured_share"
FUND_SHARE = "fund_share_employee"

FACTORS: Mapping[str, tuple[str, str]] = {
    PRICE_BEFORE: ("集采前加权平均价", "weighted mean price before the round"),
    PAYMENT_RATIO: ("医保实际支付比例", "payment ratio of the fund"),
    PAYMENT_RATIO_SPEND: ("支出的支付比例", "payment ratio of the spending"),
    INSURED_SHARE: ("参保人员占比", "share of the insured"),
    FUND_SHARE: ("职工医保占比", "part of the employee fund"),
}
"""In the order of forms and files."""

_SHARE = ("0 到 1 之间的小数，如 0.65", "a share from 0 to 1")
_EXPECTED: Mapping[str, tuple[str, str]] = {
    PRICE_BEFORE: ("大于 0 的价格（元），如 1.2034", "a price above zero, like 1.2034"),
    PAYMENT_RATIO: _SHARE,
    PAYMENT_RATIO_SPEND: _SHARE,
    INSURED_SHARE: _SHARE,
    FUND_SHARE: (
        "0 到 1 之间的小数或分数，如 0.25 或 2.89/16.09",
        "a share like 0.25 or 2.89/16.09",
    ),
}
_TEXT_MAX = 60


@dataclass(frozen=True, slots=True)
class FactorValues:
    """Factors of a line, or of many; None where they are not given.

    Attributes:
        price_before: Yuan per minimal unit.
        payment_ratio: Of the fund; of the budget where there are two.
        payment_ratio_spend: Of the spending.
        insured_share: Share of the insured.
        fund_share_employee: As it was typed: a decimal, or a quotient.
    """

    price_before: Decimal | None = None
    payment_ratio: Decimal | None = None
    payment_ratio_spend: Decimal | None = None
    insured_share: Decimal | None = None
    fund_share_employee: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no factor is given."""
        return self == FactorValues()


def read_factors(
    texts: Mapping[str, str], *, place: Callable[[str], str] = lambda name: name
) -> tuple[FactorValues, list[FieldFault]]:
    """Read factors; an empty text is not given.

    Args:
        texts: By the names of `FACTORS`.
        place: Says where a factor stands: the form's field, or line and column of a file.

    Examples:
        >>> read_factors({"payment_ratio": "0.6"})[0].payment_ratio
        Decimal('0.6')
        >>> [fault.en for fault in read_factors({"payment_ratio": "1.2"})[1]]
        ['“1.2”: expected a share from 0 to 1.']
    """
    faults: list[FieldFault] = []
    read: dict[str, Decimal] = {}
    for name in (PRICE_BEFORE, PAYMENT_RATIO, PAYMENT_RATIO_SPEND, INSURED_SHARE):
        text = texts.get(name, "").strip()
        parse = parse_agreed_price if name == PRICE_BEFORE else parse_share
        try:
            read |= {name: parse(text)} if text else {}
        except CellError:
            faults.append(_fault(name, text, place))
    share = texts.get(FUND_SHARE, "").strip()
    try:
        is_sound = not share or (parse_fund_share(share) >= 0 and len(share) <= _TEXT_MAX)
    except CellError:
        is_sound = False
    if not is_sound:
        faults.append(_fault(FUND_SHARE, share, place))
    values = FactorValues(
        price_before=read.get(PRICE_BEFORE),
        payment_ratio=read.get(PAYMENT_RATIO),
        payment_ratio_spend=read.get(PAYMENT_RATIO_SPEND),
        insured_share=read.get(INSURED_SHARE),
        fund_share_employee=(share or None) if is_sound else None,
    )
    return values, faults


def _fault(name: str, text: str, place: Callable[[str], str]) -> FieldFault:
    zh, en = _EXPECTED[name]
    shown = text[:40]
    return FieldFault(place(name), f"“{shown}”：应为{zh}。", f"“{shown}”: expected {en}.")
