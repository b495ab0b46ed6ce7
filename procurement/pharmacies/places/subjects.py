"""What permissions ask about places."""

from procurement.permissions import Subject
from procurement.pharmacies.places.tables import Place


def place_subject(place: Place) -> Subject:
    """A place: its keeper's own, and the concern of those in charge of its county."""
    return Subject(organisation_id=place.organisation_id, regions=(place.county,))
