"""Migrations that the previous version outlives: expand now, contract a release later.

While a new version replaces the old one, both run on the new schema. So `upgrade()` may add tables,
columns that may be empty or have a default of the server, and indexes. It may take something away
only if a released version has stopped using it, and says so:

    CONTRACTS = {"round.old_name": "0.3.0"}
"""

import ast
import re
from collections.abc import Collection, Iterator

from tests.house_rules import ROOT

BASELINE = "0028"
"""Made before the first release: no process of an older version can run on it."""

TAKING = {
    "drop_table": "drops a table",
    "drop_column": "drops a column",
    "rename_table": "renames a table",
    "drop_constraint": "drops a constraint",
    "alter_column": "changes a column",
}
TAKING_SQL = re.compile(r"\b(DROP|RENAME|ALTER\s+COLUMN|SET\s+NOT\s+NULL|TRUNCATE|DELETE)\b", re.I)
NARROWING = ("create_unique_constraint", "create_check_constraint", "create_foreign_key")
RELEASED = re.compile(r"^## \[(\d+\.\d+\.\d+)\]", re.M)


def faults_of(source: str, *, released: Collection[str]) -> list[str]:
    """Return what in a migration a process of the previous version would stumble over.

    Args:
        source: The migration's file.
        released: Versions that were released.
    """
    tree = ast.parse(source)
    contracts = _contracts(tree)
    faults = [
        f"CONTRACTS: {name} names {version}, which is not released"
        for name, version in contracts.items()
        if version not in released
    ]
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name != "downgrade":
            faults += _faults_in(function, set(contracts))
    return faults


def _contracts(tree: ast.Module) -> dict[str, str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if names == ["CONTRACTS"]:
                return dict(ast.literal_eval(statement.value))
    return {}


def _faults_in(function: ast.FunctionDef, contracts: set[str]) -> Iterator[str]:
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, about = node.func.attr, _about(node)
        where = f"line {node.lineno}"
        if about in contracts:
            continue
        if name in TAKING:
            yield f"{where}: {TAKING[name]} ({about}) that the previous version may use"
        elif name in NARROWING:
            yield f"{where}: {name} may refuse what the previous version writes ({about})"
        elif name == "execute" and TAKING_SQL.search(ast.unparse(node)):
            yield f"{where}: a statement takes something away"
        elif name == "add_column" and _must_be_filled(node):
            yield f"{where}: a column that may not be empty needs a server_default ({about})"


def _about(call: ast.Call) -> str:
    words = [word.value for word in call.args[:2] if isinstance(word, ast.Constant)]
    return ".".join(str(word) for word in words)


def _must_be_filled(call: ast.Call) -> bool:
    for node in ast.walk(call):
        if isinstance(node, ast.keyword) and node.arg == "nullable":
            is_filled = isinstance(node.value, ast.Constant) and node.value.value is False
            has_default = any(
                isinstance(other, ast.keyword) and other.arg == "server_default"
                for other in ast.walk(call)
            )
            return is_filled and not has_default
    return False


def released_versions() -> set[str]:
    """Read the versions that the changelog names as released."""
    return set(RELEASED.findall((ROOT / "CHANGELOG.md").read_text("utf-8")))
