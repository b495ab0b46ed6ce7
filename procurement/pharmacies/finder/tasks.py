"""What waits for somebody about the finder."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.pharmacies.finder.counties import within
from procurement.pharmacies.finder.tables import PlaceStock, StockPriceFlag
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.tables import Place


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for places and officers.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now; what waits here has no deadline.
    """
    del moment
    tasks = []
    if Role.OFFICER in actor.roles:
        tasks += _too_high(session, actor)
    if {Role.PHARMACY, Role.HOSPITAL} & actor.roles:
        tasks += _unreported(session, actor)
    return tasks


def _too_high(session: Session, actor: Actor) -> list[Task]:
    here = within(StockPriceFlag.county, actor.region)
    waiting = select(func.count()).where(here, StockPriceFlag.settled_at.is_(None))
    number = session.scalar(waiting)
    if not number:
        return []
    return [
        Task(
            zh=f"核查高于支付标准或中选价的销售价：{number:,} 条",
            en=f"Look into sale prices above the payment standard or winning price: {number:,}",
            link="/find/prices",
        )
    ]


def _unreported(session: Session, actor: Actor) -> list[Task]:
    has_stock = select(PlaceStock.id).where(PlaceStock.place_id == Place.id).exists()
    number = session.scalar(
        select(func.count()).where(
            Place.organisation_id == actor.organisation_id,
            Place.status == PlaceStatus.OPEN,
            ~has_stock,
        )
    )
    if not number:
        return []
    return [
        Task(
            zh=f"上报药品库存，让群众查得到：{number:,} 个机构尚未上报",
            en=f"Report stock so that people find it: {number:,} of your places never did",
            link="/find/stock",
        )
    ]
