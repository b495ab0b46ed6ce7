"""Pages: the lab on a draft."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from bidding.lab.wording import MEASURE_LINES
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    filled_form,
    round_for,
    status_of,
    whole_of,
)
from procurement.rounds.drafting import regions_of
from procurement.rounds.options import round_rulebooks
from procurement.rounds.range_chart import RangeRow, draw_ranges
from procurement.rounds.range_words import finding_of, scale_of
from procurement.rounds.sheet import lots_of
from procurement.rounds.simulating import (
    answer_of,
    ask_simulation,
    assumptions_of,
    expected_bidders,
    find_simulation,
    past_rounds,
    simulations_of,
)
from procurement.rounds.simulation import Assumptions
from procurement.rounds.tables import Round, RoundSimulation, SimulationStatus
from procurement.web import Form, RowId, Visit, reads, redirect, render, writes
from rulebooks import load_rulebook

DRAWS, SEED = 500, 1
COMPARED = ("national-12", "national-11", "national-10")
"""Newest rulebooks of national rounds, ticked beside the draft's own."""

CHARTED = ("winners", "median_cut", "lots_without_winner", "highest_to_lowest", "spend", "savings")
"""Measures that are drawn; all of them stand in the table."""


@get("/rounds/{name:str}/simulations", include_in_schema=False)
@reads
def list_simulations(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Ask for a simulation, and list the earlier ones."""
    round_, _ = round_for(visit, name, Action.SIMULATE_ROUND)
    return _page(visit, round_, _suggested(visit, round_), None)


@post("/rounds/{name:str}/simulations", include_in_schema=False)
@writes
def simulate(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Ask for a simulation; a job runs it."""
    round_, _ = round_for(visit, name, Action.SIMULATE_ROUND)
    reader = FormReader(visit.form)
    assumptions = _assumptions_from(visit, round_, reader)
    asked: list[RoundSimulation] = []

    def ask() -> None:
        with reader.checked():
            asked.append(
                ask_simulation(
                    visit.session,
                    round_=round_,
                    assumptions=assumptions,
                    actor=visit.actor,
                    moment=visit.moment,
                )
            )

    refusal = attempt(visit, ask)
    if refusal is not None:
        return _page(visit, round_, visit.form, refusal)
    return redirect(f"/rounds/{name}/simulations/{asked[0].id}")


@get("/rounds/{name:str}/simulations/{simulation_id:int}", include_in_schema=False)
@reads
def show_simulation(visit: Visit, name: FromPath[str], simulation_id: RowId) -> Response[Any]:
    """Show the answer of the lab, or how far it is."""
    round_, _ = round_for(visit, name, Action.SIMULATE_ROUND)
    found = find_simulation(visit.session, round_id=round_.id, simulation_id=simulation_id)
    answer, assumptions = answer_of(found), assumptions_of(found)
    titles = {one.name: one.title for one in past_rounds(visit.session)}
    return render(
        visit,
        "rounds/simulation.html",
        round=round_,
        simulation=found,
        is_running=found.status in (SimulationStatus.WAITING, SimulationStatus.RUNNING),
        assumptions=assumptions,
        behaviour=titles.get(assumptions.behaviour, assumptions.behaviour),
        answer=answer,
        measures=_table(visit, answer),
        charts=_charts(visit, answer),
        rulebooks=[
            (one, visit.text(title.zh, title.en))
            for one in assumptions.rulebooks
            for title in [load_rulebook(one).title]
        ],
    )


@get("/rounds/{name:str}/simulations/{simulation_id:int}/progress", include_in_schema=False)
@reads
def progress(visit: Visit, name: FromPath[str], simulation_id: RowId) -> dict[str, object]:
    """Tell a page how far a simulation is."""
    round_, _ = round_for(visit, name, Action.SIMULATE_ROUND)
    found = find_simulation(visit.session, round_id=round_.id, simulation_id=simulation_id)
    total = assumptions_of(found).draws
    is_over = found.status in (SimulationStatus.DONE, SimulationStatus.FAILED)
    return {
        "done": total if found.status == SimulationStatus.DONE else 0,
        "total": total,
        "state": found.status,
        "zh": "测算",
        "en": "simulating",
        "next": f"/rounds/{name}/simulations/{found.id}" if is_over else None,
    }


def _suggested(visit: Visit, round_: Round) -> Form:
    expected = expected_bidders(visit.session, round_id=round_.id)
    compared = (round_.rulebook, *(one for one in COMPARED if one != round_.rulebook))
    fields: dict[str, tuple[str, ...]] = {
        "rulebooks": compared[:3],
        "behaviour": (past_rounds(visit.session)[0].name,),
        "draws": (str(DRAWS),),
        "seed": (str(SEED),),
    }
    for lot, (generics, originators) in expected.items():
        fields[f"bidders-{lot}"] = (str(generics),)
        fields[f"originators-{lot}"] = (str(originators),)
    return filled_form(fields)


def _assumptions_from(visit: Visit, round_: Round, reader: FormReader) -> Assumptions:
    codes = [lot.code for lot in lots_of(visit.session, round_id=round_.id, standing=True)]
    chosen = reader.form.all("rulebooks")
    own = [round_.rulebook] if round_.rulebook in chosen else []
    volumes = {code: reader.whole(f"volume-{code}") for code in codes}
    return Assumptions(
        rulebooks=(*own, *(one for one in chosen if one != round_.rulebook)),
        behaviour=reader.text("behaviour"),
        bidders={code: reader.whole(f"bidders-{code}") or 0 for code in codes},
        originators={code: reader.whole(f"originators-{code}") or 0 for code in codes},
        volumes={code: volume for code, volume in volumes.items() if volume},
        regions=max(1, len(regions_of(visit.session, round_id=round_.id))),
        draws=reader.whole("draws") or 0,
        seed=reader.whole("seed") or 0,
    )


def _page(
    visit: Visit, round_: Round, values: Mapping[str, str], refusal: RefusedError | None
) -> Response[Any]:
    return render(
        visit,
        "rounds/simulations.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        lots=lots_of(visit.session, round_id=round_.id, standing=True),
        past=[(one.name, one.title) for one in past_rounds(visit.session)],
        rulebooks=[
            (one, f"{visit.text(title.zh, title.en)} ({one})")
            for one in round_rulebooks()
            for title in [load_rulebook(one).title]
        ],
        earlier=simulations_of(visit.session, round_id=round_.id),
    )


def _table(visit: Visit, answer: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """One row a measure, one cell a rulebook: mean and range."""
    columns: Sequence[Mapping[str, Any]] = answer.get("rulebooks", [])
    rows = []
    for name in MEASURE_LINES:
        cells = [column["figures"].get(name) for column in columns]
        if any(cells):
            scale = scale_of(name, cells)
            rows.append((visit.text(*scale.name), [scale.print_range(cell) for cell in cells]))
    return rows


def _charts(visit: Visit, answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A drawing for each charted measure that the rulebooks have."""
    charts: list[Mapping[str, Any]] = []
    for name in CHARTED:
        cells = {
            column["rulebook"]: cell
            for column in answer.get("rulebooks", [])
            if (cell := column["figures"].get(name)) is not None and cell["mean"] is not None
        }
        if cells:
            scale = scale_of(name, list(cells.values()))
            rows = [
                RangeRow(rulebook, cell["mean"], cell["p5"], cell["p95"])
                for rulebook, cell in cells.items()
            ]
            title = visit.text(*scale.name)
            finding = visit.text(*finding_of(scale, rows))
            drawn = draw_ranges(rows, scale.mean_form)
            charts.append({"title": title, "finding": finding, **drawn})
    return charts


ROUTES = (list_simulations, simulate, show_simulation, progress)
"""Handlers of these pages."""
