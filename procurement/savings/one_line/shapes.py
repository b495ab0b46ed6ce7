"""The one line from reported need to the cent that is kept."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.orders.mismatches import Mismatch
from procurement.savings.settlements.lines import Supply
from procurement.savings.settlements.terms import TermView


@dataclass(frozen=True, slots=True)
class OneLine:
    """One supply of a hospital, from end to end; volumes in minimal units, money in yuan.

    Attributes:
        term: The batch-year.
        supply: What it is of.
        reported: Need that the hospital reported in this strength, a year.
        base_volume: What of it this winner got, a year.
        agreed_volume: In the batch-year.
        ordered: Cancelled packs left out.
        open: Ordered, and neither accepted nor cancelled.
        shipped: On the way, or accepted.
        accepted: Returns left out.
        counted: What measuring counts: receipts, and movements off the platform, less returns.
        invoiced: Packs of live invoices, in minimal units.
        invoiced_amount: Money of these.
        paid_amount: What was paid of it, by direct settlement, prepayment, or the hospital.
        completed: Whether the agreed volume is completed by itself.
        missing: Units that are still to be taken in for it.
        completion: Their quotient; None where nothing was agreed.
        kept: What is kept of it: settled, or forecast at today's pace; None while nobody knows.
        is_settled: Whether it is settled, and not a forecast.
        statement: Name of the settlement that it stands in.
        why_zh: Why it stands as it does: what is missing, and why nothing is kept.
        why_en: The same in English.
    """

    term: TermView
    supply: Supply
    reported: int
    base_volume: int
    agreed_volume: int
    ordered: int
    open: int
    shipped: int
    accepted: int
    counted: int
    invoiced: int
    invoiced_amount: Decimal
    paid_amount: Decimal
    completed: bool
    missing: int
    completion: Decimal | None
    kept: Decimal | None
    is_settled: bool
    statement: str | None
    why_zh: tuple[str, ...]
    why_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HospitalLines:
    """All lines of a hospital on a day.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        day: Up to which things count.
        lines: By round, batch-year, lot and strength.
        mismatches: Where platform, hospital and invoices differ, in the days of the batch-years.
        kept: Of all lines; None where one is unknown.
    """

    hospital_id: int
    hospital: str
    day: date
    lines: tuple[OneLine, ...]
    mismatches: tuple[Mismatch, ...]
    kept: Decimal | None
