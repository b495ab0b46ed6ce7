"""Accounts, catalogue, prices, credit rating, rounds, volumes."""

from collections.abc import Mapping

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role
from procurement.permissions.table.conditions import (
    ALWAYS,
    LEAD,
    LEAD_OR_REGION,
    OF_A_BUREAU,
    OWN,
    OWN_OR_GROUP,
    PUBLISHED,
    RATED,
    READ_ROUND,
    REGION,
    SIGNED_IN,
    Cell,
    Condition,
)

OF_ROUNDS: Mapping[Action, Mapping[Role, Cell]] = {
    # accounts
    # Anybody: whoever is signed out already is sent home too.
    Action.SIGN_OUT: {Role.PUBLIC: ALWAYS},
    Action.USE_ACCOUNT: dict.fromkeys(SIGNED_IN, ALWAYS),
    Action.READ_ORGANISATIONS: dict.fromkeys(OF_A_BUREAU, ALWAYS),
    Action.READ_ORGANISATION: {
        **dict.fromkeys(SIGNED_IN, OWN),
        **dict.fromkeys(OF_A_BUREAU, ALWAYS),
    },
    Action.REGISTER_ORGANISATION: {Role.OFFICER: REGION},
    Action.CHANGE_ORGANISATION: {Role.ADMINISTRATOR: OWN, Role.OFFICER: REGION},
    # Name, codes and region: what an organisation is known by.
    Action.CHANGE_IDENTITY: {Role.OFFICER: REGION},
    Action.ACTIVATE_ORGANISATION: {Role.OFFICER: REGION},
    # Who controls whom decides who counts as one bidder: a firm states it, and cannot end it.
    Action.RECORD_RELATION: {Role.ADMINISTRATOR: OWN, Role.OFFICER: REGION},
    Action.END_RELATION: {Role.OFFICER: REGION},
    Action.INVITE_PERSON: {Role.ADMINISTRATOR: OWN, Role.OFFICER: REGION},
    Action.MANAGE_PEOPLE: {Role.ADMINISTRATOR: OWN},
    Action.MANAGE_TOKENS: {Role.ADMINISTRATOR: OWN},
    Action.BIND_CERTIFICATE: {Role.ADMINISTRATOR: OWN},
    Action.CONFIGURE_DIRECTORY: {Role.ADMINISTRATOR: OWN},
    Action.READ_AUDIT: {Role.SUPERVISOR: ALWAYS, Role.ADMINISTRATOR: OWN},
    # Nothing that a hold names is deleted.
    Action.HOLD_RECORDS: {Role.SUPERVISOR: ALWAYS},
    # catalogue
    Action.READ_CATALOGUE: {Role.PUBLIC: ALWAYS},
    Action.CHANGE_CATALOGUE: {Role.OFFICER: ALWAYS},
    Action.IMPORT_CATALOGUE: {Role.OFFICER: ALWAYS},
    # prices
    # Published here means that everybody may see the price; a hospital's own are those it pays.
    Action.READ_PRICES: {
        Role.PUBLIC: PUBLISHED,
        **dict.fromkeys((Role.MANUFACTURER, Role.HOSPITAL), OWN),
        **dict.fromkeys(OF_A_BUREAU, LEAD),
    },
    # The price at which a product is listed for purchase in a region (挂网价).
    Action.RECORD_LISTING: {Role.OFFICER: REGION},
    # credit rating
    Action.READ_CREDIT: {
        **dict.fromkeys(RATED, OWN),
        **dict.fromkeys(OF_A_BUREAU, ALWAYS),
    },
    Action.CHANGE_CREDIT: {Role.OFFICER: REGION},
    Action.GIVE_PROMISE: dict.fromkeys(RATED, OWN),
    # A rated firm objects, or applies for repair.
    Action.APPLY_CREDIT: dict.fromkeys(RATED, OWN),
    # rounds
    Action.READ_ROUND: READ_ROUND,
    Action.DRAFT_ROUND: {Role.OFFICER: ALWAYS},
    Action.CHANGE_ROUND: {Role.OFFICER: LEAD},
    Action.SIMULATE_ROUND: {Role.OFFICER: LEAD, Role.EVALUATOR: LEAD},
    Action.PROPOSE_STEP: {Role.OFFICER: LEAD},
    Action.CONFIRM_STEP: {Role.OFFICER: (Condition.SECOND,)},
    Action.READ_DOCUMENT: READ_ROUND,
    Action.COMMENT_DOCUMENT: dict.fromkeys(
        (Role.MANUFACTURER, Role.HOSPITAL, Role.DISTRIBUTOR, Role.PHARMACY), PUBLISHED
    ),
    Action.ANSWER_COMMENT: {Role.OFFICER: LEAD},
    Action.AMEND_DOCUMENT: {Role.OFFICER: LEAD},
    Action.ACKNOWLEDGE_DOCUMENT: {Role.MANUFACTURER: PUBLISHED},
    # volumes
    Action.READ_CALENDAR: dict.fromkeys((Role.HOSPITAL, *OF_A_BUREAU), ALWAYS),
    Action.READ_REPORT: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys(OF_A_BUREAU, LEAD_OR_REGION),
    },
    Action.REPORT_VOLUMES: {Role.HOSPITAL: OWN_OR_GROUP},
    Action.SPLIT_VOLUMES: {Role.HOSPITAL: OWN},
    Action.REVIEW_REPORT: {Role.OFFICER: LEAD_OR_REGION},
    Action.UPLOAD_VOLUMES: {Role.OFFICER: LEAD_OR_REGION},
    Action.IMPORT_HISTORY: {Role.OFFICER: ALWAYS},
    Action.READ_BASE_VOLUMES: {
        Role.PUBLIC: PUBLISHED,
        **dict.fromkeys(OF_A_BUREAU, LEAD_OR_REGION),
    },
    Action.AGGREGATE_VOLUMES: {Role.OFFICER: LEAD},
}
"""The rows of these stages."""
