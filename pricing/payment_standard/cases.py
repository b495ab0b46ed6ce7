"""Answers to case files about payment standards."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from pricing.faults import Fault, ModelFaultsError, quoted
from pricing.payment_standard.bidding import bidding_standard
from pricing.payment_standard.non_winners import CatalogueClass, NonWinner, payment_standard
from pricing.payment_standard.split import added_share, split_price
from pricing.stated_rules import StatedRules

Fields = Mapping[str, object]

BIDDING = "negotiation-nrdl-2023"

PLACES = (
    ("heilongjiang", "2022", "standard-heilongjiang-2022"),
    ("heilongjiang", "", "standard-heilongjiang-2020"),
    ("xi'an", "", "standard-xian-2019"),
    ("xian", "", "standard-xian-2019"),
    ("fujian", "", "standard-fujian-2025"),
    ("national", "2021", "standard-national-2021"),
    ("national", "", "standard-national-2019"),
)
"""Words of a case's title and the rulebook that it speaks of; the first that fits."""


def rulebook_of_title(title: str) -> str | None:
    """The rulebook that a case's title names, or None.

    Examples:
        >>> rulebook_of_title("Heilongjiang 2020: dearer product")
        'standard-heilongjiang-2020'
    """
    words = title.casefold()
    return next((book for place, year, book in PLACES if place in words and year in words), None)


def answer_standard_case(
    inputs: Fields | Sequence[Fields], *, title: str = ""
) -> dict[str, object] | list[dict[str, object]]:
    """Answer a case by the form of its inputs.

    Args:
        inputs: One question, or several: a bidding (``willingness``, ``bids``), a bill (``price``,
            ``standard``, ``cls``, ``fund_ratio``) or a product that did not win (``winner``,
            ``product`` or ``price``, and ``passed_consistency``, ``cls``, ``patient_share``,
            ``fund_ratio`` where they matter).
        title: Of the case; it tells whose rules apply.

    Returns:
        For each question its answers by name, decimals as strings.

    Raises:
        ModelFaultsError: The question has none of these forms.
        RuleNotStatedError: A rule is needed that no source states.

    Examples:
        >>> answer_standard_case({"willingness": "100", "bids": ["95", "60"]})
        {'standard': '70.00'}
    """
    if isinstance(inputs, Mapping):
        return _answer(inputs, title)
    return [_answer(one, title) for one in inputs]


def _answer(question: Fields, title: str) -> dict[str, object]:
    if "willingness" in question:
        return _bidding(question)
    if "winner" in question:
        return _non_winner(question, title)
    if "standard" in question and "price" in question:
        return _bill(question)
    en = f"{', '.join(question)}: expected willingness, winner, or price with standard"
    raise ModelFaultsError([Fault("inputs", "无法识别的题目", en)])


def _bidding(question: Fields) -> dict[str, object]:
    told = question["bids"]
    if not isinstance(told, Sequence) or isinstance(told, str) or not told:
        raise ModelFaultsError([Fault("inputs.bids", "须为非空列表", "expected a list of bids")])
    bids = [_number("bids", bid) for bid in told]
    share = StatedRules.of(BIDDING).decimal("bidding.floor_share")
    standard = bidding_standard(_decimal(question, "willingness"), bids, share)
    return {"standard": _text(standard)}


def _bill(question: Fields) -> dict[str, object]:
    first = _decimal(question, "first_self_pay") if "first_self_pay" in question else Decimal(0)
    split = split_price(
        _decimal(question, "price"),
        standard=_decimal(question, "standard"),
        fund_ratio=_decimal(question, "fund_ratio"),
        first_self_paid=first,
    )
    names = ("self_paid_difference", "shared_part", "first_self_paid", "fund", "patient_total")
    return {name: _text(getattr(split, name)) for name in names}


def _non_winner(question: Fields, title: str) -> dict[str, object]:
    named = question.get("rulebook") or rulebook_of_title(title) or "standard-national-2019"
    rules = StatedRules.of(str(named))
    price = _decimal(question, "product" if "product" in question else "price")
    cls = question.get("cls")
    product = NonWinner(
        price=price,
        winning_price=_decimal(question, "winner"),
        passed=question.get("passed_consistency", True) is True,
        catalogue_class=None if cls is None else CatalogueClass.of(str(cls)),
    )
    found = payment_standard(product, rules)
    answers: dict[str, object] = {
        "standard": _text(found.standard),
        "first_self_pay": _text(found.first_self_paid),
        "patient_share_added": _text(found.patient_share_added),
        "self_pay_agreement": found.needs_agreement,
    }
    if "patient_share" in question:
        share = added_share(_decimal(question, "patient_share"), found.patient_share_added)
        answers["patient_share"] = _text(share)
    if found.standard is None:
        return answers
    answers["self_paid_difference"] = _text(max(price - found.standard, Decimal(0)))
    if "fund_ratio" not in question:
        return answers
    bill = {**question, "price": price, "standard": found.standard}
    bill["first_self_pay"] = found.first_self_paid or 0
    return {**answers, **_bill(bill)}


def _decimal(question: Fields, name: str) -> Decimal:
    if name not in question:
        raise ModelFaultsError([Fault(f"inputs.{name}", "缺少", "is missing")])
    return _number(name, question[name])


def _number(name: str, raw: object) -> Decimal:
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(raw, bool) or not number.is_finite():
        zh, en = f"{quoted(raw)}：须为数", f"{quoted(raw)}: expected a number"
        raise ModelFaultsError([Fault(f"inputs.{name}", zh, en)])
    return number


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
