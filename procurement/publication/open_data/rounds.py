"""Public tables of rounds: the rounds, their lots, base volumes, bids and awards."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.awards.tables import Award, AwardedBid, AwardedPrice
from procurement.permissions import Actor
from procurement.publication.ocds.reading_bids import bid_facts, party
from procurement.publication.ocds.reading_round import prices_are_public
from procurement.publication.ocds.rules.seen import seen_at
from procurement.publication.ocds.tables import OcdsRelease
from procurement.publication.ocds.telling import Told, told_of
from procurement.publication.open_data.columns import (
    AWARD,
    DOCUMENT,
    LOG,
    LOT,
    MANUFACTURER,
    MANUFACTURER_ID,
    OPENING,
    PACK_PRICE,
    PACK_UNITS,
    PLATFORM,
    PRODUCT,
    REGION,
    REPORTS,
    ROUND,
    ROWS_AT_ONCE,
    STRENGTH,
    UNITS,
    YUAN,
    Column,
    Kind,
    PublicTable,
    Row,
    When,
)
from procurement.rounds.reading import bureau_of, rounds_for
from procurement.rounds.sheet import limit_of, lots_of, strengths_by_lot
from procurement.rounds.tables import Lot, LotStrength, Round, RoundStatus
from procurement.volumes.aggregate import latest_run
from procurement.volumes.tables import BaseVolume


def _public(session: Session) -> Sequence[tuple[Round, Told]]:
    """Rounds that anybody may read, by name, with how far each has come."""
    rounds = session.scalars(rounds_for(Actor()).order_by(None).order_by(Round.name)).all()
    told = [(one, told_of(session, round_id=one.id)) for one in rounds]
    return [(one, events[-1]) for one, events in told if events]


def _read_rounds(session: Session, when: When) -> Iterator[Row]:
    for round_, told in _public(session):
        bureau = bureau_of(session, round_=round_)
        releases = session.execute(
            select(func.min(OcdsRelease.ocid), func.count(OcdsRelease.id)).where(
                OcdsRelease.round_id == round_.id
            )
        ).one()
        is_open = prices_are_public(session, round_=round_)
        yield (
            round_.name,
            releases[0],
            round_.title,
            str(told.status),
            round_.rulebook,
            None if bureau is None else bureau.name,
            round_.published_at,
            round_.bidding_opens_at,
            round_.closes_at,
            round_.opens_at,
            is_open if RoundStatus.PUBLISHED in told.reached else None,
            releases[1],
        )


ROUNDS = PublicTable(
    name="rounds",
    zh="采购批次",
    en="Rounds",
    rows_zh="一个批次",
    rows_en="one round",
    columns=(
        ROUND,
        Column("ocid", Kind.TEXT, "开放合同标识", "open contracting id", PLATFORM),
        Column("title", Kind.TEXT, "采购文件名称", "title of the document", DOCUMENT),
        Column("status", Kind.TEXT, "所处阶段的代码", "code of its stage", PLATFORM),
        Column("rulebook", Kind.TEXT, "适用规则的标识", "id of the rulebook", DOCUMENT),
        Column("bureau", Kind.TEXT, "牵头的联合采购办公室", "bureau that leads it", DOCUMENT),
        Column("published_at", Kind.MOMENT, "采购文件发布", "document published", DOCUMENT),
        Column("bidding_opens_at", Kind.MOMENT, "申报开始", "bidding begins", DOCUMENT),
        Column("closes_at", Kind.MOMENT, "申报截止", "bidding closes", DOCUMENT),
        Column("opens_at", Kind.MOMENT, "公开申报信息", "bids are opened", DOCUMENT),
        Column(
            "prices_are_public",
            Kind.FLAG,
            "价格向社会公开；文件发布之前为空",
            "prices are disclosed to everybody; empty before the document is published",
            DOCUMENT,
        ),
        Column("releases", Kind.INTEGER, "已发布的记录数", "releases published", PLATFORM),
    ),
    read=_read_rounds,
)


def _read_lots(session: Session, when: When) -> Iterator[Row]:
    for round_, told in _public(session):
        seen = seen_at(told.reached, prices_are_public=False)
        strengths = strengths_by_lot(session, round_id=round_.id)
        for lot in lots_of(session, round_id=round_.id):
            for one in strengths.get(lot.id, ()):
                yield (
                    round_.name,
                    lot.code,
                    lot.product,
                    lot.unit,
                    lot.dosage_form,
                    lot.category,
                    one.strength,
                    one.strength_ratio,
                    limit_of(one, is_inquiry=round_.is_inquiry) if seen.document else None,
                    lot.failed_reason,
                )


LOTS = PublicTable(
    name="lots",
    zh="品种和规格",
    en="Lots and strengths",
    rows_zh="一个品种的一个规格",
    rows_en="one strength of one lot",
    columns=(
        ROUND,
        LOT,
        PRODUCT,
        Column("unit", Kind.TEXT, "最小计量单位", "minimal unit", DOCUMENT),
        Column("dosage_form", Kind.TEXT, "剂型类别的代码", "code of the dosage form", DOCUMENT),
        Column("category", Kind.TEXT, "采购比例类别的代码", "code of the category", DOCUMENT),
        STRENGTH,
        Column(
            "strength_ratio",
            Kind.DECIMAL,
            "与主规格的含量比",
            "content relative to the main strength",
            DOCUMENT,
        ),
        Column(
            "price_ceiling",
            Kind.MONEY,
            "最高有效申报价，每最小计量单位",
            "maximum valid declared price of a minimal unit",
            DOCUMENT,
            YUAN,
        ),
        Column("failed_reason", Kind.TEXT, "撤出或采购失败的原因", "why the lot failed", DOCUMENT),
    ),
    read=_read_lots,
)


def _read_volumes(session: Session, when: When) -> Iterator[Row]:
    for round_, told in _public(session):
        run = latest_run(session, round_id=round_.id)
        if run is None or not seen_at(told.reached, prices_are_public=False).base_volumes:
            continue
        rows = session.execute(
            select(
                Lot.code,
                LotStrength.strength,
                BaseVolume.region,
                func.sum(BaseVolume.volume),
                func.sum(BaseVolume.reports),
            )
            .join(LotStrength, LotStrength.id == BaseVolume.lot_strength_id)
            .join(Lot, Lot.id == LotStrength.lot_id)
            .where(BaseVolume.run_id == run.id)
            .group_by(Lot.code, LotStrength.strength, BaseVolume.region)
            .order_by(Lot.code, LotStrength.strength, BaseVolume.region)
            .execution_options(yield_per=ROWS_AT_ONCE)
        )
        for code, strength, region, volume, reports in rows:
            yield round_.name, code, strength, region, int(volume), int(reports)


BASE_VOLUMES = PublicTable(
    name="base-volumes",
    zh="首年约定采购量计算基数",
    en="Base volumes",
    rows_zh="一个地区对一个规格的需求",
    rows_en="the need of one region for one strength",
    columns=(
        ROUND,
        LOT,
        STRENGTH,
        REGION,
        Column("base_volume", Kind.INTEGER, "每年", "a year", REPORTS, UNITS),
        Column("reports", Kind.INTEGER, "汇总的报量条数", "lines added up", REPORTS),
    ),
    read=_read_volumes,
)


def _read_bids(session: Session, when: When) -> Iterator[Row]:
    for round_, told in _public(session):
        is_public = prices_are_public(session, round_=round_)
        if not seen_at(told.reached, prices_are_public=is_public).bids:
            continue
        for bid in bid_facts(session, round_=round_, told=told):
            for price in bid.prices:
                yield (
                    round_.name,
                    bid.lot,
                    bid.id,
                    bid.bidder.name,
                    bid.bidder.party_id,
                    bid.status,
                    price.strength,
                    price.pack_units,
                    None if price.pack_price is None else f"{price.pack_price.normalize():f}",
                )


BIDS = PublicTable(
    name="bids",
    zh="公开的申报价",
    en="Declared prices that are public",
    rows_zh="一个申报对一个规格的价格；不公开价格的批次没有",
    rows_en="the price of one bid for one strength; none of rounds that do not disclose prices",
    columns=(
        ROUND,
        LOT,
        Column("bid_id", Kind.TEXT, "申报标识，与 OCDS 相同", "id of the bid, as in OCDS", LOG),
        MANUFACTURER,
        MANUFACTURER_ID,
        Column("status", Kind.TEXT, "OCDS bidStatus 代码", "code of OCDS bidStatus", OPENING),
        STRENGTH,
        PACK_UNITS,
        Column(
            "pack_price",
            Kind.DECIMAL,
            "每包装申报价，如申报时所写",
            "declared price of a pack, as declared",
            OPENING,
            YUAN,
        ),
    ),
    read=_read_bids,
)


def _read_awards(session: Session, when: When) -> Iterator[Row]:
    for round_, told in _public(session):
        if RoundStatus.AWARDED not in told.reached or told.status is RoundStatus.CANCELLED:
            continue
        shows_prices = prices_are_public(session, round_=round_)
        rows = session.execute(
            select(AwardedBid, Lot, Organisation, AwardedPrice)
            .join(Award, Award.id == AwardedBid.award_id)
            .join(Lot, Lot.id == AwardedBid.lot_id)
            .join(Organisation, Organisation.id == AwardedBid.organisation_id)
            .outerjoin(AwardedPrice, AwardedPrice.awarded_bid_id == AwardedBid.id)
            .where(Award.round_id == round_.id)
            .order_by(Lot.code, AwardedBid.id, AwardedPrice.id)
            .execution_options(yield_per=ROWS_AT_ONCE)
        )
        known: set[int] = set()
        for bid, lot, winner, price in rows:
            # Of an undisclosed round a winner's strengths and packs are not told either.
            if not shows_prices and bid.id in known:
                continue
            known.add(bid.id)
            shown = price if shows_prices else None
            yield (
                round_.name,
                lot.code,
                lot.product,
                bid.bid,
                winner.name,
                party(winner).party_id,
                bid.status,
                None if shown is None else shown.strength,
                None if shown is None else shown.pack_units,
                None if shown is None else shown.pack_price,
                bid.agreed_volume,
                bid.regions,
                bid.ends_on,
            )


AWARDS = PublicTable(
    name="awards",
    zh="中选结果",
    en="Awards",
    rows_zh="一个中选产品的一个规格和包装",
    rows_en="one strength and pack of one winner",
    columns=(
        ROUND,
        LOT,
        PRODUCT,
        Column("bid", Kind.TEXT, "申报在品种内的名称", "name of the bid in its lot", AWARD),
        MANUFACTURER,
        MANUFACTURER_ID,
        Column("status", Kind.TEXT, "中选方式的代码", "code of how it was selected", AWARD),
        STRENGTH,
        PACK_UNITS,
        PACK_PRICE,
        Column("agreed_volume", Kind.INTEGER, "首年约定采购量", "agreed, first year", AWARD, UNITS),
        Column("regions", Kind.INTEGER, "供应地区数", "number of regions supplied", AWARD),
        Column("ends_on", Kind.DAY, "采购周期最后一日", "last day of the cycle", AWARD),
    ),
    read=_read_awards,
)
