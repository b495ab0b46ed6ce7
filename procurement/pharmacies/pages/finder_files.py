"""What the finder shows, as CSV: the same rows, all pages of them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from litestar import Response, get
from litestar.params import FromPath

from procurement.errors import InvalidInputError
from procurement.orders.pages.sheets import Heading, Value, sheet_answer
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.finder.cards import PlaceCard, Stocked
from procurement.pharmacies.finder.counties import require_county
from procurement.pharmacies.finder.finding import (
    all_holders,
    all_places,
    drugs_in,
    place_card,
    require_drug,
)
from procurement.pharmacies.finder.kinds import LEVEL_NAMES
from procurement.pharmacies.pages.finder import narrowed_of, require_known
from procurement.pharmacies.pages.public_words import week_words
from procurement.pharmacies.places.kinds import PLACE_KIND_NAMES
from procurement.pharmacies.places.service import find_place
from procurement.web import RowId, Visit, reads

_PLACE: tuple[Heading, ...] = (
    ("机构代码", "place"),
    ("名称", "name"),
    ("类型", "kind"),
    ("县（市、区）代码", "county"),
    ("县（市、区）", "county_name"),
    ("地址", "address"),
    ("电话", "phone"),
    ("营业时间", "opening_hours"),
    ("双通道定点", "dual_channel"),
    ("便民药店", "convenience"),
)
_STOCK: tuple[Heading, ...] = (
    ("通用名", "drug"),
    ("剂型", "form"),
    ("品牌规格包装", "product"),
    ("库存", "stock"),
    ("盒数", "packs"),
    ("销售价（元）", "price"),
    ("医保支付标准（元）", "payment_standard"),
    ("中选价（元）", "winning_price"),
    ("盘点日期", "as_of"),
    ("库存较旧", "is_old"),
)


@get("/find/drugs/{drug_id:int}/places.csv", include_in_schema=False)
@reads
def drug_file(visit: Visit, drug_id: RowId) -> Response[bytes]:
    """Give the places of a county that have a drug."""
    visit.require(Action.FIND_DRUG)
    drug = require_drug(visit.session, generic_product_id=drug_id)
    try:
        county = require_county(visit.session, code=visit.query.get("county", ""), field="county")
    except InvalidInputError as error:
        raise NotFoundForActorError from error
    cards = all_holders(
        visit.session,
        generic_product_id=drug.id,
        county=county,
        narrowed=narrowed_of(visit),
        moment=visit.moment,
    )
    return sheet_answer(
        visit,
        name=f"{drug.name}-{county}",
        headings=(*_PLACE, *_STOCK),
        rows=_stock_rows(visit, cards),
    )


@get("/find/places/{place_code:str}/stock.csv", include_in_schema=False)
@reads
def place_file(visit: Visit, place_code: FromPath[str]) -> Response[bytes]:
    """Give what a place has."""
    visit.require(Action.FIND_DRUG)
    place = find_place(visit.session, code=place_code)
    card = place_card(visit.session, place=place, moment=visit.moment)
    return sheet_answer(
        visit,
        name=place.institution_code,
        headings=(*_PLACE, *_STOCK),
        rows=_stock_rows(visit, [card]),
    )


@get("/find/counties/{county_code:str}/drugs.csv", include_in_schema=False)
@reads
def county_drugs_file(visit: Visit, county_code: FromPath[str]) -> Response[bytes]:
    """Give the drugs that are to be had in a county."""
    visit.require(Action.FIND_DRUG)
    require_known(visit, county_code)
    return sheet_answer(
        visit,
        name=visit.text(f"药品-{county_code}", f"drugs-{county_code}"),
        headings=(("通用名", "drug"), ("剂型", "form"), ("有货机构数", "places")),
        rows=(
            (one.drug.name, one.drug.printed_form, one.places)
            for one in drugs_in(visit.session, county=county_code)
        ),
    )


@get("/find/counties/{county_code:str}/places.csv", include_in_schema=False)
@reads
def county_places_file(visit: Visit, county_code: FromPath[str]) -> Response[bytes]:
    """Give the places of a county."""
    visit.require(Action.FIND_DRUG)
    require_known(visit, county_code)
    cards = all_places(visit.session, county=county_code, moment=visit.moment)
    return sheet_answer(
        visit,
        name=visit.text(f"机构-{county_code}", f"places-{county_code}"),
        headings=_PLACE,
        rows=(_place_cells(visit, card) for card in cards),
    )


def _stock_rows(visit: Visit, cards: Iterable[PlaceCard]) -> Iterator[tuple[Value, ...]]:
    for card in cards:
        for one in card.stock:
            yield (*_place_cells(visit, card), *_stock_cells(visit, one))


def _place_cells(visit: Visit, card: PlaceCard) -> tuple[Value, ...]:
    place = card.place
    return (
        place.institution_code,
        place.name,
        visit.text(*PLACE_KIND_NAMES[place.kind]),
        place.county,
        visit.text(card.county.zh, card.county.en),
        place.address,
        place.phone,
        week_words(visit, card),
        int(card.is_dual),
        int(card.is_convenience),
    )


def _stock_cells(visit: Visit, one: Stocked) -> tuple[Value, ...]:
    standard, winning = one.prices.standard, one.prices.winning
    return (
        one.name,
        one.form,
        one.product,
        visit.text(*LEVEL_NAMES[one.level]),
        one.packs,
        _yuan(one.price),
        _yuan(None if standard is None else standard.price),
        _yuan(None if winning is None else winning.price),
        one.as_of,
        int(one.is_old),
    )


def _yuan(amount: Decimal | None) -> Decimal | None:
    """An amount with as many decimals as it needs, at least two.

    Examples:
        >>> _yuan(Decimal("4600.0000")), _yuan(Decimal("0.1250"))
        (Decimal('4600.00'), Decimal('0.1250'))
    """
    cents = None if amount is None else amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount


ROUTES = (drug_file, place_file, county_drugs_file, county_places_file)
"""Handlers of these files."""
