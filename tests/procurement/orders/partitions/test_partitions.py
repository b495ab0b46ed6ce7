"""Purchase lines become Parquet partitions: the same lines, exactly, whatever happens between."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random  # noqa: TID251 - seeded

import pyarrow.parquet as pq
import pytest
from sqlalchemy import insert, select

from procurement.accounts.tables import OrganisationKind
from procurement.agreements.tables import AgreementTerm
from procurement.app.stages import JOBS
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.jobs import Worker, run_due_jobs
from procurement.orders.partitions import writing
from procurement.orders.partitions.columns import COLUMNS, SCHEMA
from procurement.orders.partitions.runs import manifest_of, run_folder, start_run
from procurement.orders.partitions.sums import Sums, SumsDifferError
from procurement.orders.partitions.tables import PartitionRun, RunStatus
from procurement.orders.partitions.writing import (
    partition_path,
    read_partition,
    write_partition,
)
from procurement.orders.tables import PurchaseLine
from procurement.permissions import Actor
from procurement.rounds.tables import Lot, LotStrength
from procurement.savings.analytics import source
from procurement.settings import Settings
from tests.procurement.rounds.world import new_organisation, new_round

START = datetime(2028, 1, 1, tzinfo=UTC)
REGIONS = ("340100", "340181", "330100")


class Killed(BaseException):
    """Nothing catches it, like a kill."""


@pytest.fixture
def lines(engine):
    """Five hundred purchase lines of two years and three regions; what a reader must see."""
    random = Random(6)  # noqa: S311 - not for secrets
    with transaction(engine) as session:
        hospitals = [
            new_organisation(session, OrganisationKind.HOSPITAL, f"医院{region}", region=region)
            for region in REGIONS
        ]
        bureau = new_organisation(session, OrganisationKind.BUREAU, "采购办", region="340000")
        lot_id, strength_id, term_id = _agreed(session, bureau)
        rows = []
        for number in range(500):
            hospital = random.choice(hospitals)
            in_lot = random.random() < 0.8
            units = random.choice([1, 14, 10**6, -14])
            price = Decimal(random.randint(1, 10**6)).scaleb(-4)
            rows.append(
                {
                    "hospital_id": hospital.id,
                    "region": hospital.region,
                    "round_id": None,
                    "term_id": term_id if in_lot else None,
                    "lot_id": lot_id if in_lot else None,
                    "lot_strength_id": strength_id if in_lot and random.random() < 0.9 else None,
                    "product": "缬沙坦",
                    "received_on": date(2027, 1, 1) + timedelta(days=random.randint(0, 729)),
                    "is_winning": in_lot,
                    "is_negotiated": False,
                    "quantity": units,
                    "unit_price": price,
                    "amount": units * price,
                    "source": "movement",
                    "source_id": number + 1,
                    "recorded_at": START,
                }
            )
        session.execute(insert(PurchaseLine), rows)
        names = {one.id: one.credit_code or one.name for one in hospitals}
    return [_told(row, names) for row in rows]


def _agreed(session, bureau):
    round_ = new_round(session, bureau=bureau, name="pilot", moment=START, keyholders=[])
    lot = session.scalars(select(Lot).where(Lot.round_id == round_.id)).first()
    strength = session.scalars(select(LotStrength).where(LotStrength.lot_id == lot.id)).first()
    term = AgreementTerm(
        round_id=round_.id,
        number=2,
        kind="next-year",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
        numerator=1,
        denominator=1,
        basis="",
        status="done",
        asked_at=START,
    )
    session.add(term)
    session.flush()
    return lot.id, strength.id, term.id


def _told(row, names):
    """What a reader must see of a purchase line; the product by its lot's row in the database."""
    return (
        row["region"],
        names[row["hospital_id"]],
        row["lot_id"] is not None,
        row["lot_strength_id"] is not None,
        None if row["term_id"] is None else "pilot-y2",
        row["received_on"],
        row["is_winning"],
        row["quantity"],
        row["unit_price"],
    )


def seen(folder):
    """What a reader of all files sees, by region of the folder."""
    found = []
    for path in sorted(folder.rglob("*.parquet")):
        region = path.parent.name.removeprefix("region=")
        year = int(path.parent.parent.name.removeprefix("year="))
        table = pq.ParquetFile(path).read()
        assert table.schema == SCHEMA
        for row in table.to_pylist():
            assert row["received_on"].year == year
            parts = row["product"].split(" · ")
            in_lot = len(parts) == 3
            found.append(
                (
                    region,
                    row["hospital"],
                    in_lot,
                    in_lot and bool(parts[2]),
                    row["batch"],
                    row["received_on"],
                    row["is_winning"],
                    row["quantity"],
                    row["unit_price"],
                )
            )
    return found


def start(engine, region="000000", years=()):
    with transaction(engine) as session:
        return start_run(session, region=region, years=years, actor=Actor(), moment=START).id


def worker(engine, tmp_path, clock=lambda: START):
    return Worker(engine, Settings(tmp_path, str(engine.url)), JOBS, clock)


def run_of(engine, run_id):
    with transaction(engine) as session:
        return session.get_one(PartitionRun, run_id)


def test_columns_are_those_that_retained_savings_read():
    assert COLUMNS == source.COLUMNS
    assert SCHEMA.field("unit_price").type == source.PRICE_TYPE


