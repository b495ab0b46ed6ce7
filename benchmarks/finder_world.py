"""All of China's designated places with what they have in stock, filled as fast as can be."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, Index, Table, text
from sqlalchemy.schema import CreateIndex, DropIndex

from benchmarks.volume_world import Row, bulk_insert
from procurement.accounts.divisions import PROVINCES
from procurement.accounts.tables import Organisation
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.finder.tables import PlaceStock
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from procurement.pharmacies.places.tables import CountyPoint, Place
from procurement.prices.tables import Price

PLACES = 400_000
STOCK = 5_000_000
DRUGS = 2_000
LISTED = 430
"""Drugs on the dual-channel lists: as many as were negotiated in 2024."""

CODES = tuple(code for code in PROVINCES if code != "660000")
CITIES, COUNTIES = 10, 10
"""Of each province: 3,100 counties in all."""

MOMENT = datetime(2026, 11, 22, 4, tzinfo=UTC)
START = date(2026, 1, 1)
_HOURS = '{"1": [[480, 1260]], "7": [[540, 720], [840, 1080]]}'
_HASH, _MODULUS = 2_654_435_761, 2**32


@dataclass(frozen=True, slots=True)
class Size:
    """How large the world is.

    Attributes:
        places: Hospitals and pharmacies.
        stock: Rows of stock, spread over them.
    """

    places: int
    stock: int


def county_at(number: int) -> str:
    """Division code of the number-th county, round and round."""
    at = number % (len(CODES) * CITIES * COUNTIES)
    province, city, county = at % len(CODES), at // len(CODES) % CITIES, at // len(CODES) // CITIES
    return f"{CODES[province][:2]}{city + 1:02}{county + 2:02}"


def code_at(number: int) -> str:
    """Institution code of the number-th place, from 1; one in forty is a hospital."""
    letter = "H" if number % 40 == 0 else "P"
    return f"{letter}{county_at(number)}{number // (len(CODES) * CITIES * COUNTIES) + 1:05}"


def name_at(number: int) -> str:
    """What the number-th place is called."""
    return f"人民医院{number}院区" if number % 40 == 0 else f"百姓大药房健康路{number}号店"


def drug_at(place: int, turn: int) -> int:
    """A drug that a place has: a few are nearly everywhere, most are rare."""
    share = (place * _HASH + turn * 97_003_411) % _MODULUS / _MODULUS
    return int(DRUGS * share**2.5) + 1


def fill(engine: Engine, size: Size) -> None:
    """Store the world in a migrated database."""
    _fill(engine, Organisation, *_organisations())
    _fill(engine, CountyPoint, *_points())
    _fill(engine, GenericProduct, *_drugs())
    _fill(engine, ProductStrength, *_strengths())
    _fill(engine, Product, *_products())
    _fill(engine, Price, *_prices())
    _fill(engine, ListDecision, *_decisions(engine))
    _fill(engine, ListedDrug, *_listed())
    _fill(engine, ListPeriod, *_periods())
    _fill(engine, Place, *_places(size))
    _fill(engine, Designation, *_designations(size))
    with _without_indexes(engine, PlaceStock):
        _fill(engine, PlaceStock, *_stock(size))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        connection.execute(text("ANALYZE" if is_sqlite else "VACUUM ANALYZE"))


Columns = tuple[Sequence[str], Iterable[Row]]


def _organisations() -> Columns:
    names = ("id", "kind", "name", "short_name", "region", "is_active", "registered_at", "version")
    firm = (1, "manufacturer", "某某制药", "某某制药", "000000", True, MOMENT, 1)
    bureau = (2, "bureau", "采购办", "采购办", "000000", True, MOMENT, 1)
    return names, [firm, bureau]


def _points() -> Columns:
    total = len(CODES) * CITIES * COUNTIES
    rows = (
        (county_at(number), f"{number}号县", 30.0 + number % 100 / 20, 110.0, "bench", MOMENT)
        for number in range(total)
    )
    return ("county", "name", "latitude", "longitude", "imported_from", "imported_at"), rows


def _drugs() -> Columns:
    rows = (
        (number, f"示例药品{number}", "片剂", "chemical", "general", "片", 1)
        for number in range(1, DRUGS + 1)
    )
    return ("id", "name", "printed_form", "kind", "category", "unit", "version"), rows


def _strengths() -> Columns:
    rows = ((number, number, "10mg") for number in range(1, DRUGS + 1))
    return ("id", "generic_product_id", "label"), rows


def _products() -> Columns:
    names = (
        *("id", "generic_product_id", "strength_id", "holder_id", "brand", "pack_units", "pack"),
        *("approval_number", "drug_code", "evaluation", "is_originator", "is_reference"),
        *("status", "recorded_at", "changed_at", "version"),
    )
    rows = (
        (
            *(2 * drug + pack - 2, drug, drug, 1, f"品牌{drug}", 14 * pack, ""),
            *("", f"X{drug:018d}{pack:04d}", "passed", False, False),
            *("active", MOMENT, MOMENT, 1),
        )
        for drug in range(1, DRUGS + 1)
        for pack in (1, 2)
    )
    return names, rows


def _prices() -> Columns:
    names = (
        *("kind", "organisation_id", "generic_product_id", "region", "strength", "pack_units"),
        *("pack_price", "starts_on", "source", "clause", "is_public", "series", "version"),
        *("previous_digest", "digest", "recorded_at"),
    )
    rows = (
        (
            *("payment-standard", 1, drug, "000000", "10mg", 14 * pack),
            *(100_000 * pack, START, "bench", "talks", True, f"{drug}-{pack}", 1),
            *("", f"{drug}-{pack}", MOMENT),
        )
        for drug in range(1, LISTED + 1)
        for pack in (1, 2)
    )
    return names, rows


def _decisions(engine: Engine) -> Columns:
    with engine.begin() as connection:
        insert = text(
            'INSERT INTO person (id, organisation_id, "user", name, roles, is_active, '
            "joined_at, version) VALUES (1, 2, 'bench', '甲', 'officer', :yes, :at, 1)"
        )
        connection.execute(insert, {"yes": True, "at": MOMENT})
    names = (
        *("id", "number", "region", "bureau_id", "kind", "status", "document", "decided_on"),
        *("in_force_from", "rulebook", "rulebook_digest", "reason", "notice_title"),
        *("notice_text", "public_from", "proposed_by", "proposed_at", "settled_reason", "version"),
    )
    rows = (
        (
            *(number, f"bench-{number}", code, 2, "published-list", "confirmed", "bench", START),
            *(START, "", "", "", "", "", START, 1, MOMENT, "", 1),
        )
        for number, code in enumerate(CODES, start=1)
    )
    return names, rows


def _listed() -> Columns:
    rows = (
        (province * LISTED + drug, drug, "", CODES[province], "", 1)
        for province in range(len(CODES))
        for drug in range(1, LISTED + 1)
    )
    return ("id", "generic_product_id", "catalogue_number", "region", "brand", "version"), rows


def _periods() -> Columns:
    names = (
        *("listed_drug_id", "decision_id", "is_void", "state", "starts_on"),
        *("indication_limits", "indication_codes", "registration_needed", "papers", "recorded_at"),
    )
    rows = (
        (
            *(province * LISTED + drug, province + 1, False, "dual-separate", START),
            *("限二线用药", "", True, "病理报告\n基因检测报告", MOMENT),
        )
        for province in range(len(CODES))
        for drug in range(1, LISTED + 1)
    )
    return names, rows


def _places(size: Size) -> Columns:
    names = (
        *("id", "institution_code", "kind", "name", "county", "address", "latitude", "longitude"),
        *("phone", "opening_hours", "route_zh", "route_en", "chain", "status", "version"),
        "changed_at",
    )
    rows = (
        (
            *(number, code_at(number), "hospital" if number % 40 == 0 else "pharmacy"),
            *(name_at(number), county_at(number), f"健康路{number}号", 31.0, 117.0),
            *("0551-1234567", _HOURS, "乘 1 路到健康路", "", "", "open", 1, MOMENT),
        )
        for number in range(1, size.places + 1)
    )
    return names, rows


def _designations(size: Size) -> Columns:
    names = (
        *("place_id", "scheme", "decider_id", "agreement", "starts_on", "status"),
        *("version", "changed_at"),
    )
    rows = (
        (number, "dual-channel", 2, "bench", START, "in-force", 1, MOMENT)
        for number in range(20, size.places + 1, 20)
    )
    return names, rows


def _stock(size: Size) -> Columns:
    names = (
        *("place_id", "county", "generic_product_id", "product_id", "product", "packs"),
        *("level", "price", "as_of", "source"),
    )
    return names, _stock_rows(size)


def _stock_rows(size: Size) -> Iterator[Row]:
    levels = ("in-stock", "in-stock", "in-stock", "few", "none")
    days = tuple(date(2026, 11, day) for day in range(1, 22))
    least, rest = divmod(size.stock, size.places)
    for place in range(1, size.places + 1):
        county = county_at(place)
        for turn in range(least + (place <= rest)):
            drug = drug_at(place, turn)
            is_coded = turn % 2 == 0
            yield (
                *(place, county, drug, 2 * drug - 1 if is_coded else None),
                *(f"品牌{drug} 10mg×14片 某某制药 {turn}", (place + turn) % 30),
                levels[(place + turn) % 5],
                *(99_000 + turn, days[(place + turn) % len(days)], "upload"),
            )


def _fill(engine: Engine, mapped: type, names: Sequence[str], rows: Iterable[Row]) -> None:
    """Put rows in without checking what they refer to: it was made to fit."""
    table: Table = mapped.__table__  # type: ignore[attr-defined]
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            bulk_insert(connection, table, names, rows)
        return
    statement = (
        f"INSERT INTO {table.name} ({', '.join(names)}) "  # noqa: S608 - names of our own
        f"VALUES ({', '.join('?' * len(names))})"
    )
    with sqlite3.connect(str(engine.url.database)) as opened:
        opened.executemany(statement, ([_plain(value) for value in row] for row in rows))
    opened.close()


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever a column holds
    """A value as SQLAlchemy writes it into SQLite."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}.000000"
    return value.isoformat() if isinstance(value, date) else value


class _without_indexes:  # noqa: N801 - reads as what it does
    """Drop the indexes of a table while it is filled: sorting once is faster."""

    def __init__(self, engine: Engine, mapped: type) -> None:
        self.engine = engine
        table: Table = mapped.__table__  # type: ignore[attr-defined]
        self.indexes: list[Index] = sorted(table.indexes, key=lambda one: str(one.name))

    def __enter__(self) -> None:
        with self.engine.begin() as connection:
            for index in self.indexes:
                connection.execute(DropIndex(index))

    def __exit__(self, *_: object) -> None:
        with self.engine.begin() as connection:
            for index in self.indexes:
                connection.execute(CreateIndex(index))
