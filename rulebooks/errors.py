"""What can be wrong with a rulebook."""


class RulebookError(Exception):
    """Base of all errors about rulebooks."""


class UnknownRulebookError(RulebookError):
    """No rulebook has that identifier."""

    def __init__(self, rulebook: str, known: tuple[str, ...]) -> None:
        """Keep the identifier that was asked for and those that exist."""
        super().__init__(f"no rulebook {rulebook!r}; known: {', '.join(known)}")
        self.rulebook = rulebook
        self.known = known


class BadRulebookError(RulebookError):
    """A rulebook file, or an option that a round supplies, says something it may not say."""

    def __init__(self, file: str, key: str, cause: str) -> None:
        """Keep where the fault lies and what it is."""
        super().__init__(f"{file}: {key}: {cause}")
        self.file = file
        self.key = key
        self.cause = cause
