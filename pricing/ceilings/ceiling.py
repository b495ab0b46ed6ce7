"""What is known of one ceiling."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Method(StrEnum):
    """How a ceiling was found."""

    DIVISION = "division"
    """The models are affine in the price: one division in exact arithmetic."""
    ORDER_STATISTIC = "order-statistic"
    """Each draw's own ceiling by division, then the one that the probability picks."""
    BRACKETING = "bracketing"
    """The models are not affine: prices that hold and prices that fail, drawn together."""
    GIVEN = "given"
    """A price that was given."""


class Cause(StrEnum):
    """Why there is no ceiling."""

    TOO_DEAR_FREE = "too-dear-free"
    """The constraint fails even at a price of 0."""
    NO_VOLUME = "no-volume"
    """The price does not matter, and the constraint holds: it limits nothing."""
    NO_VOLUME_FAILS = "no-volume-fails"
    """The price does not matter, and the constraint fails at every price."""
    ONLY_FROM_BELOW = "only-from-below"
    """A higher price only relieves the constraint: it limits nothing from above."""
    CROSSED = "crossed"
    """What one alternative allows at most, another asks at least."""
    NEVER_FAILS = "never-fails"
    """The agreement, or patients who stay away, keep it satisfied at every price."""

    @property
    def limits_nothing(self) -> bool:
        """Whether the constraint is satisfied at any price, so that the others decide."""
        return self in (Cause.NO_VOLUME, Cause.ONLY_FROM_BELOW, Cause.NEVER_FAILS)


@dataclass(frozen=True, slots=True)
class Why:
    """Why there is no ceiling, in words.

    Attributes:
        cause: The case.
        zh: In Chinese.
        en: In English.
    """

    cause: Cause
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a ceiling gains where its constraint is relaxed.

    Attributes:
        of: What is relaxed by one unit: ``cap`` (yuan), ``threshold`` (yuan per unit of effect),
            ``price`` (yuan of the prices that it rests on).
        value: Yuan of ceiling for that unit.
    """

    of: str
    value: float


@dataclass(frozen=True, slots=True)
class PutBack:
    """What the models say at the ceiling and a cent above it.

    Attributes:
        holds: Whether the constraint holds at the ceiling.
        fails_above: Whether it fails a cent above.
        left: Yuan that it leaves at the ceiling; of the draw that decides, where there are many.
    """

    holds: bool
    fails_above: bool
    left: float


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The highest price that one constraint allows, or why there is none.

    Attributes:
        kind: Of the constraint.
        name: Of the constraint, its kind where it has none.
        price: Yuan per unit, rounded down to the cent: it holds there and fails a cent above. It is
            a list price.
        exact: The same, not rounded.
        net_price: What the fund pays at that price after the agreement, yuan per unit.
        method: How it was found.
        binding_part: The year or the alternative that sets it.
        shadow: What relaxing the constraint is worth.
        put_back: The check by the models.
        why: Why there is no price.
    """

    kind: str
    name: str
    price: Decimal | None = None
    exact: float | None = None
    net_price: float | None = None
    method: Method | None = None
    binding_part: str | None = None
    shadow: Shadow | None = None
    put_back: PutBack | None = None
    why: Why | None = None
