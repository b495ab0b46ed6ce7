"""Strategies from tables and expressions: cohorts, trees, survival curves."""

import numpy as np
import pytest

from pricing.model_file import Model
from tests.pricing.model_file.samples import COHORT, COHORT_TABLES, changed, faults, model


def by_loop(rows, start, values, cycles, rate):
    """Costs or effects counted at the end of each cycle, by a plain loop."""
    there, total = list(start), 0.0
    for cycle in range(1, cycles + 1):
        matrix = rows(cycle)
        there = [sum(there[i] * matrix[i][j] for i in range(3)) for j in range(3)]
        total += sum(n * v for n, v in zip(there, values(cycle), strict=True)) / (1 + rate) ** cycle
    return total


def test_counts_are_proportions_of_their_rows_and_a_state_without_a_row_stays():
    rows = [[0.6, 0.3, 0.1], [0, 0.5, 0.5], [0, 0, 1]]
    old, _ = model(COHORT, COHORT_TABLES).at().strategies
    cost = by_loop(lambda _: rows, (1, 0, 0), lambda _: (10, 100, 0), 3, 0.03)
    effect = by_loop(lambda _: rows, (1, 0, 0), lambda _: (1, 0.5, 0), 3, 0.03)
    assert old.cost[0] == pytest.approx(cost)
    assert old.effect[0] == pytest.approx(effect)
    assert old.units[0] == 0


def test_an_empty_cycle_stands_for_every_cycle_not_named():
    first = [[0.75, 0.15, 0.1], [0, 0.5, 0.5], [0, 0, 1]]
    rest = [[0.6, 0.3, 0.1], [0, 0.5, 0.5], [0, 0, 1]]
    _, new = model(COHORT, COHORT_TABLES).at().strategies
    cost = by_loop(
        lambda cycle: first if cycle == 1 else rest,
        (1, 0, 0),
        lambda cycle: (10, 80 if cycle == 2 else 100, 0),
        3,
        0.03,
    )
    units = by_loop(
        lambda cycle: first if cycle == 1 else rest, (1, 0, 0), lambda _: (1, 0, 0), 3, 0.03
    )
    assert new.cost[0] == pytest.approx(cost + 7)
    assert new.units[0] == pytest.approx(units)


def with_table(text: str) -> Model:
    return model(COHORT, {**COHORT_TABLES, "new.csv": "cycle,from,to,probability\n" + text})


def test_a_named_cycle_takes_what_it_lacks_from_the_others():
    # A life table: only the risk of death changes, the rest of the row follows.
    found = with_table("1,well,dead,0.2\n,well,dead,0.1\n,well,ill,0.3\n,well,well,C\n,ill,ill,1\n")
    first, rest = (
        found.at(),
        with_table(
            "1,well,dead,0.2\n1,well,ill,0.3\n1,well,well,0.5\n"
            ",well,dead,0.1\n,well,ill,0.3\n,well,well,0.6\n,ill,ill,1\n"
        ).at(),
    )
    assert first.strategy("new").cost == pytest.approx(rest.strategy("new").cost)


def test_a_named_row_that_is_whole_stands_alone():
    found = with_table("1,well,well,1\n,well,dead,0.5\n,well,well,0.5\n,ill,ill,1\n")
    other = with_table("1,well,well,1\n1,well,dead,0\n,well,dead,0.5\n,well,well,0.5\n,ill,ill,1\n")
    assert found.at().strategy("new").cost == pytest.approx(other.at().strategy("new").cost)


def test_a_range_of_cycles_is_each_of_them():
    ranged = with_table("2-3,well,well,0.8\n2-3,well,dead,0.2\n,well,dead,C\n,ill,ill,1\n")
    single = with_table(
        "2,well,well,0.8\n2,well,dead,0.2\n3,well,well,0.8\n3,well,dead,0.2\n"
        ",well,dead,C\n,ill,ill,1\n"
    )
    assert ranged.at().strategy("new").cost == single.at().strategy("new").cost


