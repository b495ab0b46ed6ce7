"""Campaigns: rulebooks and timetable, who takes part, who holds the keys."""
