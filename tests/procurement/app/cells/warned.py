"""Fulfilment of a side: notices to its parties, an exemption, a replacement, supplies."""

from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.agreements.tables import AgreedSupply
from procurement.database import database_moment, transaction
from procurement.orders.fulfilment.states import (
    ExemptReason,
    NoticeAbout,
    NoticeKind,
    NoticeStatus,
)
from procurement.orders.fulfilment.tables import (
    FulfilmentExemption,
    FulfilmentNotice,
    SupplyReplacement,
)
from procurement.permissions import Role
from procurement.prices.tables import Price
from procurement.rounds.tables import LotStrength
from tests.procurement.app.cells.sides import Side

DAY = date(2026, 3, 1)


def watch_fulfilment(engine: Engine, side: Side, other: Side) -> None:
    """Give a side notices about its parties, found and issued, and what takes over."""
    with transaction(engine) as session:
        supply = session.get_one(AgreedSupply, int(side.things["supply_id"]))
        lot_id = session.get_one(LotStrength, supply.lot_strength_id).lot_id
        hospital = side.organisation_id(Role.HOSPITAL)
        distributor = side.organisation_id(Role.DISTRIBUTOR)
        side.things |= {
            "notice_id": _notice(session, side, NoticeAbout.HOSPITAL, hospital),
            "member_notice_id": _notice(
                session, side, NoticeAbout.HOSPITAL, int(side.things["member"])
            ),
            "maker_notice_id": _notice(session, side, NoticeAbout.MANUFACTURER, side.maker.id),
            "carrier_notice_id": _notice(session, side, NoticeAbout.DISTRIBUTOR, distributor),
            "found_notice_id": _notice(
                session, side, NoticeAbout.HOSPITAL, hospital, NoticeStatus.FOUND
            ),
            "exemption_id": _exemption(session, side, lot_id),
            "replacement_id": _replacement(session, supply, distributor),
            "guest_supply_id": _guest_supply(session, supply, other),
            "awarded_bid_id": supply.awarded_bid_id,
            "term_id": supply.term_id,
        }


def _notice(
    session: Session,
    side: Side,
    about: NoticeAbout,
    organisation_id: int,
    status: NoticeStatus = NoticeStatus.OPEN,
) -> int:
    notice = FulfilmentNotice(
        kind=NoticeKind.REMIND,
        about=about,
        organisation_id=organisation_id,
        region=f"{side.region[:3]}100",
        measure="other",
        measured_on=DAY,
        rulebook="",
        clause="for tests",
        is_verified=False,
        zh="供应不足",
        en="too little is supplied",
        key=f"{side.region} {about} {organisation_id} {status}",
        status=status,
        found_at=database_moment(session),
        due_on=date(2030, 1, 1),
    )
    session.add(notice)
    session.flush()
    return notice.id


def _exemption(session: Session, side: Side, lot_id: int) -> int:
    exemption = FulfilmentExemption(
        lot_id=lot_id,
        region=side.region,
        reason=ExemptReason.SHORTAGE,
        text="短缺",
        document="for tests",
        starts_on=DAY,
        ends_on=date(2030, 1, 1),
        granted_at=database_moment(session),
    )
    session.add(exemption)
    session.flush()
    return exemption.id


def _replacement(session: Session, supply: AgreedSupply, distributor_id: int) -> int:
    price = session.scalars(
        select(Price)
        .where(Price.organisation_id == supply.organisation_id)
        .where(Price.lot_strength_id == supply.lot_strength_id)
    ).first()
    assert price is not None
    replacement = SupplyReplacement(
        supply_id=supply.id,
        by_awarded_bid_id=supply.awarded_bid_id,
        organisation_id=supply.organisation_id,
        is_spare=False,
        price_id=price.id,
        distributor_id=distributor_id,
        region=supply.region,
        reason="停产",
        document="for tests",
        starts_on=date(2020, 1, 1),
        ends_on=date(2020, 1, 2),
        decided_at=database_moment(session),
    )
    session.add(replacement)
    session.flush()
    return replacement.id


def _guest_supply(session: Session, supply: AgreedSupply, other: Side) -> int:
    """What is supplied to the other side's region in a round that our side's bureau leads."""
    guest = AgreedSupply(
        term_id=supply.term_id,
        region=other.region,
        lot_strength_id=supply.lot_strength_id,
        awarded_bid_id=supply.awarded_bid_id,
        organisation_id=supply.organisation_id,
        volume=0,
        by_brand=0,
    )
    session.add(guest)
    session.flush()
    return guest.id
