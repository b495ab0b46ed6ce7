"""What may follow what in a round, and what its dates ask for: pure functions only."""

from procurement.rounds.rules.editing import Part, PartFixedError, check_may_change, may_change
from procurement.rounds.rules.four_eyes import FourEyesError, check_two_officers, needs_two_officers
from procurement.rounds.rules.keyholders import Holder, controllers_of, holder_faults
from procurement.rounds.rules.outage import (
    OUTAGE_SECONDS,
    OUTAGE_WINDOW,
    Failure,
    outage_shift,
)
from procurement.rounds.rules.reminders import Addressee, Reminder, reminders_between
from procurement.rounds.rules.timetable import (
    DATE_NAMES,
    DueTransition,
    Timetable,
    due_transitions,
    timetable_faults,
)
from procurement.rounds.rules.transitions import (
    PROPOSAL_TRANSITIONS,
    PUBLIC_STATUSES,
    TRANSITIONS,
    InvalidTransitionError,
    ProposalDecidedError,
    check_proposal_transition,
    check_transition,
    is_public,
)

__all__ = [
    "DATE_NAMES",
    "OUTAGE_SECONDS",
    "OUTAGE_WINDOW",
    "PROPOSAL_TRANSITIONS",
    "PUBLIC_STATUSES",
    "TRANSITIONS",
    "Addressee",
    "DueTransition",
    "Failure",
    "FourEyesError",
    "Holder",
    "InvalidTransitionError",
    "Part",
    "PartFixedError",
    "ProposalDecidedError",
    "Reminder",
    "Timetable",
    "check_may_change",
    "check_proposal_transition",
    "check_transition",
    "check_two_officers",
    "controllers_of",
    "due_transitions",
    "holder_faults",
    "is_public",
    "may_change",
    "needs_two_officers",
    "outage_shift",
    "reminders_between",
    "timetable_faults",
]
