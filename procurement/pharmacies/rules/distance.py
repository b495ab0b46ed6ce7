"""Distances on the globe, and points that cannot be in China; pure."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""

LATITUDES = (3.0, 54.0)
"""Degrees north between which China lies, the islands of the south included."""
LONGITUDES = (73.0, 136.0)
"""Degrees east between which China lies."""


def great_circle_km(
    latitude: float, longitude: float, *, other_latitude: float, other_longitude: float
) -> float:
    """Return the distance of two points along the globe, in kilometres.

    The haversine formula: exact to a few millimetres for points that lie close together, where
    the law of cosines is not. The globe is a ball, so that up to 0.5 % may be missing.

    Args:
        latitude: Of one point, degrees north.
        longitude: Of one point, degrees east.
        other_latitude: Of the other.
        other_longitude: Of the other.

    Examples:
        >>> round(great_circle_km(0, 0, other_latitude=0, other_longitude=90), 3)
        10007.557
    """
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    half = (
        sin(north / 2) ** 2
        + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    )
    # Opposite points: rounding must not lead out of the domain of the arc sine.
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def is_in_china(latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in the box around China.

    Examples:
        >>> is_in_china(31.8, 117.2), is_in_china(117.2, 31.8)
        (True, False)
    """
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def looks_swapped(latitude: float, longitude: float) -> bool:
    """Tell whether a point would be in China if its two numbers changed places.

    Examples:
        >>> looks_swapped(117.2, 31.8), looks_swapped(31.8, 117.2), looks_swapped(-33.9, 151.2)
        (True, False, False)
    """
    return not is_in_china(latitude, longitude) and is_in_china(longitude, latitude)
