"""Prepayment of rounds: given by the agency, passed on with vouchers, cleared by the fund's debt.

The goods' side is cleared by deliveries (`procurement.payments.goods.use_prepaid`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pricing.stated_rules import StatedRules
from procurement.agreements.tables import AgreementTerm
from procurement.audit import record
from procurement.database import Money
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.account_kinds import Fund
from procurement.payments.agreed_amounts import agreed_amount
from procurement.payments.errors import AmountUnexpectedError
from procurement.payments.goods import use_prepaid
from procurement.payments.instructions import Draft, draft_instruction
from procurement.payments.ledger import NewPosting, post, posting_with
from procurement.payments.ledger_tables import LedgerPosting
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.prepaying_tables import DOCUMENT_LENGTH_MAX, Prepayment, PrepaymentPass
from procurement.payments.rules.calendar import after_working_days
from procurement.payments.rules.events import (
    Event,
    of_fund,
    prepayment_cleared,
    prepayment_passed_on,
)
from procurement.payments.rules.ledger import KeyReusedError
from procurement.payments.rules.prepayment import check_ratio, prepaid
from procurement.payments.stated import PREPAYMENT, needed, stated_rules
from procurement.payments.states import (
    INSTRUCTION_NAMES,
    InstructionKind,
    InstructionStatus,
    PassStep,
    PrepaymentWay,
    WrongStateError,
)
from procurement.permissions import Actor

ZERO = Decimal(0)
VOUCHER_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A prepayment to be given.

    Attributes:
        agency_id: By which agency.
        hospital_id: For which hospital.
        term_id: For which term of which round.
        rulebook: Id of a rulebook of the kind ``prepayment``.
        parameters: What it leaves open, by key: ``prepay.way``, ``prepay.fund``, a ratio.
        ratio: The share of the agreed amount; None where the rulebook fixes it.
        seller_id: The distributor it is for, where it goes to one.
        document: On what it rests.
    """

    agency_id: int
    hospital_id: int
    term_id: int
    rulebook: str
    document: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    ratio: Decimal | None = None
    seller_id: int | None = None


def give_prepayment(
    session: Session, *, given: Given, actor: Actor, moment: datetime
) -> Prepayment:
    """Draft the prepayment of a term for a hospital; another person confirms the instruction.

    Args:
        session: Session of the caller's transaction.
        given: What.
        actor: Of the agency.
        moment: When, aware.

    Raises:
        InvalidInputError: No document, no such rulebook, or the distributor is missing.
        RuleMissingError: To whom, by which fund or how much, no source states and nobody gave.
        RatioTooLowError: The share is not the rulebook's.
        AmountUnexpectedError: The hospital signed nothing in that term.
        KeyReusedError: It was given already.
    """
    rules = stated_rules(given.rulebook, given.parameters, kind=PREPAYMENT)
    way = PrepaymentWay(needed(lambda: rules.word("prepay.way")))
    fund = Fund(needed(lambda: rules.word("prepay.fund")))
    _check(given, way)
    ratio = _ratio(rules, given)
    agreed = agreed_amount(
        session,
        term_id=given.term_id,
        hospital_id=given.hospital_id,
        distributor_id=given.seller_id,
    )
    amount = prepaid(agreed, ratio)
    if amount <= 0:
        raise AmountUnexpectedError(agreed, "> 0")
    payee = given.seller_id if way is PrepaymentWay.SELLER else given.hospital_id
    draft = Draft(
        kind=InstructionKind.PREPAYMENT,
        key=_key(session, given),
        agency_id=given.agency_id,
        payee_id=payee or given.hospital_id,
        hospital_id=given.hospital_id,
        subject=f"term/{given.term_id}",
        sources=of_fund(fund, amount),
    )
    instruction = draft_instruction(session, draft=draft, actor=actor, moment=moment)
    prepayment = Prepayment(
        agency_id=given.agency_id,
        hospital_id=given.hospital_id,
        round_id=session.get_one(AgreementTerm, given.term_id).round_id,
        term_id=given.term_id,
        seller_id=given.seller_id,
        way=way,
        fund=fund,
        agreed_amount=agreed,
        ratio=ratio,
        amount=amount,
        rulebook=given.rulebook,
        rulebook_digest=rules.rulebook.digest,
        document=given.document.strip(),
        instruction_id=instruction.id,
        given_by=actor.person_id,
        given_at=moment,
    )
    _store(session, prepayment, actor)
    return prepayment


