"""One document on the bench: its terms, the real fields under it and what becomes of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bidding.bid_sheet import Round
from bidding.lab.bid_model import width_for
from bidding.lab.competitions import Competition, competitions_of
from bidding.lab.field_arrays import ObservedFields, observed_fields
from bidding.lab.lot_arrays import lot_arrays_of
from bidding.lab.measures import Suppliers, measure, suppliers_of
from bidding.lab.report import Changes, DocumentFigures, Range
from bidding.lab.terms import Terms, terms_of
from bidding.lab.vectorised import Decision, select
from bidding.rules import PER_ROUND, RoundRules
from rulebooks import Rulebook

LARGEST = 15
"""So many of the largest manufacturers tell how concentrated the spend is."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One document, with the real fields decided under it.

    Attributes:
        rulebook: The document.
        rules: Its rules, with options and assumptions.
        competitions: The lots, ranked under it.
        terms: Its rules as arrays, wide enough for simulated fields.
        observed: The real fields.
        decision: What becomes of them.
    """

    rulebook: Rulebook
    rules: RoundRules
    competitions: tuple[Competition, ...]
    terms: Terms
    observed: ObservedFields
    decision: Decision

    @property
    def selected(self) -> frozenset[tuple[str, str]]:
        """Lot and identifier of the real bids that are selected with volume."""
        return self.observed.winners(self.decision.selected)


def bench_of(round_: Round, rulebook: Rulebook, options: Mapping[str, object]) -> Bench:
    """Put a document on the bench.

    Args:
        round_: The bid sheet. Its options hold for its own rulebook; facts of the round, such as
            main packs, hold for all.
        rulebook: The document; assumptions are taken for what nobody knows of it.
        options: Further raw values of rules, by key.

    Raises:
        UnsimulableRuleError: The document has a rule that the lab cannot simulate.
        UnknownRuleError: A rule is not known, and nothing is assumed for it.
        BadOptionError: An option is not declared by the rulebook, or of the wrong kind.
        MissingFactError: A rule needs a fact that the bid sheet does not give.
    """
    own = rulebook.id == round_.rulebook
    of_round = {key: raw for key, raw in round_.options.items() if own or key in PER_ROUND}
    rules = RoundRules(rulebook, {**of_round, **options}, assume=True)
    competitions = competitions_of(round_, rules)
    lots = lot_arrays_of(competitions, rules)
    widest = max((len(competition.competing) for competition in competitions), default=0)
    terms = terms_of(competitions, lots, rules, width=width_for(widest))
    observed = observed_fields(competitions, lots)
    decision = select(observed.fields, terms)
    return Bench(rulebook, rules, competitions, terms, observed, decision)


def figures_of(bench: Bench, first: Bench, simulated: Mapping[str, Range]) -> DocumentFigures:
    """The figures of a document.

    Args:
        bench: The document.
        first: The one that it is compared with.
        simulated: Its measures over the draws; empty without draws.
    """
    measures = measure(bench.observed.fields, bench.decision, bench.terms)
    suppliers = suppliers_of(bench.observed.fields, bench.decision, bench.terms)
    offered = bench.decision.offered
    return DocumentFigures(
        rulebook=bench.rulebook.id,
        title=bench.rulebook.title,
        assumed=bench.rules.assumed,
        observed={name: values.item() for name, values in measures.items()},
        offered={key: int(mask.sum()) for key, mask in offered.items()},
        top_15_share=_largest_share(bench, suppliers),
        lots_without_ceiling=bench.terms.lots.without_ceiling,
        changes=_changes(bench, first),
        simulated=simulated,
    )


def _largest_share(bench: Bench, suppliers: Suppliers) -> float:
    """Share of the largest manufacturers in the spend; NaN where nothing is spent."""
    volume, lots = bench.terms.volume, bench.terms.lots
    agreed = np.take(volume.agreed, volume.lot_offset + suppliers.number)[0]
    spend = suppliers.part[:, 0] * suppliers.paid[:, 0] * agreed * lots.units
    by_maker: Counter[str] = Counter()
    supplying = bench.decision.supplying[:, 0].T
    for makers, column, spent in zip(bench.observed.manufacturers, supplying, spend.T, strict=True):
        winners = [maker for maker, wins in zip(makers, column, strict=False) if wins]
        for maker, amount in zip(winners, spent.tolist(), strict=False):
            by_maker[maker] += amount
    total = sum(by_maker.values())
    largest = sum(amount for _, amount in by_maker.most_common(LARGEST))
    return largest / total if total else np.nan


def _changes(bench: Bench, first: Bench) -> Changes:
    here, there = bench.selected, first.selected
    return Changes(
        compared_with=first.rulebook.id,
        newly_selected=len(here - there),
        no_longer_selected=len(there - here),
        lots_changed=len({lot for lot, _ in here ^ there}),
    )
