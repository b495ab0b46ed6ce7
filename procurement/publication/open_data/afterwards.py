"""Public tables of what follows an award: prices, agreed volumes, agreements, the list, places."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from procurement.accounts.tables import Organisation
from procurement.agreements.states import TermStatus
from procurement.agreements.tables import AgreedSupply, Agreement, AgreementTerm
from procurement.catalogue.tables import GenericProduct
from procurement.pharmacies.listed.periods import covers_day, holds
from procurement.pharmacies.listed.tables import ListedDrug, ListPeriod
from procurement.pharmacies.places.tables import Place
from procurement.prices.kinds import PriceKind
from procurement.prices.tables import Price
from procurement.publication.ocds.reading_bids import party
from procurement.publication.ocds.tables import OcdsContract
from procurement.publication.open_data.columns import (
    AGREED,
    AWARD,
    LOT,
    MANUFACTURER,
    MANUFACTURER_ID,
    PACK_UNITS,
    PRODUCT,
    REGION,
    REGISTER,
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
from procurement.rounds.tables import Lot, LotStrength, Round

_CHAIN = ("价格链", "the chain of prices")
_DECISION = ("双通道目录决定", "decisions on the dual-channel list")
_PLACES = ("定点机构名册", "the register of places")

_LOCAL = (PriceKind.LISTING, PriceKind.WINNING, PriceKind.PAYMENT_STANDARD)
"""Kinds of prices that are not one hospital's own."""


