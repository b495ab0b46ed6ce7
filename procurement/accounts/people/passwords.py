"""Passwords: which ones are accepted, and how they are kept."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from procurement.accounts.people.guessable import is_guessable
from procurement.errors import FieldFault

LENGTH_MIN = 12
LENGTH_MAX = 128

# OWASP Password Storage Cheat Sheet: Argon2id with at least 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Somebody unknown costs the same time as somebody known: this hash belongs to nobody.
_NOBODYS_HASH = _HASHER.hash("nobody signs in with this")


def password_faults(
    password: str, *, user: str = "", field: str = "password"
) -> tuple[FieldFault, ...]:
    """Say why a new password is not accepted.

    Length and commonness decide (NIST SP 800-63B); which kinds of characters it has does not.

    Args:
        password: The new password.
        user: The name to sign in with, which is no password.
        field: Name of the form's field.

    Returns:
        The faults; none if it is accepted.

    Examples:
        >>> password_faults("correct horse battery")
        ()
        >>> [fault.en for fault in password_faults("short")]
        ['Expected at least 12 characters.']
    """
    if len(password) < LENGTH_MIN:
        return (
            FieldFault(
                field, f"至少 {LENGTH_MIN} 个字符。", f"Expected at least {LENGTH_MIN} characters."
            ),
        )
    if len(password) > LENGTH_MAX:
        return (
            FieldFault(
                field, f"至多 {LENGTH_MAX} 个字符。", f"Expected at most {LENGTH_MAX} characters."
            ),
        )
    if is_guessable(password, user=user):
        return (
            FieldFault(
                field,
                "该密码由常见词、键盘顺序或用户名组成，容易被猜中；可用几个互不相关的词。",
                "This password is made of common words, runs over the keyboard or your user name; "
                "a few words that have nothing to do with each other are better.",
            ),
        )
    return ()


def hash_password(password: str) -> str:
    """Return the Argon2id hash to keep.

    Examples:
        >>> hash_password("correct horse battery").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        True
    """
    return _HASHER.hash(_normal(password))


def verify_password(password: str, *, kept: str | None) -> bool:
    """Tell whether a password is the kept one, taking as long when nothing is kept.

    Args:
        password: What was typed.
        kept: The hash, or None for somebody unknown or without a password.

    Examples:
        >>> verify_password("correct horse battery", kept=hash_password("correct horse battery"))
        True
        >>> verify_password("nobody signs in with this", kept=None)
        False
    """
    # Hashing takes longer with the length; nobody has a password as long as that.
    typed = password if len(password) <= LENGTH_MAX else ""
    try:
        matches = _HASHER.verify(kept or _NOBODYS_HASH, _normal(typed))
    except (VerificationError, InvalidHashError):
        return False
    return matches and kept is not None


def _normal(password: str) -> str:
    # Full-width and half-width letters are the same key on a Chinese keyboard.
    return unicodedata.normalize("NFKC", password)


def needs_rehash(kept: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)
