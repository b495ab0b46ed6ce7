"""What the pages of the list share: words, the region and day asked for, how a page is shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Response

from procurement.accounts.divisions import NATION, division_name, is_division
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.pharmacies.listed.kinds import (
    CHANGE_NAMES,
    CONTROL_NAMES,
    DECISION_NAMES,
    DECISION_STATUS_NAMES,
    STATE_NAMES,
    STORAGE_NAMES,
    ChangeKind,
    DecisionStatus,
    DrugState,
)
from procurement.pharmacies.listed.rules.criteria import CRITERION_NAMES
from procurement.pharmacies.listed.service import regions_with_lists
from procurement.pharmacies.listed.terms import TERM_NAMES
from procurement.rounds.at_edge import faults_of, status_of, whole_of
from procurement.web import Visit, render

FIRST_YEAR, LAST_YEAR = 2000, 2199

STATE_MARKS = {
    DrugState.DUAL_SEPARATE: "good",
    DrugState.DUAL: "info",
    DrugState.ORDINARY: "neutral",
}
CHANGE_MARKS = {
    ChangeKind.ENTER: "good",
    ChangeKind.UPGRADE: "good",
    ChangeKind.DOWNGRADE: "warning",
    ChangeKind.REMOVE: "bad",
    ChangeKind.CHANGE: "info",
    ChangeKind.CORRECT: "warning",
}
DECISION_MARKS = {
    DecisionStatus.PROPOSED: "warning",
    DecisionStatus.CONFIRMED: "good",
    DecisionStatus.WITHDRAWN: "neutral",
}
_NAMES: Mapping[str, Mapping[Any, tuple[str, str]]] = {
    "state_names": STATE_NAMES,
    "storage_names": STORAGE_NAMES,
    "change_names": CHANGE_NAMES,
    "decision_names": DECISION_NAMES,
    "decision_status_names": DECISION_STATUS_NAMES,
    "control_names": CONTROL_NAMES,
    "criterion_names": CRITERION_NAMES,
    "term_names": TERM_NAMES,
}


def words(visit: Visit) -> dict[str, object]:
    """Name every kind in the visitor's language."""
    side = 1 if visit.language == "en" else 0
    return {
        **{
            name: {key: pair[side] for key, pair in pairs.items()} for name, pairs in _NAMES.items()
        },
        "state_marks": STATE_MARKS,
        "change_marks": CHANGE_MARKS,
        "decision_marks": DECISION_MARKS,
        "region_name": lambda code: visit.text(*division_name(code)),
    }


def today(visit: Visit) -> date:
    """The day in China."""
    return day_in_china(visit.moment)


def asked_day(text: str | None) -> date | None:
    """Read a day of an address; None where it is none of this century or the next.

    Examples:
        >>> asked_day("2022-05-01"), asked_day("0001-01-01"), asked_day("x")
        (datetime.date(2022, 5, 1), None, None)
    """
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def asked_region(visit: Visit) -> str:
    """Return whose list is asked for: as the address says, else the own province's, else the first.

    A region without a list of its own is read as far as lists hold in it.
    """
    asked = visit.query.get("region", "")
    if is_division(asked) and asked != NATION:
        return asked
    known = regions_with_lists(visit.session)
    own = visit.actor.region if visit.actor.is_signed_in else NATION
    fitting = [one for one in known if own.startswith(one.rstrip("0"))]
    return (fitting or known or [NATION])[0]


def region_options(visit: Visit, present: str) -> list[tuple[str, str]]:
    """List the regions that have a list, and the one that is shown."""
    codes = sorted({*regions_with_lists(visit.session), present} - {NATION})
    return [(code, visit.text(*division_name(code))) for code in codes]


def shown(
    visit: Visit,
    template: str,
    *,
    refusal: RefusedError | None = None,
    **context: Any,  # noqa: ANN401 - whatever the template needs
) -> Response[Any]:
    """Show a page of the list, also with what was refused."""
    return render(
        visit,
        f"pharmacies/listed/{template}.html",
        status=200 if refusal is None else status_of(refusal),
        values=context.pop("values", visit.form),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **context,
        **words(visit),
    )
