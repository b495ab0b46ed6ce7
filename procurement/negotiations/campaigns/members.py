"""Appointing people of the bureau, and what they declare about their interests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.negotiations.kinds import Part
from procurement.negotiations.subjects import appointed, conflicts_of
from procurement.negotiations.tables import Campaign, Dossier, Interest, Member
from procurement.permissions import Actor, NotFoundForActorError, Role

TEXT_MAX = 4000

APART = (Part.ECONOMICS, Part.FUND, Part.CHAIR, Part.NEGOTIATOR)
"""Nobody has two of these for one dossier: the groups work apart, and who sits at the table does
not know the price before the envelope is open. An ended appointment counts too: who was relieved
keeps what he learnt. Reviewers score before anything is computed."""


class ConflictedOfficerError(RefusedError):
    """An officer who declared a conflict does not choose who works on the drug."""

    def __init__(self) -> None:
        """Say who does."""
        super().__init__(
            zh="您已声明与相关品种存在利益冲突，请由其他经办人指定或解除人员。",
            en="You declared a conflict of interest with a drug that this is about: another "
            "officer appoints and relieves people for it.",
        )


@dataclass(frozen=True, slots=True)
class Appointed:
    """An appointment with the person's name."""

    member: Member
    person: Person


def appoint(
    session: Session,
    *,
    campaign: Campaign,
    dossier: Dossier | None,
    person_id: int,
    part: Part,
    actor: Actor,
    moment: datetime,
) -> Member:
    """Appoint a person of the bureau, for a campaign or for one dossier of it.

    Raises:
        ConflictedOfficerError: The officer declared a conflict with the dossier, or with one of
            the campaign's if it is for all.
        InvalidInputError: Not of the bureau, oneself, appointed already, or has or had a part
            that is kept apart.
    """
    _require_no_conflict(session, campaign, None if dossier is None else dossier.id, actor)
    person = session.get(Person, person_id)
    fault = _person_fault(campaign, person, actor) or _part_fault(
        session, campaign, dossier, person_id, part
    )
    if fault is not None:
        raise InvalidInputError([fault])
    member = Member(
        campaign_id=campaign.id,
        dossier_id=None if dossier is None else dossier.id,
        person_id=person_id,
        part=part,
        appointed_by=actor.person_id,
        appointed_at=moment,
    )
    session.add(member)
    session.flush()
    _note(session, campaign, member, actor, "appoint", moment)
    return member


def end_appointment(
    session: Session, *, campaign: Campaign, member_id: int, actor: Actor, moment: datetime
) -> None:
    """End an appointment; what the person signed stays.

    Raises:
        NotFoundForActorError: The campaign has no such appointment.
        ConflictedOfficerError: The officer declared a conflict with a dossier that it is for.
    """
    member = session.get(Member, member_id)
    if member is None or member.campaign_id != campaign.id or member.ended_at is not None:
        raise NotFoundForActorError
    _require_no_conflict(session, campaign, member.dossier_id, actor)
    member.ended_at = moment
    session.flush()
    _note(session, campaign, member, actor, "end-appointment", moment)


def members_of(
    session: Session, *, campaign_id: int, dossier_id: int | None = None
) -> Sequence[Appointed]:
    """Return who is appointed in a campaign, or for one of its dossiers."""
    rows = (
        select(Member, Person)
        .join(Person, Person.id == Member.person_id)
        .where(Member.campaign_id == campaign_id, Member.ended_at.is_(None))
        .order_by(Member.part, Member.id)
    )
    if dossier_id is not None:
        rows = rows.where(or_(Member.dossier_id.is_(None), Member.dossier_id == dossier_id))
    return [Appointed(member, person) for member, person in session.execute(rows)]


def possible_members(session: Session, *, campaign: Campaign) -> Sequence[Person]:
    """Return the people of the bureau who can be appointed, by name."""
    people = session.scalars(
        select(Person)
        .where(Person.organisation_id == campaign.bureau_id, Person.is_active)
        .order_by(Person.name, Person.id)
    )
    return [one for one in people if _may_be_appointed(one)]


