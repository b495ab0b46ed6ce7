"""Deciding the rules that a rulebook leaves open."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bidding.errors import BadOptionError
from bidding.rules import RoundRules
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.rounds.options import (
    OpenRule,
    check_option,
    open_rules,
    read_options,
    write_options,
)
from procurement.rounds.progress import lock_version, record_part
from procurement.rounds.rules import Part, check_may_change
from procurement.rounds.tables import Round, RoundStatus
from rulebooks import load_rulebook


def rules_of(round_: Round) -> RoundRules:
    """Return the rules that govern a round: its rulebook, completed by its options."""
    return RoundRules(load_rulebook(round_.rulebook), read_options(round_.options))


def open_rules_of(round_: Round) -> tuple[OpenRule, ...]:
    """Return the rules that a round may supply, in the order of an evaluation."""
    return open_rules(load_rulebook(round_.rulebook), read_options(round_.options))


def set_option(
    session: Session,
    *,
    round_: Round,
    key: str,
    raw: object | None,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Round:
    """Decide a rule that the rulebook leaves open, or leave it open again.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        key: The rule.
        raw: The raw value; None takes the round's value back.
        version: The version that the page showed.
        actor: The officer.
        moment: When.

    Raises:
        StaleError: Somebody else changed the round since.
        PartFixedError: The round is published.
        InvalidInputError: The rulebook does not leave the rule open, or the value is wrong.
    """
    lock_version(session, round_=round_, version=version)
    check_may_change(Part.OPTIONS, RoundStatus(round_.status))
    options = read_options(round_.options)
    if raw is None:
        options.pop(key, None)
    else:
        try:
            check_option(load_rulebook(round_.rulebook), key, raw)
        except BadOptionError as refusal:
            raise InvalidInputError([option_fault(refusal)]) from refusal
        options[key] = raw
    round_.options = write_options(options)
    session.flush()
    record_part(session, round_=round_, actor=actor, part=Part.OPTIONS, moment=moment)
    return round_


def option_fault(refusal: BadOptionError) -> FieldFault:
    """Say at its field what is wrong with a value that was typed for an open rule."""
    cause = str(refusal).partition(": ")[2]
    return FieldFault("value", f"该取值不符合这条规则的格式（{cause}）。", f"{cause}.")


def still_open(rulebook: str, options: Mapping[str, object]) -> dict[str, object]:
    """Return the options that a rulebook leaves open too."""
    kept: dict[str, object] = {}
    for key, raw in options.items():
        try:
            check_option(load_rulebook(rulebook), key, raw)
        except BadOptionError:
            continue
        kept[key] = raw
    return kept
