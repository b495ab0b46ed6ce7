"""Builds transition matrices: from counts, and with tunnels that remember the time in a state."""

from dataclasses import dataclass

import numpy as np

from pricing.draws import Draws
from pricing.faults import ModelError


def proportions(counts: Draws) -> Draws:
    """[from, to, draw]: rows of observed counts as probabilities.

    Args:
        counts: [from, to]. In a row without any count nobody leaves: an absorbing state.

    Examples:
        >>> proportions(np.array([[3.0, 1.0], [0.0, 0.0]]))[..., 0].tolist()
        [[0.75, 0.25], [0.0, 1.0]]
    """
    _check_counts(counts)
    full = _with_absorbing(counts)
    shares: Draws = full / full.sum(axis=1, keepdims=True)
    return shares[..., np.newaxis]


def drawn_proportions(counts: Draws, *, generator: np.random.Generator, draws: int) -> Draws:
    """[from, to, draw]: rows drawn from Dirichlet distributions with the counts as parameters.

    A count of 0 stays a probability of 0.

    Args:
        counts: [from, to].
        generator: Where chance comes from.
        draws: How many.

    Examples:
        >>> counts = np.array([[30.0, 10.0], [0.0, 0.0]])
        >>> drawn = drawn_proportions(counts, generator=np.random.default_rng(1), draws=1000)
        >>> drawn.shape, drawn.mean(axis=-1).round(2).tolist()
        ((2, 2, 1000), [[0.75, 0.25], [0.0, 1.0]])
    """
    _check_counts(counts)
    full = _with_absorbing(counts)
    gammas = np.zeros((*full.shape, draws))
    for origin, target in np.argwhere(full > 0):
        gammas[origin, target] = generator.standard_gamma(full[origin, target], draws)
    return np.asarray(gammas / gammas.sum(axis=1, keepdims=True))


def _check_counts(counts: Draws) -> None:
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ModelError(f"counts: {counts.shape}: expected as many rows as columns")
    if (counts < 0).any():
        raise ModelError("counts: expected 0 or more")


def _with_absorbing(counts: Draws) -> Draws:
    return counts + np.diag((counts.sum(axis=1) == 0).astype(float))


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """A model whose state is replaced by tunnels: one for each cycle spent in it.

    Attributes:
        states: Names of the new states; tunnels are ``name 1``, ``name 2``, …
        origin: The old state of each new one.
        transitions: [cycle or 1, from, to, draw].
    """

    states: tuple[str, ...]
    origin: tuple[int, ...]
    transitions: Draws

    def by_state(self, values: Draws) -> Draws:
        """[cycle or 1, new state, draw], from values by old state."""
        return values[:, list(self.origin)]


def expand_tunnels(
    transitions: Draws, *, state: int, rows: Draws, states: tuple[str, ...]
) -> Expansion:
    """Replace a state by tunnels, whose rows depend on the cycles spent in it.

    Args:
        transitions: [cycle or 1, from, to, draw] of the model without tunnels; the row of the
            state itself is not used.
        state: Number of the state that becomes tunnels.
        rows: [tunnel, to, draw]: probabilities from each tunnel, in the old states; staying
            leads to the next tunnel, and the last one keeps.
        states: Names of the old states.

    Examples:
        Half of the ill recover in their first cycle, none afterwards:

        >>> old = np.array([[[[1.0], [0.0]], [[0.0], [1.0]]]])
        >>> rows = np.array([[[0.5], [0.5]], [[0.0], [1.0]]])
        >>> new = expand_tunnels(old, state=1, rows=rows, states=("well", "ill"))
        >>> new.states
        ('well', 'ill 1', 'ill 2')
        >>> new.transitions[0, ..., 0].tolist()
        [[1.0, 0.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 1.0]]
    """
    tunnels, old = len(rows), len(states)
    if transitions.shape[1:3] != (old, old) or rows.shape[1] != old:
        raise ModelError(f"tunnels: expected {old} states in transitions and rows")
    origin = (*range(state), *(state,) * tunnels, *range(state + 1, old))
    # Whoever enters the state begins in its first tunnel.
    entry = [one if one <= state else one + tunnels - 1 for one in range(old)]
    cycles, draws = len(transitions), max(transitions.shape[-1], rows.shape[-1])
    matrix = np.zeros((cycles, len(origin), len(origin), draws))
    for one in range(old):
        if one != state:
            matrix[:, entry[one], entry] = transitions[:, one]
    for number in range(tunnels):
        here = state + number
        matrix[:, here, entry] = rows[number]
        matrix[:, here, entry[state]] = 0.0
        # One who entered this very state stays: in the next tunnel, or in the last one.
        following = state + min(number + 1, tunnels - 1)
        matrix[:, here, following] += rows[number, state]
    return Expansion(_tunnel_names(states, state, tunnels), origin, matrix)


def _tunnel_names(states: tuple[str, ...], state: int, tunnels: int) -> tuple[str, ...]:
    inside = tuple(f"{states[state]} {number + 1}" for number in range(tunnels))
    return (*states[:state], *inside, *states[state + 1 :])
