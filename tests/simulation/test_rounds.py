"""Rounds drawn from seeds, with everything going wrong: what was promised holds all the same.

``make soak`` plays more of them. A seed that failed is played again by
``JICAI_SIMULATION_SEED=… JICAI_SIMULATION_ROUNDS=1``. Where many are played, a test plays a block
of them, and goes on to the next seed when one has failed. ``JICAI_SIMULATION_LOG`` names a file to
which each round adds a line when it is over.
"""

import gc
import itertools
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that every run can be repeated
from tempfile import TemporaryDirectory

import pytest

from tests.postgresql import MigratedDatabases
from tests.procurement.bids import world
from tests.simulation.ground import Ground, Grounds
from tests.simulation.installation import Installation, installed
from tests.simulation.invariants import check, check_sealed
from tests.simulation.story import begin

FIRST = int(os.environ.get("JICAI_SIMULATION_SEED") or 1)
ROUNDS = int(os.environ.get("JICAI_SIMULATION_ROUNDS") or 40)
LOG = os.environ.get("JICAI_SIMULATION_LOG")
BLOCK = 1 if ROUNDS <= 200 else 20
"""Seeds of a test."""

START = datetime(2026, 11, 22, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def grounds(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Grounds]:
    """Yield databases for one round after the other."""
    template: Path = request.getfixturevalue("sqlite_template")

    def postgresql() -> MigratedDatabases:
        databases: MigratedDatabases = request.getfixturevalue("migrated_postgresql")
        return databases

    # What is here now stays: a process of many rounds need not look for garbage in it again.
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(20_000, 20, 20)
    yield Grounds(tmp_path_factory.mktemp("simulation"), template, postgresql, START)
    gc.set_threshold(*before)
    gc.unfreeze()


def play(ground: Ground, folder: Path, seed: int) -> Installation:
    """Play the round of a seed, and check it."""
    # Names are the same as in a process that plays this seed alone: their order decides things.
    world._numbers = itertools.count(100)
    with installed(ground, folder, Random(seed)) as site:  # noqa: S311 - no secret
        story = begin(site)
        story.play(check_sealed=check_sealed)
        check(story)
    return site


def _note(seed: int, began: tuple[float, float], site: Installation | None, fault: str) -> None:
    """Add a line to the log: one write each, so that several processes can."""
    if not LOG:
        return
    now = (time.perf_counter(), time.process_time())
    line = {
        "seed": seed,
        "seconds": round(now[0] - began[0], 2),
        "cpu_seconds": round(now[1] - began[1], 2),
        "failed": fault,
        "faults": {str(kind): number for kind, number in site.faults.items()} if site else {},
    }
    with Path(LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")


def _again(seed: int) -> str:
    return f"JICAI_SIMULATION_SEED={seed} JICAI_SIMULATION_ROUNDS=1 pytest tests/simulation"


def _play_one(grounds: Grounds, seed: int) -> Exception | None:
    """Play the round of a seed; what is wrong with it comes back, with how to play it again."""
    began = (time.perf_counter(), time.process_time())
    site = None
    try:
        with grounds.of(seed) as ground, TemporaryDirectory() as folder:
            site = play(ground, Path(folder), seed)
    except Exception as error:
        error.add_note(f"to play it again: {_again(seed)}")
        _note(seed, began, None, repr(error)[:200])
        return error
    _note(seed, began, site, "")
    return None


@pytest.mark.parametrize("first", range(FIRST, FIRST + ROUNDS, BLOCK))
def test_rounds_keep_their_promises_whatever_goes_wrong(first: int, grounds: Grounds) -> None:
    seeds = range(first, min(first + BLOCK, FIRST + ROUNDS))
    failed = {seed: error for seed in seeds if (error := _play_one(grounds, seed)) is not None}
    if failed:
        raise ExceptionGroup(f"seeds {', '.join(map(str, failed))} failed", [*failed.values()])
