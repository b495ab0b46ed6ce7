"""Hospitals, sellers and agencies that owe and pay at random, with a twin of every balance.

The twin counts whole cents in plain dictionaries and knows nothing of accounts or entries; after
any number of events the book must say the same. The same events run on any book.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.rules import events
from procurement.payments.rules.events import Payment, Sources
from procurement.payments.rules.ledger import (
    AlreadyTakenBackError,
    Entry,
    KeyReusedError,
    OverdrawnError,
    UnbalancedError,
)
from procurement.payments.rules.offset import (
    AFTER_GOODS,
    BEFORE_GOODS,
    DueClaim,
    OffsetTerms,
    Position,
    plan_offset,
)

HOSPITALS, AGENCIES, SELLERS = (1, 2, 3), (11, 12), (21, 22, 23, 24)
FUNDS = (Fund.EMPLOYEE, Fund.RESIDENT)
K = AccountKind


def yuan(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def cents(amount: Decimal) -> int:
    whole = amount.scaleb(2)
    assert whole == whole.to_integral_value()
    return int(whole)


@dataclass
class Goods:
    """A delivery: packs, and what they cost in cents."""

    hospital: int
    seller: int
    packs: int
    amount: int
    paid: int = 0
    is_claimed: bool = False


@dataclass
class Instruction:
    """Something to be paid, and what happens when it is."""

    key: str
    payment: Payment
    amount: int
    goods: list[Goods] = field(default_factory=list)
    kind: AccountKind = AccountKind.OWED_TO_HOSPITAL
    """Where cancelling puts the amount back: what the fund owes, or what was given."""
    status: str = "drafted"
    paid_key: str = ""


class Economy:
    """Events at random on a book."""

    def __init__(self, book) -> None:
        self.book = book
        self.number = 0
        self.goods: list[Goods] = []
        self.instructions: list[Instruction] = []
        self.twin: defaultdict[tuple[Any, ...], int] = defaultdict(int)

    def run(self, random: np.random.Generator, number: int) -> None:
        """Let so many events happen."""
        self.random = random
        for kind in random.choice(len(_EVENTS), size=number, p=_WEIGHTS):
            self.number += 1
            _EVENTS[kind](self)

    def check(self) -> None:
        """The book has no fault and says what the twin says."""
        assert list(self.book.faults()) == []
        for (kind, *place), amount in self.twin.items():
            account = Account(kind, *place)
            assert cents(self.book.balance(account)) == amount, account
        for hospital in HOSPITALS:
            for seller in SELLERS:
                own = [g for g in self.goods if (g.hospital, g.seller) == (hospital, seller)]
                open_amount = sum(g.amount - g.paid for g in own)
                owed = self.book.balance(Account(K.OWED_TO_SELLER, hospital, seller))
                assert cents(owed) == -open_amount

    def _pick(self, options):
        return options[int(self.random.integers(len(options)))]

    def _amount(self, most: int = 1_000_000) -> int:
        return int(self.random.integers(1, most + 1))

    def _move(self, kind, *place_and_amount) -> None:
        *place, amount = place_and_amount
        self.twin[kind, *place] += amount

    def _key(self, what: str) -> str:
        return f"{what}/{self.number}"

    # What happens.

    def deliver(self) -> None:
        hospital, seller = self._pick(HOSPITALS), self._pick(SELLERS)
        packs, price = self._amount(500), self._amount(20_000)
        one = Goods(hospital, seller, packs, packs * price)
        self.book.post(
            self._key("goods"), events.goods_received(hospital, seller, yuan(one.amount))
        )
        self.goods.append(one)
        self._move(K.GOODS, hospital, seller, one.amount)

    def give_back(self) -> None:
        """A red invoice for some packs of what is not claimed."""
        free = [g for g in self.goods if not g.is_claimed and not g.paid and g.packs > 1]
        if free:
            one = self._pick(free)
            packs = self._amount(one.packs - 1)
            amount = one.amount // one.packs * packs
            self.book.post(
                self._key("red"), events.goods_received(one.hospital, one.seller, yuan(-amount))
            )
            one.packs, one.amount = one.packs - packs, one.amount - amount
            self._move(K.GOODS, one.hospital, one.seller, -amount)

    def owe(self) -> None:
        agency, hospital, fund = self._pick(AGENCIES), self._pick(HOSPITALS), self._pick(FUNDS)
        amount = self._amount(5_000_000)
        self.book.post(self._key("owes"), events.fund_owes(agency, hospital, fund, yuan(amount)))
        self._move(K.OWED_TO_HOSPITAL, agency, hospital, fund, -amount)

    def fill(self) -> None:
        agency, amount = self._pick(AGENCIES), self._amount(3_000_000)
        self.book.post(self._key("fill"), events.reserve_filled(agency, Fund.NONE, yuan(amount)))
        self._move(K.RESERVE_MONEY, agency, amount)

    def _reserve_left(self, agency: int) -> int:
        on_the_way = sum(
            cents(one.payment.sources.reserve)
            for one in self.instructions
            if one.payment.agency == agency and one.status in ("drafted", "returned")
        )
        return self.twin[K.RESERVE_MONEY, agency] - on_the_way

    def set_off(self) -> None:
        agency, hospital = self._pick(AGENCIES), self._pick(HOSPITALS)
        free = [
            g
            for g in self.goods
            if g.hospital == hospital and not g.is_claimed and g.amount > g.paid
        ][: self._amount(6)]
        position = Position(
            {one: yuan(-self.twin[K.OWED_TO_HOSPITAL, agency, hospital, one]) for one in FUNDS},
            yuan(self._reserve_left(agency)),
            yuan(self.twin[K.LENT_BY_RESERVE, agency, hospital]),
            yuan(self._amount() if self.random.integers(4) == 0 else 0),
        )
        terms = OffsetTerms(
            self._pick((FUNDS, FUNDS[::-1], FUNDS[:1])),
            self._pick((BEFORE_GOODS, AFTER_GOODS)),
            bool(self.random.integers(2)),
        )
        claims = [DueClaim(n, yuan(g.amount - g.paid)) for n, g in enumerate(free)]
        plan = plan_offset(position, claims, terms)
        self._check_plan(position, claims, plan)
        if plan.refilled.amount:
            self.book.post(
                self._key("refill"), events.reserve_refilled(agency, hospital, plan.refilled)
            )
            self._spend(agency, hospital, plan.refilled, 1)
            self._move(K.LENT_BY_RESERVE, agency, hospital, -cents(plan.refilled.amount))
            self._move(K.RESERVE_MONEY, agency, cents(plan.refilled.amount))
        for paid in plan.paid:
            one = free[paid.key]
            entries = events.goods_instructed(agency, hospital, one.seller, paid.sources)
            payment = Payment(agency, hospital, one.seller, paid.sources)
            self._instruct(f"claim{paid.key}", payment, entries, [one])
            self._spend(agency, hospital, paid.sources, 1)
            self._move(K.LENT_BY_RESERVE, agency, hospital, cents(paid.sources.reserve))
        if plan.to_hospital.amount:
            entries = events.remainder_instructed(agency, hospital, plan.to_hospital)
            self._instruct("rest", Payment(agency, hospital, hospital, plan.to_hospital), entries)
            self._spend(agency, hospital, plan.to_hospital, 1)

    def _check_plan(self, position, claims, plan) -> None:
        owed = sum(position.fund_payable.values())
        used = plan.sources.employee + plan.sources.resident
        assert owed == used + plan.refilled.amount + plan.held.amount + plan.to_hospital.amount
        assert plan.to_hospital.amount <= owed
        assert sum(one.amount for one in claims) == plan.sources.amount + plan.unpaid
        back = position.reserve_debt - plan.refilled.amount
        assert plan.reserve_debt == back + plan.sources.reserve

    def _spend(self, agency: int, hospital: int, sources: Sources, sign: int) -> None:
        for fund in FUNDS:
            self._move(K.OWED_TO_HOSPITAL, agency, hospital, fund, sign * cents(sources.of(fund)))

    def _instruct(self, name, payment, entries, goods=()) -> Instruction:
        one = Instruction(
            self._key(name), payment, cents(payment.sources.amount), goods=list(goods)
        )
        self.book.post(one.key, entries)
        for line in one.goods:
            line.is_claimed = True
        self.instructions.append(one)
        return one

    def _free(self) -> list[Goods]:
        """Goods that are open and not claimed."""
        return [one for one in self.goods if not one.is_claimed and one.amount > one.paid]

    def _of(self, *statuses: str) -> list[Instruction]:
        return [one for one in self.instructions if one.status in statuses]

    def pay(self) -> None:
        drafted = self._of("drafted")
        if drafted:
            one = self._pick(drafted)
            one.paid_key = f"{one.key}/paid/{self.number}"
            self.book.post(one.paid_key, events.paid(one.payment))
            one.status = "paid"
            self._pay_twin(one, 1)

    def _pay_twin(self, one: Instruction, sign: int) -> None:
        payment = one.payment
        self._move(K.RESERVE_MONEY, payment.agency, -sign * cents(payment.sources.reserve))
        for line in one.goods:
            line.paid += sign * one.amount
        if payment.is_prepayment and payment.payee != payment.hospital:
            self._move(K.PREPAID_TO_SELLER, payment.hospital, payment.payee, sign * one.amount)
        if payment.payee == payment.hospital:
            self._move(K.OWN_MONEY, payment.hospital, sign * one.amount)

    def bring_back(self) -> None:
        """The bank returns what it had paid."""
        paid = [
            one
            for one in self._of("paid")
            # What was prepaid may be used up by then: the book refuses to take that back.
            if not one.payment.is_prepayment and one.payment.sources.reserve == 0
        ]
        if paid:
            one = self._pick(paid)
            self.book.take_back(one.paid_key)
            one.status = "returned"
            self._pay_twin(one, -1)

    def send_again(self) -> None:
        for one in self._of("returned")[:1]:
            one.status = "drafted"

    def cancel(self) -> None:
        """What an instruction took goes back, unless it was used since."""
        drafted = self._of("drafted", "returned")
        if not drafted:
            return
        one = self._pick(drafted)
        place = (one.payment.agency, one.payment.hospital)
        reserve, amount = cents(one.payment.sources.reserve), one.amount
        is_given = one.kind in (K.PREPAID, K.REVOLVING)
        used = is_given and self.twin[one.kind, *place] < amount
        if used or self.twin[K.LENT_BY_RESERVE, *place] < reserve:
            with pytest.raises(OverdrawnError):
                self.book.take_back(one.key)
            return
        self.book.take_back(one.key)
        one.status = "cancelled"
        for line in one.goods:
            line.is_claimed = False
        self._move(K.LENT_BY_RESERVE, *place, -reserve)
        if is_given:
            self._move(one.kind, *place, -amount)
        elif one.kind is K.OWED_TO_HOSPITAL:
            self._spend(*place, one.payment.sources, -1)

    def repay_reserve(self) -> None:
        agency, hospital = self._pick(AGENCIES), self._pick(HOSPITALS)
        owed = self.twin[K.LENT_BY_RESERVE, agency, hospital]
        if owed:
            amount = self._amount(owed)
            self.book.post(
                self._key("repay"), events.reserve_repaid(agency, hospital, yuan(amount))
            )
            self._move(K.LENT_BY_RESERVE, agency, hospital, -amount)
            self._move(K.RESERVE_MONEY, agency, amount)
            self._move(K.OWN_MONEY, hospital, -amount)

    def prepay(self) -> None:
        agency, hospital = self._pick(AGENCIES), self._pick(HOSPITALS)
        payee = self._pick((hospital, *SELLERS))
        sources = events.of_fund(self._pick(FUNDS), yuan(self._amount()))
        entries = events.prepayment_instructed(agency, hospital, payee, sources)
        payment = Payment(agency, hospital, payee, sources, is_prepayment=True)
        one = self._instruct("prepay", payment, entries)
        one.kind = K.PREPAID
        self._move(K.PREPAID, agency, hospital, cents(sources.amount))

    def give_revolving(self) -> None:
        agency, hospital = self._pick(AGENCIES), self._pick(HOSPITALS)
        sources = events.of_fund(self._pick(FUNDS), yuan(self._amount()))
        entries = events.revolving_instructed(agency, hospital, sources)
        one = self._instruct("revolve", Payment(agency, hospital, hospital, sources), entries)
        one.kind = K.REVOLVING
        self._move(K.REVOLVING, agency, hospital, cents(sources.amount))

    def retain(self) -> None:
        agency, hospital = self._pick(AGENCIES), self._pick(HOSPITALS)
        sources = Sources(yuan(self._amount()), yuan(self._amount()))
        entries = events.retained_instructed(agency, hospital, sources)
        one = self._instruct("retain", Payment(agency, hospital, hospital, sources), entries)
        one.kind = K.RETAINED_COST

    def clear(self) -> None:
        """What a fund owes is set off against prepaid or revolving money."""
        agency, hospital, fund = self._pick(AGENCIES), self._pick(HOSPITALS), self._pick(FUNDS)
        kind = self._pick((K.PREPAID, K.REVOLVING))
        owed = -self.twin[K.OWED_TO_HOSPITAL, agency, hospital, fund]
        most = min(owed, self.twin[kind, agency, hospital])
        if most:
            sources = events.of_fund(fund, yuan(self._amount(most)))
            make = events.prepayment_cleared if kind is K.PREPAID else events.revolving_cleared
            self.book.post(self._key("clear"), make(agency, hospital, sources))
            self._spend(agency, hospital, sources, 1)
            self._move(kind, agency, hospital, -cents(sources.amount))

    def pass_on(self) -> None:
        hospital, seller, amount = self._pick(HOSPITALS), self._pick(SELLERS), self._amount()
        self.book.post(
            self._key("pass"), events.prepayment_passed_on(hospital, seller, yuan(amount))
        )
        self._move(K.PREPAID_TO_SELLER, hospital, seller, amount)
        self._move(K.OWN_MONEY, hospital, -amount)

    def use_prepaid(self) -> None:
        free = self._free()
        if free:
            one = self._pick(free)
            held = self.twin[K.PREPAID_TO_SELLER, one.hospital, one.seller]
            amount = min(held, one.amount - one.paid)
            if amount:
                self.book.post(
                    self._key("use"),
                    events.prepayment_used(one.hospital, one.seller, yuan(amount)),
                )
                one.paid += amount
                self._move(K.PREPAID_TO_SELLER, one.hospital, one.seller, -amount)

    def pay_oneself(self) -> None:
        free = self._free()
        if free:
            one = self._pick(free)
            left = one.amount - one.paid
            self.book.post(
                self._key("own"), events.hospital_paid(one.hospital, one.seller, yuan(left))
            )
            one.paid += left
            one.is_claimed = True
            self._move(K.OWN_MONEY, one.hospital, -left)

    def overdraw(self) -> None:
        """Nothing is posted that uses more than there is."""
        agency, hospital, fund = self._pick(AGENCIES), self._pick(HOSPITALS), self._pick(FUNDS)
        owed = -self.twin[K.OWED_TO_HOSPITAL, agency, hospital, fund]
        too_much = events.of_fund(fund, yuan(owed + 1))
        with pytest.raises(OverdrawnError):
            self.book.post(
                self._key("over"), events.remainder_instructed(agency, hospital, too_much)
            )

    def repeat(self) -> None:
        """The same event twice is one; another under its key is refused."""
        hospital, amount = self._pick(HOSPITALS), self._amount()
        key = self._key("twice")
        entries = events.prepayment_passed_on(hospital, SELLERS[0], yuan(amount))
        first = self.book.post(key, entries)
        assert self.book.post(key, entries) is first
        with pytest.raises(KeyReusedError):
            self.book.post(key, events.prepayment_passed_on(hospital, SELLERS[0], yuan(amount + 1)))
        self._move(K.PREPAID_TO_SELLER, hospital, SELLERS[0], amount)
        self._move(K.OWN_MONEY, hospital, -amount)

    def unbalance(self) -> None:
        """Nothing is posted that does not sum to zero in everybody's books."""
        one, other = Account(K.GOODS, 1, 21), Account(K.FUND_COST, 11, None, Fund.EMPLOYEE)
        with pytest.raises(UnbalancedError):
            self.book.post(self._key("odd"), (Entry(one, Decimal(1)), Entry(other, Decimal(-1))))

    def take_back_twice(self) -> None:
        for one in self._of("cancelled")[-1:]:
            with pytest.raises(AlreadyTakenBackError):
                self.book.take_back(one.key)


_TABLE = {
    Economy.deliver: 14,
    Economy.give_back: 3,
    Economy.owe: 10,
    Economy.fill: 3,
    Economy.set_off: 14,
    Economy.pay: 20,
    Economy.bring_back: 3,
    Economy.send_again: 3,
    Economy.cancel: 3,
    Economy.repay_reserve: 4,
    Economy.prepay: 3,
    Economy.give_revolving: 2,
    Economy.retain: 2,
    Economy.clear: 4,
    Economy.pass_on: 3,
    Economy.use_prepaid: 4,
    Economy.pay_oneself: 2,
    Economy.overdraw: 1,
    Economy.repeat: 1,
    Economy.unbalance: 1,
    Economy.take_back_twice: 1,
}
_EVENTS = tuple(_TABLE)
_WEIGHTS = np.array(list(_TABLE.values())) / sum(_TABLE.values())
