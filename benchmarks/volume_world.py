"""A round of the size of the eleventh: 46,000 hospitals, 60 products, 2.8 million lines."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, insert, make_url, text
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.tables import GenericProduct, ProductStrength
from procurement.database import database_moment, make_engine, text_digest, transaction, upgrade
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Lot, LotStrength, Round, RoundRegion, RoundStatus
from procurement.volumes.tables import PurchaseHistory, VolumeLine, VolumeReport
from rulebooks import load_rulebook
from tests.postgresql import find_programs, running_server

HOSPITALS = 46_000
PRODUCTS = 60
REGIONS = tuple(f"{code}0000" for code in (*range(11, 16), *range(21, 24), *range(31, 38)))
Row = tuple[object, ...]


@contextmanager
def databases(folder: Path) -> Iterator[list[Engine]]:
    """A migrated SQLite file and, where its programs are installed, a private PostgreSQL."""
    engines = [make_engine(f"sqlite:///{folder / 'bench.sqlite3'}")]
    programs = find_programs()
    if programs is None:
        yield _migrated(engines)
        return
    with running_server(programs) as url:
        engines.append(make_engine(make_url(url).render_as_string(hide_password=False)))
        yield _migrated(engines)


def _migrated(engines: list[Engine]) -> list[Engine]:
    for engine in engines:
        upgrade(engine)
    return engines


def bulk_insert(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]
) -> None:
    """Put rows into a table the fastest way that the database has: the floor of every upload."""
    columns = ", ".join(names)
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - an open connection has its driver's connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - as above
        driver.executemany(statement, rows)


def code_of(number: int) -> str:
    """Credit code of the number-th hospital; its check character is not looked at here."""
    return f"12{number:016d}"


def region_at(number: int) -> str:
    """Division of the number-th hospital: some 3,000 counties in all, as in China."""
    province = REGIONS[number % len(REGIONS)][:2]
    return f"{province}{number // 15 % 20 + 1:02}{number // 300 % 10 + 1:02}"


def make_round(engine: Engine, *, hospitals: int = HOSPITALS) -> tuple[Round, Actor]:
    """Store the round, its lots, its hospitals and the officer who leads it."""
    with transaction(engine) as session:
        bureau = Organisation(
            kind=OrganisationKind.BUREAU,
            name="联合采购办公室",
            short_name="联采办",
            region="000000",
            level="national",
            registered_at=database_moment(session),
        )
        session.add(bureau)
        session.flush()
        round_ = _round(session, bureau.id)
        _lots(session, round_)
        session.execute(
            insert(Organisation),
            [
                {
                    "kind": OrganisationKind.HOSPITAL,
                    "name": f"第{number}人民医院",
                    "short_name": f"第{number}人民医院",
                    "credit_code": code_of(number),
                    "region": region_at(number),
                    "registered_at": database_moment(session),
                }
                for number in range(1, hospitals + 1)
            ],
        )
    actor = Actor(None, bureau.id, frozenset({Role.OFFICER}), "000000", organisation=bureau.name)
    return round_, actor


def _round(session: Session, bureau_id: int) -> Round:
    now = database_moment(session)
    round_ = Round(
        name="bench",
        title="国家组织药品集中采购",
        rulebook="national-11",
        rulebook_digest=load_rulebook("national-11").digest,
        opened_on=date(2026, 12, 1),
        facts="{}",
        facts_digest=text_digest("{}"),
        imported_at=now,
        status=RoundStatus.VOLUME_REPORTING,
        bureau_id=bureau_id,
        volume_opens_at=now - timedelta(days=1),
        volume_closes_at=now + timedelta(days=10),
    )
    session.add(round_)
    session.flush()
    session.add_all(RoundRegion(round_id=round_.id, region=region) for region in REGIONS)
    return round_


def _lots(session: Session, round_: Round) -> None:
    for number in range(1, PRODUCTS + 1):
        generic = GenericProduct(name=f"药品{number}", unit="片")
        session.add(generic)
        session.flush()
        lot = Lot(
            round_id=round_.id,
            code=f"L{number:02}",
            generic_product_id=generic.id,
            product=generic.name,
            unit="片",
            by_brand=True,
        )
        session.add(lot)
        session.flush()
        session.add(LotStrength(lot_id=lot.id, strength="10mg", strength_ratio=Decimal(1)))
        session.add(ProductStrength(generic_product_id=generic.id, label="10mg"))
    session.flush()


def add_history(engine: Engine, *, hospitals: int, years: Sequence[int]) -> None:
    """Past purchases of the first hospitals in every product."""
    with transaction(engine) as session:
        ids = _ids(session, "SELECT id FROM organisation WHERE kind = 'hospital' ORDER BY id")
        strengths = _ids(session, "SELECT id FROM product_strength ORDER BY id")
        rows = (
            (hospital, strength, year, 1000)
            for hospital in ids[:hospitals]
            for strength in strengths
            for year in years
        )
        names = ("hospital_id", "strength_id", "year", "quantity")
        bulk_insert(session.connection(), _table(PurchaseHistory), names, rows)


def add_reports(engine: Engine, round_: Round) -> None:
    """A report of every hospital with a line for every product."""
    with transaction(engine) as session:
        now = database_moment(session).replace(microsecond=0)
        connection = session.connection()
        hospitals = session.execute(
            text("SELECT id, region FROM organisation WHERE kind = 'hospital' ORDER BY id")
        ).all()
        statuses = ("draft", "submitted", "submitted", "returned", "accepted")
        moments = _moments(engine, now, len(hospitals))
        bulk_insert(
            connection,
            _table(VolumeReport),
            (
                *("round_id", "hospital_id", "region", "status", "version"),
                *("started_at", "changed_at", "submissions"),
            ),
            (
                (
                    *(round_.id, hospital, f"{region[:2]}0000", statuses[place % 5], 1),
                    *(moments[0], moments[place], 1),
                )
                for place, (hospital, region) in enumerate(hospitals)
            ),
        )
        reports = _ids(session, "SELECT id FROM volume_report ORDER BY id")
        strengths = _ids(session, "SELECT id FROM lot_strength ORDER BY id")
        is_prefilled = False if engine.dialect.name == "postgresql" else 0
        bulk_insert(
            connection,
            _table(VolumeLine),
            ("report_id", "lot_strength_id", "quantity", "demand", "is_prefilled"),
            (
                (report, strength, report % 5000, report % 5000, is_prefilled)
                for report in reports
                for strength in strengths
            ),
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _moments(engine: Engine, now: datetime, count: int) -> list[object]:
    moments = [now - timedelta(seconds=count - place) for place in range(count)]
    if engine.dialect.name == "postgresql":
        return list(moments)
    # As SQLAlchemy writes a moment into SQLite.
    return [f"{moment:%Y-%m-%d %H:%M:%S}.000000" for moment in moments]


def _ids(session: Session, statement: str) -> list[int]:
    return [int(row[0]) for row in session.execute(text(statement))]


def _table(mapped: type) -> Table:
    table: Table = mapped.__table__  # type: ignore[attr-defined]
    return table
