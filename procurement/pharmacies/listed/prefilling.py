"""A drug's present terms as texts, to fill a form in."""

from datetime import date

from sqlalchemy.orm import Session

from procurement.pharmacies.listed.kinds import Control
from procurement.pharmacies.listed.service import drug_of, state_on
from procurement.pharmacies.listed.terms import columns_of, terms_of

LONGEST_ID = 9


def filled_line(session: Session, *, listed_drug_id: str, region: str, day: date) -> dict[str, str]:
    """Return what a form shows of a drug of a region's list on a day.

    Args:
        session: Any session.
        listed_drug_id: As an address sends it.
        region: Whose list.
        day: The day.

    Returns:
        Texts by field; none where there is no such drug.
    """
    if not (listed_drug_id.isascii() and listed_drug_id.isdigit()):
        return {}
    if len(listed_drug_id) > LONGEST_ID:
        return {}
    drug = drug_of(session, listed_drug_id=int(listed_drug_id))
    if drug is None or drug.region != region:
        return {}
    line = {
        "name": drug.generic_product.name,
        "form": drug.generic_product.printed_form,
        "brand": drug.brand,
        "catalogue_number": drug.catalogue_number,
        "control": Control.NONE.value,
    }
    period = state_on(session, listed_drug_id=drug.id, day=day)
    if period is None:
        return line
    for name, value in columns_of(terms_of(period)).items():
        if isinstance(value, bool):
            line[name] = "yes" if value else "no"
        elif value is not None:
            line[name] = str(value)
    return line
