"""Past rounds whose bids are known: the examples that ship, and those that were imported."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.rounds.document.effect import PastField
from procurement.rounds.folder.read import read_folder
from procurement.rounds.folder.stored import UnknownFactsError, read_facts
from procurement.rounds.tables import Round, RoundStatus
from procurement.settings import resource_folder


def past_fields(session: Session) -> tuple[PastField, ...]:
    """All fields of bids on which the effect of an amendment is shown.

    Args:
        session: Any session.
    """
    imported = tuple(_imported(session))
    titles = {field.sheet.title for field in imported}
    return (*imported, *(field for field in _examples() if field.sheet.title not in titles))


def _imported(session: Session) -> Iterator[PastField]:
    past = select(Round).where(Round.status == RoundStatus.IMPORTED).order_by(Round.name)
    for round_ in session.scalars(past):
        try:
            sheet = read_facts(round_.facts).round
        except UnknownFactsError:
            # Stored by another version of the platform; it can be imported again.
            continue
        if sheet.bids:
            yield PastField(round_.name, sheet)


@cache
def _examples() -> tuple[PastField, ...]:
    folders = sorted(resource_folder("examples").glob("*/round.toml"))
    return tuple(PastField(file.parent.name, read_folder(file.parent).round) for file in folders)
