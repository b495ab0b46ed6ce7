"""Which agreement a purchase belongs to: by hospital, product, batch and day."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from procurement.savings.folder.years import Year, breaks_of
from procurement.savings.rules import Terms


class _Span(NamedTuple):
    """An agreement with the first and last period on which goods count for it."""

    first: int
    last: int
    terms: Terms

    def suits(self, batch: str | None) -> bool:
        """Whether a line of a batch may belong to it, whatever its day."""
        return batch is None or self.terms.batch is None or self.terms.batch == batch


class Agreements:
    """The agreements of a settlement with the days on which goods count for them.

    A line without a batch belongs to the agreement whose days cover it; one with a batch to that
    of its batch, or to one that names no batch.
    """

    def __init__(self, terms: Sequence[Terms], years: Mapping[str | None, Year]) -> None:
        """Take the agreements and the year of each batch.

        Args:
            terms: In any order.
            years: By batch; None for agreements without one.
        """
        self.breaks = breaks_of(years.values())
        # Periods lie between breaks, so that years begin and end where periods do.
        periods = {
            batch: (
                bisect_right(self.breaks, year.starts_on),
                bisect_right(self.breaks, year.ends_on),
            )
            for batch, year in years.items()
        }
        self._spans: dict[tuple[str, str], list[_Span]] = {}
        for line in terms:
            span = _Span(*periods[line.batch], line)
            self._spans.setdefault((line.hospital, line.product), []).append(span)

    def of_period(
        self, hospital: str, product: str, batch: str | None, period: int
    ) -> Sequence[Terms]:
        """Agreements that cover a period; more than one where a batch would have to tell."""
        found = list(self._covering(hospital, product, batch, period))
        if batch is None or len(found) < 2:
            return found
        return [line for line in found if line.batch == batch] or found

    def of_day(self, hospital: str, product: str, batch: str | None, day: date) -> Terms | None:
        """The agreement that covers a day; None where there is none, or several."""
        found = self.of_period(hospital, product, batch, bisect_right(self.breaks, day))
        return found[0] if len(found) == 1 else None

    def agreed(self, hospital: str, product: str, batch: str | None) -> bool:
        """Whether there is an agreement at all, in whatever year."""
        return any(span.suits(batch) for span in self._spans.get((hospital, product), ()))

    def _covering(
        self, hospital: str, product: str, batch: str | None, period: int
    ) -> Iterator[Terms]:
        for span in self._spans.get((hospital, product), ()):
            if span.first <= period <= span.last and span.suits(batch):
                yield span.terms
