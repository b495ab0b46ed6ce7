"""Hypothesis strategies for fields of prices."""

import numpy as np
from hypothesis import strategies as st

from bidding.screens.prices import Prices


def _as_field(fen: list[int]) -> Prices:
    return np.sort(np.array(fen, dtype=np.float64)) / 100


def fields(*, min_size: int = 4, max_size: int = 9) -> st.SearchStrategy[Prices]:
    """Sorted prices in yuan, whole fen from 0.01 to 1000; equal ones are common."""
    near = st.integers(1, 12)
    wide = st.integers(1, 100_000)
    fen = st.lists(st.one_of(near, wide), min_size=min_size, max_size=max_size)
    return fen.map(_as_field)


def distinct_fields(*, min_size: int = 4, max_size: int = 9) -> st.SearchStrategy[Prices]:
    """The same without equal prices."""
    wide = st.integers(1, 100_000)
    return st.lists(wide, min_size=min_size, max_size=max_size, unique=True).map(_as_field)
