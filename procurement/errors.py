"""The root of the errors that the platform raises on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from traceback import extract_tb

PLACES_SHOWN = 8


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


class RefusedError(JicaiError):
    """A refusal that people read on a page, in both languages.

    Examples:
        >>> refusal = RefusedError(zh="报量已截止。", en="Volume reporting is closed.")
        >>> str(refusal), refusal.zh
        ('Volume reporting is closed.', '报量已截止。')
    """

    def __init__(self, *, zh: str, en: str) -> None:
        """Keep both texts; the English one is the exception's message."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of a form, or one cell of a file.

    Attributes:
        field: Name of the form's field, or place in a file such as ``row 12, 需求量``.
        zh: What is wrong and what was expected, in Chinese.
        en: The same in English.
    """

    field: str
    zh: str
    en: str


class InvalidInputError(RefusedError):
    """Input with one or more faults; a page shows each at its field, an interface lists them.

    Examples:
        >>> fault = FieldFault("demand", "须为不小于 0 的整数。", "Expected a whole number from 0.")
        >>> str(InvalidInputError([fault]))
        'demand: Expected a whole number from 0.'
    """

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        """Keep the faults in their order."""
        super().__init__(
            zh="；".join(f"{fault.field}：{fault.zh}" for fault in faults),
            en="; ".join(f"{fault.field}: {fault.en}" for fault in faults),
        )
        self.faults = tuple(faults)


class StaleError(RefusedError):
    """Somebody else changed the thing since the page was loaded; nothing is overwritten."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="在您打开页面之后，内容已被他人修改。您的输入仍保留在页面上，请核对后重新提交。",
            en="This was changed by somebody else since you opened the page. What you typed is "
            "still here; compare and send again.",
        )


def said_safely(error: BaseException) -> str:
    """Return kind and places of an error, for a log.

    The message is left out: a database's may quote the rows that it was given, and with them what
    somebody sealed or typed.

    Examples:
        >>> try:
        ...     raise ValueError("12.34")
        ... except ValueError as error:
        ...     said_safely(error).startswith("ValueError at <module>:")
        True
    """
    steps = extract_tb(error.__traceback__)[-PLACES_SHOWN:]
    places = " < ".join(f"{step.name}:{step.lineno}" for step in reversed(steps))
    return f"{type(error).__name__} at {places}"
