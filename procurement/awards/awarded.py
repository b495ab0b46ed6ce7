"""The winners as an award freezes them: their bids, and the prices of what they supply."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Bid
from bidding.bid_sheet import Lot as SheetLot
from bidding.rules import RoundRules
from pricing.rules_in_force import NoRulebookError, standard_rulebook
from pricing.stated_rules import StatedRules
from procurement.awards.report_view import Fields, ReportView
from procurement.awards.states import PriceSource
from procurement.awards.tables import Award, AwardedBid, AwardedPrice
from procurement.awards.winning import WinningPrice, exact_text, stored_pack, winning_prices
from procurement.bids.opening.disclosure import Disclosure, disclosure_of
from procurement.prices.following import TAKES, follow_winning_price
from procurement.prices.packs import RatioBases, record_all_packs
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.sheet import lots_of, strengths_by_lot
from procurement.rounds.tables import Lot, LotStrength, Round

NATIONAL = "national-"
"""What the identifiers of the rulebooks of national rounds begin with."""

PACK_BASE, STRENGTH_BASE = "conversion.pack_base", "conversion.strength_base"


@dataclass(frozen=True, slots=True)
class _Won:
    """One winning bid, with all that its rows are made of."""

    award: Award
    lot: Lot
    report: Fields
    outcome: Fields
    owner: int


def record_awarded(
    session: Session, *, round_: Round, award: Award, report: ReportView
) -> list[AwardedBid]:
    """Freeze the winners of a report, and record their prices.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        award: The award.
        report: The report on notice.

    Returns:
        The winners' rows.
    """
    if report.evaluated is None:
        raise ValueError(f"report {report.row.id} has no sheet")
    sheet = read_facts(report.evaluated.facts).round
    bids = {(bid.lot, bid.bid): bid for bid in sheet.bids}
    sheet_lots = {lot.lot: lot for lot in sheet.lots}
    lots = {lot.code: lot for lot in lots_of(session, round_id=round_.id)}
    writer = _Writer(session, round_)
    written = [
        writer.write(
            _Won(award, lots[lot["lot"]], lot, outcome, report.owners[lot["lot"], outcome["bid"]]),
            bids[lot["lot"], outcome["bid"]],
            sheet_lots[lot["lot"]],
        )
        for lot in report.lots
        for outcome in lot["outcomes"]
        if outcome["selected"]
    ]
    writer.let_standards_follow(award)
    return written


def prices_of(session: Session, *, awarded_bid_id: int) -> list[AwardedPrice]:
    """Return the prices of a winner by strength; the standing one first."""
    own = select(AwardedPrice).where(AwardedPrice.awarded_bid_id == awarded_bid_id)
    return list(session.scalars(own.order_by(AwardedPrice.id)))


def last_day(lot: Fields, starts_on: date) -> date | None:
    """Return the last day of a lot's cycle, by the report; None where no rule tells it.

    Examples:
        >>> last_day({"ends_on": None, "cycle_years": 3}, date(2027, 3, 1)).isoformat()
        '2030-02-28'
        >>> last_day({"ends_on": "2027-12-31", "cycle_years": None}, date(2027, 3, 1)).isoformat()
        '2027-12-31'
    """
    if lot["ends_on"] is not None:
        return date.fromisoformat(lot["ends_on"])
    years = lot["cycle_years"]
    if years is None:
        return None
    # A cycle that begins on 29 February ends on the 28th of its last year.
    is_leap_day = (starts_on.month, starts_on.day) == (2, 29)
    first = starts_on - timedelta(days=1) if is_leap_day else starts_on
    following = first.replace(year=first.year + years)
    return following if is_leap_day else following - timedelta(days=1)


class _Writer:
    """Writes the rows of winners of one round."""

    def __init__(self, session: Session, round_: Round) -> None:
        self._session = session
        self._round = round_
        in_force = rules_in_force(session, round_=round_)
        self._rules = RoundRules(in_force.rulebook, in_force.options)
        self._standing: list[Price] = []
        self._is_public = disclosure_of(session, round_=round_) is Disclosure.PUBLIC
        self._strengths = {
            (lot_id, one.strength): one
            for lot_id, found in strengths_by_lot(session, round_id=round_.id).items()
            for one in found
        }

    def write(self, won: _Won, bid: Bid, sheet_lot: SheetLot) -> AwardedBid:
        """Write one winner with its prices."""
        prices = winning_prices(won.outcome, bid, sheet_lot, self._rules)
        pack = stored_pack(prices[0].price)
        awarded = AwardedBid(
            award_id=won.award.id,
            lot_id=won.lot.id,
            organisation_id=won.owner,
            bid=bid.bid,
            strength=prices[0].strength,
            pack_units=pack.pack_units,
            pack_price=pack.pack_price,
            unit_price=exact_text(prices[0].price),
            agreed_volume=won.outcome["agreed_volume"],
            regions=won.outcome["regions"],
            rank=won.outcome["rank"],
            status=won.outcome["status"],
            ends_on=last_day(won.report, won.award.starts_on),
        )
        self._session.add(awarded)
        self._session.flush()
        recorded = [self._price(won, awarded, price) for price in prices]
        self._convert_packs(won, recorded[0])
        self._standing.append(recorded[0])
        return awarded

    def let_standards_follow(self, award: Award) -> None:
        """Let negotiated drugs among the winners take their winning prices, by the rules.

        The rule speaks of national rounds: of one that keeps the rules of a national document.
        """
        rules = _standard_rules(award.starts_on)
        if rules is None or not self._round.rulebook.startswith(NATIONAL):
            return
        # All prices stand by now: where two products of a firm share a series, the later one.
        for winning in reversed(self._standing):
            if winning.generic_product_id is not None:
                follow_winning_price(
                    self._session,
                    winning=winning,
                    rules=rules,
                    bases=self._bases(),
                    moment=award.awarded_at,
                )

    def _price(self, won: _Won, awarded: AwardedBid, price: WinningPrice) -> Price:
        strength: LotStrength = self._strengths[won.lot.id, price.strength]
        pack = stored_pack(price.price)
        self._session.add(
            AwardedPrice(
                awarded_bid_id=awarded.id,
                lot_strength_id=strength.id,
                strength=price.strength,
                pack_units=pack.pack_units,
                pack_price=pack.pack_price,
                unit_price=exact_text(price.price),
                source=price.source,
            )
        )
        is_converted = price.source == PriceSource.CONVERTED
        return record_price(
            self._session,
            organisation_id=won.owner,
            generic_product_id=won.lot.generic_product_id,
            lot_strength_id=strength.id,
            strength=price.strength,
            pack_units=pack.pack_units,
            pack_price=pack.pack_price,
            starts_on=won.award.starts_on,
            ends_on=awarded.ends_on,
            source=self._source(won.lot),
            moment=won.award.awarded_at,
            details=PriceDetails(
                clause=self._rules.cite(STRENGTH_BASE)[:120] if is_converted else "",
                bureau_id=self._round.bureau_id,
                is_public=self._is_public,
            ),
        )

    def _convert_packs(self, won: _Won, standing: Price) -> None:
        """Give the winner's other packs in the catalogue their prices, where the rules tell."""
        bases = self._bases()
        if bases is None or won.lot.generic_product_id is None:
            return
        record_all_packs(
            self._session,
            winning=standing,
            bases=bases,
            moment=won.award.awarded_at,
        )

    def _bases(self) -> RatioBases | None:
        """Of the price ratio rules; None where the round's rulebook does not state them."""
        if not (self._rules.knows(PACK_BASE) and self._rules.knows(STRENGTH_BASE)):
            return None
        pack, strength = self._rules.decimal(PACK_BASE), self._rules.decimal(STRENGTH_BASE)
        if pack is None or strength is None:
            return None
        return RatioBases(pack=Decimal(pack), strength=Decimal(strength))

    def _source(self, lot: Lot) -> str:
        return f"{self._round.name} {lot.code} 中选结果"[:300]


def _standard_rules(day: date) -> StatedRules | None:
    """The national rules for payment standards, if they state what a negotiated drug takes."""
    try:
        rules = StatedRules.of(standard_rulebook(None, day))
    except NoRulebookError:
        return None
    return rules if rules.knows(TAKES) else None
