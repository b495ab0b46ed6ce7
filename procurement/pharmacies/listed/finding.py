"""Looking decisions and imports up for pages and interface."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, Person
from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.listed.kinds import DecisionStatus
from procurement.pharmacies.listed.tables import ListDecision, ListDecisionLine, ListedDrug
from procurement.pharmacies.listed.terms import LineDraft


def decisions_of(*, bureau_id: int, status: DecisionStatus | None = None) -> Select[ListDecision]:
    """Select the decisions of a bureau, the newest first; for a page of them."""
    wanted = select(ListDecision).where(ListDecision.bureau_id == bureau_id)
    if status is not None:
        wanted = wanted.where(ListDecision.status == status)
    return wanted.order_by(ListDecision.id.desc())


def decision_by_number(session: Session, *, number: str) -> ListDecision | None:
    """Return the decision with a number, or None."""
    return session.scalars(select(ListDecision).where(ListDecision.number == number)).one_or_none()


def decision_by_id(session: Session, *, decision_id: int) -> ListDecision | None:
    """Return a decision, or None."""
    return session.get(ListDecision, decision_id)


def published_notices(region: str | None, *, day: date) -> Select[ListDecision]:
    """Select the decisions whose notices anybody may read on a day, the newest first."""
    wanted = select(ListDecision).where(
        ListDecision.status == DecisionStatus.CONFIRMED, ListDecision.public_from <= day
    )
    if region is not None:
        wanted = wanted.where(ListDecision.region == region)
    return wanted.order_by(ListDecision.in_force_from.desc(), ListDecision.id.desc())


def is_published(decision: ListDecision, *, day: date) -> bool:
    """Whether anybody may read a decision's notice on a day."""
    return decision.status == DecisionStatus.CONFIRMED and decision.public_from <= day


def generics_of(
    session: Session, lines: Iterable[ListDecisionLine | LineDraft]
) -> dict[int, GenericProduct]:
    """Return the generic products of lines, drafted or decided, by id."""
    wanted = {line.generic_product_id for line in lines}
    rows = session.scalars(select(GenericProduct).where(GenericProduct.id.in_(wanted)))
    return {row.id: row for row in rows}


def people_of(session: Session, ids: Iterable[int | None]) -> Mapping[int, str]:
    """Return names of persons, by id; for officers of the same bureau only."""
    wanted = {one for one in ids if one is not None}
    return {
        one.id: one.name for one in session.scalars(select(Person).where(Person.id.in_(wanted)))
    }


def bureau_of(session: Session, *, bureau_id: int) -> Organisation:
    """Return the bureau that decided."""
    return session.get_one(Organisation, bureau_id)


def drugs_of_lines(
    session: Session, *, region: str, lines: Sequence[ListDecisionLine]
) -> Mapping[tuple[int, str], int]:
    """Return ids of listed drugs by generic product and brand, where they are on a list."""
    wanted = {line.generic_product_id for line in lines}
    rows = session.scalars(
        select(ListedDrug).where(
            ListedDrug.region == region, ListedDrug.generic_product_id.in_(wanted)
        )
    )
    return {(row.generic_product_id, row.brand): row.id for row in rows}
