"""Which agreement a purchase belongs to: by hospital, product, batch and day."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date

from procurement.savings.folder.years import Year, breaks_of
from procurement.savings.rules import Terms


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
        self._years = years
        self._by_product: dict[tuple[str, str], list[Terms]] = {}
        for line in terms:
            self._by_product.setdefault((line.hospital, line.product), []).append(line)
        # A period lies between two breaks, so one of its days stands for all of them.
        self._first_days = [date.min, *self.breaks]

    def of_period(
        self, hospital: str, product: str, batch: str | None, period: int
    ) -> tuple[Terms, ...]:
        """Agreements that cover a period; more than one where a batch would have to tell."""
        return self._covering(hospital, product, batch, self._first_days[period])

    def of_day(self, hospital: str, product: str, batch: str | None, day: date) -> Terms | None:
        """The agreement that covers a day; None where there is none, or several."""
        period = bisect_right(self.breaks, day)
        found = self.of_period(hospital, product, batch, period)
        return found[0] if len(found) == 1 else None

    def agreed(self, hospital: str, product: str, batch: str | None) -> bool:
        """Whether there is an agreement at all, in whatever year."""
        return any(_suits(line, batch) for line in self._of(hospital, product))

    def _covering(
        self, hospital: str, product: str, batch: str | None, day: date
    ) -> tuple[Terms, ...]:
        found = [
            line
            for line in self._of(hospital, product)
            if _suits(line, batch) and _covers(self._years[line.batch], day)
        ]
        named = [line for line in found if line.batch is not None and line.batch == batch]
        return tuple(named or found)

    def _of(self, hospital: str, product: str) -> Sequence[Terms]:
        return self._by_product.get((hospital, product), ())


def _suits(line: Terms, batch: str | None) -> bool:
    return batch is None or line.batch is None or line.batch == batch


def _covers(year: Year, day: date) -> bool:
    return year.starts_on <= day <= year.ends_on
