"""Facts that later stages know and the document prints; the application installs their source.

The stage of volumes aggregates base volumes, that of bids knows in which suite the keyholders made
their keys. Neither can be imported here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from procurement.rounds.document.plan import DEFAULT_SUITE
from procurement.rounds.tables import Round

BaseVolumes = Mapping[tuple[str, str], int]
"""Base of the first year's agreed volume by code of the lot and label of the strength."""


@dataclass(frozen=True, slots=True)
class LaterFacts:
    """What later stages know of a round.

    Attributes:
        base_volumes: Empty until hospitals' reports are aggregated.
        suite: Cipher suite of the keyholders' keys.
    """

    base_volumes: BaseVolumes = field(default_factory=dict)
    suite: str = DEFAULT_SUITE


LaterFactsOf = Callable[[Session, Round], LaterFacts]


def nothing_yet(session: Session, round_: Round) -> LaterFacts:
    """Know nothing: no base volumes, the default suite."""
    return LaterFacts()


class _Installed:
    facts_of: LaterFactsOf = staticmethod(nothing_yet)


def install(facts_of: LaterFactsOf) -> None:
    """Take later facts from this source; the last call counts."""
    _Installed.facts_of = staticmethod(facts_of)


def later_facts(session: Session, round_: Round) -> LaterFacts:
    """What later stages know of a round now."""
    return _Installed.facts_of(session, round_)
