"""Rounds as open contracting data (OCDS 1.1): releases, records, packages and their feed."""