def _store(session: Session, prepayment: Prepayment, actor: Actor) -> None:
    session.add(prepayment)
    session.flush()
    record(
        session,
        actor=actor,
        action="give-prepayment",
        subject=f"organisation/{prepayment.hospital_id}",
        facts={"term": str(prepayment.term_id), "rulebook": prepayment.rulebook},
        moment=prepayment.given_at,
    )


def _ratio(rules: StatedRules, given: Given) -> Decimal:
    """The share: as given or as the rulebook fixes it, and one that the rulebook allows."""
    fixed = rules.decimal("prepay.ratio") if rules.knows("prepay.ratio") else None
    least = rules.decimal("prepay.ratio_min") if rules.knows("prepay.ratio_min") else None
    ratio = given.ratio if given.ratio is not None else fixed
    if ratio is None:
        ratio = needed(lambda: rules.decimal("prepay.ratio"))
    check_ratio(ratio, least=least, fixed=fixed)
    return ratio


def _check(given: Given, way: PrepaymentWay) -> None:
    faults: list[FieldFault] = []
    if not 0 < len(given.document.strip()) <= DOCUMENT_LENGTH_MAX:
        faults.append(FieldFault("document", "须写明依据。", "Expected what it rests on."))
    if way is PrepaymentWay.SELLER and given.seller_id is None:
        faults.append(FieldFault("seller_id", "须指明配送企业。", "Expected the distributor."))
    if faults:
        raise InvalidInputError(faults)


def _key(session: Session, given: Given) -> str:
    """Names the prepayment; one that was cancelled can be given again."""
    place = f"prepayment/{given.agency_id}/{given.term_id}/{given.hospital_id}/{given.seller_id}"
    earlier = session.scalars(
        select(PaymentInstruction)
        .join(Prepayment, Prepayment.instruction_id == PaymentInstruction.id)
        .where(
            Prepayment.term_id == given.term_id,
            Prepayment.hospital_id == given.hospital_id,
        )
    ).all()
    if any(one.status != InstructionStatus.CANCELLED for one in earlier if _covers(one, given)):
        raise KeyReusedError(place)
    return f"{place}/{len(earlier) + 1}"


