"""Names of places and drugs that something is about."""

from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.places.service import place_of_code
from procurement.pharmacies.places.tables import Place


def place_named(session: Session, *, code: str = "", place_id: int | None = None) -> Place | None:
    """Return a place by its institution code or its id; None where nothing was named."""
    if place_id is not None:
        return session.get(Place, place_id)
    return place_of_code(session, code=code) if code else None


def drug_name(session: Session, *, drug_id: int | None) -> str:
    """Return a drug's generic name; empty where none was named."""
    drug = None if drug_id is None else session.get(GenericProduct, drug_id)
    return "" if drug is None else drug.name
