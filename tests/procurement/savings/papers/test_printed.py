"""Statements as PDF: every factor of every line, how the sum came about, and the rules."""

import shutil
import subprocess
from dataclasses import asdict, replace
from decimal import Decimal

import pytest

from procurement.rounds.document.pdf import families, missing_fonts
from procurement.savings.papers.printed import print_statement, print_statements
from procurement.savings.papers.written import Writer
from tests.missing import skip_unless_ci
from tests.procurement.savings.papers.sample import MOMENT, sample

READER = shutil.which("pdftotext")


@pytest.fixture
def fonts():
    missing = missing_fonts(families())
    if missing:
        skip_unless_ci(f"fonts are missing: {', '.join(missing)}")


def words_of(value):
    """All that a statement says, one after the other."""
    if isinstance(value, str):
        return value + "\n"
    if isinstance(value, dict):
        value = value.values()
    return "".join(map(words_of, value)) if hasattr(value, "__iter__") else ""


def written(settlement, statement, language="zh"):
    return words_of(asdict(Writer(settlement, language=language).write(statement)))


def test_every_factor_and_result_of_every_line_is_said():
    settlement, statements = sample()
    for statement in statements:
        text = written(settlement, statement)
        for line in statement.lines:
            assert line.product in text
            for volume in (line.base_volume, line.agreed_volume, line.winning_volume):
                assert f"{volume:,}" in text
            for factor in (line.price_before, line.winning_price, line.payment_ratio):
                assert str(factor) in text
            for amount in (line.budget, line.spend, line.savings_base, line.retained):
                whole = f"{amount:,.2f}".partition(".")[0]
                assert whole in text
        assert f"{statement.payable:,.2f}" in text


def test_a_line_that_earns_nothing_says_why():
    settlement, statements = sample(follow_on="nothing")
    text = written(settlement, statements[2])
    for reason in ("约定采购量为零", "接续采购不再留用"):
        assert reason in text
    assert "结余测算基数为负" in written(settlement, statements[0])
    assert "agreed volume not completed" in written(settlement, statements[1], "en")


def test_parameters_rulebook_and_what_is_not_verified_are_said():
    settlement, statements = sample(rounding="half_up_cent_line")
    text = written(settlement, statements[0])
    rulebook = settlement.rules.rulebook
    for words in (rulebook.digest, "未核实的规则：考核指标", "逐行四舍五入到分", "逐品种按零计"):
        assert words in text
    english = written(settlement, statements[0], "en")
    assert "Rules that are not verified: indicators of the assessment" in english


def test_the_steps_from_the_lines_to_what_is_paid_add_up():
    settlement, statements = sample(rounding="not_rounded")
    statement = statements[1]
    steps = dict(Writer(settlement, language="zh").write(statement).sum)
    paid = Decimal(steps["应付金额（到分）"].replace(",", ""))
    parts = [
        Decimal(value.split("=")[-1].replace(",", ""))
        for label, value in steps.items()
        if "基金" in label
    ]
    assert paid == statement.payable == sum(parts)


def test_two_payment_ratios_and_the_form_with_a_price_drop_are_written_out():
    settlement, statements = sample("savings-ankang-2021", layout="price-drop")
    text = written(settlement, statements[0])
    assert "× (3.2001 − 0.2023) × 0.6123 × 0.87" in text
    assert "医保资金预算" not in text
    plain, others = sample()
    assert "× 0.62 × 0.87" in written(plain, others[0])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_statement_is_printed_and_equal_ones_give_equal_bytes(language, fonts):
    settlement, statements = sample()
    first = print_statement(settlement, statements[0], language=language, moment=MOMENT)
    assert first.startswith(b"%PDF")
    many = list(print_statements(settlement, statements, language=language, moment=MOMENT))
    assert len(many) == len(statements)
    assert many[0] == first


@pytest.mark.skipif(READER is None, reason="no pdftotext; what is printed is also read above")
def test_the_text_of_the_pdf_can_be_read(fonts, tmp_path):
    settlement, statements = sample()
    evil = replace(statements[0], hospital="#panic() $x$ *县人民医院*")
    file = tmp_path / "statement.pdf"
    file.write_bytes(print_statement(settlement, evil, language="zh", moment=MOMENT))
    text = subprocess.run(
        [str(READER), "-layout", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "#panic() $x$ *县人民医院*" in text
    assert f"{evil.payable:,.2f}" in text
    assert "优秀" in text
