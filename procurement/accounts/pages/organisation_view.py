"""The page of one organisation, which several steps come back to."""

from typing import Any

from litestar import Response

from procurement.accounts.certificates.service import (
    certificates_of,
    open_challenges,
    signing_keys_of,
)
from procurement.accounts.divisions import division_name
from procurement.accounts.organisations.relations import relations_of
from procurement.accounts.organisations.service import organisation_of, organisations_by_id
from procurement.accounts.pages.wording import KIND_NAMES, LEVEL_NAMES, RELATION_NAMES
from procurement.accounts.people.invitations import may_invite, open_invitations
from procurement.accounts.people.service import people_of
from procurement.accounts.rules import roles_from
from procurement.accounts.subjects import organisation_subject
from procurement.accounts.tables import Organisation, Person
from procurement.errors import RefusedError
from procurement.permissions import ROLE_NAMES, Action, Role
from procurement.web import Visit, render

CONFLICT = 409


def organisation_for(visit: Visit, organisation_id: int, action: Action) -> Organisation:
    """Return an organisation with which the visitor may do this.

    Raises:
        NotPermittedError: None of his roles may.
        NotFoundForActorError: There is none, or a role may, but not with this one.
    """
    visit.require_ever(action)
    organisation = organisation_of(visit.session, organisation_id=organisation_id)
    visit.require(action, organisation_subject(organisation, actor=visit.actor))
    return organisation


def organisation_page(
    visit: Visit, organisation: Organisation, *, refusal: RefusedError | None = None
) -> Response[Any]:
    """Answer with the page of an organisation: facts, relations, people, keys.

    Args:
        visit: The request.
        organisation: Which the visitor may read.
        refusal: Why the step that was asked for did not happen.
    """
    session, subject = visit.session, organisation_subject(organisation, actor=visit.actor)
    relations = relations_of(session, organisation_id=organisation.id)
    others = {each.subject_id for each in relations} | {each.related_id for each in relations}
    sees_people = organisation.id == visit.actor.organisation_id
    return render(
        visit,
        "accounts/organisation.html",
        status=200 if refusal is None else CONFLICT,
        organisation=organisation,
        kind=visit.text(*KIND_NAMES[organisation.kind]),
        level=visit.text(*LEVEL_NAMES[organisation.level]) if organisation.level else "",
        division=visit.text(*division_name(organisation.region)),
        relations=relations,
        related=organisations_by_id(session, organisation_ids=sorted(others)),
        relation_names=RELATION_NAMES,
        people=people_of(session, organisation_id=organisation.id) if sees_people else (),
        role_names={person_role: visit.text(*ROLE_NAMES[person_role]) for person_role in Role},
        roles_of=roles_of,
        invitations=open_invitations(
            session, organisation_id=organisation.id, moment=visit.wall_moment
        ),
        challenges=open_challenges(
            session, organisation_id=organisation.id, moment=visit.wall_moment
        ),
        keys=signing_keys_of(session, organisation_id=organisation.id),
        certificates={
            each.id: each for each in certificates_of(session, organisation_id=organisation.id)
        },
        may_invite=visit.may(Action.INVITE_PERSON, subject)
        and may_invite(session, organisation_id=organisation.id, actor=visit.actor),
        subject=subject,
        sees_people=sees_people,
        refusal=refusal,
    )


def roles_of(person: Person) -> list[Role]:
    """Return a person's roles without ``public``, in the order of `Role`."""
    return sorted(roles_from(person.roles) - {Role.PUBLIC}, key=list(Role).index)
