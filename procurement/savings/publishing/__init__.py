"""Reporting to the bureau above, and publication with a check of the table's arithmetic."""
