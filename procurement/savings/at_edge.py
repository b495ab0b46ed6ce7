"""What pages and interface of savings share: finding things, and asking whether one may."""

from dataclasses import dataclass

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.permissions import Action, NotFoundForActorError, Role, Subject
from procurement.savings.publishing.publishing import is_published
from procurement.savings.publishing.reporting import reports_of
from procurement.savings.settlements.reading import settlement_named
from procurement.savings.statements.content import statements_of
from procurement.savings.statements.shapes import StatementRow
from procurement.savings.states import StatementStatus
from procurement.savings.subjects import hospital_subject, paying_subject, settlement_subject
from procurement.savings.tables import SavingsSettlement
from procurement.web import Visit

_SETTLING = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY})


@dataclass(frozen=True, slots=True)
class HospitalVisit:
    """A hospital in a settlement, about which the visitor may do something.

    Attributes:
        settlement: The settlement.
        hospital: The hospital.
        subject: What permissions ask about it.
        with_unsent: Whether the visitor sees statements that hospitals do not see yet.
    """

    settlement: SavingsSettlement
    hospital: Organisation
    subject: Subject
    with_unsent: bool


def settlement_for(visit: Visit, name: str, action: Action) -> SavingsSettlement:
    """Return a settlement with which the visitor may do something.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    settlement = settlement_named(visit.session, name=name)
    subject = settlement_subject(visit.session, settlement=settlement, actor=visit.actor)
    visit.require(action, subject)
    return settlement


def paying_settlement(visit: Visit, name: str) -> SavingsSettlement:
    """Return a settlement that the visitor's agency pays.

    Raises:
        NotFoundForActorError: There is none, or another agency pays it.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(Action.PAY_RETAINED)
    settlement = settlement_named(visit.session, name=name)
    visit.require(Action.PAY_RETAINED, paying_subject(settlement))
    return settlement


def reported_settlement(visit: Visit, name: str) -> SavingsSettlement:
    """Return a settlement that was reported to the visitor's bureau last.

    Raises:
        NotFoundForActorError: There is none, or it was reported to another bureau.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(Action.REPORT_SETTLEMENT)
    settlement = settlement_named(visit.session, name=name)
    reports = reports_of(visit.session, settlement=settlement)
    bureau_id = reports[-1].to_bureau_id if reports else None
    visit.require(Action.REPORT_SETTLEMENT, Subject(bureau_id=bureau_id))
    return settlement


def public_settlement(visit: Visit, name: str) -> SavingsSettlement:
    """Return a settlement whose table is public; anybody may read it.

    Raises:
        NotFoundForActorError: There is none, or its table is not public.
    """
    settlement = settlement_named(visit.session, name=name)
    is_public = is_published(visit.session, settlement=settlement)
    visit.require(Action.READ_PUBLISHED_SAVINGS, Subject(is_public=is_public))
    return settlement


def hospital_for(visit: Visit, name: str, hospital_id: int, action: Action) -> HospitalVisit:
    """Return a hospital in a settlement, about which the visitor may do something.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    settlement = settlement_named(visit.session, name=name)
    hospital = _hospital(visit, hospital_id)
    subject = hospital_subject(
        visit.session, hospital=hospital, settlement=settlement, moment=visit.moment
    )
    visit.require(action, subject)
    sees_all = bool(_SETTLING & visit.actor.roles)
    return HospitalVisit(settlement, hospital, subject, with_unsent=sees_all)


def any_hospital(visit: Visit, hospital_id: int) -> Organisation:
    """Return a hospital whose statements and forecasts the visitor may read.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(Action.READ_STATEMENT)
    hospital = _hospital(visit, hospital_id)
    subject = hospital_subject(visit.session, hospital=hospital, moment=visit.moment)
    visit.require(Action.READ_STATEMENT, subject)
    return hospital


def _hospital(visit: Visit, hospital_id: int) -> Organisation:
    hospital = visit.session.get(Organisation, hospital_id)
    if hospital is None or hospital.kind != OrganisationKind.HOSPITAL:
        raise NotFoundForActorError
    return hospital


def statements_seen(visit: Visit, settlement: SavingsSettlement) -> list[StatementRow]:
    """Return the statements that the visitor sees.

    Bureaus and agencies see all; a hospital its own and those of the group it leads, once they
    were sent.
    """
    rows = statements_of(visit.session, settlement=settlement)
    if _SETTLING & visit.actor.roles:
        return rows
    own = visit.actor.organisation_id
    return [
        row
        for row in rows
        if row.status is not StatementStatus.COMPUTED
        and own in (row.hospital_id, row.group_lead_id)
    ]
