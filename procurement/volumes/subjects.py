"""What permissions ask about reports and rounds."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.permissions import Actor, Subject
from procurement.rounds.tables import Round
from procurement.volumes.groups import lead_of, membership_day
from procurement.volumes.rules import region_of
from procurement.volumes.tables import VolumeReport
from procurement.volumes.window import regions_of

ALL = "000000"


def hospital_subject(
    session: Session, *, round_: Round, hospital: Organisation, moment: datetime
) -> Subject:
    """A hospital's reporting in a round: its own, its group's and its bureaus' concern."""
    day = membership_day(round_, moment=moment)
    return Subject(
        organisation_id=hospital.id,
        group_lead_id=lead_of(session, hospital_id=hospital.id, day=day),
        bureau_id=round_.bureau_id,
        regions=(hospital.region,),
    )


def report_subject(
    session: Session, *, round_: Round, report: VolumeReport, moment: datetime
) -> Subject:
    """A report, see `hospital_subject`."""
    hospital = session.get_one(Organisation, report.hospital_id)
    return hospital_subject(session, round_=round_, hospital=hospital, moment=moment)


def volumes_subject(session: Session, *, round_: Round, actor: Actor) -> Subject:
    """All the reports of a round, as far as they are the actor's concern.

    A bureau within the round's regions may look at the lists; what they show it is its own
    region's only (`visible_division`).
    """
    regions = tuple(regions_of(session, round_id=round_.id))
    if region_of(actor.region, regions) is not None:
        regions = (*regions, actor.region)
    return Subject(bureau_id=round_.bureau_id, regions=regions)


def base_volumes_subject(session: Session, *, round_: Round, actor: Actor) -> Subject:
    """The base volumes of a round: public with its document."""
    subject = volumes_subject(session, round_=round_, actor=actor)
    return replace(subject, is_public=round_.published_at is not None)


def visible_division(round_: Round, actor: Actor) -> str:
    """The division whose hospitals a bureau sees: all for the round's lead, else its own."""
    return ALL if actor.organisation_id == round_.bureau_id else actor.region
