"""The report of an evaluation: its steps are the result, and everything else is read off them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

Number = Decimal | int | str
"""A figure of a step: exact decimals, whole numbers, names."""


class Status(StrEnum):
    """What became of a bid."""

    SELECTED = "selected"
    SELECTED_WITHOUT_VOLUME = "selected-without-volume"
    REVIVAL_OFFERED = "revival-offered"
    """Not selected, but may be by accepting the offered price."""
    TIED = "tied"
    """Equal with others for the last place; a person decides."""
    REJECTED = "rejected"
    INVALID = "invalid"
    """Above the ceiling, or its price is not known; it still counts as a bidder."""

    @property
    def is_selected(self) -> bool:
        """Whether the bid is among the winners."""
        return self in (Status.SELECTED, Status.SELECTED_WITHOUT_VOLUME)


class Step(NamedTuple):
    """One decision: what was decided, by which clause, about which bid, with which numbers.

    Attributes:
        code: Name of the sentence in ``bidding.wording``.
        clause: The rule that required it, as the rulebook cites it.
        bid: The bid it concerns; None if it concerns the lot.
        numbers: The figures of the sentence, by name.
    """

    code: str
    clause: str
    bid: str | None
    numbers: Mapping[str, Number]


class Allocation(NamedTuple):
    """Agreed volume of one region and strength.

    Attributes:
        region: Where it is needed.
        strength: Label of the strength.
        bid: Who supplies it; None while the region's supplier is not named.
        agreed_volume: Whole minimal units in the first year.
        by_brand: The part of it that was reported for the supplier's own brand; the rest is what
            it supplies as the region's supplier, or by its rank.
    """

    region: str
    strength: str
    bid: str | None
    agreed_volume: int
    by_brand: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What is still to be answered before the lot is decided.

    Attributes:
        lot: The lot.
        bid: The bid it is about.
        question: Revive, tie, cut or region.
        by: Who answers: the bidder, or the bureau.
        price: The price offered, in yuan per minimal unit, if any.
        until: Until when; None where the document's clock is not known.
    """

    lot: str
    bid: str
    question: str
    by: str
    price: Decimal | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one bid, and why.

    Attributes:
        bid: Its identifier in the lot.
        manufacturer: Whose it is.
        strength: The strength whose price stands.
        declared_price: Yuan per minimal unit of that strength; None if not known.
        comparable_price: Yuan per unit of the main strength, rounded as the document says.
        rank: Among valid bids, from 1; None where the bid was not ranked.
        status: The decision.
        offer_price: A price that would still be accepted now, in yuan per minimal unit.
        needed_price: The highest declared price that would have been selected, others
            unchanged; None for selected bids, and where no price would have been.
        needed_pack_price: The same for the pack, where the bid was declared for one.
        reason: The step that decided.
        regions: Number of regions it supplies; None where regions do not decide.
        region_names: Their names, where the choices are known.
        spare_regions: Regions for which it is the spare supplier.
        agreed_volume: Minimal units in the first year; None while it is not decided.
    """

    bid: str
    manufacturer: str
    strength: str
    declared_price: Decimal | None
    comparable_price: Decimal | None
    rank: int | None
    status: Status
    offer_price: Decimal | None
    needed_price: Decimal | None
    needed_pack_price: Decimal | None
    reason: Step
    regions: int | None = None
    region_names: tuple[str, ...] | None = None
    spare_regions: tuple[str, ...] | None = None
    agreed_volume: int | None = None


@dataclass(frozen=True, slots=True)
class LotReport:
    """What was decided in one lot.

    Attributes:
        lot: Identifier.
        product: Generic name.
        bidders: How many counted.
        places: How many could be shortlisted; None where the document sets no limit.
        share: Agreed share of the base volume; None where it differs by bid or is undecided.
        cycle_years: Length of the procurement cycle.
        ends_on: End of the cycle, where the document fixes a day.
        base_volume: Reported need, in minimal units.
        agreed_volume: What is agreed in the first year, in minimal units.
        outcomes: One for each bid, winners first, by rank.
        allocations: By region and strength.
        pending: What is still to be answered.
        steps: The explanation, in order.
        winners: Winners with volume in the order in which they choose regions, where they do.
    """

    lot: str
    product: str
    bidders: int
    places: int | None
    share: Decimal | None
    cycle_years: int | None
    ends_on: date | None
    base_volume: int
    agreed_volume: int | None
    outcomes: tuple[Outcome, ...]
    allocations: tuple[Allocation, ...]
    pending: tuple[Question, ...]
    steps: tuple[Step, ...]
    winners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What was decided in a round.

    Attributes:
        title: The round.
        rulebook: Identifier of the rulebook.
        rulebook_digest: SHA-256 of the rulebook as it was read.
        lots: One report for each lot, by identifier.
    """

    title: str
    rulebook: str
    rulebook_digest: str
    lots: tuple[LotReport, ...]

    @property
    def pending(self) -> tuple[Question, ...]:
        """Everything that is still to be answered, lot by lot."""
        return tuple(question for lot in self.lots for question in lot.pending)
