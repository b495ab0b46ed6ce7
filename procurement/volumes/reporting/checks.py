"""What a report still lacks, and what looks odd in it: asked before it is sent and on sending."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from procurement.errors import FieldFault
from procurement.volumes.lots import AskedLot
from procurement.volumes.reporting.history import Uses
from procurement.volumes.reporting.plain_lines import AnyLine
from procurement.volumes.reporting.plausibility import Oddity, warn
from procurement.volumes.rules import Line, ReportingRule, draw_line, main_units
from procurement.volumes.strengths import ConversionKind, needs_explanation


@dataclass(frozen=True, slots=True)
class CheckedProduct:
    """One product of a report beside its past use.

    Attributes:
        lot: The product.
        line: Where its need stands, in units of the main strength.
        is_explained: It has an explanation.
    """

    lot: AskedLot
    line: Line
    is_explained: bool

    @property
    def oddity(self) -> Oddity | None:
        """What looks like a slip, if anything."""
        return warn(self.line.demand, self.line.mean)

    @property
    def lacks_explanation(self) -> bool:
        """Whether the report cannot be sent because of it."""
        return self.line.needs_explanation and not self.is_explained


def check_products(
    lots: Iterable[AskedLot],
    *,
    demands: Mapping[int, int],
    explained: Collection[int],
    uses: Uses,
    rule: ReportingRule,
) -> list[CheckedProduct]:
    """Compare every product of a report with its past use.

    Args:
        lots: The products asked for.
        demands: Reported need by lot strength; what is missing counts as 0.
        explained: Lots with an explanation.
        uses: Past use.
        rule: The round's rule.
    """
    return [
        CheckedProduct(
            lot, product_line(lot, demands=demands, uses=uses, rule=rule), lot.id in explained
        )
        for lot in lots
    ]


def product_line(
    lot: AskedLot, *, demands: Mapping[int, int], uses: Uses, rule: ReportingRule
) -> Line:
    """Draw the line of one product, all its strengths together."""
    if len(lot.strengths) == 1:
        # Nothing to add up: most products, and all of them in files of 100,000 rows.
        only = lot.strengths[0].id
        return draw_line(demands.get(only, 0), uses.of_strength(only), rule)
    demand = main_units((strength.ratio, demands.get(strength.id, 0)) for strength in lot.strengths)
    by_year = [
        main_units((strength.ratio, uses.in_year(strength.id, year)) for strength in lot.strengths)
        if year in uses.known
        else None
        for year in uses.years
    ]
    return draw_line(demand, by_year, rule)


def demands_of(lines: Iterable[AnyLine]) -> dict[int, int]:
    """Add up the need of a report by lot strength, all brands together."""
    demands: dict[int, int] = {}
    for line in lines:
        strength = line.lot_strength_id
        demands[strength] = demands.get(strength, 0) + line.demand
    return demands


def product_faults(products: Iterable[CheckedProduct]) -> list[FieldFault]:
    """The explanations that are still to be given, each at its product's field."""
    return [
        FieldFault(
            f"reason-{product.lot.id}",
            f"{product.lot.product}：需求量低于以往年均用量的下限，请选择原因并书面说明。",
            f"{product.lot.product}: the need is below the line of past use; "
            "choose a reason and explain it in writing.",
        )
        for product in products
        if product.lacks_explanation
    ]


def conversion_faults(lots: Iterable[AskedLot], lines: Iterable[AnyLine]) -> list[FieldFault]:
    """Conversions that must be explained and are not."""
    labels = {strength.id: strength.strength for lot in lots for strength in lot.strengths}
    faults = []
    for line in lines:
        if line.conversion_kind is None or line.conversion_text:
            continue
        if line.other_strength is None or line.conversion_ratio is None:
            continue
        label = labels.get(line.lot_strength_id)
        if label is not None and needs_explanation(
            ConversionKind(line.conversion_kind),
            strength=line.other_strength,
            of=label,
            ratio=line.conversion_ratio,
        ):
            faults.append(
                FieldFault(
                    f"ct-{line_key(line.lot_strength_id, line.brand_id)}",
                    f"由 {line.other_strength} 折算为 {label}：请说明折算依据。",
                    f"Converted from {line.other_strength} to {label}: explain the ratio.",
                )
            )
    return faults


def line_key(lot_strength_id: int, brand_id: int | None) -> str:
    """How form fields name a line.

    Examples:
        >>> line_key(12, None), line_key(12, 7)
        ('12-0', '12-7')
    """
    return f"{lot_strength_id}-{brand_id or 0}"
