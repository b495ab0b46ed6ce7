"""Slow twins, written from the formulas in plain Python loops: one draw at a time."""

from itertools import pairwise


def run_cohort(strategy, settings, draw):
    """Cost, units and effect of a cohort strategy in one draw."""
    states = range(len(strategy.start))
    cohort = [pick(strategy.start[state], draw) for state in states]
    points = [cohort]
    for cycle in range(settings.cycles):
        number = matrix_number(strategy, cycle)
        then = [0.0 for _ in states]
        for origin in states:
            for target in states:
                probability = pick(strategy.transitions[number][origin][target], draw)
                then[target] += cohort[origin] * probability
        cohort = then
        points.append(cohort)
    paid = (settings.count_cost, pick(settings.discount_cost, draw))
    gained = (settings.count_effect, pick(settings.discount_effect, draw))
    cost = added_up(points, strategy.cost, *paid, settings, draw)
    units = added_up(points, strategy.negotiated_units, *paid, settings, draw)
    effect = added_up(points, strategy.effect, *gained, settings, draw)
    return (
        cost + pick(strategy.one_off_cost, draw),
        units + pick(strategy.negotiated_units_once, draw),
        effect,
    )


def matrix_number(strategy, cycle):
    if strategy.matrix_of_cycle is not None:
        return strategy.matrix_of_cycle[cycle]
    return 0 if len(strategy.transitions) == 1 else cycle


def pick(values, draw):
    return float(values[0] if len(values) == 1 else values[draw])


def added_up(points, values, rule, rate, settings, draw):
    if rule == "half-cycle":
        return 0.5 * sum(
            added_up(points, values, one, rate, settings, draw) for one in ("start", "end")
        )
    if rule == "simpson":
        return simpson(points, values, rate, settings, draw)
    total = 0.0
    for cycle, (before, after) in enumerate(pairwise(points)):
        counted, time = (before, cycle) if rule == "start" else (after, cycle + 1)
        factor = (1 + rate) ** -(time * settings.cycle_years)
        total += factor * in_cycle(counted, values, cycle, draw)
    return total


def in_cycle(counted, values, cycle, draw):
    row = values[0] if len(values) == 1 else values[cycle]
    cells = [row[0] if len(row) == 1 else row[state] for state in range(len(counted))]
    return sum(part * pick(cell, draw) for part, cell in zip(counted, cells, strict=True))


def simpson(points, values, rate, settings, draw):
    last = settings.cycles
    total = 0.0
    for time, counted in enumerate(points):
        weight = 1 / 3 if time in (0, last) else (2 / 3, 4 / 3)[time % 2 == 0]
        # The cycles that touch at this point.
        cycles = [cycle for cycle in (time - 1, time) if 0 <= cycle < last]
        value = sum(in_cycle(counted, values, one, draw) for one in cycles) / len(cycles)
        total += weight * value * (1 + rate) ** -(time * settings.cycle_years)
    return total


def status(one, costs, effects):
    """Status on the frontier, from the definitions of the two dominances."""
    others = [other for other in range(len(costs)) if other != one]
    for other in others:
        no_worse = costs[other] <= costs[one] and effects[other] >= effects[one]
        equal = costs[other] == costs[one] and effects[other] == effects[one]
        if no_worse and (not equal or other < one):
            return "dominated"
    for low in others:
        for high in others:
            if not effects[low] < effects[one] < effects[high]:
                continue
            part = (effects[one] - effects[low]) / (effects[high] - effects[low])
            if costs[low] + part * (costs[high] - costs[low]) < costs[one]:
                return "extended-dominated"
    return "frontier"


def tree_value(nodes, name):
    """Expected (cost, units, effect) from a node on: its own and that of its branches."""
    (node,) = [one for one in nodes if one.node == name]
    branches = [one for one in nodes if one.parent == name]
    total = [float(node.cost[0]), float(node.negotiated_units[0]), float(node.effect[0])]
    known = sum(float(one.probability[0]) for one in branches if one.probability is not None)
    for one in branches:
        chance = 1 - known if one.probability is None else float(one.probability[0])
        for place, value in enumerate(tree_value(nodes, one.node)):
            total[place] += chance * value
    return total
