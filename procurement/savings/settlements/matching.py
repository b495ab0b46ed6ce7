"""Which line of a settlement sums of purchases belong to: by hospital, product, batch and day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from procurement.savings.analytics import Totals
from procurement.savings.folder.years import Year, breaks_of
from procurement.savings.settlements.terms import TermView

OUTSIDE_YEAR = "outside-year"
OTHER_BATCH = "other-batch"
WITHOUT_AGREEMENT = "without-agreement"
UNKNOWN_HOSPITAL = "unknown-hospital"
SETTLED_ELSEWHERE = "settled-elsewhere"


@dataclass(frozen=True, slots=True)
class Target:
    """A line that purchases may belong to.

    Attributes:
        hospital_id: The hospital.
        supply_id: The supply.
        term: Its batch-year.
    """

    hospital_id: int
    supply_id: int
    term: TermView


@dataclass(slots=True)
class Sums:
    """What was taken in for one line; money in 1/10,000 yuan."""

    winning_volume: int = 0
    non_winning_volume: int = 0
    non_winning_amount: int = 0


@dataclass(slots=True)
class Matched:
    """Sums by line, and by what belongs to none.

    Attributes:
        sums: By hospital and supply.
        left_out: Number and amount, by hospital, product, batch and reason.
        lines: How many purchase lines there were.
        bad_lines: How many of them are none: of other programs' files.
    """

    sums: dict[tuple[int, int], Sums] = field(default_factory=dict)
    left_out: dict[tuple[str, str, str | None, str], list[int]] = field(default_factory=dict)
    lines: int = 0
    bad_lines: int = 0


class Lines:
    """The lines of a settlement as partitions call them."""

    def __init__(self, terms: Sequence[TermView]) -> None:
        """Take the batch-years; lines are added one by one."""
        self._years = {one.batch: Year(one.starts_on, one.ends_on) for one in terms}
        self.breaks = breaks_of(self._years.values())
        # A period lies between two breaks, so one of its days stands for all of them.
        self._first_days = [date.min, *self.breaks]
        self._winning: dict[tuple[str, str], list[Target]] = {}
        self._others: dict[tuple[str, str], list[Target]] = {}
        self._hospitals: set[str] = set()
        self._elsewhere: set[tuple[str, str]] = set()

    def add(self, hospital: str, product: str, others: Iterable[str], target: Target) -> None:
        """Add a line.

        Args:
            hospital: As partitions call it.
            product: As they call what its winner supplies.
            others: As they call what is bought of others in the place of it, nearest first.
            target: The line.
        """
        self._hospitals.add(hospital)
        self._winning.setdefault((hospital, product), []).append(target)
        for name in others:
            self._others.setdefault((hospital, name), []).append(target)

    def leave_to_others(self, hospital: str, batch: str) -> None:
        """Say that another settlement settles a batch-year of a hospital."""
        self._elsewhere.add((hospital, batch))

    def take(self, matched: Matched, totals: Totals) -> None:
        """Add sums to the lines that they belong to."""
        matched.lines += totals.lines
        matched.bad_lines += totals.bad_lines
        hospital, product = totals.hospital, totals.product
        if totals.bad_lines or hospital is None or product is None:
            return
        winning = self._target(self._winning, hospital, product, totals)
        other = self._target(self._others, hospital, product, totals) or winning
        if winning is None and other is None:
            self._leave_out(matched, hospital, product, totals, totals.amount)
            return
        if winning is None and totals.winning_volume:
            # A winner's strength that the hospital did not agree to: no line has its volume.
            self._leave_out(
                matched, hospital, product, totals, totals.amount - totals.non_winning_amount
            )
        if winning is not None:
            _sums(matched, winning).winning_volume += totals.winning_volume
        if other is not None:
            found = _sums(matched, other)
            found.non_winning_volume += totals.non_winning_volume
            found.non_winning_amount += totals.non_winning_amount

    def _target(
        self,
        known: Mapping[tuple[str, str], Sequence[Target]],
        hospital: str,
        product: str,
        totals: Totals,
    ) -> Target | None:
        day = self._first_days[totals.period]
        for target in known.get((hospital, product), ()):
            year = self._years[target.term.batch]
            suits = totals.batch in (None, target.term.batch)
            if suits and year.starts_on <= day <= year.ends_on:
                return target
        return None

    def _leave_out(
        self, matched: Matched, hospital: str, product: str, totals: Totals, amount: int
    ) -> None:
        reason = self._reason(hospital, product, totals.batch)
        entry = matched.left_out.setdefault((hospital, product, totals.batch, reason), [0, 0])
        entry[0] += totals.lines
        entry[1] += amount

    def _reason(self, hospital: str, product: str, batch: str | None) -> str:
        if batch is not None and (hospital, batch) in self._elsewhere:
            return SETTLED_ELSEWHERE
        if hospital not in self._hospitals:
            return UNKNOWN_HOSPITAL
        if batch is not None and batch not in self._years:
            return OTHER_BATCH
        key = (hospital, product)
        return OUTSIDE_YEAR if key in self._winning or key in self._others else WITHOUT_AGREEMENT


def _sums(matched: Matched, target: Target) -> Sums:
    return matched.sums.setdefault((target.hospital_id, target.supply_id), Sums())
