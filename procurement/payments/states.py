"""The states of claims, objections, accounts, instructions; what may follow what."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from procurement.errors import RefusedError


class ClaimStatus(StrEnum):
    """Where a claim of direct settlement stands."""

    APPLIED = "applied"
    """The company applied."""
    HOSPITAL_CHECKED = "hospital-checked"
    AGENCY_CHECKED = "agency-checked"
    RECONCILED = "reconciled"
    """The company agrees with what was checked."""
    INSTRUCTED = "instructed"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    """By the company, or nothing was left after objections."""


class ObjectionStatus(StrEnum):
    """Where an objection to a claim stands."""

    OPEN = "open"
    ANSWERED = "answered"
    """The other side explained; whoever objected decides."""
    UPHELD = "upheld"
    """What it was about left the claim."""
    DROPPED = "dropped"
    """Whoever objected let it go."""


class AccountStatus(StrEnum):
    """Where a bank account stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    """By a second person: it may be paid to."""
    CLOSED = "closed"


class InstructionStatus(StrEnum):
    """Where an instruction to pay stands."""

    DRAFTED = "drafted"
    CONFIRMED = "confirmed"
    """By a second person."""
    EXPORTED = "exported"
    """In a bank file."""
    PAID = "paid"
    """As the bank reports."""
    RETURNED = "returned"
    """The bank could not pay, the money came back, or the file never reached the bank."""
    CANCELLED = "cancelled"


class InstructionKind(StrEnum):
    """What is paid."""

    GOODS = "goods"
    """Goods, to a company, for a hospital."""
    REMAINDER = "remainder"
    """What the fund owes a hospital after the offset."""
    PREPAYMENT = "prepayment"
    REVOLVING = "revolving"
    RETAINED = "retained"
    """Savings that a hospital keeps."""


class PrepaymentWay(StrEnum):
    """To whom the prepayment of a round goes."""

    HOSPITAL = "hospital"
    """The hospital, which passes it on."""
    SELLER = "seller"
    """The distributor, on behalf of the hospital."""


class PassStep(StrEnum):
    """A step in which prepaid money is passed on."""

    HOSPITAL_TO_DISTRIBUTOR = "hospital-to-distributor"
    DISTRIBUTOR_TO_MAKER = "distributor-to-maker"


class BankOutcome(StrEnum):
    """What a bank reports of an instruction."""

    PAID = "paid"
    RETURNED = "returned"


_C = ClaimStatus

CLAIM_TRANSITIONS: Mapping[ClaimStatus, tuple[ClaimStatus, ...]] = {
    _C.APPLIED: (_C.HOSPITAL_CHECKED, _C.WITHDRAWN),
    _C.HOSPITAL_CHECKED: (_C.AGENCY_CHECKED, _C.WITHDRAWN),
    _C.AGENCY_CHECKED: (_C.RECONCILED, _C.WITHDRAWN),
    _C.RECONCILED: (_C.INSTRUCTED, _C.WITHDRAWN),
    # Back: the instruction was cancelled.
    _C.INSTRUCTED: (_C.PAID, _C.RECONCILED),
    # Back: the payment was returned.
    _C.PAID: (_C.INSTRUCTED,),
    _C.WITHDRAWN: (),
}
"""For each status of a claim, what may follow it."""

_O = ObjectionStatus

OBJECTION_TRANSITIONS: Mapping[ObjectionStatus, tuple[ObjectionStatus, ...]] = {
    _O.OPEN: (_O.ANSWERED, _O.UPHELD, _O.DROPPED),
    _O.ANSWERED: (_O.UPHELD, _O.DROPPED),
    _O.UPHELD: (),
    _O.DROPPED: (),
}
"""For each status of an objection, what may follow it."""

_A = AccountStatus

ACCOUNT_TRANSITIONS: Mapping[AccountStatus, tuple[AccountStatus, ...]] = {
    _A.PROPOSED: (_A.CONFIRMED, _A.CLOSED),
    _A.CONFIRMED: (_A.CLOSED,),
    _A.CLOSED: (),
}
"""For each status of a bank account, what may follow it."""

_I = InstructionStatus

INSTRUCTION_TRANSITIONS: Mapping[InstructionStatus, tuple[InstructionStatus, ...]] = {
    _I.DRAFTED: (_I.CONFIRMED, _I.CANCELLED),
    # Back: the account that was kept may not be paid to any more.
    _I.CONFIRMED: (_I.EXPORTED, _I.DRAFTED, _I.CANCELLED),
    _I.EXPORTED: (_I.PAID, _I.RETURNED),
    # A bank may return what it had reported paid.
    _I.PAID: (_I.RETURNED,),
    # Again, to another account; or never.
    _I.RETURNED: (_I.DRAFTED, _I.CANCELLED),
    _I.CANCELLED: (),
}
"""For each status of an instruction, what may follow it."""

