"""What permissions ask about orders."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.orders.tables import PurchaseOrder
from procurement.permissions import Actor, Subject
from procurement.rounds.tables import Round
from procurement.volumes.groups import lead_of


def hospital_subject(session: Session, *, hospital: Organisation, moment: datetime) -> Subject:
    """What a hospital buys: its own, its group lead's, its region's bureaus' and agencies'."""
    return Subject(
        organisation_id=hospital.id,
        group_lead_id=lead_of(session, hospital_id=hospital.id, day=day_in_china(moment)),
        regions=(hospital.region,),
    )


def order_subject(
    session: Session, *, order: PurchaseOrder, actor: Actor, moment: datetime
) -> Subject:
    """One order, to be read: its three parties' own, and the concern of who is in charge."""
    hospital = session.get_one(Organisation, order.hospital_id)
    parties = (order.hospital_id, order.organisation_id, order.distributor_id)
    own = actor.organisation_id if actor.organisation_id in parties else order.hospital_id
    round_ = None if order.round_id is None else session.get_one(Round, order.round_id)
    return replace(
        hospital_subject(session, hospital=hospital, moment=moment),
        organisation_id=own,
        bureau_id=None if round_ is None else round_.bureau_id,
        regions=(order.region,),
    )


def buying_subject(session: Session, *, order: PurchaseOrder, moment: datetime) -> Subject:
    """What the hospital does with an order: place, cancel, accept, return."""
    hospital = session.get_one(Organisation, order.hospital_id)
    return hospital_subject(session, hospital=hospital, moment=moment)


def supplying_subject(order: PurchaseOrder) -> Subject:
    """What the manufacturer does with an order: confirm or decline."""
    return Subject(organisation_id=order.organisation_id)


def delivering_subject(order: PurchaseOrder) -> Subject:
    """What the distributor does with an order: ship."""
    return Subject(organisation_id=order.distributor_id)
