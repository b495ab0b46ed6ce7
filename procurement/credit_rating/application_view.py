"""What the page of a matter shows of applications and notices, and to whom."""

from typing import Any

from procurement.credit_rating.applications import applications_of, measures_in
from procurement.credit_rating.publishing import notices_about
from procurement.credit_rating.reading import MatterCard
from procurement.credit_rating.words import APPLICATION_WORDS
from procurement.permissions import Action
from procurement.permissions.decide import covers
from procurement.web import Visit


def asked_and_told(visit: Visit, card: MatterCard) -> dict[str, Any]:
    """Applications and notices, as the page of a matter shows them."""
    matter_id = card.matter.id
    is_concerned = sees_applications(visit, card)
    return {
        "applications": applications_of(visit.session, matter_id=matter_id) if is_concerned else [],
        "application_words": {
            kind.value: visit.text(*pair) for kind, pair in APPLICATION_WORDS.items()
        },
        "measures_in": measures_in,
        "notices": notices_about(visit.session, matter_ids=[matter_id]),
    }


def sees_applications(visit: Visit, card: MatterCard) -> bool:
    """Whether the visitor is of the rated firm, or of a bureau of the province that rates."""
    if card.matter.organisation_id == visit.actor.organisation_id:
        return True
    is_of_bureau = visit.may(Action.READ_CREDIT)
    return is_of_bureau and covers(visit.actor.region, card.matter.region)
