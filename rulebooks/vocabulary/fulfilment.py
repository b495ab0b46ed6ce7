"""The vocabulary of fulfilment: delivery, purchases of hospitals, payment in time, breach.

Rulebooks of this kind hold for a region. Whoever asks gets each rule from the smallest region that
has it; what none states somebody must give, see `procurement.orders.fulfilment.parameters`.
"""

import re
from collections.abc import Mapping
from datetime import date

from rulebooks.vocabulary.kinds import (
    by_key,
    count,
    day,
    list_of,
    one_of,
    positive,
    share,
)
from rulebooks.vocabulary.term import Term

DELIVERY_CASES = ("emergency", "emergency-remote", "ordinary", "remote", "cold-chain")
"""Orders for which limits of delivery are stated."""

_DIVISION = re.compile(r"\d{6}")
_YEAR = re.compile(r"\d{4}")


def division(raw: object) -> str:
    """Code of an administrative division, such as "430000"; "000000" is the nation."""
    if not isinstance(raw, str) or not _DIVISION.fullmatch(raw):
        raise ValueError(f'{raw!r} is no division: expected six digits such as "430000"')
    return raw


def days_off(raw: object) -> dict[int, tuple[date, ...]]:
    """Days off by calendar year, each in its own year; an empty list is a year without any.

    Examples:
        >>> days_off({"2027": ["2027-01-01", date(2027, 1, 2)]})[2027][1].isoformat()
        '2027-01-02'
    """
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f'{raw!r}: expected a table such as {{ "2027" = [2027-01-01, …] }}')
    read: dict[int, tuple[date, ...]] = {}
    for year, entries in raw.items():
        if not isinstance(year, str) or not _YEAR.fullmatch(year):
            raise ValueError(f'{year!r} is no year: expected four digits such as "2027"')
        if not isinstance(entries, list):
            raise ValueError(f"{year}: expected a list of days")
        days = tuple(_day_off(entry, int(year)) for entry in entries)
        if len(set(days)) < len(days):
            raise ValueError(f"{year}: the same day twice")
        read[int(year)] = days
    return read


def _day_off(raw: object, year: int) -> date:
    """A day of that year, as TOML or as JSON writes it."""
    try:
        found = day(date.fromisoformat(raw) if isinstance(raw, str) else raw)
    except ValueError as fault:
        raise ValueError(f"{year}: {fault}") from None
    if not isinstance(found, date) or found.year != year:
        raise ValueError(f"{year}: {found} lies in another year")
    return found


_DELIVERY = {
    "scope.region": Term(division, "适用地区", "where it holds"),
    "scope.covers": Term(
        list_of(one_of("drugs", "consumables", "tcm")), "适用的集采产品", "products it covers"
    ),
    "delivery.hours": Term(
        by_key(count, *DELIVERY_CASES), "配送时限", "limit of delivery", "hours"
    ),
    "delivery.counted_from": Term(
        one_of("order-confirmation"), "配送时限的起算", "from when the limit is counted"
    ),
    "delivery.holidays": Term(
        by_key(one_of("counted", "excluded"), *DELIVERY_CASES),
        "节假日是否计入配送时限",
        "whether holidays count",
    ),
    "delivery.days_off": Term(
        days_off,
        "不计入配送时限的日期（按年登记）",
        "days that do not count, by calendar year",
    ),
}

