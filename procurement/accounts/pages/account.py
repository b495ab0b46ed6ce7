"""My account: password, second factor, sign-ins."""

from typing import Any

from litestar import Response, get, post

from procurement.accounts.rules import roles_from
from procurement.accounts.secret_values import UnsealingError, seal_secret, unseal_secret
from procurement.accounts.sign_in.own_account import (
    account_of,
    change_password,
    end_other_sessions,
    end_session,
    own_sessions,
    recovery_codes_left,
    remove_second_factor,
    replace_recovery_codes,
    set_up_second_factor,
)
from procurement.accounts.sign_in.presence import FIELD, NothingToConfirmWithError, confirm_presence
from procurement.accounts.sign_in.second_factor import enrolment_of, new_secret
from procurement.accounts.sign_in.throttle import TooManyAttemptsError
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import ROLE_NAMES, Action, Role
from procurement.web import SESSION_COOKIE, RowId, Visit, reads, redirect, render, writes


@get("/account", include_in_schema=False)
@reads
def show_account(visit: Visit) -> Response[Any]:
    """Show who one is here, and how the account is protected."""
    visit.require(Action.USE_ACCOUNT)
    person = account_of(visit.session, actor=visit.actor)
    roles = sorted(roles_from(person.roles) - {Role.PUBLIC}, key=list(Role).index)
    return render(
        visit,
        "accounts/account.html",
        person=person,
        roles=[visit.text(*ROLE_NAMES[role]) for role in roles],
        sessions=own_sessions(visit.session, actor=visit.actor, moment=visit.wall_moment),
        codes_left=recovery_codes_left(visit.session, actor=visit.actor),
        changed=visit.query.get("changed", ""),
    )


@get("/account/password", include_in_schema=False)
@reads
def show_password(visit: Visit) -> Response[Any]:
    """Show the form."""
    visit.require(Action.USE_ACCOUNT)
    return render(visit, "accounts/password.html", faults=())


@post("/account/password", include_in_schema=False)
@writes
def renew_password(visit: Visit) -> Response[Any]:
    """Change the password; other sign-ins end."""
    visit.require(Action.USE_ACCOUNT)
    form = visit.form
    faults: tuple[FieldFault, ...] = ()
    try:
        if form.get("new_password") != form.get("password_again"):
            raise InvalidInputError(
                [FieldFault("password_again", "两次输入不一致。", "The two are not alike.")]
            )
        change_password(
            visit.session,
            actor=visit.actor,
            old=form.get("password", ""),
            new=form.get("new_password", ""),
            session_token=visit.cookie(SESSION_COOKIE),
            moment=visit.wall_moment,
            leaked=visit.settings.leaked_passwords,
        )
    except InvalidInputError as refusal:
        faults = refusal.faults
    except TooManyAttemptsError as refusal:
        faults = (FieldFault("password", refusal.zh, refusal.en),)
    if faults:
        return render(visit, "accounts/password.html", status=422, faults=faults)
    return redirect("/account?changed=password")


@get("/account/second-factor", include_in_schema=False)
@reads
def show_second_factor(visit: Visit) -> Response[Any]:
    """Show a fresh secret, as a picture and in letters."""
    visit.require(Action.USE_ACCOUNT)
    return _enrolment(visit, new_secret())


@post("/account/second-factor", include_in_schema=False)
@writes
def add_second_factor(visit: Visit) -> Response[Any]:
    """Keep the secret once a code shows that it works; show the recovery codes."""
    visit.require(Action.USE_ACCOUNT)
    person = account_of(visit.session, actor=visit.actor)
    key = visit.settings.secret_key or b""
    try:
        # The page keeps the secret between the two steps, sealed: nobody can choose it.
        secret = unseal_secret(visit.form.get("sealed", ""), key=key, purpose=_purpose(visit))
    except UnsealingError:
        return redirect("/account/second-factor")
    try:
        # Else whoever finds a browser signed in sets up a telephone of his own, with which every
        # later question for the person's presence is answered.
        if person.totp_secret is not None or person.password_hash is not None:
            _confirm(visit)
        codes = set_up_second_factor(
            visit.session,
            actor=visit.actor,
            secret=secret,
            code=visit.form.get("code", ""),
            moment=visit.wall_moment,
            secret_key=key,
        )
    except InvalidInputError as refusal:
        return _enrolment(visit, secret, faults=refusal.faults)
    except RefusedError as refusal:
        return _enrolment(visit, secret, faults=(FieldFault("code", refusal.zh, refusal.en),))
    return render(visit, "accounts/recovery_codes.html", codes=codes)


