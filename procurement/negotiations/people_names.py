"""Names of people, for the pages that show who did what."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person


def names_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Return the name of each person."""
    wanted = select(Person.id, Person.name).where(Person.id.in_(set(person_ids)))
    return {person_id: name for person_id, name in session.execute(wanted)}