CLAIM_NAMES: Mapping[ClaimStatus, tuple[str, str]] = {
    _C.APPLIED: ("企业已申请", "applied for"),
    _C.HOSPITAL_CHECKED: ("医疗机构已核对", "checked by the hospital"),
    _C.AGENCY_CHECKED: ("经办机构已复核", "checked by the agency"),
    _C.RECONCILED: ("企业已对账", "reconciled by the company"),
    _C.INSTRUCTED: ("已生成支付指令", "instructed"),
    _C.PAID: ("已支付", "paid"),
    _C.WITHDRAWN: ("已撤回", "withdrawn"),
}
OBJECTION_NAMES: Mapping[ObjectionStatus, tuple[str, str]] = {
    _O.OPEN: ("待答复", "to be answered"),
    _O.ANSWERED: ("已答复", "answered"),
    _O.UPHELD: ("异议成立", "upheld"),
    _O.DROPPED: ("异议撤销", "dropped"),
}
ACCOUNT_STATUS_NAMES: Mapping[AccountStatus, tuple[str, str]] = {
    _A.PROPOSED: ("待确认", "to be confirmed"),
    _A.CONFIRMED: ("已确认", "confirmed"),
    _A.CLOSED: ("已停用", "closed"),
}
INSTRUCTION_NAMES: Mapping[InstructionStatus, tuple[str, str]] = {
    _I.DRAFTED: ("待复核", "to be confirmed"),
    _I.CONFIRMED: ("已复核", "confirmed"),
    _I.EXPORTED: ("已导出", "exported"),
    _I.PAID: ("已支付", "paid"),
    _I.RETURNED: ("已退回", "returned"),
    _I.CANCELLED: ("已作废", "cancelled"),
}
INSTRUCTION_KIND_NAMES: Mapping[InstructionKind, tuple[str, str]] = {
    InstructionKind.GOODS: ("货款", "goods"),
    InstructionKind.REMAINDER: ("冲抵后余款", "remainder after the offset"),
    InstructionKind.PREPAYMENT: ("预付货款", "prepayment"),
    InstructionKind.REVOLVING: ("周转金", "revolving money"),
    InstructionKind.RETAINED: ("结余留用资金", "retained savings"),
}
WAY_NAMES: Mapping[PrepaymentWay, tuple[str, str]] = {
    PrepaymentWay.HOSPITAL: ("拨付医疗机构", "to the hospital"),
    PrepaymentWay.SELLER: ("代医疗机构拨付配送企业", "to the distributor, for the hospital"),
}
PASS_NAMES: Mapping[PassStep, tuple[str, str]] = {
    PassStep.HOSPITAL_TO_DISTRIBUTOR: ("医疗机构→配送企业", "hospital to distributor"),
    PassStep.DISTRIBUTOR_TO_MAKER: ("配送企业→生产企业", "distributor to maker"),
}


class WrongStateError(RefusedError):
    """It is not in a state in which that can be done."""

    def __init__(self, present: tuple[str, str], wanted: tuple[str, str]) -> None:
        """Name both states."""
        super().__init__(
            zh=f"当前状态为“{present[0]}”，不能变为“{wanted[0]}”。",
            en=f"It is “{present[1]}” and cannot become “{wanted[1]}”.",
        )


_S = TypeVar("_S", bound=StrEnum)


def _check(
    present: _S,
    wanted: _S,
    transitions: Mapping[_S, tuple[_S, ...]],
    names: Mapping[_S, tuple[str, str]],
) -> None:
    if wanted not in transitions[present]:
        raise WrongStateError(names[present], names[wanted])


def check_claim(present: ClaimStatus, wanted: ClaimStatus) -> None:
    """Let a change of a claim pass, or raise.

    Raises:
        WrongStateError: `CLAIM_TRANSITIONS` does not list it.
    """
    _check(present, wanted, CLAIM_TRANSITIONS, CLAIM_NAMES)


def check_objection(present: ObjectionStatus, wanted: ObjectionStatus) -> None:
    """Let a change of an objection pass, or raise.

    Raises:
        WrongStateError: `OBJECTION_TRANSITIONS` does not list it.
    """
    _check(present, wanted, OBJECTION_TRANSITIONS, OBJECTION_NAMES)


def check_account(present: AccountStatus, wanted: AccountStatus) -> None:
    """Let a change of a bank account pass, or raise.

    Raises:
        WrongStateError: `ACCOUNT_TRANSITIONS` does not list it.
    """
    _check(present, wanted, ACCOUNT_TRANSITIONS, ACCOUNT_STATUS_NAMES)


def check_instruction(present: InstructionStatus, wanted: InstructionStatus) -> None:
    """Let a change of an instruction pass, or raise.

    Raises:
        WrongStateError: `INSTRUCTION_TRANSITIONS` does not list it.
    """
    _check(present, wanted, INSTRUCTION_TRANSITIONS, INSTRUCTION_NAMES)
