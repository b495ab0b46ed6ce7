"""Suppliers that take over, and joint bidders that share a volume, by machine."""

from dataclasses import dataclass
from datetime import date

from litestar import get, post
from litestar.params import JSONBody

from procurement.china_days import day_in_china
from procurement.orders.api.fulfilment import PATH, TAGS
from procurement.orders.api.warning_shapes import Id
from procurement.orders.fulfilment.at_edge import bid_for, replacement_for, supply_for
from procurement.orders.fulfilment.candidates import Candidate, candidates_for
from procurement.orders.fulfilment.consortia import record_member
from procurement.orders.fulfilment.replacements import (
    Replaced,
    end_replacement,
    replace_supplier,
)
from procurement.orders.fulfilment.tables import SupplyReplacement
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

_REPLACEMENTS = f"{PATH}/replacements"


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """A winning price in force.

    Attributes:
        price_id: In the chain.
        strength: As printed.
        pack_units: Minimal units in a pack.
        pack_price: Yuan, as a decimal.
    """

    price_id: int
    strength: str
    pack_units: int
    pack_price: str


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """A winner that may take over.

    Attributes:
        awarded_bid_id: Its bid.
        organisation_id: The manufacturer.
        name: Its name.
        spare: It is the region's spare supplier.
        rank: Its place among the winners.
        prices: Its prices in force; none cannot take over.
        distributor_ids: Who confirmed to deliver for it.
    """

    awarded_bid_id: int
    organisation_id: int
    name: str
    spare: bool
    rank: int | None
    prices: list[PriceEntry]
    distributor_ids: list[int]


@dataclass(frozen=True, slots=True)
class CandidateList:
    """Who may take over a supply.

    Attributes:
        items: The spare supplier first, then by rank.
    """

    items: list[CandidateEntry]


@dataclass(frozen=True, slots=True)
class ReplacementBody:
    """Who takes over what.

    Attributes:
        supply_id: The supply that fails.
        by_awarded_bid_id: One of the candidates.
        price_id: One of its prices.
        distributor_id: Who delivers.
        reason: Why the supply fails.
        document: The paper that decides it.
        starts_on: First day.
        ends_on: Last day; null while no end is decided.
        notice_id: The notice to the supplier that failed.
    """

    supply_id: Id
    by_awarded_bid_id: Id
    price_id: Id
    distributor_id: Id
    reason: str
    document: str
    starts_on: date
    ends_on: date | None = None
    notice_id: Id | None = None


@dataclass(frozen=True, slots=True)
class EndBody:
    """The end of a replacement.

    Attributes:
        ends_on: Last day.
        reason: Why.
    """

    ends_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ReplacementEntry:
    """A replacement.

    Attributes:
        id: Names it in addresses.
        supply_id: The supply that failed.
        organisation_id: Who took over.
        spare: It is the region's spare supplier.
        price_id: Its price in the chain.
        distributor_id: Who delivers.
        starts_on: First day.
        ends_on: Last day; null while no end is decided.
    """

    id: int
    supply_id: int
    organisation_id: int
    spare: bool
    price_id: int
    distributor_id: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class MemberBody:
    """A firm that shares a winner's volume.

    Attributes:
        organisation_id: The member.
        document: The document that names it.
    """

    organisation_id: Id
    document: str


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A member of a joint bid.

    Attributes:
        id: Names it.
        awarded_bid_id: The bid that stands.
        organisation_id: The member.
    """

    id: int
    awarded_bid_id: int
    organisation_id: int


@get(f"{PATH}/supplies/{{supply_id:int}}/candidates", tags=TAGS)
@reads
def list_candidates(visit: Visit, supply_id: RowId) -> CandidateList:
    """List who may take over a supply."""
    supply = supply_for(visit, supply_id, Action.REPLACE_SUPPLIER)
    found = candidates_for(visit.session, supply_id=supply.id, day=day_in_china(visit.moment))
    return CandidateList([_candidate(one) for one in found])


@post(_REPLACEMENTS, tags=TAGS, status_code=201)
@writes
def post_replacement(visit: Visit, data: JSONBody[ReplacementBody]) -> ReplacementEntry:
    """Let another winner take over a supply that fails."""
    supply_for(visit, data.supply_id, Action.REPLACE_SUPPLIER)
    row = replace_supplier(
        visit.session,
        replaced=Replaced(
            supply_id=data.supply_id,
            by_awarded_bid_id=data.by_awarded_bid_id,
            price_id=data.price_id,
            distributor_id=data.distributor_id,
            reason=data.reason,
            document=data.document,
            starts_on=data.starts_on,
            ends_on=data.ends_on,
            notice_id=data.notice_id,
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(row)


@post(f"{_REPLACEMENTS}/{{replacement_id:int}}/end", tags=TAGS, status_code=200)
@writes
def post_end(visit: Visit, replacement_id: RowId, data: JSONBody[EndBody]) -> ReplacementEntry:
    """Say until when a replacement holds."""
    row = end_replacement(
        visit.session,
        replacement=replacement_for(visit, replacement_id),
        ends_on=data.ends_on,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(row)


@post(f"{PATH}/awarded-bids/{{awarded_bid_id:int}}/members", tags=TAGS, status_code=201)
@writes
def post_member(visit: Visit, awarded_bid_id: RowId, data: JSONBody[MemberBody]) -> MemberEntry:
    """Record that a firm shares a winner's volume as a member of its joint bid."""
    bid = bid_for(visit, awarded_bid_id)
    row = record_member(
        visit.session,
        awarded_bid_id=bid.id,
        organisation_id=data.organisation_id,
        document=data.document,
        actor=visit.actor,
        moment=visit.moment,
    )
    return MemberEntry(row.id, row.awarded_bid_id, row.organisation_id)


def _candidate(one: Candidate) -> CandidateEntry:
    prices = [
        PriceEntry(price.id, price.strength, price.pack_units, f"{price.pack_price:f}")
        for price in one.prices
    ]
    return CandidateEntry(
        one.awarded_bid_id,
        one.organisation_id,
        one.name,
        one.is_spare,
        one.rank,
        prices,
        [distributor.id for distributor in one.distributors],
    )


def _entry(row: SupplyReplacement) -> ReplacementEntry:
    return ReplacementEntry(
        row.id,
        row.supply_id,
        row.organisation_id,
        row.is_spare,
        row.price_id,
        row.distributor_id,
        row.starts_on,
        row.ends_on,
    )


ROUTES = (list_candidates, post_replacement, post_end, post_member)
"""Handlers of suppliers that take over."""
