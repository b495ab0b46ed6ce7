"""Fixing the award by two officers, and the choice of regions by the winners in turn."""

from collections.abc import Iterator
from datetime import date

from procurement.accounts.tables import Organisation
from procurement.awards.fixing import FIX_AWARD
from procurement.awards.regions.choosers import ChoosingLot, choosing_lots
from procurement.awards.regions.preferences import PreferenceList, keep_preferences
from procurement.awards.regions.service import choose_region, start_choice
from procurement.awards.regions.turns import turns_of
from procurement.awards.tables import AwardedBid
from procurement.china_days import day_in_china
from procurement.cli.demo_platform.cast import BUREAU, MARK, maker
from procurement.cli.demo_platform.four_eyes import by_two
from procurement.cli.demo_platform.regions import region_codes
from procurement.cli.demo_platform.scene import Scene
from procurement.permissions import Actor
from procurement.rounds.tables import Round

MINUTES_PER_TURN = 10


def starts_on(scene: Scene) -> date:
    """The first day of the procurement cycle: today, so that orders can be placed."""
    return day_in_china(scene.moment)


def fix_award(scene: Scene, round_: Round, *, first_day: date) -> None:
    """Fix the award when the notice is over.

    Args:
        scene: The set-up.
        round_: The announced round.
        first_day: Of the procurement cycle.

    Raises:
        NotReadyError: The notice is not over.
    """
    by_two(scene, round_, FIX_AWARD, about=first_day.isoformat())


def choose_regions(scene: Scene, round_: Round) -> None:
    """Let winners hand in what they prefer, and choose in turn by it.

    Who ranks first in a lot would like the region with the largest need; each chooses the best of
    its list that is free. All are there in time: a list decides alone only where one is silent.
    """
    lots = choosing_lots(scene.session, round_=round_)
    wishes = {lot.lot.code: _by_need(scene, lot) for lot in lots}
    for lot in lots:
        for winner in lot.winners:
            wanted = PreferenceList(lot=lot, winner=winner, regions=wishes[lot.lot.code])
            keep_preferences(
                scene.session,
                round_=round_,
                wanted=wanted,
                actor=_actor(scene, winner),
                moment=scene.moment,
            )
    start_choice(
        scene.session,
        round_=round_,
        minutes_per_turn=MINUTES_PER_TURN,
        actor=scene.actor(BUREAU),
        moment=scene.moment,
    )
    for number, lot in enumerate(lots, start=1):
        for winner, region in _turns(scene, lot, wishes[lot.lot.code]):
            choose_region(
                scene.session,
                round_=round_,
                lot_code=lot.lot.code,
                region=region,
                actor=_actor(scene, winner),
            )
        scene.progress.part(number, len(lots))


def _by_need(scene: Scene, lot: ChoosingLot) -> list[str]:
    """The regions of a lot, those with the largest need first."""
    names = {code: name for name, code in region_codes(scene.example).items()}
    need = {
        region: sum(
            volume.ratio * volume.base_volume
            for volume in scene.example.volumes
            if (volume.lot, volume.region) == (lot.lot.code, names[region])
        )
        for region in lot.regions
    }
    return sorted(need, key=lambda region: (-need[region], region))


def _turns(scene: Scene, lot: ChoosingLot, wishes: list[str]) -> Iterator[tuple[AwardedBid, str]]:
    """Whose turn it is, and the best region that is free, until every region is chosen."""
    while True:
        state = turns_of(scene.session, lot=lot)
        turn = state.waiting
        if turn is None:
            return
        free = set(state.free(turn))
        yield lot.winner_by_id(turn.awarded_bid_id), next(one for one in wishes if one in free)


def _actor(scene: Scene, winner: AwardedBid) -> Actor:
    """Who acts for a winner."""
    organisation = scene.session.get_one(Organisation, winner.organisation_id)
    return scene.actor(maker(organisation.name.removesuffix(MARK)))
