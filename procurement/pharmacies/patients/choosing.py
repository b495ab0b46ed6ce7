"""What a doctor chooses from when he enters a registration."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.pharmacies.designation.tables import DesignatedDoctor
from procurement.pharmacies.listed.service import DUAL, listed_on
from procurement.pharmacies.patients.reading import drug_name
from procurement.pharmacies.places.tables import Place


def hospitals_of_doctor(
    session: Session, *, doctors: Sequence[DesignatedDoctor]
) -> Sequence[Place]:
    """Return the hospitals in which somebody is a responsible doctor, by code."""
    ids = {one.place_id for one in doctors}
    wanted = select(Place).where(Place.id.in_(ids)).order_by(Place.institution_code)
    return session.scalars(wanted).all()


def drugs_of_area(session: Session, *, region: str, day: date) -> list[tuple[int, str]]:
    """Return the drugs of the dual channel in a pooling area, by name: id and words."""
    found = listed_on(session, region=region, day=day, states=DUAL)
    return [(one.drug.id, drug_name(one.drug)) for one in found]
