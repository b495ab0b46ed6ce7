"""Evaluation of volume-based procurement rounds: pure functions that explain themselves."""