_PROGRESS = {
    "progress.behind_interview": Term(
        positive,
        "进度落后时间进度多少即约谈（含本数）",
        "points behind the time target from which there is a talk",
        "percentage points",
    ),
    "progress.unit": Term(
        one_of("product", "institution"),
        "执行进度的考核单元",
        "unit whose progress is judged",
    ),
    "entry.month_from": Term(
        count, "自执行第几个月起检查进院", "month of a round from which entry is checked"
    ),
    "assessment.failed_if": Term(
        list_of(one_of("agreed-volume-not-completed", "non-winning-share-above-limit")),
        "考核不合格的情形",
        "what fails the assessment",
    ),
    "apart.circumstances": Term(
        list_of(one_of("demand-changed", "shortage", "emergency", "seasonal")),
        "区别对待的情形",
        "circumstances that are treated apart",
    ),
    "non_winning.share_max": Term(
        share, "非中选产品使用占比上限", "highest share of products that did not win"
    ),
    "use.measure": Term(
        one_of("units", "amount"),
        "使用占比的口径（数量或金额）",
        "what shares of use measure: units or money",
    ),
    "winning_use.share_min": Term(
        share, "中选产品使用占比下限", "lowest share of winning products in the use of a generic"
    ),
    "winning_use.counts": Term(
        list_of(one_of("winning", "limited-winning")),
        "计为中选产品的产品",
        "products that count as winning",
    ),
    "winning_use.exempt": Term(
        list_of(one_of("priced-at-most-winner")),
        "不受使用占比限制的非中选产品",
        "non-winners that the share leaves out",
    ),
}

_PAID = {
    "paid.deadline": Term(
        one_of("end-of-next-month"),
        "货款结清期限（自交货验收合格起）",
        "until when goods are paid, from their acceptance",
    ),
    "paid.days": Term(
        count,
        "货款结清天数（自交货验收合格起）",
        "days after acceptance within which goods are paid",
        "days",
    ),
}

_SUPPLIER = {
    "supplier.rate_min": Term(
        share, "月度配送率下限", "monthly delivery rate below which a supplier is dealt with"
    ),
    "supplier.months_in_row": Term(
        count, "连续低于下限的月数", "months in a row below it", "months"
    ),
    "supplier.rate_measure": Term(
        one_of("packs", "packs-in-time", "orders", "orders-in-time"),
        "配送率的口径",
        "what the delivery rate measures",
    ),
    "supplier.measures": Term(
        list_of(
            one_of(
                "named",
                "tracked",
                "interview",
                "replacement",
                "credit-rating",
                "manufacturer-bulletin",
                "delivery-right-lost",
            )
        ),
        "对配送不力的处理",
        "what follows for a supplier",
    ),
}

_BREACH = {
    "breach.first_responsible": Term(
        one_of("manufacturer"), "供应的第一责任人", "who is first responsible for supply"
    ),
    "breach.ladder": Term(
        list_of(one_of("remind", "interview", "warn", "deadline")),
        "违约处理的步骤",
        "steps against a breach, in order",
    ),
    "breach.consequences": Term(
        list_of(one_of("credit-rating", "winning-status-lost", "reported-to-nhsa")),
        "仍不改正的后果",
        "what follows if nothing changes",
    ),
    "breach.answer_days": Term(count, "每一步的答复期限", "days to answer each step", "days"),
}

_YEARS = {
    "first_year.of_demand": Term(
        share, "首年约定采购量占需求量", "agreed volume of the first year as a share of demand"
    ),
    "next_year.of_agreed_min": Term(
        positive,
        "次年约定采购量不低于上年约定采购量的（倍）",
        "least agreed volume of the next year, as a multiple of the last year's",
    ),
    "next_year.of_purchases_min": Term(
        positive,
        "次年约定采购量不低于上年采购量的（倍）",
        "least agreed volume of the next year, as a multiple of what was bought",
    ),
    "next_year.of_agreed_min_if_unfinished": Term(
        positive,
        "上年未完成时，次年约定采购量不低于上年约定采购量的（倍）",
        "the same as a multiple of what was agreed, where that was not completed",
    ),
    "next_year.increase_by": Term(
        one_of("supplementary-agreement"), "次年增量的方式", "how it is raised"
    ),
    "extension.volume": Term(
        one_of("pro-rata-by-month"), "延期内的约定采购量", "agreed volume of an extension"
    ),
    "extension.unchanged": Term(
        list_of(one_of("payment-standard", "retained-savings", "payment", "supervision")),
        "延期内不变的政策",
        "what an extension leaves unchanged",
    ),
}

FULFILMENT_TERMS: dict[str, Term] = {
    **_DELIVERY,
    **_PROGRESS,
    **_PAID,
    **_SUPPLIER,
    **_BREACH,
    **_YEARS,
}
"""By key, in the order from an order to the next year."""
