"""Drugs that surveys show to be short and that nobody listed yet, and what their prices did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.monitoring.rules.parameters import Name
from procurement.monitoring.rules.shortages import SupplySignals, candidate_signs
from procurement.monitoring.shortages.deciding import shortages_on
from procurement.monitoring.surveys.asked import holds_there
from procurement.monitoring.surveys.heard import signals_of
from procurement.monitoring.tables import MonitoringSurvey
from procurement.monitoring.thresholds import thresholds_of
from procurement.prices.kinds import PriceKind
from procurement.prices.listing import holds_on
from procurement.prices.tables import Price

_LISTED_KINDS = (PriceKind.LISTING, PriceKind.WINNING)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A drug that may be in short supply.

    Attributes:
        generic: Which.
        signals: What was said.
        signs: The thresholds that it passed.
        is_listed: It is on the list already.
    """

    generic: GenericProduct
    signals: SupplySignals
    signs: Sequence[Name]
    is_listed: bool


def newest_survey(session: Session, *, bureau_id: int | None) -> MonitoringSurvey | None:
    """Return a bureau's newest survey; None before the first."""
    newest = (
        select(MonitoringSurvey)
        .where(MonitoringSurvey.bureau_id == bureau_id)
        .order_by(MonitoringSurvey.month.desc())
        .limit(1)
    )
    return session.scalars(newest).one_or_none()


def candidates_in(session: Session, *, survey: MonitoringSurvey) -> list[Candidate]:
    """Return the drugs of a survey that pass a threshold, or of which a lead speaks.

    Those that pass most thresholds come first. Without any threshold only leads, and whatever an
    institution is out of, are shown: nothing is judged by a number that nobody gave.
    """
    thresholds = thresholds_of(session, bureau_id=survey.bureau_id)
    listed = {one.generic.id for one in shortages_on(session, bureau_id=survey.bureau_id)}
    signals = signals_of(session, survey_ids=[survey.id])
    judged = {generic: (one, candidate_signs(one, thresholds)) for generic, one in signals.items()}
    shown = {
        generic: pair
        for generic, pair in judged.items()
        if pair[1] or pair[0].leads or pair[0].out_of_stock
    }
    names = {one.id: one for one in session.scalars(_named(sorted(shown)))}
    found = [
        Candidate(names[generic], one, signs, generic in listed)
        for generic, (one, signs) in shown.items()
    ]
    return sorted(
        found,
        key=lambda one: (
            -len(one.signs),
            -(one.signals.out_of_stock_share or Fraction(0)),
            one.generic.name,
        ),
    )


def _named(ids: Sequence[int]) -> Select[GenericProduct]:
    return select(GenericProduct).where(GenericProduct.id.in_(ids))


@dataclass(frozen=True, slots=True)
class PriceRise:
    """What the prices of a generic product did last in a region.

    Attributes:
        rise: The greatest rise of a price against its version before; None without one.
        makers: How many manufacturers have a price there.
    """

    rise: Fraction | None
    makers: int


def price_rise(session: Session, *, generic_product_id: int, region: str, day: date) -> PriceRise:
    """Say how prices that hold on a day stand to their versions before."""
    present = session.scalars(
        select(Price)
        .where(Price.generic_product_id == generic_product_id, Price.kind.in_(_LISTED_KINDS))
        .where(holds_on(day), holds_there(region))
    ).all()
    rises = []
    for price in present:
        before = session.scalars(
            select(Price).filter_by(series=price.series, version=price.version - 1)
        ).one_or_none()
        if before is not None:
            rises.append(Fraction(price.pack_price) / Fraction(before.pack_price) - 1)
    return PriceRise(max(rises, default=None), len({one.organisation_id for one in present}))
