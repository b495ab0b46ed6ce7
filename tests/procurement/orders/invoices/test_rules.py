"""The rules of matching against a twin that follows every pack by itself."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.invoices.rules import (
    FaultKind,
    Invoiced,
    Received,
    amount_fault,
    is_waiting,
    line_faults,
    total_fault,
)

PRICE = Decimal("12.50")
NAME = "阿那曲唑"


class Packs:
    """Each pack as a thing of its own: kept or returned, invoiced or not."""

    def __init__(self, accepted: int) -> None:
        self.kept = [False] * accepted  # whether each kept pack is invoiced
        self.returned_invoiced = 0
        self.returned = 0

    def send_back(self, packs: int) -> bool:
        if packs > len(self.kept):
            return False
        # Packs that nobody invoiced go back first: the invoices still hold then.
        self.kept.sort()
        for is_invoiced in self.kept[:packs]:
            self.returned += 1
            self.returned_invoiced += is_invoiced
        self.kept = self.kept[packs:]
        return True

    def invoice(self, packs: int) -> bool:
        if self.returned_invoiced or self.kept.count(False) < packs:
            return False
        for place, is_invoiced in enumerate(self.kept):
            if packs and not is_invoiced:
                self.kept[place], packs = True, packs - 1
        return True

    def take_money_back(self, packs: int) -> bool:
        if packs > self.returned_invoiced + self.kept.count(True):
            return False
        first = min(packs, self.returned_invoiced)
        self.returned_invoiced -= first
        for place, is_invoiced in enumerate(self.kept):
            if packs > first and is_invoiced:
                self.kept[place], packs = False, packs - 1
        return True


EVENTS = st.lists(
    st.tuples(st.sampled_from(["return", "invoice", "red"]), st.integers(1, 12)), max_size=30
)


@given(st.integers(0, 20), EVENTS)
def test_packs_are_invoiced_at_most_once_whatever_happens(accepted, events):
    twin, returned, invoiced = Packs(accepted), 0, 0
    for kind, packs in events:
        if kind == "return":
            returned += packs if twin.send_back(packs) else 0
            continue
        signed = packs if kind == "invoice" else -packs
        received = Received(NAME, NAME, PRICE, accepted, True, accepted, returned, invoiced)
        faults = line_faults(Invoiced(NAME, signed, PRICE, signed * PRICE), received)
        expected = twin.invoice(packs) if kind == "invoice" else twin.take_money_back(packs)
        assert (not faults) is expected, (kind, packs, received)
        if not faults:
            invoiced += signed
        assert 0 <= invoiced <= accepted
    assert invoiced == twin.returned_invoiced + twin.kept.count(True)


@given(
    st.integers(-10_000, 10_000).filter(bool),
    st.integers(0, 10**9).map(lambda count: Decimal(count).scaleb(-4)),
    st.integers(-3, 3),
)
def test_an_amount_agrees_exactly_or_rounded_half_up_to_the_cent(packs, price, off):
    counts = packs * int(price.scaleb(4))
    sign = -1 if counts < 0 else 1
    cents = sign * ((abs(counts) + 50) // 100)
    exact, rounded = Decimal(counts).scaleb(-4), Decimal(cents).scaleb(-2)
    for amount in (exact, rounded):
        assert amount_fault(Invoiced("", packs, price, amount)) is None
        other = amount + Decimal(off).scaleb(-4)
        is_good = other in (exact, rounded)
        assert (amount_fault(Invoiced("", packs, price, other)) is None) is is_good


def test_goods_on_their_way_wait_and_nothing_else_does():
    coming = Received(NAME, NAME, PRICE, 10, False, 0, 0, 0)
    waiting = line_faults(Invoiced(NAME, 10, PRICE, 10 * PRICE), coming)
    assert is_waiting(waiting)
    dearer = line_faults(Invoiced(NAME, 10, PRICE + 1, 10 * (PRICE + 1)), coming)
    assert {fault.kind for fault in dearer} == {FaultKind.PRICE, FaultKind.WAITING}
    assert not is_waiting(dearer)


def test_lines_must_add_up_to_the_cent_hundredth():
    assert total_fault([Decimal("0.0001")] * 3, Decimal("0.0003")) is None
    assert total_fault([Decimal("0.01")], Decimal("0.0099")) is not None
