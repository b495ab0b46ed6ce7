"""A map of points and circles: where things stand on a picture, without any map service."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 720
HEIGHT_MIN, HEIGHT_MAX = 240, 900
MARGIN = 36
KM_A_DEGREE = 111.195
"""Along a meridian."""

LABELS_MAX = 60
"""With more counties their names would cover each other; the table has them."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something with a place on the ground.

    Attributes:
        code: Its code.
        name: What it is called.
        latitude: Degrees north.
        longitude: Degrees east.
        kind: ``county``, ``uncovered``, ``kept``, ``further`` or ``other``.
    """

    code: str
    name: str
    latitude: float
    longitude: float
    kind: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A spot on the picture.

    Attributes:
        spot: What it is.
        x: From the left, in pixels.
        y: From the top.
        radius: Of its circle; 0 where it has none.
    """

    spot: Spot
    x: float
    y: float
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A map.

    Attributes:
        width: Pixels.
        height: Pixels.
        counties: Points of counties.
        pharmacies: Chosen ones last, so that they lie on top.
        has_labels: Whether counties are named on it.
        scale_km: Length of the bar.
        scale_px: The same on the picture.
    """

    width: int
    height: int
    counties: tuple[Drawn, ...]
    pharmacies: tuple[Drawn, ...]
    has_labels: bool
    scale_km: int
    scale_px: float


def draw_map(
    counties: Sequence[Spot], pharmacies: Sequence[Spot], *, within_km: float | None
) -> Picture | None:
    """Place counties and pharmacies on a picture that keeps distances; None without counties.

    Args:
        counties: Their points.
        pharmacies: All that were looked at.
        within_km: Radius of the circles around kept and further pharmacies.

    Examples:
        >>> east = Spot("1", "E", 32.0, 120.0, "county")
        >>> west = Spot("2", "W", 32.0, 119.0, "county")
        >>> picture = draw_map([east, west], [], within_km=None)
        >>> [round(one.x) for one in picture.counties]
        [684, 36]
    """
    spots = [*counties, *pharmacies]
    if not counties:
        return None
    south, north = _span(one.latitude for one in spots)
    west, east = _span(one.longitude for one in spots)
    narrowing = math.cos(math.radians((south + north) / 2))
    a_degree = _pixels_a_degree((east - west) * narrowing, north - south)
    height = min(HEIGHT_MAX, max(HEIGHT_MIN, round((north - south) * a_degree) + 2 * MARGIN))
    left = (WIDTH - (east - west) * narrowing * a_degree) / 2
    top = (height - (north - south) * a_degree) / 2
    reach = 0.0 if within_km is None else within_km / KM_A_DEGREE * a_degree

    def place(one: Spot) -> Drawn:
        x = left + (one.longitude - west) * narrowing * a_degree
        y = top + (north - one.latitude) * a_degree
        radius = reach if one.kind in ("kept", "further") else 0.0
        return Drawn(one, round(x, 1), round(y, 1), round(radius, 1))

    order = {"other": 0, "kept": 1, "further": 2}
    scale_km = _round_km(120 / a_degree * KM_A_DEGREE)
    return Picture(
        width=WIDTH,
        height=height,
        counties=tuple(place(one) for one in counties),
        pharmacies=tuple(place(one) for one in sorted(pharmacies, key=lambda one: order[one.kind])),
        has_labels=len(counties) <= LABELS_MAX,
        scale_km=scale_km,
        scale_px=round(scale_km / KM_A_DEGREE * a_degree, 1),
    )


def _span(values: Iterable[float]) -> tuple[float, float]:
    found = list(values)
    return min(found), max(found)


def _pixels_a_degree(wide: float, high: float) -> float:
    """So that the spots fill the picture; a single point gets half a degree around it."""
    least = 0.05
    return min(
        (WIDTH - 2 * MARGIN) / max(wide, least), (HEIGHT_MAX - 2 * MARGIN) / max(high, least)
    )


def _round_km(length: float) -> int:
    """The nearest round length below.

    Examples:
        >>> _round_km(37.0), _round_km(260.0), _round_km(0.4)
        (20, 200, 1)
    """
    power = int(10 ** math.floor(math.log10(max(length, 1))))
    return next(one * power for one in (5, 2, 1) if one * power <= max(length, 1))
