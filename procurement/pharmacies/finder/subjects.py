"""What stock and complaints are to the permissions."""

from procurement.permissions import Subject
from procurement.pharmacies.finder.tables import StockPriceFlag


def flag_subject(flag: StockPriceFlag) -> Subject:
    """Return a price that is too high as permissions see it."""
    return Subject(regions=(flag.county,))
