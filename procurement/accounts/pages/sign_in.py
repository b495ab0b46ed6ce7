"""Signing in, signing out, accepting an invitation."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import PathParameter

from procurement.accounts.organisations.service import organisation_of
from procurement.accounts.people.invitations import (
    InvitationOverError,
    accept_invitation,
    open_invitation,
)
from procurement.accounts.rules import roles_from
from procurement.accounts.sign_in.directories import directories_for_sign_in
from procurement.accounts.sign_in.own_account import name_browser
from procurement.accounts.sign_in.service import (
    SESSION_LIFE,
    SecondFactorNeededError,
    SignedIn,
    SignInRefusedError,
    sign_in,
    sign_out,
)
from procurement.accounts.sign_in.throttle import TooManyAttemptsError
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import ROLE_NAMES, Action, Role
from procurement.web import SESSION_COOKIE, Visit, new_cookie, reads, redirect, render, writes

NEXT_MAX = 500

LinkToken = Annotated[str, PathParameter(max_length=100)]


def next_address(wanted: str) -> str:
    """Return where to go after signing in: an address of this platform, or home.

    Examples:
        >>> next_address("/rounds/national-12"), next_address("//evil.example"), next_address("")
        ('/rounds/national-12', '/', '/')
    """
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    is_clean = wanted.isprintable() and len(wanted) <= NEXT_MAX
    return wanted if is_ours and is_clean else "/"


def with_sign_in(visit: Visit, answer: Response[Any], signed_in: SignedIn) -> Response[Any]:
    """Give the browser its sign-in, and end the one that it had before."""
    end_of_browser(visit)
    agent = visit.request.headers.get("user-agent", "")
    name_browser(visit.session, session_id=signed_in.session_id, agent=agent)
    answer.set_cookie(_cookie(visit, signed_in.token, int(SESSION_LIFE.total_seconds())))
    return answer


def end_of_browser(visit: Visit) -> None:
    """End the sign-in that the browser carries, if any."""
    token = visit.cookie(SESSION_COOKIE)
    if token:
        sign_out(visit.session, session_token=token, moment=visit.wall_moment)


@get("/sign-in", include_in_schema=False)
@reads
def show_sign_in(visit: Visit) -> Response[Any]:
    """Show the form."""
    return _sign_in_form(visit, values={"next": visit.query.get("next", "")})


@post("/sign-in", include_in_schema=False)
@writes
def enter(visit: Visit) -> Response[Any]:
    """Sign in; a refusal is answered within the transaction, which keeps the count."""
    form = visit.form
    try:
        signed_in = sign_in(
            visit.session,
            user=form.get("user", ""),
            password=form.get("password", ""),
            code=form.get("code", ""),
            address=visit.address,
            moment=visit.wall_moment,
            secret_key=visit.settings.secret_key or b"",
        )
    except SecondFactorNeededError as refusal:
        fault = FieldFault("code", refusal.zh, refusal.en)
        return _sign_in_form(visit, values=form, faults=(fault,), status=422)
    except (SignInRefusedError, TooManyAttemptsError) as refusal:
        status = 429 if isinstance(refusal, TooManyAttemptsError) else 422
        fault = FieldFault("user", refusal.zh, refusal.en)
        return _sign_in_form(visit, values=form, faults=(fault,), status=status)
    return with_sign_in(visit, redirect(next_address(form.get("next", ""))), signed_in)


@post("/sign-out", include_in_schema=False)
@writes
def leave(visit: Visit) -> Response[Any]:
    """End the sign-in; whoever is signed out already is sent home too."""
    visit.require(Action.SIGN_OUT)
    end_of_browser(visit)
    answer = redirect("/")
    answer.set_cookie(_cookie(visit, "", 0))
    return answer


@get("/invitations/{token:str}", include_in_schema=False)
@reads
def show_invitation(visit: Visit, token: LinkToken) -> Response[Any]:
    """Show who invites, and ask for a password."""
    return _invitation(visit, token)


@post("/invitations/{token:str}", include_in_schema=False)
@writes
def accept(visit: Visit, token: LinkToken) -> Response[Any]:
    """Join, or renew the password, then sign in."""
    form = visit.form
    if form.get("password") != form.get("password_again"):
        fault = FieldFault("password_again", "两次输入不一致。", "The two are not alike.")
        return _invitation(visit, token, values=form, faults=(fault,), status=422)
    try:
        with visit.savepoint():
            accept_invitation(
                visit.session,
                token=token,
                user=form.get("user", ""),
                name=form.get("name", ""),
                password=form.get("password", ""),
                moment=visit.wall_moment,
                leaked=visit.settings.leaked_passwords,
            )
    except InvalidInputError as refusal:
        return _invitation(visit, token, values=form, faults=refusal.faults, status=422)
    except InvitationOverError as refusal:
        return _over(visit, refusal)
    return redirect("/sign-in?welcome=yes")


def _sign_in_form(
    visit: Visit, *, values: object, faults: tuple[FieldFault, ...] = (), status: int = 200
) -> Response[Any]:
    return render(
        visit,
        "accounts/sign_in.html",
        status=status,
        values=values,
        faults=faults,
        welcome=visit.query.get("welcome") == "yes",
        directories=directories_for_sign_in(visit.session),
    )


def _invitation(
    visit: Visit,
    token: str,
    *,
    values: object = None,
    faults: tuple[FieldFault, ...] = (),
    status: int = 200,
) -> Response[Any]:
    try:
        invitation = open_invitation(visit.session, token=token, moment=visit.wall_moment)
    except InvitationOverError as refusal:
        return _over(visit, refusal)
    organisation = organisation_of(visit.session, organisation_id=invitation.organisation_id)
    roles = sorted(roles_from(invitation.roles) - {Role.PUBLIC}, key=list(Role).index)
    return render(
        visit,
        "accounts/invitation.html",
        status=status,
        invitation=invitation,
        organisation=organisation,
        roles=[visit.text(*ROLE_NAMES[role]) for role in roles],
        values=values or {"name": invitation.name, "user": invitation.user or ""},
        faults=faults,
    )


def _over(visit: Visit, refusal: InvitationOverError) -> Response[Any]:
    return render(visit, "accounts/link_over.html", status=410, refusal=refusal)


def _cookie(visit: Visit, token: str, seconds: int) -> Cookie:
    return new_cookie(SESSION_COOKIE, token, seconds=seconds, settings=visit.settings)


ROUTES = (show_sign_in, enter, leave, show_invitation, accept)
