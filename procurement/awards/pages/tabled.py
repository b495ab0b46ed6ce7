"""The tables of a report as Excel and PDF: what is on the page, in its words and its order."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from procurement.awards.pages.awarded_lots import AwardedLot
from procurement.awards.pages.shown import ShownBid, ShownLot
from procurement.awards.pages.words import STATUS_WORDS, say
from procurement.files import new_workbook
from procurement.rounds.document.pdf import fill_template
from procurement.web.printing import print_day, print_number, print_percent

TEMPLATE = "awards/tables.typ"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DIGITS_MAX = 15
"""Of a number that a spreadsheet keeps exactly."""

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that is exported.

    Attributes:
        heading: With its unit.
        width: Relative to the others.
        is_number: Figures stand right.
    """

    heading: str
    width: int = 10
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is exported."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the tables of a file.

    Attributes:
        title: Of the file.
        subtitle: The round.
        lines: Whose view it is, of which report, printed when.
        language: ``zh`` or ``en``.
    """

    title: str
    subtitle: str
    lines: tuple[str, ...]
    language: str

    def text(self, zh: str, en: str) -> str:
        """The text of the file's language."""
        return en if self.language == "en" else zh


def round_tables(lots: Iterable[ShownLot], head: Head) -> list[Table]:
    """Return the table of a round: one row for each bid that is shown."""
    text = head.text
    columns = (
        Column(text("品种", "lot"), 7),
        Column(text("品名", "product"), 16),
        *_bid_columns(head),
    )
    rows = [(lot.code, lot.product, *_bid_cells(bid, head)) for lot in lots for bid in lot.bids]
    return [Table(text("评审结果", "Results"), columns, tuple(rows))]


def notice_tables(lots: Iterable[ShownLot], head: Head) -> list[Table]:
    """Return the table of a notice: who is provisionally selected, and prices where shown."""
    text = head.text
    columns = (
        Column(text("品种", "lot"), 7),
        Column(text("品名", "product"), 22),
        Column(text("拟中选企业", "selected bidder"), 30),
        Column(text("规格", "strength"), 10),
        Column(text("申报价（元/最小单位）", "declared price (yuan/unit)"), 14, is_number=True),
        Column(text("结果", "outcome"), 12),
    )
    rows = tuple(
        (
            lot.code,
            lot.product,
            bid.bid,
            bid.strength,
            bid.declared_price if bid.offer_price is None else bid.offer_price,
            say(STATUS_WORDS[bid.status], head.language),
        )
        for lot in lots
        for bid in lot.selected
    )
    return [Table(text("拟中选结果", "Provisional selection"), columns, rows)]


def award_tables(lots: Iterable[AwardedLot], head: Head) -> list[Table]:
    """Return the table of an award: the winners by lot, with their prices where they are shown."""
    text = head.text
    columns = (
        Column(text("品种", "lot"), 7),
        Column(text("品名", "product"), 20),
        Column(text("中选企业", "winner"), 26),
        Column(text("规格", "strength"), 9),
        Column(text("包装数量", "units a pack"), 8, is_number=True),
        Column(text("中选价（元/盒）", "winning price (yuan/pack)"), 11, is_number=True),
        Column(text("地区数", "regions"), 7, is_number=True),
        Column(text("首年约定采购量", "agreed volume"), 12, is_number=True),
        Column(text("采购周期截止", "last day of the cycle"), 11),
    )
    rows = tuple(
        (
            lot.code,
            lot.product,
            bid.bid,
            bid.strength,
            bid.pack_units,
            bid.pack_price,
            bid.regions,
            bid.agreed_volume,
            print_day(bid.ends_on, head.language),
        )
        for lot in lots
        for bid in lot.bids
    )
    return [Table(text("中选结果", "Award"), columns, rows)]


def lot_tables(lot: ShownLot, head: Head) -> list[Table]:
    """Return the tables of a lot: its figures, bids, steps, and volumes by region."""
    text = head.text
    found = [
        Table(text("概况", "Summary"), _pair(head), tuple(_summary(lot, head))),
        Table(
            text("报价和结果", "Bids and outcomes"),
            _bid_columns(head),
            tuple(_bid_cells(bid, head) for bid in lot.bids),
        ),
        _step_table(lot, head),
    ]
    if lot.allocations:
        found.append(_allocation_table(lot, head))
    return found


def _step_table(lot: ShownLot, head: Head) -> Table:
    text = head.text
    return Table(
        text("评审步骤", "Steps"),
        (
            Column(text("步骤", "step"), 5, is_number=True),
            Column(text("报价", "bid"), 14),
            Column(text("说明", "what was decided"), 40),
            Column(text("依据", "clause"), 16),
        ),
        tuple(
            (number, step.bid or "", step.said(head.language), step.clause)
            for number, step in enumerate(lot.steps, start=1)
        ),
    )


def won_tables(lot: ShownLot, head: Head) -> list[Table]:
    """Return what a winner is told of a lot: its bids, and how they were selected."""
    text = head.text
    rows: list[tuple[Cell, Cell]] = [(text("品种", "lot"), f"{lot.code} {lot.product}")]
    for bid in lot.bids:
        rows += [
            (text("报价", "bid"), bid.bid),
            (text("结果", "outcome"), say(STATUS_WORDS[bid.status], head.language)),
            (text("名次", "rank"), bid.rank),
            (text("规格", "strength"), bid.strength),
            (text("申报价（元/最小单位）", "declared price (yuan/unit)"), bid.declared_price),
            (text("单位可比价（元）", "comparable price (yuan)"), bid.comparable_price),
            (text("供应地区数", "regions to supply"), bid.regions),
            (text("首年约定采购量", "agreed volume of the first year"), bid.agreed_volume),
            (text("理由", "reason"), bid.why(head.language)),
            (text("依据", "clause"), bid.clause),
        ]
    told = tuple(row for row in rows if row[1] not in (None, ""))
    return [Table(text("拟中选结果", "Selected"), _pair(head), told), _step_table(lot, head)]


