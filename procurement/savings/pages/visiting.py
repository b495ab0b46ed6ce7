"""What these pages share: showing a page, trying a change, telling what may be done."""

from collections.abc import Callable
from typing import Any

from litestar import Response

from procurement.accounts.tables import Organisation
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.savings.pages.words import words
from procurement.savings.subjects import hospital_subject, settlement_subject
from procurement.savings.tables import SavingsSettlement
from procurement.web import Visit, redirect, render

Page = Callable[[RefusedError | None], Response[Any]]
"""Shows a page, with what was refused."""


def may(visit: Visit, action: Action, settlement: SavingsSettlement) -> bool:
    """Tell whether the visitor may do something with a settlement."""
    subject = settlement_subject(visit.session, settlement=settlement, actor=visit.actor)
    return visit.may(action, subject)


def may_with(
    visit: Visit, action: Action, hospital: Organisation, settlement: SavingsSettlement
) -> bool:
    """Tell whether the visitor may do something about a hospital in a settlement."""
    subject = hospital_subject(
        visit.session, hospital=hospital, settlement=settlement, moment=visit.moment
    )
    return visit.may(action, subject)


def shown(
    visit: Visit, template: str, refusal: RefusedError | None, **context: object
) -> Response[Any]:
    """Show a page of this stage, with what was refused and what was typed."""
    values = context.pop("values", None)
    return render(
        visit,
        f"savings/{template}",
        status=200 if refusal is None else status_of(refusal),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        values=visit.form if refusal is not None or values is None else values,
        **{**words(visit), **context},
    )


def done_or_shown(
    visit: Visit, change: Callable[[], object], address: str, page: Page
) -> Response[Any]:
    """Try a change; then go on to an address, or show the page again with what was refused."""
    refusal = attempt(visit, change)
    return redirect(address) if refusal is None else page(refusal)
