"""Making the agreements of a term: region by region, each in one transaction, in bulk."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from bidding.agreed_volumes import Reported, Volume, next_volumes
from procurement.accounts.tables import Organisation
from procurement.agreements.allocations import (
    CellSupply,
    HospitalVolume,
    cells_of,
    store_next_supplies,
    store_supplies,
)
from procurement.agreements.errors import LinesChangedError, SumsDifferError
from procurement.agreements.states import AgreementStatus, TermKind, TermStatus
from procurement.agreements.tables import AgreedSupply, AgreedVolume, Agreement, AgreementTerm
from procurement.notices import notify_all
from procurement.rounds.progress import set_status
from procurement.rounds.tables import Lot, LotStrength, Round, RoundStatus
from procurement.volumes.aggregate import latest_run
from procurement.volumes.states import ReportStatus
from procurement.volumes.tables import BaseVolume, VolumeLine, VolumeReport, VolumeSplit

BATCH = 5_000
_COLUMNS = ("supply_id", "hospital_id", "base_volume", "volume", "by_brand")


def prepare(session: Session, *, term: AgreementTerm) -> None:
    """Store who supplies what, once; after a crash it is not done again."""
    if term.status not in (TermStatus.WAITING, TermStatus.RUNNING):
        return
    known = session.scalar(
        select(func.count()).select_from(AgreedSupply).where(AgreedSupply.term_id == term.id)
    )
    if not known:
        if term.kind == TermKind.FIRST:
            store_supplies(session, term=term)
        else:
            store_next_supplies(session, term=term, before=_before(session, term))
    term.status, term.total = TermStatus.RUNNING, len(regions_of(session, term=term))
    session.flush()


def regions_of(session: Session, *, term: AgreementTerm) -> Sequence[str]:
    """Return the regions that are supplied in a term, in order."""
    regions = select(AgreedSupply.region).where(AgreedSupply.term_id == term.id)
    return session.scalars(regions.distinct().order_by(AgreedSupply.region)).all()


def make_region(session: Session, *, term: AgreementTerm, region: str) -> None:
    """Divide what is supplied to a region among its hospitals, and draw up the agreements.

    Args:
        session: Session of the caller's transaction.
        term: A term whose supplies are stored.
        region: The region, not made yet.

    Raises:
        LinesChangedError: What hospitals reported is not what was aggregated.
        SumsDifferError: The parts do not add up to what is supplied.
    """
    if term.kind == TermKind.FIRST:
        volumes = _first_volumes(session, term, region)
    else:
        volumes = _next_volumes(session, term, region)
    _write(session.connection(), "agreed_volume", _COLUMNS, volumes)
    _check_sums(session, term, region)
    _draw_up(session, term, region, volumes)
    term.done += 1
    session.flush()


def finish(session: Session, *, term: AgreementTerm, moment: datetime) -> None:
    """Say that all agreements of a term are made; the first ones bring the round on."""
    round_ = session.get_one(Round, term.round_id)
    term.status, term.ended_at = TermStatus.DONE, moment
    session.flush()
    if round_.status == RoundStatus.REGIONS_CHOSEN:
        set_status(
            session,
            round_=round_,
            status=RoundStatus.AGREEMENTS,
            moment=moment,
            person_id=term.asked_by,
        )
    _tell(session, round_, term, moment)


def _before(session: Session, term: AgreementTerm) -> AgreementTerm:
    return session.scalars(
        select(AgreementTerm).where(
            AgreementTerm.round_id == term.round_id, AgreementTerm.number == term.number - 1
        )
    ).one()


def _first_volumes(session: Session, term: AgreementTerm, region: str) -> list[HospitalVolume]:
    cells = cells_of(session, term=term, region=region)
    volumes: list[HospitalVolume] = []
    sums: dict[int, int] = {}
    for strength_id, reported in _reported(session, term.round_id, region):
        sums[strength_id] = sum(one.base_volume for one in reported)
        cell: CellSupply | None = cells.get(strength_id)
        if cell is not None:
            volumes += cell.divide(reported)
    _check_base(session, term.round_id, region, sums)
    return volumes


def _reported(
    session: Session, round_id: int, region: str
) -> Iterable[tuple[int, list[Reported[int]]]]:
    """What hospitals reported, by strength: a group's line as its members' parts, where split."""
    # Tables and not classes: a region has hundreds of thousands of lines, which need no mapping.
    line, report, split = VolumeLine.__table__.c, VolumeReport.__table__.c, VolumeSplit.__table__.c
    standing = select(LotStrength.id).join(Lot, Lot.id == LotStrength.lot_id)
    wanted = (
        select(
            line.lot_strength_id,
            func.coalesce(split.member_id, report.hospital_id),
            func.coalesce(line.brand_id, 0),
            func.coalesce(split.volume, line.demand),
        )
        .select_from(
            VolumeLine.__table__.join(
                VolumeReport.__table__, report.id == line.report_id
            ).outerjoin(VolumeSplit.__table__, split.line_id == line.id)
        )
        .where(report.round_id == round_id, report.region == region)
        .where(report.status == ReportStatus.ACCEPTED.value)
        .where(
            line.lot_strength_id.in_(
                standing.where(Lot.round_id == round_id, Lot.failed_reason.is_(None))
            )
        )
    )
    by_strength: dict[int, list[tuple[int, int, int]]] = {}
    for strength_id, hospital_id, brand_id, units in session.connection().execute(wanted):
        by_strength.setdefault(strength_id, []).append((hospital_id, brand_id, units))
    seen = {brand for lines in by_strength.values() for _, brand, _ in lines}
    brands = _brand_names(session, seen - {0})
    for strength_id, lines in sorted(by_strength.items()):
        # The order decides between equal remainders: the same each time.
        lines.sort()
        yield strength_id, [Reported(one, brands.get(brand), units) for one, brand, units in lines]


def _brand_names(session: Session, ids: set[int]) -> dict[int, str]:
    known = sorted(ids)
    names: dict[int, str] = {}
    for start in range(0, len(known), BATCH):
        some = Organisation.id.in_(known[start : start + BATCH])
        for one, name in session.execute(select(Organisation.id, Organisation.name).where(some)):
            names[one] = name
    return names


def _check_base(session: Session, round_id: int, region: str, sums: dict[int, int]) -> None:
    run = latest_run(session, round_id=round_id)
    if run is None:
        raise LinesChangedError(region)
    rows = session.execute(
        select(BaseVolume.lot_strength_id, func.sum(BaseVolume.volume))
        .join(LotStrength, LotStrength.id == BaseVolume.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(BaseVolume.run_id == run.id, BaseVolume.region == region)
        .where(Lot.failed_reason.is_(None))
        .group_by(BaseVolume.lot_strength_id)
    )
    base = {strength_id: int(volume) for strength_id, volume in rows if volume}
    if base != {strength_id: volume for strength_id, volume in sums.items() if volume}:
        raise LinesChangedError(region)


def _next_volumes(session: Session, term: AgreementTerm, region: str) -> list[HospitalVolume]:
    before = _before(session, term)
    volumes: list[HospitalVolume] = []
    pairs = _supply_pairs(session, term, before, region)
    for supply, supply_before in pairs:
        rows = session.execute(
            select(
                AgreedVolume.hospital_id,
                AgreedVolume.base_volume,
                AgreedVolume.volume,
                AgreedVolume.by_brand,
            )
            .where(AgreedVolume.supply_id == supply_before)
            .order_by(AgreedVolume.hospital_id)
        ).all()
        parts = next_volumes(
            Volume(supply.volume, supply.by_brand), [Volume(row[2], row[3]) for row in rows]
        )
        volumes += [
            (supply.id, row[0], row[1], part.volume, part.by_brand)
            for row, part in zip(rows, parts, strict=True)
            if part.volume
        ]
    return volumes


def _supply_pairs(
    session: Session, term: AgreementTerm, before: AgreementTerm, region: str
) -> list[tuple[AgreedSupply, int]]:
    def supplies(one: AgreementTerm) -> Sequence[AgreedSupply]:
        own = (AgreedSupply.term_id == one.id, AgreedSupply.region == region)
        return session.scalars(select(AgreedSupply).where(*own).order_by(AgreedSupply.id)).all()

    known = {(one.lot_strength_id, one.awarded_bid_id): one.id for one in supplies(before)}
    return [(one, known[one.lot_strength_id, one.awarded_bid_id]) for one in supplies(term)]


def _write(
    connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Write many rows: PostgreSQL copies them, SQLite takes them in one prepared statement."""
    columns = ", ".join(names)
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - an open connection has its driver's connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
    elif rows:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - our own names
            list(rows),
        )


