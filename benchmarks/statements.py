"""Statements of retained savings: 500 as PDF, 5,000 lines as Excel, each beside its floor.

``python -m benchmarks.statements [STATEMENTS [LINES]]``
"""

import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import typst
import xlsxwriter

from procurement.savings.papers.content import (
    SettlementContent,
    StatementContent,
)
from procurement.savings.papers.from_folder import settled_statements
from procurement.savings.papers.printed import TEMPLATE, print_statements
from procurement.savings.papers.workbook import statements_workbook
from procurement.savings.papers.written import Writer
from procurement.savings.rules import Assessed, Choices, Formula, SchemeRules, Terms, Use, settle
from procurement.settings import resource_folder
from rulebooks import load_rulebook

STATEMENTS, LINES = 500, 5_000
STARTS = 5
"""Runs of Typst with a start for each, to see what a start costs."""

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
GIVEN = {
    "negative_base": "floor_each",
    "completion_unit": "product",
    "follow_on": "earns",
    "bands": {
        "80": {"ratio": "0.50", "grade": "优秀"},
        "60": {"ratio": "0.40", "grade": "合格"},
        "0": {"ratio": "0", "grade": "不合格"},
    },
}
PRODUCTS = ("奥美拉唑肠溶胶囊", "注射用头孢唑林", "阿托伐他汀钙片", "二甲双胍缓释片", "布洛芬颗粒")


def world(statements: int, lines: int) -> tuple[SettlementContent, tuple[StatementContent, ...]]:
    """Hospitals with as many lines each, settled by the rules."""
    each = max(1, lines // statements)
    sheet = [
        (_terms(hospital, place), Use(900 * (place + 2), Decimal(120 * place), 40 * place))
        for hospital in range(statements)
        for place in range(each)
    ]
    choices = Choices(Formula(), "floor_each", "product")
    assessed = {
        terms.key: Assessed(Decimal("0.5"), True, Decimal(91), "优秀") for terms, _ in sheet
    }
    settlement = SettlementContent(
        title="某市 2026 年度结余留用",
        number="bench",
        bureau="某市采购办",
        years=("第七批第二年 2026-01-01–2026-12-31",),
        rules=SchemeRules(load_rulebook("savings-national-2020"), GIVEN),
        choices=choices,
        computed_at=MOMENT,
        run="1",
    )
    return settlement, settled_statements(settle(sheet, assessed, choices), choices)


def _terms(hospital: int, place: int) -> Terms:
    base = 1_000 * (place + 2) + hospital
    return Terms(
        f"第{hospital:04}医院",
        f"{PRODUCTS[place % len(PRODUCTS)]} {place}",
        base,
        base * 8 // 10,
        price_before=Decimal("1.2345"),
        winning_price=Decimal("0.3021"),
        payment_ratio=Decimal("0.6123"),
        insured_share=Decimal("0.871"),
        batch="b7y2",
        fund_share_employee=Fraction("2.89") / Fraction("16.09"),
    )


def pdf_floor(count: int, text: str) -> float:
    """As many documents by one compiler from ready texts without any table of our own."""
    source = (
        b'#set text(font: "Noto Serif CJK SC", size: 9pt)\n'
        b"#for row in json(bytes(sys.inputs.rows)) [ #row \\ ]\n"
    )
    rows = json.dumps(text.splitlines(), ensure_ascii=False)
    compiler = typst.Compiler()

    def work() -> None:
        for number in range(count):
            inputs = {"rows": rows.replace("[", f'["{number}", ', 1)}
            compiler.compile(source, format="pdf", sys_inputs=inputs, timestamp=MOMENT)

    return _seconds(work)


def with_a_start_each(form: str) -> float:
    """Seconds of one document where Typst starts for each."""
    path = str(resource_folder("templates") / TEMPLATE)

    def work() -> None:
        for _ in range(STARTS):
            typst.compile(path, format="pdf", sys_inputs={"form": form}, timestamp=MOMENT)

    return _seconds(work) / STARTS


def excel_floor(rows: int, columns: int) -> float:
    """As many cells by the library alone: half of them numbers, half of them formulas."""

    def work() -> None:
        memory = io.BytesIO()
        book = xlsxwriter.Workbook(memory, {"constant_memory": True})
        sheet = book.add_worksheet()
        for row in range(rows):
            for column in range(columns):
                if column % 2:
                    sheet.write_formula(row, column, f"=A{row + 1}*2", None, 2)
                else:
                    sheet.write_number(row, column, 1)
        book.close()

    return _seconds(work)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(statements: int = STATEMENTS, lines: int = LINES) -> None:
    """Print the seconds of each, beside the floor."""
    settlement, contents = world(statements, lines)
    number = sum(len(one.lines) for one in contents)
    print(f"Statements of retained savings: {len(contents):,} hospitals, {number:,} lines")
    _pdf(settlement, contents)
    _excel(settlement, contents, number)
    print()


def _pdf(settlement: SettlementContent, contents: Sequence[StatementContent]) -> None:
    sizes: list[int] = []

    def work() -> None:
        sizes.extend(map(len, print_statements(settlement, contents, language="zh", moment=MOMENT)))

    ours = _seconds(work)
    writer = Writer(settlement, language="zh")
    form = json.dumps(asdict(writer.write(contents[0])), ensure_ascii=False)
    floor = pdf_floor(len(contents), form.replace("], ", "],\n"))
    started = with_a_start_each(form)
    count = len(contents)
    print(
        f"  PDF    {ours:6.2f} s, {ours / count * 1e3:.1f} ms each, {sum(sizes) / count / 1024:.0f}"
        f" KiB  floor {floor:5.2f} s  x {ours / floor:.1f}"
    )
    factor = started * count / ours
    print(f"         with a start for each: {started * 1e3:.0f} ms each, x {factor:.1f}")


def _excel(
    settlement: SettlementContent, contents: Sequence[StatementContent], number: int
) -> None:
    sizes: list[int] = []

    def work() -> None:
        made = statements_workbook(settlement, contents, language="zh", moment=MOMENT)
        sizes.append(len(made))

    ours = _seconds(work)
    floor = excel_floor(number, 40)
    print(
        f"  Excel  {ours:6.2f} s, {number:,} lines of 40 cells, {sizes[0] / 1024:.0f} KiB"
        f"  floor {floor:5.2f} s  x {ours / floor:.1f}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
