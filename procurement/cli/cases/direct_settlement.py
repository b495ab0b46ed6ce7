"""Direct settlement, prepayment, price monitoring: calendars, periods, offsets, shares."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from pricing.stated_rules import RuleNotStatedError, StatedRules
from procurement.cli.cases.answers import Answers, Result
from procurement.cli.cases.case_file import Case
from procurement.cli.errors import BadCaseError
from procurement.payments.rules.calendar import calendar_of, paid_within
from procurement.payments.rules.offset import offset_sums
from procurement.payments.rules.prepayment import prepaid
from procurement.payments.rules.price_control import price_control
from procurement.payments.stated import DIRECT, offered_rulebooks
from procurement.payments.states import ClaimStatus
from rulebooks import load_rulebook

Fields = Mapping[str, object]

_DAYS = re.compile(r"(\d+) days after acceptance")
_REMARK = re.compile(r"\d{4}-\d\d-\d\d( \(.*\))")
_STEPS = {
    "company_applies_by": ClaimStatus.APPLIED,
    "hospital_reconciles_by": ClaimStatus.HOSPITAL_CHECKED,
    "hospital_checks_by": ClaimStatus.HOSPITAL_CHECKED,
    "next_step_by": ClaimStatus.AGENCY_CHECKED,
    "agency_checks_by": ClaimStatus.AGENCY_CHECKED,
    "reconcile_by": ClaimStatus.RECONCILED,
    "instruct_by": ClaimStatus.INSTRUCTED,
}


def answers(case: Case) -> Answers:
    """Answers to one case; those to its second entry are called ``2.days``.

    Raises:
        BadCaseError: The inputs are of none of the known forms, or lack something.
    """
    entries = case.inputs if isinstance(case.inputs, list) else [case.inputs]
    named: dict[str, Result | Callable[[], Result]] = {}
    try:
        for number, given in enumerate(entries, start=1):
            prefix = f"{number}." if isinstance(case.inputs, list) else ""
            for name, value in _answer(case, given).items():
                named[f"{prefix}{name}"] = value
    except (KeyError, TypeError, ValueError, InvalidOperation, RuleNotStatedError) as fault:
        said = f"{case.id}.inputs: {fault} ({type(fault).__name__})"
        raise BadCaseError(case.path, [said]) from None
    return Answers(named)


def _answer(case: Case, given: object) -> dict[str, Result]:
    if not isinstance(given, Mapping):
        raise TypeError("expected a table, or a list of them")
    for key, answer in _FORMS.items():
        if key in given:
            return answer(case, given)
    raise KeyError(f"expected one of {', '.join(_FORMS)}")


def _calendar(case: Case, given: Fields) -> dict[str, Result]:
    month = date.fromisoformat(f"{given['trade_month']}-01")
    days = calendar_of(month, StatedRules.of(_rulebook(case, given)).table("direct.calendar"))
    found: dict[str, Result] = {}
    for name, step in _STEPS.items():
        if step in days:
            found[name] = days[step].isoformat() + _remark(case, name)
    return found


def _rulebook(case: Case, given: Fields) -> str:
    """The rulebook that is named, or the one whose place the title names."""
    if "rulebook" in given:
        return str(given["rulebook"])
    words = f"{case.title} {given.get('region', '')}".casefold()
    for one in offered_rulebooks(DIRECT):
        place = one.split("-")[1]
        issuer = load_rulebook(one).issuer.zh.removesuffix("医疗保障局")
        if place in words or issuer in words:
            return one
    raise KeyError("expected a rulebook, or a place in the title")


def _remark(case: Case, name: str) -> str:
    """What the source adds to a day in brackets: a remark, and no result."""
    for one in case.expected:
        match = _REMARK.fullmatch(str(one.value))
        if one.name == name and match is not None:
            return match[1]
    return ""


def _period(case: Case, given: Fields) -> dict[str, Result]:
    stated = _DAYS.search(case.title)
    days_max = given["days_max"] if "days_max" in given else stated and stated[1]
    if days_max is None:
        raise KeyError("days_max: expected the period, as an input or in the title")
    after = paid_within(
        date.fromisoformat(str(given["accepted"])),
        date.fromisoformat(str(given["paid"])),
        days_max=int(str(days_max)),
    )
    return {"days": after.days, "on_time": after.on_time}


def _offset(case: Case, given: Fields) -> dict[str, Result]:
    sums = offset_sums(
        fund_payable=_yuan(given, "fund_payable"),
        goods_due=_yuan(given, "goods_due"),
        reserve=_yuan(given, "reserve") if "reserve" in given else Decimal(0),
        reserve_debt=_yuan(given, "reserve_debt") if "reserve_debt" in given else Decimal(0),
    )
    return {
        "paid_to_companies": f"{sums.to_companies:f}",
        "paid_to_hospital": f"{sums.to_hospital:f}",
        "reserve_used": f"{sums.reserve_used:f}",
        "hospital_owes_reserve": f"{sums.hospital_owes_reserve:f}",
        "unpaid": f"{sums.unpaid:f}",
    }


def _yuan(given: Fields, key: str) -> Decimal:
    amount = Decimal(str(given[key]))
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{key}: {given[key]}: expected yuan, 0 or more")
    return amount


def _prepayment(case: Case, given: Fields) -> dict[str, Result]:
    agreed = _yuan(given, "agreed_amount")
    ratios = given["ratios"] if "ratios" in given else {"prepaid": given["ratio"]}
    if not isinstance(ratios, Mapping):
        raise TypeError("ratios: expected a table")
    return {str(name): f"{prepaid(agreed, _share(raw)):f}" for name, raw in ratios.items()}


def _share(raw: object) -> Decimal:
    ratio = Decimal(str(raw))
    if not 0 <= ratio <= 1:
        raise ValueError(f"{raw}: expected a share from 0 to 1")
    return ratio


def _prices(case: Case, given: Fields) -> dict[str, Result]:
    control = price_control(
        listed=int(str(given["listed"])),
        above=int(str(given["above_monitor_price"])),
        adjusted=int(str(given["adjusted"])),
    )
    percent = control.adjusted_percent
    return {
        "suspended": control.suspended,
        "adjusted_pct": None if percent is None else f"{percent:f}",
    }


_FORMS: Mapping[str, Callable[[Case, Fields], dict[str, Result]]] = {
    "trade_month": _calendar,
    "accepted": _period,
    "fund_payable": _offset,
    "agreed_amount": _prepayment,
    "above_monitor_price": _prices,
}
