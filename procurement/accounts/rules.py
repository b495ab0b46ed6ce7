"""Who may have which role, and which firms are related: pure rules of accounts."""

from collections.abc import Iterable, Mapping, Sequence

from procurement.permissions import Role

INSTITUTION_CODE_FORMS: Mapping[str, str] = {"hospital": r"H[0-9]{11}", "pharmacy": r"P[0-9]{11}"}
"""Codes of designated institutions by kind, 12 characters, as regular expressions."""

PHARMACIST_CODE_FORM = r"H[YJ][0-9]{12}"
"""Code of a pharmacist or technician in a hospital, 14 characters."""

ROLES_OF_KIND: Mapping[str, frozenset[Role]] = {
    "bureau": frozenset(
        {Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR, Role.KEYHOLDER, Role.ADMINISTRATOR}
    ),
    "manufacturer": frozenset({Role.MANUFACTURER, Role.ADMINISTRATOR}),
    "hospital": frozenset({Role.HOSPITAL, Role.DOCTOR, Role.KEYHOLDER, Role.ADMINISTRATOR}),
    "pharmacy": frozenset({Role.PHARMACY, Role.ADMINISTRATOR}),
    "distributor": frozenset({Role.DISTRIBUTOR, Role.ADMINISTRATOR}),
    "fund-agency": frozenset({Role.FUND_AGENCY, Role.KEYHOLDER, Role.ADMINISTRATOR}),
    "keyholder": frozenset({Role.KEYHOLDER, Role.ADMINISTRATOR}),
    "observer": frozenset({Role.NOTARY, Role.INSPECTOR, Role.KEYHOLDER, Role.ADMINISTRATOR}),
}
"""Roles that people of an organisation may have, by its kind. Keyholders come from different
institutions: the purchasing office, supervision, audit, a notary, a hospital body."""


def roles_text(roles: Iterable[Role]) -> str:
    """Write roles as `Person.roles` keeps them, in the order of `Role`.

    Examples:
        >>> roles_text({Role.ADMINISTRATOR, Role.OFFICER, Role.PUBLIC})
        'officer administrator'
    """
    wanted = frozenset(roles) - {Role.PUBLIC}
    return " ".join(role.value for role in Role if role in wanted)


def roles_from(text: str) -> frozenset[Role]:
    """Read roles as `Person.roles` keeps them; everybody is public too.

    Examples:
        >>> sorted(roles_from("officer"))
        [<Role.OFFICER: 'officer'>, <Role.PUBLIC: 'public'>]
    """
    return frozenset({Role.PUBLIC, *(Role(word) for word in text.split())})


def forbidden_roles(kind: str, roles: Iterable[Role]) -> tuple[Role, ...]:
    """Return the roles that nobody of such an organisation may have.

    Examples:
        >>> forbidden_roles("hospital", [Role.HOSPITAL, Role.OFFICER])
        (<Role.OFFICER: 'officer'>,)
    """
    return tuple(role for role in roles if role not in ROLES_OF_KIND[kind])


def control_group(firm: int, links: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return all firms that are linked with one, directly or through others, and itself.

    Args:
        firm: Its id.
        links: Pairs of related firms; their direction does not matter.

    Returns:
        The connected component.

    Examples:
        >>> sorted(control_group(1, [(1, 2), (3, 2), (4, 5)]))
        [1, 2, 3]
    """
    neighbours: dict[int, set[int]] = {}
    for one, other in links:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    reached, waiting = {firm}, [firm]
    while waiting:
        fresh = neighbours.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting.extend(fresh)
    return frozenset(reached)
