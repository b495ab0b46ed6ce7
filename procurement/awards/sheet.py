"""The bid sheet of an opened round: what `bidding.evaluate` decides on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bidding.bid_sheet import Bid, Choice, Quote
from bidding.bid_sheet import Round as Sheet
from pricing.money import UnitPrice
from procurement.accounts.tables import Organisation
from procurement.awards.figures import trimmed
from procurement.awards.sheet_facts import (
    ProductFacts,
    Reason,
    barring,
    grades_here,
    group_names,
    product_facts,
    rated_firms,
    rejected_papers,
)
from procurement.bids.kinds import BidVerdict
from procurement.bids.opening.evidence import opened_bids
from procurement.bids.tables import OpenedBid
from procurement.china_days import day_in_china
from procurement.credit_rating.grades import Grade
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.sheet import lots_of, sheet_of
from procurement.rounds.tables import Lot, Round
from procurement.volumes.aggregate import frozen_volumes

Place = tuple[str, str]
"""A bid in a lot: the lot's code, the bid's identifier."""

BETWEEN = " · "
"""Between the name of an organisation and that of its product in a bid's identifier."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A bid that was opened and does not count.

    Attributes:
        lot: The lot; empty where the whole envelope does not count.
        bid: Its identifier.
        organisation_id: Whose it is.
        reason: Why.
    """

    lot: str
    bid: str
    organisation_id: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class AwardSheet:
    """A round as it is evaluated.

    Attributes:
        sheet: What `bidding.evaluate` takes.
        owners: The organisation of each bid.
        left_out: Bids that do not count.
    """

    sheet: Sheet
    owners: Mapping[Place, int]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one organisation declared for one of its products in one lot."""

    lot: str
    organisation: Organisation
    product: str | None
    lines: tuple[Mapping[str, Any], ...]


def award_sheet(session: Session, *, round_: Round, choices: Iterable[Choice] = ()) -> Sheet:
    """Return an opened round as `bidding.evaluate` takes it.

    The rules' options are those in force; bids are those that were opened and count; volumes are
    those of the latest aggregation.

    Args:
        session: Any session.
        round_: A round whose bids are open.
        choices: The winners' preferences for regions, once they are known.
    """
    return read_sheet(session, round_=round_, choices=choices).sheet


def bid_owners(session: Session, *, round_: Round) -> dict[Place, int]:
    """Return the organisation of each bid of the sheet, by lot and identifier."""
    return dict(read_sheet(session, round_=round_).owners)


def read_sheet(session: Session, *, round_: Round, choices: Iterable[Choice] = ()) -> AwardSheet:
    """Return the bid sheet of an opened round, whose bids they are, and which do not count.

    Args:
        session: Any session.
        round_: A round whose bids are open.
        choices: As for `award_sheet`.
    """
    base = _plain_ceilings(sheet_of(session, round_=round_))
    lots = {lot.code: lot for lot in lots_of(session, round_id=round_.id, standing=True)}
    opened = [one for one in opened_bids(session, round_id=round_.id) if one[0].sitting == 0]
    entries = [entry for bid, owner in opened for entry in _entries(bid, owner, lots)]
    names = _names(entries)
    bidders = _Bidders(session, round_)
    left_out = [*_unopened(opened)]
    bids: dict[Place, Bid] = {}
    owners: dict[Place, int] = {}
    for code, own in _by_lot(entries).items():
        counted, refused = bidders.part(lots[code], own, names)
        left_out += refused
        groups = bidders.groups(lots[code], [entry for entry, _ in counted])
        for entry, facts in counted:
            place = (code, names[_key(entry)])
            owners[place] = entry.organisation.id
            bids[place] = _bid(entry, place, facts, groups, base)
    sheet = replace(
        base,
        bids=tuple(bids[place] for place in sorted(bids)),
        volumes=tuple(v for v in frozen_volumes(session, round_id=round_.id) if v.lot in lots),
        choices=tuple(choices),
        options=rules_in_force(session, round_=round_).options,
    )
    return AwardSheet(sheet, owners, tuple(left_out))


def _plain_ceilings(sheet: Sheet) -> Sheet:
    """Write ceilings as people do: the database gives all of them four decimals."""
    lots = tuple(
        replace(
            lot,
            strengths={
                label: replace(one, price_ceiling=_plain(one.price_ceiling))
                for label, one in lot.strengths.items()
            },
        )
        for lot in sheet.lots
    )
    return replace(sheet, lots=lots)


def _plain(price: Decimal | None) -> Decimal | None:
    return None if price is None else trimmed(price)


def opening_day(round_: Round) -> date:
    """Return the day on which relations and grades are looked at: that of the opening."""
    return round_.opened_on if round_.opens_at is None else day_in_china(round_.opens_at)


def _entries(bid: OpenedBid, owner: Organisation, lots: Mapping[str, Lot]) -> list[_Entry]:
    if bid.verdict != BidVerdict.OPENED or bid.content is None:
        return []
    lines: Sequence[Mapping[str, Any]] = json.loads(bid.content)["lines"]
    grouped: dict[tuple[str, str | None], list[Mapping[str, Any]]] = {}
    for line in lines:
        # A lot that failed or was withdrawn after the bid was sealed is evaluated no more.
        if line["lot"] in lots:
            grouped.setdefault((line["lot"], line.get("product")), []).append(line)
    return [_Entry(lot, owner, product, tuple(own)) for (lot, product), own in grouped.items()]


def _by_lot(entries: Iterable[_Entry]) -> dict[str, list[_Entry]]:
    by_lot: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_lot.setdefault(entry.lot, []).append(entry)
    return dict(sorted(by_lot.items()))


