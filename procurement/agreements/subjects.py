"""What permissions ask about agreements."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import Agreement
from procurement.china_days import day_in_china
from procurement.permissions import Actor, Subject
from procurement.rounds.tables import Round
from procurement.volumes.groups import lead_of
from procurement.volumes.subjects import volumes_subject


def all_agreements(session: Session, *, round_: Round, actor: Actor) -> Subject:
    """The agreements of a round, as far as they are the actor's: the pages show no others."""
    subject = volumes_subject(session, round_=round_, actor=actor)
    return replace(subject, organisation_id=actor.organisation_id)


def one_agreement(
    session: Session, *, round_: Round, agreement: Agreement, actor: Actor, moment: datetime
) -> Subject:
    """One agreement: its three parties' own, the group lead's and the bureaus' concern."""
    parties = (agreement.hospital_id, agreement.organisation_id, agreement.distributor_id)
    own = actor.organisation_id if actor.organisation_id in parties else agreement.hospital_id
    return replace(
        of_hospital(session, round_=round_, hospital_id=agreement.hospital_id, moment=moment),
        organisation_id=own,
    )


def of_hospital(session: Session, *, round_: Round, hospital_id: int, moment: datetime) -> Subject:
    """Something of a hospital: its own, its group lead's and its bureaus' concern."""
    hospital = session.get_one(Organisation, hospital_id)
    return Subject(
        organisation_id=hospital_id,
        group_lead_id=lead_of(session, hospital_id=hospital_id, day=day_in_china(moment)),
        bureau_id=round_.bureau_id,
        regions=(hospital.region,),
    )
