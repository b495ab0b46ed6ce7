"""Whether a drug is paid for a patient's diagnosis."""

import re
from collections.abc import Sequence

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,8})?[+*]?", re.ASCII | re.IGNORECASE)
CODE_LENGTH_MAX = 20


def is_diagnosis_code(text: str) -> bool:
    """Whether a text has the form of a diagnosis code (ICD-10): a letter, two signs, a subdivision.

    The national version writes longer subdivisions with a small x, and marks causes and
    manifestations at the end.

    Examples:
        >>> is_diagnosis_code("C34.9"), is_diagnosis_code("C34"), is_diagnosis_code("cancer")
        (True, True, False)
        >>> is_diagnosis_code("C34.900x001"), is_diagnosis_code("A17.000+")
        (True, True)
    """
    return bool(_CODE.fullmatch(text))


def is_covered_indication(code: str, allowed: Sequence[str]) -> bool:
    """Tell whether a diagnosis is one of those that a drug is paid for.

    A code of the list covers its subdivisions, in large letters or small. Where the list states no
    codes, its words in print limit the payment, and the responsible doctor and the agency judge:
    nothing is refused by code.

    Args:
        code: Of the patient's diagnosis.
        allowed: Codes of the list; may be empty.

    Examples:
        >>> is_covered_indication("C34.9", ["C34", "C50.1"])
        True
        >>> is_covered_indication("C34.900X001", ["c34.900x001"])
        True
        >>> is_covered_indication("C34", ["C34.9"])
        False
        >>> is_covered_indication("C34", [])
        True
    """
    own, plain = code.upper(), [one.rstrip(".").upper() for one in allowed]
    return not plain or any(own == one or _is_below(own, one) for one in plain)


def _is_below(code: str, whole: str) -> bool:
    start = whole if "." in whole else f"{whole}."
    return code.startswith(start)
