"""Print a document as a Word file: styles, contents, tables with repeated heads, page numbers.

Equal papers give equal bytes: file times and properties are set, and the parts of the file are
stored in the order of their names.
"""

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from procurement.rounds.document.marking import REHEARSAL, is_rehearsal
from procurement.rounds.document.paper import Paper, PaperClause, PaperGrid, PaperSection

SERIF = "宋体"
SANS = "黑体"
LATIN = "Times New Roman"

CLAUSE = "Clause"
HEADINGS = ("Heading1", "Heading2")
"""Ids of the styles of paragraphs."""

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_BLACK = RGBColor(0, 0, 0)
_TEXT_WIDTH_CM = 15.6

_WHOLE_LETTERS_MAX = 400
"""A row with a longer cell may be split: it might not fit on one page."""


def print_word(paper: Paper, *, moment: datetime) -> bytes:
    """Print a document as a Word file (.docx).

    Args:
        paper: The document in one language.
        moment: When the version was made; stands in the file's properties.

    Returns:
        The file; equal papers and moments give equal bytes.
    """
    word = docx.Document()
    _set_styles(word)
    _set_properties(word, paper, moment)
    _write_cover(word, paper)
    if paper.contents is not None:
        _write_contents(word, paper)
    _begin_body(word, paper)
    for section in paper.sections:
        _write_section(word, section)
    buffer = io.BytesIO()
    word.save(buffer)
    return _repacked(buffer.getvalue())


