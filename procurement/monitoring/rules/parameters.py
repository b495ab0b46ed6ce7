"""Thresholds that no source states: each is given by a bureau, with its basis, or is unknown.

Pure. Nothing here has a default: what nobody gave is not judged.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from procurement.errors import FieldFault, InvalidInputError

BASIS_LENGTH_MAX = 300


class Name(StrEnum):
    """What may be given."""

    SOURCES_MIN = "sources-min"
    OUT_OF_STOCK_SHARE = "out-of-stock-share"
    STOCK_DAYS = "stock-days"
    DELIVERY_RATE = "delivery-rate"
    RISE_SMALL = "rise-small"
    RISE_RED = "rise-red"
    GAP_RATIO = "gap-ratio"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a threshold is.

    Attributes:
        zh: Name in Chinese.
        en: Name in English.
        hint_zh: What it decides.
        hint_en: The same in English.
        low: The least that it may be.
        high: The most.
        is_whole: A whole number.
    """

    zh: str
    en: str
    hint_zh: str
    hint_en: str
    low: Decimal
    high: Decimal
    is_whole: bool = False


_ONE = Decimal(1)

MEANINGS: Mapping[Name, Meaning] = {
    Name.SOURCES_MIN: Meaning(
        "公开数字的最少来源数",
        "least number of sources of a public figure",
        "少于此数的来源，其数字不列入季度报告。",
        "Figures of fewer sources are left out of the quarterly report.",
        Decimal(2),
        Decimal(1000),
        is_whole=True,
    ),
    Name.OUT_OF_STOCK_SHARE: Meaning(
        "断货机构占比下限",
        "share of institutions out of stock",
        "答复机构中断货的比例达到此数，列为短缺线索，例如 0.2。",
        "From this part of those who answered on, a drug is a candidate of the shortage list.",
        Decimal(0),
        _ONE,
    ),
    Name.STOCK_DAYS: Meaning(
        "库存天数上限",
        "days that the stock lasts",
        "库存天数中位数不超过此数，列为短缺线索。",
        "At this median or below, a drug is a candidate.",
        Decimal(0),
        Decimal(365),
        is_whole=True,
    ),
    Name.DELIVERY_RATE: Meaning(
        "配送率下限",
        "delivery rate",
        "配送率低于此数，列为短缺线索，例如 0.9。",
        "Below it, a drug is a candidate.",
        Decimal(0),
        _ONE,
    ),
    Name.RISE_SMALL: Meaning(
        "小幅涨价上限",
        "small rise",
        "短缺药涨幅不超过此数直接挂网，例如 0.1。",
        "A drug in short supply that rose by no more is listed directly.",
        Decimal(0),
        Decimal(100),
    ),
    Name.RISE_RED: Meaning(
        "红灯涨幅下限",
        "rise of a red light",
        "有替代品而涨幅达到此数亮红灯，其间亮黄灯。",
        "With substitutes, a rise of this part or more has a red light, one between a yellow one.",
        Decimal(0),
        Decimal(100),
    ),
    Name.GAP_RATIO: Meaning(
        "同药价差倍数下限",
        "ratio of a price gap",
        "同药最高价与最低价之比达到此数才列出，例如 1.2。",
        "Only drugs whose highest price is this many times the lowest are listed.",
        _ONE,
        Decimal(1000),
    ),
}
"""Each threshold, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Given:
    """A threshold that was given.

    Attributes:
        value: As given.
        basis: Document or decision.
    """

    value: Decimal
    basis: str


class Thresholds(dict[Name, Given]):
    """The thresholds that are known.

    Examples:
        >>> Thresholds().value(Name.STOCK_DAYS) is None
        True
    """

    def value(self, name: Name) -> Decimal | None:
        """Its value; None where nobody gave it."""
        found = self.get(name)
        return None if found is None else found.value

    @property
    def sources_min(self) -> int | None:
        """Least number of sources of a public figure."""
        value = self.value(Name.SOURCES_MIN)
        return None if value is None else int(value)


def read_thresholds(typed: Mapping[str, tuple[str, str]]) -> Thresholds:
    """Read thresholds from texts: by name the value and its basis; empty ones are unknown.

    Raises:
        InvalidInputError: With every fault.

    Examples:
        >>> read_thresholds({"stock-days": ("30", "省短缺药会议纪要")})[Name.STOCK_DAYS].value
        Decimal('30')
        >>> read_thresholds({"stock-days": ("30", "")})
        Traceback (most recent call last):
        ...
        procurement.errors.InvalidInputError: basis-stock-days: Say which document or decision it \
comes from.
    """
    found, faults = Thresholds(), list[FieldFault]()
    for name in Name:
        text, basis = typed.get(name.value, ("", ""))
        if not text and not basis:
            continue
        value = _value(name, text, faults)
        if not 0 < len(basis) <= BASIS_LENGTH_MAX:
            faults.append(
                FieldFault(
                    f"basis-{name}",
                    f"请写明依据的文件或决定（不超过 {BASIS_LENGTH_MAX} 字）。",
                    "Say which document or decision it comes from.",
                )
            )
        if value is not None:
            found[name] = Given(value, basis)
    small, red = found.value(Name.RISE_SMALL), found.value(Name.RISE_RED)
    if small is not None and red is not None and red <= small:
        zh, en = "红灯涨幅须大于小幅涨价上限。", "Expected more than the small rise."
        faults.append(FieldFault(Name.RISE_RED, zh, en))
    if faults:
        raise InvalidInputError(faults)
    return found


_TEXT_MAX = 12


def _value(name: Name, text: str, faults: list[FieldFault]) -> Decimal | None:
    meaning = MEANINGS[name]
    try:
        # No exponents, no separators: what is kept is what was typed.
        value = Decimal(text) if set(text) <= set("0123456789.") and len(text) < _TEXT_MAX else None
    except InvalidOperation:
        value = None
    is_sound = value is not None and meaning.low <= value <= meaning.high
    if value is not None and is_sound and not (meaning.is_whole and value % 1):
        return value
    kind_zh, kind_en = ("整数", "a whole number") if meaning.is_whole else ("数", "a number")
    faults.append(
        FieldFault(
            name,
            f"须为 {meaning.low} 至 {meaning.high} 的{kind_zh}。",
            f"Expected {kind_en} from {meaning.low} to {meaning.high}.",
        )
    )
    return None


def write_thresholds(thresholds: Thresholds) -> str:
    """Write thresholds as JSON, always in the same way.

    Examples:
        >>> write_thresholds(Thresholds({Name.STOCK_DAYS: Given(Decimal("30"), "纪要")}))
        '{"stock-days": {"basis": "纪要", "value": "30"}}'
    """
    plain = {
        name.value: {"value": f"{one.value:f}", "basis": one.basis}
        for name, one in thresholds.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def stored_thresholds(text: str) -> Thresholds:
    """Read what `write_thresholds` wrote.

    Examples:
        >>> stored_thresholds("{}")
        {}
    """
    return Thresholds(
        {
            Name(name): Given(Decimal(one["value"]), one["basis"])
            for name, one in json.loads(text).items()
        }
    )
