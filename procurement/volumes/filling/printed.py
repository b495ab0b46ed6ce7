"""The papers of a report as PDF: the commitment letter, and the form with place for the stamp."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.database import text_digest
from procurement.rounds.document.pdf import fill_template
from procurement.rounds.tables import Round
from procurement.volumes.filling.figures import percent
from procurement.volumes.filling.grid import Grid, GridLine, GridProduct
from procurement.volumes.reasons import REASON_BY_CODE
from procurement.volumes.reporting.submissions import submission_content

TEMPLATE = "volumes/form.typ"


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """What is printed; every text is ready to be read.

    Attributes:
        title: Of the paper.
        subtitle: Title of the round.
        hospital: Who reports.
        lang: Of the typography.
        region: Of the typography.
        imprint: What stands at the foot of each page.
        facts: Label and value above the table.
        headings: Of the table.
        widths: Of its columns, in Typst's words.
        aligns: ``left`` or ``right``, for each column.
        rows: Of the table; none for a letter.
        paragraphs: Below the table.
        signatures: Who signs, and what is known already.
        stamp: What stands in the place for the stamp.
    """

    title: str
    subtitle: str
    hospital: str
    lang: str
    region: str
    imprint: str
    facts: Sequence[tuple[str, str]]
    headings: Sequence[str]
    widths: Sequence[str]
    aligns: Sequence[str]
    rows: Sequence[Sequence[str]]
    paragraphs: Sequence[str]
    signatures: Sequence[tuple[str, str]]
    stamp: str


@dataclass(frozen=True, slots=True)
class PaperHead:
    """Whose paper it is, and in which language."""

    round: Round
    hospital: Organisation
    number: str | None
    moment: datetime
    language: str

    def text(self, zh: str, en: str) -> str:
        """The text of the paper's language."""
        return en if self.language == "en" else zh


