"""Read a coverage folder: counties and pharmacies, with all their faults."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from procurement.pharmacies.rules.coverage.capacity import PEOPLE_MAX
from procurement.pharmacies.rules.coverage.task import County, Pharmacy
from procurement.pharmacies.rules.distance import great_circle_km, looks_swapped
from procurement.rounds.folder.cells import (
    CellError,
    optional,
    parse_count,
    parse_count_from_one,
    parse_flag,
    parse_name,
    parse_positive,
)
from procurement.rounds.folder.faults import BadFolderError, Fault, FaultList, quoted
from procurement.rounds.folder.tables import Column, Row, Table
from procurement.rounds.folder.text import UTF_8, UnreadableError, known_encoding, read_lines

COUNTIES, PHARMACIES = "counties.csv", "pharmacies.csv"

FARTHEST_KM = 1000
"""No county of the country reaches so far from its middle: beyond it a point is a slip."""

MINIMUM_MAX = 1000
_A_FOLDER = f"a folder with {COUNTIES} and {PHARMACIES}"
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
_POLE = 90
_COST = re.compile(r"[0-9]{1,10}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class CoverageFolder:
    """What a coverage folder holds, in the order of its files."""

    counties: tuple[County, ...]
    pharmacies: tuple[Pharmacy, ...]


def parse_degrees(most: int) -> "_Degrees":
    """A parser of degrees from minus ``most`` to ``most``.

    Examples:
        >>> parse_degrees(90)("31.86")
        31.86
    """
    return _Degrees(most)


@dataclass(frozen=True, slots=True)
class _Degrees:
    most: int

    def __call__(self, text: str) -> float:
        if not _DEGREES.fullmatch(text):
            problem = f"{quoted(text)} is not a number of degrees" if text else "is empty"
            raise CellError(problem, "decimal degrees like 31.8612")
        degrees = float(text)
        if abs(degrees) > self.most:
            expected = f"-{self.most} to {self.most}"
            if self.most == _POLE:
                expected += "; latitude and longitude may be swapped"
            raise CellError(f"{quoted(text)} is out of range", expected)
        return degrees


def parse_cost(text: str) -> Decimal:
    """What choosing a pharmacy costs: 0 or more, at most four decimals."""
    if not _COST.fullmatch(text):
        raise CellError(f"{quoted(text)} is not a cost", "a number like 12000 or 0.5, 0 or more")
    return Decimal(text)


def parse_minimum(text: str) -> int:
    """How many pharmacies a county needs."""
    count = parse_count(text)
    if count > MINIMUM_MAX:
        raise CellError(f"{quoted(text)} is too large", f"at most {MINIMUM_MAX}")
    return count


def _parse_radius(text: str) -> float:
    return float(parse_positive(text))


# Of both files.
COUNTY = Column("county", parse_name)
LATITUDE = Column("latitude", parse_degrees(_POLE))
LONGITUDE = Column("longitude", parse_degrees(180))

MINIMUM = Column("minimum", optional(parse_minimum), needed=False)
PATIENTS = Column("patients", optional(parse_count), needed=False)
RADIUS = Column("radius_km", optional(_parse_radius), needed=False)
COUNTY_COLUMNS = (COUNTY, LATITUDE, LONGITUDE, MINIMUM, PATIENTS, RADIUS)

PHARMACY = Column("pharmacy", parse_name)
ELIGIBLE = Column("eligible", parse_flag)
KEPT = Column("kept", optional(parse_flag), needed=False)
COST = Column("cost", optional(parse_cost), needed=False)
CAPACITY = Column("capacity", optional(parse_count_from_one), needed=False)
PHARMACY_COLUMNS = (PHARMACY, COUNTY, LATITUDE, LONGITUDE, ELIGIBLE, KEPT, COST, CAPACITY)


def read_coverage_folder(path: Path, *, encoding: str = UTF_8) -> CoverageFolder:
    """Read a coverage folder.

    Args:
        path: The folder.
        encoding: Of its files.

    Raises:
        BadFolderError: With every fault of both files.
    """
    faults = FaultList()
    try:
        encoding = known_encoding(encoding)
        if not path.is_dir():
            problem = "is not a folder" if path.exists() else "does not exist"
            raise UnreadableError(None, None, problem, _A_FOLDER)
    except UnreadableError as error:
        fault = Fault(str(path), error.line, error.column, error.problem, error.expected)
        raise BadFolderError([fault]) from None
    reader = _Reader(path, encoding, faults)
    counties = reader.counties()
    pharmacies = reader.pharmacies()
    faults.raise_if_any()
    return CoverageFolder(counties, pharmacies)


class _Reader:
    def __init__(self, path: Path, encoding: str, faults: FaultList) -> None:
        self._path = path
        self._encoding = encoding
        self._faults = faults
        self._counties: dict[str, tuple[County, float | None]] = {}
        self._are_known = True

    def counties(self) -> tuple[County, ...]:
        """Read ``counties.csv``."""
        table = self._table(COUNTIES)
        lines: dict[str, int] = {}
        people = 0
        for row in table.rows(COUNTY_COLUMNS):
            county = _county(row)
            _is_swapped(row, county.latitude, county.longitude)
            if county.name in lines:
                _note_twice(row, COUNTY, county.name, lines[county.name])
                continue
            lines[county.name] = row.line
            self._counties[county.name] = (county, row[RADIUS])
            people += county.patients
            if people > PEOPLE_MAX:
                row.fault(PATIENTS, "too many patients in all", f"at most {PEOPLE_MAX}")
        if table.rows_read == 0 and table.complete:
            table.fault(None, None, "has no counties", "one line for each county")
        self._are_known = table.complete and not table.broken
        return tuple(county for county, _ in self._counties.values())

    def pharmacies(self) -> tuple[Pharmacy, ...]:
        """Read ``pharmacies.csv``."""
        table = self._table(PHARMACIES)
        lines: dict[str, int] = {}
        found: list[Pharmacy] = []
        without_cost: list[Row] = []
        for row in table.rows(PHARMACY_COLUMNS):
            one = _pharmacy(row)
            self._check(row, one)
            if one.name in lines:
                _note_twice(row, PHARMACY, one.name, lines[one.name])
                continue
            lines[one.name] = row.line
            found.append(one)
            if one.is_eligible and not one.is_kept and one.cost is None:
                without_cost.append(row)
        if any(one.cost is not None for one in found):
            for row in without_cost:
                expected = "a cost for every eligible pharmacy that is not kept, or for none"
                row.fault(COST, "is empty beside others that have one", expected)
        return tuple(found)

    def _check(self, row: Row, one: Pharmacy) -> None:
        is_swapped = _is_swapped(row, one.latitude, one.longitude)
        if one.is_kept and not one.is_eligible:
            row.fault(KEPT, "is kept but not eligible", "eligible 1 where kept is 1")
        if one.county not in self._counties:
            if self._are_known:
                problem = f"{quoted(one.county)} is not in {COUNTIES}"
                row.fault(COUNTY, problem, f"a county of {COUNTIES}")
            return
        if is_swapped:
            return
        county, radius = self._counties[one.county]
        km = great_circle_km(
            one.latitude,
            one.longitude,
            other_latitude=county.latitude,
            other_longitude=county.longitude,
        )
        if km > (FARTHEST_KM if radius is None else radius):
            problem = f"lies {km:.1f} km from the point of {quoted(one.county)}"
            most = FARTHEST_KM if radius is None else f"{radius:g}"
            row.fault(LATITUDE, problem, f"a point within its county, at most {most} km away")

    def _table(self, name: str) -> Table:
        if not (self._path / name).exists():
            self._faults.add(name, None, None, "the file is missing", _A_FOLDER)
            return Table(name, None, self._faults, complete=False)
        return Table(name, read_lines(self._path / name, self._encoding), self._faults)


def _county(row: Row) -> County:
    return County(
        name=row[COUNTY],
        latitude=row[LATITUDE],
        longitude=row[LONGITUDE],
        minimum=row[MINIMUM],
        patients=row[PATIENTS] or 0,
    )


def _pharmacy(row: Row) -> Pharmacy:
    return Pharmacy(
        name=row[PHARMACY],
        county=row[COUNTY],
        latitude=row[LATITUDE],
        longitude=row[LONGITUDE],
        is_eligible=row[ELIGIBLE],
        is_kept=bool(row[KEPT]),
        cost=row[COST],
        capacity=row[CAPACITY],
    )


def _note_twice(row: Row, column: Column[str], name: str, first: int) -> None:
    row.fault(column, f"{quoted(name)} is there already, on line {first}", "each name once")


def _is_swapped(row: Row, latitude: float, longitude: float) -> bool:
    """Point out a point that lies in the country only the other way round."""
    is_swapped = looks_swapped(latitude, longitude)
    if is_swapped:
        problem = f"{latitude:g}, {longitude:g} look swapped"
        row.fault(LATITUDE, problem, "degrees north here, degrees east in longitude")
    return is_swapped
