"""What monitoring refuses."""

from procurement.errors import RefusedError


class SurveyClosedError(RefusedError):
    """A survey takes no answers any more."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="本月调查已截止；没有保存任何内容。",
            en="The survey of this month is closed; nothing was kept.",
        )


class SurveyThereError(RefusedError):
    """The month has a survey already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该月份的调查已经发出，不能再发一次。", en="The month has a survey already."
        )


class SameFileError(RefusedError):
    """The same file was taken before."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="这份文件已经导入过；没有作任何改动。",
            en="This file was imported before; nothing was changed.",
        )


class LightUnknownError(RefusedError):
    """A light depends on a threshold that nobody gave."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="亮灯所需的涨幅界限尚未设定（文件未给出数值）。请先在“界限”中写明数值和依据。",
            en="The light depends on a threshold that no source states. Give its value and its "
            "basis under “Thresholds” first.",
        )


class NotListedError(RefusedError):
    """A drug is not on the shortage list."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该药品不在短缺清单上。", en="The drug is not on the shortage list.")


class ListedAlreadyError(RefusedError):
    """A drug is on the shortage list already."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该药品已在短缺清单上。", en="The drug is on the shortage list already."
        )


class SourcesUnknownError(RefusedError):
    """A report may not be published while nobody said how many sources a figure needs."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="生成本报告时未设定“公开数字的最少来源数”，不能发布。请设定后重新生成。",
            en="When this report was made nobody had said how many sources a public figure needs. "
            "Give that threshold and make the report anew.",
        )
