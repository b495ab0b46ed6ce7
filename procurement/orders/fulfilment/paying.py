"""Which hospitals pay accepted goods in time, by the rule of their region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.orders.fulfilment.parameters import given_rules
from procurement.orders.fulfilment.rules.payment_time import (
    Paid,
    PaymentRule,
    paid_state,
    payment_rule,
)
from procurement.orders.fulfilment.rules.region_rules import RegionRules, significant
from procurement.orders.states import PurchaseSource
from procurement.orders.tables import GoodsReturn, PurchaseLine, ReceiptLine


@dataclass(slots=True)
class PaidRow:
    """How one hospital pays.

    Attributes:
        hospital_id: The hospital.
        name: Its name.
        lines: Receipt lines by state.
        amounts: Yuan by state.
        rules: The rules that were applied; a rule may begin between two receipts.
    """

    hospital_id: int
    name: str
    lines: dict[Paid, int] = field(default_factory=lambda: dict.fromkeys(Paid, 0))
    amounts: dict[Paid, Decimal] = field(default_factory=lambda: dict.fromkeys(Paid, Decimal(0)))
    rules: dict[str, PaymentRule] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """Lines whose last day is over, or that were paid."""
        return sum(self.lines[one] for one in (Paid.IN_TIME, Paid.LATE, Paid.OVERDUE))

    @property
    def overdue(self) -> int:
        """Lines that are not paid though their last day is over."""
        return self.lines[Paid.OVERDUE]

    @property
    def share_in_time(self) -> Fraction | None:
        """Lines paid in time of those due; None where none is due."""
        return Fraction(self.lines[Paid.IN_TIME], self.due) if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Which receipts are looked at.

    Attributes:
        since: First day of acceptance.
        until: Last day of acceptance.
        day: The day on which is looked.
        region: Hospitals within this division.
        term_id: Only what was bought under this term; None for all.
        hospital_ids: Only these; None for all.
        seller_id: Only what this distributor delivered; None for all.
    """

    since: date
    until: date
    day: date
    region: str
    term_id: int | None = None
    hospital_ids: Sequence[int] | None = None
    seller_id: int | None = None


def received_lines(session: Session, *, received: Received) -> Sequence[int]:
    """Return the receipt lines that are looked at: whoever knows of payments is asked for them."""
    lines = _lines(received).with_only_columns(PurchaseLine.source_id)
    return session.scalars(lines).all()


def paid_in_time(
    session: Session, *, received: Received, paid_on: Mapping[int, date]
) -> list[PaidRow]:
    """Return how hospitals pay, those that pay worst first.

    Args:
        session: Any session.
        received: Which receipts.
        paid_on: When receipt lines were paid in full, by `received_lines`.

    Returns:
        A row for each hospital that received and kept anything. A part that was returned later
        still counts as received: until when it had to be paid does not depend on it. For a line
        that went back altogether nothing is owed, so it is left out.
    """
    rows: dict[int, PaidRow] = {}
    rules = _Rules(session)
    for line in session.execute(_lines(received)):
        row = rows.setdefault(line.hospital_id, PaidRow(line.hospital_id, line.name))
        rule = rules.of(line.region, line.received_on)
        if rule is not None:
            row.rules[rule.rule.cited + rule.rule.rulebook] = rule
        state = _state(line, rule, paid_on, received.day)
        row.lines[state] += 1
        row.amounts[state] += line.amount
    return sorted(rows.values(), key=_order)


def _lines(received: Received) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        PurchaseLine.source_id.expression,
        PurchaseLine.hospital_id.expression,
        PurchaseLine.received_on.expression,
        PurchaseLine.amount.expression,
        Organisation.name.expression,
        Organisation.region.expression,
    ]
    statement = (
        select(*columns)
        .join(Organisation, Organisation.id == PurchaseLine.hospital_id)
        .join(ReceiptLine, ReceiptLine.id == PurchaseLine.source_id)
        .where(PurchaseLine.source == PurchaseSource.RECEIPT)
        .where(ReceiptLine.accepted_packs > _returned())
        .where(PurchaseLine.received_on.between(received.since, received.until))
        .order_by(PurchaseLine.id)
    )
    digits = significant(received.region)
    if digits:
        statement = statement.where(Organisation.region.startswith(digits))
    if received.term_id is not None:
        statement = statement.where(PurchaseLine.term_id == received.term_id)
    if received.hospital_ids is not None:
        statement = statement.where(PurchaseLine.hospital_id.in_(received.hospital_ids))
    if received.seller_id is not None:
        statement = statement.where(PurchaseLine.seller_id == received.seller_id)
    return statement


def _returned() -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(GoodsReturn.packs), 0))
        .where(GoodsReturn.receipt_line_id == ReceiptLine.id)
        .scalar_subquery()
    )


class _Rules:
    """The rule for payment of regions and days, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[str, date], PaymentRule | None] = {}

    def of(self, region: str, day: date) -> PaymentRule | None:
        """The rule that holds where and when goods were accepted."""
        place = (region, day)
        if place not in self._known:
            given = given_rules(self._session, region=region)
            self._known[place] = payment_rule(RegionRules(region, day, given=given))
        return self._known[place]


def _state(
    line: Row[Any],
    rule: PaymentRule | None,
    paid_on: Mapping[int, date],
    day: date,
) -> Paid:
    paid = paid_on.get(line.source_id)
    return paid_state(rule, accepted_on=line.received_on, paid_on=paid, day=day)


def _order(row: PaidRow) -> tuple[bool, Fraction, int]:
    share = row.share_in_time
    return share is None, share or Fraction(0), row.hospital_id
