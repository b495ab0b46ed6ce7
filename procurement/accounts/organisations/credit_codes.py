"""Unified social credit codes (统一社会信用代码) by GB 32100-2015: pure functions."""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters in the order of their values; I, O, S, V and Z do not occur."""

MODULUS = 31
WEIGHT_BASE = 3

# Registering department and kind, division code, organisation code, check character.
_FORM = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")


def check_character(body: str) -> str:
    """Compute the 18th character from the 17 before it.

    The i-th character (from 1) has the weight 3^(i-1) mod 31; the check character is what is
    missing to a multiple of 31.

    Args:
        body: The first 17 characters.

    Returns:
        The check character.

    Raises:
        ValueError: The length is not 17, or a character does not occur in such codes.

    Examples:
        >>> check_character("91350100M000100Y4")
        '3'
    """
    if len(body) != 17:
        raise ValueError(f"expected 17 characters, found {len(body)}")
    total = sum(
        ALPHABET.index(character) * pow(WEIGHT_BASE, place, MODULUS)
        for place, character in enumerate(body)
    )
    return ALPHABET[-total % MODULUS]


def is_credit_code(code: str) -> bool:
    """Tell whether a text has the form of a credit code and the right check character.

    Examples:
        >>> is_credit_code("91350100M000100Y43"), is_credit_code("91350100M000100Y34")
        (True, False)
    """
    return _FORM.fullmatch(code) is not None and check_character(code[:17]) == code[17]
