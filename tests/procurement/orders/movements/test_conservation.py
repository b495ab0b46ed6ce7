"""Whatever hospitals send, return and delete: what is counted is what a plain book says."""

from decimal import Decimal
from random import Random  # noqa: TID251 - seeded, so that every run can be repeated

import pytest
from sqlalchemy import func, select

from procurement.errors import InvalidInputError
from procurement.orders.movements.kinds import MovementKind
from procurement.orders.tables import PurchaseLine
from tests.procurement.orders.movements.stock import (
    OTHER,
    PURCHASE,
    RETURN,
    WINNER,
    furnish,
    send,
)

EVENTS = 120


class Book:
    """A hospital's purchases off the platform, each kept by itself in plain numbers."""

    def __init__(self) -> None:
        self.bought: dict[str, tuple[str, int, Decimal]] = {}
        self.back: dict[str, tuple[str, int]] = {}

    def returned(self, serial: str) -> int:
        return sum(packs for of, packs in self.back.values() if of == serial)

    def units(self, code: str) -> int:
        return sum(
            10 * (packs - self.returned(serial))
            for serial, (its_code, packs, _) in self.bought.items()
            if its_code == code
        )

    def amount(self) -> Decimal:
        """Exact, since prices have two decimals and packs ten units."""
        return sum(
            (
                (packs - self.returned(one)) * price
                for one, (_, packs, price) in self.bought.items()
            ),
            Decimal(0),
        )


class Story:
    """One random story of a hospital, told to the platform and to the book."""

    def __init__(self, world, seed: int) -> None:
        self.world, self.book = world, Book()
        self.random = Random(seed)  # noqa: S311 - not for secrets
        self.number = 0

    def step(self) -> None:
        self.number += 1
        tell = self.random.choice([self.buy, self.buy, self.send_back, self.delete, self.send_back])
        tell()

    def buy(self) -> None:
        code = self.random.choice([WINNER, OTHER])
        packs, price = self.random.randint(1, 9), Decimal(self.random.randint(1, 9999)) / 100
        serial = f"B-{self.number}"
        record = PURCHASE | {
            "med_list_codg": code,
            "aprvno": "",
            "fixmedins_bchno": serial,
            "finl_trns_pric": str(price),
            "purc_retn_cnt": str(packs),
            "manu_lotnum": serial,
        }
        send(self.world, record | {"aprvno": "无"})
        self.book.bought[serial] = (code, packs, price)

    def send_back(self) -> None:
        if not self.book.bought:
            return
        of = self.random.choice(sorted(self.book.bought))
        code, bought, _ = self.book.bought[of]
        packs, serial = self.random.randint(1, 6), f"R-{self.number}"
        record = RETURN | {
            "med_list_codg": code,
            "fixmedins_bchno": serial,
            "medins_prod_purc_no": of,
            "purc_retn_cnt": str(packs),
        }
        send(self.world, record, kind=MovementKind.PURCHASE_RETURN)
        # More than is left is kept as unclear, and not counted.
        if self.book.returned(of) + packs <= bought:
            self.book.back[serial] = (of, packs)

    def delete(self) -> None:
        known = sorted([*self.book.bought, *self.book.back])
        if not known:
            return
        serial = self.random.choice(known)
        record = {"fixmedins_bchno": serial, "inv_data_type": "3"}
        try:
            send(self.world, record, kind=MovementKind.DELETION)
        except InvalidInputError:
            assert serial in self.book.bought
            return
        self.book.bought.pop(serial, None)
        self.book.back.pop(serial, None)

    def check(self) -> None:
        with self.world.read() as session:
            rows = session.execute(
                select(PurchaseLine.is_winning, func.sum(PurchaseLine.quantity)).group_by(
                    PurchaseLine.is_winning
                )
            ).all()
            amount = session.scalar(select(func.sum(PurchaseLine.amount)))
        units = {bool(won): int(quantity) for won, quantity in rows}
        assert units.get(True, 0) == self.book.units(WINNER)
        assert units.get(False, 0) == self.book.units(OTHER)
        assert Decimal(amount or 0) == self.book.amount()


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_counted_is_what_a_plain_book_says(world, seed):
    story = Story(furnish(world), seed)
    for number in range(EVENTS):
        story.step()
        if number % 20 == 19:
            story.check()
    assert story.book.back and story.book.bought
    story.check()
