"""What permissions ask about payments."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.payments.bank_file.tables import BankFile
from procurement.payments.paying_tables import PaymentInstruction
from procurement.payments.settling_tables import Claim, SettlementMonth
from procurement.permissions import Actor, Subject
from procurement.volumes.groups import lead_of


def of_organisation(session: Session, *, organisation_id: int, moment: datetime) -> Subject:
    """Something of an organisation: its own, its group lead's, its region's agencies' concern."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        return Subject()
    return Subject(
        organisation_id=organisation_id,
        group_lead_id=lead_of(session, hospital_id=organisation_id, day=day_in_china(moment)),
        regions=(organisation.region,),
    )


def of_agency(*, agency_id: int) -> Subject:
    """Something that an agency does itself."""
    return Subject(organisation_id=agency_id)


def month_subject(month: SettlementMonth) -> Subject:
    """A month: its agency's own; companies and hospitals of the region see that it is open."""
    return Subject(organisation_id=month.agency_id, regions=(month.region,))


def claim_subject(session: Session, *, claim: Claim, actor: Actor, moment: datetime) -> Subject:
    """A claim: the company's, the hospital's and the agency's own, and their region's concern."""
    month = session.get_one(SettlementMonth, claim.month_id)
    hospital = session.get_one(Organisation, claim.hospital_id)
    parties = (claim.seller_id, claim.hospital_id, month.agency_id)
    own = actor.organisation_id if actor.organisation_id in parties else claim.hospital_id
    return Subject(
        organisation_id=own,
        group_lead_id=lead_of(session, hospital_id=hospital.id, day=day_in_china(moment)),
        regions=(hospital.region,),
    )


def claim_of_seller(claim: Claim) -> Subject:
    """A claim as the company's: to withdraw, reconcile and answer."""
    return Subject(organisation_id=claim.seller_id)


def claim_of_hospital(session: Session, *, claim: Claim, moment: datetime) -> Subject:
    """A claim as the hospital's: to check."""
    return of_organisation(session, organisation_id=claim.hospital_id, moment=moment)


def claim_of_agency(session: Session, *, claim: Claim) -> Subject:
    """A claim as the agency's: to check and to pay."""
    month = session.get_one(SettlementMonth, claim.month_id)
    return Subject(organisation_id=month.agency_id)


def instruction_subject(
    session: Session, *, instruction: PaymentInstruction, actor: Actor, moment: datetime
) -> Subject:
    """An instruction: the agency's, the payee's and the hospital's own; confirmed by a second."""
    hospital = session.get_one(Organisation, instruction.hospital_id)
    parties = (instruction.agency_id, instruction.payee_id, instruction.hospital_id)
    own = actor.organisation_id if actor.organisation_id in parties else instruction.hospital_id
    return Subject(
        organisation_id=own,
        group_lead_id=lead_of(session, hospital_id=hospital.id, day=day_in_china(moment)),
        bureau_id=instruction.agency_id,
        regions=(hospital.region,),
        proposed_by=instruction.drafted_by,
    )


def bank_file_subject(file: BankFile) -> Subject:
    """A file for the bank, to be withdrawn: by another of its agency than who exported it."""
    return Subject(
        organisation_id=file.agency_id, bureau_id=file.agency_id, proposed_by=file.exported_by
    )
