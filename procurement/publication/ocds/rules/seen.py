"""What everybody may know of a round, by how far it has come; what is not listed stays hidden.

It follows what the pages show to somebody who is not signed in (docs/sealed-bids.md): nothing
about bids before closing, not even how many there are; their number from closing on; bidders and
prices only where the rulebook discloses prices to everybody; winners from the notice on.
"""

from collections.abc import Collection
from dataclasses import dataclass

from procurement.rounds.status import RoundStatus

_S = RoundStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be published.

    Attributes:
        document: The document, with its ceilings.
        base_volumes: How much is needed.
        bid_count: How many bids stand.
        bids: Who bid what.
        awards: Who is selected, and how many bid in each lot.
        prices: Prices of bids, awards, contracts and payments.
    """

    document: bool
    base_volumes: bool
    bid_count: bool
    bids: bool
    awards: bool
    prices: bool


def seen_at(reached: Collection[RoundStatus], *, prices_are_public: bool) -> Seen:
    """Tell what may be published of a round.

    Args:
        reached: Every status that it has had.
        prices_are_public: The rulebook in force discloses prices to everybody.

    Examples:
        >>> seen_at([RoundStatus.PUBLISHED, RoundStatus.BIDDING], prices_are_public=True)
        Seen(document=True, base_volumes=True, bid_count=False, bids=False, awards=False, \
prices=False)
    """
    is_opened = _S.OPENED in reached
    return Seen(
        document=_S.COMMENTS in reached or _S.PUBLISHED in reached,
        base_volumes=_S.PUBLISHED in reached,
        bid_count=_S.CLOSED in reached,
        bids=is_opened and prices_are_public,
        awards=_S.ANNOUNCED in reached,
        prices=is_opened and prices_are_public,
    )


PLANNED = frozenset({_S.VOLUME_REPORTING, _S.COMMENTS})
"""Statuses in which a round is still planned."""

_TENDER_STATUS = {
    _S.VOLUME_REPORTING: "planning",
    _S.COMMENTS: "planned",
    **dict.fromkeys(
        (
            _S.PUBLISHED,
            _S.BIDDING,
            _S.CLOSED,
            _S.OPENED,
            _S.EVALUATED,
            _S.SECOND_ANSWERS,
            _S.ANNOUNCED,
        ),
        "active",
    ),
    **dict.fromkeys(
        (
            _S.IMPORTED,
            _S.AWARDED,
            _S.REGIONS_CHOSEN,
            _S.AGREEMENTS,
            _S.RUNNING,
            _S.FOLLOWED_ON,
            _S.ENDED,
        ),
        "complete",
    ),
    _S.CANCELLED: "cancelled",
}


def tender_status(status: RoundStatus) -> str:
    """Return the code of tenderStatus for a round's status.

    Raises:
        KeyError: The status is a draft's, of which nothing is published.

    Examples:
        >>> tender_status(RoundStatus.BIDDING), tender_status(RoundStatus.RUNNING)
        ('active', 'complete')
    """
    return _TENDER_STATUS[status]


_AWARDING = frozenset(
    {
        _S.AWARDED,
        _S.REGIONS_CHOSEN,
        _S.AGREEMENTS,
        _S.RUNNING,
        _S.FOLLOWED_ON,
        _S.ENDED,
    }
)


def tags_of(status: RoundStatus, *, is_first: Collection[str], is_amendment: bool) -> list[str]:
    """Return the codes of releaseTag for a release about the round itself.

    Args:
        status: Of the round, after what the release tells.
        is_first: Tags that no earlier release of the round has.
        is_amendment: The release tells a numbered amendment, or dates that were moved.

    Examples:
        >>> tags_of(RoundStatus.PUBLISHED, is_first=["tender"], is_amendment=False)
        ['tender']
        >>> tags_of(RoundStatus.BIDDING, is_first=[], is_amendment=True)
        ['tenderAmendment']
    """
    if status is _S.CANCELLED:
        return ["planningUpdate"] if "tender" in is_first else ["tenderCancellation"]
    if status in PLANNED:
        return ["planning"] if "planning" in is_first else ["planningUpdate"]
    if "tender" in is_first:
        return ["tender"]
    if status is _S.ANNOUNCED or status in _AWARDING:
        return ["award"] if "award" in is_first else ["awardUpdate"]
    return ["tenderAmendment"] if is_amendment else ["tenderUpdate"]
