"""What is to be covered, by whom, and the plan that does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

SECONDS = 30.0
"""How long the exact solver may search before it answers with a gap."""


@dataclass(frozen=True, slots=True)
class County:
    """A county and the point that stands for it.

    Attributes:
        name: Its name or code; no two counties share one.
        latitude: Degrees north.
        longitude: Degrees east.
        minimum: How many pharmacies must cover it; None where the task's number holds.
        patients: How many people must be served by pharmacies of limited capacity.
    """

    name: str
    latitude: float
    longitude: float
    minimum: int | None = None
    patients: int = 0


@dataclass(frozen=True, slots=True)
class Pharmacy:
    """A pharmacy that could be designated, or is.

    Attributes:
        name: Its id; no two pharmacies share one.
        county: In which it lies.
        latitude: Degrees north.
        longitude: Degrees east.
        is_eligible: It may be designated.
        is_kept: It is designated already and stays so.
        cost: Of choosing it; None where only the number counts.
        capacity: How many people it serves at most; None without a limit.
    """

    name: str
    county: str
    latitude: float
    longitude: float
    is_eligible: bool = True
    is_kept: bool = False
    cost: Decimal | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class CoverageTask:
    """Cover counties by pharmacies.

    Attributes:
        counties: To be covered.
        pharmacies: That may cover them.
        within_km: A pharmacy covers every county whose point is at most so far away; None: it
            covers the county in which it lies, and no other.
        per_county: How many pharmacies a county needs that names no number of its own.
    """

    counties: Sequence[County]
    pharmacies: Sequence[Pharmacy]
    within_km: float | None = None
    per_county: int = 1


class Reason(StrEnum):
    """Why a county is not covered."""

    NONE_THERE = "no-pharmacy"
    """No pharmacy at all that could reach it."""
    NONE_ELIGIBLE = "none-eligible"
    """Pharmacies are there, but none of them is eligible."""
    TOO_FAR = "too-far"
    """Eligible pharmacies lie beyond the distance."""
    TOO_FEW = "too-few"
    """Fewer eligible pharmacies than it needs."""
    CAPACITY = "capacity"
    """All eligible pharmacies together cannot serve its patients."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A county that no choice of pharmacies can cover.

    Attributes:
        county: Its name.
        reason: Why.
        needed: How many pharmacies it needs.
        eligible: How many eligible ones reach it.
        ineligible: How many others reach it.
        nearest: The nearest eligible pharmacy, where it is too far.
        nearest_km: How far that is.
        patients_left: How many patients nobody can serve.
    """

    county: str
    reason: Reason
    needed: int
    eligible: int
    ineligible: int = 0
    nearest: str | None = None
    nearest_km: float | None = None
    patients_left: int = 0


@dataclass(frozen=True, slots=True)
class CoveredCounty:
    """How a plan covers a county.

    Attributes:
        county: Its name.
        needed: How many pharmacies it needs.
        by: The chosen pharmacies that cover it, by name.
        nearest_km: From its point to the nearest of them.
    """

    county: str
    needed: int
    by: tuple[str, ...]
    nearest_km: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which pharmacies are chosen.

    Attributes:
        chosen: All of them, kept ones included, by name.
        kept: Those that were designated already.
        further: The others: what the plan adds.
        uncovered: Counties that cannot be covered; they are covered as far as they can be.
        covered: How every county is covered.
        optimal: Nothing cheaper (without costs: nothing smaller) covers as much; proven.
        gap: 0 where proven; otherwise by what part the further ones could at most be cheaper.
        value: Cost of the further ones; without costs their number.
        bound: What no other choice can go below.
    """

    chosen: tuple[str, ...]
    kept: tuple[str, ...]
    further: tuple[str, ...]
    uncovered: tuple[Uncovered, ...]
    covered: tuple[CoveredCounty, ...]
    optimal: bool
    gap: float
    value: Decimal
    bound: Decimal
