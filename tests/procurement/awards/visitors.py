"""Visitors of the pages of an awarded round: who they are, and what they see."""

import io
import re
import zipfile

import httpx

from procurement.accounts.tables import OrganisationKind, Person
from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.awards.world import AwardWorld
from tests.procurement.platform import Platform, Visitor
from tests.procurement.rounds.world import new_organisation, new_person


def visitor(platform: Platform, world: AwardWorld, person_id: int | None) -> Visitor:
    """A person of a world at a browser."""
    with transaction(world.engine) as session:
        person = session.get_one(Person, person_id)
    return platform.signed_in(person)


def officer(platform: Platform, world: AwardWorld) -> Visitor:
    """The first officer."""
    return visitor(platform, world, world.officer.person_id)


def second(platform: Platform, world: AwardWorld) -> Visitor:
    """The second officer."""
    return visitor(platform, world, world.second.person_id)


def maker(platform: Platform, world: AwardWorld, letter: str) -> Visitor:
    """A manufacturer's bid manager."""
    return visitor(platform, world, world.maker(letter).person_id)


def somebody(platform: Platform, world: AwardWorld, kind: OrganisationKind, role: Role) -> Visitor:
    """Somebody of an organisation that has no part in the round."""
    with transaction(world.engine) as session:
        person = new_person(session, new_organisation(session, kind, f"别的{kind}"), role)
    return platform.signed_in(person)


def address(world: AwardWorld, path: str) -> str:
    """Where a page of the world's round is."""
    return f"/rounds/{world.name}/{path}"


def sheet_text(answer: httpx.Response) -> str:
    """All that an Excel file holds."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "\n".join(
            book.read(name).decode() for name in book.namelist() if name.endswith(".xml")
        )


def version_in(page: str) -> str:
    """The version of the round that a form carries."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]
