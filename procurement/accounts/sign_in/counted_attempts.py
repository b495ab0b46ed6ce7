"""How many attempts are allowed, by name and by address."""

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

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


def network_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the first 64 bits, for a line has all the rest.

    Examples:
        >>> network_of("2001:db8::17") == network_of("2001:db8::4:18")
        True
        >>> network_of("192.0.2.7"), network_of("::ffff:192.0.2.7"), network_of("")
        ('192.0.2.7', '192.0.2.7', '')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), 64), strict=False))


def sign_in_attempt(
    session: Session, *, user: str, address: str, moment: datetime
) -> list[Counted]:
    """Return what an attempt to sign in is counted under."""
    network = network_of(address)
    counted = [Counted(PAIR_LIMIT, f"{user} {network}"), Counted(ADDRESS_LIMIT, network)]
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
