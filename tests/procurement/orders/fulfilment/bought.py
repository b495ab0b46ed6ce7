"""Purchase lines written at random into a running round, and what a slow reading makes of them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import select

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreedVolume, AgreementTerm
from procurement.database import transaction
from procurement.orders.fulfilment.scope import By, Scope
from procurement.orders.purchases.recording import PurchaseFacts, record_purchase
from procurement.orders.states import PurchaseSource
from procurement.rounds.tables import Lot, LotStrength
from tests.procurement.orders.world import OrdersWorld

DAY = date(2027, 6, 30)


@dataclass
class Sums:
    """Agreed and received units, and the first day, of one key."""

    agreed: int = 0
    received: int = 0
    first: date | None = None


@dataclass
class Bought:
    """What was written.

    Attributes:
        world: The running round.
        lines: Facts of every line.
    """

    world: OrdersWorld
    lines: list[PurchaseFacts] = field(default_factory=list)

    def write(self, number: int, *, seed: int) -> "Bought":
        """Record lines of winners, of others, without a supply, after the day, and returns."""
        random = np.random.default_rng(seed)
        with transaction(self.world.engine) as session:
            supplies = self.supplies(session)
            hospitals = self.hospitals(session)
            for place in range(number):
                facts = self._line(random, supplies, hospitals, place)
                self.lines.append(facts)
                record_purchase(session, facts, moment=self.world.moment)
        return self

    def _line(self, random, supplies, hospitals, place) -> PurchaseFacts:
        supply, strength, lot = supplies[int(random.integers(len(supplies)))]
        hospital = hospitals[int(random.integers(len(hospitals)))]
        is_winning = random.random() < 0.7
        has_supply = is_winning and random.random() < 0.7
        quantity = int(random.integers(-20, 201))
        return PurchaseFacts(
            hospital_id=hospital.id,
            region=hospital.region,
            product=lot.product,
            received_on=date(2027, 1, 1) + timedelta(days=int(random.integers(-5, 251))),
            is_winning=is_winning,
            is_negotiated=False,
            quantity=quantity,
            unit_price=Decimal(int(random.integers(1, 501))).scaleb(-2),
            amount=Decimal(quantity) * 2,
            source=PurchaseSource.MOVEMENT,
            source_id=place + 1,
            organisation_id=supply.organisation_id,
            round_id=lot.round_id if has_supply else None,
            term_id=supply.term_id if has_supply else None,
            supply_id=supply.id if has_supply else None,
            lot_id=lot.id if is_winning or random.random() < 0.5 else None,
            lot_strength_id=strength.id if random.random() < 0.5 else None,
            generic_product_id=lot.generic_product_id,
        )

    def supplies(self, session):
        """Every supply of the term with its strength and lot."""
        return session.execute(
            select(AgreedSupply, LotStrength, Lot)
            .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
            .join(Lot, Lot.id == LotStrength.lot_id)
            .where(AgreedSupply.term_id == self.world.term_id)
            .order_by(AgreedSupply.id)
        ).all()

    def hospitals(self, session):
        """Every hospital."""
        ids = [one.id for one in self.world.every_hospital()]
        return session.scalars(
            select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)
        ).all()

    def scope(self, session, **wanted) -> Scope:
        """The whole term until the day."""
        term = session.get_one(AgreementTerm, self.world.term_id)
        return Scope(**{"term": term, "day": DAY, **wanted})

    def expected(self, session, by: By, scope: Scope) -> dict[Any, Sums]:
        """What every line and every agreed volume comes to, one after another."""
        supplies = {supply.id: (supply, lot) for supply, _, lot in self.supplies(session)}
        hospitals = {one.id: one for one in self.hospitals(session)}
        sums: dict[Any, Sums] = defaultdict(Sums)
        for volume in session.scalars(select(AgreedVolume)):
            if volume.supply_id in supplies and volume.hospital_id in hospitals:
                supply, lot = supplies[volume.supply_id]
                hospital = hospitals[volume.hospital_id]
                if self._is_in(scope, hospital, supply, lot.id):
                    sums[self._key(by, hospital, supply, lot.id)].agreed += volume.volume
        for line in self.lines:
            if not line.is_winning or line.received_on > scope.day:
                continue
            outside = not scope.term.starts_on <= line.received_on <= scope.term.ends_on
            if line.term_id is None and outside:
                continue
            supply = supplies[line.supply_id][0] if line.supply_id else None
            hospital = hospitals[line.hospital_id]
            if self._is_in(scope, hospital, supply, line.lot_id):
                found = sums[self._key(by, hospital, supply, line.lot_id)]
                found.received += line.quantity
                found.first = min(found.first or line.received_on, line.received_on)
        return {key: one for key, one in sums.items() if key is not None}

    def _is_in(self, scope, hospital, supply, lot_id) -> bool:
        return (
            (scope.hospital_ids is None or hospital.id in scope.hospital_ids)
            and (scope.region == "000000" or hospital.region == scope.region)
            and (scope.lot_id is None or scope.lot_id == lot_id)
            and (
                scope.organisation_id is None
                or (supply is not None and supply.organisation_id == scope.organisation_id)
            )
        )

    def _key(self, by, hospital, supply, lot_id):
        leads = {one.id: self.world.lead.id for one in self.world.members}
        return {
            By.HOSPITAL: hospital.id,
            By.PRODUCT: lot_id,
            By.SUPPLY: supply and supply.id,
            By.SUPPLIER: supply and supply.organisation_id,
            By.GROUP: leads.get(hospital.id, hospital.id),
            By.COUNTY: hospital.region,
            By.CITY: hospital.region,
            By.PROVINCE: hospital.region,
        }[by]
