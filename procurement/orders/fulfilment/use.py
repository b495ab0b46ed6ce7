"""Which share of the use winning products have, by hospital, product, group or region."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.agreements.tables import AgreedSupply
from procurement.awards.tables import AwardedPrice
from procurement.orders.fulfilment.naming import Key, division_of, names_of
from procurement.orders.fulfilment.progress import lead_hospitals
from procurement.orders.fulfilment.rules.use import OTHER, WINNING, Used, winning_share
from procurement.orders.fulfilment.scope import By, Scope, used_rows
from procurement.rounds.tables import LotStrength
from procurement.volumes.rules import region_of

_DIVISIONS = (By.COUNTY, By.CITY, By.PROVINCE)
_FACTS = 7
"""Columns of `used_rows` behind those that it is summed by."""


@dataclass(slots=True)
class UseRow:
    """What was bought of winners and of others.

    Attributes:
        key: As in a row of progress.
        zh: What it is called, in Chinese.
        en: The same in English.
        used: By product, as `procurement.orders.fulfilment.rules.use` reads it.
        unconverted_units: Units whose strength is not known; they count as of the main strength.
    """

    key: Key
    zh: str = ""
    en: str = ""
    used: list[Used] = field(default_factory=list)
    unconverted_units: int = 0

    def units(self, kind: str) -> Fraction:
        """Units of a kind, in the main strength."""
        return sum((one.units for one in self.used if one.kind == kind), Fraction(0))

    def amount(self, kind: str) -> Decimal:
        """Yuan of a kind."""
        return sum((one.amount for one in self.used if one.kind == kind), Decimal(0))

    def share(
        self, measure: str, *, counts: Collection[str] = (WINNING,), exempt: Collection[str] = ()
    ) -> Fraction | None:
        """The share of winning products, see `winning_share`."""
        return winning_share(self.used, measure=measure, counts=counts, exempt=exempt)

    def other_share(self, measure: str) -> Fraction | None:
        """The share of products that did not win."""
        share = self.share(measure)
        return None if share is None else 1 - share


def use_of(session: Session, *, scope: Scope, by: By) -> list[UseRow]:
    """Return the use of the term's generics, by one thing, in the order of the keys.

    Winning products count as those of a term do; others by their day within the term.
    """
    asked = By.HOSPITAL if by is By.GROUP else by
    found = {key[0]: row for key, row in used_by(session, scope=scope, by=(asked,)).items()}
    rows = _grouped(session, scope, found) if by is By.GROUP else found
    names = names_of(session, by=asked, keys=rows)
    for key, row in rows.items():
        row.zh, row.en = names.get(key, ("", ""))
        row.key = division_of(by, key) if by in _DIVISIONS else key
    return [rows[key] for key in sorted(rows, key=str)]


def used_by(session: Session, *, scope: Scope, by: tuple[By, ...]) -> dict[tuple[Key, ...], UseRow]:
    """Return the use by several things together; without names."""
    ratios = _ratios(session, scope)
    prices = _WinnerPrices(session, scope)
    rows: dict[tuple[Key, ...], UseRow] = {}
    for line in session.execute(used_rows(scope, by)):
        key = tuple(line[:-_FACTS])
        lot_id, strength_id, is_winning, unit_price, division, units, amount = line[-_FACTS:]
        row = rows.setdefault(key, UseRow(key[0] if key else ""))
        ratio = ratios.get(strength_id)
        if ratio is None:
            row.unconverted_units += int(units)
        row.used.append(
            Used(
                kind=WINNING if is_winning else OTHER,
                units=int(units) * (ratio or Fraction(1)),
                amount=amount,
                unit_price=None if ratio is None else Fraction(unit_price) / ratio,
                winner_price=prices.of(lot_id, division),
            )
        )
    return rows


def _grouped(session: Session, scope: Scope, found: Mapping[Key, UseRow]) -> dict[Key, UseRow]:
    leads = lead_hospitals(session, day=scope.day)
    rows: dict[Key, UseRow] = {}
    for hospital, row in found.items():
        lead = leads.get(int(hospital), hospital)
        group = rows.setdefault(lead, UseRow(lead))
        group.used += row.used
        group.unconverted_units += row.unconverted_units
    return rows


def _ratios(session: Session, scope: Scope) -> dict[int | None, Fraction]:
    """Content of the round's strengths, relative to the main strength of their lot."""
    rows = session.execute(
        select(LotStrength.id, LotStrength.strength_ratio)
        .join(AgreedSupply, AgreedSupply.lot_strength_id == LotStrength.id)
        .where(AgreedSupply.term_id == scope.term.id)
        .distinct()
    )
    return {one: Fraction(ratio) for one, ratio in rows}


class _WinnerPrices:
    """The highest winning price of a product in a region, for a unit of the main strength."""

    def __init__(self, session: Session, scope: Scope) -> None:
        rows = session.execute(
            select(
                LotStrength.lot_id,
                AgreedSupply.region,
                LotStrength.strength_ratio,
                AwardedPrice.pack_price,
                AwardedPrice.pack_units,
            )
            .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
            .join(AwardedPrice, AwardedPrice.awarded_bid_id == AgreedSupply.awarded_bid_id)
            .where(AwardedPrice.lot_strength_id == AgreedSupply.lot_strength_id)
            .where(AgreedSupply.term_id == scope.term.id)
        )
        self._prices: dict[tuple[int, str], Fraction] = {}
        for lot_id, region, ratio, price, units in rows:
            unit_price = Fraction(price) / units / Fraction(ratio)
            place = (lot_id, region)
            self._prices[place] = max(unit_price, self._prices.get(place, unit_price))
        self._regions = sorted({region for _, region in self._prices})

    def of(self, lot_id: int, division: str) -> Fraction | None:
        """The price where a hospital lies; None where nobody supplies it."""
        region = region_of(division, self._regions)
        return None if region is None else self._prices.get((lot_id, region))


def shares_of(rows: Iterable[UseRow], measure: str) -> dict[Key, Fraction | None]:
    """The share of winning products, by key."""
    return {row.key: row.share(measure) for row in rows}
