"""A place in a list by time: what a link to the next page carries."""

import base64
import binascii
from datetime import datetime

from procurement.errors import FieldFault, InvalidInputError


def write_place(moment: datetime, row_id: int) -> str:
    """Write a place as text for an address.

    Examples:
        >>> from datetime import UTC
        >>> read_place(write_place(datetime(2026, 11, 22, tzinfo=UTC), 7))
        (datetime.datetime(2026, 11, 22, 0, 0, tzinfo=datetime.timezone.utc), 7)
    """
    text = f"{moment.isoformat()} {row_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(text: str) -> tuple[datetime, int]:
    """Read a place.

    Raises:
        InvalidInputError: The list did not give it.
    """
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        first, _, second = plain.partition(" ")
        moment, row_id = datetime.fromisoformat(first), int(second)
        if moment.utcoffset() is not None and 0 <= row_id < 2**31:
            return moment, row_id
    except (ValueError, binascii.Error, OverflowError):
        pass
    raise InvalidInputError(
        [FieldFault("cursor", "不是本列表给出的位置。", "Expected a place given by this list.")]
    )
