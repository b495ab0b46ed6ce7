"""What the lab answers: figures of a round under several documents, observed and simulated."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bidding.lab.bid_model import BidModel
from bidding.lab.lot_arrays import FloatArray
from bidding.lab.measures import COUNTS
from rulebooks import Bilingual

Document = dict[str, object]

_MONEY = ("spend", "savings")
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Range:
    """Mean and range of a measure over draws; NaN where no draw has it.

    Attributes:
        mean: Over the draws that have it.
        p5: 5 % of the draws are below.
        p95: 5 % of the draws are above.
    """

    mean: float
    p5: float
    p95: float

    @classmethod
    def of(cls, values: FloatArray) -> "Range":
        """The range of the values that are numbers.

        Examples:
            >>> Range.of(np.array([1.0, 2.0, 3.0, math.nan])).mean
            2.0
        """
        known = values[~np.isnan(values)]
        if not known.size:
            return cls(math.nan, math.nan, math.nan)
        low, high = np.percentile(known, [5, 95])
        return cls(float(known.mean()), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Changes:
    """How the selected bids differ from those under the first document.

    Attributes:
        compared_with: The first document.
        newly_selected: Bids selected here and not there.
        no_longer_selected: Bids selected there and not here.
        lots_changed: Lots with any of these.
    """

    compared_with: str
    newly_selected: int
    no_longer_selected: int
    lots_changed: int


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """One document.

    Attributes:
        rulebook: Its identifier.
        title: What it is called.
        assumed: Rules that nobody knows and the lab assumes.
        observed: Measures of the real fields, by name; NaN where there is none.
        offered: Real bids that are offered revival, by rule.
        top_15_share: Share of the 15 largest manufacturers in the spend on the real fields.
        lots_without_ceiling: Left out of savings and cuts.
        changes: Against the first document.
        simulated: Measures over the draws, by name; empty without draws.
    """

    rulebook: str
    title: Bilingual
    assumed: tuple[str, ...]
    observed: Mapping[str, float]
    offered: Mapping[str, int]
    top_15_share: float
    lots_without_ceiling: tuple[str, ...]
    changes: Changes
    simulated: Mapping[str, Range] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fit:
    """The bid model and how like the real fields its fields are.

    Attributes:
        model: Fitted to the real fields.
        observed: Figures of the real fields, by name.
        simulated: The same of the simulated ones.
    """

    model: BidModel
    observed: Mapping[str, float]
    simulated: Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class LabReport:
    """The answer of the lab.

    Attributes:
        title: The round.
        draws: How many simulated fields of every lot.
        documents: In the order asked for.
        fit: The bid model; None without draws.
    """

    title: str
    draws: int
    documents: tuple[DocumentFigures, ...]
    fit: Fit | None = None


def report_document(report: LabReport, seed: int) -> Document:
    """The report as what ``json.dumps`` takes; all results are numbers, absent ones null.

    Money is given to the cent and other figures to six decimals.

    Args:
        report: The report.
        seed: Of the generator that drew the fields.
    """
    document: Document = {
        "title": report.title,
        "draws": report.draws,
        "seed": seed,
        "rulebooks": {one.rulebook: _figures(one) for one in report.documents},
    }
    if report.fit is not None:
        document["model"] = _fit(report.fit)
    return document


def _figures(figures: DocumentFigures) -> Document:
    changes = figures.changes
    document: Document = {
        name: _number(name, value) for name, value in figures.observed.items()
    } | {
        "top_15_share": _number("top_15_share", figures.top_15_share),
        "to_revive_by": dict(figures.offered),
        "lots_without_ceiling": list(figures.lots_without_ceiling),
        "changes": {
            "compared_with": changes.compared_with,
            "newly_selected": changes.newly_selected,
            "no_longer_selected": changes.no_longer_selected,
            "lots_changed": changes.lots_changed,
        },
        "assumed": list(figures.assumed),
    }
    if figures.simulated:
        document["simulated"] = {
            name: _range(name, values) for name, values in figures.simulated.items()
        }
    return document


def _fit(fit: Fit) -> Document:
    model = fit.model
    parameters = {
        "level_mean": model.prior_mean,
        "level_deviation": model.prior_deviation,
        "spread": model.spread,
        "extreme_low_share": model.low.share,
        "extreme_low_depth": model.low.depth,
        "extreme_high_share": model.high.share,
        "extreme_high_depth": model.high.depth,
        "originator_premium": model.premium,
        "originator_deviation": model.premium_deviation,
    }
    return {
        "parameters": {name: _number(name, value) for name, value in parameters.items()},
        "goodness": {
            name: {"observed": _number(name, value), **_range(name, fit.simulated[name])}
            for name, value in fit.observed.items()
        },
    }


def _range(name: str, values: Range) -> Document:
    parts = {"mean": values.mean, "p5": values.p5, "p95": values.p95}
    return {
        part: _number("", value) if name in COUNTS else _number(name, value)
        for part, value in parts.items()
    }


def _number(name: str, value: float) -> float | int | None:
    if math.isnan(value):
        return None
    if name in COUNTS or name == "agreed_volume":
        return round(value)
    return round(value, 2 if name in _MONEY else _DECIMALS)
