"""The table: for each action, which roles may do it and on what condition.

A cell is a tuple of conditions of which one suffices; a role that a row does not name may not.
"""

from collections.abc import Mapping

from procurement.permissions.actions import Action
from procurement.permissions.roles import Role
from procurement.permissions.table.conditions import Cell, Condition
from procurement.permissions.table.of_bids import OF_BIDS
from procurement.permissions.table.of_negotiations import OF_NEGOTIATIONS
from procurement.permissions.table.of_pharmacies import OF_PHARMACIES
from procurement.permissions.table.of_rounds import OF_ROUNDS
from procurement.permissions.table.of_supply import OF_SUPPLY
from procurement.permissions.table.of_watching import OF_WATCHING

__all__ = ["PERMISSIONS", "Cell", "Condition"]

PERMISSIONS: Mapping[Action, Mapping[Role, Cell]] = {
    **OF_ROUNDS,
    **OF_BIDS,
    **OF_SUPPLY,
    **OF_NEGOTIATIONS,
    **OF_PHARMACIES,
    **OF_WATCHING,
}
"""All rows, in the order of the process."""
