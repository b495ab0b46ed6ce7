"""Envelopes on their way into the log: the gate, receipts, leaves, the closing."""
