"""Recording and ending relations of an organisation."""

from typing import Any

from litestar import Response, get, post

from procurement.accounts.organisations.forms import end_day, relation_from
from procurement.accounts.organisations.relations import (
    end_relation,
    possible_relations,
    record_relation,
)
from procurement.accounts.pages.organisation_view import organisation_for, organisation_page
from procurement.accounts.pages.wording import RELATION_NAMES
from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, redirect, render, writes

_RELATION = "/organisations/{organisation_id:int}/relations"


@get(f"{_RELATION}/new", include_in_schema=False)
@reads
def show_relation(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Show the empty form."""
    organisation = organisation_for(visit, organisation_id, Action.RECORD_RELATION)
    return _form(visit, organisation)


@post(f"{_RELATION}/new", include_in_schema=False)
@writes
def add_relation(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Record a relation whose subject is this organisation."""
    organisation = organisation_for(visit, organisation_id, Action.RECORD_RELATION)
    try:
        with visit.savepoint():
            facts = relation_from(visit.session, visit.form, subject_id=organisation_id)
            record_relation(visit.session, facts=facts, moment=visit.moment, actor=visit.actor)
    except InvalidInputError as refusal:
        return _form(visit, organisation, values=visit.form, faults=refusal.faults)
    return redirect(f"/organisations/{organisation_id}")


@post(f"{_RELATION}/{{relation_id:int}}/end", include_in_schema=False)
@writes
def finish_relation(visit: Visit, organisation_id: RowId, relation_id: RowId) -> Response[Any]:
    """Say on which day a relation ends."""
    organisation = organisation_for(visit, organisation_id, Action.END_RELATION)
    try:
        end_relation(
            visit.session,
            relation_id=relation_id,
            organisation_id=organisation_id,
            until_date=end_day(visit.form),
            moment=visit.moment,
            actor=visit.actor,
        )
    except InvalidInputError as refusal:
        return organisation_page(visit, organisation, refusal=refusal)
    return redirect(f"/organisations/{organisation_id}")


def _form(
    visit: Visit,
    organisation: Organisation,
    *,
    values: object = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response[Any]:
    kinds = possible_relations(organisation.kind)
    return render(
        visit,
        "accounts/relation.html",
        status=422 if faults else 200,
        organisation=organisation,
        kinds=[(kind.value, visit.text(*RELATION_NAMES[kind][:2])) for kind in kinds],
        values=values,
        faults=faults,
    )


ROUTES = (show_relation, add_relation, finish_relation)
