"""Which rounds a visitor finds here, and how much of a report the disclosure rule lets him see."""

from dataclasses import dataclass, replace

from procurement.bids.at_edge import public_round, sees_all_prices, subject_for
from procurement.bids.opening.disclosure import Disclosure, disclosure_of
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit

ANNOUNCED = (
    RoundStatus.ANNOUNCED,
    RoundStatus.AWARDED,
    RoundStatus.REGIONS_CHOSEN,
    RoundStatus.AGREEMENTS,
    RoundStatus.RUNNING,
    RoundStatus.FOLLOWED_ON,
    RoundStatus.ENDED,
)
"""From the notice on everybody may know who is selected; prices follow the disclosure rule."""

OPENED = (
    RoundStatus.OPENED,
    RoundStatus.EVALUATED,
    RoundStatus.SECOND_ANSWERS,
    *ANNOUNCED,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of a round's report somebody sees.

    Attributes:
        conducts: Belongs to the lead bureau, or is an observer whom the round names.
        sees_all: Sees every bid with its price.
        is_announced: The provisional selection is on notice, or later.
        is_awarded: The selection is final.
        organisation_id: Whose own bids are shown in any case.
        disclosure: What the rulebook says.
    """

    conducts: bool
    sees_all: bool
    is_announced: bool
    is_awarded: bool
    organisation_id: int | None
    disclosure: Disclosure

    @property
    def scope(self) -> str:
        """In a word, for exports and for the sentence under the heading."""
        if self.sees_all:
            return "all"
        return "selected" if self.is_announced else "own"


def sight_of(visit: Visit, round_: Round) -> Sight:
    """Tell how much of a round's report a visitor sees.

    Before the notice the report is provisional: those who conduct and observe the round see it,
    and every bidder its own part. From the notice on the rulebook says who sees all prices, and
    everybody the winners.
    """
    held_back = replace(subject_for(visit, round_), is_public=False)
    conducts = visit.may(Action.READ_OPENED_BIDS, held_back)
    is_announced = round_.status in ANNOUNCED
    return Sight(
        conducts=conducts,
        sees_all=conducts or (is_announced and sees_all_prices(visit, round_)),
        is_announced=is_announced,
        is_awarded=is_announced and round_.status != RoundStatus.ANNOUNCED,
        organisation_id=visit.actor.organisation_id,
        disclosure=disclosure_of(visit.session, round_=round_),
    )


def seen_round(visit: Visit, name: str) -> tuple[Round, Sight]:
    """Return a round that the visitor may read, with what he sees of its report.

    Raises:
        NotFoundForActorError: There is no such round, or not for him.
    """
    round_ = public_round(visit, name, Action.READ_RESULT)
    return round_, sight_of(visit, round_)


def conducted_round(visit: Visit, name: str) -> tuple[Round, Sight]:
    """Return a round that the visitor conducts or observes.

    Raises:
        NotFoundForActorError: He does not, whether it exists or not.
    """
    round_, sight = seen_round(visit, name)
    if not sight.conducts:
        raise NotFoundForActorError
    return round_, sight
