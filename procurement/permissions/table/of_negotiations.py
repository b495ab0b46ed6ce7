"""Negotiations, and the papers of goods."""

from collections.abc import Mapping

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role
from procurement.permissions.table.conditions import (
    ALWAYS,
    APPOINTED,
    EXPERTS,
    LEAD,
    LEAD_OR_PUBLISHED,
    NAMED,
    NAMED_OR_PUBLISHED,
    OF_A_BUREAU,
    OWN,
    OWN_OR_GROUP,
    PUBLISHED,
    RATED,
    REGION,
    Cell,
    Condition,
)

OF_NEGOTIATIONS: Mapping[Action, Mapping[Role, Cell]] = {
    # negotiations: a campaign is public once it is open, a dossier's summary once it passed review.
    Action.READ_CAMPAIGN: {
        Role.PUBLIC: PUBLISHED,
        **dict.fromkeys(OF_A_BUREAU, LEAD_OR_PUBLISHED),
        Role.KEYHOLDER: NAMED_OR_PUBLISHED,
    },
    # That the bureau is the national one is asked by the service: levels are no condition.
    Action.DRAFT_CAMPAIGN: {Role.OFFICER: ALWAYS},
    Action.CHANGE_CAMPAIGN: {Role.OFFICER: LEAD},
    Action.MAKE_CAMPAIGN_KEY: {Role.KEYHOLDER: NAMED},
    Action.READ_DOSSIER: {
        Role.MANUFACTURER: OWN,
        Role.OFFICER: (Condition.LEAD, Condition.APPOINTED),
        Role.EVALUATOR: APPOINTED,
        Role.SUPERVISOR: LEAD,
    },
    Action.SUBMIT_DOSSIER: {Role.MANUFACTURER: OWN},
    Action.REVIEW_DOSSIER: {Role.OFFICER: LEAD},
    Action.DECLARE_INTEREST: dict.fromkeys(EXPERTS, APPOINTED),
    Action.SCORE_DOSSIER: dict.fromkeys(EXPERTS, APPOINTED),
    Action.RECORD_TALK: dict.fromkeys(EXPERTS, APPOINTED),
    Action.ANSWER_TALK: {Role.MANUFACTURER: OWN},
    # The own group's copy only; whoever leads the campaign sees neither.
    Action.USE_GROUP_MODEL: dict.fromkeys(EXPERTS, APPOINTED),
    Action.RECONCILE_CEILINGS: dict.fromkeys(EXPERTS, APPOINTED),
    # The sealed envelope and its digest; what is in it nobody reads here.
    Action.READ_ENVELOPE: {
        Role.MANUFACTURER: OWN,
        **dict.fromkeys(OF_A_BUREAU, LEAD),
        Role.KEYHOLDER: NAMED,
    },
    Action.POST_ENVELOPE_SHARE: {Role.KEYHOLDER: NAMED},
    Action.NEGOTIATE: dict.fromkeys(EXPERTS, APPOINTED),
    Action.QUOTE_PRICE: {Role.MANUFACTURER: OWN},
    Action.READ_SESSION_RECORD: {
        Role.OFFICER: (Condition.LEAD, Condition.APPOINTED),
        Role.EVALUATOR: APPOINTED,
        Role.SUPERVISOR: LEAD,
    },
    Action.CONFIRM_RENEWAL: {Role.OFFICER: (Condition.SECOND,)},
    # papers of goods: a manufacturer is a seller where it delivers itself.
    Action.SUBMIT_INVOICE: dict.fromkeys(RATED, OWN),
    Action.READ_INVOICE: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys(RATED, OWN),
        **dict.fromkeys((Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY), REGION),
    },
    Action.UPLOAD_MOVEMENTS: {Role.HOSPITAL: OWN_OR_GROUP},
    Action.READ_MOVEMENTS: {
        Role.HOSPITAL: OWN_OR_GROUP,
        **dict.fromkeys((Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY), REGION),
    },
    Action.WRITE_PARTITIONS: {Role.OFFICER: REGION},
}
"""The rows of these stages."""
