"""What a line would do to the periods of its drug; nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault
from procurement.pharmacies.listed.kinds import ChangeKind, DrugState
from procurement.pharmacies.listed.periods import periods_of
from procurement.pharmacies.listed.rules.changes import change_between
from procurement.pharmacies.listed.rules.spans import OverlapError, Span, place
from procurement.pharmacies.listed.tables import ListedDrug, ListPeriod
from procurement.pharmacies.listed.terms import LineDraft, columns_of, span_of, terms_of


@dataclass(frozen=True, slots=True)
class Held:
    """A period as it stands, or as it would stand once a decision is undone.

    Attributes:
        span: Its days.
        row: The row with its terms.
    """

    span: Span
    row: ListPeriod


@dataclass(frozen=True, slots=True)
class Plan:
    """What a line does.

    Attributes:
        line: The line.
        kind: What it does to its drug; None where everything stays as it is.
        span: The days that it is about.
        before: The period that holds on its first day, if any.
        ends: The period that ends so that the new one begins.
        ends_on: Its last day then.
    """

    line: LineDraft
    kind: ChangeKind | None
    span: Span
    before: Held | None
    ends: Held | None
    ends_on: date | None


class PlanFaultError(Exception):
    """A line cannot be carried out.

    Attributes:
        fault: At which field, and why.
    """

    def __init__(self, fault: FieldFault) -> None:
        """Keep the fault."""
        super().__init__(fault.en)
        self.fault = fault


def drug_of_line(session: Session, *, region: str, line: LineDraft) -> ListedDrug | None:
    """Return the listed drug that a line is about, or None where it never was on the list."""
    return session.scalars(
        select(ListedDrug).where(
            ListedDrug.region == region,
            ListedDrug.generic_product_id == line.generic_product_id,
            ListedDrug.brand == line.brand,
        )
    ).one_or_none()


def held_of(session: Session, *, drug: ListedDrug | None) -> list[Held]:
    """Return the periods of a drug as they stand."""
    if drug is None:
        return []
    return [Held(span_of(row), row) for row in periods_of(session, listed_drug_id=drug.id)]


def rows_of_decision(session: Session, *, drug: ListedDrug, decision_id: int) -> list[ListPeriod]:
    """Return what a decision wrote about a drug, the newest row first."""
    return list(
        session.scalars(
            select(ListPeriod)
            .where(ListPeriod.listed_drug_id == drug.id, ListPeriod.decision_id == decision_id)
            .order_by(ListPeriod.id.desc())
        )
    )


def undone(session: Session, *, held: Sequence[Held], rows: Sequence[ListPeriod]) -> list[Held]:
    """Return the periods as if a decision had not been.

    Args:
        session: Any session.
        held: As they stand.
        rows: What the decision wrote; every row that no other row of it replaces still stands.
    """
    gone = {row.id for row in rows}
    kept = [one for one in held if one.row.id not in gone]
    for row in rows:
        if row.replaces_id is None or row.replaces_id in gone:
            continue
        before = session.get_one(ListPeriod, row.replaces_id)
        if not before.is_void:
            kept.append(Held(span_of(before), before))
    return kept


def plan_line(line: LineDraft, *, in_force_from: date, held: Sequence[Held]) -> Plan:
    """Say what a line does to the periods of its drug.

    Args:
        line: The line.
        in_force_from: From which day the decision holds.
        held: The drug's periods.

    Raises:
        PlanFaultError: It overlaps a period that it may not end, or takes off what is not on.
    """
    span = line.span(in_force_from)
    before = next((one for one in held if one.span.covers(span.starts_on)), None)
    state = None if before is None else DrugState(before.row.state)
    after = None if line.terms is None else line.terms.state
    kind = change_between(state, after)
    if kind is None:
        raise PlanFaultError(
            FieldFault(
                "state",
                f"{span.starts_on} 不在名单上，无可调出。",
                f"It is not on the list on {span.starts_on}: nothing can be taken off.",
            )
        )
    # The same terms again, and no other last day: an import of the whole list repeats most of it.
    if before is not None and line.terms == terms_of(before.row) and _same_end(line, before):
        return Plan(line, None, span, before, None, None)
    ends, ends_on = _cut(span, held, cuts=line.starts_on is None)
    return Plan(line, kind, span, before, ends, ends_on)


def after_plan(held: Sequence[Held], plan: Plan) -> list[Held]:
    """Return the periods of a drug as they would stand after a line; nothing is stored."""
    if plan.kind is None:
        return list(held)
    found = [one for one in held if one is not plan.ends]
    if plan.ends is not None:
        found.append(Held(Span(plan.ends.span.starts_on, plan.ends_on), plan.ends.row))
    if plan.line.terms is not None:
        found.append(Held(plan.span, ListPeriod(**columns_of(plan.line.terms))))
    return found


def _same_end(line: LineDraft, before: Held) -> bool:
    return line.ends_on is None or line.ends_on == before.span.ends_on


def _cut(span: Span, held: Sequence[Held], *, cuts: bool) -> tuple[Held | None, date | None]:
    try:
        found = place(span, [one.span for one in held], cuts=cuts)
    except OverlapError as overlap:
        raise PlanFaultError(_overlapping(_met(held, overlap), overlap)) from None
    if found is None:
        return None, None
    was, becomes = found
    return next(one for one in held if one.span == was), becomes.ends_on


def _met(held: Sequence[Held], overlap: OverlapError) -> Held:
    return next(one for one in held if one.span == overlap.held)


def _overlapping(met: Held, overlap: OverlapError) -> FieldFault:
    zh = f"与已有期间 {days_zh(met.span)}重叠；新期间为 {days_zh(overlap.new)}"
    en = f"overlaps the period {days_en(met.span)}; the new one is {days_en(overlap.new)}"
    if met.span.starts_on == overlap.new.starts_on:
        zh, en = f"{zh}。同日开始的，请更正原决定", f"{en}. Both begin that day: correct the other"
    return FieldFault("starts_on", f"{zh}。", f"{en[0].upper()}{en[1:]}.")


def days_zh(span: Span) -> str:
    """Name the days of a period in Chinese.

    Examples:
        >>> days_zh(Span(date(2022, 5, 1)))
        '2022-05-01 起'
    """
    return f"{span.starts_on} 起" if span.ends_on is None else f"{span.starts_on} 至 {span.ends_on}"


def days_en(span: Span) -> str:
    """Name the days of a period in English."""
    if span.ends_on is None:
        return f"from {span.starts_on}"
    return f"{span.starts_on} to {span.ends_on}"
