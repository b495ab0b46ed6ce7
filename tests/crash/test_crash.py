"""A kill of server or database loses nothing that was acknowledged, and repeats nothing.

The points are drawn from a seed that stands in the name of each test. ``make soak`` draws 100
others: ``JICAI_CRASH_SEED`` and ``JICAI_CRASH_POINTS`` choose.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Protocol

import pytest

from tests.crash.answering_scene import AnsweringScene
from tests.crash.awarding_scene import AwardingScene
from tests.crash.bidding_scene import BiddingScene, Cast, new_cast
from tests.crash.checking import wait_for_daily_jobs
from tests.crash.clients import Crowd
from tests.crash.faults import Point, Work, points, seed_and_number
from tests.crash.opening_scene import OpeningScene
from tests.crash.publishing_scene import PublishingScene
from tests.crash.reporting_scene import ReportingScene
from tests.crash.signing_scene import SigningScene
from tests.crash.site import Site, running_site
from tests.missing import skip_unless_ci
from tests.postgresql import INSTALL_HINT, find_programs

POINTS = points(*seed_and_number())


class Scene(Protocol):
    """A round in which something is going on."""

    def works(self) -> list[Callable[[], None]]:
        """Return what each client does."""

    def check(self) -> None:
        """Check what holds when all are done."""


@dataclass
class Stage:
    """The platform on one kind of database; it lives on from one point to the next."""

    site: Site
    cast: Cast
    numbers: Iterator[int]

    def scene(self, work: Work) -> Scene:
        """Prepare a round for a kind of work."""
        name = f"{work}-{next(self.numbers)}"
        scenes: dict[Work, Callable[[], Scene]] = {
            Work.REPORT: lambda: ReportingScene(self.site, name),
            Work.PUBLISH: lambda: PublishingScene(self.site, name),
            Work.SUBMIT: lambda: BiddingScene(self.site, self.cast, name, closes=False),
            Work.CLOSE: lambda: BiddingScene(self.site, self.cast, name, closes=True),
            Work.OPEN: lambda: OpeningScene(self.site, name),
            Work.ANSWER: lambda: AnsweringScene(self.site, name),
            Work.AWARD: lambda: AwardingScene(self.site, name),
            Work.SIGN: lambda: SigningScene(self.site, name),
        }
        return scenes[work]()


@pytest.fixture(scope="module")
def stage_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Stage]]:
    """Return a function that gives the platform on a kind of database."""
    with ExitStack() as stack:

        @cache
        def stage_on(kind: str) -> Stage:
            if kind == "postgresql" and find_programs() is None:
                skip_unless_ci(INSTALL_HINT)
            site = stack.enter_context(running_site(kind, tmp_path_factory.mktemp(kind)))
            wait_for_daily_jobs(site)
            return Stage(site, new_cast(site), count(1))

        yield stage_on


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_a_crash_loses_nothing_acknowledged_and_repeats_nothing(
    stage_on: Callable[[str], Stage], point: Point
) -> None:
    stage = stage_on(point.database)
    stage.site.recover()
    scene = stage.scene(point.work)
    crowd = Crowd(scene.works())
    stage.site.arm(point)
    crowd.start()
    stage.site.strike(point)
    stage.site.recover()
    crowd.join()
    scene.check()
