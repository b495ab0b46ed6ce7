"""National codes: their parts, their forms, check digits."""

import re
from collections.abc import Callable, Mapping

from procurement.accounts.rules import INSTITUTION_CODE_FORMS, PHARMACIST_CODE_FORM
from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.rules.approval import current_form
from procurement.catalogue.rules.codes import (
    CONSUMABLE,
    CONSUMABLE_WITH_SERIAL,
    DRUG_CODES,
    STANDARD,
    class_of_drug_code,
    code_pattern,
    standard_code_check_digit,
)
from procurement.cli.cases.answers import Answers, Result
from procurement.cli.cases.case_file import Case
from procurement.cli.errors import BadCaseError

_FORMS: Mapping[str, Callable[[], str]] = {
    "western": lambda: code_pattern(DRUG_CODES[ProductKind.CHEMICAL]),
    "patent": lambda: code_pattern(DRUG_CODES[ProductKind.TCM_PATENT]),
    "granule": lambda: code_pattern(DRUG_CODES[ProductKind.TCM_GRANULE]),
    "consumable": lambda: (
        f"(?:{code_pattern(CONSUMABLE)})|(?:{code_pattern(CONSUMABLE_WITH_SERIAL)})"
    ),
    "pharmacist": lambda: PHARMACIST_CODE_FORM,
    "hospital": lambda: INSTITUTION_CODE_FORMS["hospital"],
    "pharmacy": lambda: INSTITUTION_CODE_FORMS["pharmacy"],
    "approval": lambda: current_form("HZS"),
    "本位码": lambda: code_pattern(STANDARD),
}
"""By a word of the form's name; the first that it holds."""

_SIGN = re.compile(r"\\d|\[[^\]]*\]|[^\\\[\]{}()?|^$]")
_REPEATED = re.compile(r"(\\d|\[[^\]]*\]|[^\\\[\]{}()?|^$])\{(\d+)\}")


def answers(case: Case) -> Answers:
    """Parts of a code (a text as input), or forms by name (no input).

    Raises:
        BadCaseError: The input is neither a drug code nor the first 13 digits of a standard code.
    """
    if case.inputs is None:
        return Answers({one.name: _form(one.name, str(one.value)) for one in case.expected})
    code = str(case.inputs)
    try:
        if code.isdigit():
            check = standard_code_check_digit(code)
            return Answers({"check": check, "full": f"{code}{check}"})
        named: dict[str, Result] = {
            "length": len(code),
            "prefix": code[:1],
            "atc_level4": class_of_drug_code(code),
        }
    except ValueError as fault:
        raise BadCaseError(case.path, [f"{case.id}.inputs: {fault}"]) from None
    return Answers(named)


def _form(name: str, published: str) -> str:
    """The form that the platform checks; as it was published where both allow the same codes."""
    ours = next((form() for word, form in _FORMS.items() if word in name), "")
    same = ours != "" and allowed_masks(ours) == allowed_masks(published)
    return published if same else ours


def allowed_masks(form: str) -> frozenset[tuple[str, ...]]:
    r"""What a regular expression of one alternative or two allows, character by character.

    Args:
        form: Made of letters, digits, ``\d``, sets, repetitions, an optional group or sign.

    Examples:
        >>> allowed_masks(r"^A(\d{2})?$") == allowed_masks("A|A[0-9][0-9]")
        True
    """
    found: set[tuple[str, ...]] = set()
    for alternative in _alternatives(form):
        plain = alternative.replace("(?:", "(").removeprefix("^").removesuffix("$")
        for choice in _with_and_without(plain):
            spelled = _REPEATED.sub(lambda match: match[1] * int(match[2]), choice)
            found.add(tuple(map(_allowed, _SIGN.findall(spelled))))
    return frozenset(found)


def _alternatives(form: str) -> list[str]:
    if "|" not in form:
        return [form]
    return [part.removeprefix("(?:").removesuffix(")") for part in form.split("|")]


def _with_and_without(form: str) -> list[str]:
    """Spell out one optional group or set: with it, and without it."""
    match = re.search(r"(\((?P<group>[^)]*)\)|(?P<set>\[[^\]]*\]))\?", form)
    if match is None:
        return [form]
    inner = match["group"] if match["group"] is not None else match["set"]
    before, after = form[: match.start()], form[match.end() :]
    return [before + inner + after, before + after]


def _allowed(sign: str) -> str:
    """All characters that a sign of an expression stands for, in order."""
    if sign == r"\d":
        return "0123456789"
    if not sign.startswith("["):
        return sign
    pattern = re.compile(sign)
    return "".join(letter for letter in map(chr, range(128)) if pattern.fullmatch(letter))
