"""The interface of organisations, relations and of who a token acts for."""

from datetime import date, datetime
from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct

from procurement.accounts.organisations.relations import (
    RelationFacts,
    record_relation,
    relations_of,
)
from procurement.accounts.organisations.search import Wanted, organisations_matching
from procurement.accounts.organisations.service import OrganisationFacts, register_organisation
from procurement.accounts.pages.organisation_view import organisation_for
from procurement.accounts.people.service import person_of
from procurement.accounts.rules import roles_from
from procurement.accounts.subjects import subject_in
from procurement.accounts.tables import (
    Organisation,
    OrganisationKind,
    OrganisationRelation,
    RelationKind,
)
from procurement.permissions import Action, Role
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

_ONE = "/api/v1/organisations/{organisation_id:int}"


class Me(Struct, kw_only=True):
    """Whom the token acts for."""

    person_id: int
    name: str
    user: str
    organisation_id: int
    organisation: str
    region: str
    roles: list[str]


class OrganisationOut(Struct, kw_only=True):
    """An organisation as it is registered."""

    id: int
    kind: str
    name: str
    short_name: str
    credit_code: str | None
    region: str
    level: str | None
    institution_code: str | None
    legal_representative: str | None
    authorised_person: str | None
    is_active: bool
    registered_at: datetime
    version: int


class OrganisationIn(Struct, kw_only=True):
    """An organisation to be registered."""

    kind: OrganisationKind
    name: str
    region: str
    short_name: str = ""
    credit_code: str | None = None
    institution_code: str | None = None
    legal_representative: str | None = None
    authorised_person: str | None = None


class OrganisationPage(Struct, kw_only=True):
    """Organisations in the order of their ids."""

    items: list[OrganisationOut]
    next_cursor: str | None


class RelationOut(Struct, kw_only=True):
    """A relation; read subject, kind, related."""

    id: int
    subject_id: int
    kind: str
    related_id: int
    product: str | None
    since_date: date
    until_date: date | None


class RelationIn(Struct, kw_only=True):
    """A relation whose subject is the organisation in the address."""

    kind: RelationKind
    related_id: int
    since_date: date
    until_date: date | None = None
    product: str = ""


class RelationList(Struct, kw_only=True):
    """All relations of an organisation, on either side."""

    items: list[RelationOut]
    next_cursor: str | None = None


@get("/api/v1/me", tags=["accounts"])
@reads
def me(visit: Visit) -> Me:
    """Tell whom the token acts for."""
    visit.require(Action.USE_ACCOUNT)
    person = person_of(visit.session, person_id=visit.actor.person_id or 0)
    roles = roles_from(person.roles) - {Role.PUBLIC}
    return Me(
        person_id=person.id,
        name=person.name,
        user=person.user,
        organisation_id=person.organisation_id,
        organisation=visit.actor.organisation,
        region=visit.actor.region,
        roles=sorted(role.value for role in roles),
    )


@get("/api/v1/organisations", tags=["accounts"])
@reads
def list_organisations(
    visit: Visit,
    kind: Annotated[OrganisationKind | None, QueryParameter(name="kind")] = None,
    region: Annotated[str, QueryParameter(name="region", max_length=6)] = "",
    words: Annotated[str, QueryParameter(name="words", max_length=200)] = "",
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> OrganisationPage:
    """List organisations, filtered by kind, region and words."""
    visit.require(Action.READ_ORGANISATIONS)
    wanted = Wanted(kind=kind or "", region=region, words=words.strip())
    page = paginate_by_key(
        visit.session,
        organisations_matching(wanted).order_by(None),
        key=Organisation.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return OrganisationPage(
        items=[_organisation(row) for row in page.rows], next_cursor=page.next_cursor
    )


@post("/api/v1/organisations", tags=["accounts"])
@writes
def register(visit: Visit, data: JSONBody[OrganisationIn]) -> OrganisationOut:
    """Register an organisation within the bureau's region."""
    visit.require(
        Action.REGISTER_ORGANISATION,
        subject_in(data.region, kind=data.kind, actor=visit.actor),
    )
    facts = OrganisationFacts(
        kind=data.kind,
        name=" ".join(data.name.split()),
        short_name=" ".join(data.short_name.split()),
        credit_code=data.credit_code,
        region=data.region,
        institution_code=data.institution_code,
        legal_representative=data.legal_representative,
        authorised_person=data.authorised_person,
    )
    return _organisation(
        register_organisation(visit.session, facts=facts, moment=visit.moment, actor=visit.actor)
    )


@get(_ONE, tags=["accounts"])
@reads
def show(visit: Visit, organisation_id: RowId) -> OrganisationOut:
    """Show an organisation."""
    return _organisation(organisation_for(visit, organisation_id, Action.READ_ORGANISATION))


@get(f"{_ONE}/relations", tags=["accounts"])
@reads
def list_relations(visit: Visit, organisation_id: RowId) -> RelationList:
    """List the relations of an organisation."""
    organisation_for(visit, organisation_id, Action.READ_ORGANISATION)
    found = relations_of(visit.session, organisation_id=organisation_id)
    return RelationList(items=[_relation(row) for row in found])


@post(f"{_ONE}/relations", tags=["accounts"])
@writes
def add_relation(visit: Visit, organisation_id: RowId, data: JSONBody[RelationIn]) -> RelationOut:
    """Record a relation whose subject is this organisation."""
    organisation_for(visit, organisation_id, Action.RECORD_RELATION)
    facts = RelationFacts(
        subject_id=organisation_id,
        kind=data.kind,
        related_id=data.related_id,
        since_date=data.since_date,
        until_date=data.until_date,
        product=data.product[:200],
    )
    return _relation(
        record_relation(visit.session, facts=facts, moment=visit.moment, actor=visit.actor)
    )


def _organisation(row: Organisation) -> OrganisationOut:
    return OrganisationOut(
        id=row.id,
        kind=row.kind,
        name=row.name,
        short_name=row.short_name,
        credit_code=row.credit_code,
        region=row.region,
        level=row.level,
        institution_code=row.institution_code,
        legal_representative=row.legal_representative,
        authorised_person=row.authorised_person,
        is_active=row.is_active,
        registered_at=row.registered_at,
        version=row.version,
    )


def _relation(row: OrganisationRelation) -> RelationOut:
    return RelationOut(
        id=row.id,
        subject_id=row.subject_id,
        kind=row.kind,
        related_id=row.related_id,
        product=row.product or None,
        since_date=row.since_date,
        until_date=row.until_date,
    )


ROUTES = (me, list_organisations, register, show, list_relations, add_relation)
