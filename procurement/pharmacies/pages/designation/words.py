"""What the pages of designation share: names, marks, and how a page is answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response

from procurement.accounts.divisions import division_name
from procurement.errors import FieldFault, RefusedError
from procurement.pharmacies.designation.states import (
    APPLICATION_STATUS_NAMES,
    DESIGNATION_STATUS_NAMES,
    DUTY_NAMES,
    EVENT_NAMES,
    OBJECTION_NAMES,
    OUTCOME_NAMES,
    SCHEME_NAMES,
    ApplicationStatus,
    AssessmentOutcome,
    DesignationStatus,
    DutyStatus,
    ObjectionStatus,
)
from procurement.pharmacies.places.kinds import PLACE_KIND_NAMES, PLACE_STATUS_NAMES
from procurement.rounds.at_edge import faults_of, status_of, whole_of
from procurement.web import Visit, render
from rulebooks.vocabulary.designation import SITES

_NAMES: Mapping[str, Mapping[Any, tuple[str, str]]] = {
    "scheme_names": SCHEME_NAMES,
    "application_names": APPLICATION_STATUS_NAMES,
    "designation_names": DESIGNATION_STATUS_NAMES,
    "event_names": EVENT_NAMES,
    "objection_names": OBJECTION_NAMES,
    "outcome_names": OUTCOME_NAMES,
    "duty_names": DUTY_NAMES,
    "kind_names": PLACE_KIND_NAMES,
    "place_status_names": PLACE_STATUS_NAMES,
    "site_names": SITES,
}

MARKS: Mapping[str, Mapping[Any, str]] = {
    "application_marks": {
        ApplicationStatus.DRAFTED: "neutral",
        ApplicationStatus.SUBMITTED: "info",
        ApplicationStatus.CHECKED: "info",
        ApplicationStatus.VISITED: "info",
        ApplicationStatus.NOTICED: "warning",
        ApplicationStatus.AGREED: "good",
        ApplicationStatus.REFUSED: "bad",
        ApplicationStatus.WITHDRAWN: "neutral",
    },
    "designation_marks": {
        DesignationStatus.IN_FORCE: "good",
        DesignationStatus.SUSPENDED: "warning",
        DesignationStatus.ENDED: "neutral",
    },
    "objection_marks": {
        ObjectionStatus.RECEIVED: "warning",
        ObjectionStatus.UPHELD: "bad",
        ObjectionStatus.DISMISSED: "neutral",
    },
    "outcome_marks": {
        AssessmentOutcome.PASSED: "good",
        AssessmentOutcome.CORRECT: "warning",
        AssessmentOutcome.FAILED: "bad",
    },
    "duty_marks": {
        DutyStatus.DUE: "info",
        DutyStatus.BROUGHT_IN: "good",
        DutyStatus.EXPLAINED: "warning",
        DutyStatus.OVERDUE: "bad",
        DutyStatus.LIFTED: "neutral",
    },
}


def words(visit: Visit) -> dict[str, Any]:
    """Return the names of states in the visitor's language, and their marks."""
    names = {
        name: {key: visit.text(*pair) for key, pair in mapping.items()}
        for name, mapping in _NAMES.items()
    }
    named = {"region_name": lambda code: visit.text(*division_name(code))}
    return {**names, **MARKS, **named}


def answer(
    visit: Visit, template: str, refusal: RefusedError | None, **context: object
) -> Response[Any]:
    """Answer with a page of designation, after a refused form with what was typed.

    Args:
        visit: The request.
        template: Below ``pharmacies/designation/``.
        refusal: Why the form was refused, or None.
        context: What the template needs besides.
    """
    return render(
        visit,
        f"pharmacies/designation/{template}",
        status=200 if refusal is None else status_of(refusal),
        **{
            "values": visit.form,
            "faults": faults_of(refusal),
            "refusal": whole_of(refusal),
            **words(visit),
            **context,
        },
    )


def line_faults(faults: Sequence[FieldFault], fields: Sequence[str]) -> Sequence[FieldFault]:
    """Return the faults of a file's lines: those that belong to no field of the form."""
    return [fault for fault in faults if fault.field not in fields]
