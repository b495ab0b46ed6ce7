"""Units of inputs: what is money and in which currency, and what is a plain number.

A unit is a text such as ``yuan``, ``yuan per year``, ``ratio`` or ``probability``. Checked is what
can be known for certain: money where a plain number belongs, a plain number where money belongs,
two currencies in one model, money added to a plain number. A unit of other words ("tablet") is
left alone, and what follows ``per`` or ``/`` only matters where it is money.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pricing.faults import ModelError

CURRENCIES: Mapping[str, str] = {
    **dict.fromkeys(("yuan", "cny", "rmb", "元", "人民币", "人民币元", "¥", "￥"), "CNY"),
    **dict.fromkeys(("gbp", "£", "pound", "pounds"), "GBP"),
    **dict.fromkeys(("usd", "$", "us$", "dollar", "dollars"), "USD"),
    **dict.fromkeys(("eur", "€", "euro", "euros"), "EUR"),
    **dict.fromkeys(("jpy", "yen"), "JPY"),
    **{name.lower(): name for name in ("AUD", "CAD", "CHF", "HKD", "KRW", "TWD")},
}
"""Currencies by the words for them."""

PARTS = frozenset(
    ("probability", "share", "proportion", "prevalence", "fraction", "概率", "份额", "占比", "比例")
)
"""Words for numbers from 0 to 1."""

PLAIN = frozenset(
    (
        *("", "1", "ratio", "rate", "number", "count", "counts", "%", "percent", "multiple"),
        *("hazard ratio", "relative risk", "risk ratio", "odds ratio", "utility", "exponent"),
        *("person", "people", "patient", "patients", "persons", "events", "cases", "case"),
        *("year", "years", "month", "months", "week", "weeks", "day", "days", "hour", "hours"),
        *("cycle", "cycles", "qaly", "qalys", "daly", "life year", "life years"),
        *("比值", "率", "人", "人数", "例", "年", "月", "天", "次", "风险比", "相对危险度"),
    )
)
"""Words for other numbers that are certainly no money."""


class UnitError(ModelError):
    """Two units do not go together.

    Attributes:
        zh: What was found and expected, in Chinese.
        en: The same in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        """Keep the two texts."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Dimension:
    """How money enters a number.

    Attributes:
        powers: Currencies with their exponents, none with exponent 0; empty for a plain number.
        known: False where the unit says nothing certain; then it goes together with everything.
        literal: A number as written, whose unit nobody named: it takes that of its neighbour.
    """

    powers: frozenset[tuple[str, int]] = frozenset()
    known: bool = True
    literal: bool = False

    def __str__(self) -> str:
        """Such as ``CNY``, ``CNY^2``, ``a plain number``."""
        if not self.powers:
            return "a plain number"
        marks = (name if power == 1 else f"{name}^{power}" for name, power in sorted(self.powers))
        return " ".join(marks)


PLAIN_NUMBER = Dimension()
LITERAL = Dimension(literal=True)
UNKNOWN = Dimension(known=False)


def parse_unit(text: str) -> Dimension:
    """What a unit says about money.

    Examples:
        >>> print(parse_unit("yuan per year"), "|", parse_unit("probability"))
        CNY | a plain number
        >>> parse_unit("tablet").known
        False
    """
    first, *below = re.split(r"\s*/\s*|\s+per\s+|(?<![\w])per\s+", text.strip().lower())
    powers: dict[str, int] = {}
    if first in CURRENCIES:
        powers[CURRENCIES[first]] = 1
    elif first not in PLAIN and first not in PARTS:
        return UNKNOWN
    for word in below:
        currency = CURRENCIES.get(word)
        if currency is not None:
            powers[currency] = powers.get(currency, 0) - 1
    return Dimension(frozenset((name, power) for name, power in powers.items() if power))


def is_part(unit: str) -> bool:
    """Whether a unit says that its number lies from 0 to 1.

    Examples:
        >>> is_part("probability"), is_part("ratio")
        (True, False)
    """
    return unit.strip().lower() in PARTS


def of_sum(left: Dimension, right: Dimension) -> Dimension:
    """The dimension of a sum or a difference.

    Raises:
        UnitError: Money of one kind and something else.

    Examples:
        >>> of_sum(parse_unit("yuan"), parse_unit("ratio"))
        Traceback (most recent call last):
        pricing.units.UnitError: adds CNY and a plain number
    """
    if not (left.known and right.known):
        return UNKNOWN
    if left.literal or right.literal:
        return right if left.literal else left
    if left != right:
        raise UnitError(f"把 {_zh(left)} 与 {_zh(right)} 相加", f"adds {left} and {right}")
    return left


def of_product(left: Dimension, right: Dimension, *, divided: bool = False) -> Dimension:
    """The dimension of a product, or of a quotient.

    Examples:
        >>> print(of_product(parse_unit("yuan"), parse_unit("ratio")))
        CNY
        >>> of_product(LITERAL, parse_unit("events")).literal
        True
    """
    if not (left.known and right.known):
        return UNKNOWN
    if (left.literal or right.literal) and not (left.powers or right.powers):
        # A number as written may be a price: 95 x the number of events is money.
        return LITERAL
    powers = dict(left.powers)
    for name, power in right.powers:
        powers[name] = powers.get(name, 0) + (-power if divided else power)
    return Dimension(frozenset((name, power) for name, power in powers.items() if power))


def of_function(function: str, inner: Dimension) -> Dimension:
    """The dimension of an exponential or a logarithm.

    Raises:
        UnitError: Its argument is money.
    """
    if inner.known and inner.powers:
        raise UnitError(
            f"对 {_zh(inner)} 取 {function}；应为纯数",
            f"takes {function} of {inner}: expected a number",
        )
    return inner if inner.literal or not inner.known else PLAIN_NUMBER


def check_money(found: Dimension, *, money: bool) -> None:
    """Refuse a plain number where money belongs, and money where a plain number belongs.

    Raises:
        UnitError: With what was found and expected.
    """
    if not found.known or found.literal:
        return
    if money and [power for _, power in found.powers] != [1]:
        raise UnitError(f"为 {_zh(found)}；应为金额", f"is {found}: expected money")
    if not money and found.powers:
        raise UnitError(f"为 {_zh(found)}；应为纯数", f"is {found}: expected a plain number")


def _zh(dimension: Dimension) -> str:
    return str(dimension) if dimension.powers else "纯数"
