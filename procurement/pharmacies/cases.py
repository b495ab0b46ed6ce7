"""Answers to case files about the dual channel, by the form of their inputs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from pricing.faults import Fault, ModelFaultsError
from pricing.money import round_half_up, to_cents
from pricing.stated_rules import StatedRules
from procurement.pharmacies.rules.benefit import (
    Bill,
    Channel,
    Fund,
    Terms,
    benefit,
    benefits_of_year,
    separate_terms,
)
from procurement.pharmacies.rules.convenience import PharmacyYear, standing
from procurement.pharmacies.rules.prescriptions import is_valid
from procurement.pharmacies.rules.registration import coverage

Fields = Mapping[str, object]
Answer = dict[str, object]

SEPARATE, PRESCRIPTIONS = "dual-jiangsu-2022", "dual-guangzhou-2022"
REGISTRATION, CONVENIENCE = "dual-suzhou-2022", "pharmacy-jiangsu-2023"


def answer_dual_case(
    inputs: Fields | Sequence[Fields], *, bills: Sequence[Fields] = ()
) -> Answer | list[Answer]:
    """Answer a case by the form of its inputs.

    Args:
        inputs: A settled bill (``total``, ``cash``), a class-B bill (``price``,
            ``first_self_pay``), a bill paid separately (``total``, ``channels``), a year's
            deductible (``deductible``, and its ``bills``), totals of a report (``fund``,
            ``events``); or a list of prescriptions, registrations or pharmacies.
        bills: Of a year, where the case lists them apart.

    Returns:
        Its answers by name, decimals as strings; for a list one for each entry.

    Raises:
        ModelFaultsError: The inputs have none of these forms.

    Examples:
        >>> answer_dual_case({"price": "94.50", "first_self_pay": "0.25", "fund_ratio": "0.70"})
        {'fund': '49.61', 'patient': '44.89'}
    """
    if not isinstance(inputs, Mapping):
        return [_entry(one) for one in inputs]
    if "deductible" in inputs:
        return _year(inputs, [*bills, *_listed(inputs)])
    for needed, answer in _FORMS.items():
        if needed in inputs:
            return answer(inputs)
    raise _unknown(inputs)


def _entry(one: Fields) -> Answer:
    for needed, answer in _ENTRIES.items():
        if needed in one:
            return answer(one)
    raise _unknown(one)


def _unknown(inputs: Fields) -> ModelFaultsError:
    expected = ", ".join([*_FORMS, "deductible", *_ENTRIES])
    en = f"{', '.join(inputs)}: expected one of {expected}"
    return ModelFaultsError([Fault("inputs", "无法识别的题目", en)])


def _settled(inputs: Fields) -> Answer:
    whole, cash = _decimal(inputs, "total"), _decimal(inputs, "cash")
    paid = whole - cash
    return {"fund_and_other": str(paid), "effective_ratio_pct": _percent(paid / whole)}


def _class_b(inputs: Fields) -> Answer:
    terms = Terms(_decimal(inputs, "fund_ratio"), _decimal(inputs, "first_self_pay"))
    split = benefit(Bill(_decimal(inputs, "price"), Channel.HOSPITAL), terms)
    return {"fund": str(split.fund), "patient": str(split.patient)}


def _separate(inputs: Fields) -> Answer:
    rules = StatedRules.of(SEPARATE)
    channels = [Channel(str(one)) for one in _sequence(inputs["channels"])]
    found: Answer = {}
    same = True
    for fund in Fund:
        terms = separate_terms(rules, fund)
        splits = [benefit(Bill(_decimal(inputs, "total"), one), terms) for one in channels]
        same = same and len(set(splits)) == 1
        found[fund] = {"fund": str(splits[0].fund), "patient": str(splits[0].patient)}
    return {**found, "same_in_both_channels": same}


def _year(inputs: Fields, bills: Sequence[Fields]) -> list[Answer]:
    terms = Terms(_decimal(inputs, "fund_ratio"), deductible=_decimal(inputs, "deductible"))
    of_year = [Bill(_decimal(one, "bill"), Channel(str(one["channel"]))) for one in bills]
    return [
        {
            "channel": str(bill.channel),
            "bill": str(bill.amount),
            "deductible_used": str(split.deductible_used),
            "fund": str(split.fund),
            "patient": str(split.patient),
        }
        for bill, split in zip(of_year, benefits_of_year(of_year, terms), strict=True)
    ]


def _report(inputs: Fields) -> Answer:
    events = _decimal(inputs, "events")
    return {
        "fund_per_event": str(to_cents(_decimal(inputs, "fund") / events)),
        "events_per_approval": str(round_half_up(events / _decimal(inputs, "approvals"), 2)),
    }


def _prescription(one: Fields) -> Answer:
    prescribed = datetime.fromisoformat(str(one["prescribed"]))
    dispensed = datetime.fromisoformat(str(one["dispensed"]))
    return {"valid": is_valid(prescribed, dispensed, StatedRules.of(PRESCRIPTIONS))}


def _registration(one: Fields) -> Answer:
    found = coverage(
        registered_pharmacy=str(one["registered_pharmacy"]),
        used=str(one["used"]),
        months_since_review=int(str(one["months_since_review"])),
        rules=StatedRules.of(REGISTRATION),
    )
    return {"covered": found.is_covered} | ({} if found.is_covered else {"reason": found.en})


def _pharmacy(one: Fields) -> Answer:
    year = PharmacyYear(
        [bool(reported) for reported in _sequence(one["reported_quarters"])],
        _decimal(one, "completion"),
        _decimal(one, "sales"),
        _decimal(one, "price"),
        _decimal(one, "winning_price"),
    )
    found = standing(year, StatedRules.of(CONVENIENCE))
    if not found.keeps_sign:
        return {"status": "remove", "blocked_until_years": found.blocked_years}
    return {"status": "keep", "preferred": found.is_preferred}


_FORMS = {
    "cash": _settled,
    "first_self_pay": _class_b,
    "channels": _separate,
    "events": _report,
}
_ENTRIES = {
    "prescribed": _prescription,
    "registered_pharmacy": _registration,
    "reported_quarters": _pharmacy,
}


def _listed(inputs: Fields) -> Sequence[Fields]:
    return [one for one in _sequence(inputs.get("bills", [])) if isinstance(one, Mapping)]


def _sequence(raw: object) -> Sequence[object]:
    return raw if isinstance(raw, list | tuple) else ()


def _decimal(fields: Fields, name: str) -> Decimal:
    return Decimal(str(fields[name]))


def _percent(ratio: Decimal) -> str:
    return str(round_half_up(ratio * 100, 2))
