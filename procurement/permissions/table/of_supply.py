"""Agreements, orders, fulfilment, retained savings, payments."""

from collections.abc import Mapping

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role
from procurement.permissions.table.conditions import (
    LEAD,
    LEAD_OR_REGION,
    OF_A_BUREAU,
    OWN,
    OWN_OR_GROUP,
    PUBLISHED,
    RATED,
    REGION,
    Cell,
    Condition,
)

OF_SUPPLY: Mapping[Action, Mapping[Role, Cell]] = {
    # agreements: for their three parties, and for the bureaus in charge.
    Action.READ_AGREEMENT: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys(RATED, OWN),
        **dict.fromkeys(OF_A_BUREAU, LEAD_OR_REGION),
    },
    Action.MAKE_AGREEMENTS: {Role.OFFICER: LEAD},
    Action.NOMINATE_DISTRIBUTOR: {Role.MANUFACTURER: OWN},
    Action.ANSWER_NOMINATION: {Role.DISTRIBUTOR: OWN},
    Action.CHOOSE_DISTRIBUTOR: {Role.HOSPITAL: OWN_OR_GROUP},
    # Whoever signs for another must also be entrusted by it; the service asks.
    Action.SIGN_AGREEMENT: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys(RATED, OWN),
        Role.OFFICER: LEAD_OR_REGION,
    },
    Action.ENTRUST_SIGNING: dict.fromkeys((Role.HOSPITAL, *RATED), OWN),
    Action.REQUEST_CHANGE: {Role.HOSPITAL: OWN_OR_GROUP},
    Action.DECIDE_CHANGE: {Role.OFFICER: LEAD_OR_REGION},
    # Drafting the round that follows shows what every winner supplied, and at which price.
    Action.FOLLOW_ON: {Role.OFFICER: LEAD},
    # orders: for hospital, manufacturer and distributor, the bureaus, and the agency that pays.
    Action.READ_ORDER: {
        Role.HOSPITAL: OWN_OR_GROUP,
        Role.PHARMACY: OWN,
        **dict.fromkeys(RATED, OWN),
        **dict.fromkeys(OF_A_BUREAU, LEAD_OR_REGION),
        Role.FUND_AGENCY: REGION,
    },
    # A pharmacy that keeps the sign of a convenience pharmacy; the service asks.
    Action.PLACE_ORDER: {Role.HOSPITAL: OWN_OR_GROUP, Role.PHARMACY: OWN},
    Action.CONFIRM_ORDER: {Role.MANUFACTURER: OWN},
    # A manufacturer may deliver on its own.
    Action.DELIVER_ORDER: dict.fromkeys(RATED, OWN),
    Action.ACCEPT_DELIVERY: {Role.HOSPITAL: OWN_OR_GROUP, Role.PHARMACY: OWN},
    Action.RETURN_GOODS: {Role.HOSPITAL: OWN_OR_GROUP, Role.PHARMACY: OWN},
    # fulfilment: everybody sees the own one, bureaus and agencies that of their region.
    Action.READ_FULFILMENT: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys(RATED, OWN),
        **dict.fromkeys(OF_A_BUREAU, LEAD_OR_REGION),
        Role.FUND_AGENCY: REGION,
    },
    # Warnings, exemptions, and the rules that texts leave to the bureau.
    Action.WARN_FULFILMENT: {Role.OFFICER: REGION},
    Action.ANSWER_WARNING: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys(RATED, OWN),
    },
    Action.REPLACE_SUPPLIER: {Role.OFFICER: LEAD_OR_REGION},
    # retained savings: the bureau settles, hospitals read and answer their own, the agency pays.
    Action.DRAFT_SETTLEMENT: {Role.OFFICER: LEAD},
    Action.READ_SETTLEMENT: {
        Role.OFFICER: LEAD_OR_REGION,
        Role.SUPERVISOR: LEAD_OR_REGION,
        Role.FUND_AGENCY: REGION,
        Role.HOSPITAL: OWN,
    },
    Action.ASSESS_SELF: {Role.HOSPITAL: OWN_OR_GROUP},
    Action.ASSESS_ON_SITE: {Role.OFFICER: LEAD},
    Action.READ_STATEMENT: {
        Role.HOSPITAL: OWN_OR_GROUP,
        Role.OFFICER: LEAD_OR_REGION,
        Role.SUPERVISOR: LEAD_OR_REGION,
        Role.FUND_AGENCY: REGION,
    },
    Action.ANSWER_STATEMENT: {Role.HOSPITAL: OWN_OR_GROUP},
    Action.DECIDE_OBJECTION: {Role.OFFICER: LEAD},
    # The bureau above takes note of a report, or returns it: it leads that step.
    Action.REPORT_SETTLEMENT: {Role.OFFICER: LEAD},
    Action.PUBLISH_SETTLEMENT: {Role.OFFICER: LEAD},
    Action.READ_PUBLISHED_SAVINGS: {Role.PUBLIC: PUBLISHED},
    # The agency that the settlement names; nobody who computed the amounts.
    Action.PAY_RETAINED: {Role.FUND_AGENCY: OWN},
    Action.PLAN_DISTRIBUTION: {Role.HOSPITAL: OWN_OR_GROUP},
    # payments: companies and hospitals see their own books, agencies those of their region.
    Action.READ_LEDGER: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys(RATED, OWN),
        Role.FUND_AGENCY: (Condition.OWN, Condition.REGION),
        **dict.fromkeys(OF_A_BUREAU, REGION),
    },
    Action.MANAGE_BANK_ACCOUNT: dict.fromkeys((Role.HOSPITAL, *RATED, Role.FUND_AGENCY), OWN),
    Action.GIVE_PREPAYMENT: {Role.FUND_AGENCY: REGION},
    Action.CLAIM_SETTLEMENT: dict.fromkeys(RATED, OWN),
    Action.CHECK_CLAIM: {Role.HOSPITAL: OWN_OR_GROUP},
    Action.APPROVE_CLAIM: {Role.FUND_AGENCY: OWN},
    Action.RECORD_FUND_PAYABLE: {Role.FUND_AGENCY: REGION},
    Action.INSTRUCT_PAYMENT: {Role.FUND_AGENCY: OWN},
    # The agency's second person: not the one who drafted the instruction.
    Action.CONFIRM_PAYMENT: {Role.FUND_AGENCY: (Condition.SECOND,)},
    Action.RECORD_BANK_RESULT: {Role.FUND_AGENCY: OWN},
}
"""The rows of these stages."""
