"""What the engine refuses, in the words of the field."""


class BiddingError(Exception):
    """Base of all refusals of the engine."""


class UnknownRuleError(BiddingError):
    """A round needs a rule that its rulebook does not know and its options do not supply."""

    def __init__(self, rulebook: str, key: str, what: str) -> None:
        """Keep the rulebook, the rule's key and what is not known."""
        super().__init__(
            f"rulebook {rulebook}: {key} is unknown: {what}; expected it in [options] of the round"
        )
        self.rulebook = rulebook
        self.key = key


class BadOptionError(BiddingError):
    """A round supplies an option that its rulebook does not declare, or of the wrong kind."""

    def __init__(self, rulebook: str, key: str, cause: str) -> None:
        """Keep the rulebook, the option and what is wrong with it."""
        super().__init__(f"option {key} of rulebook {rulebook}: {cause}")
        self.rulebook = rulebook
        self.key = key


class MissingFactError(BiddingError):
    """A rule needs a fact that the bid sheet does not give."""

    def __init__(self, lot: str, bid: str | None, fact: str, key: str) -> None:
        """Keep the lot, the bid (if one), the missing column and the rule that needs it."""
        where = f"lot {lot}" if bid is None else f"lot {lot}, bid {bid}"
        super().__init__(f"{where}: {fact} is not given: {key} needs it")
        self.lot = lot
        self.bid = bid
        self.fact = fact
        self.key = key


class BadAnswerError(BiddingError):
    """An answer names a price that the rules do not allow."""

    def __init__(self, lot: str, bid: str, cause: str) -> None:
        """Keep whose answer it is and what is wrong with it."""
        super().__init__(f"answer of lot {lot}, bid {bid}: {cause}")
        self.lot = lot
        self.bid = bid
