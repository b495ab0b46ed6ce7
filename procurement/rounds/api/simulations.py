"""The lab on a draft, by machine."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.permissions import Action
from procurement.rounds.at_edge import round_for
from procurement.rounds.drafting import regions_of
from procurement.rounds.simulating import (
    EXAMPLE,
    answer_of,
    ask_simulation,
    expected_bidders,
    find_simulation,
    simulations_of,
)
from procurement.rounds.simulation import Assumptions
from procurement.rounds.tables import RoundSimulation
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class SimulationBody:
    """What is to be simulated.

    Attributes:
        rulebooks: Ids, the draft's own first.
        bidders: Expected generic firms by lot; counted in the catalogue where not given.
        originators: Expected originators by lot; counted in the catalogue where not given.
        volumes: Base volume a year by lot, in units of the main strength.
        behaviour: Name of the past round that bids are modelled on.
        draws: How many fields of every lot.
        seed: The same seed gives the same answer.
    """

    rulebooks: list[str]
    bidders: dict[str, int] = field(default_factory=dict)
    originators: dict[str, int] = field(default_factory=dict)
    volumes: dict[str, int] = field(default_factory=dict)
    behaviour: str = EXAMPLE
    draws: int = 500
    seed: int = 1


@dataclass(frozen=True, slots=True)
class SimulationAnswer:
    """A simulation.

    Attributes:
        id: Names it.
        status: ``waiting``, ``running``, ``done`` or ``failed``.
        asked_at: When.
        answer: Figures by rulebook, as JSON numbers; null until it is done.
        fault: Why it failed.
    """

    id: int
    status: str
    asked_at: datetime
    answer: dict[str, Any] | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class SimulationPage:
    """The simulations of a round, the newest first."""

    items: list[SimulationAnswer]
    next_cursor: str | None = None


@get("/api/v1/rounds/{name:str}/simulations", tags=["rounds"])
@reads
def list_simulations(visit: Visit, name: FromPath[str]) -> SimulationPage:
    """List the simulations of a draft."""
    round_, _ = round_for(visit, name, Action.SIMULATE_ROUND)
    return SimulationPage(
        [_answer(one) for one in simulations_of(visit.session, round_id=round_.id)]
    )


@post("/api/v1/rounds/{name:str}/simulations", tags=["rounds"])
@writes
def simulate(visit: Visit, name: FromPath[str], data: JSONBody[SimulationBody]) -> SimulationAnswer:
    """Ask for a simulation; a job runs it."""
    round_, _ = round_for(visit, name, Action.SIMULATE_ROUND)
    expected = expected_bidders(visit.session, round_id=round_.id)
    counted = {lot: generics for lot, (generics, _) in expected.items()}
    originators = {lot: number for lot, (_, number) in expected.items()}
    assumptions = Assumptions(
        rulebooks=tuple(data.rulebooks),
        behaviour=data.behaviour,
        bidders={**counted, **data.bidders},
        originators={**originators, **data.originators},
        volumes=data.volumes,
        regions=max(1, len(regions_of(visit.session, round_id=round_.id))),
        draws=data.draws,
        seed=data.seed,
    )
    asked = ask_simulation(
        visit.session,
        round_=round_,
        assumptions=assumptions,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(asked)


@get("/api/v1/rounds/{name:str}/simulations/{simulation_id:int}", tags=["rounds"])
@reads
def read_simulation(visit: Visit, name: FromPath[str], simulation_id: RowId) -> SimulationAnswer:
    """Read a simulation."""
    round_, _ = round_for(visit, name, Action.SIMULATE_ROUND)
    return _answer(find_simulation(visit.session, round_id=round_.id, simulation_id=simulation_id))


def _answer(simulation: RoundSimulation) -> SimulationAnswer:
    return SimulationAnswer(
        id=simulation.id,
        status=simulation.status,
        asked_at=simulation.asked_at,
        answer=dict(answer_of(simulation)) or None,
        fault=simulation.fault_en,
    )


ROUTES = (list_simulations, simulate, read_simulation)
"""Handlers of these addresses."""
