"""Accounts of the demo, with passwords drawn anew for every installation."""

import secrets
from dataclasses import dataclass

from procurement.accounts.people.passwords import password_faults

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that look alike: the passwords are typed from a terminal."""

GROUPS, GROUP_LENGTH = 3, 5


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in.

    Attributes:
        role: What the person mainly is, as `procurement.permissions.Role` names it.
        user: The name to sign in with.
        password: The password.
        name: The person's name.
        organisation: The name of the organisation.
    """

    role: str
    user: str
    password: str
    name: str
    organisation: str


def draw_password(user: str = "") -> str:
    """Draw a password of 73 random bits that the platform accepts.

    Args:
        user: The name to sign in with, which is no password.

    Examples:
        >>> password = draw_password("officer")
        >>> len(password), password.count("-")
        (17, 2)
    """
    while True:
        groups = (
            "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
        )
        password = "-".join(groups)
        # Chance may spell a word that the platform calls guessable.
        if not password_faults(password, user=user):
            return password
