"""Answers to case files about credit rating, by the form of their inputs and their title."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from pricing.faults import Fault, ModelFaultsError
from procurement.credit_rating.rules import (
    MatterFacts,
    grade_matter,
    name_of,
    repair_of,
)
from procurement.credit_rating.words import MATTER_WORDS, Circumstance, GradeWord, Matter
from rulebooks import Rulebook, load_rulebook

Fields = Mapping[str, object]
Answer = dict[str, object] | list[str] | str

_EARLIER, _PRESENT = "credit-2020", "credit-2025"
_MEASURE = re.compile(r"\d")
_STAFF = ("procurement", "insurance", "采购", "医保")


def answer_credit_case(inputs: object, *, title: str = "") -> Answer:
    """Answer a case by the form of its inputs.

    Args:
        inputs: Sums of a matter in yuan (a list), single bribes (``single``), a bribe with its
            ``target``, or a ``matter`` and ``grade`` with the measures ``done``.
        title: Of the case; it tells the scale and the matter.

    Returns:
        A grade by its Chinese name for each sum, or the answers by name.

    Raises:
        ModelFaultsError: The inputs have none of these forms.

    Examples:
        >>> answer_credit_case(["9999.99", "10000"], title="2025 scale, bribery")
        ['none', '失信']
    """
    scale = load_rulebook(_EARLIER if title.startswith("2020") else _PRESENT)
    if isinstance(inputs, list):
        matter = Matter.TAX if "tax" in title.casefold() else Matter.BRIBERY
        facts = [MatterFacts(matter=matter, cumulated=Decimal(str(sum_))) for sum_ in inputs]
        return [_graded(one, scale) for one in facts]
    if isinstance(inputs, Mapping):
        for needed, answer in _FORMS.items():
            if needed in inputs:
                return answer(inputs, scale)
    en = f"{inputs!r:.80}: expected sums, {', '.join(_FORMS)}"
    raise ModelFaultsError([Fault("inputs", "无法识别的题目", en)])


def _graded(facts: MatterFacts, scale: Rulebook) -> str:
    grade = grade_matter(facts, scale).grade
    if grade is None:
        en = f"{facts.matter}: the published criteria do not decide"
        raise ModelFaultsError([Fault("inputs", "公布的裁量基准不能决定", en)])
    return "none" if grade is GradeWord.NONE else name_of(grade, scale)[0]


def _singles(inputs: Fields, scale: Rulebook) -> list[str]:
    given = inputs["single"]
    sums = given if isinstance(given, list) else [given]
    return [
        _graded(
            MatterFacts(
                matter=Matter.BRIBERY,
                largest_single=Decimal(str(one)),
                cumulated=Decimal(str(one)),
            ),
            scale,
        )
        for one in sums
    ]


def _targeted(inputs: Fields, scale: Rulebook) -> str:
    target = str(inputs["target"]).casefold()
    found = {Circumstance.BRIBED_PROCUREMENT_STAFF} if any(one in target for one in _STAFF) else ()
    facts = MatterFacts(
        matter=Matter.BRIBERY,
        cumulated=Decimal(str(inputs["amount"])),
        circumstances=frozenset(found),
    )
    return _graded(facts, scale)


def _repair(inputs: Fields, scale: Rulebook) -> dict[str, object]:
    matter = next(one for one, words in MATTER_WORDS.items() if str(inputs["matter"]) in words)
    grade = next(one for one in GradeWord if str(inputs["grade"]) in name_of(one, scale))
    done = [int(number) for number in _MEASURE.findall(str(inputs["done"]))]
    repair = repair_of(matter, grade, scale, done=done)
    return {
        "missing": "".join(str(number) for number in repair.missing),
        "may_repair": repair.may_repair,
    }


_FORMS: Mapping[str, Callable[[Fields, Rulebook], Answer]] = {
    "single": _singles,
    "target": _targeted,
    "matter": _repair,
}
