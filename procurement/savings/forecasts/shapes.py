"""A forecast as it is shown."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.savings.rules import Assessed, Use
from procurement.savings.settlements.lines import Supply
from procurement.savings.settlements.terms import TermView


@dataclass(frozen=True, slots=True)
class LineForecast:
    """One line at the end of its year, if everything goes on as so far.

    Attributes:
        supply: What it is of.
        base_volume: Of the batch-year.
        agreed_volume: Of the batch-year.
        use: What was taken in so far.
        projected: Units of winning products by the end.
        missing: Units that are still to be taken in for the agreed volume.
        completes: Whether the unit that counts completes its volume at this pace.
        at_pace: What is kept at this pace; None where a factor or the expected points are missing.
        if_completed: What is kept if the agreed volume is completed; None likewise.
        base_to_use: How often the base volume is used at this pace; None where nothing was used.
        warned: Whether that reaches the settlement's warning.
        lacking: Factors that nobody has given.
        reasons: Why nothing is kept at this pace.
        zh: The forecast in a sentence.
        en: The same in English.
    """

    supply: Supply
    base_volume: int
    agreed_volume: int
    use: Use
    projected: int
    missing: int
    completes: bool
    at_pace: Decimal | None
    if_completed: Decimal | None
    base_to_use: Decimal | None
    warned: bool
    lacking: tuple[str, ...]
    reasons: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class TermForecast:
    """A batch-year of a hospital.

    Attributes:
        term: The batch-year.
        basis: Name of the settlement whose rules and factors are used; None where there is none.
        assessed: The assessment that is expected; None where nobody said which.
        days_elapsed: Of the year, today's included.
        days: Of the year.
        lines: Its lines.
        at_pace: What all keep at this pace, to the cent; None where something is missing.
        if_completed: What all keep if every line is completed; None likewise.
    """

    term: TermView
    basis: str | None
    assessed: Assessed | None
    days_elapsed: int
    days: int
    lines: tuple[LineForecast, ...]
    at_pace: Decimal | None
    if_completed: Decimal | None


@dataclass(frozen=True, slots=True)
class HospitalForecast:
    """What a hospital keeps of the batch-years that run on a day.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        day: Up to which purchases count.
        terms: The batch-years, by round.
        at_pace: Of all, to the cent; None where something is missing.
        if_completed: Of all; None likewise.
    """

    hospital_id: int
    hospital: str
    day: date
    terms: tuple[TermForecast, ...]
    at_pace: Decimal | None
    if_completed: Decimal | None
