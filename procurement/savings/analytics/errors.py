"""What an engine refuses."""

from procurement.errors import JicaiError


class AnalyticsError(JicaiError):
    """An engine could not sum the lines: an amount beyond 64 bits, or the engine is not there."""
