"""The one clock: everything else receives its moment as an argument.

Rules and services that never ask for the time give the same answer when a round is evaluated
again years later. Only the edge (a page, a command, a job) calls this module, once per request.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware and in UTC.

    Returns:
        The moment with ``tzinfo`` set to UTC. Days of a procurement document are days in China
        (UTC+8): convert before taking a date from it.

    Examples:
        >>> now().tzinfo == UTC
        True
    """
    return datetime.now(UTC)
