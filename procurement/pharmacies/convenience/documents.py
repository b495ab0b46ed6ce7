"""Which document governs a convenience pharmacy."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from pricing.stated_rules import StatedRules
from procurement.accounts.divisions import province_of
from procurement.errors import RefusedError
from procurement.pharmacies.designation.service import designated_on
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
)
from procurement.pharmacies.places.tables import Place

OF_PROVINCE: Mapping[str, str] = {"320000": "pharmacy-jiangsu-2023"}
"""Documents of provinces, for pharmacies that were taken over from a published list."""


class NotConvenienceError(RefusedError):
    """The place is no convenience pharmacy on the day."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="该药店当日不是医保便民药店。",
            en="The place is not a convenience pharmacy that day.",
        )


class NoDocumentError(RefusedError):
    """No document about convenience pharmacies is known for the region."""

    def __init__(self, county: str) -> None:
        """Name the county.

        Args:
            county: Division code.
        """
        super().__init__(
            zh=f"县区 {county} 没有已知的便民药店文件，无法判断。",
            en=f"No document about convenience pharmacies is known for county {county}.",
        )


def require_convenience(session: Session, *, place: Place, day: date) -> Designation:
    """Return the designation of a convenience pharmacy.

    Raises:
        NotConvenienceError: It is none on the day.
    """
    found = designated_on(session, place_id=place.id, scheme=DesignationScheme.CONVENIENCE, day=day)
    if found is None:
        raise NotConvenienceError
    return found


def rules_for(session: Session, *, place: Place, designation: Designation) -> StatedRules:
    """Return the rules of the document under which a pharmacy was designated.

    Raises:
        NoDocumentError: None is known for its region.
    """
    name = OF_PROVINCE.get(province_of(place.county))
    if designation.application_id is not None:
        application = session.get_one(DesignationApplication, designation.application_id)
        name = session.get_one(DesignationCall, application.call_id).rulebook
    if name is None:
        raise NoDocumentError(place.county)
    return StatedRules.of(name)
