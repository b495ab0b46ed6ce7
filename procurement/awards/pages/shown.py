"""What of a report is shown to somebody: pages, Excel and PDF all print this and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bidding.report import Status
from pricing.money import UNIT_PRICE_STEP, floor_to_step
from procurement.awards.disclosed import own_by_lot, seen_lots
from procurement.awards.pages.access import Sight
from procurement.awards.report_view import ReportView
from procurement.permissions import NotFoundForActorError

Fields = Mapping[str, Any]

AWARDED = "awarded"

DECIMALS = 6
"""Of a unit price on pages and in exports."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of the explanation."""

    code: str
    clause: str
    bid: str | None
    zh: str
    en: str

    def said(self, language: str) -> str:
        """The sentence in a language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class ShownBid:
    """What became of one bid, as far as it is shown.

    Attributes:
        bid: Its name in the lot.
        manufacturer: Whose it is.
        is_own: It is the reader's.
        status: As in `bidding.report.Status`, or ``awarded`` once the selection is final.
        is_selected: It is among the winners.
        rank: Among valid bids.
        strength: The strength whose price stands; empty where prices are not shown.
        declared_price: Yuan per minimal unit; None where it is not shown or not known.
        comparable_price: Yuan per unit of the main strength.
        needed_price: The highest declared price that would have been selected.
        needed_pack_price: The same for the pack.
        offer_price: A price that would still be accepted.
        clause: Of the decision.
        reason: Its sentence in Chinese and English; empty where
            prices are not shown.
        regions: How many regions it is to supply.
        region_names: Which, once they are chosen.
        agreed_volume: Minimal units in the first year.
        steps: Those about this bid.
        has_prices: Whether prices are shown.
    """

    bid: str
    manufacturer: str
    is_own: bool
    status: str
    is_selected: bool
    rank: int | None
    strength: str
    declared_price: Decimal | None
    comparable_price: Decimal | None
    needed_price: Decimal | None
    needed_pack_price: Decimal | None
    offer_price: Decimal | None
    clause: str
    reason: tuple[str, str]
    regions: int | None
    region_names: tuple[str, ...]
    agreed_volume: int | None
    steps: tuple[ShownStep, ...]
    has_prices: bool

    @property
    def conversion(self) -> ShownStep | None:
        """How the declared price became comparable; None where there was nothing to convert."""
        found = (step for step in self.steps if step.code in ("converted", "not-converted"))
        return next(found, None)

    def why(self, language: str) -> str:
        """The sentence of the decision in a language; empty where it is not shown."""
        return self.reason[1] if language == "en" else self.reason[0]


@dataclass(frozen=True, slots=True)
class ShownLot:
    """A lot, as far as it is shown.

    Attributes:
        code: Identifier.
        product: Generic name.
        bids: In the order of the report.
        steps: All steps that are shown, in order.
        pending: How many questions are open; 0 for who does not conduct the round.
        bidders: How many counted.
        places: How many may be shortlisted.
        share: Agreed share of the base volume.
        cycle_years: Length of the cycle.
        ends_on: Its last day, where the document fixes one.
        base_volume: Reported need.
        agreed_volume: Agreed in the first year.
        allocations: By region and strength.
    """

    code: str
    product: str
    bids: tuple[ShownBid, ...]
    steps: tuple[ShownStep, ...]
    pending: int
    bidders: int
    places: int | None
    share: Decimal | None
    cycle_years: int | None
    ends_on: date | None
    base_volume: int
    agreed_volume: int | None
    allocations: tuple[Fields, ...]

    @property
    def selected(self) -> tuple[ShownBid, ...]:
        """The winners."""
        return tuple(bid for bid in self.bids if bid.is_selected)

    @property
    def own(self) -> tuple[ShownBid, ...]:
        """The reader's bids."""
        return tuple(bid for bid in self.bids if bid.is_own)

    def step(self, *codes: str) -> ShownStep | None:
        """The first step about the whole lot with one of these codes."""
        about = (step for step in self.steps if step.bid is None and step.code in codes)
        return next(about, None)


def shown_lots(report: ReportView, sight: Sight) -> tuple[ShownLot, ...]:
    """Return the lots of a report as far as somebody sees them.

    The rule itself is that of `procurement.awards.disclosed`, which the API keeps too. Before the
    notice these are the lots in which the reader has a bid.
    """
    return tuple(_lot(report, lot, sight) for lot in _seen(report, report.lots, sight))


