"""Storing a round and finding it again."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.database import text_digest
from procurement.errors import JicaiError
from procurement.rounds.tables import Round


class RoundNameTakenError(JicaiError):
    """Another round, with other facts or rules, has this name."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(f"a different round is already stored as {name!r}")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDocument:
    """A published round, before it is stored; each field is described in `Round`."""

    name: str
    title: str
    rulebook: str
    rulebook_digest: str
    opened_on: date
    facts: str


def store_round(session: Session, *, document: RoundDocument, moment: datetime) -> Round:
    """Store a round under its name.

    Storing the same facts under the same rules once more changes nothing, so that an import can
    be repeated.

    Args:
        session: Session of the caller's transaction.
        document: The round.
        moment: When it is imported, aware.

    Returns:
        The stored round, with its id.

    Raises:
        RoundNameTakenError: The name belongs to a round with other facts or rules.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, transaction, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> document = RoundDocument(
        ...     name="pilot", title="4+7 城市药品集中采购", rulebook="national-pilot-2018",
        ...     rulebook_digest="0" * 64, opened_on=date(2018, 12, 6), facts="{}",
        ... )
        >>> with transaction(engine) as session:
        ...     store_round(session, document=document, moment=datetime(2026, 1, 5, tzinfo=UTC)).id
        1
        >>> engine.dispose()
    """
    facts_digest = text_digest(document.facts)
    stored = find_round(session, name=document.name)
    if stored is not None:
        same_facts = stored.facts_digest == facts_digest
        if same_facts and stored.rulebook_digest == document.rulebook_digest:
            return stored
        raise RoundNameTakenError(document.name)
    new = Round(
        name=document.name,
        title=document.title,
        rulebook=document.rulebook,
        rulebook_digest=document.rulebook_digest,
        opened_on=document.opened_on,
        facts=document.facts,
        facts_digest=facts_digest,
        imported_at=moment,
    )
    session.add(new)
    session.flush()
    return new


def find_round(session: Session, *, name: str) -> Round | None:
    """Find a round by its name.

    Args:
        session: Any session.
        name: The round's short name.

    Returns:
        The round, or None when no round has this name.

    Examples:
        >>> from procurement.database import make_engine, snapshot, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> with snapshot(engine) as session:
        ...     print(find_round(session, name="unknown"))
        None
        >>> engine.dispose()
    """
    return session.scalars(select(Round).where(Round.name == name)).one_or_none()
