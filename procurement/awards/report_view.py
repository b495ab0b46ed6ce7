"""A stored report as pages, exports and letters read it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from procurement.awards.tables import EvaluatedSheet, EvaluationReport
from procurement.permissions import NotFoundForActorError

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class ReportView:
    """A report with what it was made of.

    Attributes:
        row: As stored.
        evaluated: The sheet, its owners and who was left out; None for imported rounds.
    """

    row: EvaluationReport
    evaluated: EvaluatedSheet | None

    @cached_property
    def document(self) -> Fields:
        """The report as ``jicai evaluate --json`` prints it."""
        document: Fields = json.loads(self.row.report)
        return document

    @cached_property
    def owners(self) -> Mapping[tuple[str, str], int]:
        """The organisation of each bid, by lot and identifier."""
        if self.evaluated is None:
            return {}
        return {(lot, bid): owner for lot, bid, owner in json.loads(self.evaluated.owners)}

    @cached_property
    def left_out(self) -> Sequence[Fields]:
        """Bids that do not count: lot, bid, organisation_id, code, zh, en."""
        found: Sequence[Fields] = (
            [] if self.evaluated is None else json.loads(self.evaluated.left_out)
        )
        return found

    @property
    def lots(self) -> Sequence[Fields]:
        """The lots of the report, by code."""
        lots: Sequence[Fields] = self.document["lots"]
        return lots

    @property
    def pending(self) -> Sequence[Fields]:
        """The questions that are still open: lot, bid, question, by, price, until."""
        pending: Sequence[Fields] = self.document["pending"]
        return pending

    def lot(self, code: str) -> Fields:
        """Return a lot of the report.

        Raises:
            NotFoundForActorError: The report has no such lot.
        """
        for lot in self.lots:
            if lot["lot"] == code:
                return lot
        raise NotFoundForActorError

    def outcome(self, code: str, bid: str) -> Fields:
        """Return what became of a bid.

        Raises:
            NotFoundForActorError: The lot has no such bid.
        """
        outcomes: Sequence[Fields] = self.lot(code)["outcomes"]
        for outcome in outcomes:
            if outcome["bid"] == bid:
                return outcome
        raise NotFoundForActorError

    def bids_of(self, organisation_id: int) -> list[tuple[str, str]]:
        """Return the bids of an organisation: lot and identifier, in order."""
        return sorted(place for place, owner in self.owners.items() if owner == organisation_id)
