"""What a place is, and whether it is open."""

from collections.abc import Mapping
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a place is."""

    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"


class PlaceStatus(StrEnum):
    """Whether a place still works."""

    OPEN = "open"
    CLOSED = "closed"


PLACE_KIND_NAMES: Mapping[PlaceKind, tuple[str, str]] = {
    PlaceKind.HOSPITAL: ("医疗机构", "hospital"),
    PlaceKind.PHARMACY: ("零售药店", "pharmacy"),
}

PLACE_STATUS_NAMES: Mapping[PlaceStatus, tuple[str, str]] = {
    PlaceStatus.OPEN: ("营业", "open"),
    PlaceStatus.CLOSED: ("停业", "closed"),
}
