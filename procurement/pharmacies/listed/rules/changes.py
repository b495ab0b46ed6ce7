"""What happened to a drug between two states."""

from procurement.pharmacies.listed.kinds import ChangeKind, DrugState

_RANK = {DrugState.ORDINARY: 0, DrugState.DUAL: 1, DrugState.DUAL_SEPARATE: 2}


def change_between(before: DrugState | None, after: DrugState | None) -> ChangeKind | None:
    """Name the change from one state to another; None stands for not being on the list.

    Returns:
        `ChangeKind.CHANGE` where the state stays; None where it was not and is not on the list.

    Examples:
        >>> change_between(DrugState.DUAL_SEPARATE, DrugState.DUAL).value
        'downgrade'
        >>> change_between(None, DrugState.DUAL_SEPARATE).value
        'enter'
    """
    if before is None or after is None:
        if before is after:
            return None
        return ChangeKind.ENTER if before is None else ChangeKind.REMOVE
    if before is after:
        return ChangeKind.CHANGE
    return ChangeKind.UPGRADE if _RANK[after] > _RANK[before] else ChangeKind.DOWNGRADE
