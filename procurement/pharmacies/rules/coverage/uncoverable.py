"""Which counties nobody can cover, and why."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from procurement.pharmacies.rules.coverage.reach import nearest_of
from procurement.pharmacies.rules.coverage.task import CoverageTask, Reason, Uncovered


def uncoverable(
    task: CoverageTask, reach: csr_array, eligible: NDArray[np.bool_], left: NDArray[np.int64]
) -> tuple[Uncovered, ...]:
    """Name the counties that cannot be covered even by all eligible pharmacies.

    Args:
        task: The task.
        reach: Who covers whom, eligible or not.
        eligible: By pharmacy.
        left: By county: patients that all eligible ones together cannot serve.
    """
    able = reach @ eligible.astype(np.int64)
    unable = reach @ (~eligible).astype(np.int64)
    nearest = nearest_of(task, eligible) if task.within_km is not None else None
    found = []
    for row, county in enumerate(task.counties):
        needed = needed_of(task, row)
        if able[row] < needed:
            near = nearest[row] if nearest is not None else None
            found.append(
                Uncovered(
                    county=county.name,
                    reason=_reason(int(able[row]), int(unable[row]), near is not None),
                    needed=needed,
                    eligible=int(able[row]),
                    ineligible=int(unable[row]),
                    nearest=near[0] if near is not None and not able[row] else None,
                    nearest_km=near[1] if near is not None and not able[row] else None,
                    patients_left=int(left[row]),
                )
            )
        elif left[row]:
            found.append(
                Uncovered(
                    county=county.name,
                    reason=Reason.CAPACITY,
                    needed=needed,
                    eligible=int(able[row]),
                    ineligible=int(unable[row]),
                    patients_left=int(left[row]),
                )
            )
    return tuple(found)


def needed_of(task: CoverageTask, row: int) -> int:
    """How many pharmacies a county needs."""
    minimum = task.counties[row].minimum
    return task.per_county if minimum is None else minimum


def _reason(able: int, unable: int, is_somewhere: bool) -> Reason:
    if able:
        return Reason.TOO_FEW
    if unable:
        return Reason.NONE_ELIGIBLE
    return Reason.TOO_FAR if is_somewhere else Reason.NONE_THERE
