"""Writing confirmed instructions into a file for the bank: once, and given out again on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.secret_values import seal_secret, unseal_secret
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.bank_file.checking import check_accounts
from procurement.payments.bank_file.content import BankFileContent
from procurement.payments.bank_file.csv_file import write_csv
from procurement.payments.bank_file.gathering import content_of
from procurement.payments.bank_file.pain_001 import write_pain_001
from procurement.payments.bank_file.tables import (
    BankFile,
    BankFileDownload,
    BankFileLine,
    BankFormat,
)
from procurement.payments.bank_file.withdrawing import WithdrawnError, withdrawal_of
from procurement.payments.instructions import mark_exported
from procurement.payments.states import AccountStatus, InstructionStatus
from procurement.payments.tables import BankAccount, PaymentInstruction
from procurement.permissions import Actor

TRANSFERS_MAX = 10_000
"""Transfers of one file; banks take no larger ones, and a person can still check it."""

_WRITERS = {BankFormat.CSV: write_csv, BankFormat.XML: write_pain_001}


class AlreadyExportedError(RefusedError):
    """Some of the instructions are not waiting to be taken to the bank, or not the agency's."""

    def __init__(self) -> None:
        """Say that nothing was done."""
        super().__init__(
            zh="所选指令中有的未经复核、已经导出或已作废；没有生成文件，请刷新后重新选择。",
            en="Some of these instructions are not confirmed, exported already, or cancelled. "
            "No file was made: load the page again and choose anew.",
        )


class HandedOutError(RefusedError):
    """A file was given out before, and nobody said that it is wanted again."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该文件已经下载过，银行可能已经收到。确需再次下载的，请勾选确认。",
            en="This file was handed out before, and the bank may have it. Tick the box if you "
            "need it again.",
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported.

    Attributes:
        instruction_ids: Which instructions, in the order of the file.
        account_id: Account from which it is paid.
        format: In which format.
        pay_on: Day on which the bank is to pay.
    """

    instruction_ids: Sequence[int]
    account_id: int
    format: BankFormat
    pay_on: date


def export_bank_file(
    session: Session, *, agency_id: int, wanted: Wanted, key: bytes, actor: Actor, moment: datetime
) -> BankFile:
    """Write instructions into a file for the bank, and mark them as exported.

    Args:
        session: Session of the caller's transaction.
        agency_id: The agency that pays.
        wanted: What is to be exported.
        key: The installation's secret key: account numbers and the file are sealed with it.
        actor: Who exports.
        moment: Now, aware.

    Returns:
        The file; `hand_out` gives its content.

    Raises:
        AlreadyExportedError: An instruction is not confirmed, or not the agency's.
        InvalidInputError: A bank could not carry it out, or an account that was confirmed with an
            instruction may not be paid to any more; with every fault.
    """
    account = _account(session, agency_id, wanted, moment)
    instructions = _mark_exported(session, agency_id, sorted(set(wanted.instruction_ids)), moment)
    check_accounts(session, instructions=instructions)
    content = content_of(
        session,
        number=_next_number(session, agency_id, moment),
        account=account,
        instructions=instructions,
        pay_on=wanted.pay_on,
        key=key,
        moment=moment,
    )
    file = _keep(session, account, content, wanted.format, key, actor)
    session.add_all(
        BankFileLine(file_id=file.id, instruction_id=one.id, sent_as=one.sent_as)
        for one in instructions
    )
    record(
        session,
        actor=actor,
        action="export-bank-file",
        subject=f"bank-file/{file.id}",
        facts={"number": file.number, "transfers": str(file.transfers), "digest": file.digest},
        moment=moment,
    )
    return file


