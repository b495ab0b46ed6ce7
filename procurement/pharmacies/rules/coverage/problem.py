"""A covering problem in whole numbers: rows need columns, each column has a cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cover:
    """Choose columns so that each row is covered as often as it needs; the least cost wins.

    Attributes:
        rows: A row for each county, a column for each pharmacy, 1 where it covers it.
        needs: How many of its columns each row needs, at most as many as it has.
        costs: Of the columns, 0 or more.
    """

    rows: csr_array
    needs: Ints
    costs: Ints

    @property
    def column_count(self) -> int:
        """How many columns there are."""
        return int(self.costs.size)

    def part(self, rows: Ints, columns: Ints) -> "Cover":
        """The problem of some rows and columns."""
        cut = csr_array(self.rows[rows][:, columns])
        cut.sort_indices()
        return Cover(cut, self.needs[rows], self.costs[columns])

    def covers(self, chosen: Ints) -> bool:
        """Whether some columns cover every row, counted exactly."""
        return bool(np.all(self.counts(chosen) >= self.needs))

    def counts(self, chosen: Ints) -> Ints:
        """How often each row is covered."""
        taken = np.zeros(self.column_count, dtype=np.int64)
        taken[chosen] = 1
        counted: Ints = self.rows @ taken
        return counted


def row_lists(rows: csr_array) -> list[list[int]]:
    """The columns of each row.

    Examples:
        >>> row_lists(csr_array(np.array([[1, 0, 1], [0, 0, 0]])))
        [[0, 2], []]
    """
    starts = rows.indptr.tolist()
    indices = rows.indices.tolist()
    return [indices[start:end] for start, end in pairwise(starts)]


def parts_of(cover: Cover) -> Iterator[tuple[Ints, Ints]]:
    """Yield the rows and columns of each part that has nothing to do with the others."""
    count = len(cover.needs)
    if not count:
        return
    square = _square(cover)
    found, labels = connected_components(square, directed=False)
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels, minlength=found))
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        members = np.sort(order[start:end])
        rows, columns = members[members < count], members[members >= count] - count
        if rows.size:
            yield rows.astype(np.int64), columns.astype(np.int64)


def _square(cover: Cover) -> csr_array:
    """The graph of rows and columns; rows come first."""
    count = len(cover.needs)
    size = count + cover.column_count
    pairs = cover.rows.tocoo()
    right = csr_array((pairs.data, (pairs.row, pairs.col + count)), shape=(count, size))
    return csr_array(vstack([right, csr_array((cover.column_count, size), dtype=np.int64)]))
