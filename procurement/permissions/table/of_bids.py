"""Bids, awards, regions."""

from collections.abc import Mapping

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role
from procurement.permissions.table.conditions import (
    LEAD,
    NAMED,
    OBJECTING,
    OF_A_BUREAU,
    OWN,
    PUBLISHED,
    READ_ROUND,
    Cell,
)

OF_BIDS: Mapping[Action, Mapping[Role, Cell]] = {
    # bids
    Action.READ_PAPERS: {
        Role.MANUFACTURER: OWN,
        Role.EVALUATOR: LEAD,
        Role.SUPERVISOR: LEAD,
        Role.NOTARY: NAMED,
        Role.INSPECTOR: NAMED,
    },
    Action.SUBMIT_PAPERS: {Role.MANUFACTURER: OWN},
    Action.REVIEW_PAPERS: {Role.EVALUATOR: LEAD},
    Action.MAKE_ROUND_KEY: {Role.KEYHOLDER: NAMED},
    Action.REHEARSE: {Role.KEYHOLDER: NAMED, Role.OFFICER: LEAD},
    Action.READ_MANIFEST: READ_ROUND,
    Action.SUBMIT_BID: {Role.MANUFACTURER: OWN},
    Action.READ_RECEIPT: {Role.MANUFACTURER: OWN},
    Action.READ_LOG: READ_ROUND,
    Action.POST_SHARES: {Role.KEYHOLDER: NAMED},
    Action.OPEN_BIDS: {Role.OFFICER: LEAD},
    Action.REVEAL_KEY: {Role.MANUFACTURER: OWN},
    # Second answers: questions to the own firm, sealed like a bid.
    Action.ANSWER_QUESTIONS: {Role.MANUFACTURER: OWN},
    # Published here means that the rulebook lets everybody see the prices.
    Action.READ_OPENED_BIDS: {
        Role.PUBLIC: PUBLISHED,
        Role.MANUFACTURER: OWN,
        **dict.fromkeys(OF_A_BUREAU, LEAD),
        Role.NOTARY: NAMED,
        Role.INSPECTOR: NAMED,
    },
    # awards
    Action.EVALUATE_ROUND: {Role.OFFICER: LEAD},
    # Drafted by one officer; confirmed by another, as every step that takes two.
    Action.DRAFT_ANSWER: {Role.OFFICER: LEAD},
    Action.CALL_ANSWERS: {Role.OFFICER: LEAD},
    Action.ANNOUNCE_AWARD: {Role.OFFICER: LEAD},
    # A prompt to look at a file, never a finding: nobody else sees them.
    Action.READ_SCREENS: {Role.EVALUATOR: LEAD},
    Action.READ_RESULT: READ_ROUND,
    # What a loser would have needed tells how close the winners are: only for the addressee.
    Action.READ_LETTER: {Role.MANUFACTURER: OWN, **dict.fromkeys(OF_A_BUREAU, LEAD)},
    Action.FILE_OBJECTION: dict.fromkeys(OBJECTING, PUBLISHED),
    Action.READ_OBJECTION: {
        **dict.fromkeys(OBJECTING, OWN),
        **dict.fromkeys(OF_A_BUREAU, LEAD),
        Role.NOTARY: NAMED,
        Role.INSPECTOR: NAMED,
    },
    Action.APPEAL_OBJECTION: dict.fromkeys(OBJECTING, OWN),
    Action.ANSWER_OBJECTION: {Role.OFFICER: LEAD},
    # Not by those who gave the answer that is appealed against.
    Action.ANSWER_APPEAL: {Role.SUPERVISOR: LEAD},
    # regions: published once they are chosen; before, for winners and those who conduct.
    Action.READ_REGIONS: {
        Role.PUBLIC: PUBLISHED,
        Role.MANUFACTURER: OWN,
        **dict.fromkeys(OF_A_BUREAU, LEAD),
        Role.NOTARY: NAMED,
        Role.INSPECTOR: NAMED,
    },
    Action.CHOOSE_REGION: {Role.MANUFACTURER: OWN},
    Action.RUN_REGION_CHOICE: {Role.OFFICER: LEAD},
}
"""The rows of these stages."""
