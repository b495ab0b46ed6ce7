"""Registering organisations, changing them, finding them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION, is_division, level_of
from procurement.accounts.events import PLATFORM, note
from procurement.accounts.organisations.credit_codes import is_credit_code
from procurement.accounts.rules import INSTITUTION_CODE_FORMS
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Actor, Level, NotFoundForActorError

NAME_MAX = 200
SHORT_NAME_MAX = 100

_WITH_LEVEL = (OrganisationKind.BUREAU, OrganisationKind.FUND_AGENCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """What is registered about an organisation; the columns of `Organisation` describe it."""

    kind: OrganisationKind
    name: str
    short_name: str = ""
    credit_code: str | None = None
    region: str = NATION
    institution_code: str | None = None
    legal_representative: str | None = None
    authorised_person: str | None = None


def register_organisation(
    session: Session, *, facts: OrganisationFacts, moment: datetime, actor: Actor = PLATFORM
) -> Organisation:
    """Register an organisation.

    Args:
        session: Session of the caller's transaction.
        facts: What is known about it. Only an overseas manufacturer, which has a domestic agent,
            may lack a credit code.
        moment: When it is registered.
        actor: Who registers it.

    Returns:
        The stored organisation, with its id.

    Raises:
        InvalidInputError: With every fault of the facts.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, transaction, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> facts = OrganisationFacts(
        ...     kind=OrganisationKind.BUREAU,
        ...     name="联合采购办公室",
        ...     credit_code="91350100M000100Y43",
        ... )
        >>> with transaction(engine) as session:
        ...     bureau = register_organisation(
        ...         session, facts=facts, moment=datetime(2026, 11, 22, tzinfo=UTC)
        ...     )
        >>> str(bureau.level), bureau.short_name
        ('national', '联合采购办公室')
        >>> engine.dispose()
    """
    _refuse_faults(session, facts, other_than=None)
    organisation = Organisation(registered_at=moment, is_active=True, version=1)
    _write(organisation, facts)
    session.add(organisation)
    session.flush()
    _note(session, actor, "register-organisation", organisation, moment)
    return organisation


def change_organisation(
    session: Session,
    *,
    organisation_id: int,
    facts: OrganisationFacts,
    version: int,
    moment: datetime,
    actor: Actor = PLATFORM,
) -> Organisation:
    """Change what is registered about an organisation; its kind stays.

    Args:
        session: Session of the caller's transaction.
        organisation_id: Which one.
        facts: Everything about it, as it is to be.
        version: The version that the page showed.
        moment: Now.
        actor: Who changes it.

    Returns:
        The organisation.

    Raises:
        NotFoundForActorError: There is none.
        StaleError: Somebody else changed it since.
        InvalidInputError: With every fault of the facts.
    """
    organisation = lock_organisation(session, organisation_id=organisation_id, version=version)
    _refuse_faults(session, facts, other_than=organisation)
    _write(organisation, facts)
    session.flush()
    _note(session, actor, "change-organisation", organisation, moment)
    return organisation


def set_active(
    session: Session,
    *,
    organisation_id: int,
    is_active: bool,
    version: int,
    moment: datetime,
    actor: Actor = PLATFORM,
) -> Organisation:
    """Let an organisation's people in, or keep them out; its rows stay.

    Raises:
        NotFoundForActorError: There is none.
        StaleError: Somebody else changed it since.
    """
    organisation = lock_organisation(session, organisation_id=organisation_id, version=version)
    organisation.is_active = is_active
    session.flush()
    action = "activate-organisation" if is_active else "deactivate-organisation"
    _note(session, actor, action, organisation, moment)
    return organisation


def lock_organisation(session: Session, *, organisation_id: int, version: int) -> Organisation:
    """Lock an organisation's row for a change and count the change."""
    organisation = session.execute(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if organisation is None:
        raise NotFoundForActorError
    if organisation.version != version:
        raise StaleError
    organisation.version += 1
    return organisation


def organisation_of(session: Session, *, organisation_id: int) -> Organisation:
    """Return an organisation.

    Raises:
        NotFoundForActorError: There is none.
    """
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundForActorError
    return organisation


def organisation_with_code(session: Session, *, credit_code: str) -> Organisation | None:
    """Return the organisation with a credit code, or None."""
    return session.execute(
        select(Organisation).where(Organisation.credit_code == credit_code)
    ).scalar_one_or_none()


def organisations_by_id(
    session: Session, *, organisation_ids: Sequence[int]
) -> dict[int, Organisation]:
    """Return several organisations by their ids; unknown ids are left out."""
    found = session.scalars(select(Organisation).where(Organisation.id.in_(organisation_ids)))
    return {organisation.id: organisation for organisation in found}


def _note(
    session: Session, actor: Actor, action: str, organisation: Organisation, moment: datetime
) -> None:
    subject = f"organisation/{organisation.id}"
    note(session, actor, action, subject, moment, name=organisation.name, kind=organisation.kind)


def _write(organisation: Organisation, facts: OrganisationFacts) -> None:
    organisation.kind = facts.kind
    organisation.name = facts.name
    organisation.short_name = facts.short_name or facts.name[:SHORT_NAME_MAX]
    organisation.credit_code = facts.credit_code or None
    organisation.region = facts.region
    organisation.institution_code = facts.institution_code or None
    organisation.legal_representative = facts.legal_representative or None
    organisation.authorised_person = facts.authorised_person or None
    organisation.level = level_of(facts.region) if facts.kind in _WITH_LEVEL else None


def _refuse_faults(
    session: Session, facts: OrganisationFacts, *, other_than: Organisation | None
) -> None:
    faults = [*_form_faults(facts), *_taken_faults(session, facts, other_than)]
    if other_than is not None and other_than.kind != facts.kind:
        faults.append(FieldFault("kind", "机构类型不可更改。", "The kind cannot be changed."))
    if faults:
        raise InvalidInputError(faults)


def _form_faults(facts: OrganisationFacts) -> Iterator[FieldFault]:
    if not facts.name:
        yield FieldFault("name", "请填写机构全称。", "Enter the organisation's full name.")
    yield from _length_faults(facts)
    if not is_division(facts.region):
        yield FieldFault(
            "region",
            "须为六位行政区划代码，且省份存在，例如 340000。",
            "Expected the six digits of an administrative division in a known province, such as "
            "340000.",
        )
    yield from _code_faults(facts)


def _length_faults(facts: OrganisationFacts) -> Iterator[FieldFault]:
    limits = {
        "name": NAME_MAX,
        "short_name": SHORT_NAME_MAX,
        "legal_representative": SHORT_NAME_MAX,
        "authorised_person": SHORT_NAME_MAX,
    }
    for field, limit in limits.items():
        if len(getattr(facts, field) or "") > limit:
            yield FieldFault(
                field, f"至多 {limit} 个字符。", f"Expected at most {limit} characters."
            )


def _code_faults(facts: OrganisationFacts) -> Iterator[FieldFault]:
    is_overseas = facts.kind == OrganisationKind.MANUFACTURER and facts.region == NATION
    if facts.credit_code and not is_credit_code(facts.credit_code):
        yield FieldFault(
            "credit_code",
            "统一社会信用代码有误：须为 18 位（不含 I、O、S、V、Z），且末位校验码正确。",
            "Expected a unified social credit code: 18 characters without I, O, S, V and Z, and "
            "the right check character at the end.",
        )
    if not facts.credit_code and not is_overseas:
        yield FieldFault(
            "credit_code",
            "请填写统一社会信用代码；仅境外上市许可持有人（区划 000000）可以为空。",
            "Enter the unified social credit code; only an overseas holder (division 000000) has "
            "none.",
        )
    form = INSTITUTION_CODE_FORMS.get(facts.kind, "")
    if facts.institution_code and not re.fullmatch(form, facts.institution_code):
        yield FieldFault(
            "institution_code",
            "定点医药机构代码有误：医疗机构为 H 加 11 位数字，零售药店为 P 加 11 位数字，"
            "其他机构没有。",
            "Expected H and 11 digits for a hospital, P and 11 digits for a pharmacy; others have "
            "no such code.",
        )


def _taken_faults(
    session: Session, facts: OrganisationFacts, other_than: Organisation | None
) -> Iterator[FieldFault]:
    own_id = None if other_than is None else other_than.id
    for field in ("credit_code", "institution_code"):
        code = getattr(facts, field)
        if not code:
            continue
        column = getattr(Organisation, field)
        owner = session.scalar(select(Organisation.id).where(column == code))
        if owner is not None and owner != own_id:
            yield FieldFault(
                field, "已有机构登记了此代码。", "Another organisation has this code already."
            )


def is_level(organisation: Organisation, level: Level) -> bool:
    """Tell whether a bureau or fund agency is of a level."""
    return organisation.level == level
