"""Random cohorts, written as files, against a plain loop over the same rows."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pricing.model_file.samples import model

STATES = ("s", "t", "u")
CYCLES = 4

TOML = """\
title = "twin"
[negotiated]
price = 1
[parameter.half]
value = 0.5
[cost_effectiveness]
kind = "cohort"
reference = "one"
negotiated = "one"
cycles = 4
discount_cost = 0.05
count = "end"
states = ["s", "t", "u"]
start = { s = 0.5, t = "half" }
[cost_effectiveness.strategy.one]
transitions = "rows.csv"
cost = "cost.csv"
"""


@st.composite
def rows(draw):
    """One row: parts of each target in percent, and whether one is written as C."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=2, max_size=2)))
    parts = (cuts[0], cuts[1] - cuts[0], 100 - cuts[1])
    return parts, draw(st.sampled_from([None, 0, 1, 2]))


@st.composite
def tables(draw):
    """Rows by cycle (none for all others) and state of origin; costs likewise."""
    always = {state: draw(rows()) for state in STATES}
    named = draw(
        st.dictionaries(
            st.tuples(st.integers(1, CYCLES), st.sampled_from(STATES)), rows(), max_size=4
        )
    )
    costs = {state: draw(st.integers(0, 100)) for state in STATES}
    named_costs = draw(
        st.dictionaries(
            st.tuples(st.integers(1, CYCLES), st.sampled_from(STATES)),
            st.integers(0, 100),
            max_size=4,
        )
    )
    return always, named, costs, named_costs


def written(always, named, draw_order):
    lines = []
    for cycle, origin, (parts, rest) in [
        *(("", state, row) for state, row in always.items()),
        *((cycle, state, row) for (cycle, state), row in named.items()),
    ]:
        for number, part in enumerate(parts):
            cell = "C" if number == rest else f"{part} / 100"
            lines.append(f"{cycle},{origin},{STATES[number]},{cell}")
    return "\n".join(["cycle,from,to,probability", *draw_order.sample(lines, len(lines))]) + "\n"


def by_loop(always, named, costs, named_costs):
    there = [Fraction(1, 2), Fraction(1, 2), Fraction(0)]
    total = 0.0
    for cycle in range(1, CYCLES + 1):
        after = [Fraction(0)] * 3
        for number, origin in enumerate(STATES):
            parts, _ = named.get((cycle, origin), always[origin])
            for target, part in enumerate(parts):
                after[target] += there[number] * Fraction(part, 100)
        there = after
        for number, state in enumerate(STATES):
            cost = named_costs.get((cycle, state), costs[state])
            total += float(there[number]) * cost / 1.05**cycle
    return total


@given(table=tables(), order=st.randoms(use_true_random=False))
def test_a_cohort_read_from_its_files_costs_what_the_plain_loop_says(table, order):
    always, named, costs, named_costs = table
    cost_lines = [f",{state},{cost}" for state, cost in costs.items()]
    cost_lines += [f"{cycle},{state},{cost}" for (cycle, state), cost in named_costs.items()]
    found = model(
        TOML,
        {
            "rows.csv": written(always, named, order),
            "cost.csv": "\n".join(["cycle,state,value", *cost_lines]) + "\n",
        },
    )
    cost = found.at().strategy("one").cost[0]
    assert cost == pytest.approx(by_loop(always, named, costs, named_costs), abs=1e-9)
