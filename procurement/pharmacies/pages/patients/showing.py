"""The page of one registration, which several handlers show: as it is, or with a refusal."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from litestar import Response

from procurement.errors import RefusedError
from procurement.permissions import Action, Role
from procurement.pharmacies.pages.patients.words import words
from procurement.pharmacies.patients.at_edge import today
from procurement.pharmacies.patients.reading import (
    BillLine,
    RegistrationView,
    view_registration,
)
from procurement.pharmacies.patients.reviewing import IN_USE
from procurement.pharmacies.patients.states import (
    RegistrationStatus,
    RegistrationStep,
)
from procurement.pharmacies.patients.subjects import SEEN_PRESCRIPTIONS, registration_subject
from procurement.pharmacies.patients.tables import Registration
from procurement.pharmacies.places.service import places_of
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import Visit, redirect, render

_BAD = (RegistrationStep.REFUSED, RegistrationStep.SUSPENDED, RegistrationStep.REVIEW_REFUSED)

HERE = "/registrations"


def registration_page(
    visit: Visit, registration: Registration, refusal: RefusedError | None = None
) -> Response[Any]:
    """Show a registration, also with what was refused."""
    view = view_registration(visit.session, row=registration, day=today(visit))
    if not sees_medical(visit, registration):
        seen = [one for one in view.prescriptions if one.status in SEEN_PRESCRIPTIONS]
        view = replace(view, prescriptions=seen, bills=own_bills(visit, view.bills))
    return render(
        visit,
        "pharmacies/patients/registration.html",
        status=200 if refusal is None else status_of(refusal),
        view=view,
        row=registration,
        here=f"{HERE}/{registration.number}",
        may=_may(visit, view),
        sees_medical=sees_medical(visit, registration),
        entries=[_entry(visit, one.step, one.happened_at, one.is_late) for one in view.events],
        paper_kinds=_paper_kinds(view),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        today=today(visit),
        **words(visit),
    )


def done_or_page(visit: Visit, registration: Registration, change: Any) -> Response[Any]:  # noqa: ANN401 - any callable without arguments
    """Try a change of a registration, and show its page again."""
    refusal = attempt(visit, change)
    if refusal is not None:
        return registration_page(visit, registration, refusal)
    return redirect(f"{HERE}/{registration.number}")


def own_bills(visit: Visit, bills: Sequence[BillLine]) -> list[BillLine]:
    """Return the bills of the visitor's own places: a pharmacy sees no others."""
    own = visit.actor.organisation_id
    places = () if own is None else places_of(visit.session, organisation_id=own)
    ids = {one.id for one in places}
    return [one for one in bills if one.row.place_id in ids]


def sees_medical(visit: Visit, registration: Registration) -> bool:
    """Whether the visitor sees diagnosis, papers and findings: the doctor and the agency do."""
    is_doctor = Role.DOCTOR in visit.actor.roles and registration.doctor_id == visit.actor.person_id
    return is_doctor or Role.FUND_AGENCY in visit.actor.roles


def _may(visit: Visit, view: RegistrationView) -> dict[str, bool]:
    """What the visitor can do with the registration as it stands."""
    row = view.row
    subject = registration_subject(visit.session, registration=row)
    applies = visit.may(Action.APPLY_REGISTRATION, subject)
    reviews = visit.may(Action.REVIEW_REGISTRATION, subject)
    decides = visit.may(Action.DECIDE_REGISTRATION, subject)
    is_draft = row.status == RegistrationStatus.DRAFTED
    is_applied = row.status == RegistrationStatus.APPLIED
    is_used = row.status in IN_USE
    return {
        "apply": applies and is_draft,
        "withdraw": applies and (is_draft or is_applied),
        "add_paper": applies and (is_draft or view.waiting_review is not None),
        "decide": decides and is_applied,
        "review": reviews and is_used and view.waiting_review is None,
        "decide_review": decides and view.waiting_review is not None,
        "change": reviews and is_used and view.waiting_change is None,
        "decide_change": decides and view.waiting_change is not None,
        "end": is_used and (decides or reviews),
        "bill": is_used and Role.FUND_AGENCY in visit.actor.roles and decides,
    }


def _paper_kinds(view: RegistrationView) -> list[tuple[str, str]]:
    wanted = view.period.papers.splitlines() if view.period else []
    return [(one, one) for one in (*filter(None, wanted), "其他")]


def _entry(visit: Visit, step: str, moment: object, is_late: bool) -> dict[str, object]:
    names = words(visit)["step_names"]
    late = visit.text("超过办理时限", "after the time it should have taken")
    return {
        "title": names[step][:1].upper() + names[step][1:],
        "moment": moment,
        "state": "missed" if step in _BAD else "done",
        "note": late if is_late else "",
    }
