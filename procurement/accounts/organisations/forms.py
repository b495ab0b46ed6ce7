"""Reading the posted forms of organisations and relations."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from procurement.accounts.organisations.relations import RelationFacts
from procurement.accounts.organisations.service import OrganisationFacts, organisation_with_code
from procurement.accounts.tables import Organisation, OrganisationKind, RelationKind
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Role

_IDENTITY = ("name", "credit_code", "region", "institution_code")


def facts_from(form: Mapping[str, str], *, kept: Organisation | None = None) -> OrganisationFacts:
    """Read what a form says about an organisation.

    Args:
        form: The posted fields.
        kept: The organisation whose kind, name, codes and region stay, whatever was posted.

    Raises:
        InvalidInputError: The kind is none.

    Examples:
        >>> form = {"kind": "hospital", "name": " 某县  医院 ", "region": "341523"}
        >>> facts_from(form).name
        '某县 医院'
    """
    if kept is None:
        kind = _kind(form.get("kind", ""))
        identity = {field: _one_line(form.get(field, "")) for field in _IDENTITY}
    else:
        kind = OrganisationKind(kept.kind)
        identity = {field: getattr(kept, field) or "" for field in _IDENTITY}
    return OrganisationFacts(
        kind=kind,
        name=identity["name"],
        short_name=_one_line(form.get("short_name", "")),
        credit_code=identity["credit_code"].upper() or None,
        region=identity["region"],
        institution_code=identity["institution_code"].upper() or None,
        legal_representative=_one_line(form.get("legal_representative", "")) or None,
        authorised_person=_one_line(form.get("authorised_person", "")) or None,
    )


def values_of(organisation: Organisation) -> dict[str, str]:
    """Return what is registered, as the form's fields show it."""
    fields = (*_IDENTITY, "kind", "short_name", "legal_representative", "authorised_person")
    return {
        **{field: str(getattr(organisation, field) or "") for field in fields},
        "version": str(organisation.version),
    }


def relation_from(session: Session, form: Mapping[str, str], *, subject_id: int) -> RelationFacts:
    """Read a relation; the other organisation is named by its credit code or its number.

    Raises:
        InvalidInputError: With every fault.
    """
    faults: list[FieldFault] = []
    related_id = _other(session, _one_line(form.get("related", "")))
    if related_id is None:
        faults.append(
            FieldFault(
                "related",
                "没有找到该机构：请填写统一社会信用代码，境外持有人填写机构编号。",
                "No such organisation: enter its credit code, or for an overseas holder its "
                "number.",
            )
        )
    kind = form.get("kind", "")
    if kind not in {each.value for each in RelationKind}:
        faults.append(FieldFault("kind", "请选择关系。", "Choose the relation."))
    since = _day(form.get("since_date", ""))
    if since is None:
        faults.append(_day_fault("since_date"))
    until_text = form.get("until_date", "")
    until = _day(until_text)
    if until_text and until is None:
        faults.append(_day_fault("until_date"))
    if faults or related_id is None or since is None:
        raise InvalidInputError(faults)
    return RelationFacts(
        subject_id=subject_id,
        kind=RelationKind(kind),
        related_id=related_id,
        since_date=since,
        until_date=until,
        product=_one_line(form.get("product", ""))[:200],
    )


def end_day(form: Mapping[str, str]) -> date:
    """Read the last day of a relation.

    Raises:
        InvalidInputError: It is no day.
    """
    day = _day(form.get("until_date", ""))
    if day is None:
        raise InvalidInputError([_day_fault("until_date")])
    return day


def version_from(form: Mapping[str, str]) -> int:
    """Read the version that the page showed; anything else is older than everything.

    Examples:
        >>> version_from({"version": "3"}), version_from({})
        (3, 0)
    """
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def roles_posted(words: tuple[str, ...]) -> frozenset[Role]:
    """Read the roles that were ticked; unknown words and ``public`` are left out.

    Examples:
        >>> roles_posted(("officer", "emperor", "public"))
        frozenset({<Role.OFFICER: 'officer'>})
    """
    known = {role.value for role in Role} - {Role.PUBLIC}
    return frozenset(Role(word) for word in words if word in known)


def _kind(text: str) -> OrganisationKind:
    if text not in {each.value for each in OrganisationKind}:
        raise InvalidInputError(
            [FieldFault("kind", "请选择机构类型。", "Choose the kind of organisation.")]
        )
    return OrganisationKind(text)


def _other(session: Session, text: str) -> int | None:
    number_length_max = 9
    if text.isascii() and text.isdigit() and len(text) <= number_length_max:
        found = session.get(Organisation, int(text))
    else:
        found = organisation_with_code(session, credit_code=text.upper())
    return None if found is None else found.id


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_fault(field: str) -> FieldFault:
    return FieldFault(field, "请填写日期。", "Enter a date.")
