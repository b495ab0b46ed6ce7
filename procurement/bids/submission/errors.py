"""Why a submission is not taken; what is refused in writing is no error, see `submit`."""

from procurement.errors import RefusedError
from procurement.web.idempotency import BadIdempotencyKeyError, IdempotencyKeyReusedError


class NotBiddingError(RefusedError):
    """The round does not take bids yet."""

    def __init__(self) -> None:
        """Say when it will."""
        super().__init__(
            zh="尚未到申报开始时间，不能提交报价。",
            en="Bidding has not begun; bids cannot be submitted yet.",
        )


class NotAskedError(RefusedError):
    """The sitting asks other manufacturers."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="本次二次答复没有向贵单位提出问题，不接收贵单位的信封。",
            en="This sitting has no question for your organisation; it takes no envelope of yours.",
        )


class KeyReusedError(IdempotencyKeyReusedError):
    """The idempotency key was used for another envelope."""


class MissingKeyError(BadIdempotencyKeyError):
    """The request carries no idempotency key, or one that is too long."""


class BrokenChainError(RefusedError):
    """The envelope does not follow the bidder's last one: somebody else was faster."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="贵单位此前已提交另一份信封，本信封未指明替换它。请刷新页面，核对后重新密封。",
            en="Your organisation has submitted another envelope, and this one does not name it. "
            "Reload the page, compare, and seal again.",
        )
