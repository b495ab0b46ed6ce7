"""The lab: the same fields of bids under other documents, and under simulated bidding."""
