"""A notice that was not enough becomes a matter of credit rating (违反承诺)."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION, province_of
from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.credit_rating.matters import Preview, preview_matter, record_matter
from procurement.credit_rating.tables import CreditMatter
from procurement.credit_rating.words import Basis
from procurement.credit_rating.words import Matter as CreditMatterKind
from procurement.orders.fulfilment.changing import lock_notice, note, require_text
from procurement.orders.fulfilment.errors import NotRatedError
from procurement.orders.fulfilment.states import KIND_NAMES, NoticeAbout, NoticeKind, NoticeStatus
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.permissions import Actor


def breach_fields(
    session: Session, *, notice: FulfilmentNotice, given: Mapping[str, str], day: date
) -> dict[str, str]:
    """Return the fields of the matter that a notice becomes.

    Args:
        session: Any session.
        notice: About a manufacturer or distributor.
        given: Fields of the form of a matter; they go before what the notice suggests, but firm,
            province and matter stand. No published criterion grades a breach of promise: ``grade``
            and ``reason`` are the officer's.
        day: The day in China.

    Raises:
        NotRatedError: It is about a hospital.
    """
    if notice.about == NoticeAbout.HOSPITAL:
        raise NotRatedError
    firm = session.get_one(Organisation, notice.organisation_id)
    zh, _ = KIND_NAMES[NoticeKind(notice.kind)]
    suggested = {
        "basis": Basis.BUREAU,
        "document": f"履约{zh}通知 {notice.id}",
        "found_on": notice.measured_on.isoformat(),
        "in_force_from": day.isoformat(),
        "description": f"{notice.zh} / {notice.en}",
    }
    fixed = {
        "organisation": firm.credit_code or firm.name,
        "matter": CreditMatterKind.PROMISE,
    }
    if notice.region != NATION:
        fixed["region"] = province_of(notice.region)
    typed = {name: text for name, text in given.items() if text}
    return {**suggested, **typed, **fixed}


def preview_breach(
    session: Session, *, notice: FulfilmentNotice, given: Mapping[str, str], day: date
) -> Preview:
    """Say to which grades the breach may lead; nothing is stored.

    Raises:
        NotRatedError: It is about a hospital.
        InvalidInputError: With every fault.
    """
    raw = breach_fields(session, notice=notice, given=given, day=day)
    return preview_matter(session, raw=raw)


def escalate_to_credit(
    session: Session,
    *,
    notice: FulfilmentNotice,
    decision: str,
    given: Mapping[str, str],
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> CreditMatter:
    """Record the breach as a matter of credit rating; the notice is over.

    The caller has asked whether the actor may change credit in the firm's province.

    Args:
        session: Session of the caller's transaction.
        notice: Issued, answered or not.
        decision: Why the warnings were not enough.
        given: As for `breach_fields`; the officer's ``grade`` and ``reason`` among them.
        actor: The officer.
        moment: When, aware.
        version: The version that a page showed.

    Raises:
        NotRatedError: It is about a hospital.
        InvalidInputError: With every fault; among them a grade that is missing.
        WrongNoticeStateError: The notice is over already, or was not issued.
        StaleError: It was changed since the page was loaded.
    """
    text = require_text("decision", decision)
    lock_notice(session, notice=notice, version=version, wanted=NoticeStatus.ESCALATED)
    raw = breach_fields(session, notice=notice, given=given, day=day_in_china(moment))
    matter = record_matter(session, raw=raw, actor=actor, moment=moment)
    notice.status, notice.decision = NoticeStatus.ESCALATED, text
    notice.decided_by, notice.decided_at = actor.person_id, moment
    notice.matter_id = matter.id
    note(session, notice, actor=actor, action="escalate-to-credit-rating", moment=moment)
    return matter
