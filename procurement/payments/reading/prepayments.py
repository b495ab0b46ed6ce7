"""Prepayments of rounds and revolving money, with what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from procurement.accounts.tables import Organisation
from procurement.agreements.states import AgreementStatus
from procurement.agreements.tables import Agreement, AgreementTerm
from procurement.payments.reading.scope import Scope
from procurement.payments.tables import (
    PaymentInstruction,
    Prepayment,
    PrepaymentPass,
    RevolvingAdvance,
)
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Round


@dataclass(frozen=True, slots=True)
class PrepaymentShown:
    """A prepayment with its round, its parties, its instruction and how it was passed on."""

    prepayment: Prepayment
    round: Round
    hospital: str
    seller: str
    instruction: PaymentInstruction
    passes: tuple[PrepaymentPass, ...]


@dataclass(frozen=True, slots=True)
class RevolvingShown:
    """Revolving money with its hospital and instruction."""

    advance: RevolvingAdvance
    hospital: str
    instruction: PaymentInstruction


def prepayments_seen(session: Session, *, scope: Scope) -> Sequence[PrepaymentShown]:
    """Return prepayments, the newest first; to a company those that concern it."""
    seller = aliased(Organisation)
    rows = session.execute(
        select(Prepayment, Round, Organisation.name, seller.name, PaymentInstruction)
        .join(Round, Round.id == Prepayment.round_id)
        .join(Organisation, Organisation.id == Prepayment.hospital_id)
        .outerjoin(seller, seller.id == Prepayment.seller_id)
        .join(PaymentInstruction, PaymentInstruction.id == Prepayment.instruction_id)
        .where(scope.sees(Prepayment.hospital_id, Prepayment.seller_id))
        .order_by(Prepayment.id.desc())
    ).all()
    passes: dict[int, list[PrepaymentPass]] = {}
    ids = [row[0].id for row in rows]
    for one in session.scalars(
        select(PrepaymentPass)
        .where(PrepaymentPass.prepayment_id.in_(ids))
        .order_by(PrepaymentPass.id)
    ):
        passes.setdefault(one.prepayment_id, []).append(one)
    return [
        PrepaymentShown(row, round_, hospital, name or "", paid, tuple(passes.get(row.id, ())))
        for row, round_, hospital, name, paid in rows
    ]


def revolving_seen(session: Session, *, scope: Scope) -> Sequence[RevolvingShown]:
    """Return revolving money, the newest first; it is no company's concern."""
    rows = session.execute(
        select(RevolvingAdvance, Organisation.name, PaymentInstruction)
        .join(Organisation, Organisation.id == RevolvingAdvance.hospital_id)
        .join(PaymentInstruction, PaymentInstruction.id == RevolvingAdvance.instruction_id)
        .where(scope.sees(RevolvingAdvance.hospital_id))
        .order_by(RevolvingAdvance.id.desc())
    )
    return [RevolvingShown(row, hospital, paid) for row, hospital, paid in rows]


def terms_offered(session: Session, *, scope: Scope) -> Sequence[tuple[AgreementTerm, Round]]:
    """Return the terms in which hospitals of the region signed agreements, the newest first."""
    signed = select(Agreement.term_id).where(
        Agreement.status == AgreementStatus.SIGNED, scope.sees(Agreement.hospital_id)
    )
    rows = session.execute(
        select(AgreementTerm, Round)
        .join(Round, Round.id == AgreementTerm.round_id)
        .where(AgreementTerm.id.in_(signed))
        .order_by(AgreementTerm.id.desc())
    )
    return [(term, round_) for term, round_ in rows]


def distributors_offered(session: Session, *, scope: Scope) -> Sequence[Organisation]:
    """Return the distributors of signed agreements of hospitals in the region, by name."""
    chosen = select(Agreement.distributor_id).where(
        Agreement.status == AgreementStatus.SIGNED, scope.sees(Agreement.hospital_id)
    )
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(chosen)).order_by(Organisation.name)
    ).all()


def find_prepayment(session: Session, *, scope: Scope, prepayment_id: int) -> PrepaymentShown:
    """Return a prepayment that is seen.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's to see.
    """
    for one in prepayments_seen(session, scope=scope):
        if one.prepayment.id == prepayment_id:
            return one
    raise NotFoundForActorError


def suppliers_of(session: Session, *, prepayment: Prepayment) -> Sequence[Organisation]:
    """Return distributors and makers of the agreements that a prepayment is for, by name."""
    agreements = (Agreement.term_id == prepayment.term_id) & (
        Agreement.hospital_id == prepayment.hospital_id
    )
    ids = (
        select(Agreement.distributor_id)
        .where(agreements)
        .union(select(Agreement.organisation_id).where(agreements))
    )
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    ).all()
