"""What the funds owe a hospital for a month, as the agency's clearing of treatment costs says."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import first_of_month
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.account_kinds import Fund
from procurement.payments.errors import AmountUnexpectedError
from procurement.payments.ledger import NewPosting, post, take_back
from procurement.payments.ledger_tables import MEMO_LENGTH_MAX, LedgerPosting
from procurement.payments.rules.events import Event, fund_owes
from procurement.payments.settling_tables import REASON_LENGTH_MAX, FundPayable
from procurement.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PayableFacts:
    """What a fund owes.

    Attributes:
        agency_id: Of which agency.
        hospital_id: To which hospital.
        month: Any day of the month of treatment.
        fund: Which fund.
        amount: Yuan; zero only to take a record back.
        document: On what it rests, such as the number of the clearing sheet.
    """

    agency_id: int
    hospital_id: int
    month: date
    fund: Fund
    amount: Decimal
    document: str


def record_fund_payable(
    session: Session, *, facts: PayableFacts, actor: Actor, moment: datetime
) -> FundPayable:
    """Record what a fund owes a hospital for a month; a second time it corrects the first.

    The same again is the same: nothing is posted twice.

    Raises:
        InvalidInputError: No document is named, or no fund.
        AmountUnexpectedError: The amount is below zero, or zero where nothing was recorded.
        OverdrawnError: A correction would take back what was set off already.
    """
    _check(facts)
    month = first_of_month(facts.month)
    known = payable_of(
        session,
        agency_id=facts.agency_id,
        hospital_id=facts.hospital_id,
        month=month,
        fund=facts.fund,
    )
    if known is not None and known.amount == facts.amount:
        return known
    revision = 1 if known is None else known.revision + 1
    place = f"{facts.agency_id}/{facts.hospital_id}/{month:%Y-%m}/{facts.fund}/{revision}"
    new = NewPosting(
        kind=Event.FUND_OWES,
        key=f"fund-payable/{place}",
        subject=f"fund-payable/{facts.hospital_id}/{month:%Y-%m}",
        entries=fund_owes(facts.agency_id, facts.hospital_id, facts.fund, facts.amount),
        memo=facts.document[:MEMO_LENGTH_MAX],
    )
    posting = _post(session, new, facts, known, actor, moment)
    row = FundPayable(
        agency_id=facts.agency_id,
        hospital_id=facts.hospital_id,
        month=month,
        fund=facts.fund,
        revision=revision,
        amount=facts.amount,
        document=facts.document.strip(),
        posting_id=posting.id,
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(row)
    session.flush()
    _note(session, actor, row, moment)
    return row


def _post(
    session: Session,
    new: NewPosting,
    facts: PayableFacts,
    known: FundPayable | None,
    actor: Actor,
    moment: datetime,
) -> LedgerPosting:
    """Post the new amount first, then take the old one back: what was set off stays covered."""
    posting = post(session, new=new, actor=actor, moment=moment) if facts.amount else None
    if known is not None and known.amount:
        earlier = session.get_one(LedgerPosting, known.posting_id)
        back = take_back(session, posting=earlier, memo=new.memo, actor=actor, moment=moment)
        posting = posting or back
    if posting is None:
        raise AmountUnexpectedError(facts.amount, "> 0")
    return posting


def payable_of(
    session: Session, *, agency_id: int, hospital_id: int, month: date, fund: Fund
) -> FundPayable | None:
    """Return the newest record of what a fund owes a hospital for a month."""
    return session.scalars(
        select(FundPayable)
        .where(
            FundPayable.agency_id == agency_id,
            FundPayable.hospital_id == hospital_id,
            FundPayable.month == first_of_month(month),
            FundPayable.fund == fund,
        )
        .order_by(FundPayable.revision.desc())
        .limit(1)
    ).one_or_none()


def _check(facts: PayableFacts) -> None:
    if facts.fund is Fund.NONE:
        fault = FieldFault(
            "fund", "须为职工或居民基金。", "Expected the employee or resident fund."
        )
        raise InvalidInputError([fault])
    if not 0 < len(facts.document.strip()) <= REASON_LENGTH_MAX:
        fault = FieldFault("document", "须写明依据。", "Expected what it rests on.")
        raise InvalidInputError([fault])
    if facts.amount < 0:
        raise AmountUnexpectedError(facts.amount, "≥ 0")


def _note(session: Session, actor: Actor, row: FundPayable, moment: datetime) -> None:
    record(
        session,
        actor=actor,
        action="record-fund-payable",
        subject=f"organisation/{row.hospital_id}",
        facts={"month": f"{row.month:%Y-%m}", "fund": row.fund, "revision": str(row.revision)},
        moment=moment,
    )
