"""Where and when something is killed: drawn from a seed, so that a run can be repeated."""

import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that every run can be repeated

FAULT_FILE = "fault.json"
"""In the data folder: the fault that waits for the server."""


class Work(StrEnum):
    """What is going on when it happens."""

    REPORT = "report"
    PUBLISH = "publish"
    SUBMIT = "submit"
    CLOSE = "close"
    OPEN = "open"
    ANSWER = "answer"
    AWARD = "award"
    SIGN = "sign"


class Victim(StrEnum):
    """What is killed."""

    SERVER = "server"
    """The server with its workers."""
    DATABASE = "database"
    """PostgreSQL with all its processes."""
    BACKEND = "backend"
    """One process of PostgreSQL: it ends the others and recovers."""


class Stage(StrEnum):
    """When it is killed."""

    WRITTEN = "written"
    """A row was written and nothing is committed."""
    BEFORE_COMMIT = "before-commit"
    AFTER_COMMIT = "after-commit"
    """Committed, and nobody was told."""
    ANY_TIME = "any-time"
    """Whatever is being done after some time."""


TABLES = {
    Work.REPORT: (
        "volume_report",
        "volume_line",
        "volume_event",
        "volume_paper",
        "volume_upload",
        "idempotent_answer",
        "job",
    ),
    Work.PUBLISH: (
        "step_proposal",
        "round_event",
        "round_document",
        "notice",
        "idempotent_answer",
        "manifest",
        "job",
    ),
    Work.SUBMIT: ("log_leaf",),
    Work.CLOSE: ("log_leaf", "refusal", "checkpoint", "round_event"),
    Work.OPEN: (
        "share_post",
        "step_proposal",
        "opening",
        "opened_bid",
        "evaluation_report",
        "evaluated_sheet",
        "round_event",
        "idempotent_answer",
        "notice",
        "job",
    ),
    Work.ANSWER: (
        "sitting",
        "sitting_question",
        "manifest",
        "log_leaf",
        "checkpoint",
        "share_post",
        "opening",
        "opened_bid",
        "evaluation_report",
        "round_event",
        "idempotent_answer",
        "notice",
        "job",
    ),
    Work.AWARD: (
        "award_notice",
        "objection",
        "objection_answer",
        "objection_service",
        "step_proposal",
        "award",
        "awarded_bid",
        "awarded_price",
        "price",
        "round_event",
        "idempotent_answer",
        "notice",
    ),
    Work.SIGN: (
        "agreement_term",
        "agreed_supply",
        "agreement",
        "agreement_signing",
        "agreement_signature",
        "round_event",
        "idempotent_answer",
        "notice",
        "job",
    ),
}
"""Tables whose writing is a point, by work."""

OFTEN = {
    (Work.SUBMIT, "log_leaf"): 20,
    # Early: the closing time then comes while everything lies dead.
    (Work.CLOSE, "log_leaf"): 6,
    (Work.REPORT, "volume_report"): 12,
    (Work.REPORT, "volume_event"): 6,
    (Work.REPORT, "idempotent_answer"): 20,
    (Work.PUBLISH, "idempotent_answer"): 4,
    (Work.OPEN, "share_post"): 2,
    (Work.OPEN, "idempotent_answer"): 4,
    (Work.OPEN, "round_event"): 2,
    (Work.ANSWER, "log_leaf"): 3,
    (Work.ANSWER, "share_post"): 2,
    (Work.ANSWER, "round_event"): 2,
    (Work.ANSWER, "idempotent_answer"): 3,
    (Work.AWARD, "awarded_bid"): 5,
    (Work.AWARD, "price"): 5,
    (Work.AWARD, "round_event"): 2,
    (Work.AWARD, "idempotent_answer"): 5,
    # Two before the first region is made, one after the last.
    (Work.SIGN, "agreement_term"): 6,
    (Work.SIGN, "agreement"): 20,
    (Work.SIGN, "agreement_signing"): 15,
    (Work.SIGN, "agreement_signature"): 15,
    (Work.SIGN, "idempotent_answer"): 35,
    (Work.SIGN, "round_event"): 2,
}
"""How many times a table is surely written while a work is done; others once."""

LATEST_SECONDS = 1.5
DATABASES = ("sqlite", "postgresql")

SEED, POINTS = 20261122, 20
"""Of a run that asks for nothing else."""


@dataclass(frozen=True, slots=True)
class Point:
    """One crash.

    Attributes:
        seed: From which everything else of it is drawn.
        work: What is going on.
        database: ``sqlite`` or ``postgresql``.
        victim: What is killed.
        stage: When.
        table: Whose writing it waits for; empty at any time.
        nth: How many times it was written by then.
        after: Seconds after which it happens at any time.
    """

    seed: int
    work: Work
    database: str
    victim: Victim
    stage: Stage
    table: str = ""
    nth: int = 0
    after: float = 0.0

    def __str__(self) -> str:
        """For the name of a test: enough to find it again."""
        when = f"{self.after:.2f}s" if self.stage is Stage.ANY_TIME else f"{self.table}-{self.nth}"
        return f"{self.work}-{self.database}-{self.victim}-{self.stage}-{when}-seed{self.seed}"


def points(seed: int, number: int) -> list[Point]:
    """Draw points, evenly over kinds of work and databases.

    Eight points hold each kind of work once, sixteen each of them on both databases, and twenty
    the last four kinds once more.

    Args:
        seed: The same seed gives the same points.
        number: How many.
    """
    # The last ones first: of a number that is not a multiple of sixteen they have the rest.
    works = list(reversed(Work))
    drawn = []
    for place in range(number):
        turn, which = divmod(place, len(works))
        # The next time each work meets the other database.
        database = DATABASES[(turn + which) % len(DATABASES)]
        drawn.append(_point(seed * 1000 + place, works[which], database))
    # A server and its database live through all points of one kind of database.
    return sorted(drawn, key=lambda point: point.database)


def _point(seed: int, work: Work, database: str) -> Point:
    random = Random(seed)  # noqa: S311 - nothing secret
    victims = list(Victim) if database == "postgresql" else [Victim.SERVER]
    victim = random.choice(victims)
    stage = random.choice(list(Stage))
    if stage is Stage.ANY_TIME:
        after = random.uniform(0.01, LATEST_SECONDS)
        return Point(seed, work, database, victim, stage, after=after)
    table = random.choice(TABLES[work])
    nth = random.randint(1, OFTEN.get((work, table), 1))
    return Point(seed, work, database, victim, stage, table=table, nth=nth)


def write_fault(folder: Path, point: Point, *, postmaster: int | None) -> None:
    """Let a server meet its fault from now on."""
    draft = folder / f"{FAULT_FILE}.draft"
    draft.write_text(json.dumps({**asdict(point), "postmaster": postmaster}))
    os.replace(draft, folder / FAULT_FILE)


def take_back(folder: Path) -> bool:
    """Remove the fault; False where it has been met."""
    try:
        (folder / FAULT_FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def seed_and_number() -> tuple[int, int]:
    """What to draw from and how many: ``JICAI_CRASH_SEED`` and ``JICAI_CRASH_POINTS``."""
    seed = int(os.environ.get("JICAI_CRASH_SEED") or SEED)
    return seed, int(os.environ.get("JICAI_CRASH_POINTS") or POINTS)
