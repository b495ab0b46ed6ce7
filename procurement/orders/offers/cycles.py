"""Which term an order of a day falls into, and until when a round can be ordered from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.agreements.states import TermKind, TermStatus
from procurement.agreements.tables import AgreementTerm
from procurement.awards.tables import AwardedBid
from procurement.errors import RefusedError
from procurement.orders.errors import CycleNotBegunError, CycleOverError
from procurement.rounds.tables import Lot, Round, RoundStatus

_KNOWN = (
    RoundStatus.AGREEMENTS,
    RoundStatus.RUNNING,
    RoundStatus.FOLLOWED_ON,
    RoundStatus.ENDED,
)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A round that can be ordered from, or could.

    Attributes:
        round: The round.
        term: The term that an order of the day falls into.
        day: The day.
        awarded_until: Last day of a lot's cycle by the award, by lot; missing where no rule says.
    """

    round: Round
    term: AgreementTerm
    day: date
    awarded_until: dict[int, date]

    def last_day(self, lot_id: int) -> date:
        """Last day on which a lot can be ordered: of the term, or later by the award.

        The agreed volume is of the year; beyond it, and until the agreements of the next year are
        made, the winning price holds to the end of the cycle.
        """
        by_award = self.awarded_until.get(lot_id)
        return self.term.ends_on if by_award is None else max(by_award, self.term.ends_on)

    def refusal(self, lot_id: int) -> RefusedError | None:
        """Why a lot cannot be ordered on the day; None where it can."""
        last = self.last_day(lot_id)
        if self.day > last:
            return CycleOverError(last)
        if self.round.status in (RoundStatus.FOLLOWED_ON, RoundStatus.ENDED):
            return CycleOverError(min(self.day, last))
        if self.round.status != RoundStatus.RUNNING or self.day < self.term.starts_on:
            return CycleNotBegunError(self.term.starts_on)
        return None

    @property
    def price_lasts_until(self) -> date | None:
        """Until when winning prices hold by decision, beyond their own end: in an extension."""
        return self.term.ends_on if self.term.kind == TermKind.EXTENSION else None


def cycles_on(session: Session, *, day: date, term_id: int | None = None) -> list[Cycle]:
    """Return, for every round with agreements, the term that an order of a day falls into.

    That is the last one that has begun, else the first one; its refusal says why not.

    Args:
        session: Any session.
        day: The day of ordering.
        term_id: Only this term, whatever its days are.
    """
    wanted = (
        select(AgreementTerm, Round)
        .join(Round, Round.id == AgreementTerm.round_id)
        .where(AgreementTerm.status == TermStatus.DONE, Round.status.in_(_KNOWN))
        .order_by(AgreementTerm.round_id, AgreementTerm.number)
    )
    if term_id is not None:
        wanted = wanted.where(AgreementTerm.id == term_id)
    chosen: dict[int, tuple[AgreementTerm, Round]] = {}
    for term, round_ in session.execute(wanted):
        if round_.id not in chosen or term.starts_on <= day:
            chosen[round_.id] = (term, round_)
    ends = _awarded_until(session, chosen)
    return [Cycle(round_, term, day, ends.get(round_.id, {})) for term, round_ in chosen.values()]


def _awarded_until(session: Session, round_ids: Iterable[int]) -> dict[int, dict[int, date]]:
    rows = session.execute(
        select(Lot.round_id, Lot.id, func.max(AwardedBid.ends_on))
        .join(AwardedBid, AwardedBid.lot_id == Lot.id)
        .where(Lot.round_id.in_(list(round_ids)))
        .group_by(Lot.round_id, Lot.id)
    )
    found: dict[int, dict[int, date]] = {}
    for round_id, lot_id, ends_on in rows:
        if ends_on is not None:
            found.setdefault(round_id, {})[lot_id] = ends_on
    return found
