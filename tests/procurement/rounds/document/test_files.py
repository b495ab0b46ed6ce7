"""Word and PDF hold the words of the document, and equal documents give equal bytes."""

import io
import shutil
import subprocess
import zipfile
from datetime import timedelta

import docx
import pytest

from procurement.rounds.document import files, pdf
from procurement.rounds.document.content import write_document
from procurement.rounds.document.figures import numeral
from procurement.rounds.document.paper import lay_out
from procurement.rounds.document.pdf import FontsMissingError, families, missing_fonts, print_pdf
from procurement.rounds.document.word import print_word
from rulebooks import Bilingual, load_rulebook
from tests.missing import skip_unless_ci
from tests.procurement.rounds.document.plans import at, plan

MOMENT = at(1)
DIGEST = "ab" * 32


def document(number_of_lots=3):
    options = {"regions.unsupplied_strength": "spare-then-rank"}
    return write_document(
        plan(number_of_lots, options=options),
        load_rulebook("national-11"),
        dated=Bilingual("2026年12月1日", "1 Dec 2026"),
    )


def squeezed(text):
    """Without blanks and line ends, which a page sets as it likes."""
    return "".join(text.split())


def word_texts(body):
    word = docx.Document(io.BytesIO(body))
    paragraphs = [paragraph.text for paragraph in word.paragraphs]
    cells = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    return paragraphs, cells


@pytest.fixture
def fonts():
    if missing_fonts(families()):
        skip_unless_ci("the fonts of the document are missing: apt-get install fonts-noto-cjk")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_word_file_holds_every_clause_word_for_word(language):
    written = document()
    paper = lay_out(written, digest=DIGEST, language=language)
    paragraphs, tables = word_texts(print_word(paper, moment=MOMENT))
    for section in paper.sections:
        assert section.title in paragraphs
        for clause in section.clauses:
            assert clause.heading in paragraphs
            for text in (clause.text, *clause.items, *clause.lines):
                assert text in paragraphs
            if clause.grid is not None:
                rows = [list(row) for row in (clause.grid.heads, *clause.grid.rows)]
                assert rows in tables


def test_the_papers_words_are_those_of_the_clauses():
    written = document()
    paper = lay_out(written, digest=DIGEST)
    laid = [clause for section in paper.sections for clause in section.clauses]
    for clause, printed in zip(written.clauses, laid, strict=True):
        assert printed.heading == f"{clause.number}　{clause.title.zh}"
        lines = [printed.text, *printed.items]
        if printed.grid is not None:
            lines += ["\t".join(row) for row in (printed.grid.heads, *printed.grid.rows)]
        assert "\n".join([*lines, *printed.lines]) == clause.plain()


def test_marks_of_certainty_and_sources_are_not_printed():
    paragraphs, _tables = word_texts(print_word(lay_out(document(), digest=DIGEST), moment=MOMENT))
    text = "\n".join(paragraphs)
    assert "财经媒体" not in text
    assert "未经核实" not in text


def test_equal_documents_give_equal_word_files_and_others_do_not():
    first = print_word(lay_out(document(), digest=DIGEST), moment=MOMENT)
    assert first == print_word(lay_out(document(), digest=DIGEST), moment=MOMENT)
    assert first != print_word(lay_out(document(4), digest=DIGEST), moment=MOMENT)
    later = MOMENT + timedelta(days=1)
    assert first != print_word(lay_out(document(), digest=DIGEST), moment=later)


def test_the_word_file_names_no_machine_and_no_time_but_the_versions():
    body = print_word(lay_out(document(), digest=DIGEST), moment=MOMENT)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert "2026-12-01T01:00:00Z" in core
    assert "python-docx" not in core


def test_word_repeats_the_heads_of_tables_and_uses_chinese_faces():
    body = print_word(lay_out(document(), digest=DIGEST), moment=MOMENT)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        text = parts.read("word/document.xml").decode()
        styles = parts.read("word/styles.xml").decode()
        footers = [parts.read(name) for name in parts.namelist() if "footer" in name]
    assert text.count("<w:tblHeader/>") == text.count("<w:tbl>")
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="黑体"' in styles
    assert "TOC \\o" in text
    assert any(b"PAGE" in footer for footer in footers)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_holds_every_sentence(fonts, language, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not here; the words are checked in Word")
    paper = lay_out(document(), digest=DIGEST, language=language)
    file = tmp_path / "document.pdf"
    file.write_bytes(print_pdf(paper, moment=MOMENT))
    command = ["pdftotext", "-raw", str(file), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # A sentence that runs over a page has the head and number of the page within it.
    pages = [page.splitlines() for page in text.split("\f")]
    body = squeezed("".join("".join(page[1:-1]) for page in pages))
    for section in paper.sections:
        for clause in section.clauses:
            for words in (clause.heading, clause.text, *clause.items):
                assert squeezed(words) in body


def test_equal_documents_give_equal_pdfs(fonts):
    first = print_pdf(lay_out(document(), digest=DIGEST), moment=MOMENT)
    assert first.startswith(b"%PDF-")
    assert first == print_pdf(lay_out(document(), digest=DIGEST), moment=MOMENT)
    assert first != print_pdf(lay_out(document(4), digest=DIGEST), moment=MOMENT)


def test_a_long_table_of_lots_runs_over_pages(fonts):
    short = print_pdf(lay_out(document(1), digest=DIGEST), moment=MOMENT)
    long = print_pdf(lay_out(document(120), digest=DIGEST), moment=MOMENT)
    assert long.count(b"/Type /Page\n") + long.count(b"/Type/Page") >= short.count(b"/Type/Page")


def test_words_of_a_round_are_data_and_no_markup(fonts):
    title = '#eval(1) *x* $y$ <b> \\ " 示例'
    written = write_document(plan(title=title), load_rulebook("national-3"))
    paper = lay_out(written, digest=DIGEST)
    assert print_pdf(paper, moment=MOMENT).startswith(b"%PDF-")
    paragraphs, _tables = word_texts(print_word(paper, moment=MOMENT))
    assert title in paragraphs


def test_missing_fonts_are_refused_by_name_with_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(FontsMissingError, match="fonts-noto-cjk") as refusal:
        print_pdf(lay_out(document(), digest=DIGEST), moment=MOMENT)
    assert refusal.value.missing == ("Noto Serif CJK SC", "Noto Sans CJK SC")
    assert "fonts-noto-cjk" in refusal.value.zh


def test_every_format_has_a_media_type():
    assert set(files.FORMATS) == {"docx", "pdf"}


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (11, "十一"), (13, "十三"), (99, "九十九")]
)
def test_sections_are_counted_in_chinese(number, words):
    assert numeral(number) == words
