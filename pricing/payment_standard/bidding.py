"""Bidding for drugs that several makers have: the lowest bid sets the payment standard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.faults import Fault, FaultList, ModelFaultsError
from pricing.money import EXACT
from pricing.payment_standard.dates import InForce, in_force_for
from pricing.stated_rules import StatedRules

ZERO = Decimal(0)
KEYS = ("bidding.standard", "bidding.needs_bid_within", "bidding.floor_share")
KEYS_OF_LISTED = ("bidding.listing_until", "bidding.excess_paid_by", "bidding.years")


@dataclass(frozen=True, slots=True)
class BrandBid:
    """A maker's bid for its brand.

    Attributes:
        maker: Who bids.
        price: Yuan per unit.
    """

    maker: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Listing:
    """What a bidder may do after the bidding.

    Attributes:
        maker: Who bid.
        highest_price: It may not list above this, its own bid.
        patient_excess: What the patient pays above the standard at that price.
    """

    maker: str
    highest_price: Decimal
    patient_excess: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BiddingResult:
    """What a bidding leads to.

    Attributes:
        standard: The payment standard, exact; None where no bid is within the willingness to pay
            and the drug is not listed.
        lowest_bid: The lowest bid.
        floor: The lowest standard that there may be.
        floor_applied: The lowest bid lies under it.
        listings: One for each bidder, in the order of their bids; empty where it is not listed.
        in_force: First and last day of the standard; None where it is not listed.
        clauses: How the rules are cited.
        is_verified: Whether sources state all of them.
        zh: The decision in Chinese.
        en: The decision in English.
    """

    standard: Decimal | None
    lowest_bid: Decimal
    floor: Decimal
    floor_applied: bool
    listings: tuple[Listing, ...]
    in_force: InForce | None
    clauses: tuple[str, ...]
    is_verified: bool
    zh: str
    en: str


def bidding_standard(
    willingness: Decimal, bids: Iterable[Decimal], floor_share: Decimal
) -> Decimal | None:
    """The payment standard: the lowest bid, but not under a share of the willingness to pay.

    Args:
        willingness: What the fund is willing to pay, as experts have found it, in yuan.
        bids: In yuan, at least one.
        floor_share: The standard is at least this share of the willingness to pay.

    Returns:
        The standard, exact; None where every bid is above the willingness to pay.

    Examples:
        >>> seventy = Decimal("0.70")
        >>> bidding_standard(Decimal(100), [Decimal(95), Decimal(82)], seventy)
        Decimal('82')
        >>> bidding_standard(Decimal(100), [Decimal(95), Decimal(60)], seventy)
        Decimal('70.00')
        >>> bidding_standard(Decimal(100), [Decimal(101)], seventy) is None
        True
    """
    lowest = min(bids)
    if lowest > willingness:
        return None
    return max(lowest, EXACT.multiply(willingness, floor_share))


def decide_bidding(
    willingness: Decimal, bids: Sequence[BrandBid], rules: StatedRules, *, starts_on: date
) -> BiddingResult:
    """Decide a bidding: the standard, who may list at which price, and the days it holds.

    Args:
        willingness: What the fund is willing to pay, in yuan.
        bids: One for each maker.
        rules: A rulebook of kind ``negotiation`` with the options that complete it.
        starts_on: First day of the standard.

    Raises:
        ModelFaultsError: There is no bid, a maker bids twice, or a price is not above zero.
        RuleNotStatedError: A rule is needed that no source states.

    Examples:
        >>> bids = [BrandBid("甲", Decimal(95)), BrandBid("乙", Decimal(60))]
        >>> rules = StatedRules.of("negotiation-nrdl-2023")
        >>> result = decide_bidding(Decimal(100), bids, rules, starts_on=date(2024, 1, 1))
        >>> result.standard, result.floor_applied, result.in_force.until.isoformat()
        (Decimal('70.00'), True, '2025-12-31')
        >>> [str(listing.patient_excess) for listing in result.listings]
        ['25.00', '0']
    """
    _check(willingness, bids)
    for key in KEYS:
        rules.required(key)
    share = rules.decimal("bidding.floor_share")
    lowest, floor = min(bid.price for bid in bids), EXACT.multiply(willingness, share)
    standard = bidding_standard(willingness, [bid.price for bid in bids], share)
    listed = standard is not None
    cited = (*KEYS, *KEYS_OF_LISTED) if listed else KEYS
    zh, en = _told(willingness, lowest, floor, standard)
    return BiddingResult(
        standard=standard,
        lowest_bid=lowest,
        floor=floor,
        floor_applied=listed and lowest < floor,
        listings=() if standard is None else _listings(bids, standard, rules),
        in_force=in_force_for(starts_on, rules.count("bidding.years")) if listed else None,
        clauses=tuple(map(rules.cite, cited)),
        is_verified=all(map(rules.is_verified, cited)),
        zh=zh,
        en=en,
    )


def _listings(
    bids: Sequence[BrandBid], standard: Decimal, rules: StatedRules
) -> tuple[Listing, ...]:
    rules.required("bidding.listing_until")
    rules.required("bidding.excess_paid_by")
    return tuple(
        Listing(bid.maker, bid.price, max(EXACT.subtract(bid.price, standard), ZERO))
        for bid in bids
    )


def _told(
    willingness: Decimal, lowest: Decimal, floor: Decimal, standard: Decimal | None
) -> tuple[str, str]:
    if standard is None:
        return (
            f"最低报价 {lowest:f} 元高于医保支付意愿 {willingness:f} 元，不纳入目录。",
            f"the lowest bid of {lowest:f} is above the willingness to pay of {willingness:f} "
            "yuan: not listed.",
        )
    if lowest < floor:
        return (
            f"最低报价 {lowest:f} 元低于下限 {floor:f} 元，支付标准为 {standard:f} 元。",
            f"the lowest bid of {lowest:f} is under {floor:f}: the standard is {standard:f} yuan.",
        )
    return (
        f"以最低报价为支付标准：{standard:f} 元。",
        f"the lowest bid is the standard: {standard:f} yuan.",
    )


def _check(willingness: Decimal, bids: Sequence[BrandBid]) -> None:
    faults = FaultList()
    if not bids:
        zh, en = "没有报价", "no bid: expected at least one"
        raise ModelFaultsError([Fault("bids", zh, en)])
    prices = [("willingness", willingness), *((f"bids.{bid.maker}", bid.price) for bid in bids)]
    for where, price in prices:
        if not price.is_finite() or price <= 0:
            faults.add(where, f"{price}：须大于 0", f"{price}: expected a price above 0")
    makers = [bid.maker for bid in bids]
    for maker in sorted({maker for maker in makers if makers.count(maker) > 1}):
        faults.add(f"bids.{maker}", "同一企业报价两次", "the maker bids twice")
    faults.raise_if_any()
