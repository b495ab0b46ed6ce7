"""Drafting a round by machine."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import get, post, put
from litestar.params import FromPath, JSONBody

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.rounds.api.rounds import RoundAnswer, answer_of
from procurement.rounds.at_edge import round_for
from procurement.rounds.basics import Basics
from procurement.rounds.drafting import change_basics, draft_round
from procurement.rounds.open_rules import open_rules_of, set_option
from procurement.rounds.options import option_from_json, option_text
from procurement.rounds.participants import set_keyholders, set_observers
from procurement.rounds.rules import Timetable
from procurement.rounds.scheduling import change_timetable
from procurement.web import Visit, reads, writes


@dataclass(frozen=True, slots=True)
class NewRound:
    """What a new round is.

    Attributes:
        name: Short name: small letters, digits, hyphens.
        title: Title of the procurement document.
        rulebook: Id of its rulebook.
        regions: Division codes, 6 digits.
        is_inquiry: Declarations against a benchmark price.
        follows: Name of the round that it follows on.
        outage_shift_minutes: By how much the outage rule moves closing and opening.
    """

    name: str
    title: str
    rulebook: str
    regions: list[str]
    is_inquiry: bool = False
    follows: str = ""
    outage_shift_minutes: int = 120

    def basics(self) -> Basics:
        """The same as the service takes it."""
        return Basics(
            name=self.name,
            title=self.title.strip(),
            rulebook=self.rulebook,
            regions=tuple(sorted(self.regions)),
            is_inquiry=self.is_inquiry,
            follows=self.follows,
            outage_shift_minutes=self.outage_shift_minutes,
        )


@dataclass(frozen=True, slots=True)
class ChangedRound:
    """What a round is to be; its name stays.

    Attributes:
        version: As it was read.
        title: Title of the procurement document.
        rulebook: Id of its rulebook.
        regions: Division codes, 6 digits.
        is_inquiry: Declarations against a benchmark price.
        follows: Name of the round that it follows on.
        outage_shift_minutes: By how much the outage rule moves closing and opening.
    """

    version: int
    title: str
    rulebook: str
    regions: list[str]
    is_inquiry: bool = False
    follows: str = ""
    outage_shift_minutes: int = 120


@dataclass(frozen=True, slots=True)
class TimetableBody:
    """The dates of a round, each with its time zone; null leaves one open.

    Attributes:
        version: As the round was read.
        volume_opens_at: From when hospitals report.
        volume_closes_at: Until when they report.
        comments_close_at: Until when comments on the draft document are taken.
        bidding_opens_at: From when sealed bids are accepted.
        closes_at: Bids must be acknowledged before.
        opens_at: From when key shares are accepted.
    """

    version: int
    volume_opens_at: datetime | None = None
    volume_closes_at: datetime | None = None
    comments_close_at: datetime | None = None
    bidding_opens_at: datetime | None = None
    closes_at: datetime | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParticipantsBody:
    """Who holds keys, and who observes.

    Attributes:
        version: As the round was read.
        quorum: How many keyholders open the bids together.
        keyholders: Ids of organisations, by seat.
        observers: Ids of organisations.
    """

    version: int
    quorum: int
    keyholders: list[int]
    observers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule that the round may supply.

    Attributes:
        key: Its name in the vocabulary.
        name: In English.
        name_zh: In Chinese.
        openness: ``unknown`` must be decided; ``needed``, ``unverified`` and ``fact`` may be.
        what: What is not known of it.
        is_missing: Whether the round must still decide it.
        given: What the round supplies, as text; null if nothing.
        elsewhere: Rulebooks that know a value.
    """

    key: str
    name: str
    name_zh: str
    openness: str
    what: str | None
    is_missing: bool
    given: str | None
    elsewhere: list[str]


@dataclass(frozen=True, slots=True)
class RulePage:
    """The rules that a round may supply, in the order of an evaluation."""

    items: list[RuleEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class RuleBody:
    """A rule that is decided.

    Attributes:
        version: As the round was read.
        value: As ``[options]`` of a round folder takes it: a value (a day as ISO text),
            ``{"as_in": id}``, or ``"none"``; null leaves the rule open.
    """

    version: int
    value: Any = None


@post("/api/v1/rounds", tags=["rounds"])
@writes
def begin(visit: Visit, data: JSONBody[NewRound]) -> RoundAnswer:
    """Begin a round."""
    visit.require(Action.DRAFT_ROUND)
    round_ = draft_round(
        visit.session, actor=visit.actor, basics=data.basics(), moment=visit.moment
    )
    return answer_of(visit, round_)


@put("/api/v1/rounds/{name:str}", tags=["rounds"])
@writes
def change(visit: Visit, name: FromPath[str], data: JSONBody[ChangedRound]) -> RoundAnswer:
    """Change what a round is."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    basics = Basics(
        name=name,
        title=data.title.strip(),
        rulebook=data.rulebook,
        regions=tuple(sorted(data.regions)),
        is_inquiry=data.is_inquiry,
        follows=data.follows,
        outage_shift_minutes=data.outage_shift_minutes,
    )
    change_basics(
        visit.session,
        round_=round_,
        basics=basics,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, round_)


@put("/api/v1/rounds/{name:str}/timetable", tags=["rounds"])
@writes
def set_timetable(visit: Visit, name: FromPath[str], data: JSONBody[TimetableBody]) -> RoundAnswer:
    """Set the dates of a round."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    dates = {date: getattr(data, date) for date in Timetable.__slots__}
    naive = [date for date, at in dates.items() if at is not None and at.utcoffset() is None]
    if naive:
        zh, en = "须带时区，例如 2026-12-01T17:00:00+08:00。", "Expected a moment with time zone."
        raise InvalidInputError([FieldFault(date, zh, en) for date in naive])
    change_timetable(
        visit.session,
        round_=round_,
        timetable=Timetable(**dates),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, round_)


@put("/api/v1/rounds/{name:str}/participants", tags=["rounds"])
@writes
def set_participants(
    visit: Visit, name: FromPath[str], data: JSONBody[ParticipantsBody]
) -> RoundAnswer:
    """Name keyholders and observers."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    set_keyholders(
        visit.session,
        round_=round_,
        organisation_ids=data.keyholders,
        quorum=data.quorum,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    set_observers(
        visit.session,
        round_=round_,
        organisation_ids=data.observers,
        version=round_.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, round_)


@get("/api/v1/rounds/{name:str}/rules", tags=["rounds"])
@reads
def list_rules(visit: Visit, name: FromPath[str]) -> RulePage:
    """List the rules that a round may supply."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    return RulePage(
        [
            RuleEntry(
                key=rule.key,
                name=rule.term.en,
                name_zh=rule.term.zh,
                openness=rule.openness,
                what=None if rule.what is None else rule.what.en,
                is_missing=rule.is_missing,
                given=option_text(rule.given) if rule.is_given else None,
                elsewhere=list(rule.elsewhere),
            )
            for rule in open_rules_of(round_)
        ]
    )


@put("/api/v1/rounds/{name:str}/rules/{key:str}", tags=["rounds"])
@writes
def decide_rule(
    visit: Visit, name: FromPath[str], key: FromPath[str], data: JSONBody[RuleBody]
) -> RoundAnswer:
    """Decide a rule that the rulebook leaves open."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    set_option(
        visit.session,
        round_=round_,
        key=key,
        raw=option_from_json(key, data.value),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, round_)


ROUTES = (begin, change, set_timetable, set_participants, list_rules, decide_rule)
"""Handlers of these addresses."""
