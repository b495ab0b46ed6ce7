"""The states of settlements, runs, assessments, statements and payments, and what may follow."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class SettlementStatus(StrEnum):
    """Where a settlement stands; `SETTLEMENT_TRANSITIONS` says what may follow."""

    DRAFTED = "drafted"
    """Batch-years, parameters and factors are being given."""
    EXTRACTED = "extracted"
    """Purchases are summed; hospitals assess themselves, the bureau checks on site."""
    ASSESSED = "assessed"
    """Every hospital is assessed."""
    COMPUTED = "computed"
    """Every line is settled; hospitals see nothing yet."""
    WITH_HOSPITALS = "with-hospitals"
    """Hospitals confirm their statements or object."""
    REPORTED = "reported"
    """The amounts are reported to the bureau above."""
    PUBLISHED = "published"
    """The table is public; its term runs or has ended."""
    PAYING = "paying"
    """Payments are instructed."""
    SETTLED = "settled"
    """Everything is paid."""
    WITHDRAWN = "withdrawn"
    """Given up before anything was computed."""


class RunKind(StrEnum):
    """What a run does."""

    EXTRACT = "extract"
    COMPUTE = "compute"
    PAY = "pay"


class RunStatus(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class AssessmentStatus(StrEnum):
    """Where the assessment of a hospital stands."""

    OPEN = "open"
    """The hospital has not assessed itself."""
    SELF_ASSESSED = "self-assessed"
    """It has; the bureau has not visited it."""
    VISITED = "visited"
    """The bureau has checked it on site."""


class StatementStatus(StrEnum):
    """Where a version of a hospital's statement stands."""

    COMPUTED = "computed"
    """The hospital does not see it yet."""
    OPEN = "open"
    """The hospital may confirm it or object."""
    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    """An objection waits for the bureau."""
    DECIDED = "decided"
    """The objection was not upheld: the statement stands."""
    REPLACED = "replaced"
    """A later version counts."""


class Verdict(StrEnum):
    """What the bureau decides about an objection."""

    UPHELD = "upheld"
    REJECTED = "rejected"


class RetainedStatus(StrEnum):
    """Where the payment of a hospital's amount stands."""

    WAITING = "waiting"
    """It is to be instructed."""
    INSTRUCTED = "instructed"
    NOTHING = "nothing"
    """The amount is zero: nothing is paid."""


_S = SettlementStatus

SETTLEMENT_TRANSITIONS: Mapping[SettlementStatus, tuple[SettlementStatus, ...]] = {
    _S.DRAFTED: (_S.EXTRACTED, _S.WITHDRAWN),
    # Back: batch-years or parameters were wrong. To itself: purchases are summed anew.
    _S.EXTRACTED: (_S.EXTRACTED, _S.ASSESSED, _S.DRAFTED, _S.WITHDRAWN),
    _S.ASSESSED: (_S.COMPUTED, _S.EXTRACTED, _S.WITHDRAWN),
    _S.COMPUTED: (_S.COMPUTED, _S.WITH_HOSPITALS, _S.ASSESSED),
    # To itself: what an objection or the bureau above found is computed anew. To "assessed": the
    # bureau goes a step back, with a reason; it adopts a rulebook that was corrected meanwhile.
    _S.WITH_HOSPITALS: (_S.WITH_HOSPITALS, _S.REPORTED, _S.ASSESSED),
    # Back: the bureau above returned it, or a hospital objected to what was published.
    _S.REPORTED: (_S.PUBLISHED, _S.WITH_HOSPITALS, _S.ASSESSED),
    _S.PUBLISHED: (_S.PAYING, _S.WITH_HOSPITALS),
    _S.PAYING: (_S.SETTLED,),
    _S.SETTLED: (),
    _S.WITHDRAWN: (),
}
"""For each status of a settlement, what may follow it."""

_T = StatementStatus

STATEMENT_TRANSITIONS: Mapping[StatementStatus, tuple[StatementStatus, ...]] = {
    _T.COMPUTED: (_T.OPEN, _T.REPLACED),
    _T.OPEN: (_T.CONFIRMED, _T.OBJECTED, _T.REPLACED),
    # While it is not yet reported a hospital may still object to what it has confirmed.
    _T.CONFIRMED: (_T.OBJECTED, _T.REPLACED),
    _T.OBJECTED: (_T.DECIDED, _T.REPLACED),
    _T.DECIDED: (_T.CONFIRMED, _T.REPLACED),
    _T.REPLACED: (),
}
"""For each status of a statement, what may follow it."""

