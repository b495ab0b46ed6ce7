"""Who may do what: roles, actions, and the one table that joins them.

Everything asks `permit`; nothing else decides. The table is printed in docs/permissions.md.
"""

from procurement.permissions.actions import Action
from procurement.permissions.actor import Actor, Subject
from procurement.permissions.decide import (
    NotFoundForActorError,
    NotPermittedError,
    is_permitted,
    permit,
)
from procurement.permissions.roles import ROLE_NAMES, Level, Role
from procurement.permissions.table import PERMISSIONS, Condition

__all__ = [
    "PERMISSIONS",
    "ROLE_NAMES",
    "Action",
    "Actor",
    "Condition",
    "Level",
    "NotFoundForActorError",
    "NotPermittedError",
    "Role",
    "Subject",
    "is_permitted",
    "permit",
]