_Key = tuple[str, int, str | None]


def _key(entry: _Entry) -> _Key:
    return (entry.lot, entry.organisation.id, entry.product)


def _names(entries: Sequence[_Entry]) -> dict[_Key, str]:
    """Name each bid by its organisation, and by its product where that has several in a lot."""
    products: dict[tuple[str, int], int] = {}
    holders: dict[str, set[int]] = {}
    for entry in entries:
        own = (entry.lot, entry.organisation.id)
        products[own] = products.get(own, 0) + 1
        holders.setdefault(entry.organisation.name, set()).add(entry.organisation.id)
    names: dict[_Key, str] = {}
    for entry in entries:
        name = _own_name(entry.organisation, holders[entry.organisation.name])
        several = products[entry.lot, entry.organisation.id] > 1
        product = entry.product if several else None
        names[_key(entry)] = name if product is None else f"{name}{BETWEEN}{product}"
    return names


def _own_name(organisation: Organisation, holders: set[int]) -> str:
    """The organisation's name, told apart by its code from another one of the same name."""
    if len(holders) == 1:
        return organisation.name
    return f"{organisation.name}（{organisation.credit_code or organisation.id}）"


def _unopened(opened: Iterable[tuple[OpenedBid, Organisation]]) -> Iterable[LeftOut]:
    reasons = {
        BidVerdict.INCONSISTENT: Reason(
            "inconsistent",
            "封入的内容与签名不一致，报价不能读出。",
            "What was sealed does not fit what was signed: the bid cannot be read.",
        ),
        BidVerdict.NOT_REVEALED: Reason(
            "not-revealed",
            "密钥份额不足，且未按期公开内容密钥，视为撤回。",
            "Too few key shares came and the bidder did not reveal its key in time: withdrawn.",
        ),
    }
    for bid, owner in opened:
        if bid.verdict in reasons:
            yield LeftOut("", owner.name, owner.id, reasons[BidVerdict(bid.verdict)])


class _Bidders:
    """What papers, grades and relations say of the bidders of a round; each is asked once."""

    def __init__(self, session: Session, round_: Round) -> None:
        self._session = session
        self._round_id = round_.id
        self._on_date = opening_day(round_)
        self._rejected = rejected_papers(session, round_id=round_.id)
        self._rated = rated_firms(session)
        self._grades: dict[int, Mapping[str, Grade]] = {}

    def part(
        self, lot: Lot, entries: Sequence[_Entry], names: Mapping[_Key, str]
    ) -> tuple[list[tuple[_Entry, ProductFacts]], list[LeftOut]]:
        """Part the bids of a lot into those that count and those that do not."""
        counted: list[tuple[_Entry, ProductFacts]] = []
        left_out: list[LeftOut] = []
        known = product_facts(
            self._session,
            organisation_ids=[entry.organisation.id for entry in entries],
            lot=lot,
            on_date=self._on_date,
        )
        for entry in entries:
            owner = entry.organisation.id
            reason = self._reason(owner, known[owner])
            if reason is None:
                counted.append((entry, known[owner]))
            else:
                left_out.append(LeftOut(lot.code, names[_key(entry)], owner, reason))
        return counted, left_out

    def groups(self, lot: Lot, entries: Sequence[_Entry]) -> Mapping[int, str]:
        """Name the control groups of a lot's bidders."""
        ids = sorted({entry.organisation.id for entry in entries})
        return group_names(self._session, organisation_ids=ids, lot=lot, on_date=self._on_date)

    def _reason(self, owner: int, facts: ProductFacts) -> Reason | None:
        if owner in self._rejected:
            return _PAPERS
        if owner not in self._rated:
            return None
        if owner not in self._grades:
            self._grades[owner] = grades_here(
                self._session,
                round_id=self._round_id,
                organisation_id=owner,
                on_date=self._on_date,
            )
        return barring(self._grades[owner], facts.products)


_PAPERS = Reason(
    "papers",
    "申报材料审核未通过。",
    "Its eligibility papers were rejected.",
)


def _bid(
    entry: _Entry,
    place: Place,
    facts: ProductFacts,
    groups: Mapping[int, str],
    base: Sheet,
) -> Bid:
    lot = next(one for one in base.lots if one.lot == entry.lot)
    order = {label: number for number, label in enumerate(lot.strengths)}
    lines = sorted(entry.lines, key=lambda line: order[line["strength"]])
    capacities = [line["capacity"] for line in lines if "capacity" in line]
    supplies = frozenset(label for line in lines for label in line.get("supplies", ()))
    return Bid(
        lot=entry.lot,
        bid=place[1],
        manufacturer=entry.organisation.name,
        quotes=tuple(Quote(line["strength"], unit_price_of(line)) for line in lines),
        is_originator=facts.is_originator,
        control_group=groups.get(entry.organisation.id),
        # Of several lines with a capacity each tells that of the whole bid: the lowest holds.
        capacity=min(capacities, default=None),
        supplies=(supplies & set(order)) or None,
        passed_on=facts.passed_on,
    )


def unit_price_of(line: Mapping[str, Any]) -> UnitPrice:
    """Return the exact unit price of a line of an opened bid.

    Examples:
        >>> unit_price_of({"pack_price": "6.97", "pack_units": 7}).exact
        Fraction(697, 700)
        >>> unit_price_of({"declared_price": "0.32"}).exact
        Fraction(8, 25)
    """
    if "pack_price" in line:
        return UnitPrice(Decimal(line["pack_price"]), int(line["pack_units"]))
    return UnitPrice(Decimal(line["declared_price"]))
