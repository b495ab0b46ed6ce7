"""The price lines of a lot, read from the steps of its report: ceilings, anchor, cut-off lines."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from bidding.report import LotReport, Step
from bidding.wording import LANGUAGES, shown

_ALIKE = Decimal("0.001")
_DECIMALS, _DECIMALS_CONVERTED = 6, 4

_LOWEST, _ANCHOR = ("最低价", "lowest"), ("锚点价", "anchor")


class _Kind(NamedTuple):
    """A price line that a step names: which of its numbers, and what it is called."""

    number: str
    words: tuple[str, str]
    is_declared: bool = False
    """Whether the number is a declared price of the bid's own strength."""

    is_minor: bool = False
    """Whether the line is left out where it lies under all bids, and so nobody came near it."""


_CEILING = _Kind("ceiling", ("最高有效申报价", "ceiling"), is_declared=True)
_RATIO = _Kind("line", ("{base} × {ratio} =", "{ratio} × {base} ="))
_REVIVAL = _Kind("limit", ("复活价", "revival at"))

_CUT = ("降幅 {percent}% =", "{percent}% below ceiling =")
_LOW = ("低价线", "absolute low price")
_REFERENCE = ("参考价", "reference price")
_CLASS_B = ("B 类价格线", "class B line")

_FAILED = (
    _RATIO,
    _Kind("cut_limit", _CUT, is_declared=True),
    _Kind("low", _LOW, is_minor=True),
    _Kind("reference", _REFERENCE, is_declared=True, is_minor=True),
    _Kind("class_b", _CLASS_B, is_minor=True),
)

_KINDS: dict[str, tuple[_Kind, ...]] = {
    "above-ceiling": (_CEILING,),
    "anchor": (_Kind("anchor", _ANCHOR),),
    "within-line": (_RATIO,),
    "above-line": _FAILED,
    "above-line-and-cut": _FAILED,
    "passes-nothing": _FAILED,
    "cut-suffices": (_Kind("limit", _CUT, is_declared=True),),
    "absolute-low": (_Kind("limit", _LOW),),
    "reference-price": (_Kind("limit", _REFERENCE, is_declared=True),),
    "class-b": (_Kind("limit", _CLASS_B),),
    "zero-volume-band": (_Kind("limit", ("低于此价不带量", "no volume below")),),
    "above-band": (_Kind("limit", ("价格区间上限", "end of the band")),),
    "revival-offered": (_REVIVAL,),
    "revival-declined": (_REVIVAL,),
    "revived": (_REVIVAL,),
    "revived-without-volume": (_REVIVAL,),
}
"""The lines that steps draw, by the code of the step; other steps draw none."""


class PriceLine(NamedTuple):
    """A line across the bids of a lot.

    Attributes:
        price: As it compares, in yuan per unit of the main strength.
        name: What it is.
        is_ceiling: Whether it bounds the valid prices; otherwise it parts winners from losers.
        is_converted: Whether it was converted from a declared price of another strength.
    """

    price: Decimal
    name: str
    is_ceiling: bool
    is_converted: bool

    @property
    def label(self) -> str:
        """Name and price."""
        decimals = _DECIMALS_CONVERTED if self.is_converted else _DECIMALS
        return f"{self.name} {shown(self.price, decimals)}"


def price_lines(report: LotReport, *, ceiling: Decimal | None, language: str) -> list[PriceLine]:
    """The lines that the steps of a report name, by price, each once.

    Args:
        report: The report of the lot.
        ceiling: Maximum valid declared price of the main strength, as it compares, if any.
        language: ``zh`` or ``en``.

    Examples:
        >>> steps = (
        ...     Step("converted", "conversion", "甲", {"factor": Decimal("1.7")}),
        ...     Step("above-ceiling", "ceiling", "甲", {"ceiling": Decimal("15.3")}),
        ... )
        >>> report = LotReport("L1", "", 1, 1, None, None, None, 0, None, (), (), (), steps)
        >>> [line.label for line in price_lines(report, ceiling=None, language="en")]
        ['ceiling 9']
    """
    at = LANGUAGES.index(language)
    bids = [one.comparable_price for one in report.outcomes if one.comparable_price is not None]
    lines = list(_lines_of_steps(report.steps, min(bids, default=Decimal(0)), at))
    if ceiling is not None:
        lines.append(PriceLine(ceiling, _CEILING.words[at], is_ceiling=True, is_converted=False))
    return _merged(lines)


def price_ratios(steps: Iterable[Step]) -> dict[str, Decimal]:
    """Price ratio (K) of each bid whose declared price was converted, by bid."""
    return {
        step.bid: factor
        for step in steps
        if step.code == "converted"
        and step.bid is not None
        and isinstance(factor := step.numbers["factor"], Decimal)
    }


def _lines_of_steps(steps: tuple[Step, ...], lowest: Decimal, at: int) -> Iterator[PriceLine]:
    ratios = price_ratios(steps)
    for step in steps:
        for kind in _KINDS.get(step.code, ()):
            number = step.numbers.get(kind.number)
            if not isinstance(number, Decimal) or number <= 0:
                continue
            ratio = ratios.get(step.bid or "") if kind.is_declared else None
            price = number if ratio is None else number / ratio
            if kind.is_minor and price < lowest:
                continue
            name = kind.words[at].format_map(_figures(step, at))
            yield PriceLine(price, name, kind is _CEILING, ratio is not None)


def _figures(step: Step, at: int) -> Mapping[str, str]:
    """The figures that the name of a line may hold."""
    ratio, cut = step.numbers.get("ratio"), step.numbers.get("cut")
    return {
        "base": (_ANCHOR if "ratio_to_anchor" in step.clause else _LOWEST)[at],
        "ratio": shown(ratio, 6) if isinstance(ratio, Decimal) else "",
        "percent": shown(cut * 100, 2) if isinstance(cut, Decimal) else "",
    }


def _merged(lines: Iterable[PriceLine]) -> list[PriceLine]:
    """Each line once; of alike ones that which needed no conversion."""
    kept: list[PriceLine] = []
    for line in sorted(lines, key=lambda line: (line.is_converted, line.price, line.name)):
        twins = [other for other in kept if other.name == line.name]
        if not any(abs(other.price - line.price) <= other.price * _ALIKE for other in twins):
            kept.append(line)
    return sorted(kept, key=lambda line: (line.price, line.name))
