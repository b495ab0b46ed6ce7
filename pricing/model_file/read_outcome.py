"""Reads ``[cost_effectiveness]`` and its strategies."""

from collections.abc import Mapping

from pricing.cost_effectiveness import COUNTING_RULES
from pricing.faults import quoted
from pricing.model_file import quantities
from pricing.model_file.document import Section
from pricing.model_file.inputs import Register
from pricing.model_file.outcome_layout import OutcomeLayout, StateValues, StrategyLayout
from pricing.model_file.quantities import Quantity
from pricing.model_file.read_curves import read_curves
from pricing.model_file.read_transitions import cycles_of, read_transitions
from pricing.model_file.read_tree import TREE_KEYS, read_tree
from pricing.model_file.tables import NOTES, read_table

KINDS = ("cohort", "tree", "partitioned-survival")
CYCLES_MAX = 10_000
_PROBABILITIES_MAX = 20_000_000

_OF_ALL = ("kind", "reference", "negotiated", "strategy")
_OF_CYCLES = (
    *("cycles", "cycle_years", "discount_cost", "discount_effect"),
    *("count", "count_cost", "count_effect", "states", "start"),
)
_OF_STRATEGY = {
    "cohort": ("transitions", "counts", "start"),
    "partitioned-survival": ("curves", "crossing"),
    "tree": TREE_KEYS,
}
_REWARDS = ("cost", "effect", "negotiated_units")
_ONCE = ("one_off_cost", "negotiated_units_once")


def read_outcome(top: Section, register: Register) -> OutcomeLayout | None:
    """Read the outcome model; none where there is none."""
    section = top.section("cost_effectiveness")
    if section is None:
        return None
    kind = section.choice("kind", KINDS)
    is_tree = kind == "tree"
    section.check_keys(*_OF_ALL, *(() if is_tree else _OF_CYCLES))
    states = () if is_tree else _states(section)
    cycles = 1 if is_tree else section.whole("cycles", least=1, most=CYCLES_MAX)
    count = section.choice("count", COUNTING_RULES, "half-cycle")
    layout = OutcomeLayout(
        kind=kind,
        reference=section.text("reference"),
        negotiated=section.text("negotiated"),
        cycles=cycles,
        cycle_years=register.number(section, "cycle_years", quantities.POSITIVE, 1.0),
        discount_cost=register.number(section, "discount_cost", quantities.DISCOUNT, 0.0),
        discount_effect=register.number(section, "discount_effect", quantities.DISCOUNT, 0.0),
        count_cost=section.choice("count_cost", COUNTING_RULES, count),
        count_effect=section.choice("count_effect", COUNTING_RULES, count),
        states=states,
        strategies=_strategies(section, register, kind, states),
    )
    if cycles * len(states) ** 2 > _PROBABILITIES_MAX:
        section.fault(
            "cycles",
            f"周期数 × 状态数² 过大；最多 {_PROBABILITIES_MAX:,}",
            f"cycles x states^2 is too large: expected at most {_PROBABILITIES_MAX:,}",
        )
        return None
    names = [strategy.name for strategy in layout.strategies]
    for key, name in (("reference", layout.reference), ("negotiated", layout.negotiated)):
        if name and name not in names:
            words = ", ".join(names) or "-"
            section.fault(
                key, f"没有策略 {quoted(name)}；应为 {words}", f"{quoted(name)}: expected {words}"
            )
    return layout


def _states(section: Section) -> tuple[str, ...]:
    raw = section.raw.get("states")
    if not isinstance(raw, list) or not raw or not all(isinstance(one, str) and one for one in raw):
        section.fault(
            "states", "应为状态名称的列表", 'expected a list of names like ["well", "dead"]'
        )
        return ()
    if len(set(raw)) < len(raw):
        section.fault("states", "状态重复", "a state is there twice: expected each once")
    return tuple(dict.fromkeys(raw))


