"""``jicai invite``: a one-time link for the first people of an organisation."""

import argparse
import os
import sys

from sqlalchemy.orm import Session

from bidding.report_json import dumps
from procurement.accounts.organisations.service import (
    OrganisationFacts,
    organisation_with_code,
    register_organisation,
)
from procurement.accounts.people.invitations import Invited, invite_person, invite_to_renew
from procurement.accounts.people.service import person_named
from procurement.accounts.tables import Invitation, Organisation, OrganisationKind
from procurement.cli.arguments import add_command
from procurement.cli.opening import open_installation
from procurement.clock import now
from procurement.database import transaction
from procurement.errors import JicaiError
from procurement.permissions import Role
from procurement.settings import read_settings

FIRST_ROLES = (Role.OFFICER, Role.ADMINISTRATOR)


class UnknownOrganisationError(JicaiError):
    """No organisation has this credit code, and nothing says what to register."""

    def __init__(self, credit_code: str) -> None:
        """Keep the code."""
        super().__init__(
            f"no organisation has the credit code {credit_code}: give --name to register a bureau"
        )


class UnknownUserError(JicaiError):
    """Nobody signs in with this name."""

    def __init__(self, user: str) -> None:
        """Keep the name."""
        super().__init__(f"nobody signs in as {user!r}")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "invite",
        run,
        example="jicai invite --name 国家组织药品联合采购办公室 "
        "--credit-code 91350100M000100Y43 --person 经办人",
    )
    parser.add_argument("--credit-code", help="unified social credit code of the organisation")
    parser.add_argument("--name", help="full name of the bureau, where it is to be registered")
    parser.add_argument(
        "--region",
        default="000000",
        help="its administrative division, 6 digits (000000: national)",
    )
    parser.add_argument("--person", default="管理员", help="name of the person who is invited")
    parser.add_argument("--user", default="", help="the name to sign in with, if it is fixed")
    parser.add_argument(
        "--role",
        action="append",
        choices=[role.value for role in Role if role is not Role.PUBLIC],
        help="what the person may do; may be repeated (officer and administrator)",
    )
    parser.add_argument("--renew", metavar="USER", help="a link to renew that person's password")


def run(arguments: argparse.Namespace) -> int:
    """Print the link."""
    settings = read_settings(os.environ)
    engine = open_installation(settings)
    try:
        with transaction(engine) as session:
            token, invitation = _invitation(session, arguments)
            link = f"{settings.public_address}/invitations/{token}"
            expires = invitation.expires_at.isoformat()
    finally:
        engine.dispose()
    if arguments.json:
        sys.stdout.write(dumps({"link": link, "expires_at": expires}))
    else:
        until = "有效至" if arguments.lang == "zh" else "works once, until"
        sys.stdout.write(f"{link}\n{until} {expires}\n")
    return 0


def _invitation(session: Session, arguments: argparse.Namespace) -> tuple[str, Invitation]:
    moment = now()
    if arguments.renew:
        person = person_named(session, user=arguments.renew)
        if person is None:
            raise UnknownUserError(arguments.renew)
        return invite_to_renew(session, person_id=person.id, moment=moment)
    roles = frozenset(map(Role, arguments.role)) if arguments.role else frozenset(FIRST_ROLES)
    return invite_person(
        session,
        organisation_id=_organisation(session, arguments).id,
        invited=Invited(name=arguments.person, roles=roles, user=arguments.user),
        moment=moment,
    )


def _organisation(session: Session, arguments: argparse.Namespace) -> Organisation:
    code = (arguments.credit_code or "").upper()
    known = organisation_with_code(session, credit_code=code) if code else None
    if known is not None:
        return known
    if not arguments.name:
        raise UnknownOrganisationError(code)
    facts = OrganisationFacts(
        kind=OrganisationKind.BUREAU,
        name=arguments.name,
        region=arguments.region,
        credit_code=code or None,
    )
    return register_organisation(session, facts=facts, moment=now())
