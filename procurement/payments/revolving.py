"""Revolving money for hospitals, by their agreement and credit grade (预付周转金).

How much, and at which grades, no source states: whoever gives it names the document and its limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.credit_rating.grades import Grade, grade_of
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.errors import AmountUnexpectedError, GradeBarredError
from procurement.payments.instructions import Draft, draft_instruction, instruction_with
from procurement.payments.ledger import NewPosting, balance, post, posting_with
from procurement.payments.ledger_tables import LedgerPosting
from procurement.payments.prepaying_tables import DOCUMENT_LENGTH_MAX, RevolvingAdvance
from procurement.payments.rules.events import (
    Event,
    of_fund,
    revolving_cleared,
    revolving_repaid,
)
from procurement.payments.rules.ledger import KeyReusedError
from procurement.payments.stated import PREPAYMENT, needed, stated_rules
from procurement.payments.states import InstructionKind
from procurement.permissions import Actor

AGREEMENT_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RevolvingGiven:
    """Revolving money to be given.

    Attributes:
        agency_id: By which agency.
        hospital_id: To which hospital.
        agreement: Number of the hospital's service agreement.
        amount: Yuan.
        document: On what it rests; given once by each.
        rulebook: Id of a rulebook of the kind ``prepayment`` that knows revolving money.
        parameters: ``revolving.limit`` (yuan), ``revolving.grades`` and ``prepay.fund``, as far as
            the rulebook leaves them open.
    """

    agency_id: int
    hospital_id: int
    agreement: str
    amount: Decimal
    document: str
    rulebook: str
    parameters: Mapping[str, object] = field(default_factory=dict)


def give_revolving(
    session: Session, *, given: RevolvingGiven, actor: Actor, moment: datetime
) -> RevolvingAdvance:
    """Draft revolving money for a hospital; another person confirms the instruction.

    Raises:
        InvalidInputError: No agreement or document, no such rulebook, a wrong parameter.
        RuleMissingError: The limit, the grades or the fund: no source states it and nobody gave it.
        GradeBarredError: The hospital's credit grade is not among those that get it.
        AmountUnexpectedError: It is more than the limit, with what the hospital holds.
        KeyReusedError: Something was given by this document already.
    """
    _check(given)
    hospital = session.get_one(Organisation, given.hospital_id)
    grade = grade_of(
        session,
        organisation_id=hospital.id,
        region=hospital.region,
        on_date=day_in_china(moment),
    )
    limit, fund = _terms(session, given, grade)
    key = f"revolving/{given.agency_id}/{hospital.id}/{given.document.strip()}"[:130]
    if instruction_with(session, key=key) is not None:
        raise KeyReusedError(key)
    draft = Draft(
        kind=InstructionKind.REVOLVING,
        key=key,
        agency_id=given.agency_id,
        payee_id=hospital.id,
        hospital_id=hospital.id,
        subject=f"organisation/{hospital.id}",
        sources=of_fund(fund, given.amount),
    )
    instruction = draft_instruction(session, draft=draft, actor=actor, moment=moment)
    advance = RevolvingAdvance(
        agency_id=given.agency_id,
        hospital_id=hospital.id,
        agreement=given.agreement.strip(),
        credit_grade=grade.word.value,
        fund=fund,
        limit_amount=limit,
        amount=given.amount,
        document=given.document.strip(),
        instruction_id=instruction.id,
        decided_by=actor.person_id,
        decided_at=moment,
    )
    session.add(advance)
    session.flush()
    record(
        session,
        actor=actor,
        action="give-revolving-money",
        subject=f"organisation/{hospital.id}",
        facts={"agreement": advance.agreement, "grade": advance.credit_grade},
        moment=moment,
    )
    return advance


def _terms(session: Session, given: RevolvingGiven, grade: Grade) -> tuple[Decimal, Fund]:
    """The limit and the fund, if the grade is one that gets it and the amount keeps the limit."""
    rules = stated_rules(given.rulebook, given.parameters, kind=PREPAYMENT)
    limit = needed(lambda: rules.decimal("revolving.limit"))
    grades = needed(lambda: rules.required("revolving.grades"))
    fund = Fund(needed(lambda: rules.word("prepay.fund")))
    if isinstance(grades, tuple) and grade.word.value not in grades:
        raise GradeBarredError(grade.zh, grade.en)
    held = revolving_held(session, agency_id=given.agency_id, hospital_id=given.hospital_id)
    if not 0 < given.amount <= limit - held:
        raise AmountUnexpectedError(given.amount, f"0 < … ≤ {limit - held}")
    return limit, fund


def revolving_held(session: Session, *, agency_id: int, hospital_id: int) -> Decimal:
    """Return the revolving money that a hospital holds of an agency."""
    return balance(session, account=Account(AccountKind.REVOLVING, agency_id, hospital_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class RevolvingBack:
    """Revolving money that goes back.

    Attributes:
        agency_id: To which agency.
        hospital_id: From which hospital.
        fund: Into which fund, or the debt of which fund.
        amount: Yuan.
        document: Number of the voucher or sheet; done once by each.
        by_offset: Set off against what the fund owes the hospital; else paid by the hospital.
    """

    agency_id: int
    hospital_id: int
    fund: Fund
    amount: Decimal
    document: str
    by_offset: bool


def take_revolving_back(
    session: Session, *, back: RevolvingBack, actor: Actor, moment: datetime
) -> LedgerPosting:
    """Post that revolving money went back, by offset or as paid by the hospital.

    Raises:
        AmountUnexpectedError: It is not above zero.
        OverdrawnError: The hospital holds less, or the fund owes it less.
        KeyReusedError: Another amount was posted by the document.
    """
    if back.amount <= 0:
        raise AmountUnexpectedError(back.amount, "> 0")
    agency, hospital = back.agency_id, back.hospital_id
    entries = (
        revolving_cleared(agency, hospital, of_fund(back.fund, back.amount))
        if back.by_offset
        else revolving_repaid(agency, hospital, back.fund, back.amount)
    )
    new = NewPosting(
        kind=Event.REVOLVING_CLEARED if back.by_offset else Event.REVOLVING_REPAID,
        key=f"revolving-back/{agency}/{hospital}/{back.document.strip()}"[:150],
        subject=f"organisation/{hospital}",
        entries=entries,
        memo=back.document.strip()[:DOCUMENT_LENGTH_MAX],
    )
    known = posting_with(session, key=new.key)
    posting = post(session, new=new, actor=actor, moment=moment)
    if known is None:
        record(
            session,
            actor=actor,
            action="take-revolving-money-back",
            subject=new.subject,
            facts={"event": new.kind.value, "document": new.memo, "posting": str(posting.id)},
            moment=moment,
        )
    return posting


def _check(given: RevolvingGiven) -> None:
    faults: list[FieldFault] = []
    if not 0 < len(given.document.strip()) <= DOCUMENT_LENGTH_MAX:
        faults.append(FieldFault("document", "须写明依据。", "Expected what it rests on."))
    if not 0 < len(given.agreement.strip()) <= AGREEMENT_LENGTH_MAX:
        faults.append(
            FieldFault("agreement", "须填写医保协议编号。", "Expected the agreement's number.")
        )
    if faults:
        raise InvalidInputError(faults)
