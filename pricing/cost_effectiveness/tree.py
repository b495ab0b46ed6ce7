"""Decision trees: the chance nodes of one strategy, whose costs and effects add up along a path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pricing.cost_effectiveness.check import PROBABILITY_TOLERANCE, SUM_TOLERANCE, raise_faults
from pricing.cost_effectiveness.outcome import Outcome
from pricing.cost_effectiveness.rewards import nothing_once
from pricing.draws import Draws
from pricing.faults import Fault


@dataclass(frozen=True, slots=True, eq=False)
class TreeNode:
    """One node. Who passes through it bears its cost and gains its effect.

    Attributes:
        node: Its name, which no other node of the tree has.
        parent: The node before it; None for a root.
        probability: [draw]: of going here from the parent; None for what the others leave. A
            single root needs none.
        cost: [draw]: yuan, without the negotiated drug.
        effect: [draw].
        negotiated_units: [draw]: units of the negotiated drug.
    """

    node: str
    parent: str | None = None
    probability: Draws | None = None
    cost: Draws = field(default_factory=nothing_once)
    effect: Draws = field(default_factory=nothing_once)
    negotiated_units: Draws = field(default_factory=nothing_once)


def run_tree(nodes: Sequence[TreeNode], *, strategy: str) -> Outcome:
    """Expected cost, units and effect of the tree of one strategy; nothing is discounted.

    Args:
        nodes: In any order.
        strategy: Its name.

    Raises:
        ModelFaultsError: A node without parent or named twice, a circle, a probability outside 0
            to 1, branches that do not add up to 1, two branches of one node that take what is
            left: all of them.

    Examples:
        >>> outcome = run_tree(
        ...     [
        ...         TreeNode("drug", negotiated_units=np.ones(1)),
        ...         TreeNode("relief", "drug", np.array([0.6]), effect=np.ones(1)),
        ...         TreeNode("admission", "drug", cost=np.array([1000.0])),
        ...     ],
        ...     strategy="new",
        ... )
        >>> outcome.cost, outcome.units, outcome.effect
        (array([400.]), array([1.]), array([0.6]))
    """
    raise_faults(list(_structure_faults(nodes, strategy)))
    branches = _branches(nodes)
    probabilities = _probabilities(branches)
    raise_faults(list(_probability_faults(branches, probabilities, strategy)))
    reached = _reached(branches, probabilities)
    cost = units = effect = np.zeros(1)
    for node in nodes:
        cost = cost + reached[node.node] * node.cost
        units = units + reached[node.node] * node.negotiated_units
        effect = effect + reached[node.node] * node.effect
    return Outcome(strategy=strategy, cost=cost, units=units, effect=effect)


_Branches = Mapping[str | None, Sequence[TreeNode]]
"""The nodes that follow each node; those of None are the roots."""


def _branches(nodes: Sequence[TreeNode]) -> _Branches:
    branches: dict[str | None, list[TreeNode]] = {}
    for node in nodes:
        branches.setdefault(node.parent, []).append(node)
    return branches


def _probabilities(branches: _Branches) -> dict[str, Draws]:
    """Of each node given its parent, with what is left filled in."""
    found: dict[str, Draws] = {}
    for siblings in branches.values():
        left = np.ones(1)
        for node in siblings:
            if node.probability is not None:
                found[node.node] = node.probability
                left = left - node.probability
        found |= {node.node: left for node in siblings if node.probability is None}
    return found


def _reached(branches: _Branches, probabilities: Mapping[str, Draws]) -> dict[str, Draws]:
    """Probability of passing through each node, parents before their children."""
    reached: dict[str, Draws] = {}
    waiting = [(node, np.ones(1)) for node in branches.get(None, ())]
    while waiting:
        node, before = waiting.pop()
        here = before * probabilities[node.node]
        reached[node.node] = here
        waiting += [(child, here) for child in branches.get(node.node, ())]
    return reached


def _structure_faults(nodes: Sequence[TreeNode], strategy: str) -> Iterator[Fault]:
    names = [node.node for node in nodes]
    known = set(names)
    if len(known) < len(names):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield _fault(strategy, name, "节点重名", "two nodes have this name")
        return
    for node in nodes:
        if node.parent is not None and node.parent not in known:
            expected = ", ".join(sorted(known))
            yield _fault(
                strategy,
                node.node,
                f"上级节点“{node.parent}”不存在",
                f"its parent {node.parent!r} is no node: expected one of {expected}",
            )
    yield from _circle_faults(nodes, strategy)


def _circle_faults(nodes: Sequence[TreeNode], strategy: str) -> Iterator[Fault]:
    parents = {node.node: node.parent for node in nodes}
    for node in nodes:
        above = node.parent
        for _ in nodes:
            if above is None or above not in parents:
                break
            above = parents[above]
        else:
            yield _fault(strategy, node.node, "上级节点成环", "its parents go in a circle")
    if not nodes:
        yield _fault(strategy, "tree", "没有节点", "no nodes: expected at least one")


def _probability_faults(
    branches: _Branches, probabilities: Mapping[str, Draws], strategy: str
) -> Iterator[Fault]:
    for parent, siblings in branches.items():
        for node in siblings:
            yield from _range_faults(strategy, node, probabilities[node.node])
        open_ones = [node.node for node in siblings if node.probability is None]
        place = parent or "root"
        if len(open_ones) > 1:
            names = ", ".join(open_ones)
            yield _fault(
                strategy,
                place,
                f"多个分支取剩余概率：{names}",
                f"{names}: only one branch can take what is left",
            )
        if not open_ones:
            yield from _sum_faults(strategy, place, siblings)


def _range_faults(strategy: str, node: TreeNode, probability: Draws) -> Iterator[Fault]:
    low, high = float(probability.min()), float(probability.max())
    if low >= -PROBABILITY_TOLERANCE and high <= 1 + PROBABILITY_TOLERANCE:
        return
    value = high if high > 1 else low
    left = node.probability is None
    yield _fault(
        strategy,
        node.node,
        f"{'剩余' if left else ''}概率为 {value:.9g}，应在 0 与 1 之间",
        f"{'what is left' if left else 'probability'} is {value:.9g}: expected 0 to 1",
    )


def _sum_faults(strategy: str, place: str, siblings: Sequence[TreeNode]) -> Iterator[Fault]:
    off: Draws = -np.ones(1)
    for node in siblings:
        off = off + (0.0 if node.probability is None else node.probability)
    by = float(off[np.abs(off).argmax()])
    if abs(by) > SUM_TOLERANCE:
        yield _fault(
            strategy,
            place,
            f"各分支概率之和为 {1 + by:.9g}，{'多' if by > 0 else '少'} {abs(by):.6g}，应为 1",
            f"the probabilities of its branches add up to {1 + by:.9g}, {abs(by):.6g} too "
            f"{'much' if by > 0 else 'little'}: expected 1",
        )


def _fault(strategy: str, node: str, zh: str, en: str) -> Fault:
    return Fault(where=f"cost_effectiveness.strategy.{strategy}.tree.{node}", zh=zh, en=en)
