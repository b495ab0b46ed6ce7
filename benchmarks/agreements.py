"""Agreements of 46,000 hospitals in 60 products, made by the job, beside bare SQL.

``python -m benchmarks.agreements 0.1`` takes a tenth of the hospitals.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from benchmarks.volume_world import (
    HOSPITALS,
    add_reports,
    databases,
    make_round,
)
from bidding.bid_sheet import Bid, Choice, Lot, Quote, Strength
from bidding.bid_sheet import Round as Sheet
from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from pricing.money import UnitPrice
from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.agreements.making import finish, make_region, prepare, regions_of
from procurement.agreements.states import TermKind, TermStatus
from procurement.agreements.tables import AgreedVolume, Agreement, AgreementTerm
from procurement.awards.service import store_report
from procurement.awards.tables import Award, AwardedBid, AwardNotice
from procurement.database import database_moment, snapshot, transaction
from procurement.permissions import Role
from procurement.rounds.tables import Round, RoundStatus
from procurement.volumes.aggregate import add_up, frozen_volumes
from procurement.volumes.tables import AggregationRun, BaseVolume
from rulebooks import load_rulebook

LIMIT_SECONDS = 120
WINNERS, BRANDS = 4, 5
PRICES = ("1.00", "1.10", "1.20", "1.30", "9.00")
STARTS_ON = date(2027, 1, 1)

ROWS = {
    "agreed_volume": "supply_id, hospital_id, base_volume, volume, by_brand",
    "agreement": "term_id, region, hospital_id, organisation_id, status",
}
"""What is written for each hospital: table and columns."""


@dataclass(frozen=True, slots=True)
class Maker:
    """A manufacturer of the world."""

    id: int
    name: str


def add_makers(engine: Engine, lots: int) -> list[Maker]:
    """Five manufacturers for each lot; the dearest of them wins nothing."""
    with transaction(engine) as session:
        moment = database_moment(session)
        names = [f"第{number}药业" for number in range(1, lots * BRANDS + 1)]
        session.execute(
            insert(Organisation),
            [
                {
                    "kind": OrganisationKind.MANUFACTURER,
                    "name": name,
                    "short_name": name,
                    "region": "340000",
                    "registered_at": moment,
                }
                for name in names
            ],
        )
        rows = session.execute(
            select(Organisation.id, Organisation.name)
            .where(Organisation.kind == OrganisationKind.MANUFACTURER)
            .order_by(Organisation.id)
        )
        return [Maker(one, name) for one, name in rows]


def report_by_brand(engine: Engine, makers: Sequence[Maker]) -> None:
    """Accept every report; five of six lines name a brand, one of five of them a loser's."""
    with transaction(engine) as session:
        first = session.scalar(text("SELECT min(id) FROM lot_strength"))
        session.execute(text("UPDATE volume_report SET status = 'accepted'"))
        session.execute(
            text(
                "UPDATE volume_line SET brand_id = :maker + (lot_strength_id - :first) * :brands"
                " + report_id % :brands WHERE report_id % 6 <> 0"
            ),
            {"maker": makers[0].id, "first": first, "brands": BRANDS},
        )


def aggregate(engine: Engine, round_: Round) -> None:
    """Fix base volumes, as the aggregation does."""
    with transaction(engine) as session:
        run = AggregationRun(
            round_id=round_.id,
            number=1,
            digest="0" * 64,
            reports=0,
            hospitals=0,
            missing=0,
            missing_ids="[]",
            made_at=database_moment(session),
        )
        session.add(run)
        session.flush()
        session.execute(
            insert(BaseVolume),
            [
                {
                    "run_id": run.id,
                    "region": one.region,
                    "lot_strength_id": one.lot_strength_id,
                    "brand_id": one.brand_id or None,
                    "volume": one.volume,
                    "reports": one.reports,
                }
                for one in add_up(session, round_id=round_.id)
            ],
        )


def award(engine: Engine, round_: Round, makers: Sequence[Maker]) -> int:
    """Evaluate invented bids with all regions chosen, fix the award, begin the first term."""
    with transaction(engine) as session:
        volumes = frozen_volumes(session, round_id=round_.id)
        codes = sorted({volume.lot for volume in volumes})
        regions = sorted({volume.region for volume in volumes})
        strength = {"10mg": Strength("10mg", Decimal(1))}
        offered = {
            code: makers[place * BRANDS : (place + 1) * BRANDS] for place, code in enumerate(codes)
        }
        bids = tuple(
            Bid(code, one.name, one.name, (Quote("10mg", UnitPrice(Decimal(price))),))
            for code, own in offered.items()
            for one, price in zip(own, PRICES, strict=True)
        )
        choices = tuple(
            Choice(code, one.name, order, region)
            for code, own in offered.items()
            for one in own[:WINNERS]
            for order, region in enumerate(regions, start=1)
        )
        rulebook = load_rulebook("national-3")
        options = {"ranking.tie_breaks": "none", "brand.fallback": "main-supplier"}
        lots = tuple(Lot(code, code, strength) for code in codes)
        sheet = Sheet("bench", "national-3", None, lots, bids, volumes, choices, options)
        stored = store_report(
            session,
            round_id=round_.id,
            report=dumps(report_document(evaluate(sheet, rulebook))),
            rulebook_digest=rulebook.digest,
            code_version="bench",
            moment=database_moment(session),
        )
        return _fix(session, round_, stored.id, {one.name: one.id for one in makers})


