"""Convenience pharmacies (医保便民药店): counters, prices, needs, and who keeps the sign."""
