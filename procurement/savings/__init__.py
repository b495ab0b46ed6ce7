"""Retained savings: what hospitals keep of the fund's money that a round has saved.

`procurement.savings.rules` holds the pure functions, `analytics` sums purchase lines in DuckDB,
Spark or PostgreSQL, `folder` reads a settlement folder, and `run` joins them.
"""