SETTLEMENT_NAMES: dict[SettlementStatus, tuple[str, str]] = {
    _S.DRAFTED: ("起草", "draft"),
    _S.EXTRACTED: ("已提取采购数据，考核中", "purchases extracted, assessments under way"),
    _S.ASSESSED: ("考核完成", "assessed"),
    _S.COMPUTED: ("已测算", "computed"),
    _S.WITH_HOSPITALS: ("待医疗机构确认", "with hospitals"),
    _S.REPORTED: ("已上报", "reported"),
    _S.PUBLISHED: ("已公示", "published"),
    _S.PAYING: ("拨付中", "being paid"),
    _S.SETTLED: ("已清算", "settled"),
    _S.WITHDRAWN: ("已撤销", "withdrawn"),
}
STATEMENT_NAMES: dict[StatementStatus, tuple[str, str]] = {
    _T.COMPUTED: ("已测算", "computed"),
    _T.OPEN: ("待确认", "to be confirmed"),
    _T.CONFIRMED: ("已确认", "confirmed"),
    _T.OBJECTED: ("有异议，待处理", "objected to"),
    _T.DECIDED: ("异议未采纳", "objection rejected"),
    _T.REPLACED: ("已被新版本取代", "replaced by a later version"),
}
ASSESSMENT_NAMES: dict[AssessmentStatus, tuple[str, str]] = {
    AssessmentStatus.OPEN: ("待自评", "self-assessment to be made"),
    AssessmentStatus.SELF_ASSESSED: ("已自评，待现场核查", "self-assessed, not yet checked"),
    AssessmentStatus.VISITED: ("已现场核查", "checked on site"),
}
RUN_NAMES: dict[RunStatus, tuple[str, str]] = {
    RunStatus.WAITING: ("排队中", "waiting"),
    RunStatus.RUNNING: ("进行中", "running"),
    RunStatus.DONE: ("已完成", "done"),
    RunStatus.FAILED: ("未能完成", "failed"),
}
RETAINED_NAMES: dict[RetainedStatus, tuple[str, str]] = {
    RetainedStatus.WAITING: ("待下达", "to be instructed"),
    RetainedStatus.INSTRUCTED: ("已下达", "instructed"),
    RetainedStatus.NOTHING: ("无应付款", "nothing to pay"),
}
VERDICT_NAMES: dict[Verdict, tuple[str, str]] = {
    Verdict.UPHELD: ("采纳", "upheld"),
    Verdict.REJECTED: ("不采纳", "rejected"),
}


class WrongStateError(RefusedError):
    """A thing cannot go from where it stands to where it should."""

    def __init__(self, present: tuple[str, str], wanted: tuple[str, str]) -> None:
        """Take the names of both."""
        super().__init__(
            zh=f"目前为“{present[0]}”，不能转为“{wanted[0]}”。",
            en=f"It is “{present[1]}” and cannot become “{wanted[1]}”.",
        )


def check_settlement(present: SettlementStatus, wanted: SettlementStatus) -> None:
    """Let a change of a settlement's status pass, or raise.

    Raises:
        WrongStateError: `SETTLEMENT_TRANSITIONS` does not list it.

    Examples:
        >>> check_settlement(SettlementStatus.ASSESSED, SettlementStatus.COMPUTED)
        >>> check_settlement(SettlementStatus.PAYING, SettlementStatus.DRAFTED)
        Traceback (most recent call last):
        ...
        procurement.savings.states.WrongStateError: It is “being paid” and cannot become “draft”.
    """
    if wanted not in SETTLEMENT_TRANSITIONS[present]:
        raise WrongStateError(SETTLEMENT_NAMES[present], SETTLEMENT_NAMES[wanted])


def check_statement(present: StatementStatus, wanted: StatementStatus) -> None:
    """Let a change of a statement's status pass, or raise.

    Raises:
        WrongStateError: `STATEMENT_TRANSITIONS` does not list it.
    """
    if wanted not in STATEMENT_TRANSITIONS[present]:
        raise WrongStateError(STATEMENT_NAMES[present], STATEMENT_NAMES[wanted])