def _allocation_table(lot: ShownLot, head: Head) -> Table:
    text = head.text
    return Table(
        text("分地区约定采购量", "Agreed volumes by region"),
        (
            Column(text("地区", "region"), 12),
            Column(text("规格", "strength"), 10),
            Column(text("供应企业", "supplier"), 24),
            Column(text("约定采购量（最小单位）", "agreed volume (units)"), 14, is_number=True),
        ),
        tuple(
            (one["region"], one["strength"], one["bid"] or "", one["agreed_volume"])
            for one in lot.allocations
        ),
    )


def _pair(head: Head) -> tuple[Column, Column]:
    return Column(head.text("项目", "item"), 16), Column(head.text("数值", "value"), 30)


def _summary(lot: ShownLot, head: Head) -> Iterable[tuple[Cell, Cell]]:
    text, language = head.text, head.language
    unlimited = text("不限", "no limit")
    yield text("品种", "lot"), f"{lot.code} {lot.product}"
    yield text("申报企业数", "bidders"), lot.bidders
    yield text("入围名额", "places"), unlimited if lot.places is None else lot.places
    yield text("约定比例", "agreed share"), print_percent(lot.share, language)
    yield text("采购周期（年）", "cycle (years)"), lot.cycle_years
    yield text("需求量", "reported need"), print_number(lot.base_volume, language)
    yield (
        text("首年约定采购量", "agreed volume of the first year"),
        print_number(lot.agreed_volume, language),
    )


def _bid_columns(head: Head) -> tuple[Column, ...]:
    text = head.text
    return (
        Column(text("名次", "rank"), 5, is_number=True),
        Column(text("报价企业", "bidder"), 22),
        Column(text("结果", "outcome"), 10),
        Column(text("规格", "strength"), 8),
        Column(text("申报价（元/最小单位）", "declared price (yuan/unit)"), 11, is_number=True),
        Column(text("单位可比价（元）", "comparable price (yuan)"), 11, is_number=True),
        Column(
            text("可中选的最高申报价（元/最小单位）", "price that would have been selected"),
            12,
            is_number=True,
        ),
        Column(text("折合每盒（元）", "the same a pack (yuan)"), 10, is_number=True),
        Column(text("地区数", "regions"), 6, is_number=True),
        Column(text("首年约定采购量", "agreed volume"), 12, is_number=True),
        Column(text("理由", "reason"), 34),
        Column(text("依据", "clause"), 18),
    )


def _bid_cells(bid: ShownBid, head: Head) -> tuple[Cell, ...]:
    return (
        bid.rank,
        bid.bid,
        say(STATUS_WORDS[bid.status], head.language),
        bid.strength,
        bid.declared_price,
        bid.comparable_price,
        bid.needed_price,
        bid.needed_pack_price,
        bid.regions,
        bid.agreed_volume,
        bid.why(head.language),
        bid.clause,
    )


def as_sheet(head: Head, tables: Sequence[Table], moment: datetime) -> bytes:
    """Write tables as one Excel file, a sheet for each."""
    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with new_workbook(memory, options) as book:
        book.set_properties({"title": head.title, "created": moment.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        heading = book.add_format(
            {
                "bold": True,
                "bg_color": "#0B4A5B",
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "valign": "top",
            }
        )
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.title[:31])
            for row, line in enumerate((head.title, head.subtitle, *head.lines)):
                sheet.write_string(row, 0, line, bold if row == 0 else None)
            _write_table(sheet, table, len(head.lines) + 3, heading, wrapped)
    return memory.getvalue()


def _write_table(
    sheet: Worksheet, table: Table, top: int, heading: Format, wrapped: Format
) -> None:
    for column, one in enumerate(table.columns):
        sheet.set_column(column, column, one.width + 2)
        sheet.write_string(top, column, one.heading, heading)
    for row, cells in enumerate(table.rows, start=top + 1):
        for column, cell in enumerate(cells):
            _write_cell(sheet, row, column, cell, wrapped)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, wrapped: Format) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, wrapped)
    elif len(f"{cell:f}" if isinstance(cell, Decimal) else str(cell)) > DIGITS_MAX:
        sheet.write_string(row, column, _printed(cell), wrapped)
    else:
        sheet.write_number(row, column, cell, wrapped)


def as_pdf(head: Head, tables: Sequence[Table], moment: datetime) -> bytes:
    """Print tables as PDF, on A4 across.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    return fill_template(TEMPLATE, inputs={"file": _written(head, tables)}, moment=moment)


def _written(head: Head, tables: Sequence[Table]) -> dict[str, object]:
    return {
        **asdict(head),
        "tables": [
            {
                "title": table.title,
                "headings": [one.heading for one in table.columns],
                "widths": [one.width for one in table.columns],
                "aligns": ["right" if one.is_number else "left" for one in table.columns],
                "rows": [[_printed(cell) for cell in row] for row in table.rows],
            }
            for table in tables
        ],
    }


def _printed(cell: Cell) -> str:
    """A cell as text.

    Examples:
        >>> _printed(Decimal("0.0500")), _printed(1200000), _printed(None)
        ('0.0500', '1,200,000', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:,f}"
    return cell if isinstance(cell, str) else f"{cell:,}"
