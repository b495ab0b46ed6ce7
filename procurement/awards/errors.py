"""Refusals that several parts of this stage share."""

from procurement.errors import RefusedError


class ReportOutdatedError(RefusedError):
    """Answers or facts came after the report."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="评审之后答复或事实有变，请先重新评审。",
            en="Answers or facts changed after the evaluation: evaluate again first.",
        )
