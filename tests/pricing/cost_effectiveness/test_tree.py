"""Trees: against a recursive twin, and with everything that can be wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.cost_effectiveness import TreeNode, run_tree
from pricing.faults import ModelFaultsError
from tests.pricing.cost_effectiveness import twin


def number(value):
    return np.array([float(value)])


@st.composite
def trees(draw):
    """Nodes in any order; the last branch of some nodes takes what is left."""
    size = draw(st.integers(1, 9))
    parents = [None, *(draw(st.integers(0, one)) for one in range(size - 1))]
    nodes = []
    for place, parent in enumerate(parents):
        siblings = [one for one in range(size) if parents[one] == parent]
        chance = None if place == 0 else number(1 / len(siblings))
        if place == siblings[-1] and draw(st.booleans()):
            chance = None
        values = [number(draw(st.integers(0, 50))) for _ in range(3)]
        named = None if parent is None else f"n{parent}"
        nodes.append(TreeNode(f"n{place}", named, chance, *values))
    return draw(st.permutations(nodes))


@given(trees())
def test_any_tree_gives_what_the_recursive_twin_gives(nodes):
    outcome = run_tree(nodes, strategy="any")
    cost, units, effect = twin.tree_value(nodes, "n0")
    assert outcome.cost[0] == pytest.approx(cost)
    assert outcome.units[0] == pytest.approx(units)
    assert outcome.effect[0] == pytest.approx(effect)


def test_a_probability_may_be_drawn():
    chance = np.array([0.25, 0.5, 1.0])
    nodes = [TreeNode("a"), TreeNode("b", "a", chance, cost=number(8)), TreeNode("c", "a")]
    assert run_tree(nodes, strategy="x").cost.tolist() == [2.0, 4.0, 8.0]


def test_several_roots_share_the_cohort():
    nodes = [
        TreeNode("a", None, number(0.25), cost=number(4)),
        TreeNode("b", None, cost=number(8)),
    ]
    assert run_tree(nodes, strategy="x").cost.tolist() == [7.0]


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ([], "no nodes"),
        ([TreeNode("a"), TreeNode("a", "a")], "two nodes have this name"),
        ([TreeNode("a"), TreeNode("b", "x")], "its parent 'x' is no node: expected one of a, b"),
        ([TreeNode("a", "b"), TreeNode("b", "a")], "its parents go in a circle"),
        ([TreeNode("a"), TreeNode("b", "a", number(1.2)), TreeNode("c", "a")], "is 1.2"),
        (
            [TreeNode("a"), TreeNode("b", "a", number(0.5)), TreeNode("c", "a", number(0.47))],
            "add up to 0.97, 0.03 too little",
        ),
        (
            [TreeNode("a"), TreeNode("b", "a"), TreeNode("c", "a")],
            "b, c: only one branch can take what is left",
        ),
        ([TreeNode("a", None, number(0.5))], "add up to 0.5"),
    ],
)
def test_a_tree_that_is_none_is_refused_with_the_reason(nodes, said):
    with pytest.raises(ModelFaultsError) as refusal:
        run_tree(nodes, strategy="x")
    assert said in str(refusal.value)
