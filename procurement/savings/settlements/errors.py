"""What settlements refuse."""

from procurement.errors import RefusedError


class NameTakenError(RefusedError):
    """Another settlement has this name."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(
            zh=f"已有名为“{name}”的清算。", en=f"There is a settlement “{name}” already."
        )
        self.name = name


class RulebookChangedError(RefusedError):
    """The rulebook is not the one that the settlement was drafted under."""

    def __init__(self, rulebook: str) -> None:
        """Keep its id."""
        super().__init__(
            zh=f"规则书 {rulebook} 在起草之后已改动："
            "请退回上一步（已测算的）或退回起草，并重新核对参数。",
            en=f"Rulebook {rulebook} was changed after the draft: go a step back, if statements "
            "are computed, or back to the draft, and check its parameters again.",
        )
        self.rulebook = rulebook


class RunUnderWayError(RefusedError):
    """A job of the settlement is at work."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="有任务正在进行，请等待其完成。", en="A job is at work; wait until it has ended."
        )


class NotExtractedError(RefusedError):
    """Purchases are not summed yet."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="尚未提取采购数据。", en="The purchases of hospitals are not extracted yet."
        )


class NothingToSettleError(RefusedError):
    """No hospital of the region has an agreed volume in the batch-years."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="所选批次年度在本地区没有约定采购量。",
            en="No hospital of the region agreed to anything in these batch-years.",
        )


class RunNotDeadError(RefusedError):
    """No run is there that could be given up."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="没有失败的任务，或任务仍在重试。",
            en="No job has failed for good, or it is still being tried.",
        )
