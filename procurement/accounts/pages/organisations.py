"""Organisations: the list, one, registering, changing."""

from typing import Any

from litestar import Response, get, post

from procurement.accounts.divisions import division_name
from procurement.accounts.organisations.forms import facts_from, values_of, version_from
from procurement.accounts.organisations.search import Wanted, organisations_matching
from procurement.accounts.organisations.service import (
    OrganisationFacts,
    change_organisation,
    register_organisation,
    set_active,
)
from procurement.accounts.pages.organisation_view import organisation_for, organisation_page
from procurement.accounts.pages.wording import KIND_NAMES, region_options
from procurement.accounts.subjects import organisation_subject, subject_in
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.permissions import Action, Subject
from procurement.web import PageNumber, RowId, Visit, paginate, reads, redirect, render, writes


@get("/organisations", include_in_schema=False)
@reads
def list_organisations(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List organisations, filtered by kind, region and words."""
    visit.require(Action.READ_ORGANISATIONS)
    query = visit.query
    wanted = Wanted(
        kind=query.get("kind", ""),
        region=query.get("region", ""),
        words=query.get("words", "").strip(),
        sort=query.get("sort") or "region",
    )
    return render(
        visit,
        "accounts/organisations.html",
        page=paginate(visit.session, organisations_matching(wanted), number=page),
        kinds=_kinds(visit),
        kind_names=KIND_NAMES,
        division=lambda code: visit.text(*division_name(code)),
        regions=[(code, visit.text(*names)) for code, names in region_options()],
    )


@get("/organisations/new", include_in_schema=False)
@reads
def show_registration(visit: Visit) -> Response[Any]:
    """Show the empty form."""
    own = visit.actor.region
    visit.require(Action.REGISTER_ORGANISATION, Subject(regions=(own,)))
    return _registration(visit, values={"region": own})


@post("/organisations/new", include_in_schema=False)
@writes
def register(visit: Visit) -> Response[Any]:
    """Register an organisation."""
    visit.require(Action.REGISTER_ORGANISATION, Subject(regions=(visit.actor.region,)))
    try:
        facts = facts_from(visit.form)
        _require_region(visit, Action.REGISTER_ORGANISATION, facts)
        with visit.savepoint():
            organisation = register_organisation(
                visit.session, facts=facts, moment=visit.moment, actor=visit.actor
            )
    except InvalidInputError as refusal:
        return _registration(visit, values=visit.form, faults=refusal.faults)
    return redirect(f"/organisations/{organisation.id}")


@get("/organisations/{organisation_id:int}", include_in_schema=False)
@reads
def show_organisation(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Show an organisation with its relations, people and keys."""
    organisation = organisation_for(visit, organisation_id, Action.READ_ORGANISATION)
    return organisation_page(visit, organisation)


@get("/organisations/{organisation_id:int}/edit", include_in_schema=False)
@reads
def show_change(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Show what is registered, to be changed."""
    organisation = organisation_for(visit, organisation_id, Action.CHANGE_ORGANISATION)
    return _change(visit, organisation, values=values_of(organisation))


@post("/organisations/{organisation_id:int}/edit", include_in_schema=False)
@writes
def change(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Change what is registered; what an organisation is known by, only a bureau changes."""
    organisation = organisation_for(visit, organisation_id, Action.CHANGE_ORGANISATION)
    may_rename = _may_rename(visit, organisation)
    try:
        facts = facts_from(visit.form, kept=None if may_rename else organisation)
        if may_rename:
            _require_region(visit, Action.CHANGE_IDENTITY, facts)
        with visit.savepoint():
            change_organisation(
                visit.session,
                organisation_id=organisation_id,
                facts=facts,
                version=version_from(visit.form),
                moment=visit.moment,
                actor=visit.actor,
            )
    except InvalidInputError as refusal:
        return _change(visit, organisation, values=visit.form, faults=refusal.faults)
    except StaleError as refusal:
        return _change(visit, organisation, values=visit.form, refusal=refusal)
    return redirect(f"/organisations/{organisation_id}")


@post("/organisations/{organisation_id:int}/active", include_in_schema=False)
@writes
def switch(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Let an organisation's people in, or keep them out."""
    organisation = organisation_for(visit, organisation_id, Action.ACTIVATE_ORGANISATION)
    try:
        set_active(
            visit.session,
            organisation_id=organisation_id,
            is_active=visit.form.get("active") == "yes",
            version=version_from(visit.form),
            moment=visit.moment,
            actor=visit.actor,
        )
    except StaleError as refusal:
        return organisation_page(visit, organisation, refusal=refusal)
    return redirect(f"/organisations/{organisation_id}")


def _registration(
    visit: Visit, *, values: object, faults: tuple[FieldFault, ...] = ()
) -> Response[Any]:
    return render(
        visit,
        "accounts/register_organisation.html",
        status=422 if faults else 200,
        values=values,
        faults=faults,
        kinds=_kinds(visit),
    )


def _change(
    visit: Visit,
    organisation: Organisation,
    *,
    values: object,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    return render(
        visit,
        "accounts/change_organisation.html",
        status=422 if faults else 409 if refusal else 200,
        organisation=organisation,
        values=values,
        faults=faults,
        refusal=refusal,
        may_rename=_may_rename(visit, organisation),
    )


def _may_rename(visit: Visit, organisation: Organisation) -> bool:
    subject = organisation_subject(organisation, actor=visit.actor)
    return visit.may(Action.CHANGE_IDENTITY, subject)


def _require_region(visit: Visit, action: Action, facts: OrganisationFacts) -> None:
    """Refuse a region that is not the visitor's, at its field."""
    if not visit.may(action, subject_in(facts.region, kind=facts.kind, actor=visit.actor)):
        raise InvalidInputError(
            [
                FieldFault(
                    "region",
                    "只能登记本采购办管辖地区的机构。",
                    "Only organisations within your bureau's region can be registered.",
                )
            ]
        )


def _kinds(visit: Visit) -> list[tuple[str, str]]:
    return [(kind.value, visit.text(*KIND_NAMES[kind])) for kind in OrganisationKind]


ROUTES = (
    list_organisations,
    show_registration,
    register,
    show_organisation,
    show_change,
    change,
    switch,
)