def test_a_run_writes_every_line_once_and_its_manifest_adds_up(engine, lines, tmp_path):
    run_id = start(engine)
    assert run_due_jobs(worker(engine, tmp_path)) == 1
    run = run_of(engine, run_id)
    folder = run_folder(tmp_path, run)
    assert (run.status, run.rows, run.partitions) == (RunStatus.DONE, 500, 6)
    assert Counter(seen(folder)) == Counter(lines)
    assert run.quantity == str(sum(line[-2] for line in lines))
    assert Decimal(run.amount) == sum(line[-2] * line[-1] for line in lines)
    for one in manifest_of(run):
        place = partition_path(folder, year=one["year"], region=one["region"])
        own = [(q, int(p * 10_000)) for r, *_, day, _w, q, p in lines if (r, day.year) == key(one)]
        told = Sums(one["rows"], int(one["quantity"]), int(one["value"]))
        assert told == Sums(len(own), sum(q for q, _ in own), sum(q * p for q, p in own))
        assert json.loads((place / "manifest.json").read_text()) == one
        assert read_partition(place) is not None


def key(manifest):
    return manifest["region"], manifest["year"]


def test_a_division_and_years_are_written_alone(engine, lines, tmp_path):
    run_id = start(engine, region="340000", years=(2027,))
    run_due_jobs(worker(engine, tmp_path))
    wanted = [one for one in lines if one[0].startswith("34") and one[5].year == 2027]
    assert Counter(seen(run_folder(tmp_path, run_of(engine, run_id)))) == Counter(wanted)


@pytest.mark.parametrize("at", ["while a file grows", "before a partition gets its place"])
def test_a_killed_run_goes_on_and_no_line_is_missing_or_twice(
    engine, lines, tmp_path, monkeypatch, at
):
    monkeypatch.setattr(writing, "ROWS_AT_ONCE", 20)
    run_id = start(engine)
    folder = run_folder(tmp_path, run_of(engine, run_id))
    calls = []
    name = "as_arrow" if at == "while a file grows" else "_write_durably"
    plain = getattr(writing, name)

    def doomed(*given):
        calls.append(given)
        if len(calls) == 4:
            raise Killed
        return plain(*given)

    with monkeypatch.context() as patch:
        patch.setattr(writing, name, doomed)
        with pytest.raises(Killed):
            run_due_jobs(worker(engine, tmp_path))
    whole = {path.parent for path in folder.rglob("manifest.json") if path.parent.name[0] != "."}
    before = {path: (path / "part-00000.parquet").stat().st_mtime_ns for path in whole}
    assert run_of(engine, run_id).status == RunStatus.RUNNING
    later = START + timedelta(minutes=5)
    assert run_due_jobs(worker(engine, tmp_path, lambda: later)) == 1
    assert run_of(engine, run_id).status == RunStatus.DONE
    assert Counter(seen(folder)) == Counter(lines)
    assert not [path for path in folder.rglob("*.writing")]
    # What was whole before was found again and not written twice.
    assert {path: (path / "part-00000.parquet").stat().st_mtime_ns for path in whole} == before
    if at != "while a file grows":
        assert len(whole) == 3


def test_a_partition_is_written_anew_only_where_the_table_has_grown(engine, lines, tmp_path):
    first = write_partition(engine, folder=tmp_path, year=2027, region="340100")
    path = partition_path(tmp_path, year=2027, region="340100") / "part-00000.parquet"
    stamp = path.stat().st_ino
    assert write_partition(engine, folder=tmp_path, year=2027, region="340100") == first
    assert path.stat().st_ino == stamp
    with transaction(engine) as session:
        line = session.scalars(select(PurchaseLine).filter_by(region="340100")).first()
        more = {c.name: getattr(line, c.name) for c in PurchaseLine.__table__.columns}
        del more["id"]
        more |= {"source_id": 9999, "received_on": date(2027, 5, 5)}
        session.execute(insert(PurchaseLine), [more])
    again = write_partition(engine, folder=tmp_path, year=2027, region="340100")
    assert again.sums.rows == first.sums.rows + 1
    assert path.stat().st_ino != stamp


def test_a_damaged_file_is_noticed_and_written_anew(engine, lines, tmp_path):
    first = write_partition(engine, folder=tmp_path, year=2027, region="330100")
    place = partition_path(tmp_path, year=2027, region="330100")
    (place / "part-00000.parquet").write_bytes(b"PAR1")
    assert read_partition(place) is None
    again = write_partition(engine, folder=tmp_path, year=2027, region="330100")
    assert again.sums == first.sums
    assert read_partition(place) is not None


def test_large_partitions_become_several_files(engine, lines, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(writing, "PART_ROWS", 30)
    beats: list[int] = []
    partition = write_partition(
        engine, folder=tmp_path, year=2028, region="340181", beat=beats.append
    )
    assert len(partition.parts) == -(-partition.sums.rows // 30) > 1
    assert beats[-1] == partition.sums.rows
    wanted = [one for one in lines if one[0] == "340181" and one[5].year == 2028]
    assert Counter(seen(tmp_path)) == Counter(wanted)


def test_files_that_differ_from_the_table_are_not_kept(engine, lines, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "read_back", lambda path: Sums(1, 1, 1))
    run_id = start(engine, region="330000")
    with pytest.raises(SumsDifferError):
        write_partition(engine, folder=tmp_path / "x", year=2027, region="330100")
    assert seen(tmp_path / "x") == []
    run_due_jobs(worker(engine, tmp_path))
    run = run_of(engine, run_id)
    assert run.status == RunStatus.FAILED
    assert "the files have 1 rows" in str(run.fault)


def test_years_and_divisions_that_cannot_be_are_refused(engine):
    with pytest.raises(InvalidInputError) as refused:
        start(engine, region="34", years=(1999,))
    assert [fault.field for fault in refused.value.faults] == ["years", "region"]
