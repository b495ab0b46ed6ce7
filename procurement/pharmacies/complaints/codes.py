"""Numbers and codes of complaints: the number names one, the code shows its state."""

import hashlib
import hmac
import secrets
from datetime import date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without signs that people take for each other."""

NUMBER_SIGNS = 6
CODE_SIGNS = 10


def new_number(day: date) -> str:
    """Make a number that tells the day and nothing of how many there are.

    Args:
        day: In China.

    Examples:
        >>> number = new_number(date(2026, 11, 22))
        >>> number[:9], len(number)
        ('TS261122-', 15)
    """
    return f"TS{day:%y%m%d}-{_signs(NUMBER_SIGNS)}"


def new_code() -> str:
    """Make a code of some 49 random bits, in two halves to be copied by hand.

    Examples:
        >>> len(new_code())
        11
    """
    code = _signs(CODE_SIGNS)
    return f"{code[:5]}-{code[5:]}"


def code_digest(code: str, *, number: str, key: bytes) -> str:
    """Return by what a code is kept: without the installation's key nobody can try codes.

    Args:
        code: As typed; blanks, hyphens and case do not count.
        number: Of the complaint.
        key: The installation's key.

    Examples:
        >>> code_digest("abcde fghjk", number="n", key=b"k") == code_digest(
        ...     "ABCDE-FGHJK", number="n", key=b"k")
        True
    """
    plain = "".join(code.replace("-", " ").split()).upper()
    return hmac.new(key, f"complaint {number} {plain}".encode(), hashlib.sha256).hexdigest()


def _signs(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))
