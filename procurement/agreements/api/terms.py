"""Terms of agreements by machine."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.agreements.at_edge import lead_round, public_round
from procurement.agreements.states import TermKind
from procurement.agreements.succession import end_cycle
from procurement.agreements.tables import AgreementTerm
from procurement.agreements.terms import (
    TermFacts,
    latest_term,
    start_running,
    start_term,
    terms_of,
)
from procurement.permissions import Action
from procurement.web import Visit, reads, writes


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term.

    Attributes:
        number: From 1.
        kind: first, next-year or extension.
        starts_on: First day.
        ends_on: Last day.
        status: waiting, running, done or failed.
        done: Regions whose agreements are made.
        total: All regions.
        basis: The document that a later term rests on.
    """

    number: int
    kind: str
    starts_on: date
    ends_on: date
    status: str
    done: int
    total: int
    basis: str


@dataclass(frozen=True, slots=True)
class TermList:
    """The terms of a round.

    Attributes:
        items: The first one first.
    """

    items: list[TermEntry]


@dataclass(frozen=True, slots=True)
class TermBody:
    """What an officer decides about a term.

    Attributes:
        starts_on: First day.
        ends_on: Last day.
        ratio: Part of the term before that is agreed, as a decimal; 1 in the first year.
        basis: The document that says so; needed after the first year.
        is_extension: The term extends the one before.
    """

    starts_on: date
    ends_on: date
    ratio: Decimal = Decimal(1)
    basis: str = ""
    is_extension: bool = False


@dataclass(frozen=True, slots=True)
class RunningBody:
    """Why the cycle begins, where signatures are missing.

    Attributes:
        reason: Published.
    """

    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a round stands.

    Attributes:
        status: Of the round.
    """

    status: str


def entry(term: AgreementTerm) -> TermEntry:
    """A term as the interface gives it."""
    return TermEntry(
        term.number,
        term.kind,
        term.starts_on,
        term.ends_on,
        term.status,
        term.done,
        term.total,
        term.basis,
    )


@get("/api/v1/rounds/{name:str}/agreements/terms")
@reads
def list_terms(visit: Visit, name: FromPath[str]) -> TermList:
    """List the terms of a round's agreements."""
    round_ = public_round(visit, name, Action.READ_AGREEMENT)
    return TermList([entry(term) for term in terms_of(visit.session, round_id=round_.id)])


@post("/api/v1/rounds/{name:str}/agreements/terms", status_code=201)
@writes
def begin_term(visit: Visit, name: FromPath[str], data: JSONBody[TermBody]) -> TermEntry:
    """Begin a term; a job makes its agreements."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)
    is_first = latest_term(visit.session, round_id=round_.id) is None
    later = TermKind.EXTENSION if data.is_extension else TermKind.NEXT_YEAR
    term = start_term(
        visit.session,
        round_=round_,
        facts=TermFacts(
            kind=TermKind.FIRST if is_first else later,
            starts_on=data.starts_on,
            ends_on=data.ends_on,
            ratio=Fraction(data.ratio) if data.ratio.is_finite() else Fraction(0),
            basis=data.basis,
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return entry(term)


@post("/api/v1/rounds/{name:str}/agreements/running", status_code=201)
@writes
def run(visit: Visit, name: FromPath[str], data: JSONBody[RunningBody]) -> StatusEntry:
    """Begin the procurement cycle."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)
    start_running(
        visit.session,
        round_=round_,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return StatusEntry(round_.status)


@post("/api/v1/rounds/{name:str}/agreements/ended", status_code=201)
@writes
def end(visit: Visit, name: FromPath[str]) -> StatusEntry:
    """End a round whose last term is over, and that no round has followed on."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)
    end_cycle(
        visit.session,
        round_=round_,
        last=latest_term(visit.session, round_id=round_.id),
        actor=visit.actor,
        moment=visit.moment,
    )
    return StatusEntry(round_.status)


ROUTES = (list_terms, begin_term, run, end)
"""Handlers of terms."""
