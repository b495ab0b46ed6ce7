"""The whole life of a lot: from the need that was reported to the money that hospitals keep."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.agreements.states import AgreementStatus
from procurement.agreements.tables import AgreedSupply, AgreedVolume, Agreement, AgreementTerm
from procurement.awards.evaluation import current_report
from procurement.awards.tables import Award, AwardedBid, AwardNotice, Objection, ObjectionAnswer
from procurement.orders.tables import PurchaseLine
from procurement.permissions import NotFoundForActorError
from procurement.rounds.status import STATUS_NAMES
from procurement.rounds.tables import Lot, LotStrength, Round, RoundEvent, RoundStatus
from procurement.savings.settling_tables import SavingsSettlement
from procurement.savings.statement_tables import HospitalStatement, SavingsLine
from procurement.savings.states import SettlementStatus
from procurement.volumes.tables import AggregationRun, BaseVolume


@dataclass(frozen=True, slots=True)
class Station:
    """One thing that happened to a lot.

    Attributes:
        zh: What, in Chinese.
        en: The same in English.
        moment: When; None where it goes on.
        note_zh: With which figures.
        note_en: The same in English.
        href: Where more stands.
    """

    zh: str
    en: str
    moment: datetime | None
    note_zh: str = ""
    note_en: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class LotLife:
    """A lot with what happened to it, in the order in which it did."""

    lot: Lot
    stations: tuple[Station, ...]


def lot_life(
    session: Session, *, round_: Round, code: str, is_opened: bool, conducts: bool
) -> LotLife:
    """Collect what happened to a lot, as far as a reader may know it.

    Args:
        session: Any session.
        round_: A round that the reader may see.
        code: The lot's.
        is_opened: The bids are open, so that their number is known.
        conducts: The reader belongs to the lead bureau, or observes the round: what hospitals
            bought and what is not published yet is told too.

    Raises:
        NotFoundForActorError: The round has no such lot.
    """
    lot = session.scalars(select(Lot).where(Lot.round_id == round_.id, Lot.code == code)).first()
    if lot is None:
        raise NotFoundForActorError
    parts = [
        _need(session, round_, lot),
        _events(session, round_, lot),
        _evaluation(session, round_, lot) if is_opened else (),
        _notices(session, round_, lot),
        _award(session, round_, lot),
        _agreements(session, round_, lot),
        _purchases(session, round_, lot) if conducts else (),
        _savings(session, round_, lot, conducts=conducts),
    ]
    found = [station for part in parts for station in part]
    last = datetime.max.replace(tzinfo=UTC)
    return LotLife(lot, tuple(sorted(found, key=lambda one: one.moment or last)))


def _need(session: Session, round_: Round, lot: Lot) -> Iterator[Station]:
    if round_.published_at is None:
        return
    newest = (
        select(AggregationRun)
        .where(AggregationRun.round_id == round_.id)
        .order_by(AggregationRun.id.desc())
        .limit(1)
    )
    run = session.scalars(newest).first()
    if run is None:
        return
    volume, regions = session.execute(
        select(func.sum(BaseVolume.volume), func.count(BaseVolume.region.distinct()))
        .join(LotStrength, LotStrength.id == BaseVolume.lot_strength_id)
        .where(BaseVolume.run_id == run.id, LotStrength.lot_id == lot.id)
    ).one()
    if volume is not None:
        yield Station(
            "汇总医疗机构报量",
            "Reported need summed up",
            run.made_at,
            f"{regions} 个地区，首年约定采购量计算基数 {int(volume):,} {lot.unit}。",
            f"{regions} regions; base volume of the first year {int(volume):,} {lot.unit}.",
        )


def _events(session: Session, round_: Round, lot: Lot) -> Iterator[Station]:
    wanted = select(RoundEvent).where(RoundEvent.round_id == round_.id).order_by(RoundEvent.id)
    for event in session.scalars(wanted):
        if event.lot_id is not None and event.lot_id != lot.id:
            continue
        if event.status_to and event.status_to != event.status_from:
            zh, en = STATUS_NAMES[RoundStatus(event.status_to)]
            zh, en = f"批次：{zh}", f"Round: {en}"
            yield Station(zh, en, event.happened_at, href=f"/rounds/{round_.name}")
        elif event.lot_id == lot.id:
            reason = event.reason or ""
            yield Station("撤回该品种", "Lot withdrawn", event.happened_at, reason, reason)


def _evaluation(session: Session, round_: Round, lot: Lot) -> Iterator[Station]:
    report = current_report(session, round_id=round_.id)
    found = None if report is None else [one for one in report.lots if one["lot"] == lot.code]
    if report is None or not found:
        return
    (told,) = found
    selected = sum(one["selected"] for one in told["outcomes"])
    yield Station(
        "评审",
        "Evaluated",
        report.row.evaluated_at,
        f"{told['bidders']} 家申报，{told['places']} 个入围名额，{selected} 家拟中选。",
        f"{told['bidders']} bidders, {told['places']} places, {selected} selected.",
        f"/rounds/{round_.name}/result/{lot.code}",
    )


def _notices(session: Session, round_: Round, lot: Lot) -> Iterator[Station]:
    for notice in session.scalars(select(AwardNotice).where(AwardNotice.round_id == round_.id)):
        concerned = (Objection.notice_id == notice.id) & (
            (Objection.lot_id == lot.id) | Objection.lot_id.is_(None)
        )
        filed = session.scalar(select(func.count()).select_from(Objection).where(concerned)) or 0
        answered = (
            session.scalar(
                select(func.count())
                .select_from(ObjectionAnswer)
                .join(Objection, Objection.id == ObjectionAnswer.objection_id)
                .where(concerned)
            )
            or 0
        )
        yield Station(
            f"第 {notice.number} 次公示",
            f"Notice {notice.number}",
            notice.announced_at,
            f"收到质疑 {filed} 件，已答复 {answered} 件。",
            f"{filed} objections received, {answered} answered.",
            f"/rounds/{round_.name}/publications",
        )


def _award(session: Session, round_: Round, lot: Lot) -> Iterator[Station]:
    award = session.scalars(select(Award).where(Award.round_id == round_.id)).first()
    if award is None:
        return
    bids = session.scalars(
        select(AwardedBid)
        .where(AwardedBid.award_id == award.id, AwardedBid.lot_id == lot.id)
        .order_by(AwardedBid.rank, AwardedBid.id)
    ).all()
    names = "、".join(one.bid for one in bids)
    yield Station(
        "中选结果",
        "Awarded",
        award.awarded_at,
        f"{names or '无中选企业'}；自 {award.starts_on:%Y-%m-%d} 起执行。",
        f"{', '.join(one.bid for one in bids) or 'no winner'}; from {award.starts_on:%Y-%m-%d}.",
        f"/rounds/{round_.name}/result/{lot.code}",
    )


def _agreements(session: Session, round_: Round, lot: Lot) -> Iterator[Station]:
    terms = session.scalars(
        select(AgreementTerm)
        .where(AgreementTerm.round_id == round_.id)
        .order_by(AgreementTerm.number)
    )
    for term in terms:
        of_lot = (
            select(AgreedSupply.id, AgreedSupply.organisation_id)
            .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
            .where(AgreedSupply.term_id == term.id, LotStrength.lot_id == lot.id)
            .subquery()
        )
        volume, hospitals = session.execute(
            select(
                func.sum(AgreedVolume.volume), func.count(AgreedVolume.hospital_id.distinct())
            ).join(of_lot, of_lot.c.id == AgreedVolume.supply_id)
        ).one()
        if volume is None:
            continue
        makers = select(of_lot.c.organisation_id)
        signed = session.scalar(
            select(func.count())
            .select_from(Agreement)
            .where(Agreement.term_id == term.id, Agreement.organisation_id.in_(makers))
            .where(Agreement.status == AgreementStatus.SIGNED)
        )
        yield Station(
            f"第 {term.number} 采购年度协议",
            f"Agreements of year {term.number}",
            _start_of(term.starts_on),
            f"{hospitals} 家医疗机构，约定采购量 {int(volume):,} {lot.unit}；"
            f"与中选企业已签 {signed} 份。",
            f"{hospitals} hospitals, agreed volume {int(volume):,} {lot.unit}; {signed} agreements "
            "with its winners signed.",
        )


def _purchases(session: Session, round_: Round, lot: Lot) -> Iterator[Station]:
    quantity, amount, hospitals, last = session.execute(
        select(
            func.sum(PurchaseLine.quantity),
            func.sum(PurchaseLine.amount),
            func.count(PurchaseLine.hospital_id.distinct()),
            func.max(PurchaseLine.received_on),
        ).where(
            PurchaseLine.round_id == round_.id,
            PurchaseLine.lot_id == lot.id,
            PurchaseLine.is_winning,
        )
    ).one()
    if quantity is not None:
        yield Station(
            "采购入库",
            "Goods received",
            _start_of(last),
            f"{hospitals} 家医疗机构累计入库 {int(quantity):,} {lot.unit}，{amount:,.2f} 元。",
            f"{hospitals} hospitals received {int(quantity):,} {lot.unit}, {amount:,.2f} yuan.",
            "/fulfilment",
        )


def _savings(session: Session, round_: Round, lot: Lot, *, conducts: bool) -> Iterator[Station]:
    """What hospitals keep; before a settlement is published only those who conduct it know."""
    rows = session.execute(
        select(SavingsSettlement, func.sum(SavingsLine.paid_part))
        .join(HospitalStatement, HospitalStatement.settlement_id == SavingsSettlement.id)
        .join(SavingsLine, SavingsLine.statement_id == HospitalStatement.id)
        .join(LotStrength, LotStrength.id == SavingsLine.strength_id)
        .where(LotStrength.lot_id == lot.id)
        .group_by(SavingsSettlement.id)
        .order_by(SavingsSettlement.id)
    )
    for settlement, kept in rows:
        if not conducts and settlement.status not in _PUBLISHED:
            continue
        yield Station(
            f"结余留用：{settlement.title}",
            f"Retained savings: {settlement.title}",
            settlement.drafted_at,
            f"医疗机构就该品种留用 {kept:,.2f} 元。",
            f"Hospitals keep {kept:,.2f} yuan of this lot.",
            f"/savings/{settlement.name}",
        )


_PUBLISHED = frozenset(
    {SettlementStatus.PUBLISHED, SettlementStatus.PAYING, SettlementStatus.SETTLED}
)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=UTC)
