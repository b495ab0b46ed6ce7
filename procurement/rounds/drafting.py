"""Drafting a round from a rulebook: its title, regions, dates, and the rules left open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.china_days import day_in_china
from procurement.database import text_digest
from procurement.errors import InvalidInputError
from procurement.permissions import Action, Actor
from procurement.rounds.basics import Basics, basics_faults, name_faults
from procurement.rounds.open_rules import still_open
from procurement.rounds.options import read_options, write_options
from procurement.rounds.progress import lock_version, record_change, record_part
from procurement.rounds.rules import Part, check_may_change
from procurement.rounds.service import find_round
from procurement.rounds.tables import Round, RoundRegion, RoundStatus
from rulebooks import load_rulebook

NO_FACTS = "{}"
"""Facts of a round that is not published."""


def draft_round(session: Session, *, actor: Actor, basics: Basics, moment: datetime) -> Round:
    """Begin a round.

    Args:
        session: Session of the caller's transaction.
        actor: The officer who drafts it; his bureau leads the round.
        basics: What it is.
        moment: When, aware.

    Returns:
        The draft, without lots, dates and keyholders.

    Raises:
        InvalidInputError: With every fault of the basics.
    """
    faults = [
        *name_faults(session, name=basics.name),
        *basics_faults(session, basics=basics),
    ]
    if faults:
        raise InvalidInputError(faults)
    round_ = Round(
        name=basics.name,
        opened_on=day_in_china(moment),
        facts=NO_FACTS,
        facts_digest=text_digest(NO_FACTS),
        imported_at=moment,
        status=RoundStatus.DRAFT,
        bureau_id=actor.organisation_id,
        drafted_by=actor.person_id,
        options="{}",
        version=1,
    )
    _write_basics(session, round_, basics)
    session.add(round_)
    session.flush()
    _write_regions(session, round_, basics.regions)
    facts = {"rulebook": basics.rulebook}
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.DRAFT_ROUND,
        facts=facts,
        moment=moment,
    )
    return round_


def change_basics(
    session: Session,
    *,
    round_: Round,
    basics: Basics,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Round:
    """Change what a round is; its name stays.

    Options that another rulebook does not leave open are dropped with the rulebook that did.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        basics: Everything about it, as it is to be.
        version: The version that the page showed.
        actor: The officer.
        moment: When.

    Returns:
        The round.

    Raises:
        StaleError: Somebody else changed it since.
        PartFixedError: What was changed is fixed by now.
        InvalidInputError: With every fault of the basics.
    """
    lock_version(session, round_=round_, version=version)
    present = basics_of(session, round_=round_)
    basics = replace(basics, name=round_.name)
    _check_parts(RoundStatus(round_.status), present, basics)
    faults = list(basics_faults(session, basics=basics))
    if faults:
        raise InvalidInputError(faults)
    if basics.rulebook != present.rulebook:
        kept = still_open(basics.rulebook, read_options(round_.options))
        round_.options = write_options(kept)
    _write_basics(session, round_, basics)
    if basics.regions != present.regions:
        _write_regions(session, round_, basics.regions)
    session.flush()
    record_part(session, round_=round_, actor=actor, part=Part.TITLE, moment=moment)
    return round_


def basics_of(session: Session, *, round_: Round) -> Basics:
    """Return what a round is, as its form shows it."""
    followed = None if round_.follows_id is None else session.get(Round, round_.follows_id)
    return Basics(
        name=round_.name,
        title=round_.title,
        rulebook=round_.rulebook,
        regions=regions_of(session, round_id=round_.id),
        is_inquiry=round_.is_inquiry,
        follows="" if followed is None else followed.name,
        outage_shift_minutes=round_.outage_shift_minutes,
    )


def regions_of(session: Session, *, round_id: int) -> tuple[str, ...]:
    """Return the division codes of a round's regions, in order."""
    regions = select(RoundRegion.region).where(RoundRegion.round_id == round_id)
    return tuple(sorted(session.scalars(regions)))


def _check_parts(status: RoundStatus, present: Basics, wanted: Basics) -> None:
    if (present.title, present.outage_shift_minutes) != (
        wanted.title,
        wanted.outage_shift_minutes,
    ):
        check_may_change(Part.TITLE, status)
    if present.rulebook != wanted.rulebook:
        check_may_change(Part.RULEBOOK, status)
    if (present.regions, present.is_inquiry, present.follows) != (
        wanted.regions,
        wanted.is_inquiry,
        wanted.follows,
    ):
        check_may_change(Part.REGIONS, status)


def _write_basics(session: Session, round_: Round, basics: Basics) -> None:
    round_.title = basics.title
    round_.rulebook = basics.rulebook
    round_.rulebook_digest = load_rulebook(basics.rulebook).digest
    round_.is_inquiry = basics.is_inquiry
    round_.outage_shift_minutes = basics.outage_shift_minutes
    followed = find_round(session, name=basics.follows) if basics.follows else None
    round_.follows_id = None if followed is None else followed.id


def _write_regions(session: Session, round_: Round, regions: Sequence[str]) -> None:
    present = {
        row.region: row
        for row in session.scalars(select(RoundRegion).where(RoundRegion.round_id == round_.id))
    }
    for region, row in present.items():
        if region not in regions:
            session.delete(row)
    session.add_all(
        RoundRegion(round_id=round_.id, region=region)
        for region in regions
        if region not in present
    )
    session.flush()
