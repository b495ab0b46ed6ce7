"""The batch-years that a settlement is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.states import TermKind, TermStatus
from procurement.agreements.tables import AgreedSupply, AgreedVolume, AgreementTerm
from procurement.rounds.tables import Round
from procurement.savings.tables import SavingsSettlement, SettlementTerm
from procurement.volumes.rules import region_prefix


@dataclass(frozen=True, slots=True)
class TermView:
    """A batch-year (批次年度): one term of a round's agreements.

    Attributes:
        term_id: The term.
        batch: How partitions and statements call it: ``national-12-y2``.
        round_title: Title of the round.
        number: Of the term, from 1.
        starts_on: First day.
        ends_on: Last day.
        part: Which part of a year's base volume belongs to it: less than 1 for an extension.
        follow_on: Its round follows another one on for its products.
    """

    term_id: int
    batch: str
    round_title: str
    number: int
    starts_on: date
    ends_on: date
    part: tuple[int, int]
    follow_on: bool

    def base(self, volume: int) -> int:
        """The base volume of the term, from that of a year; half up to whole units.

        Examples:
            >>> days = date(2027, 1, 1), date(2027, 3, 31)
            >>> view = TermView(1, "b-y3", "b", 3, *days, (1, 4), False)
            >>> view.base(1001), view.base(1002)
            (250, 251)
        """
        numerator, denominator = self.part
        return (2 * volume * numerator + denominator) // (2 * denominator)


def in_region(region: str) -> ColumnElement[bool]:
    """Condition: the hospital lies in a division."""
    return Organisation.region.startswith(region_prefix(region))


def batch_name(round_: Round, term: AgreementTerm) -> str:
    """How partitions and statements call a batch-year."""
    return f"{round_.name}-y{term.number}"


def terms_to_settle(session: Session, *, region: str) -> list[TermView]:
    """Return the batch-years in which hospitals of a region agreed to anything."""
    agreed = (
        select(AgreedVolume.supply_id)
        .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
        .join(Organisation, Organisation.id == AgreedVolume.hospital_id)
        .where(AgreedSupply.term_id == AgreementTerm.id, in_region(region))
    )
    rows = session.execute(
        select(AgreementTerm, Round)
        .join(Round, Round.id == AgreementTerm.round_id)
        .where(AgreementTerm.status == TermStatus.DONE, exists(agreed))
        .order_by(Round.id, AgreementTerm.number)
    )
    return [_view(round_, term, follow_on=round_.follows_id is not None) for term, round_ in rows]


def terms_of(session: Session, *, settlement: SavingsSettlement) -> list[TermView]:
    """Return the batch-years of a settlement."""
    rows = session.execute(
        select(AgreementTerm, Round, SettlementTerm.follow_on)
        .join(Round, Round.id == AgreementTerm.round_id)
        .join(SettlementTerm, SettlementTerm.term_id == AgreementTerm.id)
        .where(SettlementTerm.settlement_id == settlement.id)
        .order_by(Round.id, AgreementTerm.number)
    )
    return [_view(round_, term, follow_on=mark) for term, round_, mark in rows]


def years_of(terms: Sequence[TermView]) -> list[int]:
    """The calendar years in which goods of batch-years were received.

    Examples:
        >>> days = date(2026, 12, 1), date(2027, 11, 30)
        >>> view = TermView(1, "b-y1", "b", 1, *days, (1, 1), False)
        >>> years_of([view])
        [2026, 2027]
    """
    return sorted(
        {year for one in terms for year in range(one.starts_on.year, one.ends_on.year + 1)}
    )


def _view(round_: Round, term: AgreementTerm, *, follow_on: bool) -> TermView:
    is_extension = term.kind == TermKind.EXTENSION
    return TermView(
        term_id=term.id,
        batch=batch_name(round_, term),
        round_title=round_.title,
        number=term.number,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        part=(term.numerator, term.denominator) if is_extension else (1, 1),
        follow_on=follow_on,
    )
