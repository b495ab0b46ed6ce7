"""What objections, answers and files must be like; pure functions only."""

from collections.abc import Iterator
from datetime import datetime

from procurement.errors import FieldFault

TEXT_MAX = 10_000


def text_faults(text: str, *, field: str = "text") -> Iterator[FieldFault]:
    """Find what is wrong with the text of an objection, an appeal or an answer.

    Examples:
        >>> [fault.en for fault in text_faults("  ")]
        ['Write what it is about, with the facts.']
        >>> list(text_faults("The conversion of lot L01 is wrong."))
        []
    """
    if not text.strip():
        yield FieldFault(
            field, "请写明事项、事实和理由。", "Write what it is about, with the facts."
        )
    if len(text) > TEXT_MAX:
        yield FieldFault(field, f"最多 {TEXT_MAX} 字。", f"At most {TEXT_MAX} characters.")


def name_faults(signed_by: str, name: str) -> Iterator[FieldFault]:
    """Find what is wrong with the name under an objection: it is filed in real name.

    Args:
        signed_by: As typed.
        name: Of the person who is signed in.

    Examples:
        >>> [fault.field for fault in name_faults("", "王芳")]
        ['signed_by']
        >>> list(name_faults(" 王芳 ", "王芳"))
        []
    """
    if not signed_by.strip():
        yield FieldFault(
            "signed_by",
            "质疑须实名提出：请签署本人姓名。",
            "Objections are made in real name: sign with your own.",
        )
    elif signed_by.strip() != name:
        yield FieldFault(
            "signed_by",
            f"须与登录人姓名“{name}”一致。",
            f"Expected the name of who is signed in, “{name}”.",
        )


def service_faults(
    served_at: datetime, *, not_before: datetime | None, now: datetime
) -> Iterator[FieldFault]:
    """Find what is wrong with the moment at which a paper was served.

    Args:
        served_at: As recorded.
        not_before: When the paper was written; None where there is no such paper yet.
        now: The present moment.
    """
    if served_at.tzinfo is None:
        yield FieldFault("served_at", "请注明时区。", "Expected a moment with its time zone.")
        return
    if not_before is None:
        yield FieldFault("paper", "该文书尚未作出。", "There is no such paper yet.")
    elif served_at < not_before:
        yield FieldFault(
            "served_at", "送达时间早于文书作出时间。", "It was served before it was written."
        )
    if served_at > now:
        yield FieldFault("served_at", "送达时间晚于现在。", "It is served in the future.")
