"""Refusals of the choice of regions."""

from procurement.errors import RefusedError


class AlreadyStartedError(RefusedError):
    """The choice was started before."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="选区已经开始。", en="The choice of regions has begun already.")


class NotStartedError(RefusedError):
    """The choice has not begun."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="选区尚未开始。", en="The choice of regions has not begun.")


class OutOfTurnError(RefusedError):
    """It is another winner's turn, or nobody's any more."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="现在不是贵单位的轮次，或该轮次已有结果；没有作任何改动。",
            en="It is not your turn, or this turn is decided already; nothing was changed.",
        )


class TurnOverError(RefusedError):
    """The clock of the turn ran out."""

    def __init__(self) -> None:
        """Say what happens instead."""
        super().__init__(
            zh="本轮已逾时，将按预先提交的志愿处理。",
            en="The time of this turn is over; the list of preferences counts instead.",
        )


class RegionTakenError(RefusedError):
    """The region has its supplier, or is none of the lot's."""

    def __init__(self, region: str) -> None:
        """Keep the region."""
        super().__init__(
            zh=f"“{region}”不在可选地区之内：已被选走，或不是本品种的地区。",
            en=f"“{region}” cannot be chosen: it is taken, or none of this lot.",
        )
        self.region = region


class NotOverdueError(RefusedError):
    """An officer may act for a winner only after its time is over."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="企业的轮次尚未逾时，不能代为处理。",
            en="The winner's time is not over: nobody may act for it.",
        )
