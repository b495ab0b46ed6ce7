"""A round whose cycle runs: signed agreements, prices, a negotiated drug, other listed products."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreedVolume, Agreement
from procurement.agreements.terms import start_running
from procurement.awards.states import PriceSource
from procurement.awards.tables import AwardedBid, AwardedPrice
from procurement.catalogue.tables import GenericProduct
from procurement.database import transaction
from procurement.orders.accepting import AcceptedLine, accept
from procurement.orders.confirming import confirm_order
from procurement.orders.delivering import ShippedLine, ship
from procurement.orders.offers import offers_for
from procurement.orders.placing import Wanted, place_order
from procurement.orders.returning import Returned, return_goods
from procurement.orders.tables import Delivery, PurchaseOrder, Receipt
from procurement.permissions import Actor
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price
from procurement.rounds.tables import Lot, LotStrength
from tests.procurement.agreements.world import AgreementWorld, Somebody
from tests.procurement.awards.kept import kept
from tests.procurement.awards.regions.world import BIDS, STARTS_ON
from tests.procurement.rounds.world import MOMENT, REGIONS

CYCLE_ENDS_ON = date(2027, 12, 31)
"""As the award says; it is also the last day of the first term."""

NOON = datetime(2027, 3, 1, 4, tzinfo=UTC)
"""Noon of 1 March 2027 in China: the cycle runs since two months."""

DAY = date(2027, 3, 1)

PACKS = {"L01": (14, "28.00"), "L02": (10, "2.00"), "L03": (10, "30.00")}
"""Minimal units and price of the pack that each winner of a lot supplies."""

NEGOTIATED = ("达格列净", "口服常释剂型", "10mg", 14, "61.04")
"""A negotiated drug: name, form, strength, units and price of a pack; the price is made up."""

LISTED = (10, "19.90")
"""Units and price of the pack of L01 that a firm which did not win lists."""


class OrdersWorld(AgreementWorld):
    """A round from its signed agreements on.

    Attributes:
        hospital: With agreements in L01, L02 and L03.
        distributor: Whom every hospital chose.
        agency: The fund agency of the hospital's region.
        negotiated_maker: Of the drug that was negotiated.
        other_maker: Of a product of L01's generic that did not win.
        outsider: A hospital of the same region without agreements.
        moment: When things happen in this world; `later` moves it on.
    """

    moment = NOON

    def bring_to_orders(self) -> "OrdersWorld":
        """Sign every agreement, give every pack its price, and let the cycle begin."""
        self.nominate_everywhere()
        self.choose_distributors()
        self.sign_all()
        self.hospital = self.hospitals[REGIONS[0]][0]
        self.distributor = self.distributors[0]
        with transaction(self.engine) as session:
            # It confirmed nothing in the round, but is at home where the hospital is.
            session.get_one(Organisation, self.distributors[1].id).region = REGIONS[0]
            self.agency = self._somebody(session, "fund-agency", REGIONS[0])
            self.outsider = self._somebody(session, "hospital", REGIONS[0])
            self.negotiated_maker = self._somebody(session, "manufacturer", "340000")
            self.other_maker = self._somebody(session, "manufacturer", "340000")
            self._record_winning(session)
            self._record_others(session)
            start_running(
                session,
                round_=self.round(session),
                reason="",
                actor=self.officer,
                moment=MOMENT,
            )
        return self

    def later(self, **passed: float) -> datetime:
        """Let time pass, given as for a timedelta, and return the moment."""
        self.moment += timedelta(**passed)
        return self.moment

    @property
    def day(self) -> date:
        """The present day in China."""
        return (self.moment + timedelta(hours=8)).date()

    @property
    def maker(self):
        """The winner that supplies L03 everywhere."""
        return self.by_letter["E"]

    def supply(self, session, code: str, strength: str, *, region: str = REGIONS[0]):
        """The first supply of a strength to a region in the first term."""
        return session.scalars(
            select(AgreedSupply)
            .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
            .join(Lot, Lot.id == LotStrength.lot_id)
            .where(Lot.code == code, LotStrength.strength == strength)
            .where(AgreedSupply.term_id == self.term_id, AgreedSupply.region == region)
            .order_by(AgreedSupply.id)
        ).first()

    def agreed(self, session, supply_id: int, hospital: Somebody | None = None) -> int:
        """What a hospital agreed of a supply, in minimal units."""
        place = (supply_id, (hospital or self.hospital).id)
        volume: int = session.get_one(AgreedVolume, place).volume
        return volume

    def agreement_with(self, session, organisation_id: int, hospital: Somebody | None = None):
        """The agreement of a hospital with a winner."""
        wanted = {"hospital_id": (hospital or self.hospital).id}
        return session.scalars(
            select(Agreement).filter_by(
                term_id=self.term_id, organisation_id=organisation_id, **wanted
            )
        ).one()

    def offers(self, session, hospital: Somebody | None = None, **kind):
        """What a hospital may order today, by product and manufacturer."""
        buyer = hospital or self.hospital
        found = offers_for(session, hospital_id=buyer.id, day=self.day)
        return [
            one for one in found if all(getattr(one, name) == value for name, value in kind.items())
        ]

    def offer(self, session, product: str = "缬沙坦", hospital: Somebody | None = None, **kind):
        """The first offer of a product."""
        return next(one for one in self.offers(session, hospital, **kind) if product in one.product)

    def place(
        self,
        packs: int = 10,
        product: str = "缬沙坦",
        *,
        hospital: Somebody | None = None,
        distributor_id: int | None = None,
        **terms,
    ) -> int:
        """Order packs of a product, and return the order's id."""
        buyer = hospital or self.hospital
        with transaction(self.engine) as session:
            offer = self.offer(session, product, buyer)
            return place_order(
                session,
                hospital_id=buyer.id,
                actor=buyer.actor,
                lines=[Wanted(offer.key, packs, offer.pack_price)],
                distributor_id=distributor_id or offer.sellers[0].id,
                moment=self.moment,
                **terms,
            ).id

    def confirm(self, order_id: int) -> int:
        """Confirm an order as its manufacturer."""
        with transaction(self.engine) as session:
            order = session.get_one(PurchaseOrder, order_id)
            actor = self.actor_for(order.organisation_id)
            confirm_order(session, order=order, actor=actor, moment=self.moment)
        return order_id

    def ship(self, order_id: int, packs: int | None = None, **batch) -> int:
        """Ship packs of an order's first line, else all of every line; return the delivery."""
        with transaction(self.engine) as session:
            order = session.get_one(PurchaseOrder, order_id)
            lines = order.lines if packs is None else order.lines[:1]
            known = len(session.scalars(select(Delivery.id)).all())
            shipped = [
                ShippedLine(
                    **{
                        "order_line_id": line.id,
                        "packs": packs or line.unshipped_packs,
                        "batch_number": "20270101",
                        "expires_on": date(2029, 12, 31),
                        **batch,
                    }
                )
                for line in lines
            ]
            return ship(
                session,
                order=order,
                note_number=f"SH{known + 1:06d}",
                lines=shipped,
                actor=self.actor_for(order.distributor_id),
                moment=self.moment,
            ).id

    def accept(self, delivery_id: int, accepted: int | None = None, **given) -> int:
        """Accept a delivery, or so many packs of each batch; return the receipt."""
        with transaction(self.engine) as session:
            delivery = session.get_one(Delivery, delivery_id)
            lines = [
                AcceptedLine(
                    delivery_line_id=line.id,
                    accepted=line.packs if accepted is None else accepted,
                    refused=0 if accepted is None else line.packs - accepted,
                    reason="" if accepted is None else "包装破损",
                    **given,
                )
                for line in delivery.lines
            ]
            return accept(
                session,
                delivery=delivery,
                lines=lines,
                received_on=self.day,
                actor=self.actor_for(delivery.order.hospital_id),
                moment=self.moment,
            ).id

    def send_back(self, receipt_id: int, packs: int, **given) -> int:
        """Return packs of a receipt's first batch; return the return."""
        with transaction(self.engine) as session:
            line = session.get_one(Receipt, receipt_id).lines[0]
            return return_goods(
                session,
                receipt_line=line,
                given=Returned(packs=packs, reason="质量问题", returned_on=self.day, **given),
                actor=self.actor_for(line.receipt.hospital_id),
                moment=self.moment,
            ).id

    def buy(self, packs: int = 10, product: str = "缬沙坦", **how) -> int:
        """Order, confirm, ship and accept packs; return the receipt."""
        return self.accept(self.ship(self.confirm(self.place(packs, product, **how))))

    def actor_for(self, organisation_id: int) -> Actor:
        """Somebody of an organisation."""
        others = (*self.distributors, self.outsider, self.negotiated_maker, self.other_maker)
        people: dict[int, Actor] = {one.id: one.actor for one in self.by_letter.values()}
        people |= {one.id: one.actor for one in (*self.every_hospital(), *others)}
        return people[organisation_id]

    def _record_winning(self, session) -> None:
        rows = session.execute(
            select(AwardedBid, LotStrength, Lot)
            .join(Lot, Lot.id == AwardedBid.lot_id)
            .join(LotStrength, LotStrength.lot_id == Lot.id)
            .where(Lot.round_id == self.round_id)
            .order_by(AwardedBid.id, LotStrength.id)
        ).all()
        for bid, strength, lot in rows:
            units, text = PACKS[lot.code]
            price = Decimal(text) * strength.strength_ratio
            session.add(
                AwardedPrice(
                    awarded_bid_id=bid.id,
                    lot_strength_id=strength.id,
                    strength=strength.strength,
                    pack_units=units,
                    pack_price=price,
                    unit_price=str(price / units),
                    source=PriceSource.DECLARED,
                )
            )
            record_price(
                session,
                organisation_id=bid.organisation_id,
                generic_product_id=lot.generic_product_id,
                lot_strength_id=strength.id,
                strength=strength.strength,
                pack_units=units,
                pack_price=price,
                starts_on=STARTS_ON,
                ends_on=bid.ends_on,
                source=f"{self.name} {lot.code}",
                moment=MOMENT,
                details=PriceDetails(bureau_id=self.bureau.id, is_public=True),
            )

    def _record_others(self, session) -> None:
        name, form, strength, units, price = NEGOTIATED
        generic = GenericProduct(name=name, printed_form=form, unit="片", recorded_at=MOMENT)
        session.add(generic)
        session.flush()
        self.negotiated_generic_id = generic.id
        self.negotiated_price_id = record_price(
            session,
            organisation_id=self.negotiated_maker.id,
            generic_product_id=generic.id,
            strength=strength,
            pack_units=units,
            pack_price=Decimal(price),
            kind=PriceKind.PAYMENT_STANDARD,
            starts_on=STARTS_ON,
            ends_on=date(2028, 12, 31),
            source="国家医保药品目录谈判",
            moment=MOMENT,
            details=PriceDetails(clause="talks", is_public=True),
        ).id
        lot = session.scalars(
            select(Lot).where(Lot.round_id == self.round_id, Lot.code == "L01")
        ).one()
        units, price = LISTED
        self.listed_price_id = record_price(
            session,
            organisation_id=self.other_maker.id,
            generic_product_id=lot.generic_product_id,
            strength="1mg",
            pack_units=units,
            pack_price=Decimal(price),
            kind=PriceKind.LISTING,
            starts_on=STARTS_ON,
            source="省级平台挂网",
            moment=MOMENT,
            details=PriceDetails(is_public=True),
        ).id

    def price(self, session, price_id: int) -> Price:
        """A price of the chain."""
        found: Price = session.get_one(Price, price_id)
        return found


def running_round(engine: Engine, **wanted) -> OrdersWorld:
    """A round whose cycle runs, on 1 March 2027."""
    if wanted:
        return _built(engine, **wanted)
    return kept("running", engine, build=_built, copied=_copied)


def _copied(world: OrdersWorld, engine: Engine) -> OrdersWorld:
    other = world.copied(engine)
    assert isinstance(other, OrdersWorld)
    return other


def _built(engine: Engine, **wanted) -> OrdersWorld:
    world = OrdersWorld(engine, **{"bids": BIDS, **wanted})
    world.bring_to_opening().evaluate()
    world.fix()
    world.choose_all_regions()
    world.make_first()
    return world.bring_to_orders()
