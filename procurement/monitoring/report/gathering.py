"""What the quarterly report takes from the database: deliveries, progress, surveys, decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.accounts.tables import Organisation
from procurement.agreements.states import TermStatus
from procurement.agreements.tables import AgreementTerm
from procurement.catalogue.tables import GenericProduct
from procurement.china_days import Quarter, first_moment
from procurement.monitoring.comparison.comparing import control_of, lists_in_force
from procurement.monitoring.comparison.proposing import proposal_counts
from procurement.monitoring.rules.gaps import Control
from procurement.monitoring.rules.shortages import SupplySignals
from procurement.monitoring.shortages.deciding import ListedShortage, shortages_on
from procurement.monitoring.states import ListKind, ProposalStatus
from procurement.monitoring.surveys.heard import leads_of, signals_of
from procurement.monitoring.surveys.listing import Turnout, surveys_in, turnout_of
from procurement.monitoring.tables import QuarterlyReport, SurveyLine
from procurement.orders.fulfilment.progress import (
    ProgressRow,
    progress_in_all,
    progress_of,
)
from procurement.orders.fulfilment.scope import By, Scope
from procurement.orders.states import OrderStatus
from procurement.orders.tables import (
    Delivery,
    DeliveryLine,
    OrderLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
)
from procurement.rounds.tables import Round
from procurement.volumes.rules import region_prefix

_NEVER_ORDERED = (OrderStatus.DECLINED, OrderStatus.CANCELLED)
_KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DeliveryRate:
    """What a maker or a distributor delivered of a quarter's orders.

    Attributes:
        name: Of the firm.
        hospitals: That ordered, and did not cancel all of it.
        ordered: Packs, without what was cancelled.
        delivered: Packs that hospitals accepted.
        in_time: Those of them that came within the limit; of orders with one.
        limited: Packs of orders with a limit.
        limited_hospitals: Those that placed one of these.
    """

    name: str
    hospitals: int
    ordered: int
    delivered: int
    in_time: int
    limited: int
    limited_hospitals: int

    @property
    def rate(self) -> Fraction | None:
        """Delivered by ordered."""
        return Fraction(self.delivered, self.ordered) if self.ordered else None

    @property
    def in_time_rate(self) -> Fraction | None:
        """Delivered in time by ordered with a limit; None where no order has one."""
        return Fraction(self.in_time, self.limited) if self.limited else None


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """The progress of a round's term.

    Attributes:
        title: Name of the round.
        number: Of the term.
        row: What was agreed and taken in.
        agreeing: Hospitals that agreed a volume.
        receiving: Hospitals that took something in.
    """

    title: str
    number: int
    row: ProgressRow
    agreeing: int
    receiving: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the database says about a quarter, until the moment the report was asked for.

    Attributes:
        makers: Delivery rates by maker.
        distributors: Delivery rates by distributor.
        progress: By term that ran in the quarter.
        turnout: By month of the survey.
        signals: What surveys say, by generic product's name and form.
        shortages: The list.
        leads: Of public opinion.
        controls: By list of monitoring prices: its title and what became of it.
        proposals: How many by status.
    """

    makers: Sequence[DeliveryRate]
    distributors: Sequence[DeliveryRate]
    progress: Sequence[RoundProgress]
    turnout: Mapping[date, Sequence[Turnout]]
    signals: Mapping[str, SupplySignals]
    shortages: Sequence[ListedShortage]
    leads: Sequence[SurveyLine]
    controls: Sequence[tuple[str, Control]]
    proposals: Mapping[ProposalStatus, int]


def gather(session: Session, *, report: QuarterlyReport) -> Gathered:
    """Read everything that a report says besides purchases."""
    quarter, until = Quarter(report.year, report.quarter), report.asked_at
    surveys = surveys_in(
        session,
        bureau_id=report.bureau_id,
        since=quarter.first_day,
        until=quarter.last_day,
    )
    ids = [one.id for one in surveys]
    orders = (quarter, report.region, until)
    return Gathered(
        makers=_rates(session, PurchaseOrder.organisation_id, *orders),
        distributors=_rates(session, PurchaseOrder.distributor_id, *orders),
        progress=_progress(session, quarter, report.region),
        turnout={one.month: turnout_of(session, survey_id=one.id) for one in surveys},
        signals=_named(session, signals_of(session, survey_ids=ids, until=until)),
        shortages=shortages_on(session, bureau_id=report.bureau_id, until=until),
        leads=leads_of(session, survey_ids=ids, until=until),
        controls=_controls(session, report, quarter),
        proposals=proposal_counts(session, bureau_id=report.bureau_id, until=until),
    )


