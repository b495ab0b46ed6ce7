"""How soon hospitals of a region bring a listed drug in, as bureaus set it with its basis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.designation.fields import document_faults, span_faults
from procurement.pharmacies.designation.tables import DutyTerm
from procurement.pharmacies.listed.service import lists_above
from rulebooks import Rulebook, load_rulebook, rulebook_ids

MONTHS_MAX = 60
DUTY_MONTHS = "duty.months_max"


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A time limit as an officer sets it.

    Attributes:
        region: Division code; hospitals in it fall under it.
        months: From the first day of the drug on the list; None where the rulebook says it.
        starts_on: Drugs listed from this day on.
        basis: The document that states it; empty where the rulebook does.
        rulebook: Its id; empty where the region has a basis of its own.
    """

    region: str
    months: int | None
    starts_on: date | None
    basis: str = ""
    rulebook: str = ""


def duty_rulebooks() -> tuple[Rulebook, ...]:
    """Return the documents that surely state how soon hospitals bring listed drugs in."""
    books = (load_rulebook(one) for one in rulebook_ids() if one.startswith("dual-"))
    return tuple(
        book for book in books if DUTY_MONTHS in book.rules and book.rules[DUTY_MONTHS].verified
    )


def set_term(session: Session, *, new: NewTerm, actor: Actor, moment: datetime) -> DutyTerm:
    """Set how soon hospitals of a region bring listed drugs in; the newest counts.

    Duties that exist already keep the term that they were made under.

    Raises:
        InvalidInputError: With every fault; a term without rulebook needs months and a basis.
    """
    stated = next((one for one in duty_rulebooks() if one.id == new.rulebook), None)
    months, basis = new.months, new.basis.strip()
    faults = span_faults(new.starts_on, None, names=("starts_on", "starts_on"))
    if new.rulebook and stated is None:
        zh, en = "该规则书没有写明期限。", "This rulebook does not state it."
        faults.append(FieldFault("rulebook", zh, en))
    if stated is not None:
        value = stated.rules[DUTY_MONTHS].value
        months = value if isinstance(value, int) else None
        basis = basis or stated.title.zh
    if not is_division(new.region):
        faults.append(FieldFault("region", "须为 6 位行政区划代码。", "Expected 6 digits."))
    if months is None or not 1 <= months <= MONTHS_MAX:
        zh = f"须为 1 至 {MONTHS_MAX} 的月数。"
        faults.append(FieldFault("months", zh, f"Expected 1 to {MONTHS_MAX} months."))
    faults += document_faults(basis, field="basis")
    if faults or months is None:
        raise InvalidInputError(faults)
    row = DutyTerm(
        region=new.region,
        months=months,
        rulebook=new.rulebook if stated is not None else "",
        basis=basis,
        starts_on=new.starts_on,
        set_by=actor.person_id,
        set_at=moment,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="set-duty-term",
        subject=f"duty-term/{row.id}",
        facts={
            "region": row.region,
            "months": str(row.months),
            "basis": row.basis,
            "from": str(row.starts_on),
        },
        moment=moment,
    )
    return row


def terms_in(session: Session, *, region: str) -> Sequence[DutyTerm]:
    """Return the terms set for a region and those around it, the newest first."""
    own = select(DutyTerm).where(DutyTerm.region.in_((*lists_above(region), "000000")))
    return session.scalars(own.order_by(DutyTerm.id.desc())).all()


def term_for(terms: Sequence[DutyTerm], *, county: str, listed_on: date) -> DutyTerm | None:
    """Return the term of a drug: of the nearest region, the newest that covers its first day.

    Args:
        terms: As `terms_in` returns them, the newest first.
        county: Of the hospital.
        listed_on: First day of the drug on the list.
    """
    for region in (*lists_above(county), "000000"):
        for term in terms:
            if term.region == region and term.starts_on <= listed_on:
                return term
    return None
