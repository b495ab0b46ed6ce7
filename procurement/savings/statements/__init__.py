"""Statements of hospitals: computed, confirmed or objected to, decided."""