def hand_out(
    session: Session, *, file: BankFile, again: bool, key: bytes, actor: Actor, moment: datetime
) -> bytes:
    """Give a file out, and note who got it.

    Args:
        session: Session of the caller's transaction.
        file: The file.
        again: Whoever asks knows that it was given out before.
        key: The installation's secret key.
        actor: Who gets it.
        moment: Now, aware.

    Raises:
        HandedOutError: It was given out before, and `again` does not say that this is known.
        WithdrawnError: It was withdrawn: its instructions go to the bank in another one.
    """
    # Two people who ask at the same time come one after the other.
    session.get_one(BankFile, file.id, with_for_update=True)
    if withdrawal_of(session, file=file) is not None:
        raise WithdrawnError
    before = session.scalar(
        select(func.count()).select_from(BankFileDownload).filter_by(file_id=file.id)
    )
    if before and not again:
        raise HandedOutError
    session.add(BankFileDownload(file_id=file.id, person_id=actor.person_id, downloaded_at=moment))
    record(
        session,
        actor=actor,
        action="download-bank-file",
        subject=f"bank-file/{file.id}",
        facts={"number": file.number, "before": str(before or 0)},
        moment=moment,
    )
    return unseal_secret(file.content_sealed, key=key, purpose=_purpose(file.number)).encode()


def _account(session: Session, agency_id: int, wanted: Wanted, moment: datetime) -> BankAccount:
    faults = []
    # Whoever exports at the same time waits here: numbers of files are given one after the other.
    account = session.get(BankAccount, wanted.account_id, with_for_update=True)
    if (
        account is None
        or account.organisation_id != agency_id
        or account.status != AccountStatus.CONFIRMED
    ):
        faults.append(
            FieldFault(
                "account_id", "请选择本机构已确认的账户。", "Choose a confirmed account of yours."
            )
        )
    if wanted.pay_on < day_in_china(moment):
        faults.append(
            FieldFault("pay_on", "付款日期不能早于今天。", "The day cannot be in the past.")
        )
    if not wanted.instruction_ids:
        faults.append(
            FieldFault("instruction", "请至少选择一条指令。", "Choose at least one instruction.")
        )
    if len(wanted.instruction_ids) > TRANSFERS_MAX:
        faults.append(
            FieldFault(
                "instruction",
                f"一个文件最多 {TRANSFERS_MAX:,} 笔。",
                f"A file holds at most {TRANSFERS_MAX:,} transfers.",
            )
        )
    if faults or account is None:
        raise InvalidInputError(faults)
    return account


def _mark_exported(
    session: Session, agency_id: int, ids: Sequence[int], moment: datetime
) -> Sequence[PaymentInstruction]:
    # Of two people who export the same, the second waits here, and then comes too late.
    found = session.scalars(
        select(PaymentInstruction)
        .where(
            PaymentInstruction.id.in_(ids),
            PaymentInstruction.agency_id == agency_id,
            PaymentInstruction.status == InstructionStatus.CONFIRMED,
        )
        .order_by(PaymentInstruction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(found) != len(ids):
        raise AlreadyExportedError
    mark_exported(session, instructions=found, moment=moment)
    return found


def _next_number(session: Session, agency_id: int, moment: datetime) -> str:
    before = session.scalar(
        select(func.count()).select_from(BankFile).where(BankFile.agency_id == agency_id)
    )
    return f"B{agency_id}-{day_in_china(moment):%Y%m%d}-{(before or 0) + 1}"


def _keep(
    session: Session,
    account: BankAccount,
    content: BankFileContent,
    written_as: BankFormat,
    key: bytes,
    actor: Actor,
) -> BankFile:
    written = _WRITERS[written_as](content)
    file = BankFile(
        number=content.number,
        agency_id=account.organisation_id,
        bank_account_id=account.id,
        format=written_as,
        pay_on=content.pay_on,
        transfers=content.count,
        total=content.total,
        digest=sha256(written).hexdigest(),
        content_sealed=seal_secret(written.decode(), key=key, purpose=_purpose(content.number)),
        exported_by=actor.person_id,
        exported_at=content.made_at,
    )
    session.add(file)
    session.flush()
    return file


def _purpose(number: str) -> str:
    return f"bank-file {number}"
