"""What can go wrong with a ceiling."""

from pricing.faults import ModelError


class CeilingError(ModelError):
    """A ceiling cannot be computed, or did not stand when it was put back."""
