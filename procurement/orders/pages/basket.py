"""What a hospital puts together on one page: for each manufacturer and agreement one order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.agreements.at_edge import typed_id
from procurement.errors import FieldFault
from procurement.orders.errors import UnknownOfferError
from procurement.orders.offers import Offer
from procurement.orders.pages.typed import GoodsReader
from procurement.orders.placing import of_one_order
from procurement.orders.states import OrderKind
from procurement.orders.wanted import Wanted
from procurement.web import Form

PACKS, PRICE = "packs-", "price-"
NAMES = {"offer": PACKS, "packs": PACKS, "price": PACKS}
"""Where the form shows what is wrong with a line."""


@dataclass(frozen=True, slots=True)
class Group:
    """Offers that can go into one order.

    Attributes:
        key: Names the group in fields.
        offers: Its offers.
    """

    key: str
    offers: tuple[Offer, ...]

    @property
    def kind(self) -> OrderKind:
        """Under what it is ordered."""
        return self.offers[0].kind

    @property
    def manufacturer(self) -> str:
        """From whom."""
        return self.offers[0].manufacturer

    @property
    def round_title(self) -> str:
        """Of the agreement; empty without one."""
        return self.offers[0].round_title

    @property
    def ends_on(self) -> date | None:
        """The first of the last days on which its offers may be ordered."""
        return min((one.ends_on for one in self.offers if one.ends_on), default=None)

    @property
    def sellers(self) -> list[tuple[int, str]]:
        """Who may deliver something of it."""
        return sorted({(one.id, one.name) for offer in self.offers for one in offer.sellers})

    @property
    def seller_field(self) -> str:
        """The field in which somebody of them is chosen."""
        return f"seller-{self.key}"


@dataclass(frozen=True, slots=True)
class Part:
    """One order of the basket.

    Attributes:
        group: Of which group.
        chosen: Offers and packs.
        lines: The same for the service.
        seller_id: Who delivers; None where nobody was chosen.
    """

    group: Group
    chosen: tuple[tuple[Offer, int], ...]
    lines: tuple[Wanted, ...]
    seller_id: int | None

    @property
    def manufacturer(self) -> str:
        """From whom."""
        return self.group.manufacturer

    @property
    def seller(self) -> str:
        """Name of who delivers."""
        return dict(self.group.sellers).get(self.seller_id or 0, "")

    @property
    def total(self) -> Decimal:
        """Yuan."""
        amounts = (packs * (one.pack_price or Decimal(0)) for one, packs in self.chosen)
        return sum(amounts, Decimal(0))

    @property
    def fields(self) -> dict[str, str]:
        """What the form calls what the service calls otherwise."""
        return {
            "distributor_id": self.group.seller_field,
            **{
                f"lines.{number}.{theirs}": f"{ours}{line.offer_key}"
                for number, line in enumerate(self.lines, 1)
                for theirs, ours in NAMES.items()
            },
        }


def grouped(offers: Iterable[Offer]) -> list[Group]:
    """Put offers that one order may hold together; those under agreements come first."""
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        key = "-".join(str(one or 0) for one in of_one_order(offer))
        found.setdefault(key, []).append(offer)
    groups = [Group(key, tuple(own)) for key, own in found.items()]
    return sorted(groups, key=lambda group: list(OrderKind).index(group.kind))


def parts_of(form: Form, groups: Sequence[Group], reader: GoodsReader) -> list[Part]:
    """Read what was typed; faults go to the reader, also of goods that are offered no more."""
    parts = [part for group in groups if (part := _part(form, group, reader)) is not None]
    known = {offer.key for group in groups for offer in group.offers}
    for name in form:
        key = name.removeprefix(PACKS)
        if name.startswith(PACKS) and form.get(name) and key not in known:
            gone = UnknownOfferError(key)
            reader.faults.append(FieldFault(name, gone.zh, gone.en))
    return parts


def _part(form: Form, group: Group, reader: GoodsReader) -> Part | None:
    lines: list[tuple[Offer, Wanted]] = []
    for offer in group.offers:
        packs = reader.whole(f"{PACKS}{offer.key}")
        if packs:
            price = reader.decimal(f"{PRICE}{offer.key}")
            lines.append((offer, Wanted(offer.key, packs, price)))
    if not lines:
        return None
    seller_id = typed_id(form.get(group.seller_field, "")) or None
    return Part(
        group,
        tuple((offer, wanted.packs) for offer, wanted in lines),
        tuple(wanted for _, wanted in lines),
        seller_id,
    )


def typed_again(form: Form, parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """The fields of a basket as hidden fields of the next step, with the prices that were seen."""
    for part in parts:
        for offer, packs in part.chosen:
            yield f"{PACKS}{offer.key}", str(packs)
            yield f"{PRICE}{offer.key}", str(offer.pack_price)
        yield part.group.seller_field, str(part.seller_id or "")
    for name in ("hospital", "urgency", "is_remote", "is_cold_chain"):
        if form.get(name):
            yield name, form[name]
