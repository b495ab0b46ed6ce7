"""Who carries drugs in the dual channel: the list of the province, places, and what they have."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from sqlalchemy import select

from procurement.accounts.tables import Organisation
from procurement.catalogue.spreadsheets import as_csv
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.china_days import day_in_china
from procurement.cli.demo_platform.cast import (
    GROUP_LEAD,
    HOSPITAL,
    MARK,
    PHARMACIES,
    PROVINCE,
    Institution,
)
from procurement.cli.demo_platform.catalogue import split_product
from procurement.cli.demo_platform.scene import Scene
from procurement.pharmacies.finder.allowed_prices import NO_PRICES, public_prices
from procurement.pharmacies.finder.reading import SentLine, cell_of_list
from procurement.pharmacies.finder.reporting import Report, report_stock
from procurement.pharmacies.listed.kinds import Control, DecisionKind, DrugState, Storage
from procurement.pharmacies.listed.proposing import propose
from procurement.pharmacies.listed.settling import confirm
from procurement.pharmacies.listed.terms import DecisionDraft, Evidence, LineDraft, Terms
from procurement.pharmacies.places.geography import COLUMNS as COUNTY_COLUMNS
from procurement.pharmacies.places.geography import import_county_points
from procurement.pharmacies.places.importing import import_places

MADE_UP = "演示文件（虚构）"
"""The document on which everything here rests: there is none."""

PAPER = "诊断证明"

_REGISTERED = Terms(
    state=DrugState.DUAL,
    indication_codes="C50",
    registration_needed=True,
    papers=PAPER,
    reevaluation_months=6,
    storage=Storage.ROOM,
)
LISTED = {
    "L01": _REGISTERED,
    "L02": Terms(state=DrugState.DUAL, storage=Storage.ROOM),
    "L38": Terms(state=DrugState.ORDINARY, storage=Storage.ROOM),
}
"""Under which terms the drugs of some lots of the example are on the list."""

COUNTIES = (
    ("340103", "庐阳区", "31.88", "117.26"),
    ("340104", "蜀山区", "31.85", "117.26"),
    ("341523", "舒城县", "31.46", "116.95"),
)
"""Codes, names and rough points of counties."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A place that people go to.

    Attributes:
        code: Of the institution; its last digits are made up.
        name: What it is called.
        county: Where it lies, as `COUNTIES` has it.
        address: Made up.
        keeper: The organisation that keeps it.
        packs: How many packs it has, by lot.
    """

    code: str
    name: str
    county: str
    address: str
    keeper: Institution
    packs: dict[str, int]


CLINIC = Outlet(
    "H34010499901",
    HOSPITAL.full_name,
    "340104",
    "蜀山区示例路 1 号",
    HOSPITAL,
    {"L01": 40, "L38": 60},
)
SHOPS = (
    Outlet(
        "P34010399901",
        f"示例药店一{MARK}",
        "340103",
        "庐阳区示例路 2 号",
        PHARMACIES,
        {"L01": 30, "L02": 20},
    ),
    Outlet(
        "P34010499902",
        f"示例药店二{MARK}",
        "340104",
        "蜀山区示例路 3 号",
        PHARMACIES,
        {"L01": 2, "L02": 0},
    ),
    Outlet(
        "P34152399903",
        f"示例药店三{MARK}",
        "341523",
        "舒城县示例路 4 号",
        PHARMACIES,
        {"L01": 5, "L38": 12},
    ),
)
OUTLETS = (
    CLINIC,
    Outlet("H34152399902", GROUP_LEAD.full_name, "341523", "舒城县示例路 5 号", GROUP_LEAD, {}),
    *SHOPS,
)

_PLACE_HEAD = (
    *("institution_code", "name", "chain", "county", "address", "latitude", "longitude"),
    *("opening_hours", "route_zh", "route_en", "is_barrier_free", "organisation"),
)


def carry(scene: Scene) -> None:
    """Decide on a drug list, import counties and places, and report stock of today.

    Args:
        scene: The set-up, with winning prices of the round that is decided.
    """
    _decide_list(scene)
    _import_places(scene)
    for keeper in (HOSPITAL, PHARMACIES):
        _report(scene, keeper)


def drug_of_lot(scene: Scene, lot: str) -> GenericProduct:
    """Return the drug of the catalogue that a lot of the example asks for."""
    product = next(one.product for one in scene.example.lots if one.lot == lot)
    name, form, _unit = split_product(product)
    wanted = select(GenericProduct).where(
        GenericProduct.name == name, GenericProduct.printed_form == form
    )
    return scene.session.scalars(wanted).one()


def _decide_list(scene: Scene) -> None:
    """One officer of the province proposes, the other confirms."""
    today = day_in_china(scene.moment)
    decision = propose(
        scene.session,
        draft=DecisionDraft(
            kind=DecisionKind.ADJUSTMENT,
            region=PROVINCE.region,
            bureau_id=scene.organisation(PROVINCE).id,
            document=MADE_UP,
            decided_on=today,
            in_force_from=today,
            reason="供演示查看",
            notice_title=f"双通道药品名单{MARK}",
            notice_text="本名单供演示，为虚构：不是任何地区公布的名单，也不表示这些药品实际如何支付。",
            public_from=today,
            lines=tuple(
                LineDraft(
                    generic_product_id=drug_of_lot(scene, lot).id,
                    control=Control.NONE,
                    terms=terms,
                    evidence=(Evidence("other", MADE_UP),),
                )
                for lot, terms in LISTED.items()
            ),
        ),
        actor=scene.actor(PROVINCE),
        moment=scene.moment,
    )
    confirm(
        scene.session,
        decision_id=decision.id,
        version=decision.version,
        actor=scene.actor(PROVINCE, 1),
        moment=scene.moment,
    )


def _import_places(scene: Scene) -> None:
    officer = scene.actor(PROVINCE)
    head = [column.key for column in COUNTY_COLUMNS[:4]]
    import_county_points(
        scene.session,
        content=as_csv([head, *COUNTIES]),
        source="演示：约略坐标",
        actor=officer,
        moment=scene.moment,
    )
    import_places(
        scene.session,
        content=as_csv([_PLACE_HEAD, *(_place(scene, one) for one in OUTLETS)]),
        actor=officer,
        moment=scene.moment,
    )


def _place(scene: Scene, outlet: Outlet) -> tuple[str, ...]:
    _code, _name, latitude, longitude = next(one for one in COUNTIES if one[0] == outlet.county)
    is_shop = outlet.keeper is PHARMACIES
    return (
        *(outlet.code, outlet.name, PHARMACIES.name if is_shop else "", outlet.county),
        *(outlet.address, latitude, longitude),
        "周一至周日 08:00-21:00" if is_shop else "周一至周五 08:00-17:00; 周六至周日 08:00-12:00",
        *("示例公交到示例路站（虚构）", "Example bus to Example Road (made up)", "是"),
        scene.organisation(outlet.keeper).credit_code or "",
    )


def _report(scene: Scene, keeper: Institution) -> None:
    """Report the whole stock of an organisation's places, of today."""
    cells = [one for outlet in OUTLETS if outlet.keeper is keeper for one in _stock(scene, outlet)]
    report_stock(
        scene.session,
        lines=[SentLine(number, one) for number, one in enumerate(cells, start=1)],
        report=Report(is_whole=True),
        name_cell=cell_of_list,
        actor=scene.actor(keeper),
        moment=scene.moment,
    )


