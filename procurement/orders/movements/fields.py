"""Fields of the national stock interface, 3501 to 3507; pure.

Names, lengths and which fields are needed are as public implementations of the interface and
copies of its pages show them, which agree; nobody compared them with the text of the National
Healthcare Security Administration (docs/stock-interface.md). Regions add fields of their own:
unknown fields are refused, so that a wrong spelling is noticed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from procurement.orders.movements.kinds import MovementKind


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    """``yyyy-MM-dd``"""
    MOMENT = "moment"
    """``yyyy-MM-dd HH:mm:ss``, of China."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: As the interface calls it (参数代码).
        zh: Its Chinese name (参数名称).
        kind: What it holds.
        length: Most characters of a text; most digits of a number, decimals included.
        decimals: Most decimals of a number.
        is_needed: It must be filled.
        is_personal: Names a patient, a prescriber, a pharmacist or a clerk: read and not kept.
    """

    name: str
    zh: str
    kind: FieldKind = FieldKind.TEXT
    length: int = 0
    decimals: int = 0
    is_needed: bool = False
    is_personal: bool = False


def _text(name: str, zh: str, length: int, *, needed: bool = False) -> Field:
    return Field(name, zh, length=length, is_needed=needed)


def _number(name: str, zh: str, decimals: int, *, needed: bool = False) -> Field:
    return Field(name, zh, FieldKind.NUMBER, 16, decimals, needed)


def _day(name: str, zh: str, *, needed: bool = False) -> Field:
    return Field(name, zh, FieldKind.DAY, is_needed=needed)


def _moment(name: str, zh: str) -> Field:
    return Field(name, zh, FieldKind.MOMENT, is_needed=True)


def _personal(name: str, zh: str, length: int, *, needed: bool = False) -> Field:
    return Field(name, zh, length=length, is_needed=needed, is_personal=True)


_CODE = _text("med_list_codg", "医疗目录编码", 50, needed=True)
_OWN_CODE = _text("fixmedins_hilist_id", "定点医药机构目录编号", 30, needed=True)
_NAME = _text("fixmedins_hilist_name", "定点医药机构目录名称", 200, needed=True)
_SERIAL = _text("fixmedins_bchno", "定点医药机构批次流水号", 30, needed=True)
_BATCH = _text("manu_lotnum", "生产批号", 30, needed=True)
_BATCH_IF_KNOWN = _text("manu_lotnum", "生产批号", 30)
_MADE = _day("manu_date", "生产日期", needed=True)
_EXPIRES = _day("expy_end", "有效期止", needed=True)
_EXPIRES_IF_KNOWN = _day("expy_end", "有效期止")
_RX = _text("rx_flag", "处方药标志", 3, needed=True)
_SPLIT = _text("trdn_flag", "拆零标志", 3, needed=True)
_PRICE = _number("finl_trns_pric", "最终成交单价", 6)
_MEMO = _text("memo", "备注", 500)
_PRODUCT = (_CODE, _OWN_CODE, _NAME)

_BOUGHT = (
    _text("spler_name", "供应商名称", 200, needed=True),
    _text("spler_pmtno", "供应商许可证号", 50),
)
_BOUGHT_END = (
    _PRICE,
    _number("purc_retn_cnt", "采购/退货数量", 4, needed=True),
    _text("purc_invo_codg", "采购发票编码", 50),
)
_BOUGHT_WHEN = (
    _moment("purc_retn_stoin_time", "采购/退货入库时间"),
    _personal("purc_retn_opter_name", "采购/退货经办人姓名", 50, needed=True),
)
_PATIENT = (
    _personal("psn_no", "人员编号", 30),
    _personal("psn_cert_type", "人员证件类型", 6),
    _personal("certno", "证件号码", 50),
    _personal("psn_name", "人员姓名", 50),
)
_SOLD_WHEN = (
    _number("sel_retn_cnt", "销售/退货数量", 4, needed=True),
    _moment("sel_retn_time", "销售/退货时间"),
    _personal("sel_retn_opter_name", "销售/退货经办人姓名", 50, needed=True),
    _MEMO,
)

LAYOUTS: Mapping[MovementKind, Sequence[Field]] = {
    MovementKind.COUNT: (
        *_PRODUCT,
        _RX,
        _day("invdate", "盘存日期", needed=True),
        _number("inv_cnt", "库存数量", 2, needed=True),
        _BATCH_IF_KNOWN,
        _SERIAL,
        _MADE,
        _EXPIRES,
        _MEMO,
    ),
    MovementKind.CHANGE: (
        _CODE,
        _text("inv_chg_type", "库存变更类型", 6, needed=True),
        _OWN_CODE,
        _NAME,
        _SERIAL,
        _number("pric", "单价", 6, needed=True),
        _number("cnt", "数量", 4, needed=True),
        _RX,
        _moment("inv_chg_time", "库存变更时间"),
        _personal("inv_chg_opter_name", "库存变更经办人姓名", 50),
        _MEMO,
        _text("trdn_flag", "拆零标志", 3),
    ),
    MovementKind.PURCHASE: (
        *_PRODUCT,
        _text("dynt_no", "随货单号", 50),
        _SERIAL,
        *_BOUGHT,
        _BATCH,
        _text("prodentp_name", "生产厂家名称", 200, needed=True),
        _text("aprvno", "批准文号", 100, needed=True),
        _MADE,
        _EXPIRES,
        *_BOUGHT_END,
        _text("purc_invo_no", "采购发票号", 50),
        _RX,
        *_BOUGHT_WHEN,
        _text("prod_geay_flag", "商品赠送标志", 3),
        _MEMO,
    ),
    MovementKind.PURCHASE_RETURN: (
        *_PRODUCT,
        _SERIAL,
        *_BOUGHT,
        _MADE,
        _EXPIRES,
        *_BOUGHT_END,
        _text("purc_invo_no", "采购发票号", 50, needed=True),
        _RX,
        *_BOUGHT_WHEN,
        _MEMO,
        _text("medins_prod_purc_no", "商品采购流水号", 50),
    ),
    MovementKind.SALE: (
        *_PRODUCT,
        _SERIAL,
        _personal("prsc_dr_cert_type", "开方医师证件类型", 6),
        _personal("prsc_dr_certno", "开方医师证件号码", 50),
        _personal("prsc_dr_name", "开方医师姓名", 50, needed=True),
        _personal("phar_cert_type", "药师证件类型", 6),
        _personal("phar_certno", "药师证件号码", 50),
        _personal("phar_name", "药师姓名", 50, needed=True),
        _personal("phar_prac_cert_no", "药师执业资格证号", 50, needed=True),
        _text("hi_feesetl_type", "医保费用结算类型", 6),
        _text("setl_id", "结算ID", 30),
        _text("mdtrt_sn", "就医流水号", 30, needed=True),
        *_PATIENT,
        _BATCH,
        _MADE,
        _EXPIRES_IF_KNOWN,
        _RX,
        _SPLIT,
        _PRICE,
        _text("rxno", "处方号", 40),
        _text("rx_circ_flag", "外购处方标志", 3),
        _text("rtal_docno", "零售单据号", 40, needed=True),
        _text("stoout_no", "销售出库单据号", 40),
        _text("bchno", "批次号", 30),
        _text("drug_trac_codg", "药品追溯码", 30),
        _text("drug_prod_barc", "药品条形码", 30),
        _text("shelf_posi", "货架位", 20),
        *_SOLD_WHEN,
    ),
    MovementKind.SALE_RETURN: (
        *_PRODUCT,
        _SERIAL,
        _text("setl_id", "结算ID", 30),
        *_PATIENT,
        _BATCH,
        _MADE,
        _EXPIRES_IF_KNOWN,
        _RX,
        _SPLIT,
        _PRICE,
        *_SOLD_WHEN,
        _text("medins_prod_sel_no", "商品销售流水号", 50),
    ),
    MovementKind.DELETION: (
        _SERIAL,
        _text("inv_data_type", "进销存数据类型", 30, needed=True),
    ),
}
"""Fields by interface, in the order of its pages."""

ALIASES: Mapping[str, str] = {"prdr_name": "prodentp_name"}
"""Names that some regions have for the same field."""

NODES: Mapping[str, frozenset[MovementKind]] = {
    "invinfo": frozenset({MovementKind.COUNT, MovementKind.CHANGE}),
    "purcinfo": frozenset({MovementKind.PURCHASE, MovementKind.PURCHASE_RETURN}),
    "selinfo": frozenset({MovementKind.SALE, MovementKind.SALE_RETURN}),
    "data": frozenset({MovementKind.DELETION}),
}
"""Under which name of ``input`` a machine sends records (节点标识)."""


def node_of(kind: MovementKind) -> str:
    """Return the name under which records of a kind are sent.

    Examples:
        >>> node_of(MovementKind.PURCHASE)
        'purcinfo'
    """
    return next(node for node, kinds in NODES.items() if kind in kinds)


def layout(kind: MovementKind) -> Mapping[str, Field]:
    """Return the fields of a kind by their names.

    Examples:
        >>> layout(MovementKind.PURCHASE)["finl_trns_pric"].decimals
        6
    """
    return {field.name: field for field in LAYOUTS[kind]}