def _covers(earlier: PaymentInstruction, given: Given) -> bool:
    """Whether an earlier prepayment is of the same, or for all that the hospital agreed."""
    parts = earlier.key.split("/")
    return given.seller_id is None or parts[4] in ("None", str(given.seller_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """That prepaid money was passed on.

    Attributes:
        prepayment_id: Which prepayment.
        step: From whom to whom.
        payer_id: Who paid.
        payee_id: Whom.
        amount: Yuan.
        paid_on: Day of the payment.
        voucher: Number of the bank's voucher.
        voucher_digest: SHA-256 of the voucher that was uploaded.
        days_off: Public holidays on weekdays since it was received: nobody here knows them.
    """

    prepayment_id: int
    step: PassStep
    payer_id: int
    payee_id: int
    amount: Decimal
    paid_on: date
    voucher: str
    voucher_digest: str
    days_off: Collection[date] = ()


def record_pass(
    session: Session, *, passed: PassedOn, actor: Actor, moment: datetime
) -> PrepaymentPass:
    """Record that prepaid money was passed on, with its voucher; the books follow the first step.

    Raises:
        InvalidInputError: The voucher is missing.
        WrongStateError: The prepayment was not paid.
        AmountUnexpectedError: More is passed on than was received.
        KeyReusedError: The payer named this voucher before.
    """
    prepayment = session.get_one(Prepayment, passed.prepayment_id, with_for_update=True)
    instruction = session.get_one(PaymentInstruction, prepayment.instruction_id)
    if instruction.status != InstructionStatus.PAID or instruction.paid_on is None:
        present = INSTRUCTION_NAMES[InstructionStatus(instruction.status)]
        raise WrongStateError(present, ("已转付", "passed on"))
    if not 0 < len(passed.voucher.strip()) <= VOUCHER_LENGTH_MAX:
        fault = FieldFault("voucher", "须填写凭证号。", "Expected the voucher's number.")
        raise InvalidInputError([fault])
    received_on, left = _received(session, prepayment, instruction.paid_on, passed)
    if not 0 < passed.amount <= left:
        raise AmountUnexpectedError(passed.amount, f"0 < … ≤ {left}")
    row = PrepaymentPass(
        prepayment_id=prepayment.id,
        step=passed.step,
        payer_id=passed.payer_id,
        payee_id=passed.payee_id,
        amount=passed.amount,
        paid_on=passed.paid_on,
        due_on=_due(prepayment, received_on, passed),
        voucher=passed.voucher.strip(),
        voucher_digest=passed.voucher_digest,
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    _store_pass(session, row, actor)
    if passed.step is PassStep.HOSPITAL_TO_DISTRIBUTOR:
        new = NewPosting(
            kind=Event.PREPAYMENT_PASSED_ON,
            key=f"prepayment/{prepayment.id}/passed/{row.id}",
            subject=f"prepayment/{prepayment.id}",
            entries=prepayment_passed_on(passed.payer_id, passed.payee_id, passed.amount),
            memo=f"{passed.paid_on.isoformat()} {row.voucher}",
        )
        post(session, new=new, actor=actor, moment=moment)
        use_prepaid(session, hospital_id=passed.payer_id, seller_id=passed.payee_id, moment=moment)
    return row


def _store_pass(session: Session, row: PrepaymentPass, actor: Actor) -> None:
    try:
        # A voucher names one payment, also where two people record it at the same time.
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise KeyReusedError(row.voucher) from error
    record(
        session,
        actor=actor,
        action="pass-prepayment-on",
        subject=f"prepayment/{row.prepayment_id}",
        facts={"step": row.step.value, "voucher": row.voucher, "payee": str(row.payee_id)},
        moment=row.recorded_at,
    )


def _received(
    session: Session, prepayment: Prepayment, paid_on: date, passed: PassedOn
) -> tuple[date, Decimal]:
    """Since when the payer has the money, and how much of it is not passed on."""
    amount = type_coerce(func.sum(PrepaymentPass.amount), Money())
    own = select(amount).where(
        PrepaymentPass.prepayment_id == prepayment.id, PrepaymentPass.payer_id == passed.payer_id
    )
    gone = session.scalar(own) or ZERO
    holder = prepayment.hospital_id
    if prepayment.way == PrepaymentWay.SELLER and prepayment.seller_id is not None:
        holder = prepayment.seller_id
    if passed.payer_id == holder:
        return paid_on, prepayment.amount - gone
    got = session.execute(
        select(func.max(PrepaymentPass.paid_on), amount).where(
            PrepaymentPass.prepayment_id == prepayment.id,
            PrepaymentPass.payee_id == passed.payer_id,
        )
    ).one()
    return got[0] or paid_on, (got[1] or ZERO) - gone


def _due(prepayment: Prepayment, received_on: date, passed: PassedOn) -> date | None:
    rules = stated_rules(prepayment.rulebook, {}, kind=PREPAYMENT)
    key = "prepay.pass_on_working_days"
    days = rules.table(key).get(passed.step.value) if rules.knows(key) else None
    if not isinstance(days, int):
        return None
    return after_working_days(received_on, days, days_off=passed.days_off)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """What a fund owes a hospital, set off against the prepayment that it holds.

    Attributes:
        agency_id: At which agency.
        hospital_id: Of which hospital.
        fund: The debt of which fund.
        amount: Yuan.
        document: Number of the sheet; done once by each.
    """

    agency_id: int
    hospital_id: int
    fund: Fund
    amount: Decimal
    document: str


def clear_prepayment(
    session: Session, *, clearing: Clearing, actor: Actor, moment: datetime
) -> LedgerPosting:
    """Set a fund's debt off against the prepayment that a hospital holds.

    When and how that is done no source states: the agency decides, and names the document.

    Raises:
        AmountUnexpectedError: It is not above zero.
        OverdrawnError: The fund owes less, or less is held.
        KeyReusedError: Another amount was cleared under the document.
    """
    if clearing.amount <= 0:
        raise AmountUnexpectedError(clearing.amount, "> 0")
    agency, hospital = clearing.agency_id, clearing.hospital_id
    new = NewPosting(
        kind=Event.PREPAYMENT_CLEARED,
        key=f"prepayment-cleared/{agency}/{hospital}/{clearing.document.strip()}"[:150],
        subject=f"organisation/{hospital}",
        entries=prepayment_cleared(agency, hospital, of_fund(clearing.fund, clearing.amount)),
        memo=clearing.document.strip()[:DOCUMENT_LENGTH_MAX],
    )
    known = posting_with(session, key=new.key)
    posting = post(session, new=new, actor=actor, moment=moment)
    if known is None:
        record(
            session,
            actor=actor,
            action="clear-prepayment",
            subject=new.subject,
            facts={"document": new.memo, "posting": str(posting.id)},
            moment=moment,
        )
    return posting
