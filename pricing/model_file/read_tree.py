"""Reads the table of a decision tree."""

from collections.abc import Sequence

from pricing.faults import quoted
from pricing.model_file import quantities
from pricing.model_file.document import Section
from pricing.model_file.inputs import Register
from pricing.model_file.outcome_layout import REST, Branch
from pricing.model_file.quantities import Quantity
from pricing.model_file.tables import NOTES, Row, read_table

TREE_KEYS = ("tree", "nodes", "table")
"""Keys that may name the table of a tree; the first is the usual one."""

_OPTIONAL = ("cost", "effect", "negotiated_units", *NOTES)


def read_tree(section: Section, register: Register) -> tuple[Branch, ...]:
    """Read the tree of a strategy."""
    key = next((key for key in TREE_KEYS if key in section.raw), TREE_KEYS[0])
    rows = read_table(section, key, ("node", "parent", "probability"), _OPTIONAL)
    names = [row["node"] for row in rows]
    found = []
    for row in rows:
        _check_names(section, row, names)
        found.append(_branch(section, register, row))
    if not section.faults.faults:
        _check_circles(section, rows)
    return tuple(found)


def _check_circles(section: Section, rows: Sequence[Row]) -> None:
    parents = {row["node"]: row["parent"] for row in rows}
    for row in rows:
        above = row["parent"]
        for _ in rows:
            above = parents.get(above, "")
        if above:
            section.faults.add(
                row.place("parent"),
                f"{row['node']} 的上级节点成环；应通向根",
                f"the parents of {row['node']} go in a circle: expected a way to the root",
            )


def _check_names(section: Section, row: Row, names: list[str]) -> None:
    node, parent = row["node"], row["parent"]
    if not node:
        section.faults.add(
            row.place("node"), "缺少节点名称", "is empty: expected the name of the node"
        )
    elif names.count(node) > 1:
        section.faults.add(
            row.place("node"), f"节点 {node} 重复", f"{node} is there twice: expected each once"
        )
    if parent and parent not in names:
        section.faults.add(
            row.place("parent"),
            f"没有节点 {quoted(parent)}；应为本表的节点，或留空（根）",
            f"{quoted(parent)}: expected a node of this table, or nothing for the root",
        )


def _branch(section: Section, register: Register, row: Row) -> Branch:
    def cell(column: str, quantity: Quantity) -> str | None:
        if not row[column]:
            return None
        path = section.input_path(f"{row['node']}.{column}")
        register.cell(row, column, path, quantity)
        return path

    text = row["probability"]
    if row["parent"] and not text:
        section.faults.add(
            row.place("probability"),
            f"为空；应为概率、算式或 {REST}",
            f"is empty: expected a probability, an expression or {REST}",
        )
    return Branch(
        node=row["node"],
        parent=row["parent"] or None,
        probability=None if text == REST else cell("probability", quantities.PROBABILITY),
        cost=cell("cost", quantities.COST),
        effect=cell("effect", quantities.EFFECT),
        negotiated_units=cell("negotiated_units", quantities.UNITS),
    )
