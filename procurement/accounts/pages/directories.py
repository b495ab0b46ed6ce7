"""Signing in through a bureau's own directory, and configuring it."""

from dataclasses import replace
from typing import Any

from litestar import Response, get, post

from procurement.accounts.organisations.forms import roles_posted
from procurement.accounts.pages.organisation_view import organisation_for
from procurement.accounts.pages.sign_in import next_address, with_sign_in
from procurement.accounts.rules import ROLES_OF_KIND
from procurement.accounts.sign_in.directories import (
    DirectoryFacts,
    SignInOverError,
    UnknownToDirectoryError,
    begin_sign_in,
    client_secret,
    configure_directory,
    directory_in_use,
    directory_of,
    expect_person,
    finish_sign_in,
    take_sign_in,
)
from procurement.accounts.sign_in.openid import (
    Claims,
    Client,
    DirectoryError,
    authorization_address,
    discover,
    redeem,
)
from procurement.accounts.tables import Directory, Organisation
from procurement.database import transaction
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import ROLE_NAMES, Action, NotFoundForActorError, Role
from procurement.web import RowId, Visit, new_cookie, reads, redirect, render, writes

BROWSER_COOKIE = "jicai_directory"
RETURN_PATH = "/sign-in/directory/return"

_OF_ORGANISATION = "/organisations/{organisation_id:int}/directory"


@post("/sign-in/directory/{directory_id:int}", include_in_schema=False)
@reads
def set_out(visit: Visit, directory_id: RowId) -> Response[Any]:
    """Send the browser to the directory.

    The directory is asked while this request holds no lock; what it needs is written after.
    """
    directory = directory_in_use(visit.session, directory_id=directory_id)
    try:
        provider = discover(directory.issuer)
    except DirectoryError as refusal:
        return _refused(visit, refusal)
    with transaction(visit.engine) as session:
        begun = begin_sign_in(
            session,
            directory_id=directory_id,
            return_to=next_address(visit.form.get("next", "")),
            moment=visit.wall_moment,
            secret_key=_key(visit),
        )
    destination = authorization_address(
        provider,
        _client(visit, directory),
        state=begun.state,
        nonce=begun.nonce,
        verifier=begun.verifier,
    )
    # The policy lets forms go to ourselves only, and counts where they are sent on to: a page
    # with a link sets out.
    answer = render(
        visit, "accounts/set_out.html", destination=destination, issuer=directory.issuer
    )
    answer.set_cookie(
        new_cookie(BROWSER_COOKIE, begun.browser, seconds=600, settings=visit.settings)
    )
    return answer


@get(RETURN_PATH, include_in_schema=False)
@reads
def come_back(visit: Visit) -> Response[Any]:
    """Take the browser back from the directory."""
    query = visit.query
    try:
        with transaction(visit.engine) as session:
            directory, begun, return_to = take_sign_in(
                session,
                state=query.get("state", ""),
                browser=visit.cookie(BROWSER_COOKIE) or "",
                moment=visit.wall_moment,
                secret_key=_key(visit),
            )
        claims = redeem(
            discover(directory.issuer),
            _client(visit, directory),
            code=query.get("code", ""),
            nonce=begun.nonce,
            verifier=begun.verifier,
            now=int(visit.wall_moment.timestamp()),
        )
    except (SignInOverError, DirectoryError, NotFoundForActorError) as refusal:
        return _refused(visit, refusal)
    with transaction(visit.engine) as session:
        # A refusal is answered, not raised, so that the audit keeps it.
        return _enter(replace(visit, session=session), directory.id, claims, return_to)


def _enter(visit: Visit, directory_id: int, claims: Claims, return_to: str) -> Response[Any]:
    try:
        signed_in = finish_sign_in(
            visit.session,
            directory_id=directory_id,
            claims=claims,
            address=visit.address,
            moment=visit.wall_moment,
        )
    except (UnknownToDirectoryError, NotFoundForActorError) as refusal:
        return _refused(visit, refusal)
    return with_sign_in(visit, redirect(return_to), signed_in)


@get(_OF_ORGANISATION, include_in_schema=False)
@reads
def show_directory(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Show how the directory is reached, and whom it may let in."""
    organisation = organisation_for(visit, organisation_id, Action.CONFIGURE_DIRECTORY)
    return _configuration(visit, organisation)


@post(_OF_ORGANISATION, include_in_schema=False)
@writes
def configure(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Configure the directory."""
    organisation = organisation_for(visit, organisation_id, Action.CONFIGURE_DIRECTORY)
    form = visit.form
    facts = DirectoryFacts(
        issuer=form.get("issuer", ""),
        client_id=form.get("client_id", ""),
        client_secret=form.get("client_secret", ""),
        has_second_factor=form.get("has_second_factor") == "yes",
    )
    try:
        configure_directory(
            visit.session,
            actor=visit.actor,
            facts=facts,
            is_active=form.get("is_active") == "yes",
            moment=visit.wall_moment,
            secret_key=_key(visit),
        )
    except InvalidInputError as refusal:
        return _configuration(visit, organisation, faults=refusal.faults)
    return redirect(f"/organisations/{organisation_id}/directory")


@post(f"{_OF_ORGANISATION}/people", include_in_schema=False)
@writes
def expect(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Name somebody whom the directory may let in."""
    organisation = organisation_for(visit, organisation_id, Action.CONFIGURE_DIRECTORY)
    form = visit.form
    try:
        with visit.savepoint():
            expect_person(
                visit.session,
                actor=visit.actor,
                email=form.get("user", ""),
                name=form.get("name", ""),
                roles=roles_posted(form.all("roles")),
                moment=visit.wall_moment,
            )
    except InvalidInputError as refusal:
        return _configuration(visit, organisation, faults=refusal.faults)
    return redirect(f"/organisations/{organisation_id}")


def _configuration(
    visit: Visit, organisation: Organisation, *, faults: tuple[FieldFault, ...] = ()
) -> Response[Any]:
    directory = directory_of(visit.session, organisation_id=organisation.id)
    allowed = ROLES_OF_KIND[organisation.kind]
    return render(
        visit,
        "accounts/directory.html",
        status=422 if faults else 200,
        organisation=organisation,
        directory=directory,
        return_address=_return_address(visit),
        roles=[(role.value, visit.text(*ROLE_NAMES[role])) for role in Role if role in allowed],
        values=visit.form if faults else _values(directory),
        faults=faults,
    )


def _values(directory: Directory | None) -> dict[str, str]:
    if directory is None:
        return {"is_active": "yes"}
    return {
        "issuer": directory.issuer,
        "client_id": directory.client_id,
        "has_second_factor": "yes" if directory.has_second_factor else "",
        "is_active": "yes" if directory.is_active else "",
    }


def _refused(visit: Visit, refusal: RefusedError) -> Response[Any]:
    return render(visit, "accounts/directory_refused.html", status=403, refusal=refusal)


def _client(visit: Visit, directory: Directory) -> Client:
    secret = client_secret(directory, secret_key=_key(visit))
    return Client(directory.client_id, secret, _return_address(visit))


def _return_address(visit: Visit) -> str:
    return f"{visit.settings.public_address}{RETURN_PATH}"


def _key(visit: Visit) -> bytes:
    return visit.settings.secret_key or b""


ROUTES = (set_out, come_back, show_directory, configure, expect)
