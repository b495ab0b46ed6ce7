"""The dossier on paper: in both languages, for every kind of model."""

from datetime import UTC, datetime

import pytest

from pricing.negotiation_report import run_model
from procurement.negotiations.outputs import dossier_of
from procurement.negotiations.outputs.checklists import CHEERS, ISPOR, present
from procurement.negotiations.outputs.printed import print_dossier, written_dossier
from procurement.rounds.document.pdf import families, missing_fonts
from tests.missing import skip_unless_ci
from tests.procurement.negotiations.outputs.models import MODELS, model_of
from tests.procurement.negotiations.outputs.sample import sample_dossier

MOMENT = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)


@pytest.fixture
def fonts():
    missing = missing_fonts(families())
    if missing:
        skip_unless_ci(f"fonts are missing: {', '.join(missing)}")


def words_of(paper):
    """All that a paper says."""
    parts = [paper.title, paper.subtitle, *(text for fact in paper.facts for text in fact)]
    for section in paper.sections:
        parts += [section.heading, *section.paragraphs, *(one.title for one in section.pictures)]
        for table in section.tables:
            parts += [table.title, *table.heads, *(cell for row in table.rows for cell in row)]
    return parts


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dossier_is_printed_and_equal_ones_give_equal_bytes(language, fonts):
    first = print_dossier(sample_dossier(), language=language, moment=MOMENT)
    assert first.startswith(b"%PDF")
    assert first == print_dossier(sample_dossier(), language=language, moment=MOMENT)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_with_only_some_parts_is_printed(name, fonts):
    model = model_of(name)
    dossier = dossier_of(model, run_model(model, draws=0))
    assert print_dossier(dossier, language="zh", moment=MOMENT).startswith(b"%PDF")


def test_the_dossier_names_hash_seed_draws_and_what_binds():
    facts = dict(written_dossier(sample_dossier(), language="en").facts)
    assert facts["ceiling"] == "26,937.98 yuan per 疗程年"
    assert facts["what binds"] == "budget of every year"
    assert facts["draws and seed"] == "10000 / 1"
    assert facts["model hash (SHA-256)"] == sample_dossier().model_hash


def test_nothing_in_english_is_left_in_chinese_but_the_models_own_words():
    own = ("药品 A", "疗程年", "某统计公报")
    said = written_dossier(sample_dossier(), language="en")
    chinese = [
        text
        for text in words_of(said)
        if any("\u4e00" <= mark <= "\u9fff" for mark in text)
        and not any(word in text for word in own)
    ]
    assert chinese == []


def test_a_model_in_another_currency_says_so_everywhere():
    model = model_of("both", ('unit = "yuan"', 'unit = "GBP"'))
    paper = written_dossier(dossier_of(model, run_model(model, draws=0)), language="en")
    assert not [text for text in words_of(paper) if "yuan" in text or "¤" in text]


@pytest.mark.parametrize("items", [CHEERS, ISPOR])
def test_items_of_a_checklist_are_numbered_in_order(items):
    assert [int(one.number) for one in items] == list(range(1, len(items) + 1))


def test_an_item_that_a_model_has_nothing_for_is_not_reported():
    model = model_of("outcomes")
    dossier = dossier_of(model, run_model(model, draws=0))
    assert "budget" not in present(dossier)
    paper = written_dossier(dossier, language="en")
    ispor = paper.sections[-1].tables[1]
    found = {row[1]: row[2] for row in ispor.rows}
    assert found["mix of treatments without the drug"] == "not reported"
    assert found["perspective of the payer"] == "1 Summary"
    assert found["the model can be run again by others"] == "1 Summary"


def test_sources_count_only_where_every_input_has_one():
    model = model_of("both")
    assert "sources" not in present(dossier_of(model, run_model(model, draws=0)))