def _check_sums(session: Session, term: AgreementTerm, region: str) -> None:
    """Let only volumes stand that add up to the unit, over hospitals and over brands."""
    summed = (
        select(
            AgreedSupply.id,
            AgreedSupply.volume,
            AgreedSupply.by_brand,
            func.coalesce(func.sum(AgreedVolume.volume), 0),
            func.coalesce(func.sum(AgreedVolume.by_brand), 0),
        )
        .outerjoin(AgreedVolume, AgreedVolume.supply_id == AgreedSupply.id)
        .where(AgreedSupply.term_id == term.id, AgreedSupply.region == region)
        .group_by(AgreedSupply.id, AgreedSupply.volume, AgreedSupply.by_brand)
    )
    for _, volume, by_brand, given, given_by_brand in session.execute(summed):
        if (volume, by_brand) != (int(given), int(given_by_brand)):
            raise SumsDifferError(region)


def _draw_up(
    session: Session, term: AgreementTerm, region: str, volumes: Sequence[HospitalVolume]
) -> None:
    """One agreement for each hospital and winner, with the distributor of the term before."""
    own = (AgreedSupply.term_id == term.id, AgreedSupply.region == region)
    rows = session.execute(select(AgreedSupply.id, AgreedSupply.organisation_id).where(*own))
    winners = {supply_id: winner_id for supply_id, winner_id in rows}
    pairs = sorted({(row[1], winners[row[0]]) for row in volumes})
    known = {} if term.kind == TermKind.FIRST else _known_distributors(session, term, region)
    # Looked up once: they stand in every row.
    term_id, waiting, open_ = term.id, AgreementStatus.WAITING.value, AgreementStatus.OPEN.value
    _write(
        session.connection(),
        "agreement",
        ("term_id", "region", "hospital_id", "organisation_id", "distributor_id", "status"),
        [
            (term_id, region, *pair, known.get(pair), open_ if pair in known else waiting)
            for pair in pairs
        ],
    )


