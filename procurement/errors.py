"""The root of the errors that the platform raises on purpose."""


class JicaiError(Exception):
    """Something that the platform refuses, in words of its field.

    Each stage derives its own errors and keeps the facts as attributes. The message is one
    sentence fit for users; which HTTP status or exit status it becomes is decided at the edge.

    Examples:
        >>> class RoundClosedError(JicaiError):
        ...     def __init__(self, round_name: str) -> None:
        ...         super().__init__(f"round {round_name} is closed")
        ...         self.round_name = round_name
        >>> str(RoundClosedError("national-3"))
        'round national-3 is closed'
    """
