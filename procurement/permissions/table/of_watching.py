"""Monitoring, and what is published."""

from collections.abc import Mapping

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role
from procurement.permissions.table.conditions import (
    ALWAYS,
    LEAD,
    LEAD_OR_REGION,
    OF_A_BUREAU,
    OWN,
    PUBLISHED,
    RATED,
    Cell,
    Condition,
)

OF_WATCHING: Mapping[Action, Mapping[Role, Cell]] = {
    # monitoring: a firm's answers are for itself and the bureau; all see what is published.
    Action.READ_MONITORING: dict.fromkeys(OF_A_BUREAU, LEAD_OR_REGION),
    Action.RUN_MONITORING: {Role.OFFICER: LEAD},
    # A report is published, and a linkage decided, by another person than who proposed it.
    Action.CONFIRM_MONITORING: {Role.OFFICER: (Condition.SECOND,)},
    Action.ANSWER_SURVEY: dict.fromkeys((*RATED, Role.HOSPITAL, Role.PHARMACY), OWN),
    Action.READ_MONITORING_REPORT: {
        Role.PUBLIC: PUBLISHED,
        **dict.fromkeys(OF_A_BUREAU, (Condition.LEAD, Condition.REGION, Condition.PUBLISHED)),
    },
    # publication
    Action.READ_STANDING: {Role.PUBLIC: ALWAYS},
    Action.READ_OPEN_DATA: {Role.PUBLIC: ALWAYS},
}
"""The rows of these stages."""
