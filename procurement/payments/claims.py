"""Claims: a company applies, hospital and agency check, the company reconciles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.china_days import day_in_china, next_month
from procurement.errors import StaleError
from procurement.notices import notify
from procurement.payments.errors import (
    MonthNotOverError,
    NotClaimableError,
    NothingLeftError,
    ObjectionOpenError,
)
from procurement.payments.goods import OpenGoods, lock_open_goods, take_over_invoices
from procurement.payments.months import due_days
from procurement.payments.settling_tables import (
    Claim,
    ClaimLine,
    ClaimObjection,
    ClaimStep,
    SettlementMonth,
)
from procurement.payments.states import ClaimStatus, ObjectionStatus, check_claim
from procurement.permissions import Actor, NotFoundForActorError
from procurement.permissions.decide import covers

UNDER_WAY = (ObjectionStatus.OPEN, ObjectionStatus.ANSWERED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a company claims of a month.

    Attributes:
        seller_id: The company: who wrote the invoices.
        hospital_id: For deliveries to which hospital.
        goods_ids: Which goods; all that are open until the end of the month where it is empty.
    """

    seller_id: int
    hospital_id: int
    goods_ids: Sequence[int] = ()


def apply_for(
    session: Session, *, month: SettlementMonth, wanted: Wanted, actor: Actor, moment: datetime
) -> Claim:
    """Claim a hospital's goods of a month.

    Open red invoices of the company for that hospital and time are always part of it, named or
    not: what they take back is taken off what the company gets.

    Args:
        session: Session of the caller's transaction.
        month: Which month, at which agency.
        wanted: What.
        actor: Of the company.
        moment: When, aware.

    Raises:
        MonthNotOverError: The month is not over.
        NotFoundForActorError: The hospital is not one of the agency's region.
        NotClaimableError: Some goods are not open, or not of the company, hospital and month.
        NothingLeftError: They come to nothing.
    """
    after = next_month(month.month)
    if day_in_china(moment) < after:
        raise MonthNotOverError(month.month)
    hospital = session.get(Organisation, wanted.hospital_id)
    if hospital is None or not covers(month.region, hospital.region):
        raise NotFoundForActorError
    take_over_invoices(
        session, moment=moment, hospital_id=wanted.hospital_id, seller_id=wanted.seller_id
    )
    found = _claimed_goods(session, wanted, until=after - timedelta(days=1))
    amount = sum((one.left for one in found), Decimal(0))
    if amount <= 0:
        raise NothingLeftError
    claim = Claim(
        number=_number(session, month, wanted),
        month_id=month.id,
        seller_id=wanted.seller_id,
        hospital_id=wanted.hospital_id,
        status=ClaimStatus.APPLIED,
        amount=amount,
        applied_by=actor.person_id,
        applied_at=moment,
    )
    session.add(claim)
    session.flush()
    session.add_all(
        ClaimLine(
            claim_id=claim.id, goods_id=one.goods.id, live_goods_id=one.goods.id, amount=one.left
        )
        for one in found
    )
    _step(session, claim, actor, moment, "")
    _tell(session, claim, wanted.hospital_id, "待核对", "waits for your check", moment)
    return claim


def _claimed_goods(session: Session, wanted: Wanted, *, until: date) -> list[OpenGoods]:
    found = lock_open_goods(
        session, hospital_id=wanted.hospital_id, seller_id=wanted.seller_id, until=until
    )
    asked = set(wanted.goods_ids)
    missing = asked - {one.goods.id for one in found}
    if missing:
        raise NotClaimableError(tuple(sorted(missing)))
    return [one for one in found if not asked or one.goods.id in asked or one.left < 0]


def _number(session: Session, month: SettlementMonth, wanted: Wanted) -> str:
    earlier = session.scalar(
        select(func.count()).where(
            Claim.month_id == month.id,
            Claim.seller_id == wanted.seller_id,
            Claim.hospital_id == wanted.hospital_id,
        )
    )
    whose = f"{month.id}-{wanted.seller_id}-{wanted.hospital_id}"
    return f"JS{month.month:%Y%m}-{whose}-{(earlier or 0) + 1}"


