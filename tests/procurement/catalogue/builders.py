"""Products and files for the tests of the catalogue."""

import io
from collections.abc import Sequence

import xlsxwriter
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.products import add_product
from procurement.catalogue.rules import COLUMNS
from procurement.catalogue.tables import Product
from procurement.permissions import Actor
from tests.procurement.world import MOMENT, new_organisation

OFFICER = Actor()

ANASTROZOLE = {
    "kind": "化学药品和生物制品",
    "name": "阿那曲唑",
    "printed_form": "片剂",
    "unit": "片",
    "strength": "1mg",
    "pack_units": "14",
    "pack": "14片/盒",
    "approval_number": "国药准字H20203001",
    "drug_code": "XL02BGA001A001010100001",
    "evaluation": "已通过",
    "evaluated_on": "2020-05-06",
}
"""A product without its holder."""

HOLDER = "示例药业有限公司"


def new_holder(session: Session, name: str = HOLDER) -> Organisation:
    """Register a manufacturer."""
    return new_organisation(session, OrganisationKind.MANUFACTURER, name=name)


def new_product(session: Session, **changes: str) -> Product:
    """Add a product; `changes` are strings of its columns, the holder is made if need be."""
    raw = {**ANASTROZOLE, "holder": HOLDER, **changes}
    return add_product(session, raw=raw, actor=OFFICER, moment=MOMENT)


def csv_file(*lines: dict[str, str], headings: dict[str, str] | None = None) -> str:
    """Write lines as CSV under the Chinese headings; `headings` renames columns."""
    used = [column for column in COLUMNS if any(column.key in line for line in lines)]
    names = [(headings or {}).get(column.key, column.zh) for column in used]
    rows = [names, *([line.get(column.key, "") for column in used] for line in lines)]
    return "\n".join(",".join(row) for row in rows) + "\n"


def excel_file(*rows: Sequence[object]) -> bytes:
    """Write rows as an Excel file, every value as the type that it has."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for position, value in enumerate(row):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(number, position, value, day)
                else:
                    sheet.write(number, position, value)
    return buffer.getvalue()
