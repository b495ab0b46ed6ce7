"""Follow-on rounds by machine: what was supplied last, and drafting the round that follows."""

from dataclasses import dataclass
from datetime import date

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.agreements.at_edge import lead_round
from procurement.agreements.errors import NotFollowableError
from procurement.agreements.follow_on.starting import FollowOnFacts, start_follow_on
from procurement.agreements.follow_on.supplied import (
    SuppliedStrength,
    WinnerSupply,
    supplied_last,
)
from procurement.permissions import Action
from procurement.rounds.api.rounds import RoundAnswer, answer_of
from procurement.web import Visit, reads, writes

_PATH = "/api/v1/rounds/{name:str}/follow-on"


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A pack at its selected price.

    Attributes:
        pack_units: Minimal units in it.
        pack_price: Yuan, as a decimal.
    """

    pack_units: int
    pack_price: str


@dataclass(frozen=True, slots=True)
class SupplierEntry:
    """What one winner supplied of a strength.

    Attributes:
        organisation_id: The winner.
        organisation: Its name.
        volume: Minimal units in the year.
        packs: At the newest selected prices.
    """

    organisation_id: int
    organisation: str
    volume: int
    packs: list[PackEntry]


@dataclass(frozen=True, slots=True)
class LastStrengthEntry:
    """A strength, with what was agreed of it last.

    Attributes:
        strength: Label.
        volume: Agreed minimal units in the year.
        regions: Of it by region.
        suppliers: By name.
        highest_unit_price: The highest selected price of one unit, rounded up to 0.0001 yuan: what
            an inquiry begins with as benchmark.
    """

    strength: str
    volume: int
    regions: dict[str, int]
    suppliers: list[SupplierEntry]
    highest_unit_price: str | None


@dataclass(frozen=True, slots=True)
class LastLotEntry:
    """A lot that was supplied.

    Attributes:
        lot: Its code.
        product: Generic name and form.
        unit: Minimal unit.
        strengths: By content.
    """

    lot: str
    product: str
    unit: str
    strengths: list[LastStrengthEntry]


@dataclass(frozen=True, slots=True)
class LastYearAnswer:
    """What was agreed last in a round.

    Attributes:
        term: Number of the last year's term.
        starts_on: Its first day.
        ends_on: Its last day.
        lots: That were supplied in it, by code.
    """

    term: int
    starts_on: date
    ends_on: date
    lots: list[LastLotEntry]


@dataclass(frozen=True, slots=True)
class FollowOnBody:
    """What an officer decides about a follow-on round; all else is taken over.

    Attributes:
        name: Short name of the new round: small letters, digits, hyphens.
        title: Title of its document.
        rulebook: Id of its rulebook.
        lots: Codes of the lots that are taken over.
        is_inquiry: Declarations against a benchmark price.
    """

    name: str
    title: str
    rulebook: str
    lots: list[str]
    is_inquiry: bool = False


@get(_PATH)
@reads
def read_last_year(visit: Visit, name: FromPath[str]) -> LastYearAnswer:
    """Read what was supplied last in a round, for the round that follows on it."""
    round_ = lead_round(visit, name, Action.FOLLOW_ON)
    last = supplied_last(visit.session, round_=round_)
    if last is None:
        raise NotFollowableError
    return LastYearAnswer(
        last.term.number,
        last.term.starts_on,
        last.term.ends_on,
        [
            LastLotEntry(
                one.lot.code,
                one.lot.product,
                one.lot.unit,
                [_strength(strength) for strength in one.strengths],
            )
            for one in last.lots
        ],
    )


def _strength(one: SuppliedStrength) -> LastStrengthEntry:
    highest = one.highest_price
    return LastStrengthEntry(
        strength=one.row.strength,
        volume=one.volume,
        regions=dict(one.regions),
        suppliers=[_supplier(winner) for winner in one.winners],
        highest_unit_price=None if highest is None else f"{highest.normalize():f}",
    )


def _supplier(winner: WinnerSupply) -> SupplierEntry:
    packs = [PackEntry(units, f"{price.normalize():f}") for price, units in winner.packs]
    return SupplierEntry(winner.organisation_id, winner.name, winner.volume, packs)


@post(_PATH, status_code=201)
@writes
def begin_follow_on(visit: Visit, name: FromPath[str], data: JSONBody[FollowOnBody]) -> RoundAnswer:
    """Draft a round that follows on: with regions, lots and strengths of the round before."""
    round_ = lead_round(visit, name, Action.FOLLOW_ON)
    started = start_follow_on(
        visit.session,
        predecessor=round_,
        facts=FollowOnFacts(
            name=data.name,
            title=data.title.strip(),
            rulebook=data.rulebook,
            is_inquiry=data.is_inquiry,
            lots=tuple(data.lots),
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, started)


ROUTES = (read_last_year, begin_follow_on)
"""Handlers of follow-on rounds."""
