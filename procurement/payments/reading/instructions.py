"""Instructions to pay and files for the bank: lists, and one with what the bank said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.payments.bank_accounts import accounts_of
from procurement.payments.bank_file.tables import (
    BankFile,
    BankFileDownload,
    BankFileLine,
    BankFileWithdrawal,
)
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.reading.settled import money_sum
from procurement.payments.states import AccountStatus, InstructionStatus
from procurement.payments.tables import (
    BankAccount,
    BankResult,
    BankResultFile,
    Claim,
    PaymentInstruction,
)
from procurement.permissions import NotFoundForActorError

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class InstructionSum:
    """How many instructions have a status, and their amount."""

    count: int
    amount: Decimal


def instructions_seen(
    scope: Scope, *, status: str = "", kind: str = ""
) -> Select[PaymentInstruction]:
    """Select instructions, the newest first: the agency's own, or those one is paid by."""
    row = PaymentInstruction
    statement = select(row).order_by(row.id.desc())
    if scope.side is Side.AGENCY:
        statement = statement.where(row.agency_id == scope.organisation_id)
    elif scope.side is Side.BUREAU:
        statement = statement.where(scope.sees_region(row.agency_id))
    elif scope.side is Side.HOSPITAL:
        statement = statement.where(row.hospital_id.in_(scope.organisations))
    else:
        statement = statement.where(row.payee_id == scope.organisation_id)
    if status:
        statement = statement.where(row.status == status)
    if kind:
        statement = statement.where(row.kind == kind)
    return statement


def sums_by_status(session: Session, *, scope: Scope) -> Mapping[InstructionStatus, InstructionSum]:
    """Count and sum up instructions by status; each status is there."""
    inner = instructions_seen(scope).order_by(None).subquery()
    rows = session.execute(
        select(inner.c.status, func.count(), money_sum(inner.c.amount)).group_by(inner.c.status)
    )
    found = {str(status): InstructionSum(count, amount) for status, count, amount in rows}
    nothing = InstructionSum(0, Decimal(0))
    return {status: found.get(status.value, nothing) for status in InstructionStatus}


def exportable(session: Session, *, agency_id: int) -> Sequence[PaymentInstruction]:
    """Return what an agency has confirmed and not taken to its bank, oldest first."""
    return session.scalars(
        select(PaymentInstruction)
        .where(
            PaymentInstruction.agency_id == agency_id,
            PaymentInstruction.status == InstructionStatus.CONFIRMED,
        )
        .order_by(PaymentInstruction.id)
    ).all()


def people_named(session: Session, ids: Sequence[int | None]) -> Mapping[int, str]:
    """Return the names of people."""
    rows = session.execute(
        select(Person.id, Person.name).where(Person.id.in_({one for one in ids if one}))
    )
    return {one: name for one, name in rows}


def results_of(
    session: Session, *, instruction: PaymentInstruction
) -> Sequence[tuple[BankResult, BankResultFile]]:
    """Return what the bank said of an instruction, in order."""
    rows = session.execute(
        select(BankResult, BankResultFile)
        .join(BankResultFile, BankResultFile.id == BankResult.file_id)
        .where(BankResult.instruction_id == instruction.id)
        .order_by(BankResult.id)
    )
    return [(result, file) for result, file in rows]


def files_holding(session: Session, *, instruction: PaymentInstruction) -> Sequence[BankFile]:
    """Return the files in which an instruction went to the bank, in order."""
    return session.scalars(
        select(BankFile)
        .join(BankFileLine, BankFileLine.file_id == BankFile.id)
        .where(BankFileLine.instruction_id == instruction.id)
        .order_by(BankFile.id)
    ).all()


def bank_files_seen(scope: Scope) -> Select[BankFile]:
    """Select files for the bank, the newest first: the agency's own, or a region's."""
    statement = select(BankFile).order_by(BankFile.id.desc())
    if scope.side is Side.BUREAU:
        return statement.where(scope.sees_region(BankFile.agency_id))
    return statement.where(BankFile.agency_id == scope.organisation_id)


def result_files_seen(scope: Scope) -> Select[BankResultFile]:
    """Select the bank's answers, the newest first."""
    statement = select(BankResultFile).order_by(BankResultFile.id.desc())
    if scope.side is Side.BUREAU:
        return statement.where(scope.sees_region(BankResultFile.agency_id))
    return statement.where(BankResultFile.agency_id == scope.organisation_id)


def instructions_in(session: Session, *, file: BankFile) -> Sequence[PaymentInstruction]:
    """Return the instructions of a file, in its order."""
    return session.scalars(
        select(PaymentInstruction)
        .join(BankFileLine, BankFileLine.instruction_id == PaymentInstruction.id)
        .where(BankFileLine.file_id == file.id)
        .order_by(BankFileLine.id)
    ).all()


def sent_in(session: Session, *, file: BankFile) -> Mapping[int, str]:
    """Return under which number each instruction of a file stands in it."""
    rows = session.execute(
        select(BankFileLine.instruction_id, BankFileLine.sent_as).where(
            BankFileLine.file_id == file.id
        )
    )
    return {one: number for one, number in rows}


def withdrawn_among(session: Session, *, files: Sequence[BankFile]) -> frozenset[int]:
    """Return the ids of those files that were withdrawn."""
    wanted = [one.id for one in files]
    return frozenset(
        session.scalars(
            select(BankFileWithdrawal.file_id).where(BankFileWithdrawal.file_id.in_(wanted))
        )
    )


def downloads_of(session: Session, *, file: BankFile) -> Sequence[tuple[BankFileDownload, str]]:
    """Return who was given a file, in order."""
    rows = session.execute(
        select(BankFileDownload, Person.name)
        .outerjoin(Person, Person.id == BankFileDownload.person_id)
        .where(BankFileDownload.file_id == file.id)
        .order_by(BankFileDownload.id)
    )
    return [(download, name or "") for download, name in rows]


def confirmed_accounts(session: Session, *, organisation_id: int) -> Sequence[BankAccount]:
    """Return the accounts of an organisation that money may move through, the newest first."""
    rows = accounts_of(session, organisation_id=organisation_id)
    return [one for one in rows if one.status == AccountStatus.CONFIRMED]


def find_instruction(session: Session, *, scope: Scope, instruction_id: int) -> PaymentInstruction:
    """Return an instruction that is seen.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's to see.
    """
    wanted = instructions_seen(scope).where(PaymentInstruction.id == instruction_id)
    return _one(session.scalars(wanted).one_or_none())


def find_bank_file(session: Session, *, scope: Scope, file_id: int) -> BankFile:
    """Return a file for the bank that is seen.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's to see.
    """
    return _one(session.scalars(bank_files_seen(scope).where(BankFile.id == file_id)).one_or_none())


def find_account(session: Session, *, organisation_id: int, account_id: int) -> BankAccount:
    """Return a bank account of an organisation.

    Raises:
        NotFoundForActorError: There is none, or it is another's.
    """
    rows = accounts_of(session, organisation_id=organisation_id)
    return _one(next((one for one in rows if one.id == account_id), None))


def _one(found: _Row | None) -> _Row:
    if found is None:
        raise NotFoundForActorError
    return found


def instruction_of(session: Session, *, claim: Claim) -> PaymentInstruction | None:
    """Return the instruction that pays a claim, once there is one."""
    return (
        None
        if claim.instruction_id is None
        else session.get(PaymentInstruction, claim.instruction_id)
    )
