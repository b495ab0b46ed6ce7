"""Cells of a settlement folder beyond those of a round folder."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from procurement.rounds.folder.cells import CellError, parse_count, parse_day
from procurement.rounds.folder.faults import quoted
from procurement.savings.rules.exact import STEPS_A_YUAN

_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_PRICE = re.compile(r"([0-9]{1,14})(?:\.([0-9]{1,12}))?")

LARGEST = 2**63 - 1
"""The largest whole number that every engine holds."""


@lru_cache(maxsize=4096)
def parse_share(text: str) -> Decimal:
    """A share from 0 to 1.

    Examples:
        >>> parse_share("0.60")
        Decimal('0.60')
        >>> parse_share("1.2")
        Traceback (most recent call last):
        procurement.rounds.folder.cells.CellError: '1.2' is above 1: expected a share from 0 to 1
    """
    share = _decimal(text, "a share from 0 to 1")
    if share > 1:
        raise CellError(f"{quoted(text)} is above 1", "a share from 0 to 1")
    return share


@lru_cache(maxsize=4096)
def parse_fund_share(text: str) -> Fraction:
    """A share from 0 to 1, also as a quotient such as 2.89/16.09.

    Examples:
        >>> parse_fund_share("1/4"), parse_fund_share("0.25")
        (Fraction(1, 4), Fraction(1, 4))
    """
    part, _, whole = text.partition("/")
    expected = "a share from 0 to 1, like 0.25 or 1/4"
    divisor = _decimal(whole, expected) if "/" in text else Decimal(1)
    if not divisor:
        raise CellError(f"{quoted(text)} divides by zero", expected)
    share = Fraction(_decimal(part, expected)) / Fraction(divisor)
    if share > 1:
        raise CellError(f"{quoted(text)} is above 1", expected)
    return share


@lru_cache(maxsize=4096)
def parse_score(text: str) -> Decimal:
    """A score from 0 to 100."""
    score = _decimal(text, "a score from 0 to 100")
    if score > 100:
        raise CellError(f"{quoted(text)} is above 100", "a score from 0 to 100")
    return score


@lru_cache(maxsize=4096)
def parse_agreed_price(text: str) -> Decimal:
    """A price in yuan above zero, like those of a round."""
    price = _decimal(text, "a price like 12.3456")
    if not price:
        raise CellError(f"{quoted(text)} is zero", "a price above zero")
    return price


@lru_cache(maxsize=4096)
def parse_paid_price(text: str) -> int:
    """A price above zero in 1/10,000 yuan; it has at most 4 decimals.

    Examples:
        >>> parse_paid_price("1.20")
        12000
    """
    match = _PRICE.fullmatch(text)
    if match is None:
        problem = f"{quoted(text)} is not a price" if text else "is empty"
        raise CellError(problem, "a price like 12.3456")
    decimals = (match[2] or "").rstrip("0")
    if len(decimals) > 4:
        raise CellError(f"{quoted(text)} has more than 4 decimals", "a price like 12.3456")
    steps = int(match[1]) * STEPS_A_YUAN + int(decimals.ljust(4, "0"))
    if not steps:
        raise CellError(f"{quoted(text)} is zero", "a price above zero")
    return steps


@lru_cache(maxsize=65536)
def parse_quantity(text: str) -> int:
    """A whole number of minimal units, negative for a return.

    Examples:
        >>> parse_quantity("-20")
        -20
    """
    expected = "a whole number, negative for a return"
    if not _WHOLE.fullmatch(text):
        raise CellError(f"{quoted(text)} is not a whole number" if text else "is empty", expected)
    quantity = int(text)
    if abs(quantity) > LARGEST:
        raise CellError(f"{quoted(text)} is too large", f"at most {LARGEST}")
    return quantity


@lru_cache(maxsize=4096)
def parse_received_on(text: str) -> date:
    """The day on which goods were taken in."""
    return parse_day(text)


@lru_cache(maxsize=4096)
def parse_volume(text: str) -> int:
    """A whole number of minimal units, zero or more."""
    return parse_count(text)


def _decimal(text: str, expected: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise CellError(f"{quoted(text)} is not a number" if text else "is empty", expected)
    return Decimal(text)
