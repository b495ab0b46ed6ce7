"""Run the lab: the real fields of a round, and simulated ones, under several documents."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from bidding.bid_sheet import Round
from bidding.errors import BadOptionError
from bidding.lab.bench import Bench, bench_of, figures_of
from bidding.lab.bid_model import BidModel, fit, simulate
from bidding.lab.field_arrays import Fields
from bidding.lab.goodness import spread_figures
from bidding.lab.lot_arrays import FloatArray
from bidding.lab.measures import measure
from bidding.lab.report import Fit, LabReport, Range
from bidding.lab.simulated_fields import RankedBids, SimulatedBids, fields_of, rank_bids
from bidding.lab.terms import Terms, refuse_without_bidders
from bidding.lab.vectorised import select
from rulebooks import Rulebook

Options = Mapping[str, Mapping[str, object]]
"""Raw values of rules, by rulebook and key."""

CELLS = 2**18
"""Bids that are drawn and decided at once: 2 MB for an array, some tens of MB in all."""


def run_lab(
    round_: Round,
    rulebooks: Sequence[Rulebook],
    *,
    options: Options | None = None,
    draws: int = 0,
    generator: np.random.Generator,
) -> LabReport:
    """Evaluate a round under several documents, and simulated bidding under each of them.

    All documents see the same simulated fields (common random numbers), so that the differences
    between them are not noise. The bid model is fitted under the first document.

    Args:
        round_: The bid sheet.
        rulebooks: One or more, each once; the others are compared with the first.
        options: Raw values for rules that the documents leave open.
        draws: How many fields of every lot to simulate; 0 for none.
        generator: Of random numbers.

    Raises:
        UnsimulableRuleError: A document has a rule that the lab cannot simulate.
        UnknownRuleError: A rule is not known, and nothing is assumed for it.
        BadOptionError: An option is not declared by its rulebook, or of the wrong kind.
        MissingFactError: A rule needs a fact that the bid sheet does not give.

    Examples:
        >>> from decimal import Decimal
        >>> from bidding.bid_sheet import Bid, Lot, Quote, Strength
        >>> from pricing.money import UnitPrice
        >>> from rulebooks import load_rulebook
        >>> lot = Lot("L01", "阿那曲唑口服常释剂型", {"1mg": Strength("1mg", Decimal(1))})
        >>> prices = {"甲": "0.99", "乙": "1.44", "丙": "3.50"}
        >>> bids = tuple(
        ...     Bid("L01", name, name, (Quote("1mg", UnitPrice(Decimal(price))),))
        ...     for name, price in prices.items()
        ... )
        >>> report = run_lab(
        ...     Round("示例", "national-3", None, (lot,), bids),
        ...     [load_rulebook("national-3"), load_rulebook("follow-on-inquiry-2026")],
        ...     generator=np.random.default_rng(1),
        ... )
        >>> [document.observed["winners"] for document in report.documents]
        [2.0, 3.0]
    """
    given = options or {}
    _check_options(given, rulebooks)
    benches = [bench_of(round_, rulebook, given.get(rulebook.id, {})) for rulebook in rulebooks]
    if not draws:
        documents = tuple(figures_of(bench, benches[0], {}) for bench in benches)
        return LabReport(round_.title, 0, documents)
    for bench in benches:
        refuse_without_bidders(bench.rules)
    model = fit(benches[0].competitions, benches[0].terms.lots)
    tallies = [_Tally() for _ in benches]
    spread = _Tally()
    for bids in _chunks(model, draws, generator):
        for position, (bench, fields) in enumerate(_under_each(bids, benches)):
            tallies[position].add(measure(fields, select(fields, bench.terms), bench.terms))
            if position == 0:
                spread.add(spread_figures(fields))
    return LabReport(
        title=round_.title,
        draws=draws,
        documents=tuple(
            figures_of(bench, benches[0], tally.ranges())
            for bench, tally in zip(benches, tallies, strict=True)
        ),
        fit=Fit(
            model=model,
            observed={
                name: values.item()
                for name, values in spread_figures(benches[0].observed.fields).items()
            },
            simulated=spread.ranges(),
        ),
    )


def evaluate_bids(bids: SimulatedBids, terms: Terms) -> Mapping[str, FloatArray]:
    """All measures of simulated bids under one document: sorted once, no explanation.

    Args:
        bids: Prepared by ``prepare_bids``.
        terms: The document.

    Returns:
        By name, one number a draw.
    """
    fields = fields_of(rank_bids(bids, terms.decimals), terms)
    return measure(fields, select(fields, terms), terms)


def prepare_bids(
    round_: Round, rulebook: Rulebook, draws: int, generator: np.random.Generator
) -> tuple[SimulatedBids, Terms]:
    """Simulated bids of a round and a document as arrays, for ``evaluate_bids``.

    Args:
        round_: The bid sheet; the model is fitted to it.
        rulebook: The document.
        draws: How many fields of every lot.
        generator: Of random numbers.
    """
    bench = bench_of(round_, rulebook, {})
    refuse_without_bidders(bench.rules)
    model = fit(bench.competitions, bench.terms.lots)
    return simulate(model, draws, generator), bench.terms


def _check_options(options: Options, rulebooks: Sequence[Rulebook]) -> None:
    """Refuse options for a document that is not asked for: they would be lost without a word."""
    asked = {rulebook.id for rulebook in rulebooks}
    for rulebook, values in options.items():
        if rulebook not in asked:
            key = next(iter(values), "")
            raise BadOptionError(rulebook, key, f"expected one of {', '.join(sorted(asked))}")


def _chunks(model: BidModel, draws: int, generator: np.random.Generator) -> Iterator[SimulatedBids]:
    """Draw fields in pieces of bounded size."""
    most = max(1, CELLS // max(1, model.width * len(model.scale)))
    for start in range(0, draws, most):
        yield simulate(model, min(most, draws - start), generator)


def _under_each(bids: SimulatedBids, benches: Sequence[Bench]) -> Iterator[tuple[Bench, Fields]]:
    """The same bids under each document; those that round alike share one sort."""
    ranked: dict[int | None, RankedBids] = {}
    for bench in benches:
        decimals = bench.terms.decimals
        if decimals not in ranked:
            ranked[decimals] = rank_bids(bids, decimals)
        yield bench, fields_of(ranked[decimals], bench.terms)


class _Tally:
    """Measures of all draws, collected chunk by chunk."""

    def __init__(self) -> None:
        self._chunks: dict[str, list[FloatArray]] = {}

    def add(self, measures: Mapping[str, FloatArray]) -> None:
        for name, values in measures.items():
            self._chunks.setdefault(name, []).append(values)

    def ranges(self) -> dict[str, Range]:
        return {name: Range.of(np.concatenate(chunks)) for name, chunks in self._chunks.items()}
