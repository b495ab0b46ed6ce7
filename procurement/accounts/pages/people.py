"""People of an organisation: inviting, roles, renewing passwords."""

from typing import Any

from litestar import Response, get, post

from procurement.accounts.organisations.forms import roles_posted, version_from
from procurement.accounts.pages.organisation_view import (
    organisation_for,
    organisation_page,
    roles_of,
)
from procurement.accounts.people.invitations import (
    InvitationOverError,
    Invited,
    OnlyTheFirstError,
    invite_person,
    invite_to_renew,
    revoke_invitation,
)
from procurement.accounts.people.service import LastAdministratorError, change_person, person_of
from procurement.accounts.rules import ROLES_OF_KIND
from procurement.accounts.tables import Invitation, Organisation, Person
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.permissions import ROLE_NAMES, Action, NotFoundForActorError, Role
from procurement.web import RowId, Visit, reads, redirect, render, writes

_ONE = "/organisations/{organisation_id:int}"
_PERSON = f"{_ONE}/people/{{person_id:int}}"


@get(f"{_ONE}/invite", include_in_schema=False)
@reads
def show_invite(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Show the empty form."""
    organisation = organisation_for(visit, organisation_id, Action.INVITE_PERSON)
    return _invite(visit, organisation)


@post(f"{_ONE}/invite", include_in_schema=False)
@writes
def invite(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Make an invitation and show its link, once."""
    organisation = organisation_for(visit, organisation_id, Action.INVITE_PERSON)
    form = visit.form
    invited = Invited(
        name=form.get("name", ""),
        roles=roles_posted(form.all("roles")),
        user=form.get("user", ""),
    )
    try:
        token, invitation = invite_person(
            visit.session,
            organisation_id=organisation_id,
            invited=invited,
            moment=visit.wall_moment,
            actor=visit.actor,
        )
    except InvalidInputError as refusal:
        return _invite(visit, organisation, values=form, faults=refusal.faults)
    except OnlyTheFirstError as refusal:
        return _invite(visit, organisation, values=form, refusal=refusal)
    return _link(visit, organisation, token, invitation)


@post(f"{_ONE}/invitations/{{invitation_id:int}}/revoke", include_in_schema=False)
@writes
def revoke(visit: Visit, organisation_id: RowId, invitation_id: RowId) -> Response[Any]:
    """Make a link useless."""
    organisation = organisation_for(visit, organisation_id, Action.MANAGE_PEOPLE)
    try:
        revoke_invitation(
            visit.session, invitation_id=invitation_id, actor=visit.actor, moment=visit.wall_moment
        )
    except InvitationOverError as refusal:
        return organisation_page(visit, organisation, refusal=refusal)
    return redirect(f"/organisations/{organisation_id}")


@get(_PERSON, include_in_schema=False)
@reads
def show_person(visit: Visit, organisation_id: RowId, person_id: RowId) -> Response[Any]:
    """Show what somebody may do, to be changed."""
    organisation = organisation_for(visit, organisation_id, Action.MANAGE_PEOPLE)
    return _person(visit, organisation, _member(visit, organisation_id, person_id))


@post(_PERSON, include_in_schema=False)
@writes
def change(visit: Visit, organisation_id: RowId, person_id: RowId) -> Response[Any]:
    """Change roles, or let somebody in no more."""
    organisation = organisation_for(visit, organisation_id, Action.MANAGE_PEOPLE)
    person = _member(visit, organisation_id, person_id)
    try:
        change_person(
            visit.session,
            person_id=person_id,
            roles=roles_posted(visit.form.all("roles")),
            is_active=visit.form.get("active") == "yes",
            version=version_from(visit.form),
            moment=visit.wall_moment,
            actor=visit.actor,
        )
    except InvalidInputError as refusal:
        return _person(visit, organisation, person, faults=refusal.faults)
    except (StaleError, LastAdministratorError) as refusal:
        return _person(visit, organisation, person, refusal=refusal)
    return redirect(f"/organisations/{organisation_id}")


@post(f"{_PERSON}/renew", include_in_schema=False)
@writes
def renew(visit: Visit, organisation_id: RowId, person_id: RowId) -> Response[Any]:
    """Make a link with which somebody renews a forgotten password, and show it once."""
    organisation = organisation_for(visit, organisation_id, Action.MANAGE_PEOPLE)
    _member(visit, organisation_id, person_id)
    token, invitation = invite_to_renew(
        visit.session, person_id=person_id, moment=visit.wall_moment, actor=visit.actor
    )
    return _link(visit, organisation, token, invitation)


def _member(visit: Visit, organisation_id: int, person_id: int) -> Person:
    person = person_of(visit.session, person_id=person_id)
    if person.organisation_id != organisation_id:
        raise NotFoundForActorError
    return person


def _invite(
    visit: Visit,
    organisation: Organisation,
    *,
    values: object = None,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    return render(
        visit,
        "accounts/invite.html",
        status=422 if faults else 409 if refusal else 200,
        organisation=organisation,
        roles=_role_options(visit, organisation),
        is_own=organisation.id == visit.actor.organisation_id,
        values=values,
        faults=faults,
        refusal=refusal,
    )


def _link(
    visit: Visit, organisation: Organisation, token: str, invitation: Invitation
) -> Response[Any]:
    return render(
        visit,
        "accounts/invited.html",
        organisation=organisation,
        invitation=invitation,
        link=f"{visit.settings.public_address}/invitations/{token}",
    )


def _person(
    visit: Visit,
    organisation: Organisation,
    person: Person,
    *,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    posted = bool(faults or refusal)
    shown = {
        "roles": [role.value for role in roles_of(person)],
        "active": "yes" if person.is_active else "",
    }
    return render(
        visit,
        "accounts/person.html",
        status=422 if faults else 409 if refusal else 200,
        organisation=organisation,
        person=person,
        roles=_role_options(visit, organisation),
        values=visit.form if posted else shown,
        faults=faults,
        refusal=refusal,
    )


def _role_options(visit: Visit, organisation: Organisation) -> list[tuple[str, str]]:
    allowed = ROLES_OF_KIND[organisation.kind]
    return [(role.value, visit.text(*ROLE_NAMES[role])) for role in Role if role in allowed]


ROUTES = (show_invite, invite, revoke, show_person, change, renew)
