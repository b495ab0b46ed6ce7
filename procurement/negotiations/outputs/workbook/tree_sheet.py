"""A strategy of a decision tree: its nodes, the way to each, and what it costs and brings."""

from collections.abc import Mapping, Sequence

from pricing.model_file.outcome_layout import Branch, StrategyLayout
from procurement.negotiations.outputs.said import Said
from procurement.negotiations.outputs.workbook.book import Sheet
from procurement.negotiations.outputs.workbook.inputs_sheet import InputCells
from procurement.negotiations.outputs.workbook.live import Live, added, live, products
from procurement.negotiations.outputs.workbook.strategy_sheet import OutcomeCells, write_sums

TOP = 5
HEADS = (
    Said("节点", "node"),
    Said("上级", "parent"),
    Said("概率", "probability"),
    Said("到达概率", "probability of the way"),
    Said("费用（¤）", "cost, ¤"),
    Said("本药用量", "units of the drug"),
    Said("效果", "effect"),
)


def write_tree(sheet: Sheet, strategy: StrategyLayout, cells: InputCells) -> OutcomeCells:
    """Write a tree: a node's probability times that of its parent is that of the way to it."""
    title = Said(f"{strategy.name} 的决策树", f"Decision tree of {strategy.name}")
    sheet.text(0, 0, title, "title")
    sheet.widths(30, 26, *([16] * 5))
    sheet.heads(TOP - 1, HEADS)
    rows = {branch.node: TOP + number for number, branch in enumerate(strategy.tree)}
    given = {
        branch.node: sheet.formula(rows[branch.node], 2, number, "part")
        for branch, number in zip(strategy.tree, _probabilities(strategy.tree, cells), strict=True)
    }
    reached: dict[str, Live] = {}
    for branch in _parents_first(strategy.tree):
        way = given[branch.node]
        if branch.parent is not None:
            way = reached[branch.parent] * way
        reached[branch.node] = sheet.formula(rows[branch.node], 3, way, "part")
    amounts = [_amounts(sheet, branch, rows[branch.node], cells) for branch in strategy.tree]
    for branch in strategy.tree:
        sheet.text(rows[branch.node], 0, branch.node)
        sheet.text(rows[branch.node], 1, branch.parent or "")
    ways = [reached[branch.node] for branch in strategy.tree]
    cost, units, effect = (products(ways, [row[place] for row in amounts]) for place in range(3))
    return write_sums(
        sheet,
        strategy.name,
        cost + cells[strategy.one_off_cost],
        units + cells[strategy.negotiated_units_once],
        effect,
    )


def _probabilities(tree: Sequence[Branch], cells: InputCells) -> list[Live]:
    siblings: dict[str | None, list[Live]] = {}
    for branch in tree:
        if branch.probability is not None:
            siblings.setdefault(branch.parent, []).append(cells[branch.probability])
    return [
        cells[branch.probability]
        if branch.probability is not None
        else 1 - added(siblings.get(branch.parent, [live(0)]))
        for branch in tree
    ]


def _amounts(sheet: Sheet, branch: Branch, row: int, cells: InputCells) -> list[Live]:
    paths = (branch.cost, branch.negotiated_units, branch.effect)
    return [
        sheet.formula(row, 4 + place, live(0) if path is None else cells[path])
        for place, path in enumerate(paths)
    ]


def _parents_first(tree: Sequence[Branch]) -> list[Branch]:
    children: dict[str | None, list[Branch]] = {}
    for branch in tree:
        children.setdefault(branch.parent, []).append(branch)
    return list(_below(children, None))


def _below(children: Mapping[str | None, Sequence[Branch]], node: str | None) -> Sequence[Branch]:
    ordered: list[Branch] = []
    waiting = list(children.get(node, ()))
    while waiting:
        branch = waiting.pop(0)
        ordered.append(branch)
        waiting += children.get(branch.node, ())
    return ordered
