"""What crosses a threshold: each finding names the rule, what was measured, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import cast

from procurement.orders.fulfilment.rules.entry import checked_from, has_entered
from procurement.orders.fulfilment.rules.progress import (
    Progress,
    TimeTarget,
    decimals,
    gap_points,
    is_behind,
    percent,
)
from procurement.orders.fulfilment.rules.region_rules import FoundRule, RegionRules
from procurement.orders.fulfilment.rules.use import is_above, is_below
from procurement.orders.fulfilment.states import NoticeKind

BEHIND = "progress.behind_interview"
UNIT = "progress.unit"
FAILED_IF = "assessment.failed_if"
SHARE_MAX = "non_winning.share_max"
SHARE_MIN = "winning_use.share_min"
USE_MEASURE = "use.measure"
ENTRY = "entry.month_from"
RATE_MIN = "supplier.rate_min"
MONTHS_IN_ROW = "supplier.months_in_row"
RATE_MEASURE = "supplier.rate_measure"
MEASURES_AGAINST = "supplier.measures"
LADDER = "breach.ladder"
SHOWN_DECIMALS = 4


class Measure(StrEnum):
    """What was measured."""

    PROGRESS = "progress"
    COMPLETION = "completion"
    NON_WINNING = "non-winning-share"
    WINNING_USE = "winning-use"
    ENTRY = "entry"
    PAYMENT = "payment-in-time"
    DELIVERY_RATE = "delivery-rate"
    OTHER = "other"


MEASURE_NAMES: Mapping[Measure, tuple[str, str]] = {
    Measure.PROGRESS: ("执行进度", "progress"),
    Measure.COMPLETION: ("约定采购量完成情况", "completion of the agreed volume"),
    Measure.NON_WINNING: ("非中选产品使用占比", "share of products that did not win"),
    Measure.WINNING_USE: ("中选产品使用占比", "share of winning products"),
    Measure.ENTRY: ("中选产品进院", "entry of winning products"),
    Measure.PAYMENT: ("货款按时结清", "payment in time"),
    Measure.DELIVERY_RATE: ("月度配送率", "monthly delivery rate"),
    Measure.OTHER: ("其他", "other"),
}


@dataclass(frozen=True, slots=True)
class Crossing:
    """Something beyond a threshold.

    Attributes:
        measure: What was measured.
        kind: The step that the rule names; the lowest of the ladder where it names none.
        measured: Half up to four decimals; None where it is no number.
        threshold: The limit; None where the rule has none.
        rule: The rule.
        zh: What was found, in Chinese.
        en: The same in English.
    """

    measure: Measure
    kind: NoticeKind
    measured: Decimal | None
    threshold: Decimal | None
    rule: FoundRule
    zh: str
    en: str


def first_step(rules: RegionRules) -> NoticeKind:
    """The first step of the region's ladder, a reminder where none is stated.

    Examples:
        >>> first_step(RegionRules("130000", date(2026, 1, 5))).value
        'remind'
    """
    ladder = rules.words(LADDER)
    return NoticeKind(ladder[0]) if ladder else NoticeKind.REMIND


def behind(progress: Progress, target: TimeTarget, rules: RegionRules) -> Crossing | None:
    """Progress so far behind the time target that the region's rule asks for a talk.

    Examples:
        >>> rules = RegionRules("410724", date(2026, 1, 5))
        >>> behind(Progress(100, 25), TimeTarget(1, 2), rules).zh
        '执行进度 25.00%，时间进度 50.00%，落后 25.00 个百分点，达到 25 个百分点'
        >>> behind(Progress(100, 26), TimeTarget(1, 2), rules) is None
        True
    """
    rule = rules.found(BEHIND)
    if rule is None or not is_behind(progress, target, limit := cast("Decimal", rule.value)):
        return None
    gap = -cast("Fraction", gap_points(progress, target))
    done, due, points = percent(progress.completion), percent(target.share), decimals(gap, 2)
    return Crossing(
        Measure.PROGRESS,
        NoticeKind.INTERVIEW,
        decimals(gap, SHOWN_DECIMALS),
        limit,
        rule,
        f"执行进度 {done}%，时间进度 {due}%，落后 {points} 个百分点，达到 {limit} 个百分点",
        f"progress {done} %, time target {due} %: {points} points behind, the limit is {limit}",
    )


def not_completed(progress: Progress, target: TimeTarget, rules: RegionRules) -> Crossing | None:
    """An agreed volume that is not completed when its term is over.

    Examples:
        >>> rules = RegionRules("340000", date(2026, 1, 5))
        >>> not_completed(Progress(100, 99), TimeTarget(365, 365), rules).measured
        Decimal('0.9900')
        >>> not_completed(Progress(100, 99), TimeTarget(364, 365), rules) is None
        True
    """
    rule = rules.found(FAILED_IF)
    is_over = target.elapsed == target.days
    if rule is None or "agreed-volume-not-completed" not in rules.words(FAILED_IF):
        return None
    if not is_over or not progress.agreed or progress.is_completed:
        return None
    done = percent(progress.completion)
    return Crossing(
        Measure.COMPLETION,
        first_step(rules),
        decimals(cast("Fraction", progress.completion), SHOWN_DECIMALS),
        Decimal(1),
        rule,
        f"协议期满，约定采购量 {progress.agreed:,}，完成 {progress.received:,}（{done}%），"
        "考核不合格",
        f"the term is over: {progress.received:,} of {progress.agreed:,} agreed units ({done} %); "
        "the assessment is failed",
    )


def too_little_used(winning: Fraction | None, rules: RegionRules) -> Crossing | None:
    """Winning products with a smaller share of the use than the region's rule asks for.

    Examples:
        >>> rules = RegionRules("440000", date(2026, 1, 5))
        >>> too_little_used(Fraction(2, 5), rules).en
        'winning products have 40.00 % of the use, the least is 50.00 %'
        >>> too_little_used(Fraction(1, 2), rules) is None
        True
    """
    rule = rules.found(SHARE_MIN)
    if rule is None or not is_below(winning, limit := cast("Decimal", rule.value)):
        return None
    has, least = percent(winning), percent(Fraction(limit))
    return Crossing(
        Measure.WINNING_USE,
        first_step(rules),
        decimals(cast("Fraction", winning), SHOWN_DECIMALS),
        limit,
        rule,
        f"中选产品使用占比 {has}%，低于 {least}%",
        f"winning products have {has} % of the use, the least is {least} %",
    )


def too_much_else(winning: Fraction | None, rules: RegionRules) -> Crossing | None:
    """Products that did not win with a larger share than the limit that was given.

    Examples:
        >>> too_much_else(Fraction(1, 5), RegionRules("340000", date(2026, 1, 5))) is None
        True
    """
    rule = rules.found(SHARE_MAX)
    if rule is None or not is_above(winning, limit := cast("Decimal", rule.value)):
        return None
    other = 1 - cast("Fraction", winning)
    has, most = percent(other), percent(Fraction(limit))
    return Crossing(
        Measure.NON_WINNING,
        first_step(rules),
        decimals(other, SHOWN_DECIMALS),
        limit,
        rule,
        f"非中选产品使用占比 {has}%，高于上限 {most}%",
        f"products that did not win have {has} % of the use, the limit is {most} %",
    )


def not_entered(
    starts_on: date, first_received_on: date | None, day: date, rules: RegionRules
) -> Crossing | None:
    """A winning product that was not taken in when its entry is checked.

    Examples:
        >>> rules = RegionRules("340000", date(2026, 1, 5))
        >>> not_entered(date(2027, 1, 1), None, date(2027, 3, 1), rules).measure.value
        'entry'
        >>> not_entered(date(2027, 1, 1), None, date(2027, 2, 28), rules) is None
        True
    """
    rule = rules.found(ENTRY)
    if rule is None or has_entered(first_received_on, day):
        return None
    month = cast("int", rule.value)
    since = checked_from(starts_on, month)
    if day < since:
        return None
    return Crossing(
        Measure.ENTRY,
        first_step(rules),
        None,
        None,
        rule,
        f"自执行第 {month} 个月（{since}）起检查进院，至 {day} 尚未入库",
        f"entry is checked from month {month} ({since}); nothing was taken in until {day}",
    )


def delivers_too_little(
    months: tuple[str, ...], rates: tuple[Fraction, ...], rules: RegionRules
) -> Crossing:
    """A supplier whose delivery rate stays below the region's limit.

    Args:
        months: The months in a row, the last of which makes the flag.
        rates: Of these months.
        rules: Of the region; they state the limit.
    """
    rule = rules.required(RATE_MIN)
    limit = cast("Decimal", rule.value)
    shown = "、".join(
        f"{month} {percent(rate)}%" for month, rate in zip(months, rates, strict=True)
    )
    least = percent(Fraction(limit))
    step = (
        NoticeKind.INTERVIEW if "interview" in rules.words(MEASURES_AGAINST) else first_step(rules)
    )
    return Crossing(
        Measure.DELIVERY_RATE,
        step,
        decimals(rates[-1], SHOWN_DECIMALS),
        limit,
        rule,
        f"月度配送率低于 {least}%：{shown}",
        f"monthly delivery rate below {least} %: {shown.replace('、', ', ')}",
    )


def pays_late(in_time: Fraction | None, overdue: int, last_rule: FoundRule) -> Crossing | None:
    """Accepted goods that are not paid though their last day is over.

    Args:
        in_time: Share of the lines that are due that was paid in time.
        overdue: Lines that are not paid and overdue.
        last_rule: The rule that states the last day.

    Examples:
        >>> rule = RegionRules("000000", date(2026, 1, 5)).required("paid.deadline")
        >>> pays_late(Fraction(1, 2), 3, rule).en
        '3 accepted lines are not paid though their last day is over; 50.00 % were paid in time'
        >>> pays_late(Fraction(1), 0, rule) is None
        True
    """
    if not overdue:
        return None
    share = percent(in_time)
    return Crossing(
        Measure.PAYMENT,
        NoticeKind.REMIND,
        None if in_time is None else decimals(in_time, SHOWN_DECIMALS),
        None,
        last_rule,
        f"{overdue} 笔已验收货款逾期未结清，按时结清率 {share}%",
        f"{overdue} accepted lines are not paid though their last day is over; {share} % were paid "
        "in time",
    )
