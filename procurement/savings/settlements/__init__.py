"""Settlements: drafted, given their factors, and fed with what hospitals bought."""
