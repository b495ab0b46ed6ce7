"""Who covers whom: great-circle distances of thousands of points at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from procurement.pharmacies.rules.coverage.task import County, CoverageTask, Pharmacy

EARTH_KM = 6371.0088
"""Mean radius of the Earth."""

_SLACK = 1.0 + 1e-9
# The tree only proposes; the exact formula decides.

Floats = NDArray[np.float64]


def reach_of(task: CoverageTask) -> csr_array:
    """A row for each county, a column for each pharmacy: 1 where the pharmacy covers it.

    Eligibility is not looked at.

    Examples:
        >>> east = [Pharmacy("a", "E", 32.0, 120.0), Pharmacy("b", "W", 32.0, 120.2)]
        >>> west = [County("E", 32.0, 120.0), County("W", 32.0, 121.0)]
        >>> reach_of(CoverageTask(west, east)).toarray().tolist()
        [[1, 0], [0, 1]]
        >>> reach_of(CoverageTask(west, east, within_km=20)).toarray().tolist()
        [[1, 1], [0, 0]]
    """
    if task.within_km is None:
        return _of_own_county(task)
    return _within(task, task.within_km)


def distance_km(
    latitude: Floats, longitude: Floats, latitude_to: Floats, longitude_to: Floats
) -> Floats:
    """Great-circle distances in km between points in degrees, by the haversine formula.

    Examples:
        >>> one = np.array([0.0])
        >>> round(float(distance_km(one, one, one, one + 1.0)[0]), 4)
        111.1951
    """
    south, north = np.radians(latitude), np.radians(latitude_to)
    east = np.radians(longitude_to) - np.radians(longitude)
    half = np.sin((north - south) / 2) ** 2 + np.cos(south) * np.cos(north) * np.sin(east / 2) ** 2
    distances: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distances


def nearest_of(task: CoverageTask, allowed: NDArray[np.bool_]) -> list[tuple[str, float] | None]:
    """For each county the nearest of some pharmacies and its distance in km.

    Args:
        task: The task.
        allowed: For each pharmacy whether it counts.
    """
    places = np.flatnonzero(allowed)
    if not places.size or not task.counties:
        return [None] * len(task.counties)
    latitude, longitude = positions(task.counties)
    latitude_to, longitude_to = positions(task.pharmacies)
    tree = cKDTree(_on_sphere(latitude_to[places], longitude_to[places]))
    _, found = tree.query(_on_sphere(latitude, longitude))
    index = places[found]
    km = distance_km(latitude, longitude, latitude_to[index], longitude_to[index])
    names = [task.pharmacies[one].name for one in index]
    return [(name, float(one)) for name, one in zip(names, km, strict=True)]


def positions(points: Sequence[County | Pharmacy]) -> tuple[Floats, Floats]:
    """Latitudes and longitudes."""
    return (
        np.array([one.latitude for one in points], dtype=np.float64),
        np.array([one.longitude for one in points], dtype=np.float64),
    )


def _of_own_county(task: CoverageTask) -> csr_array:
    row_of = {county.name: row for row, county in enumerate(task.counties)}
    rows = [row_of.get(one.county, -1) for one in task.pharmacies]
    pairs = np.array([(row, column) for column, row in enumerate(rows) if row >= 0], dtype=np.int64)
    return _matrix(pairs.reshape(-1, 2), task)


def _within(task: CoverageTask, within_km: float) -> csr_array:
    latitude, longitude = positions(task.counties)
    latitude_to, longitude_to = positions(task.pharmacies)
    if not latitude.size or not latitude_to.size:
        return _matrix(np.empty((0, 2), dtype=np.int64), task)
    # Half the Earth's circumference is the farthest; a chord is twice the sine of half the angle.
    angle = min(within_km / EARTH_KM, np.pi)
    chord = 2 * np.sin(angle / 2) * _SLACK + 1e-12
    tree = cKDTree(_on_sphere(latitude_to, longitude_to))
    near = tree.query_ball_point(_on_sphere(latitude, longitude), chord)
    rows = np.repeat(np.arange(len(near)), [len(one) for one in near])
    columns = np.concatenate([np.asarray(one, dtype=np.int64) for one in near])
    km = distance_km(latitude[rows], longitude[rows], latitude_to[columns], longitude_to[columns])
    inside = km <= within_km
    return _matrix(np.column_stack([rows[inside], columns[inside]]), task)


def _matrix(pairs: NDArray[np.int64], task: CoverageTask) -> csr_array:
    shape = (len(task.counties), len(task.pharmacies))
    ones = np.ones(len(pairs), dtype=np.int64)
    matrix = csr_array((ones, (pairs[:, 0], pairs[:, 1])), shape=shape)
    matrix.sort_indices()
    return matrix


def _on_sphere(latitude: Floats, longitude: Floats) -> Floats:
    north, east = np.radians(latitude), np.radians(longitude)
    points: Floats = np.column_stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    )
    return points
