"""Time events: what the timetable of a round makes happen."""

from procurement.timetable.service import tick

__all__ = ["tick"]
