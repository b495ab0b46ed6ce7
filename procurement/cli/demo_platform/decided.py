"""The round that is decided: the lots and bids of the example, from the draft to first orders.

It is played in two parts, so that the set-up can do something else while bids are taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bidding.sealing import HolderKey, Manifest, SigningKey
from procurement.cli.demo_platform.agreeing import agree
from procurement.cli.demo_platform.awarding import choose_regions, fix_award, starts_on
from procurement.cli.demo_platform.bidding import SealedFile, check_papers, seal_bids
from procurement.cli.demo_platform.buying import buy
from procurement.cli.demo_platform.deciding import announce_selection, evaluate
from procurement.cli.demo_platform.drafting import advance, draft
from procurement.cli.demo_platform.keeping import draft_savings
from procurement.cli.demo_platform.opening import close, open_together
from procurement.cli.demo_platform.publishing import (
    close_reporting,
    hand_over,
    open_comments,
    publish,
    rehearse,
)
from procurement.cli.demo_platform.regions import region_codes
from procurement.cli.demo_platform.reporting import aggregate_volumes
from procurement.cli.demo_platform.reporting_by_file import report_by_file
from procurement.cli.demo_platform.scene import Scene
from procurement.rounds.rules import Timetable
from procurement.rounds.tables import Round, RoundStatus

NAME, TITLE = "demo-decided", "药品集中带量采购演示批次三"

_SECOND, _HOUR, _DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The round while its bids are sealed.

    Attributes:
        round_: The round, in bidding.
        manifest: Under which they were sealed.
        holders: Keys of the keyholders, in the order of their seats.
        files: What the firms whose sign-ins are printed keep of their bids.
    """

    round_: Round
    manifest: Manifest
    holders: Sequence[HolderKey]
    files: Sequence[SealedFile]


def play_until_sealed(
    scene: Scene,
    *,
    holders: Sequence[HolderKey],
    firms: Mapping[str, SigningKey],
    lasts: timedelta,
) -> Sealed:
    """Draft, report, publish, and seal the bids of all firms of the example.

    Args:
        scene: The set-up.
        holders: Keys of the keyholders, for this round only.
        firms: Signing keys, by firm, in the order in which they bid.
        lasts: How long bids are taken.

    Raises:
        TooLateError: That was not long enough.
    """
    scene.progress.next_act()
    regions = list(region_codes(scene.example).values())
    round_ = draft(scene, name=NAME, title=TITLE, dated=_dated, regions=regions)
    hand_over(scene, round_, holders)
    advance(scene, round_, RoundStatus.VOLUME_REPORTING)
    report_by_file(scene, round_)
    close_reporting(scene, round_)
    aggregate_volumes(scene, round_)
    scene.progress.next_act()
    open_comments(scene, round_)
    rehearse(scene, round_, holders)
    manifest = publish(scene, round_, lasts=lasts)
    scene.progress.next_act()
    check_papers(scene, round_, admitted=list(firms))
    return Sealed(round_, manifest, holders, seal_bids(scene, round_, manifest, firms))


def decide(scene: Scene, sealed: Sealed) -> None:
    """Close the round by its clock, open it by a quorum, evaluate, announce, award, agree, order.

    Args:
        scene: The set-up.
        sealed: The round, all of whose bids are in.
    """
    round_ = sealed.round_
    scene.progress.next_act()
    close(scene, round_)
    open_together(scene, round_, sealed.manifest, sealed.holders)
    scene.progress.next_act()
    evaluate(scene, round_)
    announce_selection(scene, round_)
    scene.progress.next_act()
    first_day = starts_on(scene)
    fix_award(scene, round_, first_day=first_day)
    scene.progress.next_act()
    choose_regions(scene, round_)
    scene.progress.next_act()
    agree(scene, round_, first_day=first_day)
    scene.progress.next_act()
    buy(scene, round_)
    draft_savings(scene, round_)


def _dated(start: datetime) -> Timetable:
    """Dates that a draft needs; those of the bidding come with the publication."""
    return Timetable(
        volume_opens_at=start + _SECOND,
        volume_closes_at=start + _HOUR,
        comments_close_at=start + 2 * _HOUR,
        bidding_opens_at=start + 3 * _HOUR,
        closes_at=start + _DAY,
        opens_at=start + _DAY + _HOUR,
    )
