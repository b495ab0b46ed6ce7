"""Finding organisations in a long list."""

from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from procurement.accounts.tables import Organisation

# Each order is one that an index gives: nothing is sorted when a page is shown.
SORTS = {
    "name": (Organisation.name, Organisation.id),
    "region": (Organisation.region, Organisation.id),
    "registered": (Organisation.registered_at, Organisation.id),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which organisations are wanted; empty fields do not limit.

    Attributes:
        kind: Of `OrganisationKind`.
        region: A division; all within it.
        words: Part of the name, or a whole code.
        sort: A key of `SORTS`, with a minus for the other way.
    """

    kind: str = ""
    region: str = ""
    words: str = ""
    sort: str = "region"


def organisations_matching(wanted: Wanted) -> Select[Organisation]:
    """Return the statement that lists what is wanted, ordered.

    Examples:
        >>> "ORDER BY organisation.name" in str(organisations_matching(Wanted(sort="-name")))
        True
    """
    statement = select(Organisation)
    if wanted.kind:
        statement = statement.where(Organisation.kind == wanted.kind)
    prefix = wanted.region
    while prefix.endswith("00"):
        prefix = prefix[:-2]
    if prefix:
        statement = statement.where(Organisation.region.startswith(prefix, autoescape=True))
    if wanted.words:
        statement = statement.where(
            or_(
                Organisation.name.contains(wanted.words, autoescape=True),
                Organisation.credit_code == wanted.words.upper(),
                Organisation.institution_code == wanted.words.upper(),
            )
        )
    descends = wanted.sort.startswith("-")
    first, *rest = SORTS.get(wanted.sort.lstrip("-"), SORTS["region"])
    return statement.order_by(first.desc() if descends else first.asc(), *rest)
