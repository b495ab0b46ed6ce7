"""Receivable days: how long companies waited, and wait, for their money."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from litestar import Response, get

from procurement.agreements.at_edge import file_answer
from procurement.agreements.exporting import SHEET
from procurement.catalogue.spreadsheets import as_csv
from procurement.china_days import day_in_china
from procurement.files import new_workbook
from procurement.payments.pages.finding import one_of, seen_by, shown, typed_day
from procurement.payments.reading.receivable_days import BANDS
from procurement.payments.reading.receivables import BY_NAMES, By, Receivables, receivables_of
from procurement.payments.reading.scope import Scope, Side
from procurement.web import Visit, reads

CSV = "text/csv; charset=utf-8"
YEAR = timedelta(days=365)

_HEADS = (
    ("本期已付（元）", "paid in the period (yuan)"),
    ("平均回款天数", "mean days to payment"),
    ("未付（元）", "open (yuan)"),
    ("未付平均天数", "mean age of what is open (days)"),
    ("30 天以内", "up to 30 days"),
    ("31–60 天", "31 to 60 days"),
    ("61–90 天", "61 to 90 days"),
    ("91–180 天", "91 to 180 days"),
    ("180 天以上", "over 180 days"),
    ("最长未付天数", "longest wait (days)"),
)

Found = tuple[By, date, date, list[Receivables], Receivables]


@get("/payments/receivables", include_in_schema=False)
@reads
def show_receivables(visit: Visit) -> Response[Any]:
    """Show receivable days by maker, seller or hospital."""
    scope = seen_by(visit)
    by, since, until, rows, total = _found(visit, scope)
    return shown(
        visit,
        "receivables",
        scope,
        by=by,
        ways=[(way.value, visit.text(*BY_NAMES[way])) for way in By],
        since=since,
        until=until,
        rows=rows,
        total=total,
        heads=[visit.text(*head) for head in _HEADS],
        bands=BANDS,
        values={**visit.query, "by": by, "since": since, "until": until},
    )


def _found(visit: Visit, scope: Scope) -> Found:
    usual = By.HOSPITAL if scope.side is Side.COMPANY else By.MAKER
    asked = one_of(visit.query.get("by"), By)
    by = By(asked) if asked else usual
    until = typed_day(visit.query.get("until")) or day_in_china(visit.moment)
    since = typed_day(visit.query.get("since")) or until - YEAR
    rows, total = receivables_of(
        visit.session, scope=scope, by=by, since=min(since, until), until=until
    )
    return by, min(since, until), until, rows, total


def _table(visit: Visit, found: Found) -> Iterator[list[str | Decimal | int]]:
    by, _, _, rows, total = found
    yield [visit.text(*BY_NAMES[by]), *(visit.text(*head) for head in _HEADS)]
    for row in (*rows, total):
        waiting = row.waiting
        name = row.name or visit.text("不明", "not known")
        yield [
            visit.text("合计", "Total") if row is total else name,
            waiting.paid,
            "" if waiting.paid_days is None else waiting.paid_days,
            waiting.open,
            "" if waiting.open_days is None else waiting.open_days,
            *waiting.bands,
            "" if waiting.oldest is None else waiting.oldest,
        ]


@get("/payments/receivables.xlsx", include_in_schema=False)
@reads
def receivables_sheet(visit: Visit) -> Response[bytes]:
    """Give the table that is shown as an Excel file."""
    found = _found(visit, seen_by(visit))
    memory = io.BytesIO()
    book = new_workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(visit.text("回款天数", "Receivable days"))
    bold = book.add_format({"bold": True, "text_wrap": True})
    money = book.add_format({"num_format": "#,##0.00##"})
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, len(_HEADS), 16, money)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(_table(visit, found)):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value, bold if number == 0 else None)
            else:
                sheet.write_number(number, column, value, money if column in (1, 3) else None)
    book.close()
    return file_answer(memory.getvalue(), name=f"{_name(found)}.xlsx", media_type=SHEET)


@get("/payments/receivables.csv", include_in_schema=False)
@reads
def receivables_csv(visit: Visit) -> Response[bytes]:
    """Give the table that is shown as CSV."""
    found = _found(visit, seen_by(visit))
    content = as_csv([[str(value) for value in row] for row in _table(visit, found)])
    return file_answer(content, name=f"{_name(found)}.csv", media_type=CSV)


def _name(found: Found) -> str:
    by, since, until, _, _ = found
    return f"receivables-{by}-{since}-{until}"


ROUTES = (show_receivables, receivables_sheet, receivables_csv)
"""Handlers of these pages."""
