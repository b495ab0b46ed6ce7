"""Somebody else takes over a supply that fails, on record, and hands it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.tables import AgreedSupply, AgreedVolume, AgreementTerm
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify_all
from procurement.orders.fulfilment.candidates import Candidate, candidates_for
from procurement.orders.fulfilment.changing import require_text, text_fault
from procurement.orders.fulfilment.errors import AlreadyReplacedError, NotACandidateError
from procurement.orders.fulfilment.tables import (
    DOCUMENT_MAX,
    FulfilmentNotice,
    SupplyReplacement,
)
from procurement.permissions import Actor

PAGE = "/fulfilment/replacements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Who takes over what.

    Attributes:
        supply_id: The supply that fails.
        by_awarded_bid_id: The winner that takes over; one of `candidates_for`.
        price_id: One of its prices.
        distributor_id: Who delivers: a distributor, or the manufacturer itself.
        reason: Why the supply fails.
        document: The paper that decides it.
        starts_on: First day.
        ends_on: Last day; None while no end is decided.
        notice_id: The notice to the supplier that failed, where there was one.
    """

    supply_id: int
    by_awarded_bid_id: int
    price_id: int
    distributor_id: int
    reason: str
    document: str
    starts_on: date
    ends_on: date | None = None
    notice_id: int | None = None


def replace_supplier(
    session: Session, *, replaced: Replaced, actor: Actor, moment: datetime
) -> SupplyReplacement:
    """Let another winner take over a supply; hospitals order from it at once.

    What is bought from it counts to the volume that was agreed with the supplier that failed, so
    that no hospital lacks completion because of it. The caller has asked whether the actor may.

    Args:
        session: Session of the caller's transaction.
        replaced: Who takes over what.
        actor: The officer.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault.
        NotACandidateError: It is no winner of the product, or its price does not hold.
        AlreadyReplacedError: Somebody takes over on some of these days already.
    """
    supply = session.get(AgreedSupply, replaced.supply_id, with_for_update=True)
    faults = _faults(session, supply, replaced)
    if faults or supply is None:
        raise InvalidInputError(faults)
    candidate = _candidate(session, replaced)
    _refuse_overlap(session, replaced)
    row = SupplyReplacement(
        supply_id=supply.id,
        by_awarded_bid_id=candidate.awarded_bid_id,
        organisation_id=candidate.organisation_id,
        is_spare=candidate.is_spare,
        price_id=replaced.price_id,
        distributor_id=replaced.distributor_id,
        region=supply.region,
        reason=replaced.reason.strip(),
        document=replaced.document.strip(),
        notice_id=replaced.notice_id,
        starts_on=replaced.starts_on,
        ends_on=replaced.ends_on,
        decided_by=actor.person_id,
        decided_at=moment,
    )
    session.add(row)
    session.flush()
    _record(session, row, actor, "replace-supplier", moment)
    _tell(
        session,
        row,
        supply,
        moment,
        zh=f"自 {row.starts_on} 起，{candidate.name} 替补供应一个中选品种，可即时下单。",
        en=f"From {row.starts_on} on {candidate.name} takes over the supply of a selected product; "
        "it can be ordered at once.",
    )
    return row


