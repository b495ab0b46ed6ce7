"""What pages of payments show of a side: books, a prepayment, a file for the bank, an objection."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret
from procurement.agreements.tables import AgreementTerm
from procurement.database import database_moment, transaction
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.bank_file.tables import BankFile, BankFormat
from procurement.payments.instructions import Draft, draft_instruction
from procurement.payments.ledger import NewPosting, post
from procurement.payments.rules.events import Event, Sources, fund_owes
from procurement.payments.states import (
    ClaimStatus,
    InstructionKind,
    ObjectionStatus,
    PrepaymentWay,
)
from procurement.payments.tables import ClaimObjection, LedgerAccount, Prepayment
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round
from tests.procurement.app.cells.sides import Side
from tests.procurement.platform import KEY


def bank_goods(engine: Engine, side: Side) -> None:
    """Give a side what its pages of payments lead to; after `settle_goods` and agreements."""
    with transaction(engine) as session:
        posting, account = _books(session, side)
        side.things |= {
            "posting_id": posting,
            "ledger_account_id": account,
            "bank_file": _bank_file(session, side),
            "claim_objection": _objection(session, side),
            "prepayment_id": _prepayment(session, side),
        }


def _books(session: Session, side: Side) -> tuple[int, int]:
    agency, hospital = side.organisation_id(Role.FUND_AGENCY), side.organisation_id(Role.HOSPITAL)
    new = NewPosting(
        kind=Event.FUND_OWES,
        key=f"fund-payable/{agency}/{hospital}/x",
        subject="x",
        entries=fund_owes(agency, hospital, Fund.EMPLOYEE, Decimal(100)),
    )
    posting = post(session, new=new, actor=None, moment=database_moment(session))
    code = Account(AccountKind.OWED_BY_FUND, hospital, agency, Fund.EMPLOYEE).code
    return posting.id, session.query(LedgerAccount).filter_by(code=code).one().id


def _bank_file(session: Session, side: Side) -> int:
    number = f"B{side.organisation_id(Role.FUND_AGENCY)}-x"
    file = BankFile(
        number=number,
        agency_id=side.organisation_id(Role.FUND_AGENCY),
        bank_account_id=int(side.things[f"{Role.FUND_AGENCY}_account_id"]),
        format=BankFormat.CSV,
        pay_on=date(2026, 4, 1),
        transfers=0,
        total=Decimal(0),
        digest="0" * 64,
        content_sealed=seal_secret("x", key=KEY, purpose=f"bank-file {number}"),
        # Somebody else's, so that the agency's person is the second.
        exported_by=side.second_officer.id,
        exported_at=database_moment(session),
    )
    session.add(file)
    session.flush()
    return file.id


def _objection(session: Session, side: Side) -> int:
    objection = ClaimObjection(
        claim_id=int(side.things["claim_id"]),
        line_id=None,
        at_step=ClaimStatus.APPLIED,
        raised_by_id=side.organisation_id(Role.HOSPITAL),
        reason="x",
        raised_at=database_moment(session),
        status=ObjectionStatus.OPEN,
    )
    session.add(objection)
    session.flush()
    return objection.id


def _term(session: Session, side: Side) -> AgreementTerm:
    return (
        session.query(AgreementTerm)
        .join(Round, Round.id == AgreementTerm.round_id)
        .filter(Round.name == side.rounds["agreed"])
        .one()
    )


def _prepayment(session: Session, side: Side) -> int:
    agency, hospital = side.organisation_id(Role.FUND_AGENCY), side.organisation_id(Role.HOSPITAL)
    draft = Draft(
        kind=InstructionKind.PREPAYMENT,
        key=f"prepayment/{agency}/x",
        agency_id=agency,
        payee_id=hospital,
        hospital_id=hospital,
        subject="x",
        sources=Sources(employee=Decimal(1)),
    )
    actor = Actor(person_id=side.people[Role.FUND_AGENCY].id)
    moment = database_moment(session)
    instruction = draft_instruction(session, draft=draft, actor=actor, moment=moment)
    term = _term(session, side)
    prepayment = Prepayment(
        agency_id=agency,
        hospital_id=hospital,
        round_id=term.round_id,
        term_id=term.id,
        way=PrepaymentWay.HOSPITAL,
        fund=Fund.EMPLOYEE,
        agreed_amount=Decimal(3),
        ratio=Decimal("0.34"),
        amount=Decimal(1),
        rulebook="prepayment-national-2021",
        rulebook_digest="0" * 64,
        document="x",
        instruction_id=instruction.id,
        given_at=moment,
    )
    session.add(prepayment)
    session.flush()
    return prepayment.id
