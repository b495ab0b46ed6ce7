"""The nomination of an address, if it is the visitor's to work on."""

from procurement.agreements.tables import Distribution
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.tables import Round
from procurement.web import Visit


def distribution_for(
    visit: Visit, round_: Round, distribution_id: int, action: Action
) -> Distribution:
    """Return a nomination: the distributor's own to answer, the winner's own to withdraw.

    Raises:
        NotFoundForActorError: There is none, or it is another's.
    """
    row = visit.session.get(Distribution, distribution_id)
    if row is None or row.round_id != round_.id:
        raise NotFoundForActorError
    is_answer = action is Action.ANSWER_NOMINATION
    visit.require(
        action,
        Subject(organisation_id=row.distributor_id if is_answer else row.organisation_id),
    )
    return row