@get("/account/second-factor/change", include_in_schema=False)
@reads
def show_change(visit: Visit) -> Response[Any]:
    """Offer new recovery codes, or an end of the second factor."""
    visit.require(Action.USE_ACCOUNT)
    return _change(visit)


@post("/account/second-factor/change", include_in_schema=False)
@writes
def change_second_factor(visit: Visit) -> Response[Any]:
    """Renew the recovery codes, or remove the second factor."""
    visit.require(Action.USE_ACCOUNT)
    try:
        _confirm(visit)
    except InvalidInputError as refusal:
        return _change(visit, faults=refusal.faults)
    except (TooManyAttemptsError, NothingToConfirmWithError) as refusal:
        return _change(visit, faults=(FieldFault(FIELD, refusal.zh, refusal.en),))
    if visit.form.get("step") == "codes":
        codes = replace_recovery_codes(visit.session, actor=visit.actor, moment=visit.wall_moment)
        return render(visit, "accounts/recovery_codes.html", codes=codes)
    remove_second_factor(visit.session, actor=visit.actor, moment=visit.wall_moment)
    return redirect("/account?changed=second-factor")


@post("/account/sign-ins/{session_id:int}/end", include_in_schema=False)
@writes
def end_one(visit: Visit, session_id: RowId) -> Response[Any]:
    """End one of the own sign-ins."""
    visit.require(Action.USE_ACCOUNT)
    end_session(visit.session, actor=visit.actor, session_id=session_id, moment=visit.wall_moment)
    return redirect("/account?changed=sign-ins")


@post("/account/sign-ins/end-others", include_in_schema=False)
@writes
def end_others(visit: Visit) -> Response[Any]:
    """End all own sign-ins but this one."""
    visit.require(Action.USE_ACCOUNT)
    token = visit.cookie(SESSION_COOKIE)
    end_other_sessions(
        visit.session, actor=visit.actor, session_token=token, moment=visit.wall_moment
    )
    return redirect("/account?changed=sign-ins")


def _enrolment(visit: Visit, secret: str, *, faults: tuple[FieldFault, ...] = ()) -> Response[Any]:
    person = account_of(visit.session, actor=visit.actor)
    key = visit.settings.secret_key or b""
    return render(
        visit,
        "accounts/second_factor.html",
        status=422 if faults else 200,
        enrolment=enrolment_of(secret, user=person.user),
        sealed=seal_secret(secret, key=key, purpose=_purpose(visit)),
        has_one=person.totp_secret is not None,
        has_password=person.password_hash is not None,
        faults=faults,
    )


def _change(visit: Visit, *, faults: tuple[FieldFault, ...] = ()) -> Response[Any]:
    return render(
        visit,
        "accounts/change_second_factor.html",
        status=422 if faults else 200,
        codes_left=recovery_codes_left(visit.session, actor=visit.actor),
        faults=faults,
        values=visit.form,
    )


def _confirm(visit: Visit) -> None:
    confirm_presence(
        visit.session,
        actor=visit.actor,
        password_or_code=visit.form.get(FIELD, ""),
        moment=visit.wall_moment,
        secret_key=visit.settings.secret_key or b"",
    )


def _purpose(visit: Visit) -> str:
    return f"enrolment {visit.actor.person_id}"


ROUTES = (
    show_account,
    show_password,
    renew_password,
    show_second_factor,
    add_second_factor,
    show_change,
    change_second_factor,
    end_one,
    end_others,
)
