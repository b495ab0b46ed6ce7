"""Preferences for regions that a winner hands in beforehand, for when it is silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.awards.regions.choosers import ChoosingLot
from procurement.awards.regions.tables import RegionChoice, RegionPreference
from procurement.awards.tables import AwardedBid
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor
from procurement.rounds.tables import Round, RoundStatus


class ChoiceOverError(RefusedError):
    """Regions are chosen: a list of preferences comes too late."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="选区已经结束。", en="The choice of regions is over.")


def preferences(session: Session, *, awarded_bid_id: int, spare: bool) -> tuple[str, ...]:
    """Return the regions that a winner prefers, most preferred first."""
    rows = session.scalars(
        select(RegionPreference.region)
        .where(RegionPreference.awarded_bid_id == awarded_bid_id)
        .where(RegionPreference.spare == spare)
        .order_by(RegionPreference.position)
    )
    return tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceList:
    """The regions that a winner prefers.

    Attributes:
        lot: The lot, as `choosing_lots` gives it.
        winner: Whose list.
        regions: Most preferred first; not all need be named.
        spare: Spare regions instead of main ones.
    """

    lot: ChoosingLot
    winner: AwardedBid
    regions: Sequence[str]
    spare: bool = False


def keep_preferences(
    session: Session,
    *,
    round_: Round,
    wanted: PreferenceList,
    actor: Actor,
    moment: datetime,
) -> None:
    """Keep the list of regions that a winner prefers; it replaces the one before.

    It may be handed in until every region has its supplier, and counts from then on.

    Args:
        session: Session of the caller's transaction.
        round_: An awarded round.
        wanted: The list.
        actor: Who hands it in.
        moment: When.

    Raises:
        ChoiceOverError: The choice is over, or not to come yet.
        InvalidInputError: A region is none of the lot's, or named twice.
    """
    choice = session.scalars(
        select(RegionChoice).where(RegionChoice.round_id == round_.id)
    ).one_or_none()
    if round_.status != RoundStatus.AWARDED or (choice and choice.ended_at is not None):
        raise ChoiceOverError
    winner, spare = wanted.winner, wanted.spare
    _check(wanted.lot, wanted.regions, "spare" if spare else "main")
    old = delete(RegionPreference).where(RegionPreference.awarded_bid_id == winner.id)
    session.execute(old.where(RegionPreference.spare == spare))
    session.add_all(
        RegionPreference(
            awarded_bid_id=winner.id,
            spare=spare,
            position=position,
            region=region,
            person_id=actor.person_id,
            handed_in_at=moment,
        )
        for position, region in enumerate(wanted.regions, start=1)
    )
    session.flush()
    record(
        session,
        actor=actor,
        action="prefer-regions",
        subject=f"round/{round_.name}",
        # Which regions is the winner's own affair until its turn comes.
        facts={
            "lot": wanted.lot.lot.code,
            "regions": str(len(wanted.regions)),
            "spare": str(spare).lower(),
        },
        moment=moment,
    )


def _check(lot: ChoosingLot, regions: Sequence[str], field: str) -> None:
    faults = []
    if strange := [region for region in regions if region not in lot.regions]:
        faults.append(
            FieldFault(
                field,
                f"不是本品种的地区：{'、'.join(strange)}。",
                f"Not a region of this lot: {', '.join(strange)}.",
            )
        )
    if len(set(regions)) != len(regions):
        faults.append(FieldFault(field, "同一地区只填一次。", "Each region once."))
    if faults:
        raise InvalidInputError(faults)
