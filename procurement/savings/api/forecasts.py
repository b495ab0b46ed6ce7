"""Forecasts and the one line by machine."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from procurement.china_days import day_in_china
from procurement.permissions import Role
from procurement.savings.at_edge import any_hospital
from procurement.savings.forecasts.forecasting import forecast_of
from procurement.savings.one_line.reading import one_line_of
from procurement.web import RowId, Visit, reads

Score = Annotated[str | None, QueryParameter(name="score", pattern=r"^(100|\d{1,2})(\.\d{1,4})?$")]
"""Points that a hospital expects, from 0 to 100."""
Day = Annotated[date | None, QueryParameter(name="day")]
"""Up to which things count; today unless given."""

_BUREAU = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY})


@dataclass(frozen=True, slots=True)
class LineForecastEntry:
    """One line at the end of its year, if everything goes on as so far.

    Attributes:
        batch: The batch-year.
        lot: Code of the lot.
        product: Generic name.
        strength: As the document prints it.
        agreed_volume: In minimal units.
        taken_in: So far.
        projected: By the end of the year.
        missing: For the agreed volume.
        completes: Whether the unit that counts completes at this pace.
        at_pace: What is kept at this pace; null where something is missing.
        if_completed: What is kept if the volume is completed; null likewise.
        base_to_use: How often the base volume is used.
        warned: Whether that is far.
        lacking: Factors that nobody has given.
        sentence: The forecast in words.
    """

    batch: str
    lot: str
    product: str
    strength: str
    agreed_volume: int
    taken_in: int
    projected: int
    missing: int
    completes: bool
    at_pace: Decimal | None
    if_completed: Decimal | None
    base_to_use: Decimal | None
    warned: bool
    lacking: list[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class ForecastEntry:
    """What a hospital keeps of the batch-years that run.

    Attributes:
        hospital: Its name.
        day: Up to which purchases count.
        at_pace: Of all, to the cent; null where something is missing.
        if_completed: Of all; null likewise.
        lines: Of all batch-years.
    """

    hospital: str
    day: date
    at_pace: Decimal | None
    if_completed: Decimal | None
    lines: list[LineForecastEntry]


@dataclass(frozen=True, slots=True)
class OneLineEntry:
    """One supply of a hospital from end to end, in minimal units and yuan.

    Attributes:
        batch: The batch-year.
        lot: Code of the lot.
        product: Generic name.
        strength: As the document prints it.
        winner: Who supplies it.
        reported: Need in the strength, a year.
        base_volume: What this winner got of it.
        agreed_volume: In the batch-year.
        ordered: Less what was cancelled.
        open: Ordered, neither accepted nor cancelled.
        shipped: On the way or accepted.
        accepted: Less returns.
        counted: What measuring counts.
        invoiced: Of live invoices.
        invoiced_amount: Money of these.
        paid_amount: What was paid of it.
        completed: Whether the agreed volume is completed.
        missing: For it.
        kept: Settled, or forecast; null while nobody knows.
        is_settled: Whether it is settled.
        why: What is missing, and why nothing is kept.
    """

    batch: str
    lot: str
    product: str
    strength: str
    winner: str
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
    kept: Decimal | None
    is_settled: bool
    why: list[str]


@dataclass(frozen=True, slots=True)
class OneLineList:
    """All lines of a hospital.

    Attributes:
        hospital: Its name.
        day: Up to which things count.
        kept: Of all; null where one is unknown.
        items: By round, batch-year, lot and strength.
        mismatches: Where platform, hospital and invoices differ.
    """

    hospital: str
    day: date
    kept: Decimal | None
    items: list[OneLineEntry]
    mismatches: list[str]


def _points(score: str | None) -> Decimal | None:
    """Read points; what is above 100 counts as 100."""
    return None if score is None else min(Decimal(score), Decimal(100))


@get("/api/v1/savings/forecast/{hospital_id:int}")
@reads
def read_forecast(visit: Visit, hospital_id: RowId, score: Score = None) -> ForecastEntry:
    """Forecast what a hospital keeps, at today's pace."""
    hospital = any_hospital(visit, hospital_id)
    found = forecast_of(
        visit.session,
        hospital_id=hospital.id,
        day=day_in_china(visit.moment),
        expected_score=_points(score),
    )
    return ForecastEntry(
        hospital=found.hospital,
        day=found.day,
        at_pace=found.at_pace,
        if_completed=found.if_completed,
        lines=[
            LineForecastEntry(
                batch=term.term.batch,
                lot=line.supply.lot,
                product=line.supply.product,
                strength=line.supply.strength,
                agreed_volume=line.agreed_volume,
                taken_in=line.use.winning_volume,
                projected=line.projected,
                missing=line.missing,
                completes=line.completes,
                at_pace=line.at_pace,
                if_completed=line.if_completed,
                base_to_use=line.base_to_use,
                warned=line.warned,
                lacking=list(line.lacking),
                sentence=visit.text(line.zh, line.en),
            )
            for term in found.terms
            for line in term.lines
        ],
    )


@get("/api/v1/savings/line/{hospital_id:int}")
@reads
def read_line(
    visit: Visit, hospital_id: RowId, day: Day = None, score: Score = None
) -> OneLineList:
    """Read every line of a hospital from reported need to the cent that is kept."""
    hospital = any_hospital(visit, hospital_id)
    found = one_line_of(
        visit.session,
        hospital_id=hospital.id,
        day=day or day_in_china(visit.moment),
        expected_score=_points(score),
        with_unsent=bool(_BUREAU & visit.actor.roles),
    )
    return OneLineList(
        hospital=found.hospital,
        day=found.day,
        kept=found.kept,
        items=[
            OneLineEntry(
                batch=line.term.batch,
                lot=line.supply.lot,
                product=line.supply.product,
                strength=line.supply.strength,
                winner=line.supply.winner,
                reported=line.reported,
                base_volume=line.base_volume,
                agreed_volume=line.agreed_volume,
                ordered=line.ordered,
                open=line.open,
                shipped=line.shipped,
                accepted=line.accepted,
                counted=line.counted,
                invoiced=line.invoiced,
                invoiced_amount=line.invoiced_amount,
                paid_amount=line.paid_amount,
                completed=line.completed,
                missing=line.missing,
                kept=line.kept,
                is_settled=line.is_settled,
                why=[visit.text(zh, en) for zh, en in zip(line.why_zh, line.why_en, strict=True)],
            )
            for line in found.lines
        ],
        mismatches=[visit.text(one.zh, one.en) for one in found.mismatches],
    )


ROUTES = (read_forecast, read_line)
"""Handlers of forecasts and the one line."""
