"""Names and marks that the pages of monitoring share."""

from typing import Any

from procurement.accounts.divisions import division_name
from procurement.monitoring.states import (
    LIGHT_NAMES,
    LINK_NAMES,
    LIST_NAMES,
    PROPOSAL_NAMES,
    REPORT_NAMES,
    SURVEY_NAMES,
    Light,
    ProposalStatus,
    ReportStatus,
    SurveyStatus,
)
from procurement.permissions import Action
from procurement.web import Visit

LIGHT_MARKS = {
    Light.NONE: "neutral",
    Light.YELLOW: "warning",
    Light.RED: "bad",
    Light.CONDITIONAL: "info",
}
SURVEY_MARKS = {SurveyStatus.OPEN: "info", SurveyStatus.CLOSED: "neutral"}
REPORT_MARKS = {
    ReportStatus.MAKING: "info",
    ReportStatus.MADE: "warning",
    ReportStatus.PUBLISHED: "good",
    ReportStatus.FAILED: "bad",
}
PROPOSAL_MARKS = {
    ProposalStatus.PROPOSED: "warning",
    ProposalStatus.CONFIRMED: "good",
    ProposalStatus.REJECTED: "neutral",
}


def named(visit: Visit, names: Any) -> dict[str, str]:  # noqa: ANN401 - any of the tables of names
    """Return a table of names in the visitor's language."""
    return {key: visit.text(*both) for key, both in names.items()}


def words(visit: Visit) -> dict[str, Any]:
    """What every page of monitoring names things with, and who may do what."""
    return {
        "link_names": named(visit, LINK_NAMES),
        "light_names": named(visit, LIGHT_NAMES),
        "light_marks": LIGHT_MARKS,
        "survey_names": named(visit, SURVEY_NAMES),
        "survey_marks": SURVEY_MARKS,
        "report_names": named(visit, REPORT_NAMES),
        "report_marks": REPORT_MARKS,
        "list_names": named(visit, LIST_NAMES),
        "proposal_names": named(visit, PROPOSAL_NAMES),
        "proposal_marks": PROPOSAL_MARKS,
        "region_name": lambda code: visit.text(*division_name(code)),
        "may": {
            "read": visit.may_ever(Action.READ_MONITORING),
            "run": visit.may_ever(Action.RUN_MONITORING),
            "answer": visit.may_ever(Action.ANSWER_SURVEY),
        },
    }
