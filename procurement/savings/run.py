"""Settle a folder: read it, sum its purchases, compute what every hospital keeps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from procurement.rounds.folder.faults import quoted
from procurement.rounds.folder.text import UTF_8
from procurement.savings.analytics import AnalyticsError, Engine, Totals
from procurement.savings.folder import (
    Agreements,
    LineChecks,
    Scheme,
    SettlementFolder,
    agreed_steps,
    find_faults,
    read_settlement_folder,
)
from procurement.savings.rules import Choices, SchemeRules, Settlement, Terms, Use, settle
from procurement.savings.rules.exact import yuan

Progress = Callable[[str], None]
"""Told what is being done, in a few words."""


@dataclass(slots=True)
class Left:
    """Purchases that no agreement covers.

    Attributes:
        number: How many lines.
        amount: Their amount in 1/10,000 yuan.
    """

    number: int = 0
    amount: int = 0

    def add(self, totals: Totals) -> None:
        """Count the lines of some sums."""
        self.number += totals.lines
        self.amount += totals.amount


@dataclass(slots=True)
class Matched:
    """Sums by agreement, and what belongs to none."""

    uses: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    outside_year: Left = field(default_factory=Left)
    without_contract: Left = field(default_factory=Left)
    lines: int = 0
    suspect: bool = False
    unclear: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class SettledFolder:
    """The settlement of a folder.

    Attributes:
        scheme: What ``scheme.toml`` says.
        rules: Its rulebook, completed.
        settlement: Lines, hospitals, groups and total.
        outside_year: Purchases outside the year of their agreement.
        without_contract: Purchases of products that the hospital has no agreement for.
        purchase_lines: How many lines were read.
    """

    scheme: Scheme
    rules: SchemeRules
    settlement: Settlement
    outside_year: Left
    without_contract: Left
    purchase_lines: int


def settle_folder(
    path: Path, *, engine: Engine, encoding: str = UTF_8, progress: Progress = lambda _: None
) -> SettledFolder:
    """Settle a folder; with one bad line anywhere nothing is settled.

    Args:
        path: The folder.
        engine: Sums the purchase lines.
        encoding: Of its text files.
        progress: Told what is being done.

    Raises:
        BadFolderError: With all faults.
        AnalyticsError: The engine is not there.
    """
    with TemporaryDirectory(prefix="jicai-settle-") as work:
        progress("reading the folder")
        folder = read_settlement_folder(path, work=Path(work), encoding=encoding)
        agreements = Agreements(folder.contracts.terms, folder.years)
        progress("summing purchase lines")
        matched = _match(folder, agreements, engine)
    progress(f"settling {len(folder.contracts.terms)} lines")
    lines = [(terms, _use(terms, matched)) for terms in folder.contracts.terms]
    return SettledFolder(
        scheme=folder.scheme,
        rules=folder.rules,
        settlement=settle(lines, folder.assessed, choices_of(folder.rules, folder.contracts.terms)),
        outside_year=matched.outside_year,
        without_contract=matched.without_contract,
        purchase_lines=matched.lines,
    )


def choices_of(rules: SchemeRules, terms: Iterable[Terms]) -> Choices:
    """What the rules decide for these agreements."""
    has_follow_on = any(line.follow_on for line in terms)
    return Choices(
        formula=rules.formula,
        negative_base=rules.negative_base,
        completion_unit=rules.completion_unit,
        rounding=rules.rounding,
        follow_on_earns=not has_follow_on or rules.follow_on_earns,
        needs_completion=rules.needs_completion,
        needs_passing=rules.needs_passing,
    )


def _match(folder: SettlementFolder, agreements: Agreements, engine: Engine) -> Matched:
    """Sum the lines by agreement.

    Raises:
        BadFolderError: A line is bad, or was in the CSV file.
    """
    matched, failure = Matched(), None
    try:
        for totals in engine(folder.purchases, agreements.breaks):
            _take(matched, totals, folder, agreements)
    except AnalyticsError as error:
        failure = error
    if matched.suspect or failure is not None:
        checks = LineChecks(folder.contracts.hospitals, agreements.of_day, folder.faults)
        find_faults(folder.purchases, folder.names, checks)
    for hospital, product in sorted(matched.unclear):
        problem = f"several batches of {quoted(product)} cover a day in {quoted(hospital)}"
        name = next(iter(folder.names.values()))
        folder.faults.add(name, None, "batch", problem, "the batch of each line")
    folder.faults.raise_if_any()
    if failure is not None:
        raise failure
    return matched


def _take(
    matched: Matched, totals: Totals, folder: SettlementFolder, agreements: Agreements
) -> None:
    """Add sums to the agreement that they belong to."""
    matched.lines += totals.lines
    hospital, product = totals.hospital, totals.product
    if totals.bad_lines or hospital is None or product is None:
        matched.suspect = True
        return
    if hospital not in folder.contracts.hospitals:
        matched.suspect = True
        return
    found = agreements.of_period(hospital, product, totals.batch, totals.period)
    if not found:
        known = agreements.agreed(hospital, product, totals.batch)
        (matched.outside_year if known else matched.without_contract).add(totals)
        return
    if len(found) > 1:
        matched.unclear.add((hospital, product))
        return
    (terms,) = found
    prices = {totals.winning_price_min, totals.winning_price_max} - {0}
    if prices - {agreed_steps(terms)}:
        matched.suspect = True
    use = matched.uses.setdefault(terms.key, [0, 0, 0])
    use[0] += totals.winning_volume
    use[1] += totals.non_winning_amount
    use[2] += totals.non_winning_volume


def _use(terms: Terms, matched: Matched) -> Use:
    winning, amount, volume = matched.uses.get(terms.key, (0, 0, 0))
    return Use(winning, yuan(amount) if amount else Decimal(0), volume)
