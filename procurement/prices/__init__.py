"""Prices (价格): one versioned chain of all prices of a product, written once, never changed."""
