"""Negotiated drugs in hospitals and pharmacies alike, and convenience pharmacies: their rules."""
