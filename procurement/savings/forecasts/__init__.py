"""Forecasts during the year: what a hospital keeps at today's pace."""
