"""Drafts and the publication of a document, on both databases."""

import io
from datetime import timedelta

import docx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from procurement.database import text_digest, transaction
from procurement.rounds.document import files, later
from procurement.rounds.document.errors import AlreadyPublishedError, OpenClausesError
from procurement.rounds.document.rulebook_text import frozen_rulebook, text_of
from procurement.rounds.document.service import (
    content_of,
    file_of,
    find_version,
    issued_digests,
    make_draft,
    newest_version,
    plan_of,
    publish_document,
    published_document,
    rules_in_force,
    versions_of,
)
from procurement.rounds.document.tables import DocumentFile, DocumentKind, RoundDocument
from procurement.rounds.options import read_options
from procurement.rounds.tables import LotStrength
from rulebooks import load_rulebook
from tests.procurement.rounds.document.conftest import build
from tests.procurement.rounds.world import MOMENT


def draft(scene, moment=MOMENT):
    return make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=moment)


def publish(scene, moment=None):
    return publish_document(
        scene.session,
        round_=scene.round_,
        moment=moment or scene.published_at,
        actor=scene.second,
    )


def test_the_plan_holds_the_facts_of_the_round(scene):
    plan = plan_of(scene.session, scene.round_)
    assert [region.zh for region in plan.regions] == ["北京", "上海", "安徽"]
    assert [lot.code for lot in plan.lots] == ["L01", "L02"]
    assert [one.label for one in plan.lots[1].strengths] == ["250mg", "500mg"]
    assert plan.bureau == "省药品集中采购办公室"
    assert len(plan.keyholders.names) == 5
    assert plan.keyholders.quorum == 3
    assert plan.timetable.closes_at == scene.round_.closes_at
    assert plan.options == read_options(scene.round_.options)


def test_base_volumes_are_printed_where_they_are_known(scene):
    volumes = {("L01", "1mg"): 1234567}
    made = make_draft(
        scene.session,
        round_=scene.round_,
        actor=scene.officer,
        moment=MOMENT,
        base_volumes=volumes,
    )
    assert "1,234,567" in content_of(made).clause("volume.base").plain()


def test_later_stages_tell_base_volumes_and_suite(scene, monkeypatch):
    known = later.LaterFacts({("L01", "1mg"): 7654321}, "sm-1")
    monkeypatch.setattr(later._Installed, "facts_of", staticmethod(lambda *_: known))
    document = content_of(draft(scene))
    assert "7,654,321" in document.clause("volume.base").plain()
    assert "SM2" in document.clause("sealing.suite").plain()


def test_a_draft_is_numbered_dated_and_named_as_such(scene):
    made = draft(scene)
    document = content_of(made)
    assert (made.kind, made.number) == (DocumentKind.DRAFT, 1)
    assert document.kind.zh == "采购文件（征求意见稿，第 1 稿）"
    assert document.dated.zh == "2026年11月22日"
    assert made.content_digest == text_digest(made.content)


def test_a_draft_that_reads_the_same_is_not_stored_again(scene):
    first = draft(scene)
    assert draft(scene, MOMENT + timedelta(days=1)).id == first.id
    scene.round_.title = "另一个标题"
    second = draft(scene, MOMENT + timedelta(days=1))
    newest = newest_version(scene.session, round_=scene.round_)
    assert newest is not None
    assert (second.number, second.id) == (2, newest.id)


def test_publication_freezes_words_rules_and_files(scene):
    draft(scene)
    stored = publish(scene)
    assert stored.kind == DocumentKind.PUBLISHED
    found = published_document(scene.session, round_=scene.round_)
    assert found is not None
    assert found.id == stored.id
    assert stored.rulebook_text == text_of(load_rulebook("national-3"))
    assert scene.round_.rulebook_digest == stored.rulebook_digest
    assert content_of(stored).kind.zh == "采购文件"
    assert content_of(stored).open_clauses == ()
    kinds = [version.kind for version in versions_of(scene.session, round_=scene.round_)]
    assert kinds == [DocumentKind.DRAFT, DocumentKind.PUBLISHED]


def test_a_document_is_published_once(scene):
    publish(scene)
    with pytest.raises(AlreadyPublishedError):
        publish(scene)
    with pytest.raises(AlreadyPublishedError):
        draft(scene)


