"""Conservation over generated events: ordered = accepted + open + cancelled, on each database.

A machine orders, confirms, declines, ships, accepts, returns and cancels as it likes, also more
than there is. Beside the database it keeps its own books; after every event the two agree, and
what was bought adds up to what was accepted less what went back. 3,000 events on each database,
the same each time.
"""

import os
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import func, select

from procurement.audit.tables import AuditEntry
from procurement.database import transaction
from procurement.errors import RefusedError
from procurement.orders.cancelling import cancel_lines
from procurement.orders.confirming import decline_order
from procurement.orders.offers import Offer
from procurement.orders.placing import Wanted, place_order
from procurement.orders.states import OrderStatus, TraceCodeStatus
from procurement.orders.tables import (
    DeliveryLine,
    PurchaseLine,
    PurchaseOrder,
    Receipt,
    TraceCode,
)
from tests.procurement.orders.world import OrdersWorld

STEPS = 100
"""The most steps of a run; those that are refused are no events."""

EVENTS = int(os.environ.get("JICAI_DATABASE_EVENTS", "3000"))
"""What all runs come to at least; `make soak` asks for more."""

RUNS = -(-EVENTS * 42 // 3_000)

PRODUCTS = ("缬沙坦", "阿莫西林", "达格列净")

PACKS = st.integers(min_value=0, max_value=12)
WHICH = st.integers(min_value=0, max_value=10**6)


@dataclass
class Book:
    """What the machine believes of one order of one line."""

    id: int
    packs: int
    accepted: int = 0
    cancelled: int = 0
    returned: int = 0
    answered: bool = False
    on_way: dict[int, int] = field(default_factory=dict)
    """Packs by delivery."""
    received: dict[int, int] = field(default_factory=dict)
    """Packs that are there, by receipt."""

    @property
    def unshipped(self) -> int:
        return self.packs - self.accepted - self.cancelled - sum(self.on_way.values())


class Orders(RuleBasedStateMachine):
    """The machine; a test gives it the world and the offers to order from, by product."""

    world: ClassVar[OrdersWorld]
    offers: ClassVar[dict[str, Offer]]
    books: ClassVar[list[Book]]
    codes = 0
    events = 0
    acts = 0

    def _pick(self, which, eligible=lambda book: True):
        """A book of those that something can happen to, else any, else none."""
        found = [book for book in self.books if eligible(book)] or self.books
        return found[which % len(found)] if found else None

    def _tried(self, act, *, fits):
        """Do something; it is refused exactly where the books say that it does not fit."""
        type(self).events += 1
        try:
            done = act()
        except RefusedError:
            assert not fits
            return None
        assert fits
        type(self).acts += 1
        return done

    @rule(packs=st.integers(min_value=0, max_value=60), product=st.sampled_from(PRODUCTS))
    def order(self, packs, product):
        offer = self.offers[product]

        def act():
            with transaction(self.world.engine) as session:
                return place_order(
                    session,
                    hospital_id=self.world.hospital.id,
                    actor=self.world.hospital.actor,
                    lines=[Wanted(offer.key, packs, offer.pack_price)],
                    distributor_id=offer.sellers[0].id,
                    moment=self.world.moment,
                ).id

        order_id = self._tried(act, fits=packs > 0)
        if order_id is not None:
            book = Book(order_id, packs)
            self.books.append(book)
            self._check(book)

    @rule(which=WHICH, declines=st.integers(min_value=0, max_value=9))
    def answer(self, which, declines):
        book = self._pick(which, lambda one: not one.answered)
        if book is None:
            return
        fits = not book.answered and book.cancelled < book.packs
        act = self._decline if declines == 0 else self.world.confirm
        if self._tried(lambda: act(book.id), fits=fits) is not None:
            book.answered = True
            book.cancelled = book.packs if declines == 0 else book.cancelled
        self._check(book)

    def _decline(self, order_id):
        with transaction(self.world.engine) as session:
            order = session.get_one(PurchaseOrder, order_id)
            return decline_order(
                session,
                order=order,
                reason="停产",
                actor=self.world.hospital.actor,
                moment=self.world.moment,
            ).id

    @rule(which=WHICH, packs=st.integers(min_value=1, max_value=12), coded=st.booleans())
    def ship(self, which, packs, coded):
        book = self._pick(which, lambda one: one.answered and one.unshipped)
        if book is None:
            return
        fits = book.answered and packs <= book.unshipped
        codes = tuple(f"C{self.codes + number}" for number in range(packs)) if coded else ()

        def act():
            return self.world.ship(book.id, packs, trace_codes=codes)

        delivery_id = self._tried(act, fits=fits)
        if delivery_id is not None:
            book.on_way[delivery_id] = packs
            type(self).codes += len(codes)
        self._check(book)

    @rule(which=WHICH, accepted=PACKS)
    def accept(self, which, accepted):
        book = self._pick(which, lambda one: one.on_way)
        if book is None or not book.on_way:
            return
        delivery_id = next(iter(book.on_way))
        packs = book.on_way[delivery_id]
        named = self._named(delivery_id, packs - accepted) if 0 < accepted < packs else ()

        def act():
            return self.world.accept(delivery_id, accepted, refused_codes=named)

        receipt_id = self._tried(act, fits=accepted <= packs)
        if receipt_id is not None:
            del book.on_way[delivery_id]
            book.accepted += accepted
            if accepted:
                book.received[receipt_id] = accepted
        self._check(book)

    def _named(self, delivery_id, packs, status=TraceCodeStatus.DELIVERED):
        """Codes of the packs that are refused or go back, where they bear any."""
        with self.world.read() as session:
            own = select(TraceCode.code).join(
                DeliveryLine, DeliveryLine.id == TraceCode.delivery_line_id
            )
            found = session.scalars(
                own.where(DeliveryLine.delivery_id == delivery_id)
                .where(TraceCode.status == status)
                .order_by(TraceCode.code)
            )
            return tuple(found)[:packs]

    @rule(which=WHICH, packs=PACKS)
    def send_back(self, which, packs):
        book = self._pick(which, lambda one: one.received)
        if book is None or not book.received:
            return
        receipt_id, there = next(iter(book.received.items()))

        with self.world.read() as session:
            delivery_id = session.get_one(Receipt, receipt_id).delivery_id
        # Where every pack bears a code those that go back are named.
        named = self._named(delivery_id, packs, TraceCodeStatus.ACCEPTED)

        def act():
            return self.world.send_back(receipt_id, packs, trace_codes=named)

        if self._tried(act, fits=0 < packs <= there) is not None:
            book.returned += packs
            book.received[receipt_id] -= packs
            if not book.received[receipt_id]:
                del book.received[receipt_id]
        self._check(book)

    @rule(which=WHICH, packs=PACKS)
    def cancel(self, which, packs):
        book = self._pick(which, lambda one: one.unshipped)
        if book is None:
            return

        def act():
            with transaction(self.world.engine) as session:
                order = session.get_one(PurchaseOrder, book.id)
                return cancel_lines(
                    session,
                    order=order,
                    packs={order.lines[0].id: packs},
                    reason="不再需要",
                    actor=self.world.hospital.actor,
                    moment=self.world.moment,
                ).id

        if self._tried(act, fits=0 < packs <= book.unshipped) is not None:
            book.cancelled += packs
        self._check(book)

    def _check(self, book):
        with self.world.read() as session:
            order = session.get_one(PurchaseOrder, book.id)
            check(book, order, order.lines[0])

    def teardown(self):
        check_all(self.world, self.books)


def check_all(world, books):
    """Every order, and the sums of what was bought."""
    with world.read() as session:
        orders = {one.id: one for one in session.scalars(select(PurchaseOrder))}
        assert len(orders) == len(books)
        for book in books:
            check(book, orders[book.id], orders[book.id].lines[0])
        check_sums(session, [one.lines[0] for one in orders.values()])


def check(book, order, line):
    """One order: conserved, and as the books have it."""
    assert line.packs == line.accepted_packs + line.open_packs + line.cancelled_packs
    assert (line.packs, line.accepted_packs) == (book.packs, book.accepted)
    assert (line.cancelled_packs, line.returned_packs) == (book.cancelled, book.returned)
    assert line.shipped_packs == book.accepted + sum(book.on_way.values())
    assert line.unshipped_packs == book.unshipped
    is_over = order.status in (OrderStatus.CLOSED, OrderStatus.CANCELLED, OrderStatus.DECLINED)
    assert is_over == (line.open_packs == 0)
    assert (order.closed_at is not None) == is_over


def check_sums(session, lines):
    """All orders: bought = accepted - returned, in units and in yuan; packs with codes too."""
    quantity, amount = session.execute(
        select(func.sum(PurchaseLine.quantity), func.sum(PurchaseLine.amount))
    ).one()
    kept = [(one.accepted_packs - one.returned_packs, one) for one in lines]
    assert int(quantity or 0) == sum(packs * one.pack_units for packs, one in kept)
    assert Decimal(amount or 0) == sum(packs * one.pack_price for packs, one in kept)
    coded = session.scalar(select(func.count()).where(TraceCode.status == TraceCodeStatus.ACCEPTED))
    assert (coded or 0) <= sum(one.accepted_packs for one in lines)


def test_what_was_ordered_is_accepted_open_or_cancelled_after_every_event(world):
    with world.read() as session:
        offers = {name: world.offer(session, name) for name in PRODUCTS}

    class Machine(Orders):
        books: ClassVar[list[Book]] = []

    Machine.world, Machine.offers = world, offers
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Machine.events >= EVENTS
    with world.read() as session:
        recorded = session.scalar(
            select(func.count()).where(AuditEntry.subject.startswith("order/"))
        )
    # Every change left its entry, and what was refused left none.
    assert recorded == Machine.acts
