"""Entrusted signing (委托签署): an organisation lets its bureau or lead hospital sign for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.tables import SigningEntrustment
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.permissions.decide import covers
from procurement.rounds.tables import Round
from procurement.volumes.groups import lead_of


def may_be_agent(
    session: Session,
    *,
    round_: Round,
    grantor: Organisation,
    agent: Organisation,
    moment: datetime,
) -> bool:
    """Tell whether an organisation may be entrusted: the bureau in charge, or the group's lead."""
    if agent.id == grantor.id or not agent.is_active:
        return False
    if agent.kind == OrganisationKind.BUREAU:
        return agent.id == round_.bureau_id or covers(agent.region, grantor.region)
    lead = lead_of(session, hospital_id=grantor.id, day=day_in_china(moment))
    return lead == agent.id


def possible_agents(
    session: Session, *, round_: Round, grantor: Organisation, moment: datetime
) -> list[Organisation]:
    """Return whom an organisation may entrust, by name."""
    lead = lead_of(session, hospital_id=grantor.id, day=day_in_china(moment))
    candidates = session.scalars(
        select(Organisation)
        .where((Organisation.kind == OrganisationKind.BUREAU) | (Organisation.id == lead))
        .order_by(Organisation.name, Organisation.id)
    )
    return [
        one
        for one in candidates
        if may_be_agent(session, round_=round_, grantor=grantor, agent=one, moment=moment)
    ]


def entrust_signing(
    session: Session, *, round_: Round, agent_id: int, actor: Actor, moment: datetime
) -> SigningEntrustment:
    """Let another organisation sign the actor's agreements of a round.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        agent_id: The lead bureau, a bureau of the actor's region, or its group's lead hospital.
        actor: Of the organisation that entrusts.
        moment: When.

    Raises:
        InvalidInputError: The agent is none of those.
    """
    grantor = session.get(Organisation, actor.organisation_id)
    agent = session.get(Organisation, agent_id)
    if grantor is None:
        raise NotFoundForActorError
    if agent is None or not may_be_agent(
        session, round_=round_, grantor=grantor, agent=agent, moment=moment
    ):
        fault = FieldFault(
            "agent_id",
            "只能委托牵头采购办、本地区采购办或本医共体牵头医院。",
            "Entrust the lead bureau, a bureau of your region, or your group's lead hospital.",
        )
        raise InvalidInputError([fault])
    known = active_entrustment(
        session, round_id=round_.id, grantor_id=grantor.id, agent_id=agent_id
    )
    if known is not None:
        return known
    row = SigningEntrustment(
        round_id=round_.id,
        grantor_id=grantor.id,
        agent_id=agent_id,
        given_by=actor.person_id,
        given_at=moment,
    )
    session.add(row)
    session.flush()
    _note(session, round_, actor, "entrust-signing", row, moment)
    notify(
        session,
        organisation_id=agent_id,
        zh=f"{round_.title}：{grantor.name}委托贵单位代为签署协议。",
        en=f"{round_.title}: {grantor.name} entrusts you with signing its agreements.",
        link=f"/rounds/{round_.name}/agreements/entrusted",
        moment=moment,
    )
    return row


def end_entrustment(
    session: Session, *, round_: Round, entrustment_id: int, actor: Actor, moment: datetime
) -> SigningEntrustment:
    """End an entrustment; what was signed stays signed.

    Raises:
        NotFoundForActorError: The actor's organisation gave no such entrustment.
    """
    row = session.get(SigningEntrustment, entrustment_id, with_for_update=True)
    if row is None or row.round_id != round_.id or row.grantor_id != actor.organisation_id:
        raise NotFoundForActorError
    if row.ended_at is None:
        row.ended_by, row.ended_at = actor.person_id, moment
        session.flush()
        _note(session, round_, actor, "end-entrustment", row, moment)
    return row


def active_entrustment(
    session: Session, *, round_id: int, grantor_id: int, agent_id: int | None
) -> SigningEntrustment | None:
    """Return the entrustment of one organisation to another that holds now."""
    return session.scalars(
        select(SigningEntrustment)
        .where(SigningEntrustment.round_id == round_id)
        .where(SigningEntrustment.grantor_id == grantor_id)
        .where(SigningEntrustment.agent_id == agent_id)
        .where(SigningEntrustment.ended_at.is_(None))
        .order_by(SigningEntrustment.id.desc())
        .limit(1)
        # Who signs and who ends it at the same time come one after the other.
        .with_for_update()
    ).one_or_none()


def given_by(session: Session, *, round_id: int, grantor_id: int) -> Sequence[SigningEntrustment]:
    """Return the entrustments that an organisation gave, newest first."""
    own = (SigningEntrustment.round_id == round_id, SigningEntrustment.grantor_id == grantor_id)
    return session.scalars(
        select(SigningEntrustment).where(*own).order_by(SigningEntrustment.id.desc())
    ).all()


def given_to(
    session: Session, *, round_id: int, agent_id: int
) -> Sequence[tuple[SigningEntrustment, Organisation]]:
    """Return who entrusted an organisation with signing, by name."""
    rows = session.execute(
        select(SigningEntrustment, Organisation)
        .join(Organisation, Organisation.id == SigningEntrustment.grantor_id)
        .where(SigningEntrustment.round_id == round_id, SigningEntrustment.agent_id == agent_id)
        .where(SigningEntrustment.ended_at.is_(None))
        .order_by(Organisation.name, SigningEntrustment.id)
    )
    return [(row, grantor) for row, grantor in rows]


def _note(
    session: Session,
    round_: Round,
    actor: Actor,
    action: str,
    row: SigningEntrustment,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"round/{round_.name}",
        facts={"agent": str(row.agent_id), "grantor": str(row.grantor_id)},
        moment=moment,
    )
