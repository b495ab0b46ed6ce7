"""Which changes of a round need two different officers (四眼)."""

from procurement.errors import RefusedError
from procurement.rounds.status import RoundStatus

_ALWAYS_BY_TWO = frozenset({RoundStatus.PUBLISHED, RoundStatus.OPENED, RoundStatus.AWARDED})


class FourEyesError(RefusedError):
    """A step that needs two officers has one, or the same one twice."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="此步须由两名不同的经办人办理：一人提出，另一人复核。",
            en="This step takes two different officers: one proposes it, another confirms it.",
        )


def needs_two_officers(present: RoundStatus, wanted: RoundStatus) -> bool:
    """Tell whether a change of status needs two officers.

    Publishing, opening and fixing the award do. So does cancelling, unless the round is still a
    draft that nobody relies on.

    Examples:
        >>> needs_two_officers(RoundStatus.CLOSED, RoundStatus.OPENED)
        True
        >>> needs_two_officers(RoundStatus.DRAFT, RoundStatus.CANCELLED)
        False
    """
    if wanted == RoundStatus.CANCELLED:
        return present != RoundStatus.DRAFT
    return wanted in _ALWAYS_BY_TWO


def check_two_officers(person_id: int | None, second_person_id: int | None) -> None:
    """Let two different people pass, or raise.

    Raises:
        FourEyesError: One is missing, or both are the same.

    Examples:
        >>> check_two_officers(1, 2)
        >>> check_two_officers(1, 1)
        Traceback (most recent call last):
        ...
        procurement.rounds.rules.four_eyes.FourEyesError: This step takes two different officers: \
one proposes it, another confirms it.
    """
    if person_id is None or second_person_id is None or person_id == second_person_id:
        raise FourEyesError
