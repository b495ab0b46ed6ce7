"""Requests for changes, as far as they are the visitor's to see or work on."""

from collections.abc import Sequence

from procurement.agreements.changes import changes_of, find_change
from procurement.agreements.listing import View
from procurement.agreements.states import Party
from procurement.agreements.subjects import of_hospital
from procurement.agreements.tables import AgreedChange, AgreedSupply
from procurement.permissions import Action
from procurement.rounds.reading import round_named
from procurement.rounds.tables import Round
from procurement.web import Visit


def changes_seen(
    visit: Visit, round_: Round, view: View
) -> Sequence[tuple[AgreedChange, AgreedSupply]]:
    """Return the requests of one's own hospitals, or of those that a bureau looks after."""
    if view.party is Party.HOSPITAL:
        return changes_of(visit.session, round_id=round_.id, hospital_ids=view.organisations)
    if view.party is not None:
        return []
    return [
        (change, supply)
        for change, supply in changes_of(visit.session, round_id=round_.id)
        if visit.may(
            Action.READ_AGREEMENT,
            of_hospital(
                visit.session,
                round_=round_,
                hospital_id=change.hospital_id,
                moment=visit.moment,
            ),
        )
    ]


def change_for(
    visit: Visit, name: str, change_id: int, action: Action
) -> tuple[Round, AgreedChange]:
    """Return a request that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's concern.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    round_ = round_named(visit.session, name=name)
    found = find_change(visit.session, round_id=round_.id, change_id=change_id)
    subject = of_hospital(
        visit.session, round_=round_, hospital_id=found.hospital_id, moment=visit.moment
    )
    visit.require(action, subject)
    return round_, found
