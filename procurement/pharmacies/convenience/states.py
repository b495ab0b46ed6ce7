"""What counters hold."""

from collections.abc import Mapping
from enum import StrEnum


class CounterKind(StrEnum):
    """Why a drug stands at a counter."""

    WINNING = "winning"
    """It won a round."""
    NEGOTIATED = "negotiated"
    """It is a negotiated drug."""


COUNTER_NAMES: Mapping[CounterKind, tuple[str, str]] = {
    CounterKind.WINNING: ("中选药品", "winning product"),
    CounterKind.NEGOTIATED: ("国谈药品", "negotiated drug"),
}
