"""Score, grade and the share that is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from procurement.savings.rules.terms import Assessed


class NoBandError(ValueError):
    """A score lies below every band."""


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from an edge up to the next band.

    Attributes:
        edge: Lowest score.
        ratio: Share of the base that is kept.
        grade: Its name, if any.
        above: Whether the edge itself belongs to the band below.
    """

    edge: Decimal
    ratio: Decimal
    grade: str | None = None
    above: bool = False

    def holds(self, score: Decimal) -> bool:
        """Whether a score reaches the band."""
        return score > self.edge if self.above else score >= self.edge


def read_bands(value: Mapping[str, object]) -> tuple[Band, ...]:
    """Bands as the vocabulary holds them, from the highest to the lowest."""
    found = []
    for name, entry in value.items():
        fields = cast("Mapping[str, object]", entry)
        grade = cast("str | None", fields["grade"])
        found.append(
            Band(
                edge=Decimal(name.removeprefix(">")),
                ratio=cast("Decimal", fields["ratio"]),
                grade=grade.partition(" / ")[0] if grade else None,
                above=name.startswith(">"),
            )
        )
    return tuple(found)


def assess(score: Decimal, bands: Iterable[Band]) -> Assessed:
    """The grade of a score and the share that is kept; a share of 0 is no pass.

    Raises:
        NoBandError: The score lies below every band.

    Examples:
        >>> bands = [Band(Decimal(60), Decimal("0.4"), "合格"), Band(Decimal(0), Decimal(0))]
        >>> assess(Decimal(65), bands).grade, assess(Decimal("59.9"), bands).passed
        ('合格', False)
    """
    for band in bands:
        if band.holds(score):
            return Assessed(band.ratio, band.ratio > 0, score, band.grade)
    raise NoBandError(f"{score} lies below every band")
