"""Improve a choice piece by piece: each piece of the map is chosen anew, as well as it can be."""

from collections.abc import Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from procurement.pharmacies.rules.coverage.problem import Cover, Ints, row_lists

SIZES = (60, 90, 130, 180, 240)
"""Rows in a piece, by sweep over the map: larger pieces find more and take longer."""

NODES_MAX = 400
PIECES_MAX = 400

_SECONDS_MIN = 0.05


def improve(cover: Cover, chosen: Ints, *, seconds: float) -> Ints:
    """Choose piece after piece of the map anew, each time keeping what costs no more.

    Args:
        cover: The problem.
        chosen: Columns that cover it.
        seconds: How long solvers may take in all.
    """
    search = _Search(cover, chosen)
    pieces = [piece for size in SIZES for piece in search.pieces(size)][:PIECES_MAX]
    # A piece twice as large takes more than twice as long.
    total = sum(len(piece) ** 2 for piece in pieces) or 1
    for piece in pieces:
        search.choose_anew(piece, seconds=seconds * len(piece) ** 2 / total)
    return np.array(sorted(search.chosen), dtype=np.int64)


class _Search:
    """A choice that gets better."""

    def __init__(self, cover: Cover, chosen: Ints) -> None:
        self._cover = cover
        self._columns_of = row_lists(cover.rows)
        self._rows_of = row_lists(cover.rows.T.tocsr().sorted_indices())
        self.chosen: set[int] = set(chosen.tolist())

    def pieces(self, size: int) -> Iterator[list[int]]:
        """Yield pieces of the map of some rows each; every row is in one, at its middle or not."""
        seen: set[int] = set()
        for row in range(len(self._columns_of)):
            if row not in seen:
                piece = self._around(row, size)
                seen.update(piece)
                yield piece

    def choose_anew(self, piece: list[int], *, seconds: float) -> None:
        """Choose the columns of a piece anew, all others as they are."""
        inside = set(piece)
        open_ = {one for one in self.chosen if not inside.isdisjoint(self._rows_of[one])}
        kept = np.array(sorted(self.chosen - open_), dtype=np.int64)
        needs = self._cover.needs - self._cover.counts(kept)
        rows = np.flatnonzero(needs > 0).astype(np.int64)
        reaching = {one for row in rows for one in self._columns_of[row]} - set(kept.tolist())
        columns = np.array(sorted(reaching), dtype=np.int64)
        part = self._cover.part(rows, columns)
        solved = milp(
            part.costs.astype(np.float64),
            integrality=np.ones(len(columns), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(part.rows.astype(np.float64), lb=needs[rows]),
            options={
                "time_limit": max(seconds, _SECONDS_MIN),
                "node_limit": NODES_MAX,
                "mip_rel_gap": 0.0,
            },
        )
        if solved.x is None:
            return
        found = columns[np.flatnonzero(solved.x > 0.5)]
        now = int(self._cover.costs[np.array(sorted(open_), dtype=np.int64)].sum())
        whole = np.concatenate([kept, found])
        if int(self._cover.costs[found].sum()) <= now and self._cover.covers(whole):
            self.chosen = set(whole.tolist())

    def _around(self, row: int, size: int) -> list[int]:
        """The rows nearest to one, step by step over shared columns."""
        order, found = [row], {row}
        for one in order:
            for column in self._columns_of[one]:
                for other in self._rows_of[column]:
                    if other not in found:
                        found.add(other)
                        order.append(other)
                    if len(order) >= size:
                        return order
        return order
