"""A manufacturer's standing: its awards, the rounds in which everybody knows of it, its grade."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.awards.pages.access import Sight
from procurement.awards.tables import Award, AwardedBid
from procurement.credit_rating.grades import Grade, grade_of, grades_by_region
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Lot, Round


@dataclass(frozen=True, slots=True)
class WonLot:
    """A lot that a manufacturer won.

    Attributes:
        round: The round.
        lot: The lot.
        bid: As the award froze it.
        shows_price: The reader may see its price.
    """

    round: Round
    lot: Lot
    bid: AwardedBid
    shows_price: bool

    @property
    def pack_price(self) -> Decimal | None:
        """Yuan a pack; None where the reader may not see it."""
        return self.bid.pack_price if self.shows_price else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What everybody may know of a manufacturer.

    Attributes:
        organisation: The manufacturer.
        grade: The highest grade of all provinces.
        grades: By the provinces that gave one.
        won: Its awards, the newest first.
    """

    organisation: Organisation
    grade: Grade
    grades: dict[str, Grade]
    won: tuple[WonLot, ...]

    @property
    def rounds(self) -> int:
        """In how many rounds it won."""
        return len({one.round.id for one in self.won})


def manufacturers(*, words: str = "") -> Select[Any]:
    """Select manufacturers with the number of their awards, by name.

    Args:
        words: Only those whose name contains this.
    """
    awards = (
        select(func.count(AwardedBid.id))
        .where(AwardedBid.organisation_id == Organisation.id)
        .scalar_subquery()
    )
    found = (
        select(Organisation, awards.label("awards"))
        .where(Organisation.kind == OrganisationKind.MANUFACTURER)
        .order_by(Organisation.name, Organisation.id)
    )
    return found.where(Organisation.name.contains(words, autoescape=True)) if words else found


def won_bids(session: Session, *, organisation_id: int) -> Sequence[tuple[Round, Lot, AwardedBid]]:
    """Return the awards of a manufacturer, the newest first."""
    rows = session.execute(
        select(Round, Lot, AwardedBid)
        .join(Award, Award.id == AwardedBid.award_id)
        .join(Round, Round.id == Award.round_id)
        .join(Lot, Lot.id == AwardedBid.lot_id)
        .where(AwardedBid.organisation_id == organisation_id)
        .order_by(Award.awarded_at.desc(), Lot.code, AwardedBid.id)
    )
    return [(round_, lot, bid) for round_, lot, bid in rows]


def require_manufacturer(session: Session, *, organisation_id: int) -> Organisation:
    """Return a manufacturer.

    Raises:
        NotFoundForActorError: There is none of this number.
    """
    found = session.get(Organisation, organisation_id)
    if found is None or found.kind != OrganisationKind.MANUFACTURER:
        raise NotFoundForActorError
    return found


def standing_of(
    session: Session, *, organisation_id: int, on_date: date, sights: dict[int, Sight]
) -> Standing:
    """Return the standing of a manufacturer.

    Args:
        session: Any session.
        organisation_id: The manufacturer.
        on_date: Day on which its grade is looked at.
        sights: How much the reader sees, by round; what is not in it is not shown.

    Raises:
        NotFoundForActorError: There is no such manufacturer.
    """
    won = tuple(
        WonLot(round_, lot, bid, sights[round_.id].sees_all or _is_own(bid, sights[round_.id]))
        for round_, lot, bid in won_bids(session, organisation_id=organisation_id)
        if round_.id in sights
    )
    return Standing(
        organisation=require_manufacturer(session, organisation_id=organisation_id),
        grade=grade_of(session, organisation_id=organisation_id, region=NATION, on_date=on_date),
        grades=grades_by_region(session, organisation_id=organisation_id, on_date=on_date),
        won=won,
    )


def _is_own(bid: AwardedBid, sight: Sight) -> bool:
    return bid.organisation_id == sight.organisation_id
