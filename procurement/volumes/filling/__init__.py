"""Filling a report: the grid, the Excel form, the printed form."""