def test_a_cell_may_use_the_number_of_the_cycle():
    # A Weibull hazard: the risk of death grows with time.
    cell = "1 - exp(0.1 * (exp(1.5 * log(cycle - 1)) - exp(1.5 * log(cycle))))"
    found = with_table(f",well,dead,{cell}\n,well,well,C\n,ill,ill,1\n")
    risks = [1 - np.exp(0.1 * ((n - 1) ** 1.5 - n**1.5)) for n in (1, 2, 3)]
    listed = with_table(
        "".join(f"{n + 1},well,dead,{risk}\n" for n, risk in enumerate(risks))
        + ",well,well,C\n,ill,ill,1\n"
    )
    assert found.at().strategy("new").effect == pytest.approx(listed.at().strategy("new").effect)


def test_the_number_of_the_cycle_is_unknown_elsewhere():
    assert any(
        "unknown name cycle" in fault
        for fault in faults(changed(COHORT, ("value = 0.5", 'value = "cycle"')), COHORT_TABLES)
    )


def test_a_missing_cycle_of_a_row_is_a_fault():
    found = faults(
        COHORT,
        {**COHORT_TABLES, "new.csv": "cycle,from,to,probability\n1,well,well,1\n3,well,well,1\n"},
    )
    assert any("the row of well is missing in cycle 2" in fault for fault in found), found


def test_units_may_be_a_number_for_every_state():
    text = changed(COHORT, ("negotiated_units = { well = 1 }", "negotiated_units = 2"))
    new = model(text, COHORT_TABLES).at().strategy("new")
    assert new.units[0] == pytest.approx(2 * sum(1.03**-cycle for cycle in (1, 2, 3)))


def test_a_strategy_may_have_its_own_start():
    text = COHORT + "[cost_effectiveness.strategy.new.start]\nill = 1\n"
    new = model(text, COHORT_TABLES).at().strategy("new")
    assert new.units[0] == 0


TREE = """\
title = "a tree"
[negotiated]
price = 5
[parameter.p]
value = 0.6
distribution = { kind = "beta", mean = 0.6, sd = 0.1 }
[cost_effectiveness]
kind = "tree"
reference = "old"
negotiated = "new"
[cost_effectiveness.strategy.old]
tree = "old.csv"
[cost_effectiveness.strategy.new]
tree = "new.csv"
one_off_cost = 3
negotiated_units_once = 1
"""
TREES = {
    "old.csv": "node,parent,probability,cost,effect\nroot,,,10,\nok,root,p,,1\nbad,root,C,100,\n",
    "new.csv": (
        "node,parent,probability,cost,effect,negotiated_units\n"
        "root,,,,,2\nok,root,0.5 + p / 2,,1,\nbad,root,C,100,,1\n"
    ),
}


def test_a_tree_adds_up_along_its_paths():
    old, new = model(TREE, TREES).at().strategies
    assert (old.cost[0], old.effect[0], old.units[0]) == pytest.approx((50, 0.6, 0))
    assert (new.cost[0], new.effect[0], new.units[0]) == pytest.approx((23, 0.8, 3.2))


def test_a_tree_is_drawn_with_its_parameters():
    drawn = model(TREE, TREES).sample(np.random.default_rng(1), 100)
    old, new = model(TREE, TREES).at(drawn).strategies
    assert old.cost == pytest.approx(10 + 100 * (1 - drawn["parameter.p"]))
    assert new.effect == pytest.approx(0.5 + drawn["parameter.p"] / 2)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("old.csv", "bad,root,C", "bad,root,0.3", "old.csv:3: probability: the branches of root"),
        ("old.csv", "bad,root,C", "bad,rot,C", "old.csv:4: parent: 'rot': expected a node"),
        ("old.csv", "bad,root,C", "ok,root,C", "old.csv:3: node: ok is there twice"),
        ("old.csv", "bad,root,C", "bad,root,", "old.csv:4: probability: is empty"),
        ("old.csv", "C,100", "C,-100", "old.csv:4: cost: a cost of -100"),
        ("old.csv", "ok,root,p", "ok,root,1 + p", "old.csv:3: probability: a probability of 1.6"),
        (
            "old.csv",
            "root,,,10",
            "root,bad,1,10",
            "old.csv:2: parent: the parents of root go in a circle",
        ),
    ],
)
def test_a_fault_of_a_tree_is_named_at_its_cell(file, old, new, words):
    found = faults(TREE, {**TREES, file: changed(TREES[file], (old, new))})
    assert any(words in fault for fault in found), found


