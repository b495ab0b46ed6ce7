"""Agreements (购销协议): agreed volumes per hospital, distributors, signatures."""
