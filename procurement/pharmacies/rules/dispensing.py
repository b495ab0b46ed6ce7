"""What stands against giving out a drug as covered: every obstacle at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a drug cannot be given out as covered.

    Attributes:
        key: Short name.
        zh: In Chinese.
        en: In English.
    """

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Use:
    """What the reuse of a prescription allows, and what was used of it.

    Attributes:
        is_reusable: Otherwise it is used once.
        times_max: How often in all.
        interval_days_min: Days from one use to the next.
        times: How often it was used.
        last_on: Day of the last use, not after the present one.
        next_on: Day of the first use after it, where the present one is recorded late.
    """

    is_reusable: bool
    times_max: int
    interval_days_min: int
    times: int = 0
    last_on: date | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Dispensing:
    """What somebody wants to give out.

    Attributes:
        at: When.
        day: The same in China.
        valid_from: When the prescription was written.
        valid_until: Last moment of the prescription …
        last_moment_counts: … and whether it still counts.
        use: Its reuse.
        is_open: The centre's state lets it be dispensed.
        is_registered_place: It is the hospital or the pharmacy of the registration.
        is_designated_place: The place is designated on the day.
        is_begun: The registration covers that day already.
        is_approved: The registration is approved, neither suspended nor ended then.
        review_due_on: Last day of the present review; None: no review is asked for.
        is_listed: The drug is on the dual list on the day.
        is_indicated: The diagnosis is one the drug is paid for.
        is_doctor_designated: The prescriber was a responsible doctor of the registered hospital.
    """

    at: datetime
    day: date
    valid_from: datetime
    valid_until: datetime
    last_moment_counts: bool
    use: Use
    is_open: bool = True
    is_registered_place: bool = True
    is_designated_place: bool = True
    is_begun: bool = True
    is_approved: bool = True
    review_due_on: date | None = None
    is_listed: bool = True
    is_indicated: bool = True
    is_doctor_designated: bool = True


_Check = tuple[Callable[[Dispensing], bool], Obstacle]

_CHECKS: tuple[_Check, ...] = (
    (
        lambda one: not one.is_open,
        Obstacle(
            "state",
            "电子处方中心反映的处方状态不允许配药。",
            "By the e-prescription centre's state it cannot be dispensed.",
        ),
    ),
    (
        lambda one: one.at < one.valid_from,
        Obstacle(
            "early",
            "配药时间早于开具时间。",
            "Dispensed before it was prescribed.",
        ),
    ),
    (
        lambda one: _is_expired(one),
        Obstacle("expired", "处方已过有效期，请医师重新开具。", "The prescription has expired."),
    ),
    (
        lambda one: not one.is_registered_place,
        Obstacle(
            "place",
            "不是登记时选定的医院或药店；在其他药店购药由患者全额自付。",
            "Not the registered hospital or pharmacy: elsewhere the patient pays all himself.",
        ),
    ),
    (
        lambda one: not one.is_designated_place,
        Obstacle(
            "designation",
            "该机构当日不在“双通道”定点有效期内。",
            "The place was not designated for the dual channel on that day.",
        ),
    ),
    (
        lambda one: not one.is_begun,
        Obstacle(
            "begun",
            "配药日期早于登记通过之日。",
            "Dispensed before the registration was approved.",
        ),
    ),
    (
        lambda one: not one.is_approved,
        Obstacle(
            "registration",
            "登记未通过、已暂停或已结束。",
            "The registration is not approved, suspended or ended.",
        ),
    ),
    (
        lambda one: one.review_due_on is not None and one.day > one.review_due_on,
        Obstacle(
            "review",
            "逾期未评估：暂停待遇，请责任医师先做使用评估。",
            "The review is overdue: the benefit is suspended until the doctor has made it.",
        ),
    ),
    (
        lambda one: not one.is_listed,
        Obstacle(
            "list",
            "该药当日不在双通道药品名单内。",
            "The drug was not on the dual-channel list on that day.",
        ),
    ),
    (
        lambda one: not one.is_indicated,
        Obstacle(
            "indication",
            "处方诊断不在该药的支付范围内。",
            "The diagnosis on the prescription is not one that the drug is paid for.",
        ),
    ),
    (
        lambda one: not one.is_doctor_designated,
        Obstacle(
            "doctor",
            "开方医师不是所登记医院的责任医师。",
            "The prescriber is not a responsible doctor of the registered hospital.",
        ),
    ),
    (
        lambda one: one.use.times >= _times_max(one.use),
        Obstacle(
            "times",
            "处方已用完规定次数。",
            "The prescription has been used as often as it allows.",
        ),
    ),
    (
        lambda one: _is_too_soon(one),
        Obstacle(
            "interval",
            "距上次配药未满处方规定的最短间隔。",
            "The shortest time since the last use has not passed.",
        ),
    ),
)


def obstacles(dispensing: Dispensing) -> tuple[Obstacle, ...]:
    """Return everything that stands against it; nothing: it may be given out as covered.

    Examples:
        >>> wrote = datetime(2026, 3, 1, 9)
        >>> wanted = Dispensing(
        ...     at=datetime(2026, 3, 4, 9, 0, 1),
        ...     day=date(2026, 3, 4),
        ...     valid_from=wrote,
        ...     valid_until=wrote + timedelta(hours=72),
        ...     last_moment_counts=True,
        ...     use=Use(False, 1, 0),
        ...     is_registered_place=False,
        ... )
        >>> [one.key for one in obstacles(wanted)]
        ['expired', 'place']
    """
    return tuple(_found(dispensing))


def _found(dispensing: Dispensing) -> Iterator[Obstacle]:
    for stands_against, obstacle in _CHECKS:
        if stands_against(dispensing):
            yield obstacle


def _is_expired(one: Dispensing) -> bool:
    return one.at > one.valid_until or (one.at == one.valid_until and not one.last_moment_counts)


def _times_max(use: Use) -> int:
    return use.times_max if use.is_reusable else 1


def _is_too_soon(one: Dispensing) -> bool:
    if not one.use.is_reusable:
        return False
    interval = timedelta(days=one.use.interval_days_min)
    before, after = one.use.last_on, one.use.next_on
    is_after = before is not None and one.day < before + interval
    return is_after or (after is not None and after < one.day + interval)
