"""Payment standards that follow a winning price: a negotiated drug that wins a national round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.payment_standard import negotiated_standard
from pricing.stated_rules import StatedRules
from procurement.prices.kinds import FOLLOWING_WAYS, PriceKind
from procurement.prices.listing import holds_on
from procurement.prices.packs import RatioBases, price_in_pack
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price

TAKES = "negotiated.takes"
"""The rule by which a negotiated drug that wins a national round takes that price."""


def follow_winning_price(
    session: Session,
    *,
    winning: Price,
    rules: StatedRules,
    bases: RatioBases | None,
    moment: datetime,
) -> list[Price]:
    """Let the negotiated standards of a winning product take its winning price.

    Each negotiated standard in force on the first day of the winning price gets its next version,
    from that day until the winning price ends; nothing is changed in place. What holds after that
    last day no source states: no standard does, until one is recorded. A standard of another pack
    takes the winning price of that pack, or the one that the price ratio rules give.

    Args:
        session: Session of the caller's transaction.
        winning: The recorded winning price that stands.
        rules: A rulebook of kind ``standard`` in force on that day.
        bases: Of the price ratio rules, as the round's rulebook states them, if it does.
        moment: When it is recorded, aware.

    Returns:
        The new versions. A standard whose pack has no winning price by any rule is left as it is.

    Raises:
        RuleNotStatedError: The rulebook does not state what a negotiated drug takes.
    """
    followed = []
    for standard in _negotiated(session, winning):
        taken = _taken(session, winning, standard, bases)
        if taken is not None:
            followed.append(_record(session, standard, taken, rules, moment))
    return followed


@dataclass(frozen=True, slots=True)
class _Taken:
    """The price that a standard takes.

    Attributes:
        winning: The price in the chain that it comes from.
        pack_price: In the pack of the standard.
        factor: By which it was converted; None for the same pack.
    """

    winning: Price
    pack_price: Decimal
    factor: Decimal | None = None


def _negotiated(session: Session, winning: Price) -> Sequence[Price]:
    held = (
        select(Price)
        .where(Price.kind == PriceKind.PAYMENT_STANDARD, Price.clause.in_(FOLLOWING_WAYS))
        .where(Price.organisation_id == winning.organisation_id)
        .where(Price.generic_product_id == winning.generic_product_id)
        .where(holds_on(winning.starts_on))
        .order_by(Price.id)
    )
    return session.scalars(held).all()


def _taken(
    session: Session, winning: Price, standard: Price, bases: RatioBases | None
) -> _Taken | None:
    """Say which price a standard takes: that of its own pack, or a converted one."""
    own = session.scalars(
        select(Price)
        .where(Price.kind == winning.kind, Price.organisation_id == winning.organisation_id)
        .where(Price.generic_product_id == winning.generic_product_id)
        .where(Price.strength == standard.strength, Price.pack_units == standard.pack_units)
        .where(Price.region == winning.region, Price.starts_on == winning.starts_on)
        .order_by(Price.version.desc())
        .limit(1)
    ).one_or_none()
    if own is not None:
        return _Taken(own, own.pack_price)
    if bases is None:
        return None
    converted = price_in_pack(
        session,
        winning=winning,
        strength=standard.strength,
        pack_units=standard.pack_units,
        bases=bases,
    )
    return None if converted is None else _Taken(winning, converted.pack_price, converted.factor)


def _record(
    session: Session, standard: Price, taken: _Taken, rules: StatedRules, moment: datetime
) -> Price:
    winning = taken.winning
    return record_price(
        session,
        organisation_id=standard.organisation_id,
        generic_product_id=standard.generic_product_id,
        lot_strength_id=winning.lot_strength_id,
        strength=standard.strength,
        pack_units=standard.pack_units,
        pack_price=negotiated_standard(standard.pack_price, rules, winning_price=taken.pack_price),
        kind=PriceKind.PAYMENT_STANDARD,
        starts_on=winning.starts_on,
        ends_on=winning.ends_on,
        source=winning.source,
        moment=moment,
        details=PriceDetails(
            clause=f"{rules.rulebook.id} {rules.cite(TAKES)}"[:120],
            product_id=standard.product_id,
            region=standard.region,
            bureau_id=winning.bureau_id,
            # A standard that equals a price which the round does not disclose would tell it.
            is_public=winning.is_public,
            converted_from_id=None if taken.factor is None else winning.id,
            factor=taken.factor,
        ),
    )