def _rates(
    session: Session,
    firm: InstrumentedAttribute[int],
    quarter: Quarter,
    region: str,
    until: datetime,
) -> list[DeliveryRate]:
    """Delivery rates of a quarter's orders, those who delivered least first."""
    of_quarter = _of_quarter(quarter, region)
    limited = PurchaseOrder.due_at.is_not(None)
    packs = OrderLine.packs - OrderLine.cancelled_packs
    ordered = session.execute(
        select(
            firm,
            func.count(case((packs > 0, PurchaseOrder.hospital_id)).distinct()),
            func.sum(packs),
            func.coalesce(func.sum(packs).filter(limited), 0),
            # What was cancelled whole is part of no rate.
            func.count(case((limited & (packs > 0), PurchaseOrder.hospital_id)).distinct()),
        )
        .join(OrderLine, OrderLine.order_id == PurchaseOrder.id)
        .where(*of_quarter)
        .group_by(firm)
    ).all()
    accepted = _accepted(session, firm, of_quarter, until)
    names = organisation_names(session, [row[0] for row in ordered])
    rates = [
        DeliveryRate(
            names[one],
            int(hospitals),
            int(total or 0),
            accepted.get(one, (0, 0))[0],
            accepted.get(one, (0, 0))[1],
            int(with_limit),
            int(limiting),
        )
        for one, hospitals, total, with_limit, limiting in ordered
    ]
    return sorted(rates, key=lambda one: (one.rate is None, one.rate or Fraction(0), one.name))


def _accepted(
    session: Session,
    firm: InstrumentedAttribute[int],
    of_quarter: Sequence[ColumnElement[bool]],
    until: datetime,
) -> dict[int, tuple[int, int]]:
    """Packs that hospitals accepted, and those that came in time, by firm."""
    in_time = Receipt.accepted_at <= PurchaseOrder.due_at
    return {
        int(one): (int(all_), int(soon))
        for one, all_, soon in session.execute(
            select(
                firm,
                func.sum(ReceiptLine.accepted_packs),
                func.coalesce(func.sum(ReceiptLine.accepted_packs).filter(in_time), 0),
            )
            .join(OrderLine, OrderLine.order_id == PurchaseOrder.id)
            .join(DeliveryLine, DeliveryLine.order_line_id == OrderLine.id)
            .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
            .join(Receipt, Receipt.delivery_id == Delivery.id)
            .join(ReceiptLine, ReceiptLine.delivery_line_id == DeliveryLine.id)
            .where(*of_quarter, Receipt.accepted_at <= until)
            .group_by(firm)
        )
    }


def _of_quarter(quarter: Quarter, region: str) -> list[ColumnElement[bool]]:
    """The condition on orders that they were placed in the quarter, by days in China."""
    since = first_moment(quarter.first_day)
    before = first_moment(quarter.last_day + timedelta(days=1))
    return [
        PurchaseOrder.placed_at >= since,
        PurchaseOrder.placed_at < before,
        PurchaseOrder.status.not_in(_NEVER_ORDERED),
        PurchaseOrder.region.startswith(region_prefix(region), autoescape=True),
    ]


def _progress(session: Session, quarter: Quarter, region: str) -> list[RoundProgress]:
    """The terms that ran in the quarter, measured at its end, where something was agreed."""
    terms = session.execute(
        select(AgreementTerm, Round)
        .join(Round, Round.id == AgreementTerm.round_id)
        .where(AgreementTerm.starts_on <= quarter.last_day)
        .where(AgreementTerm.ends_on >= quarter.first_day)
        .where(AgreementTerm.status == TermStatus.DONE)
        .order_by(AgreementTerm.starts_on, AgreementTerm.id)
    ).all()
    found = []
    for term, round_ in terms:
        scope = Scope(term=term, day=quarter.last_day, region=region)
        row = progress_in_all(session, scope=scope)
        if row.progress.agreed or row.progress.received:
            parts = [one.progress for one in progress_of(session, scope=scope, by=By.HOSPITAL)]
            agreeing = sum(one.agreed > 0 for one in parts)
            receiving = sum(one.received != 0 for one in parts)
            found.append(RoundProgress(round_.name, term.number, row, agreeing, receiving))
    return found


def _named(session: Session, signals: Mapping[int, SupplySignals]) -> dict[str, SupplySignals]:
    found: dict[str, SupplySignals] = {}
    ids = sorted(signals)
    for start in range(0, len(ids), _KEYS_AT_ONCE):
        generics = select(GenericProduct).where(
            GenericProduct.id.in_(ids[start : start + _KEYS_AT_ONCE])
        )
        for one in session.scalars(generics):
            found[generic_title(one)] = signals[one.id]
    return found


def generic_title(generic: GenericProduct) -> str:
    """Return how a generic product is called in lists: its name and its form."""
    return " · ".join(filter(None, (generic.name, generic.printed_form)))


def _controls(
    session: Session, report: QuarterlyReport, quarter: Quarter
) -> list[tuple[str, Control]]:
    lists = lists_in_force(session, bureau_id=report.bureau_id, day=quarter.last_day)
    return [
        (
            one.title,
            control_of(session, found=one, region=report.region, day=quarter.last_day),
        )
        for one in lists
        if one.kind == ListKind.MONITORING and one.imported_at <= report.asked_at
    ]


def organisation_names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the names of organisations by id."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), _KEYS_AT_ONCE):
        named = select(Organisation.id, Organisation.name).where(
            Organisation.id.in_(ids[start : start + _KEYS_AT_ONCE])
        )
        found |= {int(one): name for one, name in session.execute(named)}
    return found


def names_by_code(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of organisations by credit code, as purchase lines name makers."""
    wanted, found = sorted(set(codes)), dict[str, str]()
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        found |= {str(code): name for code, name in session.execute(_by_code(wanted, start))}
    return found


def _by_code(wanted: Sequence[str], start: int) -> Select[*tuple[Any, ...]]:
    return select(Organisation.credit_code, Organisation.name).where(
        Organisation.credit_code.in_(wanted[start : start + _KEYS_AT_ONCE])
    )
