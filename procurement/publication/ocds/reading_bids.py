"""Bids and awards from the database, as far as everybody may know them."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Bid
from procurement.accounts.divisions import division_name
from procurement.accounts.tables import Organisation as OrganisationRow
from procurement.agreements.states import TermStatus
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.awards.evaluation import report_numbered
from procurement.awards.report_view import Fields, ReportView
from procurement.awards.tables import Award, AwardedBid, AwardedPrice, AwardNotice
from procurement.awards.winning import standing_price
from procurement.bids.kinds import BidVerdict
from procurement.bids.opening.evidence import opened_bids
from procurement.catalogue.tables import Product
from procurement.prices.kinds import PriceKind
from procurement.prices.tables import Price
from procurement.publication.ocds.rules.facts import (
    AwardFacts,
    BidFacts,
    Organisation,
    PackPrice,
)
from procurement.publication.ocds.rules.seen import Seen
from procurement.publication.ocds.rules.values import total
from procurement.publication.ocds.telling import Told
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.tables import Lot, LotStrength, Round, RoundStatus

_Place = tuple[str, int]
"""A lot's code and an organisation's id."""


def party(row: OrganisationRow) -> Organisation:
    """Return an organisation as a party: no person and no address stands in it."""
    region, _ = division_name(row.region)
    return Organisation(row.id, row.name, row.credit_code, row.institution_code, region)


@dataclass(frozen=True, slots=True)
class _Opened:
    lot: str
    owner: OrganisationRow
    product: str | None
    lines: Sequence[Fields]


def _opened(session: Session, round_: Round) -> list[_Opened]:
    """What was opened, by lot, bidder and product; bids that could not be opened have no lots."""
    found = []
    for bid, owner in opened_bids(session, round_id=round_.id):
        if bid.verdict != BidVerdict.OPENED or bid.content is None:
            continue
        grouped: dict[tuple[str, str | None], list[Fields]] = {}
        for line in json.loads(bid.content)["lines"]:
            grouped.setdefault((line["lot"], line.get("product")), []).append(line)
        found += [_Opened(lot, owner, product, own) for (lot, product), own in grouped.items()]
    return sorted(found, key=lambda one: (one.lot, one.owner.id, one.product or ""))


def bid_facts(session: Session, *, round_: Round, told: Told) -> list[BidFacts]:
    """Return the bids of an opened round whose prices everybody may see.

    Args:
        session: Any session.
        round_: The round.
        told: From the notice on it is known which bids count.
    """
    report = _report_on_notice(session, round_.id, told)
    counted = None if report is None else _counted(report)
    opened = _opened(session, round_)
    bidders = {one.owner.id: party(one.owner) for one in opened}
    return [
        BidFacts(
            id=_bid_id(one.lot, bidders[one.owner.id], one.product),
            lot=one.lot,
            bidder=bidders[one.owner.id],
            prices=[_declared(line) for line in one.lines],
            status=_status(counted, (one.lot, one.owner.id)),
        )
        for one in opened
    ]


def _bid_id(lot: str, bidder: Organisation, product: str | None) -> str:
    return f"{lot}/{bidder.party_id}" + ("" if product is None else f"/{product}")


def _declared(line: Fields) -> PackPrice:
    if line.get("pack_price") is not None:
        return PackPrice(line["strength"], int(line["pack_units"]), Decimal(line["pack_price"]))
    return PackPrice(line["strength"], 1, Decimal(line["declared_price"]))


def _counted(report: ReportView) -> Collection[_Place]:
    """Where an organisation has a bid that counts."""
    outcomes = [(lot["lot"], one) for lot in report.lots for one in lot["outcomes"]]
    return {
        (lot, report.owners[lot, one["bid"]])
        for lot, one in outcomes
        if one["status"] != "invalid" and (lot, one["bid"]) in report.owners
    }


def _status(counted: Collection[_Place] | None, place: _Place) -> str:
    if counted is None:
        return "pending"
    return "valid" if place in counted else "disqualified"


def bidders_by_lot(
    session: Session, *, round_: Round, told: Told, bids: Sequence[BidFacts] | None
) -> Sequence[tuple[str, int]] | None:
    """Return how many organisations bid in each lot, once everybody may know it.

    Args:
        session: Any session.
        round_: The round.
        told: What is told.
        bids: Where they are public, they are counted; else the report on notice tells.
    """
    if bids is not None:
        pairs = {(one.lot, one.bidder.party_id) for one in bids}
        return sorted(Counter(lot for lot, _ in pairs).items())
    report = _report_on_notice(session, round_.id, told)
    if report is None:
        return None
    return [(lot["lot"], lot["bidders"]) for lot in report.lots]


def _report_on_notice(session: Session, round_id: int, told: Told) -> ReportView | None:
    """The report that everybody may read: that of the notice in force."""
    if RoundStatus.ANNOUNCED not in told.reached:
        return None
    newest = session.scalar(
        select(AwardNotice.report_id)
        .where(AwardNotice.round_id == round_id, AwardNotice.announced_at <= told.at)
        .order_by(AwardNotice.number.desc())
        .limit(1)
    )
    return None if newest is None else report_numbered(session, report_id=newest)


def award_facts(
    session: Session, *, round_: Round, told: Told, seen: Seen, bids: Sequence[BidFacts] | None
) -> Sequence[AwardFacts] | None:
    """Return who is selected: from the notice on provisionally, from the award on for good.

    Args:
        session: Any session.
        round_: The round.
        told: What is told.
        seen: Whether prices may be published.
        bids: Where they are public.
    """
    ids = _ids_by_place(bids or ())
    award = session.scalars(
        select(Award).where(Award.round_id == round_.id, Award.awarded_at <= told.at)
    ).one_or_none()
    if award is not None:
        status = "cancelled" if told.status is RoundStatus.CANCELLED else "active"
        return list(_awarded(session, award, status, ids, seen, told))
    report = _report_on_notice(session, round_.id, told)
    if report is None:
        return None
    # Back to the evaluation, or called off: the notice is no longer in force.
    is_on_notice = told.status is RoundStatus.ANNOUNCED
    return list(_announced(session, report, "pending" if is_on_notice else "cancelled", ids, seen))


def _ids_by_place(bids: Sequence[BidFacts]) -> Mapping[_Place, str]:
    """The bid of an organisation in a lot, where it has one only."""
    found: dict[_Place, list[str]] = {}
    for one in bids:
        if one.bidder.id is not None:
            found.setdefault((one.lot, one.bidder.id), []).append(one.id)
    return {place: ids[0] for place, ids in found.items() if len(ids) == 1}


def award_id(lot: str, bid: str) -> str:
    """Return the id of an award: the same on the notice and in the award.

    Examples:
        >>> award_id("L01", "甲")
        'L01/甲'
    """
    return f"{lot}/{bid}"


def _awarded(
    session: Session,
    award: Award,
    status: str,
    bids: Mapping[_Place, str],
    seen: Seen,
    told: Told,
) -> Iterator[AwardFacts]:
    prices: dict[int, list[AwardedPrice]] = {}
    for price in session.scalars(
        select(AwardedPrice)
        .join(AwardedBid, AwardedBid.id == AwardedPrice.awarded_bid_id)
        .where(AwardedBid.award_id == award.id)
        .order_by(AwardedPrice.id)
    ):
        prices.setdefault(price.awarded_bid_id, []).append(price)
    codes = _drug_codes(session, award.round_id)
    has_terms = RoundStatus.AGREEMENTS in told.reached
    values = _values(session, award) if seen.prices and has_terms else {}
    rows = session.execute(
        select(AwardedBid, Lot.code, OrganisationRow)
        .join(Lot, Lot.id == AwardedBid.lot_id)
        .join(OrganisationRow, OrganisationRow.id == AwardedBid.organisation_id)
        .where(AwardedBid.award_id == award.id)
        .order_by(Lot.code, AwardedBid.rank, AwardedBid.id)
    )
    for bid, lot, owner in rows:
        yield AwardFacts(
            id=award_id(lot, bid.bid),
            lot=lot,
            bid=bid.bid,
            bid_id=bids.get((lot, owner.id)),
            supplier=party(owner),
            status=status,
            prices=[
                PackPrice(
                    one.strength,
                    one.pack_units,
                    one.pack_price,
                    codes.get((one.lot_strength_id, owner.id, one.pack_units)),
                )
                # Where prices are not disclosed, a winner's strengths and packs are not either.
                for one in (prices.get(bid.id, ()) if seen.prices else ())
            ],
            agreed_volume=bid.agreed_volume,
            regions=bid.regions,
            ends_on=bid.ends_on,
            value=values.get(bid.id),
        )


def _values(session: Session, award: Award) -> Mapping[int, Decimal]:
    """What each winner supplies in the first term, at its prices; the cheapest pack counts."""
    rows = session.execute(
        select(
            AgreedSupply.id,
            AgreedSupply.awarded_bid_id,
            AgreedSupply.volume,
            AwardedPrice.pack_price,
            AwardedPrice.pack_units,
        )
        .join(AgreementTerm, AgreementTerm.id == AgreedSupply.term_id)
        .join(
            AwardedPrice,
            (AwardedPrice.awarded_bid_id == AgreedSupply.awarded_bid_id)
            & (AwardedPrice.lot_strength_id == AgreedSupply.lot_strength_id),
        )
        .where(AgreementTerm.round_id == award.round_id, AgreementTerm.number == 1)
        .where(AgreementTerm.status == TermStatus.DONE)
    )
    cheapest: dict[tuple[int, int], tuple[Decimal, int, int]] = {}
    for supply, bid, volume, price, units in rows:
        part = (price, units, volume)
        known = cheapest.setdefault((bid, supply), part)
        if price * known[1] < known[0] * units:
            cheapest[bid, supply] = part
    parts: dict[int, list[tuple[Decimal, int, int]]] = {}
    for (bid, _supply), part in cheapest.items():
        parts.setdefault(bid, []).append(part)
    return {bid: total(own) for bid, own in parts.items()}


def _drug_codes(session: Session, round_id: int) -> Mapping[tuple[int, int, int], str]:
    rows = session.execute(
        select(Price.lot_strength_id, Price.organisation_id, Price.pack_units, Product.drug_code)
        .join(Product, Product.id == Price.product_id)
        .join(LotStrength, LotStrength.id == Price.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(Lot.round_id == round_id, Price.kind == PriceKind.WINNING)
        .where(Product.drug_code.is_not(None))
    )
    return {
        (strength, owner, units): code
        for strength, owner, units, code in rows
        if strength is not None and code is not None
    }


def _announced(
    session: Session, report: ReportView, status: str, bids: Mapping[_Place, str], seen: Seen
) -> Iterator[AwardFacts]:
    declared = _declared_bids(report) if seen.prices else {}
    owners = _owners(session, report)
    for lot in report.lots:
        for outcome in lot["outcomes"]:
            if not outcome["selected"]:
                continue
            place = (lot["lot"], outcome["bid"])
            owner = owners[report.owners[place]]
            yield AwardFacts(
                id=award_id(*place),
                lot=place[0],
                bid=place[1],
                bid_id=bids.get((place[0], owner.id)),
                supplier=party(owner),
                status=status,
                prices=[_standing(outcome, declared[place])] if place in declared else [],
                agreed_volume=outcome["agreed_volume"],
                regions=outcome["regions"],
            )


def _declared_bids(report: ReportView) -> Mapping[tuple[str, str], Bid]:
    if report.evaluated is None:
        return {}
    folder = read_facts(report.evaluated.facts)
    return {(bid.lot, bid.bid): bid for bid in folder.round.bids}


def _standing(outcome: Mapping[str, Any], bid: Bid) -> PackPrice:
    winning = standing_price(outcome, bid)
    return PackPrice(winning.strength, winning.price.pack_units, winning.price.pack_price)


def _owners(session: Session, report: ReportView) -> Mapping[int, OrganisationRow]:
    wanted = set(report.owners.values())
    rows = session.scalars(select(OrganisationRow).where(OrganisationRow.id.in_(wanted)))
    return {one.id: one for one in rows}
