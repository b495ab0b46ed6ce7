"""A published result, and whether a computed one agrees with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

Value = float | str | bool | None
"""A result: a number of a model; an exact decimal as a string; a word; yes or no; nothing."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One published result.

    Attributes:
        name: What it is.
        value: What was published.
        tolerance: How far a number may be from it; exact decimals, words and flags must be equal.
        tolerance_kind: ``abs``, or ``rel`` to the published number.
        provenance: Who published it, as the file says.
        known_mismatch: Whether it is known not to be reproducible.
    """

    name: str
    value: Value
    tolerance: float = 0.0
    tolerance_kind: str = "abs"
    provenance: str = ""
    known_mismatch: bool = False

    def holds(self, computed: Value) -> bool:
        """Whether a result is within the tolerance.

        Examples:
            >>> Expectation("icer", 100.0, 0.01, "rel").holds(100.9)
            True
            >>> Expectation("standard", "8").holds("8.00"), Expectation("ok", True).holds(1.0)
            (True, False)
        """
        one, other = exact(self.value), exact(computed)
        if one is None or other is None:
            return self.value == computed and type(self.value) is type(computed)
        scale = abs(one) if self.tolerance_kind == "rel" else 1
        return abs(other - one) <= Decimal(self.tolerance) * scale


def exact(value: Value) -> Decimal | None:
    """A value as an exact number; nothing where it is none.

    Examples:
        >>> exact("1.50"), exact(0.5), exact("simple"), exact(True)
        (Decimal('1.50'), Decimal('0.5'), None, None)
    """
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def leaves(value: object, name: str = "") -> Iterator[tuple[str, Value]]:
    """The single values in tables and lists, each with its place: ``2.standard``.

    Examples:
        >>> dict(leaves([{"standard": "1.00"}, {"standard": "0.80"}]))
        {'1.standard': '1.00', '2.standard': '0.80'}
    """
    if isinstance(value, Mapping):
        parts = [(str(key), one) for key, one in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(str(number), one) for number, one in enumerate(value, 1)]
    else:
        yield name, value if isinstance(value, float | int | str | None) else str(value)
        return
    for key, one in parts:
        yield from leaves(one, f"{name}.{key}" if name else key)
