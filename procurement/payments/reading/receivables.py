"""Receivable days by maker, seller or hospital, as far as somebody sees them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from procurement.accounts.organisations.service import organisations_by_id
from procurement.payments.reading.receivable_days import Piece, Waiting, waiting_of
from procurement.payments.reading.scope import Scope
from procurement.payments.reading.settled import money_sum, settled_parts
from procurement.payments.tables import GoodsPayable


class By(StrEnum):
    """Whose days are computed."""

    MAKER = "maker"
    SELLER = "seller"
    HOSPITAL = "hospital"


BY_NAMES = {
    By.MAKER: ("生产企业", "Manufacturer"),
    By.SELLER: ("供货企业", "Seller"),
    By.HOSPITAL: ("医疗机构", "Hospital"),
}

_COLUMNS = {
    By.MAKER: GoodsPayable.maker_id,
    By.SELLER: GoodsPayable.seller_id,
    By.HOSPITAL: GoodsPayable.hospital_id,
}

Key = tuple[int | None, date]


@dataclass(frozen=True, slots=True)
class Receivables:
    """One row of the table.

    Attributes:
        organisation_id: None where it is not known whose goods they are, and for the total.
        name: Of the organisation; empty where there is none.
        waiting: What was computed.
    """

    organisation_id: int | None
    name: str
    waiting: Waiting


def receivables_of(
    session: Session, *, scope: Scope, by: By, since: date, until: date
) -> tuple[list[Receivables], Receivables]:
    """Compute receivable days, the longest waiting first, and those of all together.

    Args:
        session: Any session.
        scope: What is seen.
        by: Whose days.
        since: First day of the period in which payments count.
        until: Its last day, on which what is open is looked at.
    """
    pieces: dict[int | None, list[Piece]] = defaultdict(list)
    for organisation_id, piece in _pieces(session, scope, by, until):
        pieces[organisation_id].append(piece)
    names = organisations_by_id(session, organisation_ids=[one for one in pieces if one])
    rows = [
        Receivables(
            one,
            names[one].name if one else "",
            waiting_of(own, since=since, until=until),
        )
        for one, own in pieces.items()
    ]
    rows.sort(key=lambda row: (-(row.waiting.open_days or Decimal(-1)), row.name))
    everything = [piece for own in pieces.values() for piece in own]
    return rows, Receivables(None, "", waiting_of(everything, since=since, until=until))


def _pieces(
    session: Session, scope: Scope, by: By, until: date
) -> Iterator[tuple[int | None, Piece]]:
    column, accepted = _COLUMNS[by], GoodsPayable.accepted_on
    seen = and_(
        scope.sees(GoodsPayable.hospital_id, GoodsPayable.seller_id, GoodsPayable.maker_id),
        accepted <= until,
    )
    total = session.execute(
        select(column, accepted, money_sum(GoodsPayable.amount))
        .where(seen)
        .group_by(column, accepted)
    )
    still: dict[Key, Decimal] = {(one, day): amount for one, day, amount in total}
    for (organisation_id, day), paid_on, amount in _paid(session, column, seen, until):
        still[organisation_id, day] -= amount
        yield organisation_id, Piece(day, paid_on, amount)
    for (organisation_id, day), amount in still.items():
        if amount:
            yield organisation_id, Piece(day, None, amount)


def _paid(
    session: Session,
    column: Any,  # noqa: ANN401 - one of the columns above
    seen: Any,  # noqa: ANN401 - a condition
    until: date,
) -> Iterator[tuple[Key, date, Decimal]]:
    parts = settled_parts()
    found = session.execute(
        select(column, GoodsPayable.accepted_on, parts.c.paid_on, money_sum(parts.c.amount))
        .join(parts, parts.c.goods_id == GoodsPayable.id)
        .where(seen, parts.c.paid_on <= until)
        .group_by(column, GoodsPayable.accepted_on, parts.c.paid_on)
    )
    for organisation_id, accepted_on, paid_on, amount in found:
        yield (organisation_id, accepted_on), paid_on, amount