def _known_distributors(
    session: Session, term: AgreementTerm, region: str
) -> dict[tuple[int, int], int]:
    """Who delivered in the term before, by hospital and winner."""
    before = _before(session, term)
    rows = session.execute(
        select(Agreement.hospital_id, Agreement.organisation_id, Agreement.distributor_id)
        .where(Agreement.term_id == before.id, Agreement.region == region)
        .where(Agreement.distributor_id.is_not(None))
    )
    return {
        (hospital, winner): distributor
        for hospital, winner, distributor in rows
        if distributor is not None
    }


def _tell(session: Session, round_: Round, term: AgreementTerm, moment: datetime) -> None:
    parties = {
        *session.scalars(
            select(Agreement.hospital_id).where(Agreement.term_id == term.id).distinct()
        ),
        *session.scalars(
            select(Agreement.organisation_id).where(Agreement.term_id == term.id).distinct()
        ),
    }
    notify_all(
        session,
        organisation_ids=sorted(parties),
        zh=f"{round_.title}：第 {term.number} 期购销协议已生成，请选定配送企业并签署。",
        en=f"{round_.title}: agreements of term {term.number} are drawn up. Choose distributors "
        "and sign.",
        link=f"/rounds/{round_.name}/agreements",
        moment=moment,
        key=f"agreements {term.id}",
    )
