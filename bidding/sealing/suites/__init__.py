"""Suites of cipher, hash and signature: ``intl-1`` is the default, ``sm-1`` the national one."""

from collections.abc import Mapping
from types import MappingProxyType

from bidding.sealing.errors import FormatError
from bidding.sealing.suites.interface import KeyPair, RandomBytes, Stretching, Suite
from bidding.sealing.suites.intl1 import Intl1
from bidding.sealing.suites.sm1 import Sm1

__all__ = ["SUITES", "KeyPair", "RandomBytes", "Stretching", "Suite", "suite"]

SUITES: Mapping[str, Suite] = MappingProxyType({one.name: one for one in (Intl1(), Sm1())})
"""Every suite by its id."""


def suite(name: str) -> Suite:
    """The suite of that id.

    Raises:
        FormatError: There is none.

    Examples:
        >>> suite("intl-1").hash(b"abc").hex()[:16]
        'ba7816bf8f01cfea'
        >>> suite("rot-13")
        Traceback (most recent call last):
        bidding.sealing.errors.FormatError: suite: expected one of intl-1, sm-1
    """
    found = SUITES.get(name)
    if found is None:
        raise FormatError("suite", f"one of {', '.join(sorted(SUITES))}")
    return found
