"""Statements of retained savings as files: Excel with live formulas, and PDF."""
