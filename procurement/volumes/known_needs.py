"""Where a later stage knows what hospitals need; the application installs it once, at its start.

Reports are prefilled from past purchases. A later stage, such as agreements, may know better; this
one cannot import it. The services take the source as an argument; only pages and the API read the
installed one from here.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from sqlalchemy.orm import Session

from procurement.rounds.tables import Round

Needs = Mapping[tuple[int, int | None], int]
"""Minimal units a year by lot strength and brand; None = whatever the brand."""


class KnownNeeds(Protocol):
    """Tells what hospitals need of a round's strengths, as far as it is known."""

    def __call__(self, session: Session, *, round_: Round, hospital_ids: Collection[int]) -> Needs:
        """Return the needs of one report's hospitals together."""
        ...


def no_needs(session: Session, *, round_: Round, hospital_ids: Collection[int]) -> Needs:
    """Know nothing."""
    return {}


class _Installed:
    source: KnownNeeds = staticmethod(no_needs)


def install(source: KnownNeeds) -> None:
    """Make the pages and the API ask this source; the last call counts."""
    _Installed.source = staticmethod(source)


def installed() -> KnownNeeds:
    """Return the source that pages and the API ask."""
    return _Installed.source
