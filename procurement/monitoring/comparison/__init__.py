"""Prices of other lists beside the own ones, and proposals of linkage."""
