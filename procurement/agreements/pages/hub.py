"""The page of a round's agreements: a party's own, or those that a bureau looks after."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.agreements.at_edge import (
    file_answer,
    own_view,
    public_round,
    require_term,
    sees_all_listed,
    term_in_view,
    without_prices,
)
from procurement.agreements.exporting import SHEET, agreements_sheet
from procurement.agreements.listing import (
    agreements_seen,
    count_by_status,
    organisations_named,
)
from procurement.agreements.pages.words import words
from procurement.agreements.states import AgreementStatus, TermStatus
from procurement.agreements.succession import is_over
from procurement.agreements.tables import AgreementTerm
from procurement.agreements.terms import latest_term, terms_of
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.permissions import Action, Subject
from procurement.rounds.at_edge import faults_of, status_of, whole_of
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit, paginate, reads, render

PAGE = 50


@get("/rounds/{name:str}/agreements", include_in_schema=False)
@reads
def show_agreements(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the agreements that are the visitor's concern, with what can be done."""
    return agreements_page(visit, public_round(visit, name, Action.READ_AGREEMENT), None)


def agreements_page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    """Show the page, also with what was refused."""
    view, term = own_view(visit, round_), term_in_view(visit, round_)
    lead = Subject(bureau_id=round_.bureau_id)
    found = _found(visit, round_, term)
    return render(
        visit,
        "agreements/agreements.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        RoundStatus=RoundStatus,
        term=term,
        terms=terms_of(visit.session, round_id=round_.id),
        is_done=term is not None and term.status == TermStatus.DONE,
        view=view,
        may_make=visit.may(Action.MAKE_AGREEMENTS, lead),
        may_end=_may_end(visit, round_),
        may_sign=view.party is not None,
        may_choose=visit.may_ever(Action.CHOOSE_DISTRIBUTOR),
        values=visit.form,
        filters=visit.query,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **found,
        **words(visit),
    )


def _may_end(visit: Visit, round_: Round) -> bool:
    last = latest_term(visit.session, round_id=round_.id)
    today = day_in_china(visit.moment)
    return last is not None and round_.status == RoundStatus.RUNNING and is_over(last, today)


def _found(visit: Visit, round_: Round, term: AgreementTerm | None) -> dict[str, object]:
    if term is None:
        return {"page": None, "counts": {}, "names": {}, "regions": []}
    view, query = own_view(visit, round_), visit.query
    status = query.get("status", "")
    seen = agreements_seen(
        view,
        term=term,
        status=status if status in set(AgreementStatus) else "",
        region=query.get("region", "")[:60],
    )
    number = query.get("page", "1")
    page = paginate(
        visit.session,
        seen,
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 1,
        size=PAGE,
    )
    return {
        "page": page,
        "counts": count_by_status(visit.session, agreements_seen(view, term=term)),
        "names": organisations_named(visit.session, page.rows),
    }


@get("/rounds/{name:str}/agreements/agreements.xlsx", include_in_schema=False)
@reads
def agreements_file(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give the agreements that the visitor sees as an Excel file."""
    round_ = public_round(visit, name, Action.READ_AGREEMENT)
    term, view = require_term(visit, round_), own_view(visit, round_)
    sees_all = sees_all_listed(visit, round_, view)
    content = agreements_sheet(
        visit.session,
        round_=round_,
        term=term,
        seen=agreements_seen(view, term=term),
        text=visit.text,
        prepare=(lambda one: one) if sees_all else without_prices,
    )
    return file_answer(content, name=f"{name}-{term.number}.xlsx", media_type=SHEET)


ROUTES = (show_agreements, agreements_file)
"""Handlers of these pages."""
