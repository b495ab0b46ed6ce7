"""Columns of a file with a published list, and its template."""

from datetime import date, datetime
from decimal import Decimal

from procurement.catalogue.spreadsheets import as_csv
from procurement.pharmacies.listed.terms import TERM_NAMES
from procurement.volumes.filling.columns import Column

_OWN = {
    "name": ("通用名", "generic name"),
    "form": ("目录剂型", "catalogue form"),
    "brand": ("商品名", "brand"),
    "catalogue_number": ("目录编号", "catalogue number"),
    "control": ("特殊管理", "special control"),
    "starts_on": ("开始日期", "starts"),
    "ends_on": ("截止日期", "ends"),
    "evidence-other": ("依据", "evidence"),
}
NEEDED = ("name", "state")

FIELD_NAMES = {**_OWN, **TERM_NAMES}
"""Every column and field in Chinese and in English."""

_ORDER = (
    *("name", "form", "brand", "catalogue_number", "state", "starts_on", "ends_on", "control"),
    *(name for name in TERM_NAMES if name != "state"),
    "evidence-other",
)

COLUMNS = tuple(Column(key, *FIELD_NAMES[key], is_needed=key in NEEDED) for key in _ORDER)
"""In the order of the template."""

_EXAMPLE = {
    "name": "示例药",
    "form": "口服常释剂型",
    "state": "双通道，单独支付",
    "self_pay_share": "10%",
    "registration_needed": "是",
    "papers": "病理报告；影像报告",
    "reevaluation_months": "12",
    "storage": "常温",
}


def template() -> bytes:
    """Return the file to fill in, with one line that shows how."""
    return as_csv([[one.zh for one in COLUMNS], [_EXAMPLE.get(one.key, "") for one in COLUMNS]])


def cell_text(value: object) -> str:
    """Return what a cell says: spreadsheets hold days and numbers as such.

    Examples:
        >>> cell_text(12.0), cell_text(0.1), cell_text(datetime(2022, 5, 1)), cell_text(None)
        ('12', '0.1', '2022-05-01', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value).strip()
