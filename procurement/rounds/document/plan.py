"""The plan of a round: all facts that its procurement document prints, as plain values.

`procurement.rounds.document.facts` reads it from the tables; tests write it by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from procurement.rounds.rules import Timetable
from rulebooks import Bilingual

DEFAULT_SUITE = "intl-1"


@dataclass(frozen=True, slots=True)
class PlannedStrength:
    """One strength (规格) of a lot.

    Attributes:
        label: As printed, such as ``10mg``.
        ratio: Content relative to the lot's main strength.
        price_ceiling: Maximum valid declared price, yuan per minimal unit; None if not set yet.
        benchmark_price: Benchmark of an inquiry, yuan per minimal unit.
        base_volume: Base of the first year's agreed volume, minimal units; None until aggregated.
    """

    label: str
    ratio: Decimal
    price_ceiling: Decimal | None = None
    benchmark_price: Decimal | None = None
    base_volume: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedLot:
    """One lot (采购品种).

    Attributes:
        code: Identifier in the round.
        product: Generic name and dosage form.
        unit: Minimal unit, such as 片.
        strengths: In the order of the document.
        category: `bidding.bid_sheet.Category`.
        by_brand: Hospitals may report by brand.
        failed_reason: Why it was withdrawn; None while it stands.
        daily_dose: Minimal units of the main strength a day, where daily cost is compared.
    """

    code: str
    product: str
    unit: str
    strengths: tuple[PlannedStrength, ...]
    category: str = "general"
    by_brand: bool = False
    failed_reason: str | None = None
    daily_dose: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Keyholders:
    """Who opens the bids.

    Attributes:
        names: The institutions, by seat.
        quorum: How many open together (k of n); None if not set yet.
        suite: Cipher suite of the round, see ``SUITES`` in `content`.
    """

    names: tuple[str, ...] = ()
    quorum: int | None = None
    suite: str = DEFAULT_SUITE


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """The facts of a round.

    Attributes:
        name: Short name that addresses use.
        title: Title of the round.
        bureau: The bureau that leads it; None where the rulebook's issuer stands for it.
        regions: Names of the regions that take part.
        lots: In the order of their codes.
        timetable: Its moments.
        keyholders: Who opens the bids.
        outage_shift_minutes: By how much an outage moves closing and opening.
        is_inquiry: Declarations against a benchmark price instead of bids.
        observers: Institutions that observe (notary, discipline inspection).
        options: Values for rules that the rulebook leaves open, as the rulebook writes them.
    """

    name: str
    title: str
    bureau: str | None = None
    regions: tuple[Bilingual, ...] = ()
    lots: tuple[PlannedLot, ...] = ()
    timetable: Timetable = field(default_factory=Timetable)
    keyholders: Keyholders = field(default_factory=Keyholders)
    outage_shift_minutes: int = 120
    is_inquiry: bool = False
    observers: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
