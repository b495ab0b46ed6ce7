"""The states of a volume report and of an uploaded file, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class ReportStatus(StrEnum):
    """Where a hospital's report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """The bureau sent it back with a reason; the hospital corrects it."""
    ACCEPTED = "accepted"


STATUS_NAMES: Mapping[ReportStatus, tuple[str, str]] = {
    ReportStatus.DRAFT: ("填报中", "being filled in"),
    ReportStatus.SUBMITTED: ("已提交，待审核", "submitted, to be reviewed"),
    ReportStatus.RETURNED: ("已退回，待修改", "returned, to be corrected"),
    ReportStatus.ACCEPTED: ("审核通过", "accepted"),
}
"""Each status in Chinese and in English."""

TRANSITIONS: Mapping[ReportStatus, frozenset[ReportStatus]] = {
    ReportStatus.DRAFT: frozenset({ReportStatus.SUBMITTED}),
    # A hospital may take its report back to change it, while the window is open.
    ReportStatus.SUBMITTED: frozenset(
        {ReportStatus.DRAFT, ReportStatus.RETURNED, ReportStatus.ACCEPTED}
    ),
    ReportStatus.RETURNED: frozenset({ReportStatus.SUBMITTED}),
    # Until the round is published a mistake that is found late can still be corrected.
    ReportStatus.ACCEPTED: frozenset({ReportStatus.RETURNED}),
}
"""The one table of what may follow."""

OPEN_STATUSES = frozenset({ReportStatus.DRAFT, ReportStatus.RETURNED})
"""The hospital may change its numbers."""


class EventKind(StrEnum):
    """What happened to a report, in its timeline."""

    STARTED = "started"
    UPLOADED = "uploaded"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SPLIT = "split"


EVENT_NAMES: Mapping[EventKind, tuple[str, str]] = {
    EventKind.STARTED: ("开始填报", "report started"),
    EventKind.UPLOADED: ("上传表格", "form uploaded"),
    EventKind.SUBMITTED: ("提交报量", "report submitted"),
    EventKind.WITHDRAWN: ("撤回修改", "taken back for changes"),
    EventKind.RETURNED: ("退回修改", "returned for correction"),
    EventKind.ACCEPTED: ("审核通过", "accepted"),
    EventKind.SPLIT: ("分解到成员单位", "split among the members"),
}
"""Each kind in Chinese and in English."""


class UploadKind(StrEnum):
    """What an uploaded file is."""

    FORM = "form"
    """One hospital's Excel form."""
    BULK = "bulk"
    """Many hospitals' reported need, from a bureau."""
    HISTORY = "history"
    """Past purchases, from a bureau."""


class UploadStatus(StrEnum):
    """How far the work on an uploaded file is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    """Every row was read; faulty ones are listed."""
    REFUSED = "refused"
    """The file as a whole cannot be read; ``refusal`` says why."""


UNFINISHED = frozenset({UploadStatus.QUEUED, UploadStatus.RUNNING})
"""Somebody still works on the file."""


class WrongReportStatusError(RefusedError):
    """What was asked does not fit the report's status."""

    def __init__(self, status: ReportStatus, wanted: ReportStatus) -> None:
        """Keep both."""
        zh, en = STATUS_NAMES[status]
        super().__init__(
            zh=f"该报量现为“{zh}”，不能变更为“{STATUS_NAMES[wanted][0]}”。",
            en=f"The report is {en}; it cannot become: {STATUS_NAMES[wanted][1]}.",
        )
        self.status = status
        self.wanted = wanted


def check_transition(status: ReportStatus, wanted: ReportStatus) -> None:
    """Refuse a change of status that the table does not have.

    Raises:
        WrongReportStatusError: ``wanted`` may not follow ``status``.

    Examples:
        >>> check_transition(ReportStatus.DRAFT, ReportStatus.SUBMITTED)
        >>> check_transition(ReportStatus.ACCEPTED, ReportStatus.DRAFT)
        Traceback (most recent call last):
        ...
        procurement.volumes.states.WrongReportStatusError: The report is accepted; it cannot \
become: being filled in.
    """
    if wanted not in TRANSITIONS[status]:
        raise WrongReportStatusError(status, wanted)
