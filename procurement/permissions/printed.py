"""The table of permissions as a page of the documentation."""

from procurement.permissions.actions import Action
from procurement.permissions.roles import ROLE_NAMES, Role
from procurement.permissions.table import PERMISSIONS, Condition

CONDITION_NAMES: dict[Condition, str] = {
    Condition.ALWAYS: "yes",
    Condition.OWN: "own organisation's",
    Condition.GROUP: "members of the own group",
    Condition.REGION: "own region's",
    Condition.LEAD: "rounds that the bureau leads",
    Condition.MEMBER: "rounds in which the region takes part",
    Condition.NAMED: "rounds that name it",
    Condition.SECOND: "rounds that the bureau leads, proposed by somebody else",
    Condition.PUBLISHED: "published",
    Condition.APPOINTED: "those that the person was appointed for",
}

_HEAD = """# Who may do what

Written from `procurement/permissions/table/` by `python -m procurement.permissions.printed`; a
test keeps the two alike. Whoever may not do a thing at all is refused (403); whoever may, but not
with this one, is told that it does not exist (404).

| action | who, and with which |
|---|---|
"""


def printed() -> str:
    """Print the table in Markdown, one action a line.

    Examples:
        >>> "| `draft-round` | bureau officer: yes |" in printed()
        True
    """
    return _HEAD + "".join(f"| `{action}` | {_cells(action)} |\n" for action in Action)


def _cells(action: Action) -> str:
    by_condition: dict[str, list[str]] = {}
    for role, conditions in PERMISSIONS[action].items():
        named = " or ".join(CONDITION_NAMES[condition] for condition in conditions)
        by_condition.setdefault(named, []).append(ROLE_NAMES[Role(role)][1])
    return "; ".join(f"{', '.join(roles)}: {named}" for named, roles in by_condition.items())


if __name__ == "__main__":
    print(printed(), end="")
