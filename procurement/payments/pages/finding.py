"""What these pages share: as what somebody looks, which page of a list, how a page is shown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from litestar import Response

from procurement.accounts.organisations.service import organisations_by_id
from procurement.errors import RefusedError
from procurement.payments.at_edge import scope_for
from procurement.payments.pages.words import words
from procurement.payments.reading.scope import Scope, Side
from procurement.payments.tables import PaymentInstruction
from procurement.permissions import Subject
from procurement.rounds.at_edge import faults_of, status_of, whole_of
from procurement.web import Visit, render

PAGE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2199

seen_by = scope_for
"""As what the visitor looks at payments."""


def own_subject(visit: Visit) -> Subject:
    """What permissions ask about things of the visitor's own organisation."""
    own = visit.actor.organisation_id
    return Subject(organisation_id=own, bureau_id=own, regions=(visit.actor.region,))


def secret_key(visit: Visit) -> bytes:
    """Return the installation's key, with which account numbers are sealed."""
    key = visit.settings.secret_key
    if key is None:
        raise ValueError("the settings have no secret key: see with_installation_key")
    return key


def claim_of(instruction: PaymentInstruction) -> int:
    """Return the id of the claim that an instruction pays; 0 where it pays something else.

    Examples:
        >>> claim_of(PaymentInstruction(subject="claim/3"))
        3
        >>> claim_of(PaymentInstruction(subject="prepayment/3"))
        0
    """
    kind, _, number = instruction.subject.partition("/")
    return typed(number) if kind == "claim" else 0


def page_number(visit: Visit) -> int:
    """Return which page of a list is asked for; nonsense is the first."""
    return typed(visit.query.get("page", "")) or 1


def typed(text: str | None) -> int:
    """Read a number that an address or a form sent; what is none is 0, which is nothing's.

    Examples:
        >>> typed("12"), typed(""), typed(None), typed("１２"), typed("99999999999")
        (12, 0, 0, 0, 0)
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def typed_day(text: str | None) -> date | None:
    """Read a day that an address or a form sent; None where it is none of this century or the next.

    Examples:
        >>> typed_day("2026-11-22"), typed_day("2026-13-01"), typed_day("0001-01-01")
        (datetime.date(2026, 11, 22), None, None)
    """
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def typed_month(text: str | None) -> date | None:
    """Read a month that a form sent, as its first day; None where it is none.

    Examples:
        >>> typed_month("2026-11"), typed_month("2026-11-22"), typed_month("11/2026")
        (datetime.date(2026, 11, 1), datetime.date(2026, 11, 1), None)
    """
    return typed_day(f"{(text or '')[:7]}-01")


def one_of(text: str | None, names: Iterable[str]) -> str:
    """Return what a filter asks for if it is one of the possible words, else nothing."""
    return text if text and text in set(names) else ""


def names_of(visit: Visit, ids: Iterable[int | None]) -> Mapping[int, str]:
    """Return the names of organisations."""
    wanted = sorted({one for one in ids if one})
    found = organisations_by_id(visit.session, organisation_ids=wanted)
    return {one: row.name for one, row in found.items()}


def shown(
    visit: Visit,
    template: str,
    scope: Scope,
    *,
    refusal: RefusedError | None = None,
    **context: Any,  # noqa: ANN401 - whatever the template needs
) -> Response[Any]:
    """Show a page of this stage, also with what was refused."""
    return render(
        visit,
        f"payments/{template}.html",
        status=200 if refusal is None else status_of(refusal),
        scope=scope,
        Side=Side,
        filters=visit.query,
        values=context.pop("values", visit.form),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **context,
        **words(visit),
    )