def _strategies(
    section: Section, register: Register, kind: str, states: tuple[str, ...]
) -> tuple[StrategyLayout, ...]:
    shared = section.raw.get("start")
    found = []
    for name, one in section.named_sections("strategy"):
        one.check_keys(*_OF_STRATEGY[kind], *(() if kind == "tree" else _REWARDS), *_ONCE)
        found.append(_strategy(one, register, kind, states, name, has_shared_start=bool(shared)))
    if not found:
        section.fault(
            "strategy", "没有策略", "there is none: expected [cost_effectiveness.strategy.…]"
        )
    if kind != "cohort" or shared is None:
        return tuple(found)
    start = _start(section, register, states)
    return tuple(one if one.start else _with_start(one, start) for one in found)


def _with_start(strategy: StrategyLayout, start: Mapping[str, str]) -> StrategyLayout:
    return StrategyLayout(
        name=strategy.name,
        start=start,
        transitions=strategy.transitions,
        cost=strategy.cost,
        effect=strategy.effect,
        negotiated_units=strategy.negotiated_units,
        one_off_cost=strategy.one_off_cost,
        negotiated_units_once=strategy.negotiated_units_once,
    )


def _strategy(
    section: Section,
    register: Register,
    kind: str,
    states: tuple[str, ...],
    name: str,
    *,
    has_shared_start: bool,
) -> StrategyLayout:
    one_off_cost = register.number(section, "one_off_cost", quantities.COST, 0.0)
    units_once = register.number(section, "negotiated_units_once", quantities.UNITS, 0.0)
    if kind == "tree":
        return StrategyLayout(
            name=name,
            tree=read_tree(section, register),
            one_off_cost=one_off_cost,
            negotiated_units_once=units_once,
        )
    if kind == "cohort" and "start" not in section.raw and not has_shared_start:
        section.fault("start", "缺少起始分布", "is missing: expected where the cohort starts")
    is_cohort = kind == "cohort"
    return StrategyLayout(
        name=name,
        start=_start(section, register, states) if is_cohort and "start" in section.raw else {},
        transitions=read_transitions(section, register, states, needed=is_cohort),
        cost=_by_state(section, register, "cost", quantities.COST, states),
        effect=_by_state(section, register, "effect", quantities.EFFECT, states),
        negotiated_units=_by_state(section, register, "negotiated_units", quantities.UNITS, states),
        one_off_cost=one_off_cost,
        negotiated_units_once=units_once,
        curves=() if is_cohort else read_curves(section, register, len(states)),
        crossing="fault" if is_cohort else section.choice("crossing", ("fault", "cap"), "fault"),
    )


def _start(section: Section, register: Register, states: tuple[str, ...]) -> Mapping[str, str]:
    inner = section.section("start")
    return {} if inner is None else _states_of(inner, register, quantities.PEOPLE, states)


def _states_of(
    section: Section, register: Register, quantity: Quantity, states: tuple[str, ...]
) -> Mapping[str, str]:
    section.check_keys(*states)
    return {
        state: register.number(section, state, quantity) for state in section.raw if state in states
    }


def _by_state(
    section: Section,
    register: Register,
    key: str,
    quantity: Quantity,
    states: tuple[str, ...],
) -> StateValues:
    raw = section.raw.get(key, 0)
    if isinstance(raw, str) and raw.endswith(".csv"):
        return _state_table(section, register, key, quantity, states)
    if isinstance(raw, Mapping) and ("value" not in raw or "value" in states):
        inner = section.section(key)
        assert inner is not None  # noqa: S101 - it is a table, as the line above has seen
        return StateValues(always=_states_of(inner, register, quantity, states))
    return StateValues(everywhere=register.number(section, key, quantity, 0.0))


def _state_table(
    section: Section,
    register: Register,
    key: str,
    quantity: Quantity,
    states: tuple[str, ...],
) -> StateValues:
    always: dict[str, str] = {}
    at: dict[tuple[int, str], str] = {}
    for row in read_table(section, key, ("state", "value"), ("cycle", *NOTES)):
        state = row["state"]
        if state not in states:
            words = ", ".join(states)
            section.faults.add(
                row.place("state"),
                f"没有状态 {quoted(state)}；应为 {words}",
                f"{quoted(state)}: expected a state: {words}",
            )
            continue
        for cycle in cycles_of(row, section.faults):
            path = section.input_path(f"{key}.{state}")
            if cycle is None:
                always[state] = path
            else:
                path = f"{path}.{cycle}"
                at[cycle, state] = path
            register.cell(row, "value", path, quantity)
    return StateValues(always=always, at=at)
