"""The course of a claim as its page shows it: what was done, what comes next, until when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from procurement.china_days import day_in_china
from procurement.payments.reading.claims import StepShown
from procurement.payments.states import CLAIM_NAMES, ClaimStatus
from procurement.payments.tables import Claim
from procurement.web import Visit
from procurement.web.printing import print_day

COURSE = (
    ClaimStatus.APPLIED,
    ClaimStatus.HOSPITAL_CHECKED,
    ClaimStatus.AGENCY_CHECKED,
    ClaimStatus.RECONCILED,
    ClaimStatus.INSTRUCTED,
    ClaimStatus.PAID,
)
"""The steps of a claim that runs as it should."""


def course_of(
    visit: Visit, claim: Claim, steps: Sequence[StepShown], calendar: Mapping[str, date]
) -> list[dict[str, Any]]:
    """List the steps of a claim for a timeline.

    Args:
        visit: The request.
        claim: The claim.
        steps: What was done, in order.
        calendar: Last day of each step that the month's rulebook dates.
    """
    entries = [_done(visit, one) for one in steps]
    if claim.status == ClaimStatus.WITHDRAWN or claim.status == ClaimStatus.PAID:
        return entries
    place = COURSE.index(ClaimStatus(claim.status))
    for number, step in enumerate(COURSE[place + 1 :]):
        entries.append(_to_come(visit, step, calendar.get(step), is_next=number == 0))
    return entries


def _done(visit: Visit, shown: StepShown) -> dict[str, Any]:
    step = shown.step
    notes = [step.note] if step.note else []
    if step.is_late and step.due_on is not None:
        day = print_day(step.due_on, visit.language)
        notes.append(visit.text(f"逾期：截止日为{day}。", f"Late: the last day was {day}."))
    return {
        "title": _title(visit, ClaimStatus(step.step)),
        "moment": step.done_at,
        "state": "missed" if step.is_late else "done",
        "actor": " ".join(filter(None, (shown.organisation, shown.person))),
        "note": " ".join(notes),
    }


def _title(visit: Visit, step: ClaimStatus) -> str:
    zh, en = CLAIM_NAMES[step]
    return visit.text(zh, en.capitalize())


def _to_come(
    visit: Visit, step: ClaimStatus, due_on: date | None, *, is_next: bool
) -> dict[str, Any]:
    note = ""
    if due_on is not None:
        day = print_day(due_on, visit.language)
        note = visit.text(f"截止{day}", f"until {day}")
        if is_next and is_over(due_on, visit.moment):
            note = visit.text(f"已逾期：截止日为{day}。", f"Overdue: the last day was {day}.")
    return {
        "title": _title(visit, step),
        "state": "now" if is_next else "next",
        "note": note,
    }


def is_over(day: date, moment: datetime) -> bool:
    """Tell whether a last day is past, in China."""
    return day_in_china(moment) > day
