"""Drafting a settlement: region, rulebook, batch-years, and every open parameter."""

import json
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.organisations.search import Wanted, organisations_matching
from procurement.accounts.tables import OrganisationKind
from procurement.agreements.at_edge import typed_id
from procurement.errors import RefusedError
from procurement.permissions import Action, Subject
from procurement.permissions.decide import covers
from procurement.rounds.at_edge import FormReader, filled_form
from procurement.savings.at_edge import settlement_for
from procurement.savings.pages.parameter_form import (
    choice_of,
    hints,
    labels,
    read_parameters,
    typed_parameters,
)
from procurement.savings.pages.visiting import (
    done_or_shown,
    shown,
)
from procurement.savings.settlements.drafting import (
    Draft,
    back_to_draft,
    change_settlement,
    draft_settlement,
    name_agency,
    withdraw_settlement,
)
from procurement.savings.settlements.parameters import find_rulebook, savings_rulebooks
from procurement.savings.settlements.terms import terms_of, terms_to_settle
from procurement.savings.tables import SavingsSettlement
from procurement.web import Form, Visit, paginate, reads, writes

AGENCIES_MAX = 500
REGION_DIGITS = 6


@get("/savings/new", include_in_schema=False)
@reads
def new_settlement(visit: Visit) -> Response[Any]:
    """Show the form of a new settlement."""
    visit.require(Action.DRAFT_SETTLEMENT, Subject(bureau_id=visit.actor.organisation_id))
    return _form(visit, None, None)


@post("/savings/new", include_in_schema=False)
@writes
def draft(visit: Visit) -> Response[Any]:
    """Draft a settlement."""
    visit.require(Action.DRAFT_SETTLEMENT, Subject(bureau_id=visit.actor.organisation_id))
    name = visit.form.get("name", "")

    def change() -> None:
        draft_settlement(
            visit.session,
            name=name,
            draft=_draft(visit.form),
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit, change, f"/savings/{name}", lambda refusal: _form(visit, None, refusal)
    )


@get("/savings/{name:str}/edit", include_in_schema=False)
@reads
def edit_settlement(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the form of a draft."""
    return _form(visit, settlement_for(visit, name, Action.DRAFT_SETTLEMENT), None)


@post("/savings/{name:str}/edit", include_in_schema=False)
@writes
def change_draft(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Change a draft."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)

    def change() -> None:
        change_settlement(
            visit.session,
            settlement=settlement,
            draft=_draft(visit.form),
            version=FormReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit, change, f"/savings/{name}", lambda refusal: _form(visit, settlement, refusal)
    )


def end_draft(visit: Visit, settlement: SavingsSettlement, step: str) -> None:
    """Withdraw a settlement, go back to its draft, or name its agency: actions of its page."""
    if step == "agency":
        name_agency(
            visit.session,
            settlement=settlement,
            agency_id=typed_id(visit.form.get("agency_id", "")),
            actor=visit.actor,
            moment=visit.moment,
        )
        return
    change = withdraw_settlement if step == "withdraw" else back_to_draft
    change(
        visit.session,
        settlement=settlement,
        reason=visit.form.get("reason", ""),
        actor=visit.actor,
        moment=visit.moment,
    )


def _draft(form: Form) -> Draft:
    agency = form.get("agency_id", "")
    return Draft(
        title=" ".join(form.get("title", "").split()),
        region=form.get("region", ""),
        rulebook=form.get("rulebook", ""),
        term_ids=tuple(map(typed_id, form.all("term_ids"))),
        follow_on=frozenset(map(typed_id, form.all("follow_on")))
        & frozenset(map(typed_id, form.all("term_ids"))),
        parameters=read_parameters(form),
        agency_id=typed_id(agency) if agency else None,
    )


def agencies(visit: Visit, region: str) -> list[tuple[int, str]]:
    """Fund agencies whose region covers another, for a choice."""
    wanted = Wanted(kind=OrganisationKind.FUND_AGENCY)
    page = paginate(visit.session, organisations_matching(wanted), number=1, size=AGENCIES_MAX)
    return [(one.id, one.name) for one in page.rows if covers(one.region, region)]


def _form(
    visit: Visit, settlement: SavingsSettlement | None, refusal: RefusedError | None
) -> Response[Any]:
    chosen = _chosen(visit, settlement)
    rulebook = find_rulebook(chosen["rulebook"])
    is_region = len(chosen["region"]) == REGION_DIGITS and chosen["region"].isdigit()
    terms = terms_to_settle(visit.session, region=chosen["region"]) if is_region else []
    asked = {} if rulebook is None else _asked(visit, choice_of(rulebook, visit.language))
    return shown(
        visit,
        "draft.html",
        refusal,
        settlement=settlement,
        values=filled_form(_typed(visit, settlement)),
        chosen=chosen,
        rulebooks=[
            (one.id, f"{visit.text(one.title.zh, one.title.en)} · {one.id}")
            for one in savings_rulebooks()
        ],
        rulebook=rulebook,
        terms=terms,
        agencies=agencies(visit, chosen["region"]) if is_region else [],
        hints=hints(visit),
        labels=labels(visit),
        **asked,
    )


def _asked(visit: Visit, choice: Any) -> dict[str, object]:  # noqa: ANN401 - `Choice`, by name
    return {name: getattr(choice, name) for name in choice.__slots__}


def _chosen(visit: Visit, settlement: SavingsSettlement | None) -> dict[str, str]:
    asked = {**visit.query, **{name: visit.form.get(name, "") for name in visit.form}}
    region = visit.actor.region if settlement is None else settlement.region
    first = savings_rulebooks()[0].id if settlement is None else settlement.rulebook
    return {
        "region": asked.get("region", region)[:REGION_DIGITS],
        "rulebook": asked.get("rulebook", first),
    }


def _typed(visit: Visit, settlement: SavingsSettlement | None) -> dict[str, tuple[str, ...]]:
    if settlement is None:
        return {}
    terms = terms_of(visit.session, settlement=settlement)
    agency = settlement.agency_id
    return {
        **typed_parameters(json.loads(settlement.parameters)),
        "title": (settlement.title,),
        "term_ids": tuple(str(one.term_id) for one in terms),
        "follow_on": tuple(str(one.term_id) for one in terms if one.follow_on),
        "agency_id": () if agency is None else (str(agency),),
    }


ROUTES = (new_settlement, draft, edit_settlement, change_draft)
"""Handlers of these pages."""