def shown_lot(report: ReportView, code: str, sight: Sight) -> ShownLot:
    """Return a lot of a report as far as somebody sees it.

    Raises:
        NotFoundForActorError: The report has no such lot, or it is not to be seen yet.
    """
    seen = _seen(report, [report.lot(code)], sight)
    if not seen:
        raise NotFoundForActorError
    return _lot(report, seen[0], sight)


def _seen(report: ReportView, lots: Sequence[Fields], sight: Sight) -> list[dict[str, Any]]:
    own = [] if sight.organisation_id is None else report.bids_of(sight.organisation_id)
    return seen_lots(lots, own_by_lot(own), whole=sight.sees_all, winners=sight.is_announced)


def _lot(report: ReportView, lot: Fields, sight: Sight) -> ShownLot:
    return ShownLot(
        code=lot["lot"],
        product=lot["product"],
        bids=tuple(_bid(report, lot, outcome, sight) for outcome in lot["outcomes"]),
        steps=tuple(_step(one) for one in lot["steps"]),
        pending=len(lot["pending"]) if sight.conducts else 0,
        bidders=lot["bidders"],
        places=lot["places"],
        share=_decimal(lot["share"]),
        cycle_years=lot["cycle_years"],
        ends_on=None if lot["ends_on"] is None else date.fromisoformat(lot["ends_on"]),
        base_volume=lot["base_volume"],
        agreed_volume=lot["agreed_volume"],
        allocations=tuple(lot["allocations"]),
    )


def _bid(report: ReportView, lot: Fields, outcome: Fields, sight: Sight) -> ShownBid:
    owner = report.owners.get((lot["lot"], outcome["bid"]))
    is_own = owner is not None and owner == sight.organisation_id
    has_prices = sight.sees_all or is_own
    names = outcome["region_names"]
    return ShownBid(
        bid=outcome["bid"],
        manufacturer=outcome["manufacturer"],
        is_own=is_own,
        status=_status(outcome["status"], sight),
        is_selected=outcome["selected"],
        rank=outcome["rank"],
        strength=outcome["strength"] if has_prices else "",
        declared_price=rounded(outcome["declared_price"]),
        comparable_price=rounded(outcome["comparable_price"]),
        needed_price=floored(outcome["needed_price"]),
        needed_pack_price=floored(outcome["needed_pack_price"]),
        offer_price=floored(outcome["offer_price"]),
        clause=outcome["clause"],
        reason=(outcome["reason"], outcome["reason_en"]) if has_prices else ("", ""),
        regions=outcome["regions"],
        region_names=() if names is None else tuple(names),
        agreed_volume=outcome["agreed_volume"],
        steps=tuple(_step(one) for one in lot["steps"] if one["bid"] == outcome["bid"]),
        has_prices=has_prices,
    )


def _status(status: str, sight: Sight) -> str:
    return AWARDED if sight.is_awarded and status == Status.SELECTED else status


def _step(step: Fields) -> ShownStep:
    return ShownStep(step["code"], step["clause"], step["bid"], step["zh"], step["en"])


def rounded(price: str | None) -> Decimal | None:
    """A price as people read it: to six decimals where it does not end before.

    Examples:
        >>> rounded("0.9957142857142857142857142857"), rounded("0.30")
        (Decimal('0.995714'), Decimal('0.30'))
    """
    exact = _decimal(price)
    return exact if exact is None or _ends(exact) else round(exact, DECIMALS)


def floored(price: str | None) -> Decimal | None:
    """A price at or below which something holds: never above itself by rounding.

    Examples:
        >>> floored("3.571428571428571428571428571"), floored("50.4")
        (Decimal('3.571428'), Decimal('50.4'))
    """
    exact = _decimal(price)
    return exact if exact is None or _ends(exact) else floor_to_step(exact, UNIT_PRICE_STEP)


def _ends(exact: Decimal) -> bool:
    exponent = exact.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= DECIMALS


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def left_out_for(report: ReportView, sight: Sight) -> Sequence[Fields]:
    """Return the bids that do not count, as far as somebody sees them."""
    if sight.conducts:
        return report.left_out
    own = sight.organisation_id
    if own is None:
        return ()
    return [one for one in report.left_out if one["organisation_id"] == own]
