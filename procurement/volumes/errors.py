"""What volume reporting refuses, in words of the field."""

from datetime import datetime

from procurement.errors import RefusedError


class ReportingClosedError(RefusedError):
    """The round does not take reports at this moment."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="本批次现不在报量阶段。", en="This round is not open for volume reporting."
        )


class ReportingNotOpenError(RefusedError):
    """The window for reports has not begun, by the database's clock."""

    def __init__(self, *, opens_at: datetime) -> None:
        """Keep when it begins."""
        super().__init__(
            zh="报量尚未开始，请在报量开始后填报。",
            en="Volume reporting has not begun; report once it has opened.",
        )
        self.opens_at = opens_at


class LateReportError(RefusedError):
    """The window for reports is over, by the database's clock."""

    def __init__(self, *, due_at: datetime, arrived_at: datetime) -> None:
        """Keep both moments."""
        super().__init__(
            zh="报量已截止，未予接收。填写的内容仍保留。",
            en="Volume reporting is over; this was not taken. What was filled in is kept.",
        )
        self.due_at = due_at
        self.arrived_at = arrived_at


class NotInRoundError(RefusedError):
    """The hospital lies in no region of the round."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="本机构所在地区不参加本批次。",
            en="The round does not cover the region of this hospital.",
        )


class ReportsThroughLeadError(RefusedError):
    """The hospital is a member of a group: its lead hospital reports for it."""

    def __init__(self, lead: str) -> None:
        """Keep the lead hospital's name."""
        super().__init__(
            zh=f"本机构由牵头医院“{lead}”统一报量。",
            en=f"This hospital is reported for by its lead hospital, {lead}.",
        )
        self.lead = lead


class UnfinishedUploadsError(RefusedError):
    """Files are still being worked on: their rows would be missing."""

    def __init__(self, count: int) -> None:
        """Keep how many."""
        super().__init__(
            zh=f"还有 {count} 个上传文件正在处理，请待其完成后再汇总。",
            en=f"{count} uploaded files are still being worked on; aggregate when they are done.",
        )
        self.count = count


class TooEarlyToAggregateError(RefusedError):
    """The window is open and not everybody has reported."""

    def __init__(self, missing: int) -> None:
        """Keep how many are missing."""
        super().__init__(
            zh=f"报量尚未截止，且有 {missing} 家机构尚无审核通过的报量。",
            en=f"The window is still open, and {missing} hospitals have no accepted report yet.",
        )
        self.missing = missing


class VolumesFrozenError(RefusedError):
    """The round is published: its base volumes stay."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="采购文件已发布，采购基数不再变更。",
            en="The document is published; the base volumes no longer change.",
        )


class FileRefusedError(RefusedError):
    """A file cannot be read as a whole."""