def _read_prices(session: Session, when: When) -> Iterator[Row]:
    rows = session.execute(
        select(Price, GenericProduct.name, Organisation)
        .join(Organisation, Organisation.id == Price.organisation_id)
        .outerjoin(GenericProduct, GenericProduct.id == Price.generic_product_id)
        .where(Price.is_public, Price.kind.in_(_LOCAL))
        .order_by(Price.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for price, product, maker in rows:
        yield (
            price.id,
            price.kind,
            product,
            maker.name,
            party(maker).party_id,
            price.strength,
            price.pack_units,
            price.pack_price,
            price.region,
            price.starts_on,
            price.ends_on,
            price.source,
            price.version,
            price.digest,
        )


PRICES = PublicTable(
    name="prices",
    zh="公开的价格",
    en="Prices that are public",
    rows_zh="一个包装的一个价格的一个版本",
    rows_en="one version of one price of one pack",
    columns=(
        Column("id", Kind.INTEGER, "编号", "number", _CHAIN),
        Column("kind", Kind.TEXT, "价格类别的代码", "code of the kind of price", _CHAIN),
        Column("product", Kind.TEXT, "通用名", "generic name", _CHAIN),
        MANUFACTURER,
        MANUFACTURER_ID,
        STRENGTH,
        PACK_UNITS,
        Column("pack_price", Kind.MONEY, "每包装价格", "price of a pack", _CHAIN, YUAN),
        Column("region", Kind.TEXT, "适用地区的代码", "division code of where it holds", _CHAIN),
        Column("starts_on", Kind.DAY, "起", "first day", _CHAIN),
        Column("ends_on", Kind.DAY, "止；未定为空", "last day; empty while not known", _CHAIN),
        Column("source", Kind.TEXT, "依据的文件", "document that it comes from", _CHAIN),
        Column("version", Kind.INTEGER, "版本", "version", _CHAIN),
        Column("digest", Kind.TEXT, "哈希链摘要", "digest in the chain", _CHAIN),
    ),
    read=_read_prices,
)


def _read_agreed(session: Session, when: When) -> Iterator[Row]:
    rows = session.execute(
        select(AgreedSupply, AgreementTerm, Round.name, Lot, LotStrength.strength, Organisation)
        .join(AgreementTerm, AgreementTerm.id == AgreedSupply.term_id)
        .join(Round, Round.id == AgreementTerm.round_id)
        .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .join(Organisation, Organisation.id == AgreedSupply.organisation_id)
        .where(AgreementTerm.status == TermStatus.DONE)
        .order_by(AgreedSupply.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for supply, term, name, lot, strength, maker in rows:
        yield (
            name,
            term.number,
            term.starts_on,
            term.ends_on,
            supply.region,
            lot.code,
            lot.product,
            strength,
            maker.name,
            party(maker).party_id,
            supply.volume,
        )


_TERM = (
    Column("term", Kind.INTEGER, "协议期序号", "number of the term", AGREED),
    Column("starts_on", Kind.DAY, "起", "first day", AGREED),
    Column("ends_on", Kind.DAY, "止", "last day", AGREED),
)

AGREED_VOLUMES = PublicTable(
    name="agreed-volumes",
    zh="约定采购量",
    en="Agreed volumes",
    rows_zh="一家企业在一个协议期对一个地区供应的一个规格",
    rows_en="one strength that one winner supplies to one region in one term",
    columns=(
        ROUND,
        *_TERM,
        REGION,
        LOT,
        PRODUCT,
        STRENGTH,
        MANUFACTURER,
        MANUFACTURER_ID,
        Column("agreed_volume", Kind.INTEGER, "协议期内", "in the term", AGREED, UNITS),
    ),
    read=_read_agreed,
)


def _read_agreements(session: Session, when: When) -> Iterator[Row]:
    hospital, maker, distributor = (aliased(Organisation) for _ in range(3))
    rows = session.execute(
        select(Agreement, AgreementTerm, Round.name, hospital, maker, distributor, OcdsContract)
        .join(OcdsContract, OcdsContract.agreement_id == Agreement.id)
        .join(AgreementTerm, AgreementTerm.id == Agreement.term_id)
        .join(Round, Round.id == AgreementTerm.round_id)
        .join(hospital, hospital.id == Agreement.hospital_id)
        .join(maker, maker.id == Agreement.organisation_id)
        .outerjoin(distributor, distributor.id == Agreement.distributor_id)
        .order_by(Agreement.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for one, term, name, buyer, winner, carrier, published in rows:
        yield (
            f"{name}-{term.number}-{one.id:07d}",
            name,
            term.number,
            term.starts_on,
            term.ends_on,
            buyer.name,
            party(buyer).party_id,
            winner.name,
            party(winner).party_id,
            None if carrier is None else carrier.name,
            None if carrier is None else party(carrier).party_id,
            published.status,
            published.revision,
            published.payments,
        )


AGREEMENTS = PublicTable(
    name="agreements",
    zh="已签署的购销协议",
    en="Signed agreements",
    rows_zh="一份三方协议，自三方签署并发布之后",
    rows_en="one agreement of three parties, once it was signed and published",
    columns=(
        Column("agreement", Kind.TEXT, "协议编号", "number of the agreement", AGREED),
        ROUND,
        *_TERM,
        Column("hospital", Kind.TEXT, "医疗机构", "hospital", AGREED),
        Column("hospital_id", Kind.TEXT, "医疗机构标识", "its identifier", REGISTER),
        MANUFACTURER,
        MANUFACTURER_ID,
        Column("distributor", Kind.TEXT, "配送企业", "distributor", AGREED),
        Column("distributor_id", Kind.TEXT, "配送企业标识", "its identifier", REGISTER),
        Column("status", Kind.TEXT, "状态的代码", "code of its status", AGREED),
        Column("revision", Kind.INTEGER, "内容版次", "revision of its content", AGREED),
        Column("payments", Kind.INTEGER, "已发布的付款笔数", "payments published", AWARD),
    ),
    read=_read_agreements,
)


def _read_drug_list(session: Session, when: When) -> Iterator[Row]:
    rows = session.execute(
        select(ListPeriod, ListedDrug, GenericProduct)
        .join(ListedDrug, ListedDrug.id == ListPeriod.listed_drug_id)
        .join(GenericProduct, GenericProduct.id == ListedDrug.generic_product_id)
        # As the public knows it today: what is decided and not public yet is left out.
        .where(covers_day(when.day), holds(known_on=when.day))
        .order_by(ListedDrug.region, GenericProduct.name, ListedDrug.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for period, drug, product in rows:
        yield (
            drug.region,
            product.name,
            product.printed_form,
            drug.brand or None,
            drug.catalogue_number or None,
            period.state,
            period.starts_on,
            period.ends_on,
            period.indication_limits or None,
            period.registration_needed,
        )


DRUG_LIST = PublicTable(
    name="drug-list",
    zh="双通道药品目录",
    en="The dual-channel drug list",
    rows_zh="当日有效的一个目录品种",
    rows_en="one drug on the list on the day of the download",
    columns=(
        Column("region", Kind.TEXT, "制定目录地区的代码", "division code of the list", _DECISION),
        Column("generic_name", Kind.TEXT, "通用名", "generic name", _DECISION),
        Column("dosage_form", Kind.TEXT, "剂型", "dosage form", _DECISION),
        Column("brand", Kind.TEXT, "限定的品牌", "the one brand, if limited", _DECISION),
        Column("catalogue_number", Kind.TEXT, "医保目录编号", "number in the catalogue", _DECISION),
        Column("state", Kind.TEXT, "支付方式的代码", "code of how it is paid", _DECISION),
        Column("starts_on", Kind.DAY, "起", "first day", _DECISION),
        Column("ends_on", Kind.DAY, "止；未定为空", "last day; empty while not known", _DECISION),
        Column("indication_limits", Kind.TEXT, "限定支付范围", "limits of payment", _DECISION),
        Column("registration_needed", Kind.FLAG, "须备案", "registration needed", _DECISION),
    ),
    read=_read_drug_list,
)


def _read_places(session: Session, when: When) -> Iterator[Row]:
    # Columns, no objects: a province has a hundred thousand places, and anybody may ask.
    rows = session.execute(
        select(
            Place.institution_code,
            Place.kind,
            Place.name,
            func.nullif(Place.chain, ""),
            Place.county,
            func.nullif(Place.address, ""),
            Place.latitude,
            Place.longitude,
            func.nullif(Place.phone, ""),
            Place.status,
        )
        .order_by(Place.institution_code)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row in rows:
        yield tuple(row)


PLACES = PublicTable(
    name="places",
    zh="医疗机构和药店",
    en="Hospitals and pharmacies",
    rows_zh="一个地点",
    rows_en="one place",
    columns=(
        Column("institution_code", Kind.TEXT, "定点机构代码", "institution code", _PLACES),
        Column("kind", Kind.TEXT, "类别的代码", "code of its kind", _PLACES),
        Column("name", Kind.TEXT, "名称", "name", _PLACES),
        Column("chain", Kind.TEXT, "所属连锁", "chain", _PLACES),
        Column("county", Kind.TEXT, "县级行政区划代码", "division code of its county", _PLACES),
        Column("address", Kind.TEXT, "地址", "address", _PLACES),
        Column("latitude", Kind.DEGREES, "纬度", "latitude", _PLACES, ("度", "degrees")),
        Column("longitude", Kind.DEGREES, "经度", "longitude", _PLACES, ("度", "degrees")),
        Column("phone", Kind.TEXT, "电话", "telephone", _PLACES),
        Column("status", Kind.TEXT, "营业状态的代码", "code of whether it is open", _PLACES),
    ),
    read=_read_places,
)
