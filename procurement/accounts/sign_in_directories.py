"""Which bureaus let their people sign in through their own directory."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Directory, Organisation


def directories_for_sign_in(session: Session) -> list[tuple[int, str]]:
    """Return id and organisation of every directory in use, by name."""
    found = session.execute(
        select(Directory.id, Organisation.name)
        .join(Organisation, Organisation.id == Directory.organisation_id)
        .where(Directory.is_active.is_(True), Organisation.is_active.is_(True))
        .order_by(Organisation.name)
    )
    return [(directory_id, name) for directory_id, name in found]
