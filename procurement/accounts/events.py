"""What of the accounts goes into the audit, and who acts where nobody is signed in."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.permissions import Actor

PLATFORM = Actor()
"""The command line, and imports that an operator starts."""


def note(
    session: Session, actor: Actor, action: str, subject: str, moment: datetime, **facts: str
) -> None:
    """Record that somebody did something to an account; never a password, token or code."""
    record(session, actor=actor, action=action, subject=subject, facts=facts, moment=moment)


def note_own(session: Session, actor: Actor, action: str, moment: datetime, **facts: str) -> None:
    """Record what somebody did to the own account."""
    note(session, actor, action, f"person/{actor.person_id}", moment, **facts)
