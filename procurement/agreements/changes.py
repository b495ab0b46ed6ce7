"""Transfers and reductions of agreed volumes: requested, approved by a bureau, and adding up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.states import (
    AgreementStatus,
    ChangeKind,
    ChangeStatus,
    check_agreement,
    check_change,
)
from procurement.agreements.tables import (
    REASON_LENGTH_MAX,
    AgreedChange,
    AgreedSupply,
    AgreedVolume,
    Agreement,
    AgreementTerm,
)
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.tables import Round
from procurement.volumes.window import region_in_round


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """What is asked for.

    Attributes:
        supply_id: The strength and supplier concerned.
        kind: Transfer or reduction.
        hospital_id: Whose volume becomes less.
        to_hospital_id: Whose becomes more, for a transfer.
        volume: Minimal units.
        reason: Why.
    """

    supply_id: int
    kind: ChangeKind
    hospital_id: int
    to_hospital_id: int | None
    volume: int
    reason: str


def request_change(
    session: Session, *, round_: Round, facts: ChangeFacts, actor: Actor, moment: datetime
) -> AgreedChange:
    """Ask a bureau to approve that a hospital's agreed volume is transferred or reduced.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        facts: What is asked for.
        actor: Of the hospital, or of its group's lead.
        moment: When.

    Raises:
        InvalidInputError: Something that the hospital has not agreed, more than it has, to a
            hospital elsewhere, or without a reason.
    """
    supply, agreed = _volume(session, round_, facts.supply_id, facts.hospital_id)
    faults = [
        *_volume_faults(session, facts, agreed),
        *_other_faults(session, round_, facts, supply),
    ]
    if faults:
        raise InvalidInputError(faults)
    change = AgreedChange(
        supply_id=supply.id,
        kind=facts.kind,
        hospital_id=facts.hospital_id,
        to_hospital_id=facts.to_hospital_id,
        volume=facts.volume,
        reason=facts.reason.strip(),
        status=ChangeStatus.REQUESTED,
        requested_by=actor.person_id,
        requested_at=moment,
    )
    session.add(change)
    session.flush()
    _note(session, round_, actor, "request-change", change, moment)
    if round_.bureau_id is not None:
        notify(
            session,
            organisation_id=round_.bureau_id,
            zh=f"{round_.title}：有约定采购量调整申请待批准。",
            en=f"{round_.title}: a change of agreed volume waits for approval.",
            link=f"/rounds/{round_.name}/agreements/changes",
            moment=moment,
        )
    return change


def decide_change(
    session: Session,
    *,
    round_: Round,
    change: AgreedChange,
    approves: bool,
    decision: str,
    actor: Actor,
    moment: datetime,
) -> AgreedChange:
    """Approve a change, which then holds at once, or reject it with a reason.

    Agreements concerned are signed anew. What is supplied to the region stays the same with a
    transfer, and becomes less with a reduction: hospitals always add up to it.

    Raises:
        WrongStateError: It is decided already.
        InvalidInputError: A rejection without a reason, or the hospital has less by now.
    """
    session.flush()
    session.refresh(change, with_for_update=True)
    wanted = ChangeStatus.APPROVED if approves else ChangeStatus.REJECTED
    check_change(ChangeStatus(change.status), wanted)
    decision = decision.strip()
    if len(decision) > REASON_LENGTH_MAX or (not approves and not decision):
        fault = FieldFault("decision", "请说明理由。", "Give a reason.")
        raise InvalidInputError([fault])
    if approves:
        _carry_out(session, round_, change)
    change.status, change.decision = wanted, decision or None
    change.decided_by, change.decided_at = actor.person_id, moment
    session.flush()
    _note(session, round_, actor, f"change-{wanted.value}", change, moment)
    for hospital_id in {change.hospital_id, change.to_hospital_id} - {None}:
        notify(
            session,
            organisation_id=int(hospital_id or 0),
            zh=f"{round_.title}：约定采购量调整{'已批准' if approves else '未获批准'}。{decision}",
            en=f"{round_.title}: the change of agreed volume is {wanted.value}. {decision}",
            link=f"/rounds/{round_.name}/agreements",
            moment=moment,
        )
    return change


def withdraw_change(
    session: Session, *, round_: Round, change: AgreedChange, actor: Actor, moment: datetime
) -> AgreedChange:
    """Withdraw a request that nobody has decided.

    Raises:
        WrongStateError: It is decided already.
    """
    session.flush()
    session.refresh(change, with_for_update=True)
    check_change(ChangeStatus(change.status), ChangeStatus.WITHDRAWN)
    change.status = ChangeStatus.WITHDRAWN
    change.decided_by, change.decided_at = actor.person_id, moment
    session.flush()
    _note(session, round_, actor, "withdraw-change", change, moment)
    return change


def find_change(session: Session, *, round_id: int, change_id: int) -> AgreedChange:
    """Return a request of a round.

    Raises:
        NotFoundForActorError: There is none of this id.
    """
    found = session.scalars(
        select(AgreedChange)
        .join(AgreedSupply, AgreedSupply.id == AgreedChange.supply_id)
        .join(AgreementTerm, AgreementTerm.id == AgreedSupply.term_id)
        .where(AgreedChange.id == change_id, AgreementTerm.round_id == round_id)
    ).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def changes_of(
    session: Session, *, round_id: int, hospital_ids: Sequence[int] | None = None
) -> Sequence[tuple[AgreedChange, AgreedSupply]]:
    """Return the requests of a round, newest first; of some hospitals, or of all."""
    statement = (
        select(AgreedChange, AgreedSupply)
        .join(AgreedSupply, AgreedSupply.id == AgreedChange.supply_id)
        .join(AgreementTerm, AgreementTerm.id == AgreedSupply.term_id)
        .where(AgreementTerm.round_id == round_id)
        .order_by(AgreedChange.id.desc())
    )
    if hospital_ids is not None:
        statement = statement.where(
            AgreedChange.hospital_id.in_(hospital_ids)
            | AgreedChange.to_hospital_id.in_(hospital_ids)
        )
    return [(change, supply) for change, supply in session.execute(statement)]


def _volume(
    session: Session, round_: Round, supply_id: int, hospital_id: int
) -> tuple[AgreedSupply, AgreedVolume]:
    supply = session.get(AgreedSupply, supply_id)
    agreed = session.get(AgreedVolume, (supply_id, hospital_id))
    term = None if supply is None else session.get(AgreementTerm, supply.term_id)
    if supply is None or agreed is None or term is None or term.round_id != round_.id:
        text = "该机构没有此项约定采购量。"
        fault = FieldFault("supply_id", text, "The hospital has no such agreed volume.")
        raise InvalidInputError([fault])
    return supply, agreed


def _volume_faults(session: Session, facts: ChangeFacts, agreed: AgreedVolume) -> list[FieldFault]:
    waiting = session.scalar(
        select(func.coalesce(func.sum(AgreedChange.volume), 0))
        .where(AgreedChange.supply_id == facts.supply_id)
        .where(AgreedChange.hospital_id == facts.hospital_id)
        .where(AgreedChange.status == ChangeStatus.REQUESTED)
    )
    most = agreed.volume - int(waiting or 0)
    if 1 <= facts.volume <= most:
        return []
    text = f"须为 1 至 {most:,} 的整数。"
    return [FieldFault("volume", text, f"Expected a whole number from 1 to {most:,}.")]


def _other_faults(
    session: Session, round_: Round, facts: ChangeFacts, supply: AgreedSupply
) -> list[FieldFault]:
    faults = []
    if not 0 < len(facts.reason.strip()) <= REASON_LENGTH_MAX:
        faults.append(
            FieldFault(
                "reason",
                f"请填写理由，最多 {REASON_LENGTH_MAX} 字。",
                f"Give a reason of at most {REASON_LENGTH_MAX} characters.",
            )
        )
    if facts.kind is ChangeKind.TRANSFER and not _may_receive(session, round_, facts, supply):
        faults.append(
            FieldFault(
                "to_hospital_id",
                "请选择同一地区的另一家医疗机构。",
                "Choose another hospital of the same region.",
            )
        )
    if facts.kind is ChangeKind.REDUCTION and facts.to_hospital_id is not None:
        faults.append(
            FieldFault("to_hospital_id", "调减没有调入机构。", "A reduction goes to nobody.")
        )
    return faults


def _may_receive(session: Session, round_: Round, facts: ChangeFacts, supply: AgreedSupply) -> bool:
    if facts.to_hospital_id is None or facts.to_hospital_id == facts.hospital_id:
        return False
    other = session.get(Organisation, facts.to_hospital_id)
    if other is None or other.kind != OrganisationKind.HOSPITAL or not other.is_active:
        return False
    place = region_in_round(session, round_id=round_.id, division=other.region)
    return place == supply.region


def _carry_out(session: Session, round_: Round, change: AgreedChange) -> None:
    supply = session.get_one(AgreedSupply, change.supply_id, with_for_update=True)
    agreed = session.get_one(
        AgreedVolume, (change.supply_id, change.hospital_id), with_for_update=True
    )
    if agreed.volume < change.volume:
        text = f"该机构现只有 {agreed.volume:,}。"
        fault = FieldFault("volume", text, f"The hospital has {agreed.volume:,} left.")
        raise InvalidInputError([fault])
    # What is not tied to the brand goes first.
    by_brand = max(0, change.volume - (agreed.volume - agreed.by_brand))
    agreed.volume, agreed.by_brand = agreed.volume - change.volume, agreed.by_brand - by_brand
    if change.to_hospital_id is None:
        supply.volume -= change.volume
        supply.by_brand -= by_brand
    else:
        _give(session, change, by_brand)
    session.flush()
    for hospital_id in (change.hospital_id, change.to_hospital_id):
        if hospital_id is not None:
            _draw_up_anew(session, supply, hospital_id)


def _give(session: Session, change: AgreedChange, by_brand: int) -> None:
    place = (change.supply_id, change.to_hospital_id)
    row = session.get(AgreedVolume, place, with_for_update=True)
    if row is None:
        row = AgreedVolume(
            supply_id=change.supply_id,
            hospital_id=change.to_hospital_id,
            base_volume=0,
            volume=0,
            by_brand=0,
        )
        session.add(row)
    row.volume += change.volume
    row.by_brand += by_brand


def _draw_up_anew(session: Session, supply: AgreedSupply, hospital_id: int) -> None:
    """Bring an agreement to its next content: open for signatures, or void without volume."""
    agreement = session.scalars(
        select(Agreement)
        .where(Agreement.term_id == supply.term_id, Agreement.hospital_id == hospital_id)
        .where(Agreement.organisation_id == supply.organisation_id)
        .with_for_update()
    ).one_or_none()
    if agreement is None:
        session.add(
            Agreement(
                term_id=supply.term_id,
                region=supply.region,
                hospital_id=hospital_id,
                organisation_id=supply.organisation_id,
            )
        )
        session.flush()
        return
    volume = session.scalar(
        select(func.coalesce(func.sum(AgreedVolume.volume), 0))
        .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
        .where(AgreedSupply.term_id == supply.term_id)
        .where(AgreedSupply.organisation_id == supply.organisation_id)
        .where(AgreedVolume.hospital_id == hospital_id)
    )
    wanted = AgreementStatus.VOID
    if volume:
        is_chosen = agreement.distributor_id is not None
        wanted = AgreementStatus.OPEN if is_chosen else AgreementStatus.WAITING
    if agreement.status != wanted:
        check_agreement(AgreementStatus(agreement.status), wanted)
    if agreement.hospital_signed:
        agreement.revision += 1
    agreement.status, agreement.digest = wanted, None
    agreement.hospital_signed = agreement.manufacturer_signed = False
    agreement.distributor_signed = False
    session.flush()


def _note(
    session: Session,
    round_: Round,
    actor: Actor,
    action: str,
    change: AgreedChange,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"round/{round_.name}/change/{change.id}",
        facts={
            "kind": change.kind,
            "hospital": str(change.hospital_id),
            "to": str(change.to_hospital_id or ""),
            "volume": str(change.volume),
        },
        moment=moment,
    )
