"""A figure with its chance, before it is decided whether to flag it.

The decision needs the chances of the whole round (see `false_discovery`), so that simulated
screens hand over measurements and the rest of the screens hand over answers at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bidding.screens.answer import BidReference, Observation, ScreenResult, Subject, Wording
from bidding.screens.competitive_null import Tail
from bidding.screens.screened_lot import Evidence


@dataclass(frozen=True, slots=True)
class Simulation:
    """The randomness of one run, passed in so that every run can be repeated.

    Attributes:
        generator: Its state moves on with every use.
        draws: Simulated fields for each figure; no chance below 1 / (draws + 1) can be seen.
    """

    generator: np.random.Generator
    draws: int

    def __post_init__(self) -> None:
        """Refuse a simulation that simulates nothing."""
        if self.draws < 1:
            raise ValueError(f"{self.draws} draws: at least one is needed")

    @property
    def chance_min(self) -> float:
        """The smallest chance that this many draws can show.

        Examples:
            >>> Simulation(np.random.default_rng(1), 999).chance_min
            0.001
        """
        return 1 / (1 + self.draws)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure of a simulated screen, with its chance under competition.

    Attributes:
        screen: Id of the screen.
        subject: What was measured.
        name: The figure in words.
        tail: The side on which it is unusual.
        figure: Its value.
        n: How many prices or pairs it rests on.
        chance: Probability of a figure at least as extreme under competition.
        chance_min: Smallest chance that the simulation can show.
        bids: The bids concerned.
        details: Side figures.
    """

    screen: str
    subject: Subject
    name: Wording
    tail: Tail
    figure: float
    n: int
    chance: float
    chance_min: float
    bids: tuple[BidReference, ...] = ()
    details: tuple[Observation, ...] = ()


Outcome: TypeAlias = Measurement | ScreenResult


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the registry.

    Attributes:
        id: Its key, the name of its module and of its page in ``docs/screens``.
        title: Its name in Chinese and English.
        assess: From the evidence to one outcome for each subject, in the order of subjects.
    """

    id: str
    title: Wording
    assess: Callable[[Evidence, Simulation], tuple[Outcome, ...]]
