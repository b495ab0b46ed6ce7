"""Models of the national negotiation: speed and memory, beside plain numpy and the peers."""

import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.hiv_world import (
    HivDraws,
    draw_inputs,
    run_heormodel,
    run_numpy,
    run_ours,
    run_pyheor,
)
from benchmarks.rounds import SEED
from benchmarks.timing import measure, once
from pricing.budget_impact import BudgetModel, BudgetTreatment, budget_impact, funnel, linear_curve
from pricing.draws import Draws, as_draws
from pricing.model_file import parse_model
from pricing.model_file.files import Files, files_at
from pricing.negotiation_report import run_model

MODELS = Path(__file__).parent.parent / "examples" / "models"
DRAWS = (10_000, 100_000)
COHORT_AIMS = (0.15, 1.5)
BUDGET_AIM = 0.2
PEER_DRAWS = 500
DOSSIERS, DOSSIER_DRAWS, DOSSIERS_AIM, PROCESSES = 300, 10_000, 60, 2
YEARS = 5


def main() -> None:
    """Print all figures."""
    _cohort()
    _budget()
    _national_round()


def _cohort() -> None:
    print("The HIV cohort model: 4 states, 20 cycles, 2 strategies")
    for draws, aim in zip(DRAWS, COHORT_AIMS, strict=True):
        drawn = draw_inputs(draws)
        ours = measure(partial(run_ours, drawn), runs=5)
        floor = measure(partial(run_numpy, drawn), runs=5)
        print(f"  {draws:>7,} draws: ours {ours.milliseconds}  (aim: {aim * 1e3:.0f} ms)", end="")
        print(f"  plain numpy {floor.milliseconds}  x {ours.median / floor.median:.2f}")
        print(f"  {'':>7}  memory beside the inputs: {_peak_mb(partial(run_ours, drawn)):.0f} MB")
        whole = once(partial(_whole_model, draws))
        print(f"  {'':>7}  drawn, run and read from its model file: {whole * 1e3:.0f} ms")
    few = draw_inputs(PEER_DRAWS)
    _peers(few, measure(partial(run_ours, few), runs=5).median)


def _peers(few: HivDraws, ours: float) -> None:
    peers: dict[str, Callable[[], object]] = {
        "heormodel": partial(run_heormodel, few),
        "pyheor": partial(run_pyheor, few.number),
    }
    for name, work in peers.items():
        seconds = once(work)
        print(f"  {few.number:>7,} draws: {name} {seconds * 1e3:9.0f} ms", end="")
        print(f"  ours {ours * 1e3:.1f} ms, {seconds / ours:,.0f} times as fast")
    print()


def _whole_model(draws: int) -> None:
    model = parse_model(_files("hiv"))
    generator = np.random.default_rng(SEED)
    evaluated = model.at(model.sample(generator, draws))
    assert len(evaluated.strategies) == 2  # noqa: S101 - the benchmark must do the work


def _peak_mb(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def _budget() -> None:
    print("Budget impact: 5 years, 3 treatments, patients rounded")
    for draws in DRAWS:
        model = _disease_x(draws)
        ours = measure(partial(budget_impact, model), runs=5)
        floor = measure(partial(_budget_by_hand, model), runs=5)
        aim = f"  (aim: {BUDGET_AIM * 1e3:.0f} ms)" if draws == DRAWS[-1] else ""
        print(f"  {draws:>7,} draws: ours {ours.milliseconds}{aim}", end="")
        print(f"  plain numpy {floor.milliseconds}  x {ours.median / floor.median:.2f}")
    print()


def _disease_x(draws: int) -> BudgetModel:
    generator = np.random.default_rng(SEED)
    factors = [generator.beta(36, 11900, draws), generator.beta(25, 58, draws), as_draws(0.27)]
    mixes = (
        ("C", 220, 730, 0.75, 0.6),
        ("B", 22_400, 1_760, 0.25, 0.2),
        ("A", 28_800, 2_454, 0, 0.2),
    )
    return BudgetModel(
        years=YEARS,
        eligible=funnel(as_draws(42e6), as_draws(0.005), factors, years=YEARS),
        curve=linear_curve(as_draws(3), years=YEARS),
        payment_ratio=as_draws(1),
        treatments=tuple(
            BudgetTreatment(
                name,
                price * generator.lognormal(-0.005, 0.1, draws),
                *(as_draws(one) for one in (1, other, 0, without, with_)),
            )
            for name, price, other, without, with_ in mixes
        ),
        patient_rounding="half-even",
        negotiated="A",
    )


def _budget_by_hand(model: BudgetModel) -> list[Draws]:
    """The same results as one would write them by hand; nothing is checked."""
    eligible = np.rint(model.eligible)
    without, with_, offsets, at_zero, units = (np.zeros_like(eligible) for _ in range(5))
    patients = []
    for one in model.treatments:
        share = one.share_without + (one.share_with - one.share_without) * model.curve
        before, after = np.rint(eligible * one.share_without), np.rint(eligible * share)
        patients += [before, after]
        more = after - before
        cost = one.price * one.units_a_year + one.other_cost - one.offset
        without += before * cost
        with_ += after * cost
        offsets -= more * one.offset
        if one.name == model.negotiated:
            units += more * one.units_a_year
            at_zero += more * (one.other_cost - one.offset)
        else:
            at_zero += more * cost
    ratio = model.payment_ratio
    impact = (with_ - without) * ratio
    view = with_ - without - impact
    fund = [without * ratio, with_ * ratio, offsets * ratio, at_zero * ratio, units * ratio]
    return [eligible, *patients, impact, view, *fund]


def _national_round() -> None:
    print(f"A national round: {DOSSIERS} dossiers x {DOSSIER_DRAWS:,} draws, {PROCESSES} processes")
    names = [("hiv", "disease-x")[number % 2] for number in range(DOSSIERS)]
    start = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for done, _ in enumerate(pool.map(_dossier, names, range(DOSSIERS), chunksize=5), start=1):
            _show_progress(done)
    seconds = time.perf_counter() - start
    print(f"  {seconds:.1f} s with all ceilings, tornado and EVPPI  (aim: {DOSSIERS_AIM} s)\n")


def _dossier(name: str, seed: int) -> str:
    model = parse_model(_files(name))
    report = run_model(model, draws=DOSSIER_DRAWS, seed=seed)
    return report.title


def _files(name: str) -> Files:
    """The files of an example; constraints take the draws of the run."""
    files = files_at(MODELS / name)
    return {key: text.replace(b"draws = 100_000\nseed = 1\n", b"") for key, text in files.items()}


def _show_progress(done: int) -> None:
    if not sys.stderr.isatty() and done % 50:
        return
    bar = "#" * (30 * done // DOSSIERS)
    end = os.linesep if done == DOSSIERS or not sys.stderr.isatty() else "\r"
    print(f"  [{bar:<30}] {done}/{DOSSIERS}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