def advance(
    session: Session,
    *,
    claim: Claim,
    to: ClaimStatus,
    version: int,
    actor: Actor,
    moment: datetime,
    note: str = "",
) -> Claim:
    """Do the next step of a claim: hospital's check, agency's check, the company's reconciling.

    Whose step it is, permissions decide; what is late is done nevertheless, and shown as late.

    Raises:
        WrongStateError: It is not the next step.
        ObjectionOpenError: Somebody objects, and that is not settled.
        StaleError: It was changed since.
    """
    lock_claim(session, claim, version)
    check_claim(ClaimStatus(claim.status), to)
    open_ones = objections_under_way(session, claim_id=claim.id)
    if open_ones:
        raise ObjectionOpenError(open_ones)
    claim.status = to
    _step(session, claim, actor, moment, note)
    month = session.get_one(SettlementMonth, claim.month_id)
    following = {
        ClaimStatus.HOSPITAL_CHECKED: month.agency_id,
        ClaimStatus.AGENCY_CHECKED: claim.seller_id,
        ClaimStatus.RECONCILED: month.agency_id,
    }
    if to in following:
        _tell(session, claim, following[to], "待办理", "waits for you", moment)
    return claim


def withdraw_claim(
    session: Session,
    *,
    claim: Claim,
    version: int,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> Claim:
    """Withdraw a claim: its goods can be claimed again.

    Raises:
        WrongStateError: It is instructed, paid or withdrawn.
        StaleError: It was changed since.
    """
    lock_claim(session, claim, version)
    check_claim(ClaimStatus(claim.status), ClaimStatus.WITHDRAWN)
    for line in lines_of(session, claim_id=claim.id):
        drop_line(line, reason)
    for objection in session.scalars(
        select(ClaimObjection).where(
            ClaimObjection.claim_id == claim.id, ClaimObjection.status.in_(UNDER_WAY)
        )
    ):
        objection.status, objection.ended_at = ObjectionStatus.DROPPED, moment
        objection.ended_by_id, objection.ended_by = actor.organisation_id, actor.person_id
    claim.status = ClaimStatus.WITHDRAWN
    _step(session, claim, actor, moment, reason)
    return claim


def lock_claim(session: Session, claim: Claim, version: int) -> None:
    """Lock a claim against others' changes and count this one.

    Raises:
        StaleError: It was changed since.
    """
    session.refresh(claim, with_for_update=True)
    if claim.version != version:
        raise StaleError
    claim.version += 1


def lines_of(session: Session, *, claim_id: int) -> Sequence[ClaimLine]:
    """Return the lines that are still in a claim."""
    return session.scalars(
        select(ClaimLine)
        .where(ClaimLine.claim_id == claim_id, ClaimLine.live_goods_id.is_not(None))
        .order_by(ClaimLine.id)
    ).all()


def drop_line(line: ClaimLine, reason: str) -> None:
    """Take a line out of its claim: it can be claimed again."""
    line.live_goods_id = None
    line.dropped_reason = reason


def objections_under_way(session: Session, *, claim_id: int) -> int:
    """Count the objections to a claim that are not settled."""
    return (
        session.scalar(
            select(func.count()).where(
                ClaimObjection.claim_id == claim_id, ClaimObjection.status.in_(UNDER_WAY)
            )
        )
        or 0
    )


def note_step(
    session: Session, *, claim: Claim, actor: Actor, moment: datetime, note: str = ""
) -> None:
    """Note that a claim reached its status, in time or late."""
    _step(session, claim, actor, moment, note)


def _step(session: Session, claim: Claim, actor: Actor, moment: datetime, note: str) -> None:
    month = session.get_one(SettlementMonth, claim.month_id)
    due = due_days(month).get(ClaimStatus(claim.status))
    session.add(
        ClaimStep(
            claim_id=claim.id,
            step=claim.status,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            done_at=moment,
            due_on=due,
            is_late=due is not None and day_in_china(moment) > due,
            note=note,
        )
    )
    session.flush()
    record(
        session,
        actor=actor,
        action=f"claim-{claim.status}",
        subject=f"claim/{claim.number}",
        facts={"seller": str(claim.seller_id), "hospital": str(claim.hospital_id)},
        moment=moment,
    )


def _tell(
    session: Session, claim: Claim, organisation_id: int, zh: str, en: str, moment: datetime
) -> None:
    notify(
        session,
        organisation_id=organisation_id,
        zh=f"货款结算申请 {claim.number} {zh}",
        en=f"Claim {claim.number} {en}",
        link=f"/payments/claims/{claim.id}",
        moment=moment,
    )