def _repacked(file: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(buffer, "w") as new:
        # The list of content types has to come first.
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.create_system = 0
            new.writestr(entry, old.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _set_properties(word: WordDocument, paper: Paper, moment: datetime) -> None:
    properties = word.core_properties
    at = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title = f"{paper.title} {paper.kind}"
    properties.author = paper.issuer
    properties.last_modified_by = paper.issuer
    properties.created = at
    properties.modified = at
    properties.last_printed = at
    properties.revision = 1
    properties.comments = ""
    properties.language = f"{paper.lang}-{paper.region.upper()}"


def _set_styles(word: WordDocument) -> None:
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin = Cm(3.2), Cm(3)
    page.left_margin, page.right_margin = Cm(2.8), Cm(2.6)
    _set_font(_style(word, "Normal"), SERIF, 12)
    body = word.styles.add_style(CLAUSE, WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = word.styles["Normal"]
    _set_font(body, SERIF, 12)
    body.paragraph_format.first_line_indent = Pt(24)
    body.paragraph_format.line_spacing = 1.5
    body.paragraph_format.space_after = Pt(3)
    for name, size, before, after in (("Heading 1", 16, 24, 12), ("Heading 2", 12, 12, 6)):
        heading = _style(word, name)
        _set_font(heading, SANS, size, bold=True)
        heading.paragraph_format.space_before = Pt(before)
        heading.paragraph_format.space_after = Pt(after)
        heading.paragraph_format.keep_with_next = True
    _style(word, "Heading 1").paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _style(word: WordDocument, name: str) -> ParagraphStyle:
    style = word.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no style of paragraphs")
    return style


def _set_font(style: ParagraphStyle, face: str, size: int, *, bold: bool = False) -> None:
    style.font.name = LATIN
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = _BLACK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Word takes Chinese letters from this face; a theme would override it.
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:hAnsi"), LATIN)


def _centred(word: WordDocument, text: str, size: int, *, face: str = SERIF) -> Paragraph:
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    return paragraph


def _write_cover(word: WordDocument, paper: Paper) -> None:
    if is_rehearsal():
        _centred(word, REHEARSAL, 20, face=SANS)
    title = _centred(word, paper.title, 26)
    title.paragraph_format.space_before = Pt(150)
    title.runs[0].font.bold = True
    _centred(word, paper.kind, 20, face=SANS).paragraph_format.space_before = Pt(24)
    if paper.reference is not None:
        _centred(word, paper.reference, 14)
    _centred(word, paper.issuer, 16).paragraph_format.space_before = Pt(220)
    _centred(word, paper.dated, 16)
    for line in paper.imprint:
        _centred(word, line, 8, face=SANS)


def _write_contents(word: WordDocument, paper: Paper) -> None:
    """A table of contents: a field that Word fills in, holding the titles until then."""
    _centred(word, paper.contents or "", 16, face=SANS).paragraph_format.page_break_before = True
    titles = [section.title for section in paper.sections]
    for position, title in enumerate(titles):
        paragraph = word.add_paragraph()
        if position == 0:
            _add_field_mark(paragraph, "begin", dirty=True)
            _add_instruction(paragraph, r'TOC \o "1-1" \h \z \u')
            _add_field_mark(paragraph, "separate")
        paragraph.add_run(title)
        if position == len(titles) - 1:
            _add_field_mark(paragraph, "end")


def _add_field_mark(paragraph: Paragraph, kind: str, *, dirty: bool = False) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if dirty:
        mark.set(qn("w:dirty"), "true")
    paragraph.add_run()._element.append(mark)


def _add_instruction(paragraph: Paragraph, text: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = text
    paragraph.add_run()._element.append(instruction)


def _begin_body(word: WordDocument, paper: Paper) -> None:
    """Begin the numbered pages: head with the title, foot with the number."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.header.is_linked_to_previous = False
    section.footer.is_linked_to_previous = False
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = head.add_run(f"{REHEARSAL}　{paper.running}" if is_rehearsal() else paper.running)
    run.font.size = Pt(9)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    _add_field_mark(foot, "begin")
    _add_instruction(foot, "PAGE")
    _add_field_mark(foot, "separate")
    foot.add_run("1")
    _add_field_mark(foot, "end")
    foot.add_run(" —")


def _paragraph(word: WordDocument, text: str, style: str) -> Paragraph:
    """Add a paragraph by the id of its style: by name, python-docx looks through all styles."""
    paragraph = word.add_paragraph(text)
    paragraph._p.style = style
    return paragraph


def _write_section(word: WordDocument, section: PaperSection) -> None:
    heading = _paragraph(word, section.title, HEADINGS[0])
    heading.paragraph_format.page_break_before = section.is_annex
    for position, clause in enumerate(section.clauses):
        title = _paragraph(word, clause.heading, HEADINGS[1])
        title.paragraph_format.page_break_before = section.is_annex and position > 0
        _write_clause(word, clause)


def _write_clause(word: WordDocument, clause: PaperClause) -> None:
    for text in (clause.text, *clause.items):
        paragraph = _paragraph(word, text, CLAUSE)
    if clause.grid is not None:
        paragraph.paragraph_format.keep_with_next = True
        _write_grid(word, clause.grid)
    for line in clause.lines:
        _paragraph(word, line, CLAUSE)


def _write_grid(word: WordDocument, grid: PaperGrid) -> None:
    table = word.add_table(rows=0, cols=len(grid.heads))
    table.style = word.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    total = sum(grid.widths)
    widths = [Cm(_TEXT_WIDTH_CM * width / total) for width in grid.widths]
    # Word goes by the cells, others by the columns.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # Cells through the table are found by counting from its first one: rows are much faster.
    for position, row in enumerate((grid.heads, *grid.rows)):
        _write_row(table, row, grid.numeric, widths, is_head=position == 0)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _write_row(
    table: Table,
    texts: tuple[str, ...],
    numeric: tuple[int, ...],
    widths: list[Cm],
    *,
    is_head: bool,
) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call] # python-docx leaves it without types
    properties = row._tr.get_or_add_trPr()
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    if max(map(len, texts)) <= _WHOLE_LETTERS_MAX:
        properties.append(OxmlElement("w:cantSplit"))
    for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = widths[column]
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(text)
        run.font.size = Pt(10)
        if is_head:
            run.font.bold = True
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif column in numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
