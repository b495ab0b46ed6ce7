"""Arrays of draws: float64, with the draws on the last axis.

What is certain has one draw (length 1) and broadcasts: it costs nothing beside what is uncertain.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pricing.faults import ModelError

Draws = NDArray[np.float64]
"""Values of one input or result, draws last; the deterministic case has one draw."""

CHUNK_DRAWS = 8192
"""Draws that a kernel works on at a time, so that its arrays stay in the processor's cache."""


def as_draws(values: ArrayLike) -> Draws:
    """A number, or an array whose last axis is the draws, as float64 with at least one axis.

    Examples:
        >>> as_draws(3)
        array([3.])
        >>> as_draws([[1, 2], [3, 4]]).shape
        (2, 2)
    """
    return np.atleast_1d(np.asarray(values, dtype=np.float64))


def by_year(values: ArrayLike) -> Draws:
    """One certain number for each year, as [year, 1].

    Examples:
        >>> by_year([1, 2]).shape
        (2, 1)
    """
    return np.asarray(values, dtype=np.float64)[:, np.newaxis]


def number_of_draws(arrays: Iterable[Draws]) -> int:
    """The common number of draws of arrays that broadcast: 1 where all are certain.

    Raises:
        ModelError: Two of them have different numbers of draws, neither of them 1.

    Examples:
        >>> number_of_draws([as_draws(1), as_draws([1, 2, 3])])
        3
    """
    lengths = {array.shape[-1] for array in arrays} - {1}
    if len(lengths) > 1:
        raise ModelError(f"arrays of {sorted(lengths)} draws: expected one number of draws")
    return lengths.pop() if lengths else 1


def chunks(draws: int, size: int = CHUNK_DRAWS) -> Sequence[slice]:
    """Slices of the draws' axis that together cover it.

    Examples:
        >>> chunks(5, 2)
        [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(start, min(start + size, draws)) for start in range(0, draws, size)]


def part_of(array: Draws, part: slice) -> Draws:
    """The draws of a slice; an array with one draw stays whole.

    Examples:
        >>> part_of(as_draws([1, 2, 3]), slice(1, 3))
        array([2., 3.])
        >>> part_of(as_draws(7), slice(1, 3))
        array([7.])
    """
    return array if array.shape[-1] == 1 else array[..., part]
