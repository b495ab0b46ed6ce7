"""Changes between versions: by clause, and by word."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.rounds.document.amended import amend_rules
from procurement.rounds.document.changes import ChangeKind, changes_between, word_diff
from procurement.rounds.document.content import write_document
from procurement.rounds.document.notice import write_notice
from rulebooks import load_rulebook
from tests.procurement.rounds.document.plans import at, cells_of, plan

texts = st.text(alphabet="中选价格不高于1.8 倍ab", max_size=30)


def written(changes=None, **facts):
    rules = amend_rules(load_rulebook("national-10"), {}, changes or {})
    return write_document(plan(**facts), rules.rulebook)


def test_equal_documents_have_no_changes():
    assert changes_between(written(), written()) == ()


def test_a_changed_rule_is_one_change():
    changes = changes_between(written(), written({"selection.ratio_to_lowest": "2"}))
    assert [(change.id, change.kind) for change in changes] == [
        ("selection.ratio_to_lowest", ChangeKind.CHANGED)
    ]
    pieces = [piece for piece in changes[0].pieces() if piece.kind != "same"]
    assert [(piece.kind, piece.text) for piece in pieces] == [("removed", "1.8"), ("added", "2")]


def test_an_added_and_a_removed_rule_are_changes_though_others_get_new_numbers():
    changes = changes_between(
        written(), written({"selection.cut_from_ceiling": "0.5", "regions.spare": "none"})
    )
    found = {change.id: change.kind for change in changes}
    assert found["selection.cut_from_ceiling"] is ChangeKind.ADDED
    assert found["regions.spare"] is ChangeKind.REMOVED
    assert ChangeKind.CHANGED not in found.values()
    removed = next(change for change in changes if change.id == "regions.spare")
    assert {piece.kind for piece in removed.pieces()} == {"removed"}


def test_a_moved_date_changes_the_clauses_that_print_it():
    later = replace(plan().timetable, closes_at=at(16))
    changes = changes_between(written(), written(timetable=later))
    assert [change.id for change in changes] == ["general.timetable", "sealing.submit"]


def test_another_source_is_no_change():
    rulebook = load_rulebook("national-10")
    rule = replace(rulebook.rules["bidders.unit"], source="原文", verified=True)
    checked = replace(rulebook, rules={**rulebook.rules, "bidders.unit": rule})
    assert changes_between(write_document(plan(), rulebook), write_document(plan(), checked)) == ()


def test_the_notice_prints_each_clause_before_and_after():
    old, new = written(), written({"selection.ratio_to_lowest": "2", "regions.spare": "none"})
    changes = changes_between(old, new)
    notice = write_notice(new, changes, number=2, reason="更正")
    assert notice.kind.zh == "第2号补充文件"
    assert notice.clause("notice.reason").said.text.zh == "更正"
    row = cells_of(notice.clause("selection.ratio_to_lowest"))[0]
    assert row[0] == old.clause("selection.ratio_to_lowest").plain()
    assert row[1] == new.clause("selection.ratio_to_lowest").plain()
    assert cells_of(notice.clause("regions.spare"))[0][1] == "（无）"


@given(texts, texts)
def test_the_pieces_of_a_diff_make_up_both_texts(old, new):
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert {piece.kind for piece in word_diff(text, text)} <= {"same"}


def test_figures_are_whole_words():
    pieces = word_diff("高于1.8倍、占50%", "高于1.9倍、占55%")
    assert [piece.text for piece in pieces if piece.kind == "added"] == ["1.9", "55%"]


def test_of_a_long_table_the_notice_prints_only_the_rows_that_differ():
    lots = plan(number_of_lots=40).lots
    first, *others = lots
    dearer = replace(first, strengths=(replace(first.strengths[0], price_ceiling=Decimal("13")),))
    before = write_document(plan(lots=lots), load_rulebook("national-10"))
    after = write_document(plan(lots=(dearer, *others)), load_rulebook("national-10"))
    notice = write_notice(after, changes_between(before, after), number=1, reason="更正")
    cells = cells_of(notice.clause("products.lots"))[0]
    assert (cells[0].count("\n"), cells[1].count("\n")) == (1, 0)
    assert "13" in cells[1]
