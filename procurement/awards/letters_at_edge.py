"""What pages and interface of letters share: who may read whose."""

from procurement.bids.at_edge import require_role, subject_for
from procurement.bids.subjects import require_round
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.tables import Round
from procurement.web import Visit


def letter_round(visit: Visit, name: str) -> tuple[Round, bool]:
    """Return the round of an address, and whether the visitor may read all of its letters.

    Raises:
        NotPermittedError: No role of the visitor may read any.
        NotFoundForActorError: There is no such round, or it is not public.
    """
    require_role(visit, Action.READ_LETTER)
    round_ = require_round(visit.session, name=name)
    if visit.may(Action.READ_LETTER, subject_for(visit, round_)):
        return round_, True
    own = subject_for(visit, round_, organisation_id=visit.actor.organisation_id)
    visit.require(Action.READ_LETTER, own)
    if not own.is_public:
        raise NotFoundForActorError
    return round_, False


def addressee_of(visit: Visit, name: str, organisation_id: int | None) -> tuple[Round, int]:
    """Return the round of an address and the addressee of a letter that the visitor may read.

    Args:
        visit: The request.
        name: The round's name.
        organisation_id: The addressee; the visitor's own organisation unless given.

    Raises:
        NotPermittedError: No role of the visitor may read any letter.
        NotFoundForActorError: It is neither the visitor's nor of a round that he leads.
    """
    round_, sees_all = letter_round(visit, name)
    addressee = organisation_id or visit.actor.organisation_id
    if addressee is None or not (sees_all or addressee == visit.actor.organisation_id):
        raise NotFoundForActorError
    return round_, addressee
