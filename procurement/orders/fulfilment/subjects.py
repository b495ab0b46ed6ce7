"""What permissions ask about fulfilment."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.awards.tables import Award, AwardedBid
from procurement.china_days import day_in_china
from procurement.orders.fulfilment.states import NoticeAbout, NoticeStatus
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.permissions import Actor, Subject
from procurement.rounds.tables import Round
from procurement.volumes.groups import lead_of
from procurement.volumes.subjects import volumes_subject

UNSEEN = (NoticeStatus.FOUND, NoticeStatus.DROPPED)
"""Notices that their addressees never hear of."""


def notice_subject(session: Session, *, notice: FulfilmentNotice, moment: datetime) -> Subject:
    """A notice: its addressee's own once it is issued, and the concern of its region's bureaus."""
    if notice.status in UNSEEN:
        return Subject(regions=(notice.region,))
    lead = None
    if notice.about == NoticeAbout.HOSPITAL:
        lead = lead_of(session, hospital_id=notice.organisation_id, day=day_in_china(moment))
    return Subject(
        organisation_id=notice.organisation_id, group_lead_id=lead, regions=(notice.region,)
    )


def hospital_subject(session: Session, *, hospital: Organisation, moment: datetime) -> Subject:
    """The fulfilment of a hospital."""
    lead = lead_of(session, hospital_id=hospital.id, day=day_in_china(moment))
    return Subject(organisation_id=hospital.id, group_lead_id=lead, regions=(hospital.region,))


def term_subject(session: Session, *, term: AgreementTerm, actor: Actor) -> Subject:
    """A term, as far as it is the actor's concern: the services show no other's rows."""
    round_ = session.get_one(Round, term.round_id)
    subject = volumes_subject(session, round_=round_, actor=actor)
    return replace(subject, organisation_id=actor.organisation_id)


def supply_subject(session: Session, *, supply: AgreedSupply) -> Subject:
    """A supply: of its winner, of the round's bureau, of the region's."""
    term = session.get_one(AgreementTerm, supply.term_id)
    round_ = session.get_one(Round, term.round_id)
    return Subject(
        organisation_id=supply.organisation_id,
        bureau_id=round_.bureau_id,
        regions=(supply.region,),
    )


def award_subject(session: Session, *, bid: AwardedBid) -> Subject:
    """A selected bid: the concern of the bureau that leads its round."""
    award = session.get_one(Award, bid.award_id)
    round_ = session.get_one(Round, award.round_id)
    return Subject(bureau_id=round_.bureau_id)
