"""The links that are surveyed, the states of things, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError


class Link(StrEnum):
    """One of the five links that a survey asks."""

    MAKER = "maker"
    DISTRIBUTOR = "distributor"
    HOSPITAL = "hospital"
    """Health institutions."""
    PHARMACY = "pharmacy"
    """Designated retail pharmacies."""
    OPINION = "opinion"
    """Public opinion: leads that the bureau collects."""


class SurveyStatus(StrEnum):
    """Where a monthly survey stands."""

    OPEN = "open"
    CLOSED = "closed"


class ReportStatus(StrEnum):
    """Where a quarterly report stands."""

    MAKING = "making"
    MADE = "made"
    """Whole, and not public."""
    PUBLISHED = "published"
    FAILED = "failed"


class ListKind(StrEnum):
    """What an imported list of prices is."""

    PROVINCE = "province"
    """Listing or winning prices of another province."""
    ALLIANCE = "alliance"
    """Prices of an alliance's round."""
    MONITORING = "monitoring"
    """Monitoring prices of the same drugs (四同药品监测价)."""


class ProposalStatus(StrEnum):
    """Where a proposal to link a price stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    """A second person agrees that it be taken up with the firm; no price changes by that."""
    REJECTED = "rejected"


class Light(StrEnum):
    """What buyers are shown beside a drug in short supply whose price rose."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"
    CONDITIONAL = "conditional"
    """No substitute: listed on condition of a promise to supply."""


class ShortageStep(StrEnum):
    """What was decided about a drug of the shortage list."""

    LISTED = "listed"
    LIGHT = "light"
    """Another light for a drug that is listed."""
    REMOVED = "removed"


LINK_NAMES: dict[Link, tuple[str, str]] = {
    Link.MAKER: ("生产企业", "manufacturers"),
    Link.DISTRIBUTOR: ("配送企业", "distributors"),
    Link.HOSPITAL: ("医疗机构", "health institutions"),
    Link.PHARMACY: ("定点零售药店", "designated pharmacies"),
    Link.OPINION: ("社会舆情", "public opinion"),
}
SURVEY_NAMES: dict[SurveyStatus, tuple[str, str]] = {
    SurveyStatus.OPEN: ("填报中", "open"),
    SurveyStatus.CLOSED: ("已截止", "closed"),
}
REPORT_NAMES: dict[ReportStatus, tuple[str, str]] = {
    ReportStatus.MAKING: ("生成中", "being made"),
    ReportStatus.MADE: ("待复核发布", "to be published"),
    ReportStatus.PUBLISHED: ("已发布", "published"),
    ReportStatus.FAILED: ("未能生成", "failed"),
}
LIST_NAMES: dict[ListKind, tuple[str, str]] = {
    ListKind.PROVINCE: ("外省价格", "another province"),
    ListKind.ALLIANCE: ("联盟价格", "an alliance"),
    ListKind.MONITORING: ("四同监测价", "monitoring prices"),
}
PROPOSAL_NAMES: dict[ProposalStatus, tuple[str, str]] = {
    ProposalStatus.PROPOSED: ("待复核", "to be confirmed"),
    ProposalStatus.CONFIRMED: ("已复核", "confirmed"),
    ProposalStatus.REJECTED: ("不采纳", "rejected"),
}
LIGHT_NAMES: dict[Light, tuple[str, str]] = {
    Light.NONE: ("不亮灯", "no light"),
    Light.YELLOW: ("黄灯", "yellow"),
    Light.RED: ("红灯", "red"),
    Light.CONDITIONAL: ("附承诺挂网", "listed on a promise"),
}

_R = ReportStatus

REPORT_TRANSITIONS: Mapping[ReportStatus, tuple[ReportStatus, ...]] = {
    _R.MAKING: (_R.MADE, _R.FAILED),
    _R.MADE: (_R.PUBLISHED,),
    _R.PUBLISHED: (),
    _R.FAILED: (),
}
"""For each status of a report, what may follow it."""

PROPOSAL_TRANSITIONS: Mapping[ProposalStatus, tuple[ProposalStatus, ...]] = {
    ProposalStatus.PROPOSED: (ProposalStatus.CONFIRMED, ProposalStatus.REJECTED),
    ProposalStatus.CONFIRMED: (),
    ProposalStatus.REJECTED: (),
}
"""For each status of a proposal, what may follow it."""


class WrongStateError(RefusedError):
    """Something cannot be done in the present state."""

    def __init__(self, present: tuple[str, str], wanted: tuple[str, str]) -> None:
        """Keep both names, Chinese and English."""
        super().__init__(
            zh=f"当前状态为“{present[0]}”，不能变为“{wanted[0]}”；没有作任何改动。",
            en=f"It is “{present[1]}” and cannot become “{wanted[1]}”; nothing was changed.",
        )


def check_report(present: ReportStatus, wanted: ReportStatus) -> None:
    """Let a change of a report pass, or raise.

    Raises:
        WrongStateError: `REPORT_TRANSITIONS` does not list it.

    Examples:
        >>> check_report(ReportStatus.MADE, ReportStatus.PUBLISHED)
        >>> check_report(ReportStatus.PUBLISHED, ReportStatus.MADE)
        Traceback (most recent call last):
        ...
        procurement.monitoring.states.WrongStateError: It is “published” and cannot become “to be \
published”; nothing was changed.
    """
    if wanted not in REPORT_TRANSITIONS[present]:
        raise WrongStateError(REPORT_NAMES[present], REPORT_NAMES[wanted])


def check_proposal(present: ProposalStatus, wanted: ProposalStatus) -> None:
    """Let a change of a proposal pass, or raise.

    Raises:
        WrongStateError: `PROPOSAL_TRANSITIONS` does not list it.
    """
    if wanted not in PROPOSAL_TRANSITIONS[present]:
        raise WrongStateError(PROPOSAL_NAMES[present], PROPOSAL_NAMES[wanted])
