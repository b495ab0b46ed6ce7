"""What a hospital wants to order, checked line by line against what it is offered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.errors import FieldFault, RefusedError
from procurement.orders.errors import NoPriceError, UnknownOfferError, WrongPriceError
from procurement.orders.offers import Offer
from procurement.orders.purchases.amounts import TooMuchError, amounts_of

QUANTITY_MAX = 10**12
"""Most minimal units of one line: millions of such lines still add up within 64 bits."""

LINES_MAX = 2_000
"""Lines of one order."""

Place = Callable[[int, str], str]
"""Says where the line with an index, and a name of `Wanted`, stands on a page or in a file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line that is wanted.

    Attributes:
        offer_key: `procurement.orders.offers.Offer.key`.
        packs: How many.
        price: Yuan a pack as the client knows it: must be the price in force; None to not compare.
    """

    offer_key: str
    packs: int
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A line that may be ordered.

    Attributes:
        offer: What.
        packs: How many.
        pack_price: Yuan a pack.
        price_id: The price in the chain.
    """

    offer: Offer
    packs: int
    pack_price: Decimal
    price_id: int


def line_place(index: int, name: str) -> str:
    """Where a line stands in a form.

    Examples:
        >>> line_place(0, "packs")
        'lines.1.packs'
    """
    return f"lines.{index + 1}.{name}"


def choose(
    wanted: Sequence[Wanted],
    *,
    offers: Mapping[str, Offer],
    place: Place = line_place,
) -> tuple[list[Chosen], list[FieldFault]]:
    """Check lines against offers.

    Args:
        wanted: The lines.
        offers: By key.
        place: Names fields in faults.

    Returns:
        The lines that may be ordered, and every fault; nothing is ordered if there is one.
    """
    chosen: list[Chosen] = []
    faults: list[FieldFault] = []
    seen: set[str] = set()
    for index, line in enumerate(wanted):
        offer = offers.get(line.offer_key)
        if offer is None:
            faults.append(_fault(place(index, "offer"), UnknownOfferError(line.offer_key)))
            continue
        if line.offer_key in seen:
            zh, en = "同一产品重复出现，请合并。", "The same product twice: put it into one line."
            faults.append(FieldFault(place(index, "offer"), zh, en))
            continue
        seen.add(line.offer_key)
        own = [_fault(place(index, name), why) for name, why in _refusals(line, offer)]
        faults += own
        if not own and offer.pack_price is not None and offer.price_id is not None:
            chosen.append(Chosen(offer, line.packs, offer.pack_price, offer.price_id))
    return chosen, faults


def _refusals(line: Wanted, offer: Offer) -> Iterator[tuple[str, RefusedError]]:
    """Why a line cannot be ordered, with the name of what is wrong."""
    if offer.refusal is not None:
        yield "offer", offer.refusal
    if line.packs < 1:
        yield (
            "packs",
            RefusedError(zh="须为不小于 1 的整数。", en="Expected a whole number from 1."),
        )
    if offer.pack_price is None:
        if not isinstance(offer.refusal, NoPriceError) and offer.refusal is None:
            yield "offer", RefusedError(zh="没有有效的价格。", en="No price holds.")
        return
    if line.price is not None and line.price != offer.pack_price:
        yield "price", WrongPriceError(_plain(line.price), _plain(offer.pack_price))
    if line.packs >= 1 and _is_too_much(line.packs, offer):
        yield "packs", TooMuchError(line.packs)


def _is_too_much(packs: int, offer: Offer) -> bool:
    if offer.pack_price is None:
        return False
    try:
        found = amounts_of(packs=packs, pack_units=offer.pack_units, pack_price=offer.pack_price)
    except TooMuchError:
        return True
    return found.quantity > QUANTITY_MAX


def _plain(price: Decimal) -> str:
    return f"{price.normalize():f}"


def _fault(field: str, refusal: RefusedError) -> FieldFault:
    return FieldFault(field, refusal.zh, refusal.en)
