"""What the hospital of a running round sends about its stock."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from procurement.catalogue.kinds import ProductStatus
from procurement.catalogue.tables import Product, ProductStrength
from procurement.database import transaction
from procurement.orders.movements.kinds import CountedIn, MovementKind
from procurement.orders.movements.reading import from_json
from procurement.orders.movements.receiving import receive_movements
from procurement.orders.movements.tables import StockMovement
from procurement.orders.tables import Delivery, PurchaseLine, Receipt
from procurement.rounds.tables import Lot

WINNER = "XC09CAX111A001010100001"
OTHER = "XC09CAX111A001010200002"
APPROVALS = {WINNER: "国药准字H20010001", OTHER: "国药准字H20010002"}

PURCHASE = {
    "med_list_codg": OTHER,
    "fixmedins_hilist_id": "A001",
    "fixmedins_hilist_name": "缬沙坦胶囊",
    "fixmedins_bchno": "B-1",
    "spler_name": "别的公司",
    "manu_lotnum": "X9",
    "prodentp_name": "别的企业",
    "aprvno": APPROVALS[OTHER],
    "manu_date": "2026-12-01",
    "expy_end": "2029-11-30",
    "finl_trns_pric": "19.90",
    "purc_retn_cnt": "10",
    "rx_flag": "1",
    "purc_retn_stoin_time": "2027-03-01 10:00:00",
    "purc_retn_opter_name": "某某",
}

RETURN = {
    name: value
    for name, value in PURCHASE.items()
    if name not in ("manu_lotnum", "prodentp_name", "aprvno")
} | {"purc_invo_no": "1", "medins_prod_purc_no": "B-1", "fixmedins_bchno": "R-1"}


def furnish(world):
    """Put the winner's pack of L03 and another firm's into the catalogue."""
    with transaction(world.engine) as session:
        lot = session.scalars(
            select(Lot).where(Lot.round_id == world.round_id, Lot.code == "L03")
        ).one()
        world.generic_id = lot.generic_product_id
        strength = session.scalars(
            select(ProductStrength).filter_by(generic_product_id=world.generic_id, label="80mg")
        ).one_or_none()
        if strength is None:
            strength = ProductStrength(generic_product_id=world.generic_id, label="80mg")
            session.add(strength)
            session.flush()
        for code, holder in ((WINNER, world.maker), (OTHER, world.other_maker)):
            session.add(
                Product(
                    generic_product_id=world.generic_id,
                    strength_id=strength.id,
                    holder_id=holder.id,
                    pack_units=10,
                    pack="采购测试",
                    approval_number=APPROVALS[code],
                    drug_code=code,
                    status=ProductStatus.ACTIVE,
                    recorded_at=world.moment,
                    changed_at=world.moment,
                )
            )
    return world


def of_delivery(world, receipt_id, **more):
    """A purchase that is a batch of the platform, as the hospital takes it into stock."""
    with world.read() as session:
        delivery = session.get_one(Delivery, session.get_one(Receipt, receipt_id).delivery_id)
        return PURCHASE | {
            "med_list_codg": WINNER,
            "aprvno": APPROVALS[WINNER],
            "dynt_no": delivery.note_number,
            "manu_lotnum": "20270101",
            "finl_trns_pric": "30.00",
            **more,
        }


def send(world, *records, kind=MovementKind.PURCHASE, counted_in=CountedIn.PACKS, hospital=None):
    """Send records as a machine does; return the file's id."""
    node = {"35": "purcinfo"}.get(kind.value[:2], "purcinfo")
    if kind in (MovementKind.COUNT, MovementKind.CHANGE):
        node = "invinfo"
    if kind in (MovementKind.SALE, MovementKind.SALE_RETURN):
        node = "selinfo"
    if kind is MovementKind.DELETION:
        node = "data"
    by = hospital or world.hospital
    with transaction(world.engine) as session:
        return receive_movements(
            session,
            hospital_id=by.id,
            sent=from_json({node: list(records)}, kind=kind, counted_in=counted_in),
            actor=by.actor,
            moment=world.moment,
        ).id


def records(world, file_id=None):
    """The records, of one file or of all."""
    wanted = {} if file_id is None else {"file_id": file_id}
    with world.read() as session:
        found = select(StockMovement).filter_by(**wanted).order_by(StockMovement.id)
        return list(session.scalars(found))


def off_platform(world):
    """Purchase lines that come from movements: units, amount, day and whether it won."""
    with world.read() as session:
        lines = session.scalars(
            select(PurchaseLine).where(PurchaseLine.source == "movement").order_by(PurchaseLine.id)
        )
        return [(one.quantity, one.amount, one.received_on, one.is_winning) for one in lines]


DAY = date(2027, 3, 1)
AMOUNT = Decimal("199.00")