def print_paper(form: PrintedForm, *, moment: datetime) -> bytes:
    """Print a paper as PDF.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    return fill_template(TEMPLATE, inputs={"form": asdict(form)}, moment=moment)


def commitment_letter(head: PaperHead) -> PrintedForm:
    """The letter in which a hospital answers for its numbers.

    No source gives its words; these say what the documents ask a hospital to promise.
    """
    hospital, round_ = head.hospital.name, head.round.title
    zh = (
        f"本机构参加“{round_}”的需求量填报，现郑重承诺：",
        "一、所报需求量以临床实际需要和以往采购量为依据，真实、准确、完整，"
        "低于规定下限的品种已逐一说明原因。",
        "二、按最小制剂单位填报，经药事管理部门核对，并经本机构负责人同意。",
        "三、中选结果执行后，优先采购和使用中选药品，按协议完成约定采购量，按时结算货款。",
        "四、如有虚报、瞒报、漏报，愿承担相应责任。",
    )
    en = (
        f"This hospital reports its need for “{round_}” and promises:",
        "1. The need reported rests on clinical need and past purchases; it is true, exact and "
        "complete, and every product below the line has been explained.",
        "2. It is counted in minimal units, was checked by the pharmacy and agreed by the head of "
        "this hospital.",
        "3. Once the result is in force, this hospital buys and uses the selected medicines first, "
        "completes the agreed volume and pays in time.",
        "4. It answers for false, withheld or missing numbers.",
    )
    return PrintedForm(
        title=head.text("药品集中带量采购报量承诺书", "Commitment letter on reported need"),
        subtitle=round_,
        hospital=hospital,
        **_typography(head),
        imprint=f"{hospital} · {head.round.name}",
        facts=(),
        headings=(),
        widths=(),
        aligns=(),
        rows=(),
        paragraphs=en if head.language == "en" else zh,
        signatures=_signatures(head),
        stamp=head.text("（单位公章）", "(stamp of the hospital)"),
    )


def printed_report(head: PaperHead, grid: Grid) -> PrintedForm:
    """The report as a table, with the digest of its numbers and place for the stamp."""
    lines = [line.line for product in grid.products for line in product.lines if line.line]
    explanations = [
        product.explanation for product in grid.products if product.explanation is not None
    ]
    digest = text_digest(submission_content(lines, explanations))
    years = [head.text(f"{year}年用量", f"use {year}") for year in grid.years]
    return PrintedForm(
        title=head.text("药品集中带量采购需求量报量表", "Report of need"),
        subtitle=head.round.title,
        hospital=head.hospital.name,
        **_typography(head),
        imprint=head.text(f"数字摘要 {digest[:16]}", f"digest of the numbers {digest[:16]}"),
        facts=(
            (head.text("医疗机构", "Hospital"), head.hospital.name),
            (head.text("统一社会信用代码", "Credit code"), head.hospital.credit_code or ""),
            (head.text("批次", "Round"), head.round.name),
            (head.text("报量编号", "Number"), head.number or head.text("未提交", "not submitted")),
        ),
        headings=(
            head.text("编号", "lot"),
            head.text("品种", "product"),
            head.text("规格", "strength"),
            head.text("单位", "unit"),
            head.text("生产企业", "manufacturer"),
            *years,
            head.text("需求量", "need"),
            head.text("占年均", "share"),
            head.text("低于下限的原因", "reason below the line"),
        ),
        widths=("auto", "2fr", "1fr", "auto", "2fr", *("auto" for _ in years), *_LAST_WIDTHS),
        aligns=(*("left",) * 5, *("right" for _ in years), "right", "right", "left"),
        rows=[row for product in grid.products for row in _rows(head, product)],
        paragraphs=(),
        signatures=_signatures(head),
        stamp=head.text("（单位公章）", "(stamp of the hospital)"),
    )


_LAST_WIDTHS = ("auto", "auto", "3fr")


def _typography(head: PaperHead) -> dict[str, str]:
    return {"lang": head.language, "region": "GB" if head.language == "en" else "CN"}


def _signatures(head: PaperHead) -> list[tuple[str, str]]:
    day = day_in_china(head.moment)
    return [
        (head.text("填报人：", "Reported by:"), ""),
        (head.text("单位负责人：", "Head of the hospital:"), ""),
        (
            head.text("打印日期：", "Printed on:"),
            head.text(f"{day.year}年{day.month}月{day.day}日", day.isoformat()),
        ),
    ]


def _rows(head: PaperHead, product: GridProduct) -> list[Sequence[str]]:
    filled = [line for line in product.lines if line.line is not None]
    # A product without any need is printed too: somebody answers for the nothing.
    lines: Sequence[GridLine] = filled or product.lines[:1]
    return [
        _row(head, product, line, is_first=position == 0) for position, line in enumerate(lines)
    ]


def _row(head: PaperHead, product: GridProduct, line: GridLine, *, is_first: bool) -> Sequence[str]:
    lot = product.lot
    return (
        lot.code,
        lot.product,
        line.strength.strength,
        lot.unit,
        line.brand or head.text("按通用名", "by generic name"),
        *("—" if use is None else f"{use:,}" for use in line.uses),
        _need(line),
        percent(product.checked.line.ratio) if is_first else "",
        _reason(head, product) if is_first else "",
    )


def _need(line: GridLine) -> str:
    if line.line is None:
        return "0"
    if line.line.other_quantity is None or line.line.conversion_ratio is None:
        return f"{line.line.demand:,}"
    made = line.line
    return (
        f"{made.demand:,} ({made.quantity:,} + {made.other_strength} "
        f"{made.other_quantity:,} × {made.conversion_ratio:f})"
    )


def _reason(head: PaperHead, product: GridProduct) -> str:
    explanation = product.explanation
    if explanation is None:
        return ""
    reason = REASON_BY_CODE.get(explanation.reason_code)
    name = head.text(reason.zh, reason.en) if reason else ""
    return f"{name}{head.text('：', ': ')}{explanation.reason_text}"