def declare_interest(
    session: Session,
    *,
    dossier: Dossier,
    has_conflict: bool,
    text: str,
    actor: Actor,
    moment: datetime,
) -> Interest:
    """Declare a conflict of interest with a dossier, or that there is none.

    A conflict once declared keeps the person away from the dossier, and is not taken back here:
    the officers end the appointment.

    Raises:
        NotFoundForActorError: Not appointed for it.
        InvalidInputError: A conflict without its description, or after one was declared.
    """
    if actor.person_id not in appointed(session, dossier):
        raise NotFoundForActorError
    faults = _declaration_faults(session, dossier, actor, has_conflict=has_conflict, text=text)
    if faults:
        raise InvalidInputError(faults)
    interest = Interest(
        dossier_id=dossier.id,
        person_id=actor.person_id,
        has_conflict=has_conflict,
        text=text,
        declared_at=moment,
    )
    session.add(interest)
    session.flush()
    record(
        session,
        actor=actor,
        action="declare-interest",
        subject=f"negotiation/{dossier.campaign.name}/dossier/{dossier.id}",
        facts={"conflict": "yes" if has_conflict else "no"},
        moment=moment,
    )
    return interest


def _declaration_faults(
    session: Session, dossier: Dossier, actor: Actor, *, has_conflict: bool, text: str
) -> list[FieldFault]:
    faults: list[FieldFault] = []
    if len(text) > TEXT_MAX:
        faults.append(
            FieldFault("text", f"最多 {TEXT_MAX} 字。", f"At most {TEXT_MAX} characters.")
        )
    if has_conflict and not text:
        faults.append(FieldFault("text", "请说明利益冲突。", "Describe the conflict."))
    known = select(Interest.id).where(
        Interest.dossier_id == dossier.id,
        Interest.person_id == actor.person_id,
        Interest.has_conflict,
    )
    if not has_conflict and session.scalar(known.limit(1)) is not None:
        faults.append(
            FieldFault(
                "has_conflict",
                "已声明存在利益冲突，不能自行撤回。",
                "A conflict was declared: it is not taken back by who declared it.",
            )
        )
    return faults


def _may_be_appointed(person: Person) -> bool:
    return bool({Role.OFFICER, Role.EVALUATOR} & set(person.roles.split()))


def _require_no_conflict(
    session: Session, campaign: Campaign, dossier_id: int | None, actor: Actor
) -> None:
    away = conflicts_of(session, campaign_id=campaign.id, person_id=actor.person_id)
    # An appointment for the whole campaign is one for each of its dossiers.
    if dossier_id in away or (dossier_id is None and away):
        raise ConflictedOfficerError


def _person_fault(campaign: Campaign, person: Person | None, actor: Actor) -> FieldFault | None:
    if person is None or person.organisation_id != campaign.bureau_id or not person.is_active:
        return FieldFault("person_id", "请选择本机构人员。", "Choose somebody of the bureau.")
    if person.id == actor.person_id:
        return FieldFault(
            "person_id",
            "不能指定本人，请由其他经办人指定。",
            "Nobody appoints himself: another officer does.",
        )
    if not _may_be_appointed(person):
        return FieldFault(
            "person_id",
            "该人员不是经办人或评审人。",
            "This person is neither an officer nor an evaluator.",
        )
    return None


def _part_fault(
    session: Session, campaign: Campaign, dossier: Dossier | None, person_id: int, part: Part
) -> FieldFault | None:
    rows = select(Member).where(Member.campaign_id == campaign.id, Member.person_id == person_id)
    if dossier is not None:
        rows = rows.where(or_(Member.dossier_id.is_(None), Member.dossier_id == dossier.id))
    for other in session.scalars(rows):
        if other.part == part and other.ended_at is None:
            return FieldFault("person_id", "该人员已被指定。", "Appointed already.")
        if part in APART and other.part in APART and other.part != part:
            return FieldFault(
                "part",
                "两个测算组、测算组长和谈判人员须由不同的人担任，曾经担任而已解除的也不例外。",
                "The two groups, the chair and the negotiators must be different people; having "
                "been relieved changes nothing.",
            )
    return None


def _note(
    session: Session,
    campaign: Campaign,
    member: Member,
    actor: Actor,
    action: str,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"negotiation/{campaign.name}/member/{member.id}",
        facts={"person": str(member.person_id), "part": Part(member.part).value},
        moment=moment,
    )
