"""Time events: what the timetable of a round makes happen."""

from procurement.timetable.service import Ticker

__all__ = ["Ticker"]
