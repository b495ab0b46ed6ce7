"""The outage rule's notice: closing and opening moved, signed, while the manifest stays."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import issue_postponement
from procurement.bids.keyholders.manifests import current_manifest
from procurement.bids.keyholders.platform_keys import SERVER, platform_key
from procurement.bids.tables import PostponementNotice
from procurement.database import database_moment
from procurement.rounds.tables import Round


def announce_postponement(
    session: Session, *, round_: Round, secret_key: bytes
) -> PostponementNotice | None:
    """Sign and keep the notice that the outage rule moved closing and opening.

    Args:
        session: Session of the transaction in which they move.
        round_: The round, moved.
        secret_key: `Settings.secret_key`.

    Returns:
        The notice; None where the round has not moved, or has no manifest with an outage rule.
    """
    known = find_postponement(session, round_id=round_.id)
    manifest = current_manifest(session, round_id=round_.id)
    if known is not None or round_.outage_shifted_at is None or manifest is None:
        return known
    if manifest.outage_shift_minutes is None:
        return None
    moment = database_moment(session)
    key = platform_key(
        session,
        owner=SERVER,
        suite=manifest.suite_name,
        secret_key=secret_key,
        moment=moment,
    )
    notice = issue_postponement(
        manifest, issued_at=moment, key=key, random_bytes=secrets.token_bytes
    )
    row = PostponementNotice(
        round_id=round_.id, document=notice.to_bytes().decode(), issued_at=moment
    )
    session.add(row)
    session.flush()
    return row


def find_postponement(session: Session, *, round_id: int) -> PostponementNotice | None:
    """Return the notice of a round, or None where the outage rule did not apply."""
    return session.scalars(
        select(PostponementNotice).where(PostponementNotice.round_id == round_id)
    ).one_or_none()
