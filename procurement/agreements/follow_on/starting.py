"""Starting a follow-on round from the agreements of a round that runs or is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.agreements.errors import NotFollowableError
from procurement.agreements.follow_on.supplied import (
    LastYear,
    SuppliedLot,
    supplied_last,
)
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, Actor
from procurement.rounds.basics import Basics, basics_faults, name_faults
from procurement.rounds.drafting import draft_round, regions_of
from procurement.rounds.lots import LotFacts, add_lot, lot_facts
from procurement.rounds.progress import lock_round, record_change
from procurement.rounds.tables import Round, RoundStatus

FOLLOWABLE = (RoundStatus.RUNNING, RoundStatus.FOLLOWED_ON, RoundStatus.ENDED)
"""Statuses from which a follow-on round may start: the cycle runs, or is over.

One that was followed on is among them: another round may take over lots that the first left out.
"""

INQUIRY = "follow-on-inquiry-2026"
"""The rulebook of inquiries, with which a follow-on round most often starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOnFacts:
    """What an officer decides about a follow-on round; all else is taken over.

    Attributes:
        name: Short name of the new round.
        title: Of its document.
        rulebook: Id of its rulebook.
        is_inquiry: Declarations against a benchmark price instead of bids.
        lots: Codes of the lots that are taken over.
    """

    name: str
    title: str
    rulebook: str
    is_inquiry: bool
    lots: tuple[str, ...]


def start_follow_on(
    session: Session,
    *,
    predecessor: Round,
    facts: FollowOnFacts,
    actor: Actor,
    moment: datetime,
) -> Round:
    """Draft a round that follows on another.

    Regions, lots and strengths are taken over. In an inquiry the highest selected price of each
    strength becomes its benchmark, as a suggestion; ceilings are left empty, since no rulebook
    says by a rule that they are the prices of the round before. All of it can be changed as in any
    draft. What hospitals need is proposed when they begin their reports, see `follow_on.need`.

    Args:
        session: Session of the caller's transaction.
        predecessor: A round that runs or is over, led by the actor's bureau.
        facts: What the officer decided.
        actor: The officer.
        moment: When.

    Returns:
        The draft.

    Raises:
        NotFollowableError: The round is not that far, or has no agreements.
        InvalidInputError: With every fault of the facts.
    """
    lock_round(session, round_=predecessor)
    last = supplied_last(session, round_=predecessor)
    if predecessor.status not in FOLLOWABLE or last is None or not last.lots:
        raise NotFollowableError
    basics = Basics(
        name=facts.name,
        title=facts.title,
        rulebook=facts.rulebook,
        regions=regions_of(session, round_id=predecessor.id),
        is_inquiry=facts.is_inquiry,
        follows=predecessor.name,
        outage_shift_minutes=predecessor.outage_shift_minutes,
    )
    _check(session, basics, facts, last)
    round_ = draft_round(session, actor=actor, basics=basics, moment=moment)
    for one in last.lots:
        if one.lot.code in facts.lots:
            taken = taken_over(session, one, is_inquiry=facts.is_inquiry)
            add_lot(session, round_=round_, facts=taken, actor=actor, moment=moment)
    record_change(
        session,
        round_=predecessor,
        actor=actor,
        action=Action.FOLLOW_ON,
        facts={"round": round_.name, "term": str(last.term.number), "lots": str(len(facts.lots))},
        moment=moment,
    )
    return round_


def _check(session: Session, basics: Basics, facts: FollowOnFacts, last: LastYear) -> None:
    faults = [
        *name_faults(session, name=basics.name),
        *basics_faults(session, basics=basics),
        *_lot_faults(facts.lots, last.lots),
    ]
    if faults:
        raise InvalidInputError(faults)


def _lot_faults(wanted: Sequence[str], known: Sequence[SuppliedLot]) -> Iterator[FieldFault]:
    if not wanted:
        yield FieldFault("lots", "请至少选择一个品种。", "Choose at least one lot.")
    for code in sorted(set(wanted) - {one.lot.code for one in known}):
        yield FieldFault(
            "lots", f"上一年度没有供应品种 {code}。", f"Lot {code} was not supplied last year."
        )


def taken_over(session: Session, supplied: SuppliedLot, *, is_inquiry: bool) -> LotFacts:
    """Return a lot as the follow-on round begins with it."""
    highest = {one.row.strength: one.highest_price for one in supplied.strengths}
    facts = lot_facts(session, lot=supplied.lot)
    return replace(
        facts,
        strengths=tuple(
            replace(
                one,
                price_ceiling=None,
                benchmark_price=highest[one.strength] if is_inquiry else None,
            )
            for one in facts.strengths
        ),
    )
