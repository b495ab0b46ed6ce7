"""Objections of hospitals to their statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.permissions import NotFoundForActorError
from procurement.savings.tables import HospitalStatement, SavingsSettlement, StatementObjection


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection in the list of a settlement.

    Attributes:
        objection: The row.
        statement: The version that it is about.
        hospital: Name of the hospital.
    """

    objection: StatementObjection
    statement: HospitalStatement
    hospital: str


def objections_to(session: Session, *, statement_id: int) -> tuple[StatementObjection, ...]:
    """Return the objections to one version of a statement, oldest first."""
    own = StatementObjection.statement_id == statement_id
    rows = session.scalars(select(StatementObjection).where(own).order_by(StatementObjection.id))
    return tuple(rows)


def objections_of(
    session: Session, *, settlement: SavingsSettlement, hospital_id: int | None = None
) -> Sequence[ObjectionView]:
    """Return the objections of a settlement, or of one hospital; the newest first."""
    wanted = (
        select(StatementObjection, HospitalStatement, Organisation.name)
        .join(HospitalStatement, HospitalStatement.id == StatementObjection.statement_id)
        .join(Organisation, Organisation.id == HospitalStatement.hospital_id)
        .where(HospitalStatement.settlement_id == settlement.id)
        .order_by(StatementObjection.id.desc())
    )
    if hospital_id is not None:
        wanted = wanted.where(HospitalStatement.hospital_id == hospital_id)
    return [
        ObjectionView(objection, statement, hospital)
        for objection, statement, hospital in session.execute(wanted)
    ]


def objection_by_id(
    session: Session, *, settlement: SavingsSettlement, objection_id: int
) -> ObjectionView:
    """Return an objection.

    Raises:
        NotFoundForActorError: It is another settlement's.
    """
    for view in objections_of(session, settlement=settlement):
        if view.objection.id == objection_id:
            return view
    raise NotFoundForActorError
