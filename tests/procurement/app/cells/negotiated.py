"""A campaign of each side's bureau, with a dossier of its maker and people appointed for it."""

import json
from datetime import date, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.database import database_moment, text_digest, transaction
from procurement.negotiations.kinds import CampaignStatus, DossierStatus, Part, TalkKind, Track
from procurement.negotiations.renewals.tables import Renewal
from procurement.negotiations.sessions.tables import Session as Talks
from procurement.negotiations.tables import (
    Campaign,
    Dossier,
    DossierModel,
    Interest,
    Member,
    Seat,
    Talk,
)
from procurement.permissions import Role
from rulebooks import load_rulebook
from tests.procurement.app.cells.sides import Side, Value
from tests.procurement.negotiations.world import MODEL

_EXPERTS = (Role.OFFICER, Role.EVALUATOR)
_OUTCOME = '{"cut":"0","due_at":null,"halved":false,"price":"9","route":"simple","steps":[]}'


def negotiate(engine: Engine, side: Side, *, letter: str) -> None:
    """Give a side a campaign that is open, and one that is still a draft."""
    with transaction(engine) as session:
        side.things |= _negotiated(session, side, letter)


def _negotiated(session: Session, side: Side, letter: str) -> dict[str, Value]:
    is_open = _campaign(session, side, f"open-{letter}", CampaignStatus.OPEN)
    draft = _campaign(session, side, f"draft-{letter}", CampaignStatus.DRAFT)
    dossier = _dossier(session, side, is_open, proposed_by=side.second_officer)
    own = _dossier(session, side, is_open, proposed_by=side.people[Role.OFFICER])
    member = Member(
        campaign_id=is_open.id,
        person_id=side.second_officer.id,
        part=Part.REVIEWER,
        appointed_by=side.second_officer.id,
        appointed_at=is_open.drafted_at,
    )
    talk = Talk(
        dossier_id=dossier.id,
        kind=TalkKind.ONE_TO_ONE,
        held_at=is_open.drafted_at,
        present="for tests",
        reference_drug="",
        text="for tests",
        recorded_by=side.second_officer.id,
        recorded_at=is_open.drafted_at,
    )
    session.add_all([member, talk])
    session.flush()
    return {
        "campaign": is_open.name,
        "draft_campaign": draft.name,
        "dossier_id": dossier.id,
        "own_renewal": own.id,
        "member_id": member.id,
        "talk_id": talk.id,
    }


def _campaign(session: Session, side: Side, name: str, status: CampaignStatus) -> Campaign:
    now = database_moment(session)
    campaign = Campaign(
        name=name,
        year=2026,
        title=name,
        bureau_id=side.bureau.id,
        rulebook="negotiation-nrdl-2023",
        rulebook_digest=load_rulebook("negotiation-nrdl-2023").digest,
        renewal_rulebook="nrdl-renewal-2024",
        renewal_digest=load_rulebook("nrdl-renewal-2024").digest,
        files_from=now - timedelta(days=1),
        files_until=now + timedelta(days=1),
        starts_on=date(2027, 1, 1),
        ends_on=date(2028, 12, 31),
        quorum=2,
        status=status,
        drafted_by=side.second_officer.id,
        drafted_at=now,
    )
    session.add(campaign)
    session.flush()
    session.add(
        Seat(
            campaign_id=campaign.id,
            seat=1,
            organisation_id=side.organisation_id(Role.KEYHOLDER),
        )
    )
    session.flush()
    return campaign


def _dossier(session: Session, side: Side, campaign: Campaign, *, proposed_by: Person) -> Dossier:
    now = campaign.drafted_at
    dossier = Dossier(
        campaign_id=campaign.id,
        organisation_id=side.maker.id,
        track=Track.RENEWAL,
        product="for tests",
        status=DossierStatus.ADMITTED,
        content="{}",
        started_by=side.maker.person_id,
        started_at=now,
        changed_at=now,
    )
    session.add(dossier)
    session.flush()
    for person in (side.people[role] for role in _EXPERTS):
        session.add_all(
            Member(
                campaign_id=campaign.id,
                dossier_id=dossier.id,
                person_id=person.id,
                part=part,
                appointed_by=side.second_officer.id,
                appointed_at=now,
            )
            for part in Part
        )
        session.add(
            Interest(
                dossier_id=dossier.id,
                person_id=person.id,
                has_conflict=False,
                text="",
                declared_at=now,
            )
        )
    session.add_all(
        [
            DossierModel(
                dossier_id=dossier.id,
                number=1,
                title="for tests",
                files=json.dumps({"model.toml": MODEL}, ensure_ascii=False),
                digest=text_digest(MODEL),
                uploaded_by=side.maker.person_id,
                uploaded_at=now,
            ),
            Talks(
                dossier_id=dossier.id,
                starts_at=now + timedelta(days=9),
                place="for tests",
                manifest="{}",
                manifest_digest="0" * 64,
                scheduled_by=side.second_officer.id,
                scheduled_at=now,
            ),
            Renewal(
                dossier_id=dossier.id,
                facts="{}",
                outcome=_OUTCOME,
                digest=text_digest(_OUTCOME),
                proposed_by=proposed_by.id,
                proposed_at=now,
            ),
        ]
    )
    session.flush()
    return dossier
