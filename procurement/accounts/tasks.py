"""What waits for somebody in the accounts."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.certificates.service import signing_key_of
from procurement.accounts.tables import (
    Certificate,
    Organisation,
    OrganisationKind,
    Person,
    SigningKey,
)
from procurement.notices import Task
from procurement.permissions import Actor, Role

# Steps of these roles cannot be undone.
_SHOULD_HAVE_SECOND_FACTOR = frozenset(
    {Role.OFFICER, Role.EVALUATOR, Role.MANUFACTURER, Role.KEYHOLDER, Role.ADMINISTRATOR}
)
EXPIRES_SOON = timedelta(days=30)


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what an actor should do about the own account and organisation.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now.

    Returns:
        Setting up a second factor, binding a signing key, renewing a certificate.
    """
    if actor.person_id is None:
        return []
    person = session.get_one(Person, actor.person_id)
    tasks = [] if _has_second_factor(person, actor) else [_SECOND_FACTOR]
    organisation = session.get_one(Organisation, person.organisation_id)
    binds_keys = organisation.kind == OrganisationKind.MANUFACTURER
    if binds_keys and Role.ADMINISTRATOR in actor.roles:
        tasks += _key_tasks(session, organisation, moment)
    return tasks


_SECOND_FACTOR = Task(
    zh="设置动态验证码，保护您的账户",
    en="Set up a second factor to protect your account",
    link="/account/second-factor",
)


def _has_second_factor(person: Person, actor: Actor) -> bool:
    needs_one = bool(actor.roles & _SHOULD_HAVE_SECOND_FACTOR)
    return not needs_one or person.totp_secret is not None or person.directory_id is not None


def _key_tasks(session: Session, organisation: Organisation, moment: datetime) -> list[Task]:
    here = f"/organisations/{organisation.id}"
    if signing_key_of(session, organisation_id=organisation.id, on=moment) is None:
        return [
            Task(
                zh="绑定签名密钥，否则不能提交密封申报",
                en="Bind a signing key; without one no sealed bid can be sent",
                link=here,
            )
        ]
    ends = session.scalar(
        select(Certificate.valid_until)
        .join(SigningKey, SigningKey.certificate_id == Certificate.id)
        .where(
            SigningKey.organisation_id == organisation.id,
            SigningKey.revoked_at.is_(None),
            Certificate.valid_until > moment,
        )
        .order_by(Certificate.valid_until.desc())
        .limit(1)
    )
    if ends is None or ends > moment + EXPIRES_SOON:
        return []
    return [
        Task(
            zh="数字证书即将到期，请换证后重新绑定签名密钥",
            en="The certificate ends soon: renew it and bind a signing key again",
            link=here,
            due_at=ends,
        )
    ]
