"""Who holds the need that was reported for a brand."""

from collections.abc import Mapping, Sequence

from bidding.contender import Contender


def supplies(contender: Contender, strength: str) -> bool:
    """Whether a bidder can supply a strength."""
    return contender.bid.supplies is None or strength in contender.bid.supplies


def holder_of(brand: str, strength: str, winners: Sequence[Contender]) -> Contender | None:
    """The winner that supplies what was reported for a brand.

    Need is reported for a bid's identifier or for a manufacturer. Where a manufacturer has
    several winning products, its need is agreed once, with the best ranked that makes the
    strength.

    Args:
        brand: As reported.
        strength: Label of the strength.
        winners: Winners with volume, by rank.

    Returns:
        The winner, or None where the brand did not win, or does not make the strength.
    """
    able = [winner for winner in winners if supplies(winner, strength)]
    named = (winner for winner in able if winner.name == brand)
    maker = (winner for winner in able if winner.bid.manufacturer == brand)
    return next(named, None) or next(maker, None)


def held_by(
    brands: Mapping[str, int], strength: str, winners: Sequence[Contender]
) -> dict[str, int]:
    """What was reported for winning brands in one region and strength, by the winner's bid."""
    held: dict[str, int] = {}
    for brand, own in brands.items():
        holder = holder_of(brand, strength, winners)
        if holder is not None and own:
            held[holder.name] = held.get(holder.name, 0) + own
    return held
