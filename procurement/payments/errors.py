"""Refusals of this stage."""

from datetime import date
from decimal import Decimal

from procurement.errors import RefusedError


class SamePersonError(RefusedError):
    """Who drafted something may not confirm it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="须由另一人复核：经办人不能复核自己经办的事项。",
            en="Another person must confirm this: not the one who drafted it.",
        )


class NoAccountError(RefusedError):
    """The payee has no confirmed bank account that may be paid to."""

    def __init__(self, organisation: str, *, insurance: bool = False) -> None:
        """Keep whose; ``insurance``: it must be the one registered with medical insurance."""
        super().__init__(
            zh=f"“{organisation}”没有已确认的{'医保登记' if insurance else '本单位'}账户，"
            "不能支付。",
            en=f"{organisation} has no confirmed account"
            f"{' that is registered with medical insurance' if insurance else ''}: "
            "nothing can be paid to it.",
        )
        self.organisation = organisation


class OtherHolderError(RefusedError):
    """A bank account bears another name than the organisation's."""

    def __init__(self, holder: str, organisation: str) -> None:
        """Keep both names."""
        super().__init__(
            zh=f"户名“{holder}”与单位名称“{organisation}”不一致。",
            en=f"The account's holder is “{holder}”, not “{organisation}”.",
        )
        self.holder = holder
        self.organisation = organisation


class RuleMissingError(RefusedError):
    """A decision needs a rule that the rulebook does not state and nobody has given."""

    def __init__(self, key: str, *, zh: str, en: str) -> None:
        """Keep the rule's key."""
        super().__init__(zh=zh, en=en)
        self.key = key


class MonthNotOverError(RefusedError):
    """Goods of a month are claimed once it is over."""

    def __init__(self, month: date) -> None:
        """Keep the month."""
        super().__init__(
            zh=f"{month:%Y-%m} 尚未结束，不能申请该月货款。",
            en=f"{month:%Y-%m} is not over: its goods cannot be claimed yet.",
        )
        self.month = month


class NotClaimableError(RefusedError):
    """Lines are not the company's open goods at that hospital until the end of the month."""

    def __init__(self, goods_ids: tuple[int, ...]) -> None:
        """Keep which."""
        named = ", ".join(map(str, goods_ids))
        super().__init__(
            zh=f"下列货款不能申请（不存在、已申请、已付清或不在该月）：{named}。",
            en=f"These goods cannot be claimed (unknown, claimed, paid, or of a later month): "
            f"{named}.",
        )
        self.goods_ids = goods_ids


class NothingLeftError(RefusedError):
    """What is asked for comes to nothing."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="金额合计不大于零，无可办理。", en="The amounts come to nothing.")


class ObjectionOpenError(RefusedError):
    """A claim cannot go on while somebody objects to it."""

    def __init__(self, number: int) -> None:
        """Keep how many."""
        super().__init__(
            zh=f"还有 {number} 项异议未处理完毕。",
            en=f"{number} objections are still open.",
        )
        self.number = number


class RedLineStaysError(RefusedError):
    """A company cannot take its own red invoice out of a claim."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="企业不能将红字发票移出申请：其金额须从货款中扣除。",
            en="A company cannot take a red invoice out of a claim: it is taken off the amount.",
        )


class NotOfMonthError(RefusedError):
    """A hospital's claims cannot be set off: nothing is reconciled and no fund owes anything."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="没有已对账的申请，基金也没有应付款，无可冲抵。",
            en="Nothing is reconciled and no fund owes anything: there is nothing to set off.",
        )


class ClaimsWaitError(RefusedError):
    """A hospital's claims wait for money, a check or an answer: nothing can be paid now."""

    def __init__(self, amount: Decimal) -> None:
        """Keep how much is claimed."""
        super().__init__(
            zh=f"有 {amount} 元货款申请尚未对账、存在异议或资金不足：基金应付款留待支付这些货款，"
            "目前无可冲抵。",
            en=f"Claims of {amount} yuan are not reconciled, objected to, or more than the funds "
            "and the reserve hold: what the funds owe is kept for them, and nothing is set off.",
        )
        self.amount = amount


class MonthExistsError(RefusedError):
    """The agency opened this month already."""

    def __init__(self, month: date) -> None:
        """Keep the month."""
        super().__init__(zh=f"{month:%Y-%m} 已经开办。", en=f"{month:%Y-%m} was opened already.")
        self.month = month


class AmountUnexpectedError(RefusedError):
    """An amount is not what it must be."""

    def __init__(self, amount: Decimal, expected: str) -> None:
        """Keep it, and what was expected."""
        super().__init__(
            zh=f"金额 {amount} 不符：应为 {expected}。", en=f"{amount} yuan: expected {expected}."
        )
        self.amount = amount


class FileTwiceError(RefusedError):
    """The same file of bank results was recorded before."""

    def __init__(self, name: str) -> None:
        """Keep its name then."""
        super().__init__(
            zh=f"该文件已经登记过（{name}）；没有重复登记。",
            en=f"This file was recorded before ({name}); nothing was recorded again.",
        )
        self.name = name


class GradeBarredError(RefusedError):
    """A hospital's credit grade is not one at which revolving money is given."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the grade's names."""
        super().__init__(
            zh=f"信用等级为“{zh}”，不在可预付周转金的等级之内。",
            en=f"Its credit grade is “{en}”: no revolving money is given at that grade.",
        )
