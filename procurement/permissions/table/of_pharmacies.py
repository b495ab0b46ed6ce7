"""The dual channel, from the list of drugs to convenience pharmacies."""

from collections.abc import Mapping

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role
from procurement.permissions.table.conditions import (
    ALWAYS,
    APPOINTED,
    LEAD,
    LEAD_OR_PUBLISHED,
    LEAD_OR_REGION,
    OF_A_BUREAU,
    OWN,
    PUBLISHED,
    READ_PATIENT,
    REGION,
    Cell,
    Condition,
)

OF_PHARMACIES: Mapping[Action, Mapping[Role, Cell]] = {
    # dual channel, the list of drugs: public from the day of a decision's notice on.
    Action.READ_DRUG_LIST: {
        Role.PUBLIC: PUBLISHED,
        **dict.fromkeys(OF_A_BUREAU, LEAD_OR_PUBLISHED),
    },
    # That the bureau's own list it is, and that it may have one, is asked by the service.
    Action.DECIDE_DRUG_LIST: {Role.OFFICER: LEAD},
    Action.CONFIRM_DRUG_LIST: {Role.OFFICER: (Condition.SECOND,)},
    Action.IMPORT_DRUG_LIST: {Role.OFFICER: LEAD},
    # patients: each doctor those he registers himself, a pharmacy those who chose it; a hospital's
    # clerks and the bureaus see none.
    Action.APPLY_REGISTRATION: {Role.DOCTOR: APPOINTED},
    Action.READ_REGISTRATION: READ_PATIENT,
    Action.DECIDE_REGISTRATION: {Role.FUND_AGENCY: REGION},
    Action.REVIEW_REGISTRATION: {Role.DOCTOR: APPOINTED},
    Action.READ_PRESCRIPTION: READ_PATIENT,
    # The agency hands on what the e-prescription centre reports.
    Action.REPORT_PRESCRIPTION: {Role.FUND_AGENCY: REGION},
    # The agency records what was settled in hospitals.
    Action.DISPENSE_PRESCRIPTION: {Role.PHARMACY: OWN, Role.FUND_AGENCY: REGION},
    Action.SET_BENEFIT_TERMS: {Role.FUND_AGENCY: REGION},
    # the finder: anybody looks; a place reports its own stock, the bureau watches prices.
    Action.FIND_DRUG: {Role.PUBLIC: ALWAYS},
    Action.UPLOAD_STOCK: dict.fromkeys((Role.PHARMACY, Role.HOSPITAL), OWN),
    Action.READ_STOCK_FLAG: {Role.OFFICER: REGION, Role.SUPERVISOR: REGION},
    Action.WATCH_STOCK: {Role.OFFICER: REGION},
    # complaints: whoever wrote one follows it by its code; places never read them.
    Action.FILE_COMPLAINT: {Role.PUBLIC: ALWAYS},
    Action.FOLLOW_COMPLAINT: {Role.PUBLIC: ALWAYS},
    # Own is what was assigned to the actor's bureau or agency.
    Action.READ_COMPLAINT: {
        Role.OFFICER: (Condition.REGION, Condition.OWN),
        Role.SUPERVISOR: REGION,
        Role.FUND_AGENCY: OWN,
    },
    # Grading, assigning and closing; answering is up to whom it was assigned.
    Action.ASSIGN_COMPLAINT: {Role.OFFICER: REGION},
    Action.HANDLE_COMPLAINT: {
        Role.OFFICER: (Condition.REGION, Condition.OWN),
        Role.FUND_AGENCY: OWN,
    },
    # places: whoever keeps one says when it is open; where it lies is said by those in charge.
    Action.CHANGE_PLACE: {
        **dict.fromkeys((Role.HOSPITAL, Role.PHARMACY), OWN),
        **dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), REGION),
    },
    Action.IMPORT_PLACES: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), REGION),
    # designation: calls, notices and who is designated are for everybody.
    Action.READ_DESIGNATIONS: {Role.PUBLIC: ALWAYS},
    Action.OPEN_DESIGNATION: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), REGION),
    Action.READ_APPLICATION: {
        **dict.fromkeys((Role.HOSPITAL, Role.PHARMACY), OWN),
        **dict.fromkeys((*OF_A_BUREAU, Role.FUND_AGENCY), LEAD_OR_REGION),
    },
    Action.APPLY_DESIGNATION: dict.fromkeys((Role.HOSPITAL, Role.PHARMACY), OWN),
    # By whoever called: papers, visits, notices, agreements, their end.
    Action.CHECK_DESIGNATION: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), LEAD),
    Action.OBJECT_DESIGNATION: {Role.PUBLIC: PUBLISHED},
    Action.DECIDE_DESIGNATION: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), LEAD),
    Action.ASSESS_DESIGNATION: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), LEAD),
    Action.DESIGNATE_DOCTOR: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), REGION),
    # A hospital's duty to bring a listed drug in.
    Action.READ_DUTY: {
        Role.HOSPITAL: OWN,
        **dict.fromkeys((*OF_A_BUREAU, Role.FUND_AGENCY), REGION),
    },
    Action.SET_DUTY: {Role.OFFICER: REGION},
    Action.ANSWER_DUTY: {Role.HOSPITAL: OWN},
    # coverage: plans name pharmacies that nobody has designated yet.
    Action.READ_COVERAGE: dict.fromkeys((*OF_A_BUREAU, Role.FUND_AGENCY), REGION),
    Action.PLAN_COVERAGE: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), REGION),
    # convenience pharmacies: who they are and what they charge is for everybody.
    Action.READ_CONVENIENCE: {Role.PUBLIC: ALWAYS},
    Action.KEEP_COUNTER: {Role.PHARMACY: OWN},
    Action.READ_QUARTERLY_NEED: dict.fromkeys((*OF_A_BUREAU, Role.FUND_AGENCY), REGION),
    Action.REPORT_QUARTERLY_NEED: {Role.PHARMACY: OWN},
    Action.CHECK_CONVENIENCE: dict.fromkeys((Role.OFFICER, Role.FUND_AGENCY), REGION),
}
"""The rows of these stages."""
