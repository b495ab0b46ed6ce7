"""Agreements as Excel: one line for each strength of each agreement, written as it is read."""

import io
from collections.abc import Callable, Iterable

from sqlalchemy import Select
from sqlalchemy.orm import Session

from procurement.agreements.content import AgreementContent, contents_of
from procurement.agreements.states import AGREEMENT_NAMES, AgreementStatus, Party
from procurement.agreements.tables import Agreement, AgreementTerm
from procurement.files import new_workbook
from procurement.rounds.tables import Round

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BATCH = 1_000
ROWS_MAX = 1_000_000
"""Excel has 1,048,576 rows; a longer list is cut, and says so."""

_HEADINGS = (
    ("协议编号", "agreement"),
    ("状态", "status"),
    ("地区", "region"),
    ("医疗机构", "hospital"),
    ("中选企业", "manufacturer"),
    ("配送企业", "distributor"),
    ("品种", "lot"),
    ("通用名", "product"),
    ("规格", "strength"),
    ("单位", "unit"),
    ("约定采购量", "agreed volume"),
    ("其中按品牌报量", "of it by brand"),
    ("中选价", "selected price"),
    ("开始日期", "first day"),
    ("结束日期", "last day"),
)

Text = Callable[[str, str], str]


def agreements_sheet(
    session: Session,
    *,
    round_: Round,
    term: AgreementTerm,
    seen: Select[Agreement],
    text: Text,
    prepare: Callable[[AgreementContent], AgreementContent],
) -> bytes:
    """Write the agreements that somebody sees as an Excel file.

    Args:
        session: Any session.
        round_: The round.
        term: The term.
        seen: Which agreements, by id.
        text: Chooses the language.
        prepare: Leaves out what the reader may not see.
    """
    memory = io.BytesIO()
    book = new_workbook(memory, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet(text("购销协议", "Agreements"))
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(_HEADINGS):
        sheet.write_string(0, column, text(*heading), bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_rows(session, round_, term, seen, text, prepare), start=1):
        if number > ROWS_MAX:
            sheet.write_string(number, 0, text("后略：超出行数上限", "cut: too many rows"))
            break
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value)
    book.close()
    return memory.getvalue()


def _rows(
    session: Session,
    round_: Round,
    term: AgreementTerm,
    seen: Select[Agreement],
    text: Text,
    prepare: Callable[[AgreementContent], AgreementContent],
) -> Iterable[tuple[str | int, ...]]:
    last = 0
    while some := session.scalars(seen.where(Agreement.id > last).limit(BATCH)).all():
        for content in contents_of(session, round_=round_, term=term, agreements=some):
            yield from _lines(prepare(content), text)
        last = some[-1].id
        session.expunge_all()


def _lines(content: AgreementContent, text: Text) -> Iterable[tuple[str | int, ...]]:
    parties, row = content.parties, content.agreement
    distributor = parties.get(Party.DISTRIBUTOR)
    status = text(*AGREEMENT_NAMES[AgreementStatus(row.status)])
    for line in content.lines:
        prices = "; ".join(f"{one.pack_price} / {one.pack_units}" for one in line.prices)
        yield (
            content.number,
            status,
            row.region,
            parties[Party.HOSPITAL].name,
            parties[Party.MANUFACTURER].name,
            "" if distributor is None else distributor.name,
            line.lot,
            line.product,
            line.strength,
            line.unit,
            line.volume,
            line.by_brand,
            prices,
            content.starts_on.isoformat(),
            content.ends_on.isoformat(),
        )