def test_a_document_with_an_open_clause_is_not_published(scene):
    strength = scene.session.scalars(select(LotStrength)).first()
    strength.price_ceiling = None
    scene.round_.options = "{}"
    with pytest.raises(OpenClausesError, match="2 clauses") as refusal:
        publish(scene)
    assert [one.id for one in refusal.value.clauses] == ["products.lots", "ranking.tie_breaks"]
    assert "2.1 采购品种目录" in refusal.value.zh
    assert published_document(scene.session, round_=scene.round_) is None


def test_the_issued_word_file_is_kept_byte_for_byte(scene, monkeypatch):
    stored = publish(scene)
    issued = file_of(scene.session, version=stored, form="docx")
    digests = issued_digests(scene.session, version=stored)
    assert issued_digests(scene.session, version=stored)["docx"] == digests["docx"]
    # A later version of the program may print otherwise: what was issued stays.
    monkeypatch.setattr(files, "print_word", lambda paper, moment: b"other")
    assert file_of(scene.session, version=stored, form="docx") == issued
    assert file_of(scene.session, version=stored, form="docx", language="en") == b"other"


def test_files_are_printed_again_byte_for_byte_from_the_stored_content(scene):
    stored = publish(scene)
    for form in issued_digests(scene.session, version=stored):
        again = files.printed(content_of(stored), stored, form, language="zh")
        assert again == file_of(scene.session, version=stored, form=form)


def test_the_word_file_carries_the_digest_of_the_document(scene):
    stored = publish(scene)
    word = docx.Document(io.BytesIO(file_of(scene.session, version=stored, form="docx")))
    words = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert stored.content_digest in words
    assert stored.rulebook_digest in words


def test_a_machine_without_fonts_publishes_without_a_pdf(scene, monkeypatch):
    monkeypatch.setattr(files, "families", frozenset)
    stored = publish(scene)
    assert set(issued_digests(scene.session, version=stored)) == {"docx"}


def test_drafts_have_files_that_nobody_keeps(scene):
    made = draft(scene)
    assert file_of(scene.session, version=made, form="docx").startswith(b"PK")
    assert scene.session.scalars(select(DocumentFile)).all() == []


def test_the_rules_in_force_are_the_frozen_ones_though_the_rulebook_is_edited(scene, monkeypatch):
    publish(scene)
    edited = text_of(load_rulebook("national-3")).replace('value = "1.8"', 'value = "9.9"')
    changed = frozen_rulebook("national-3", edited)
    monkeypatch.setattr(
        "procurement.rounds.document.rulebook_text.load_rulebook", lambda _: changed
    )
    rules = rules_in_force(scene.session, round_=scene.round_)
    assert str(rules.rulebook.rules["selection.ratio_to_lowest"].value) == "1.8"
    assert rules.rulebook.digest == scene.round_.rulebook_digest


def test_before_publication_the_rules_are_those_of_the_file_and_the_options(scene):
    draft(scene)
    rules = rules_in_force(scene.session, round_=scene.round_)
    assert rules.rulebook is load_rulebook("national-3")
    assert rules.options == read_options(scene.round_.options)


def test_a_version_is_found_by_kind_and_number(scene):
    made = draft(scene)
    found = find_version(scene.session, round_=scene.round_, kind=DocumentKind.DRAFT, number=1)
    assert found is made
    wanted = find_version(scene.session, round_=scene.round_, kind=DocumentKind.DRAFT, number=2)
    assert wanted is None


@pytest.mark.parametrize("change", ["UPDATE round_document SET content = '{}'", "DELETE FROM {}"])
def test_versions_cannot_be_changed_or_deleted(engine, change):
    with transaction(engine) as session:
        scene = build(session)
        publish(scene)
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(text(change.format("document_file")))


def test_two_drafts_at_once_get_two_numbers_or_one_is_refused(engine):
    with transaction(engine) as session:
        scene = build(session)
        draft(scene)
        twin = RoundDocument(
            round_id=scene.round_.id,
            kind=DocumentKind.DRAFT,
            number=1,
            content="{}",
            content_digest="0" * 64,
            rulebook_text="",
            rulebook_digest="0" * 64,
            options="{}",
            amended="{}",
            reason="",
            made_at=MOMENT,
        )
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(twin)
