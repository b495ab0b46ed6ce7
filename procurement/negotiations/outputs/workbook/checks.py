"""The comparison of what a workbook's formulas give with what the program computed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from procurement.negotiations.outputs.said import Said
from procurement.negotiations.outputs.workbook.book import TOLERANCE, Sheet
from procurement.negotiations.outputs.workbook.live import Live, maximum, size

FLOOR = 1e-3
"""Smaller amounts are compared as if they were this large."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison.

    Attributes:
        name: What is compared.
        difference: The largest difference, relative to the largest amount; a cell.
    """

    name: Said
    difference: Live

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.difference.value <= TOLERANCE


@dataclass(slots=True)
class Checks:
    """All comparisons of a workbook, as they are made."""

    made: list[Check] = field(default_factory=list)

    def compare(
        self,
        sheet: Sheet,
        row: int,
        column: int,
        name: Said,
        cells: Sequence[Live],
        computed: Sequence[float],
    ) -> None:
        """Write what the program computed beside cells, and the largest relative difference.

        A difference is relative to its own amount, so that a small one is not hidden by a large
        one beside it.
        """
        beside = [
            sheet.number(row, column + place, float(value), "given")
            for place, value in enumerate(computed)
        ]
        differences = [
            size(cell - other) / maximum([size(other), Live(FLOOR, (f"{FLOOR:f}",))])
            for cell, other in zip(cells, beside, strict=True)
        ]
        difference = sheet.formula(row, column + len(beside), maximum(differences), "check")
        self.made.append(Check(name, difference))
