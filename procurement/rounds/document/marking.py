"""Whether what is printed belongs to a rehearsal, and is marked on every sheet.

A process serves one installation: the application says once which kind it is.
"""

REHEARSAL = "演练 无效 REHEARSAL – VOID"
"""Stands on every sheet of a rehearsal's documents."""

_marks = {"rehearsal": False}


def mark_documents(*, rehearsal: bool) -> None:
    """Print documents from now on as those of a rehearsal, or as real ones."""
    _marks["rehearsal"] = rehearsal


def is_rehearsal() -> bool:
    """Tell whether documents are marked as those of a rehearsal.

    Examples:
        >>> is_rehearsal()
        False
    """
    return _marks["rehearsal"]
