"""Binding the key that signs bids, and revoking it."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import PathParameter

from procurement.accounts.certificates.authorities import FOLDER, read_authorities
from procurement.accounts.certificates.key_binding import KeyBinding, binding_statement
from procurement.accounts.certificates.service import (
    begin_binding,
    bind_signing_key,
    open_challenges,
    revoke_signing_key,
)
from procurement.accounts.pages.organisation_view import organisation_for
from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import WITH_WASM, RowId, Visit, reads, redirect, render, writes

SEAL_BYTES_MAX = 256 * 1024

Challenge = Annotated[str, PathParameter(max_length=64)]

_KEYS = "/organisations/{organisation_id:int}/keys"


@post(f"{_KEYS}/begin", include_in_schema=False)
@writes
def begin(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Begin a binding with a fresh challenge."""
    organisation_for(visit, organisation_id, Action.BIND_CERTIFICATE)
    challenge = begin_binding(
        visit.session, organisation_id=organisation_id, moment=visit.wall_moment
    )
    return redirect(f"/organisations/{organisation_id}/keys/{challenge}")


@get(f"{_KEYS}/{{challenge:str}}", include_in_schema=False, opt=WITH_WASM)
@reads
def show_binding(visit: Visit, organisation_id: RowId, challenge: Challenge) -> Response[Any]:
    """Show a binding that is under way; people come back when the seal is there."""
    organisation = organisation_for(visit, organisation_id, Action.BIND_CERTIFICATE)
    under_way = open_challenges(
        visit.session, organisation_id=organisation_id, moment=visit.wall_moment
    )
    if challenge not in {each.challenge for each in under_way}:
        raise NotFoundForActorError
    return _form(visit, organisation, challenge)


@post(f"{_KEYS}/new", include_in_schema=False, opt=WITH_WASM)
@writes
def bind(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Bind a key."""
    organisation = organisation_for(visit, organisation_id, Action.BIND_CERTIFICATE)
    form = visit.form
    upload = form.files.get("seal")
    binding = KeyBinding(
        suite=form.get("suite", ""),
        public_key=form.get("public_key", ""),
        challenge=form.get("challenge", ""),
        key_signature=form.get("key_signature", ""),
        seal=upload.file.read(SEAL_BYTES_MAX + 1) if upload else b"",
    )
    try:
        with visit.savepoint():
            bind_signing_key(
                visit.session,
                actor=visit.actor,
                binding=binding,
                authorities=read_authorities(visit.settings.data / FOLDER),
                moment=visit.wall_moment,
            )
    except InvalidInputError as refusal:
        return _form(visit, organisation, binding.challenge, faults=refusal.faults)
    return redirect(f"/organisations/{organisation_id}")


@post(f"{_KEYS}/{{key_id:int}}/revoke", include_in_schema=False)
@writes
def revoke(visit: Visit, organisation_id: RowId, key_id: RowId) -> Response[Any]:
    """Say that a key signs no more."""
    organisation_for(visit, organisation_id, Action.BIND_CERTIFICATE)
    revoke_signing_key(visit.session, actor=visit.actor, key_id=key_id, moment=visit.wall_moment)
    return redirect(f"/organisations/{organisation_id}")


def _form(
    visit: Visit,
    organisation: Organisation,
    challenge: str,
    *,
    faults: tuple[FieldFault, ...] = (),
) -> Response[Any]:
    # The browser puts suite and key into the places that are left open.
    statement = binding_statement(
        organisation, suite="{suite}", public_key="{public_key}", challenge=challenge
    )
    return render(
        visit,
        "accounts/bind_key.html",
        status=422 if faults else 200,
        organisation=organisation,
        challenge=challenge,
        statement=statement,
        values=visit.form,
        faults=faults,
    )


ROUTES = (begin, show_binding, bind, revoke)
