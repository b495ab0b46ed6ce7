"""How many attempts are allowed, by name and by address."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.sign_in.throttle import Counted, Limit
from procurement.accounts.tables import Person, SignInSession

# A rival must not be able to lock a bidder out on the last evening by typing wrong passwords:
# the strict limit holds for one name from one address. The wide one, against many addresses
# guessing one name, lets addresses pass from which that person signed in before.
PAIR_LIMIT = Limit("pair", 10, timedelta(minutes=15), timedelta(minutes=15))
USER_LIMIT = Limit("user", 100, timedelta(hours=1), timedelta(minutes=30))
ADDRESS_LIMIT = Limit("address", 100, timedelta(minutes=15), timedelta(minutes=15))
PRESENCE_LIMIT = Limit("presence", 5, timedelta(minutes=15), timedelta(minutes=15))

KNOWN_ADDRESS_DAYS = 90


def sign_in_attempt(
    session: Session, *, user: str, address: str, moment: datetime
) -> list[Counted]:
    """Return what an attempt to sign in is counted under."""
    counted = [Counted(PAIR_LIMIT, f"{user} {address}"), Counted(ADDRESS_LIMIT, address)]
    known = session.scalar(
        select(SignInSession.id)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            Person.user == user,
            SignInSession.address == address,
            SignInSession.started_at >= moment - timedelta(days=KNOWN_ADDRESS_DAYS),
        )
        .limit(1)
    )
    return counted if known is not None else [*counted, Counted(USER_LIMIT, user)]
