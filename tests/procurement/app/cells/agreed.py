"""Rounds of a side that are awarded and agreed, with what belongs to its parties."""

import json
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.states import (
    AgreementStatus,
    ChangeKind,
    ChangeStatus,
    DistributionStatus,
    TermKind,
    TermStatus,
)
from procurement.agreements.tables import (
    AgreedChange,
    AgreedSupply,
    AgreedVolume,
    Agreement,
    AgreementTerm,
    Distribution,
    SigningEntrustment,
)
from procurement.awards.service import store_report
from procurement.awards.tables import AwardedBid
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.rounds.tables import Lot, LotStrength, Round, RoundStatus
from tests.procurement.app.cells.sides import Side, Value, _limit, _name, round_of
from tests.procurement.awards.regions.world import fixed_award
from tests.procurement.rounds.world import new_round

STAGES = {"awarded": RoundStatus.AWARDED, "agreed": RoundStatus.AGREEMENTS}
DAY = date(2027, 1, 1)


def agree_round(engine: Engine, side: Side, other: Side, *, letter: str) -> None:
    """Give a side an awarded round and one with agreements, its maker being the winner."""
    with transaction(engine) as session:
        for stage, status in STAGES.items():
            winner = _awarded(session, side, f"{stage}-{letter}", status)
            side.rounds[stage] = f"{stage}-{letter}"
        side.things |= _agreements(session, side, other, winner)


def _awarded(session: Session, side: Side, name: str, status: RoundStatus) -> AwardedBid:
    now = database_moment(session)
    bureau = session.get_one(Organisation, side.bureau.id)
    round_ = new_round(
        session,
        bureau=bureau,
        officer=side.second_officer,
        moment=now - timedelta(days=30),
        name=name,
        keyholders=[],
    )
    _limit(session, name, side.region)
    _name(session, side, name)
    report = store_report(
        session,
        round_id=round_.id,
        report=json.dumps(_report(side)),
        rulebook_digest="0" * 64,
        code_version="tests",
        moment=now,
    )
    officers = (side.people[Role.OFFICER].id, side.second_officer.id)
    award = fixed_award(session, round_, report, officers)
    lot = session.scalars(select(Lot).where(Lot.round_id == round_.id, Lot.code == "L01")).one()
    winner = AwardedBid(
        award_id=award.id,
        lot_id=lot.id,
        organisation_id=side.maker.id,
        bid=side.maker.name,
        strength="1mg",
        pack_units=1,
        pack_price=Decimal(1),
        unit_price="1",
        rank=1,
        status="selected",
    )
    session.add(winner)
    session.execute(update(Round).where(Round.id == round_.id).values(status=status))
    session.flush()
    return winner


def _report(side: Side) -> dict[str, object]:
    outcome = {"bid": side.maker.name, "manufacturer": side.maker.name, "regions": 1}
    allocation = {
        "region": side.region,
        "strength": "1mg",
        "bid": side.maker.name,
        "agreed_volume": 100,
        "by_brand": 0,
    }
    lot = {
        "lot": "L01",
        "outcomes": [outcome],
        "allocations": [allocation],
        "winners": [side.maker.name],
    }
    return {"lots": [lot], "pending": []}


def _agreements(session: Session, side: Side, other: Side, winner: AwardedBid) -> dict[str, Value]:
    now, round_ = database_moment(session), round_of(session, side.rounds["agreed"])
    term = _term(session, round_)
    strength = session.scalars(
        select(LotStrength).where(LotStrength.lot_id == winner.lot_id).limit(1)
    ).one()
    supply = AgreedSupply(
        term_id=term.id,
        region=side.region,
        lot_strength_id=strength.id,
        awarded_bid_id=winner.id,
        organisation_id=side.maker.id,
        volume=300,
        by_brand=0,
    )
    hospital = side.organisation_id(Role.HOSPITAL)
    distribution = Distribution(
        round_id=round_.id,
        organisation_id=side.maker.id,
        region=side.region,
        distributor_id=side.organisation_id(Role.DISTRIBUTOR),
        status=DistributionStatus.NOMINATED,
        nominated_at=now,
    )
    entrustment = SigningEntrustment(
        round_id=round_.id, grantor_id=hospital, agent_id=side.bureau.id, given_at=now
    )
    session.add_all([supply, distribution, entrustment])
    session.flush()
    hospitals = {
        "": hospital,
        "member_": int(side.things["member"]),
        "guest_": other.organisation_id(Role.HOSPITAL),
    }
    found: dict[str, Value] = {
        "distribution_id": distribution.id,
        "entrustment_id": entrustment.id,
        "supply_id": supply.id,
    }
    for name, hospital_id in hospitals.items():
        found |= _of_hospital(session, side, supply, hospital_id, name)
    return found


def _term(session: Session, round_: Round) -> AgreementTerm:
    term = AgreementTerm(
        round_id=round_.id,
        number=1,
        kind=TermKind.FIRST,
        starts_on=DAY,
        ends_on=date(2027, 12, 31),
        numerator=1,
        denominator=1,
        basis="",
        status=TermStatus.DONE,
        asked_at=database_moment(session),
    )
    session.add(term)
    session.flush()
    return term


def _of_hospital(
    session: Session, side: Side, supply: AgreedSupply, hospital_id: int, name: str
) -> dict[str, Value]:
    agreement = Agreement(
        term_id=supply.term_id,
        region=side.region,
        hospital_id=hospital_id,
        organisation_id=side.maker.id,
        distributor_id=side.organisation_id(Role.DISTRIBUTOR),
        status=AgreementStatus.OPEN,
    )
    change = AgreedChange(
        supply_id=supply.id,
        kind=ChangeKind.REDUCTION,
        hospital_id=hospital_id,
        volume=1,
        reason="for tests",
        status=ChangeStatus.REQUESTED,
        requested_at=database_moment(session),
    )
    volume = AgreedVolume(
        supply_id=supply.id, hospital_id=hospital_id, base_volume=100, volume=100, by_brand=0
    )
    session.add_all([agreement, change, volume])
    session.flush()
    return {f"{name}agreement_id": agreement.id, f"{name}change_id": change.id}
