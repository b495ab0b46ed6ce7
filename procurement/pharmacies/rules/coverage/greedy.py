"""A good choice quickly: what the relaxed problem likes, then what covers most for its cost."""

import heapq
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from procurement.pharmacies.rules.coverage.problem import Cover, Ints, row_lists

LIKED = 0.5
"""A column of which the relaxed problem takes at least so much is tried first."""

ROUNDS_MAX = 30


class GreedyCover:
    """Choices that are built column by column, on one problem."""

    def __init__(self, cover: Cover) -> None:
        """Prepare a problem that can be covered."""
        self._needs: list[int] = cover.needs.tolist()
        self._costs: list[int] = cover.costs.tolist()
        self._rows_of = row_lists(cover.rows.T.tocsr().sorted_indices())
        self._columns_of = row_lists(cover.rows)

    def choose(self, shares: NDArray[np.float64]) -> Ints:
        """Choose columns so that every row is covered, then improve the choice.

        Args:
            shares: By column, how much of it the relaxed problem takes.
        """
        liked = [int(one) for one in np.flatnonzero(shares >= LIKED)]
        first = self._improved(self._completed(set(liked)))
        plain = self._improved(self._completed(set()))
        best = min(first, plain, key=lambda one: (self._cost(one), sorted(one)))
        return np.array(sorted(best), dtype=np.int64)

    def without_idle(self, chosen: Iterable[int]) -> Ints:
        """Leave out what is not needed, the dearest first."""
        return np.array(sorted(self._without_idle(set(chosen))), dtype=np.int64)

    def _improved(self, chosen: set[int]) -> set[int]:
        """Take out a column and what covers little, cover again, and keep what got cheaper."""
        best = self._without_idle(chosen)
        cost = self._cost(best)
        for _ in range(ROUNDS_MAX):
            before = cost
            for column in sorted(best):
                if column not in best:
                    continue
                trial = self._without_idle(self._completed(self._opened(best, column)))
                if self._cost(trial) < cost:
                    best, cost = trial, self._cost(trial)
            if cost == before:
                break
        return best

    def _opened(self, chosen: set[int], column: int) -> set[int]:
        """The choice without a column and the chosen neighbours that share a row with it."""
        near = {one for row in self._rows_of[column] for one in self._columns_of[row]}
        return chosen - near

    def _completed(self, chosen: set[int]) -> set[int]:
        """Add the column that covers most for its cost until every row is covered."""
        chosen = set(chosen)
        left = self._left(chosen)
        open_rows = [row for row, need in enumerate(left) if need > 0]
        heap = [
            (self._worth(one, left), one)
            for one in {column for row in open_rows for column in self._columns_of[row]}
            if one not in chosen
        ]
        heapq.heapify(heap)
        remaining = len(open_rows)
        while remaining and heap:
            worth, column = heapq.heappop(heap)
            now = self._worth(column, left)
            if now > worth:
                if now[0] < _WORTHLESS:
                    heapq.heappush(heap, (now, column))
                continue
            chosen.add(column)
            for row in self._rows_of[column]:
                left[row] -= 1
                remaining -= left[row] == 0
        return chosen

    def _without_idle(self, chosen: set[int]) -> set[int]:
        left = self._left(chosen)
        kept = set(chosen)
        for column in sorted(chosen, key=lambda one: (-self._costs[one], -one)):
            if all(left[row] < 0 for row in self._rows_of[column]):
                kept.discard(column)
                for row in self._rows_of[column]:
                    left[row] += 1
        return kept

    def _left(self, chosen: set[int]) -> list[int]:
        left = list(self._needs)
        for column in chosen:
            for row in self._rows_of[column]:
                left[row] -= 1
        return left

    def _worth(self, column: int, left: list[int]) -> tuple[float, int]:
        covered = sum(left[row] > 0 for row in self._rows_of[column])
        return (self._costs[column] / covered if covered else _WORTHLESS, column)

    def _cost(self, chosen: set[int]) -> int:
        return sum(self._costs[one] for one in chosen)


_WORTHLESS = float("inf")
