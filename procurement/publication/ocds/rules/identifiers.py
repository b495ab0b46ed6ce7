"""Identifiers of open contracting data: stable for good, and said to be ours where nobody else's.

An ocid is a prefix, which the Open Contracting Partnership registers for a publisher, and the
name of the round. An installation that has registered none uses `UNREGISTERED`, which no registry
gives out: its ocids are unique within the installation only, and every package says so.
"""

import hashlib
import re

from procurement.errors import JicaiError

UNREGISTERED = "ocds-000000"
"""Stands for a prefix that is not registered."""

ORGANISATION_SCHEME = "x_CN-USCC"
"""Unified social credit codes (统一社会信用代码, GB 32100); a scheme of ours, as ``x_`` says."""

INSTITUTION_SCHEME = "x_CN-NHSA-INSTITUTION"
"""Codes of designated institutions (定点医药机构代码); a scheme of ours."""

DRUG_SCHEME = "x_CN-NHSA-DRUG"
"""National drug codes (国家医保药品代码); a scheme of ours."""

_PREFIX = re.compile(r"ocds-[a-z0-9]{6}")


class BadPrefixError(JicaiError):
    """``JICAI_OCID_PREFIX`` is no prefix of an ocid."""

    def __init__(self, prefix: str) -> None:
        """Say what was expected."""
        super().__init__(
            f"JICAI_OCID_PREFIX is {prefix!r}; expected a prefix that was registered with the "
            "Open Contracting Partnership, such as ocds-a1b2c3"
        )


def checked_prefix(prefix: str | None) -> str:
    """Return the prefix of ocids; `UNREGISTERED` where none is given.

    Raises:
        BadPrefixError: It is not written like a prefix.

    Examples:
        >>> checked_prefix(None), checked_prefix("ocds-a1b2c3")
        ('ocds-000000', 'ocds-a1b2c3')
    """
    if not prefix:
        return UNREGISTERED
    if _PREFIX.fullmatch(prefix) is None:
        raise BadPrefixError(prefix)
    return prefix


def ocid_of(prefix: str, round_name: str) -> str:
    """Return the id of a contracting process: one for each round.

    Examples:
        >>> ocid_of(UNREGISTERED, "anhui-2026-1")
        'ocds-000000-anhui-2026-1'
    """
    return f"{prefix}-{round_name}"


def is_registered(ocid: str) -> bool:
    """Tell whether an ocid begins with a prefix that was registered.

    Examples:
        >>> is_registered("ocds-000000-anhui-2026-1")
        False
    """
    return not ocid.startswith(f"{UNREGISTERED}-")


def release_id(ocid: str, number: int) -> str:
    """Return the id of a round's release by its number, from 1.

    Examples:
        >>> release_id("ocds-000000-a", 7)
        'ocds-000000-a-7'
    """
    return f"{ocid}-{number}"


def id_of_code(credit_code: str) -> str:
    """Return the id of an organisation with a unified social credit code.

    Examples:
        >>> id_of_code("91340000000000000X")
        'x_CN-USCC-91340000000000000X'
    """
    return f"{ORGANISATION_SCHEME}-{credit_code}"


def id_of_name(name: str) -> str:
    """Return the id of an organisation of which nothing but the name is known.

    Examples:
        >>> id_of_name("甲")
        'name-33e3580c0931'
    """
    return f"name-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