def _stock(scene: Scene, outlet: Outlet) -> Iterator[dict[str, str]]:
    today = day_in_china(scene.moment)
    for lot, packs in outlet.packs.items():
        drug = drug_of_lot(scene, lot)
        product, price = _winner(scene, drug, outlet.county)
        yield {
            "place": outlet.code,
            "name": drug.name,
            "form": drug.printed_form,
            "product": product,
            "packs": str(packs),
            "price": price,
            "as_of": today.isoformat(),
        }


def _winner(scene: Scene, drug: GenericProduct, county: str) -> tuple[str, str]:
    """The pack that won in the round that is decided, and a price not above the winning one."""
    packs = scene.session.execute(
        select(Product, ProductStrength.label, Organisation.short_name)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .join(Organisation, Organisation.id == Product.holder_id)
        .where(Product.generic_product_id == drug.id)
        .order_by(Product.id)
    ).all()
    prices = public_prices(
        scene.session,
        product_ids=[pack.id for pack, _, _ in packs],
        county=county,
        day=day_in_china(scene.moment),
    )
    for pack, label, holder in packs:
        winning = prices.get(pack.id, NO_PRICES).winning
        if winning is not None:
            cents = winning.price.quantize(Decimal("0.01"), ROUND_DOWN)
            return f"{label}×{pack.pack_units}{drug.unit} {holder}", f"{cents:f}"
    return "", ""