SURVIVAL = """\
title = "curves"
[negotiated]
price = 5
[parameter.hr]
value = 0.7
[cost_effectiveness]
kind = "partitioned-survival"
reference = "old"
negotiated = "new"
cycles = 24
cycle_years = "1 / 12"
states = ["free", "progressed", "dead"]
count = "start"
[cost_effectiveness.strategy.old]
curves = [ { kind = "exponential", rate = 1 }, { kind = "exponential", rate = 0.5 } ]
effect = { free = 1, progressed = 1 }
[cost_effectiveness.strategy.new]
curves = [
  { kind = "weibull", shape = 1, scale = 1, hazard_ratio = "hr" },
  { kind = "table", table = "os.csv" },
]
cost = { free = 100 }
effect = { free = 1, progressed = 1 }
negotiated_units = { free = 1 }
crossing = "cap"
"""
OVERALL = {"os.csv": "year,survival\n0,1\n1,0.8\n2,0.6\n"}


def test_survival_curves_make_the_states_between_them():
    old, new = model(SURVIVAL, OVERALL).at().strategies
    times = np.arange(24) / 12
    assert old.effect[0] == pytest.approx(np.exp(-0.5 * times).sum())
    free = np.minimum(np.exp(-0.7 * times), 1 - 0.2 * times)
    assert new.effect[0] == pytest.approx((1 - 0.2 * times).sum())
    assert new.units[0] == pytest.approx(free.sum())
    assert new.cost[0] == pytest.approx(100 * free.sum())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (', { kind = "exponential", rate = 0.5 }', "", "has 1 curves: expected 2 for 3 states"),
        ("rate = 1 }", "rte = 1 }", "unknown key (did you mean rate?)"),
        ("rate = 1 }", "rate = -1 }", "above 0"),
        ('"weibull"', '"weibul"', "expected exponential | weibull"),
        ('crossing = "cap"', 'crossing = "ignore"', "fault | cap"),
    ],
)
def test_a_fault_of_a_curve_is_named(old, new, words):
    found = faults(changed(SURVIVAL, (old, new)), OVERALL)
    assert any(words in fault for fault in found), found


def test_the_hiv_model_gives_the_published_figures(shared):
    found = model(HIV, HIV_TABLES).at()
    mono, comb = found.strategies
    assert (mono.cost_at(2086.5)[0], comb.cost_at(2086.5)[0]) == pytest.approx(
        (44663.45, 50601.65), abs=0.01
    )
    assert (mono.effect[0], comb.effect[0]) == pytest.approx((7.991207, 8.937389), abs=1e-6)


HIV = """\
title = "HIV"
[negotiated]
price = 2086.5
[parameter.rr]
value = 0.509
[cost_effectiveness]
kind = "cohort"
reference = "mono"
negotiated = "comb"
cycles = 20
discount_cost = 0.06
count = "end"
states = ["A", "B", "C", "D"]
start = { A = 1.0 }
[cost_effectiveness.strategy.mono]
counts = "counts.csv"
cost = { A = 5034, B = 5330, C = 11285 }
effect = { A = 1, B = 1, C = 1 }
[cost_effectiveness.strategy.comb]
transitions = "comb.csv"
cost = { A = 5034, B = 5330, C = 11285 }
effect = { A = 1, B = 1, C = 1 }
negotiated_units = "units.csv"
"""
HIV_TABLES = {
    "counts.csv": (
        "from,to,count\nA,A,1251\nA,B,350\nA,C,116\nA,D,17\n"
        "B,B,731\nB,C,512\nB,D,15\nC,C,1312\nC,D,437\n"
    ),
    "comb.csv": "cycle,from,to,probability\n"
    + "".join(
        f"{cycles},{origin},{origin},C\n"
        + "".join(f"{cycles},{origin},{to},{factor}mono.{origin}.{to}\n" for to in targets)
        for cycles, factor in (("1-2", "rr * "), ("", ""))
        for origin, targets in (("A", "BCD"), ("B", "CD"), ("C", "D"))
    ),
    "units.csv": "cycle,state,value\n1-2,A,1\n1-2,B,1\n1-2,C,1\n",
}
