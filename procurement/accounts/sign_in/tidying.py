"""Forgetting what nobody needs any more; the audit keeps what happened."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from procurement.accounts.sign_in.throttle import delete_idle_counters
from procurement.accounts.tables import DirectorySignIn, KeyChallenge, SignInSession

# `counted_attempts` asks from which addresses somebody signed in within ninety days.
SIGN_INS_KEPT = timedelta(days=120)
CHALLENGES_KEPT = timedelta(days=30)


def forget_expired(session: Session, *, moment: datetime) -> None:
    """Delete sign-ins, counters and one-time numbers that are long over.

    Args:
        session: Session of the caller's transaction.
        moment: Now.
    """
    delete_idle_counters(session, moment=moment)
    session.execute(delete(SignInSession).where(SignInSession.expires_at < moment - SIGN_INS_KEPT))
    session.execute(delete(DirectorySignIn).where(DirectorySignIn.expires_at < moment))
    session.execute(delete(KeyChallenge).where(KeyChallenge.expires_at < moment - CHALLENGES_KEPT))
