"""One thing that may be ordered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.credit_rating.barring import Mark
from procurement.errors import RefusedError
from procurement.orders.states import OrderKind

SERIES_SHOWN = 16
"""Digits of a price's series in an offer's key: it stays the same when the price changes."""


@dataclass(frozen=True, slots=True)
class Seller:
    """Somebody who may deliver.

    Attributes:
        id: The organisation.
        name: Its name.
    """

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A pack that a hospital may order.

    Attributes:
        key: Names it, as long as the same thing can be ordered.
        kind: Under what it is ordered.
        is_winning: A winner of the hospital's region, or who took over for one.
        organisation_id: The manufacturer.
        manufacturer: Its name.
        product: Generic name with the form.
        strength: As printed.
        unit: Minimal unit.
        pack_units: Minimal units in a pack.
        pack_price: Yuan a pack; None where the chain has no price.
        price_id: The price in the chain.
        sellers: Who may deliver it.
        starts_on: First day, where there is one.
        ends_on: Last day on which it may be ordered, where it is known.
        supply_id: The allocation that it is ordered from.
        round_id: Of the agreement.
        round_title: Its title; empty without one.
        term_id: Of the agreement.
        agreement_id: The agreement, where there is one.
        lot_strength_id: The lot's strength, where it is bought in a lot.
        generic_product_id: In the catalogue.
        product_id: The pack in the catalogue, where the price is that of one.
        agreed: Agreed minimal units of the term; None without an agreement.
        ordered: Minimal units ordered in the term, without what was cancelled.
        received: Minimal units accepted in the term, without what was returned.
        refusal: Why it cannot be ordered; None where it can.
        mark: A credit grade of the manufacturer that buyers are told of.
    """

    key: str
    kind: OrderKind
    is_winning: bool
    organisation_id: int
    manufacturer: str
    product: str
    strength: str
    unit: str
    pack_units: int
    pack_price: Decimal | None
    price_id: int | None
    sellers: tuple[Seller, ...]
    starts_on: date | None = None
    ends_on: date | None = None
    supply_id: int | None = None
    round_id: int | None = None
    round_title: str = ""
    term_id: int | None = None
    agreement_id: int | None = None
    lot_strength_id: int | None = None
    generic_product_id: int | None = None
    product_id: int | None = None
    agreed: int | None = None
    ordered: int = 0
    received: int = 0
    refusal: RefusedError | None = None
    mark: Mark | None = None

    @property
    def remaining(self) -> int | None:
        """Agreed minimal units that are not ordered yet; 0 where more was ordered."""
        return None if self.agreed is None else max(self.agreed - self.ordered, 0)
