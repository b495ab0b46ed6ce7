"""Sealed bids (密封报价): keys, papers, envelopes, the log, closing and opening."""
