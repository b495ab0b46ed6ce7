"""The life of one drug on a list: every change, with the decision that said so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procurement.pharmacies.listed.kinds import ChangeKind, DrugState
from procurement.pharmacies.listed.rules.changes import change_between
from procurement.pharmacies.listed.rules.spans import DAY
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from procurement.pharmacies.listed.terms import TERM_NAMES, terms_of


@dataclass(frozen=True, slots=True)
class Change:
    """That a drug came on the list, left it, or has another state or other terms.

    Attributes:
        day: From which day.
        kind: What happened.
        drug: The drug.
        before: Its period until the day before; None where it was not on the list.
        after: Its period from that day; None where it is not on the list.
        decision: That said so.
    """

    day: date
    kind: ChangeKind
    drug: ListedDrug
    before: ListPeriod | None
    after: ListPeriod | None
    decision: ListDecision

    @property
    def state_before(self) -> DrugState | None:
        """Its state until the day before."""
        return None if self.before is None else DrugState(self.before.state)

    @property
    def state_after(self) -> DrugState | None:
        """Its state from that day."""
        return None if self.after is None else DrugState(self.after.state)

    @property
    def terms_changed(self) -> tuple[str, ...]:
        """Names of the terms that differ, as in `TERM_NAMES`; empty where it entered or left."""
        if self.before is None or self.after is None:
            return ()
        before, after = terms_of(self.before), terms_of(self.after)
        return tuple(name for name in TERM_NAMES if getattr(before, name) != getattr(after, name))


@dataclass(frozen=True, slots=True)
class Sources:
    """Which decision began and which ended a period: rows that stand are often later copies.

    Attributes:
        rows: Every row, also those replaced, by id.
        decisions: By id.
    """

    rows: Mapping[int, ListPeriod]
    decisions: Mapping[int, ListDecision]

    def began(self, period: ListPeriod) -> ListDecision:
        """The decision that first wrote the period."""
        row = period
        while row.replaces_id is not None:
            row = self.rows[row.replaces_id]
        return self.decisions[row.decision_id]

    def ended(self, period: ListPeriod) -> ListDecision:
        """The decision that gave the period its last day."""
        row = period
        while row.replaces_id is not None:
            before = self.rows[row.replaces_id]
            if before.ends_on != period.ends_on:
                break
            row = before
        return self.decisions[row.decision_id]


def life(periods: Iterable[ListPeriod], sources: Sources) -> Iterator[Change]:
    """Return every change in the life of one drug.

    Args:
        periods: That hold, the earliest first.
        sources: With every row about the drug.
    """
    before: ListPeriod | None = None
    for period in periods:
        if before is not None and not _follows(before, period):
            yield _left(before, sources)
            before = None
        kind = change_between(
            None if before is None else DrugState(before.state), DrugState(period.state)
        )
        if kind is not None:
            decision = sources.began(period)
            yield Change(period.starts_on, kind, period.listed_drug, before, period, decision)
        before = period
    if before is not None and before.ends_on is not None:
        yield _left(before, sources)


def by_drug(periods: Sequence[ListPeriod]) -> Iterator[list[ListPeriod]]:
    """Return periods drug by drug; those of one drug must stand together."""
    gathered: list[ListPeriod] = []
    for period in periods:
        if gathered and gathered[-1].listed_drug_id != period.listed_drug_id:
            yield gathered
            gathered = []
        gathered.append(period)
    if gathered:
        yield gathered


def _follows(before: ListPeriod, period: ListPeriod) -> bool:
    return before.ends_on is not None and before.ends_on + DAY == period.starts_on


def _left(period: ListPeriod, sources: Sources) -> Change:
    if period.ends_on is None:
        raise ValueError(f"period {period.id} has no last day")
    day = period.ends_on + DAY
    decision = sources.ended(period)
    return Change(day, ChangeKind.REMOVE, period.listed_drug, period, None, decision)
