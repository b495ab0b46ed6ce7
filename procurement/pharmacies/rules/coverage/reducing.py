"""What can be settled without searching: forced columns, useless columns, implied rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procurement.pharmacies.rules.coverage.problem import Cover, Ints, row_lists

PASSES_MAX = 8
WORK_MAX = 20_000_000
"""Comparisons of columns in one pass; beyond them the rest of the columns is left as it is."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left, and what was found.

    Attributes:
        forced: Columns that some best choice has.
        rows: Rows that are left.
        columns: Columns that are left.
        cover: The problem of those, less what the forced ones cover.
    """

    forced: Ints
    rows: Ints
    columns: Ints
    cover: Cover


def reduce(cover: Cover) -> Reduced:
    """Shrink a problem so that a best choice of the rest, with the forced ones, is one of all.

    Examples:
        >>> from scipy.sparse import csr_array
        >>> rows = csr_array(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1]]))
        >>> reduced = reduce(Cover(rows, np.array([1, 1, 1]), np.array([1, 1, 1])))
        >>> reduced.forced.tolist(), len(reduced.rows)
        ([0, 2], 0)
    """
    state = _State(cover)
    for _ in range(PASSES_MAX):
        before = state.size
        state.force()
        state.drop_rows()
        state.drop_columns()
        if state.size == before:
            break
    state.force()
    return state.result()


class _State:
    """The problem while it shrinks: sets of columns by row and of rows by column, as bits."""

    def __init__(self, cover: Cover) -> None:
        self._cover = cover
        self.needs: list[int] = cover.needs.tolist()
        self.costs: list[int] = cover.costs.tolist()
        self.forced: list[int] = []
        self.columns_of: dict[int, list[int]] = dict(enumerate(row_lists(cover.rows)))
        self.rows_of: dict[int, list[int]] = dict(
            enumerate(row_lists(cover.rows.T.tocsr().sorted_indices()))
        )
        self._settle()

    @property
    def size(self) -> tuple[int, int]:
        return len(self.columns_of), len(self.rows_of)

    def force(self) -> None:
        """Take the columns of rows that need all they have, until there is no such row."""
        while True:
            tight = {
                column
                for row, columns in self.columns_of.items()
                if self.needs[row] >= len(columns)
                for column in columns
            }
            if not tight:
                return
            for column in sorted(tight):
                self.forced.append(column)
                for row in self.rows_of.pop(column):
                    self.needs[row] -= 1
            self._settle(gone=tight)

    def drop_rows(self) -> None:
        """Drop rows that are covered whenever another one is."""
        bits = {row: _bits(columns) for row, columns in self.columns_of.items()}
        dropped: set[int] = set()
        for row in sorted(bits, key=lambda one: (len(self.columns_of[one]), one)):
            if row in dropped or not self.columns_of[row]:
                continue
            rarest = min(self.columns_of[row], key=lambda one: len(self.rows_of[one]))
            for other in self.rows_of[rarest]:
                implied = self.needs[row] >= self.needs[other] and bits[row] & ~bits[other] == 0
                if other != row and implied:
                    dropped.add(other)
        self._remove_rows(dropped)

    def drop_columns(self) -> None:
        """Drop columns in whose place others can always be taken, at no higher cost."""
        self._drop_equal()
        bits = {column: _bits(rows) for column, rows in self.rows_of.items()}
        dropped: set[int] = set()
        work = 0
        for column in sorted(bits, key=lambda one: (len(self.rows_of[one]), -one)):
            rarest = min(self.rows_of[column], key=lambda one: len(self.columns_of[one]))
            candidates = self.columns_of[rarest]
            work += len(candidates)
            if work > WORK_MAX:
                break
            own, cost = bits[column], self.costs[column]
            # As many as the neediest row: then either one of them is free, or all are taken.
            wanted = max(self.needs[row] for row in self.rows_of[column])
            for other in candidates:
                if other == column or other in dropped or self.costs[other] > cost:
                    continue
                if own & ~bits[other] == 0:
                    wanted -= 1
                    if not wanted:
                        dropped.add(column)
                        break
        self._remove_columns(dropped)

    def result(self) -> Reduced:
        rows = np.array(sorted(self.columns_of), dtype=np.int64)
        columns = np.array(sorted(self.rows_of), dtype=np.int64)
        part = self._cover.part(rows, columns)
        left = Cover(part.rows, np.array(self.needs, dtype=np.int64)[rows], part.costs)
        return Reduced(np.array(sorted(self.forced), dtype=np.int64), rows, columns, left)

    def _drop_equal(self) -> None:
        """Of columns that cover the same, keep the cheapest: as many as a row can need."""
        groups: dict[tuple[int, ...], list[int]] = {}
        for column, rows in self.rows_of.items():
            groups.setdefault(tuple(rows), []).append(column)
        dropped: set[int] = set()
        for members, columns in groups.items():
            kept = max(self.needs[row] for row in members)
            columns.sort(key=lambda one: (self.costs[one], one))
            dropped.update(columns[kept:])
        self._remove_columns(dropped)

    def _settle(self, gone: Sequence[int] | set[int] = ()) -> None:
        """Drop rows that need nothing more, and columns that cover nothing more."""
        if gone:
            for row, columns in self.columns_of.items():
                self.columns_of[row] = [one for one in columns if one not in gone]
        self._remove_rows({row for row in self.columns_of if self.needs[row] <= 0})

    def _remove_rows(self, rows: set[int]) -> None:
        for row in rows:
            del self.columns_of[row]
        if rows:
            for column, members in self.rows_of.items():
                self.rows_of[column] = [one for one in members if one not in rows]
        empty = [column for column, members in self.rows_of.items() if not members]
        for column in empty:
            del self.rows_of[column]

    def _remove_columns(self, columns: set[int]) -> None:
        for column in columns:
            del self.rows_of[column]
        if columns:
            for row, members in self.columns_of.items():
                self.columns_of[row] = [one for one in members if one not in columns]


def _bits(members: Sequence[int]) -> int:
    bits = 0
    for one in members:
        bits |= 1 << one
    return bits
