"""The steps of a job, where the set-up does a worker's work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.cli.demo_platform.scene import Scene


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a job, within the transaction of the set-up."""

    scene: Scene

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Every step is part of the one transaction."""
        yield self.scene.session
        self.scene.session.flush()

    def moment(self) -> datetime:
        """Now."""
        return self.scene.moment

    def progress(self, done: int, total: int, *, session: Session | None = None) -> None:
        """Nobody watches."""
