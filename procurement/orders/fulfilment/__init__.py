"""Fulfilment of agreements: progress, warnings, breaches, suppliers that take over (履约)."""
