"""A report as its page and its form show it: every strength asked for, beside past use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.rounds.tables import Round
from procurement.volumes.lots import AskedLot, AskedStrength, asked_lots, brands_of, packs_of
from procurement.volumes.reporting.checks import (
    CheckedProduct,
    check_products,
    demands_of,
    line_key,
)
from procurement.volumes.reporting.history import Uses
from procurement.volumes.reporting.plausibility import Oddity, warn
from procurement.volumes.reporting.service import explanations_of, lines_of, report_uses
from procurement.volumes.rules import ReportingRule, draw_line
from procurement.volumes.tables import VolumeExplanation, VolumeLine, VolumeReport
from procurement.volumes.window import rule_of, years_of

Brand = int | None
Extra = tuple[int, int]
"""A strength and a brand for which an empty line is shown."""


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line to fill in.

    Attributes:
        strength: For which strength.
        brand_id: For which manufacturer; None = by generic name.
        brand: Its name.
        uses: Past use by year, oldest first; None where it is not known.
        line: What was filled in, if anything.
        oddity: What looks like a slip.
    """

    strength: AskedStrength
    brand_id: int | None
    brand: str
    uses: Sequence[int | None]
    line: VolumeLine | None
    oddity: Oddity | None

    @property
    def key(self) -> str:
        """How form fields name the line."""
        return line_key(self.strength.id, self.brand_id)


@dataclass(frozen=True, slots=True)
class GridProduct:
    """A product of the grid.

    Attributes:
        lot: The product.
        checked: Its need beside past use.
        lines: To fill in, by strength, the line by generic name first.
        explanation: Why less is needed, if it was said.
        others: Past use of strengths that the lot does not list, by strength and year.
        brands: Manufacturers that may be chosen, by id.
    """

    lot: AskedLot
    checked: CheckedProduct
    lines: Sequence[GridLine]
    explanation: VolumeExplanation | None
    others: Mapping[str, Mapping[int, int]]
    brands: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A report to fill in."""

    report: VolumeReport
    rule: ReportingRule
    years: tuple[int, ...]
    known_years: frozenset[int]
    products: Sequence[GridProduct]


def read_grid(
    session: Session,
    *,
    round_: Round,
    report: VolumeReport,
    moment: datetime,
    extra: Iterable[Extra] = (),
) -> Grid:
    """Read a report with everything that stands beside it.

    Args:
        session: Any session.
        round_: The round.
        report: The report.
        moment: Now, for the members of a group.
        extra: Strength and brand of empty lines that the page added.
    """
    rule = rule_of(round_)
    uses = report_uses(session, round_=round_, report=report, moment=moment)
    lots = asked_lots(session, round_id=round_.id)
    lines = lines_of(session, report_id=report.id)
    explanations = explanations_of(session, report_id=report.id)
    checked = check_products(
        lots,
        demands=demands_of(lines),
        explained={lot for lot, row in explanations.items() if row.reason_code and row.reason_text},
        uses=uses,
        rule=rule,
    )
    brands = brands_of(session, round_id=round_.id)
    shown = _shown_lines(lines, uses, extra)
    context = _Context(
        lines={line_key(line.lot_strength_id, line.brand_id): line for line in lines},
        shown=shown,
        uses=uses,
        names=names_of(session, [brand for found in shown.values() for brand in found]),
        packs=packs_of(session, round_id=round_.id),
        rule=rule,
    )
    products = [
        GridProduct(
            product.lot,
            product,
            list(_lines_of_lot(product.lot, context)),
            explanations.get(product.lot.id),
            _others(uses, product.lot),
            brands.get(product.lot.id, {}) if product.lot.by_brand else {},
        )
        for product in checked
    ]
    return Grid(report, rule, years_of(round_, rule), frozenset(uses.known), products)


@dataclass(frozen=True, slots=True)
class _Context:
    lines: Mapping[str, VolumeLine]
    shown: Mapping[int, set[int]]
    uses: Uses
    names: Mapping[int, str]
    packs: Mapping[int, tuple[int, ...]]
    rule: ReportingRule


def _shown_lines(
    lines: Iterable[VolumeLine], uses: Uses, extra: Iterable[Extra]
) -> dict[int, set[int]]:
    """Brands with a line of their own, by strength: filled in, bought before, or added."""
    shown: dict[int, set[int]] = {}
    pairs = [(line.lot_strength_id, line.brand_id) for line in lines]
    pairs += [(strength, brand) for strength, brand, _year in uses.quantities]
    for strength, brand in (*pairs, *extra):
        if brand:
            shown.setdefault(strength, set()).add(brand)
    return shown


def names_of(session: Session, brands: Iterable[int | None]) -> dict[int, str]:
    """Return the names of manufacturers by their ids."""
    wanted = {brand for brand in brands if brand is not None}
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    )
    return {organisation_id: name for organisation_id, name in rows}


def _lines_of_lot(lot: AskedLot, context: _Context) -> Iterable[GridLine]:
    for strength in lot.strengths:
        brands = context.shown.get(strength.id, set()) if lot.by_brand else set()
        named = sorted(brands, key=lambda brand: (context.names.get(brand, ""), brand))
        for brand_id in (None, *named):
            line = context.lines.get(line_key(strength.id, brand_id))
            uses = (
                context.uses.of_line(strength.id, brand_id)
                if lot.by_brand
                else context.uses.of_strength(strength.id)
            )
            oddity = None
            if line is not None:
                drawn = draw_line(line.demand, uses, context.rule)
                oddity = warn(line.demand, drawn.mean, context.packs.get(strength.id, ()))
            name = context.names.get(brand_id, "") if brand_id else ""
            yield GridLine(strength, brand_id, name, uses, line, oddity)


def _others(uses: Uses, lot: AskedLot) -> dict[str, dict[int, int]]:
    others: dict[str, dict[int, int]] = {}
    for (lot_id, strength, year), quantity in sorted(uses.others.items()):
        if lot_id == lot.id:
            others.setdefault(strength, {})[year] = quantity
    return others