def end_replacement(
    session: Session,
    *,
    replacement: SupplyReplacement,
    ends_on: date,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> SupplyReplacement:
    """Say until when a replacement holds: the winner supplies again, or another takes over.

    It only becomes shorter: whoever goes on for longer is decided anew, on a paper of its own,
    since another may take over by then.

    Raises:
        InvalidInputError: No reason, a day before it began, or one after its last day.
    """
    text = require_text("reason", reason)
    session.refresh(replacement, with_for_update=True)
    if ends_on < replacement.starts_on:
        zh, en = "早于替补开始日。", "Lies before its first day."
        raise InvalidInputError([FieldFault("ends_on", zh, en)])
    last = replacement.ends_on
    if last is not None and ends_on > last:
        zh = f"晚于替补最后一日 {last}：延长须另行作出替补决定。"
        en = f"Lies after its last day, {last}: to go on for longer, decide a new replacement."
        raise InvalidInputError([FieldFault("ends_on", zh, en)])
    replacement.ends_on, replacement.end_reason = ends_on, text
    replacement.ended_by, replacement.ended_at = actor.person_id, moment
    session.flush()
    _record(session, replacement, actor, "end-replacement", moment)
    supply = session.get_one(AgreedSupply, replacement.supply_id)
    _tell(
        session,
        replacement,
        supply,
        moment,
        zh=f"替补供应于 {ends_on} 结束：{text}",
        en=f"A supply that was taken over ends on {ends_on}: {text}",
    )
    return replacement


def replacements_of(
    session: Session, *, round_id: int, day: date | None = None
) -> Sequence[SupplyReplacement]:
    """Return replacements of a round, the newest first; only those of a day if one is given."""
    wanted = (
        select(SupplyReplacement)
        .join(AgreedSupply, AgreedSupply.id == SupplyReplacement.supply_id)
        .join(AgreementTerm, AgreementTerm.id == AgreedSupply.term_id)
        .where(AgreementTerm.round_id == round_id)
        .order_by(SupplyReplacement.id.desc())
    )
    if day is not None:
        lasts = or_(SupplyReplacement.ends_on.is_(None), SupplyReplacement.ends_on >= day)
        wanted = wanted.where(SupplyReplacement.starts_on <= day, lasts)
    return session.scalars(wanted).all()


def _faults(session: Session, supply: AgreedSupply | None, replaced: Replaced) -> list[FieldFault]:
    faults = [
        text_fault("reason", replaced.reason),
        text_fault("document", replaced.document, limit=DOCUMENT_MAX),
    ]
    if supply is None:
        faults.append(FieldFault("supply_id", "没有该供应。", "There is no such supply."))
    if replaced.ends_on is not None and replaced.ends_on < replaced.starts_on:
        faults.append(FieldFault("ends_on", "早于首日。", "Lies before the first day."))
    if replaced.notice_id is not None and session.get(FulfilmentNotice, replaced.notice_id) is None:
        faults.append(FieldFault("notice_id", "没有该通知。", "There is no such notice."))
    return [fault for fault in faults if fault is not None]


def _candidate(session: Session, replaced: Replaced) -> Candidate:
    found = candidates_for(session, supply_id=replaced.supply_id, day=replaced.starts_on)
    for one in found:
        if one.awarded_bid_id != replaced.by_awarded_bid_id:
            continue
        if replaced.price_id in {price.id for price in one.prices}:
            _check_distributor(session, one, replaced.distributor_id)
            return one
    raise NotACandidateError


def _check_distributor(session: Session, candidate: Candidate, distributor_id: int) -> None:
    """A manufacturer may deliver on its own; else any distributor that is registered."""
    found = session.get(Organisation, distributor_id)
    is_one = found is not None and found.kind == OrganisationKind.DISTRIBUTOR and found.is_active
    if not is_one and distributor_id != candidate.organisation_id:
        zh, en = "没有登记该配送企业。", "No such distributor is registered."
        raise InvalidInputError([FieldFault("distributor_id", zh, en)])


def _refuse_overlap(session: Session, replaced: Replaced) -> None:
    lasts = or_(
        SupplyReplacement.ends_on.is_(None), SupplyReplacement.ends_on >= replaced.starts_on
    )
    wanted = select(SupplyReplacement.id).where(
        SupplyReplacement.supply_id == replaced.supply_id, lasts
    )
    if replaced.ends_on is not None:
        wanted = wanted.where(SupplyReplacement.starts_on <= replaced.ends_on)
    if session.scalars(wanted).first() is not None:
        raise AlreadyReplacedError


def _record(
    session: Session, row: SupplyReplacement, actor: Actor, action: str, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"supply-replacement/{row.id}",
        facts={
            "supply": str(row.supply_id),
            "by": str(row.organisation_id),
            "days": f"{row.starts_on}..{row.ends_on or ''}",
            "document": row.document,
        },
        moment=moment,
    )


def _tell(
    session: Session,
    row: SupplyReplacement,
    supply: AgreedSupply,
    moment: datetime,
    *,
    zh: str,
    en: str,
) -> None:
    hospitals = select(AgreedVolume.hospital_id).where(AgreedVolume.supply_id == supply.id)
    concerned = {
        supply.organisation_id,
        row.organisation_id,
        row.distributor_id,
        *session.scalars(hospitals),
    }
    notify_all(
        session,
        organisation_ids=sorted(concerned),
        zh=zh,
        en=en,
        link=PAGE,
        moment=moment,
        key=f"supply replacement {row.id} {row.starts_on} {row.ends_on or ''}",
    )