def _fix(session: Session, round_: Round, report_id: int, owners: dict[str, int]) -> int:
    moment = database_moment(session)
    person = Person(
        organisation_id=round_.bureau_id,
        user="bench@example.org",
        name="bench",
        roles=Role.OFFICER.value,
        joined_at=moment,
    )
    session.add(person)
    session.flush()
    fixed = _award(session, round_, report_id, person.id, moment)
    report = json.loads(
        str(session.scalar(text("SELECT report FROM evaluation_report ORDER BY id DESC LIMIT 1")))
    )
    lots = {code: one for code, one in session.execute(text("SELECT code, id FROM lot"))}
    session.add_all(
        AwardedBid(
            award_id=fixed.id,
            lot_id=lots[lot["lot"]],
            organisation_id=owners[one["bid"]],
            bid=one["bid"],
            strength=one["strength"],
            pack_units=1,
            pack_price=Decimal(1),
            unit_price="1",
            rank=one["rank"],
            status=one["status"],
        )
        for lot in report["lots"]
        for one in lot["outcomes"]
        if one["selected"]
    )
    session.get_one(Round, round_.id).status = RoundStatus.REGIONS_CHOSEN
    return _begin(session, round_, report_id, moment)


def _award(
    session: Session, round_: Round, report_id: int, person_id: int, moment: datetime
) -> Award:
    notice = AwardNotice(
        round_id=round_.id,
        number=1,
        report_id=report_id,
        announced_at=moment,
        closes_at=moment,
        announced_by=person_id,
    )
    session.add(notice)
    session.flush()
    fixed = Award(
        round_id=round_.id,
        notice_id=notice.id,
        report_id=report_id,
        report_digest="0" * 64,
        starts_on=STARTS_ON,
        proposed_by=person_id,
        decided_by=person_id,
        awarded_at=moment,
    )
    session.add(fixed)
    session.flush()
    return fixed


def _begin(session: Session, round_: Round, report_id: int, moment: datetime) -> int:
    term = AgreementTerm(
        round_id=round_.id,
        number=1,
        kind=TermKind.FIRST,
        starts_on=STARTS_ON,
        ends_on=date(2027, 12, 31),
        numerator=1,
        denominator=1,
        basis="",
        report_id=report_id,
        status=TermStatus.WAITING,
        asked_at=moment,
    )
    session.add(term)
    session.flush()
    return term.id


def make(engine: Engine, term_id: int) -> float:
    """Make all agreements as the job does, a transaction for each region; the seconds it took."""
    start = time.perf_counter()
    with transaction(engine) as session:
        term = session.get_one(AgreementTerm, term_id)
        prepare(session, term=term)
        regions = regions_of(session, term=term)
    for region in regions:
        with transaction(engine) as session:
            make_region(session, term=session.get_one(AgreementTerm, term_id), region=region)
    with transaction(engine) as session:
        term = session.get_one(AgreementTerm, term_id)
        finish(session, term=term, moment=database_moment(session))
    return time.perf_counter() - start


def floor(engine: Engine) -> float:
    """As many rows into the same emptied tables by INSERT ... SELECT, and nothing else."""
    with transaction(engine) as session:
        for table in ROWS:
            session.execute(text(f"CREATE TABLE floor_{table} AS SELECT * FROM {table}"))  # noqa: S608 - our own names
        for table in reversed(ROWS):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - as above
    with transaction(engine) as session:
        start = time.perf_counter()
        for table, columns in ROWS.items():
            session.execute(
                text(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM floor_{table}")  # noqa: S608 - as above
            )
    # The commit belongs to both.
    return time.perf_counter() - start


def measure(engine: Engine, *, hospitals: int) -> None:
    """Build the world in one database, and print how long its agreements take."""
    round_, _ = make_round(engine, hospitals=hospitals)
    add_reports(engine, round_)
    with snapshot(engine) as session:
        lots = session.scalar(text("SELECT count(*) FROM lot")) or 0
    makers = add_makers(engine, lots)
    report_by_brand(engine, makers)
    aggregate(engine, round_)
    term_id = award(engine, round_, makers)
    seconds = make(engine, term_id)
    with snapshot(engine) as session:
        volumes = session.scalar(select(func.count()).select_from(AgreedVolume))
        agreements = session.scalar(select(func.count()).select_from(Agreement))
    bare = floor(engine)
    print(
        f"  {engine.dialect.name:10} {seconds:6.1f} s  floor {bare:5.1f} s  x {seconds / bare:.1f}"
        f"  ({volumes:,} agreed volumes, {agreements:,} agreements)",
        flush=True,
    )


def main(scale: float = 1.0) -> None:
    """Measure on both databases."""
    hospitals = round(HOSPITALS * scale)
    print(f"Agreements of {hospitals:,} hospitals in 60 products (aim: {LIMIT_SECONDS} s)")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as engines:
        for engine in engines:
            measure(engine, hospitals=hospitals)
    print("  floor: as many rows by INSERT ... SELECT into the same tables\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1.0)
