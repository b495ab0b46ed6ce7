"""Needs that convenience pharmacies report each quarter, outside of any round."""
