"""Paying what hospitals keep: one sum from both funds, once."""
