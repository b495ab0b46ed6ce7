"""Refusals of orders, in words of the people who order, deliver and accept."""

from datetime import date

from procurement.errors import RefusedError


class UnknownOfferError(RefusedError):
    """Nothing with this key can be ordered by this hospital."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        super().__init__(
            zh=f"没有可供本机构订购的“{key[:60]}”。",
            en=f"Nothing that this hospital may order is called “{key[:60]}”.",
        )
        self.key = key


class CycleOverError(RefusedError):
    """The last day on which it could be ordered is past."""

    def __init__(self, last: date) -> None:
        """Keep that day."""
        super().__init__(
            zh=f"采购周期已于 {last} 结束，不能再下单。",
            en=f"The procurement cycle ended on {last}: nothing more can be ordered under it.",
        )
        self.last = last


class CycleNotBegunError(RefusedError):
    """The first day is still to come, or nobody has let the cycle begin."""

    def __init__(self, first: date) -> None:
        """Keep the first day."""
        super().__init__(
            zh=f"采购周期尚未开始（协议自 {first} 起执行）。",
            en=f"The procurement cycle does not run yet; the agreements begin on {first}.",
        )
        self.first = first


class UnsignedAgreementError(RefusedError):
    """The agreement lacks signatures."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="购销协议尚未由三方签署完毕，不能下单。",
            en="The agreement is not signed by all three parties: nothing can be ordered under it.",
        )


class NoPriceError(RefusedError):
    """The chain of prices has no price for that day."""

    def __init__(self, day: date) -> None:
        """Keep the day."""
        super().__init__(
            zh=f"价格链中没有 {day} 有效的价格。", en=f"No price in the chain holds on {day}."
        )
        self.day = day


class WrongPriceError(RefusedError):
    """The price that was sent is not the one in force."""

    def __init__(self, sent: str, agreed: str) -> None:
        """Keep both, as people write them."""
        super().__init__(
            zh=f"价格应为每包装 {agreed} 元，而不是 {sent} 元。",
            en=f"The price is {agreed} yuan a pack, not {sent}.",
        )


class BarredByCreditError(RefusedError):
    """A credit grade took the product's listing, or the right to deliver of all who would."""

    def __init__(self) -> None:
        """Say so, and name no firm: the grade stands beside it."""
        super().__init__(
            zh="因信用评级被暂停或取消挂网（配送）资格，不能下单。",
            en="A credit grade took its listing, or delivery, away: it cannot be ordered.",
        )


class TraceCodeSeenError(RefusedError):
    """A pack with this trace code is somewhere else already."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        """Keep the code, and where it was seen."""
        super().__init__(
            zh=f"追溯码 {code} 已出现过：{zh}。", en=f"Trace code {code} was seen before: {en}."
        )
        self.code = code
