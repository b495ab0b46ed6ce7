"""``volumes.csv``: the need that regions or hospitals reported, one line for each strength."""

from decimal import Decimal

from bidding.bid_sheet import Volume
from procurement.rounds.folder.cells import optional, parse_count, parse_name, parse_positive
from procurement.rounds.folder.lots import KnownLots
from procurement.rounds.folder.tables import Column, Table

REGION = Column("region", parse_name)
LOT = Column("lot", parse_name)
STRENGTH = Column("strength", parse_name)
STRENGTH_RATIO = Column("strength_ratio", parse_positive)
BASE_VOLUME = Column("base_volume", parse_count)
BRAND = Column("brand", optional(parse_name), needed=False)
HOSPITAL = Column("hospital", optional(parse_name), needed=False)

COLUMNS = (REGION, LOT, STRENGTH, STRENGTH_RATIO, BASE_VOLUME, BRAND, HOSPITAL)

_Key = tuple[str, str, Decimal, str, str, str]


def read_volumes(table: Table, lots: KnownLots) -> tuple[Volume, ...]:
    """Read ``volumes.csv``, which may hold strengths that the lots do not have.

    Returns:
        The volumes by region, lot, ratio, strength, brand and hospital. Faults are noted in the
        table.
    """
    volumes: dict[_Key, Volume] = {}
    for row in table.rows(COLUMNS):
        if not lots.check_lot(row, LOT):
            continue
        volume = Volume(
            region=row[REGION],
            lot=row[LOT],
            strength=row[STRENGTH],
            ratio=row[STRENGTH_RATIO],
            base_volume=row[BASE_VOLUME],
            brand=row[BRAND],
            hospital=row[HOSPITAL],
        )
        key = _key(volume)
        if key in volumes:
            problem = "the region has this strength (and brand and hospital) already"
            row.fault(REGION, problem, "one line for each")
        volumes[key] = volume
    return tuple(volumes[key] for key in sorted(volumes))


def _key(volume: Volume) -> _Key:
    return (
        volume.region,
        volume.lot,
        volume.ratio,
        volume.strength,
        volume.brand or "",
        volume.hospital or "",
    )


def known_regions(table: Table, volumes: tuple[Volume, ...]) -> frozenset[str] | None:
    """The regions that other files may name; None where they cannot be known for certain."""
    if not table.complete:
        return None
    broken = (cells.get(REGION.name, "") for cells in table.broken)
    return frozenset(volume.region for volume in volumes) | frozenset(broken)
