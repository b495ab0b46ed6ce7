"""How much work a calculation file may make: others' files are worked out while somebody waits.

`jicai ceiling` has none of these limits; they are the platform's own, and no authority's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from pricing.ceilings import Constraint, probability_of
from pricing.faults import FaultList
from pricing.model_file import Model
from pricing.model_file.document import parse_document
from pricing.model_file.outcome_layout import OutcomeLayout

DRAWS_MAX = 20_000
"""Of one request, and of a constraint that asks for draws of its own."""
ROWS_MAX = 20_000
"""Lines of all files together."""
SIGNS_MAX = 100_000
"""Signs of arithmetic in all files together: what makes a formula long."""
INDICATIONS_MAX = 30
CELLS_MAX = 1_000_000
"""Cycles × states² × strategies, of all indications together."""
WORK_MAX = 2_000_000_000
"""Cells × draws of one request, all scenarios together."""
_SIGNS = "+-*/("
_TOML = "model.toml"
_PER_DRAW, _PER_BUDGET_CELL = 1_000, 20
"""What a draw, and a treatment's year, take beside a transition: measured, and rounded up."""

Words = tuple[str, str]
"""A refusal in Chinese and English."""


def unread_refusal(files: Mapping[str, str]) -> Words | None:
    r"""Return why files are too much even to be read; None where they are not.

    Examples:
        >>> unread_refusal({"model.toml": "a = 1\n" * 30_000})[1]
        'Too many lines: expected at most 20,000 in all files together.'
    """
    if sum(text.count("\n") for text in files.values()) > ROWS_MAX:
        return (
            f"行数过多：全部文件合计最多 {ROWS_MAX:,} 行。",
            f"Too many lines: expected at most {ROWS_MAX:,} in all files together.",
        )
    if sum(text.count(sign) for text in files.values() for sign in _SIGNS) > SIGNS_MAX:
        return (
            f"公式过长：全部文件合计最多 {SIGNS_MAX:,} 个运算符。",
            f"Too long formulas: expected at most {SIGNS_MAX:,} operators in all files together.",
        )
    return _size_refusal(files)


def _size_refusal(files: Mapping[str, str]) -> Words | None:
    raw = {name: _raw(text) for name, text in files.items() if name.endswith(".toml")}
    named = _indications(raw.get(_TOML, {}))
    # Models that name each other's would be read over and over.
    is_nested = any("indication" in tables for name, tables in raw.items() if name != _TOML)
    if is_nested or len(named) > INDICATIONS_MAX:
        return (
            f"适应症最多 {INDICATIONS_MAX} 个，且只能在 {_TOML} 中列出。",
            f"Expected at most {INDICATIONS_MAX} indications, all named in {_TOML}.",
        )
    cells = sum(_raw_cells(raw.get(name, {})) for name in (_TOML, *named))
    return _cells_words(cells) if cells > CELLS_MAX else None


def _raw(text: str) -> Mapping[str, object]:
    """The tables of a file, as they stand; what is wrong in them is told by who reads them."""
    document = parse_document({_TOML: text.encode()}, FaultList())
    return {} if document is None else document.top.raw


def _indications(tables: Mapping[str, object]) -> Sequence[str]:
    listed = tables.get("indication")
    rows = listed if isinstance(listed, list) else []
    return [str(one.get("model", "")) for one in rows if isinstance(one, dict)]


def _raw_cells(tables: Mapping[str, object]) -> int:
    section = tables.get("cost_effectiveness")
    if not isinstance(section, dict):
        return 0
    cycles, states, strategies = (section.get(one) for one in ("cycles", "states", "strategy"))
    if not isinstance(cycles, int) or not isinstance(strategies, dict):
        return 0
    square = len(states) ** 2 if isinstance(states, list) else 1
    return cycles * square * len(strategies)


def _cells_words(cells: int) -> Words:
    return (
        f"模型过大：周期数 × 状态数² × 策略数为 {cells:,}，最多 {CELLS_MAX:,}。",
        f"Too large a model: cycles x states^2 x strategies are {cells:,}, "
        f"expected at most {CELLS_MAX:,}.",
    )


def constraint_refusals(model: Model) -> Sequence[Words]:
    """Return why the draws that constraints ask for are too many, each by its name."""
    refusals = {}
    for one in (one for scenario in _scenarios(model) for one in _constraints(model, scenario)):
        at, name = probability_of(one), one.name or one.kind
        if at is not None and at.draws is not None and at.draws > DRAWS_MAX:
            refusals[name] = (
                f"约束“{name}”的抽样次数 draws 为 {at.draws:,}，最多 {DRAWS_MAX:,}。",
                f"Constraint “{name}”: draws are {at.draws:,}, expected at most {DRAWS_MAX:,}.",
            )
    return list(refusals.values())


def work_refusal(model: Model, *, draws: int) -> Words | None:
    """Return why a model takes too much work in so many draws; None where it does not."""
    cells = _PER_DRAW + sum(_cells(one) for one in _parts(model))
    work = cells * _evaluations(model, draws)
    if work <= WORK_MAX:
        return None
    return (
        f"计算量过大：约为 {work:,}，最多 {WORK_MAX:,}。请减少抽样次数、情景或周期。",
        f"Too much work: about {work:,}, expected at most {WORK_MAX:,}. "
        "Take fewer draws, scenarios or cycles.",
    )


def _evaluations(model: Model, draws: int) -> int:
    """In how many draws and points the whole is worked out."""
    scenarios = list(_scenarios(model))
    uncertain = sum(len(one.uncertain_paths) for one in {id(m): m for m in _parts(model)}.values())
    if not uncertain:
        return len(scenarios)
    samples: set[tuple[str | None, int, int | None]] = {(None, draws, None)}
    for scenario in scenarios:
        for one in _constraints(model, scenario):
            at = probability_of(one)
            if at is not None:
                samples.add((scenario, at.draws or draws, at.seed))
    # The tornado takes each uncertain input to both its ends.
    return len(scenarios) + 2 * uncertain + sum(sample[1] for sample in samples)


def _cells(model: Model) -> int:
    budget, outcome = model.budget_layout, model.outcome_layout
    constraints = max(1, len(model.constraint_templates))
    years = 0 if budget is None else budget.years * len(budget.treatments) * constraints
    found = years * _PER_BUDGET_CELL + len(model.uncertain_paths)
    return found + (0 if outcome is None else _outcome_cells(outcome))


def _outcome_cells(layout: OutcomeLayout) -> int:
    nodes = sum(len(one.tree) for one in layout.strategies)
    return layout.cycles * max(1, len(layout.states)) ** 2 * len(layout.strategies) + nodes


def _parts(model: Model) -> Sequence[Model]:
    return [model, *(one.model for one in model.indications)]


def _scenarios(model: Model) -> Iterator[str | None]:
    yield None
    yield from model.scenarios


def _constraints(model: Model, scenario: str | None) -> Sequence[Constraint]:
    return cast("Sequence[Constraint]", model.at(scenario=scenario).constraints)
