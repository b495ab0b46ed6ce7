"""What the lab refuses, in the words of the field."""

from bidding.errors import BiddingError


class UnsimulableRuleError(BiddingError):
    """A rulebook has a rule that the lab cannot compute for many fields of bids at once."""

    def __init__(self, rulebook: str, key: str, why: str) -> None:
        """Keep the rulebook, the rule's key and why it cannot be simulated."""
        super().__init__(
            f"rulebook {rulebook}: {key}: the lab cannot simulate it: {why}; "
            "expected a rulebook without it"
        )
        self.rulebook = rulebook
        self.key = key
