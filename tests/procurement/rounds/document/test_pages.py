"""The pages and the API of documents, by real requests."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.app import make as app_make
from procurement.app.stages import ROUTES
from procurement.database import snapshot, transaction
from procurement.rounds.document import api, pages
from procurement.rounds.document.service import publish_document
from procurement.rounds.document.tables import (
    AmendmentDraft,
    CommentAnswer,
    DocumentComment,
    RoundDocument,
)
from procurement.rounds.options import read_options, write_options
from procurement.rounds.service import find_round
from procurement.rounds.tables import RoundStatus
from tests.procurement.platform import Platform, running_platform
from tests.procurement.rounds.document.conftest import build
from tests.procurement.rounds.world import MOMENT, publish_round

NAME = "anhui-2026-1"
DOCUMENT = f"/rounds/{NAME}/document"
API = f"/api/v1/rounds/{NAME}/document"
RATIO = "selection.ratio_to_lowest"
SHARE = "reporting.minimum_share"
AFTER_PUBLICATION = MOMENT + timedelta(days=14)


class Stage:
    """The platform with the scene on it, at a moment that a test may move."""

    platform: Platform

    def __init__(self, engine, people):
        self.engine = engine
        self.people = people
        self.moment = MOMENT

    def visitor(self, name):
        """A person of the scene at a browser; ``nobody`` is not signed in."""
        if name == "nobody":
            return self.platform.nobody()
        return self.platform.signed_in(self.people[name])

    def machine(self, name):
        return self.platform.with_token(self.people[name])

    def change(self, do):
        with transaction(self.engine) as session:
            do(session, find_round(session, name=NAME))

    def draft(self):
        self.visitor("officer").post(f"{DOCUMENT}/drafts")

    def open_comments(self):
        def to_comments(session, round_):
            round_.status = RoundStatus.COMMENTS

        self.draft()
        self.change(to_comments)

    def publish(self):
        def both(session, round_):
            publish_round(session, round_)
            publish_document(session, round_=round_, moment=AFTER_PUBLICATION)

        self.change(both)
        self.moment = AFTER_PUBLICATION

    def rows(self, table):
        with snapshot(self.engine) as session:
            return session.scalars(select(table)).all()


@pytest.fixture
def stage(engine, tmp_path, monkeypatch):
    own = (*pages.ROUTES, *api.ROUTES)
    missing = tuple(route for route in own if route not in ROUTES)
    monkeypatch.setattr(app_make, "ROUTES", (*ROUTES, *missing))
    with transaction(engine) as session:
        people = build(session).people
        session.expunge_all()
    stage = Stage(engine, people)
    with running_platform(engine, tmp_path, clock=lambda: stage.moment) as platform:
        stage.platform = platform
        yield stage


def test_before_any_draft_the_officer_sees_what_is_open_and_others_see_nothing(stage):
    page = stage.visitor("officer").get(DOCUMENT)
    assert page.status_code == 200
    assert "生成征求意见稿" in page.text
    assert stage.visitor("nobody").get(DOCUMENT).status_code == 404


def test_an_officer_makes_a_draft_and_sees_marks_that_the_public_does_not(stage):
    answer = stage.visitor("officer").post(f"{DOCUMENT}/drafts")
    assert (answer.status_code, answer.headers["location"]) == (303, DOCUMENT)
    stage.open_comments()
    own = stage.visitor("officer").get(DOCUMENT).text
    public = stage.visitor("nobody").get(DOCUMENT).text
    assert f'id="clause-{RATIO}"' in public
    assert "1.8 倍" in public
    assert "行业媒体对第二至九批规则的报道" in own
    assert "行业媒体对第二至九批规则的报道" not in public
    assert "有来源载明" not in public


def test_the_page_speaks_english(stage):
    stage.open_comments()
    page = stage.visitor("nobody").get(f"{DOCUMENT}?lang=en").text
    assert "at or under 1.8 times the lowest" in page
    assert "Evaluation and provisional selection" in page


def test_a_manufacturer_comments_on_a_clause_and_the_bureau_answers(stage):
    stage.open_comments()
    form = {"clause": RATIO, "read": "draft-1", "text": "建议放宽。\n<b>谢谢</b>"}
    answer = stage.visitor("maker").post(f"{DOCUMENT}/comments", data=form)
    assert answer.headers["location"] == f"{DOCUMENT}#clause-{RATIO}"
    (made,) = stage.rows(DocumentComment)
    reply = stage.visitor("officer").post(
        f"{DOCUMENT}/comments/{made.id}/answers", data={"text": "采纳。", "adopted": "yes"}
    )
    assert reply.status_code == 303
    page = stage.visitor("nobody").get(DOCUMENT).text
    assert "机构 maker" in page
    assert "&lt;b&gt;谢谢&lt;/b&gt;" in page
    assert "采纳。" in page
    assert stage.rows(CommentAnswer)[0].is_adopted


def test_an_empty_comment_comes_back_with_its_fault_and_nothing_typed_is_lost(stage):
    stage.open_comments()
    form = {"clause": RATIO, "read": "draft-1", "text": "长" * 4001}
    answer = stage.visitor("maker").post(f"{DOCUMENT}/comments", data=form)
    assert answer.status_code == 422
    assert "最多 4000 字" in answer.text
    assert "长" * 4001 in answer.text
    assert stage.rows(DocumentComment) == []


def test_a_late_comment_is_refused_in_words(stage):
    stage.open_comments()
    stage.moment = MOMENT + timedelta(days=12)
    form = {"clause": "", "read": "draft-1", "text": "迟了。"}
    answer = stage.visitor("maker").post(f"{DOCUMENT}/comments", data=form)
    assert (answer.status_code, "不在征求意见期内" in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("maker", "drafts", 403),
        ("nobody", "comments", 401),
        ("officer", "comments", 403),
        ("maker", "comments/1/answers", 403),
        ("hospital", "acknowledgements", 403),
        ("maker", "amendments/new", 403),
    ],
)
def test_who_may_not_is_refused(stage, who, address, status):
    stage.open_comments()
    answer = stage.visitor(who).post(f"{DOCUMENT}/{address}", data={"text": "x"})
    assert answer.status_code in (status, 303 if status == 401 else status)
    assert stage.rows(DocumentComment) == []


@pytest.mark.parametrize("form", ["docx", "pdf"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_versions_are_downloaded_in_both_languages(stage, form, language):
    stage.publish()
    answer = stage.visitor("nobody").get(f"{DOCUMENT}/files/published-1.{form}?in={language}")
    assert answer.status_code in (200, 409)
    if answer.status_code == 200:
        assert answer.content[:2] in (b"PK", b"%P")
        assert "attachment" in answer.headers["content-disposition"]
        assert f"published-1.{form}" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "file", ["published-1.txt", "published-2.pdf", "draft-0.pdf", "..%2Fx.pdf", "amendment-1.pdf"]
)
def test_a_file_that_does_not_exist_is_not_found(stage, file):
    stage.publish()
    assert stage.visitor("nobody").get(f"{DOCUMENT}/files/{file}").status_code == 404


def test_a_manufacturer_acknowledges_the_document_and_the_bureau_does_not_see_it(stage):
    stage.publish()
    maker = stage.visitor("maker")
    assert "确认收悉" in maker.get(DOCUMENT).text
    answer = maker.post(f"{DOCUMENT}/acknowledgements", data={"read": "published-1"})
    assert answer.status_code == 303
    assert "已于" in maker.get(DOCUMENT).text
    assert "机构 maker" not in stage.visitor("officer").get(DOCUMENT).text

    def close(session, round_):
        round_.status = RoundStatus.CLOSED

    stage.change(close)
    assert "机构 maker" in stage.visitor("officer").get(DOCUMENT).text


def amendment_form(stage, **fields):
    page = stage.visitor("officer").get(f"{DOCUMENT}/amendments/new")
    assert page.status_code == 200
    return {
        "reason": "与原文核对后更正",
        "rule-key-1": RATIO,
        "rule-value-1": "3",
        "step": "preview",
        **fields,
    }


def test_an_amendment_is_previewed_with_its_effect_and_stores_nothing(stage):
    stage.publish()
    answer = stage.visitor("officer").post(f"{DOCUMENT}/amendments/new", data=amendment_form(stage))
    assert answer.status_code == 200
    assert "<del>" in answer.text
    assert "常州四药" in answer.text
    assert "29 → 30" in answer.text
    assert "提交复核" in answer.text
    assert stage.rows(AmendmentDraft) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rule-value-1": "viel"}, "不是该规则的值"),
        ({"rule-value-2": "2.5"}, "请选择这个新值所属的规则"),
        ({"rule-key-2": RATIO, "rule-value-2": "2.5"}, "该规则已在上面修改"),
        ({"reason": ""}, "请说明修改理由"),
        ({"rule-value-1": "1.8"}, "没有任何条款发生变化"),
        ({"closes_at": "2026-13-01T00:00"}, "须为日期和时间"),
        ({"closes_at": "2026-01-01T00:00"}, "须为将来的时间"),
        ({"price-L01-0": "viel"}, "须为数字"),
        ({"price-L01-0": "0.123456"}, "至多 4 位小数"),
    ],
)
def test_a_faulty_amendment_comes_back_with_what_was_typed(stage, fields, words):
    stage.publish()
    form = amendment_form(stage, **fields)
    answer = stage.visitor("officer").post(f"{DOCUMENT}/amendments/new", data=form)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert "提交复核" not in answer.text
    for typed in fields.values():
        assert typed in answer.text


def test_two_officers_amend_and_everybody_reads_what_changed(stage):
    stage.publish()
    maker = stage.visitor("maker")
    maker.post(f"{DOCUMENT}/acknowledgements", data={"read": "published-1"})
    form = amendment_form(stage, step="propose")
    answer = stage.visitor("officer").post(f"{DOCUMENT}/amendments/new", data=form)
    assert answer.status_code == 303
    proposal = answer.headers["location"]
    own = stage.visitor("officer").get(proposal).text
    assert "须由另一名经办人复核" in own
    page = stage.visitor("second").get(proposal).text
    assert "复核通过并发布" in page
    digest = page.split('name="digest" value="')[1].split('"')[0]
    by_same = stage.visitor("officer").post(proposal, data={"step": "confirm", "digest": digest})
    assert by_same.status_code == 404
    done = stage.visitor("second").post(proposal, data={"step": "confirm", "digest": digest})
    assert done.headers["location"] == DOCUMENT
    shown = stage.visitor("nobody").get(f"{DOCUMENT}/amendments/1").text
    assert "<del>" in shown
    assert "常州四药" in shown
    whole = stage.visitor("nobody").get(DOCUMENT).text
    assert "3 倍" in whole
    assert "第1号补充文件" in whole
    assert "本企业已于" not in maker.get(DOCUMENT).text
    old = stage.visitor("nobody").get(f"{DOCUMENT}?version=published-1").text
    assert "这不是最新版本" in old
    for file in ("amendment-1.docx", "amendment-1-whole.docx"):
        assert stage.visitor("nobody").get(f"{DOCUMENT}/files/{file}").status_code == 200


def test_the_page_of_a_proposal_leads_to_the_clauses_and_stays_when_it_is_decided(stage):
    stage.publish()
    form = amendment_form(stage, step="propose")
    clauses = stage.visitor("officer").post(f"{DOCUMENT}/amendments/new", data=form)
    at = clauses.headers["location"]
    plain = f"/rounds/{NAME}/proposals/{at.rsplit('/', 1)[1]}"
    page = stage.visitor("second").get(plain).text
    assert (f'href="{at}"' in page, "修改 1 条" in page) == (True, True)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    done = stage.visitor("second").post(f"{plain}/confirm", data={"digest": digest})
    assert done.status_code == 303
    decided = stage.visitor("officer").get(plain)
    assert (decided.status_code, "已复核" in decided.text) == (200, True)


def test_an_amendments_form_shows_the_rules_that_the_round_chose(stage):
    def choose(_session, round_):
        chosen = {**read_options(round_.options), SHARE: {"as_in": "national-11"}}
        round_.options = write_options({**chosen, "ranking.tie_breaks": "none"})

    stage.change(choose)
    stage.publish()
    page = stage.visitor("officer").get(f"{DOCUMENT}/amendments/new").text
    assert "报量下限 · 0.8" in page
    assert "同价的先后 · 无此规则" in page


def test_a_proposal_that_no_longer_holds_lapses_and_can_be_withdrawn(stage):
    stage.publish()
    form = amendment_form(stage, step="propose")
    officer = stage.visitor("officer")
    first = officer.post(f"{DOCUMENT}/amendments/new", data=form).headers["location"]
    second = officer.post(f"{DOCUMENT}/amendments/new", data=form).headers["location"]
    other = stage.visitor("second")
    for proposal, expected in ((first, 303), (second, 409)):
        page = other.get(proposal).text
        digest = page.split('name="digest" value="')[1].split('"')[0]
        answer = other.post(proposal, data={"step": "confirm", "digest": digest})
        assert answer.status_code == expected
    assert "已经办结" in other.get(second).text
    assert len(stage.rows(RoundDocument)) == 2
    third = officer.post(f"{DOCUMENT}/amendments/new", data={**form, "rule-value-1": "4"}).headers[
        "location"
    ]
    assert officer.post(third, data={"step": "withdraw"}).status_code == 303


# The API


def test_the_api_gives_the_document_without_marks_to_strangers(stage):
    stage.publish()
    answer = stage.visitor("nobody").get(API)
    body = answer.json()
    assert answer.status_code == 200
    assert body["version"]["version"] == "published-1"
    assert len(body["version"]["content_digest"]) == 64
    assert "docx" in body["files"]
    clause = body["document"]["sections"][0]["clauses"][0]
    assert "certainty" not in clause
    marked = stage.machine("officer").get(API).json()
    assert "certainty" in marked["document"]["sections"][0]["clauses"][0]


def test_the_api_lists_versions_and_sends_files(stage):
    stage.draft()
    stage.publish()
    versions = stage.visitor("nobody").get(f"{API}/versions").json()
    assert [one["version"] for one in versions["items"]] == ["draft-1", "published-1"]
    file = stage.visitor("nobody").get(f"{API}/files/published-1.docx")
    assert file.content.startswith(b"PK")
    problem = stage.visitor("nobody").get(f"{API}/files/nothing.docx")
    assert (problem.status_code, problem.json()["status"]) == (404, 404)


def test_machines_comment_and_acknowledge(stage):
    stage.open_comments()
    body = {"version": "draft-1", "clause": RATIO, "text": "建议放宽。"}
    maker = stage.machine("maker")
    made = maker.post(f"{API}/comments", json=body)
    assert made.status_code == 201
    listed = stage.visitor("nobody").get(f"{API}/comments").json()
    assert listed["items"][0]["text"] == "建议放宽。"
    assert listed["next_cursor"] is None
    wrong = maker.post(f"{API}/comments", json={**body, "clause": "no.such"})
    assert wrong.status_code == 422
    (comment,) = stage.rows(DocumentComment)
    stage.visitor("officer").post(
        f"{DOCUMENT}/comments/{comment.id}/answers", data={"text": "不采纳。"}
    )
    stage.publish()
    given = maker.post(f"{API}/acknowledgements", json={"version": "published-1"})
    assert given.status_code == 201
    again = maker.post(f"{API}/acknowledgements", json={"version": "published-1"})
    assert again.json() == given.json()
    assert (
        stage.machine("hospital")
        .post(f"{API}/acknowledgements", json={"version": "published-1"})
        .status_code
        == 403
    )


def test_machines_draft_the_document_and_answer_comments(stage):
    officer, maker = stage.machine("officer"), stage.machine("maker")
    assert maker.post(f"{API}/drafts", json={}).status_code == 403
    drafted = officer.post(f"{API}/drafts", json={})
    assert (drafted.status_code, drafted.json()["version"]) == (201, "draft-1")
    stage.open_comments()
    newest = stage.visitor("nobody").get(API).json()["version"]["version"]
    body = {"version": newest, "clause": RATIO, "text": "建议放宽。"}
    made = maker.post(f"{API}/comments", json=body).json()
    answers = f"{API}/comments/{made['id']}/answers"
    assert maker.post(answers, json={"text": "好", "is_adopted": True}).status_code == 403
    assert officer.post(answers, json={"text": "", "is_adopted": False}).status_code == 422
    given = officer.post(answers, json={"text": "不采纳。", "is_adopted": False})
    assert (given.status_code, given.json()["text"]) == (201, "不采纳。")
    elsewhere = f"{API}/comments/{made['id'] + 1}/answers"
    assert officer.post(elsewhere, json={"text": "x", "is_adopted": False}).status_code == 404


def test_no_number_of_acknowledgements_leaks_before_closing(stage):
    stage.publish()
    for name in ("maker", "rival"):
        stage.visitor(name).post(f"{DOCUMENT}/acknowledgements", data={"read": "published-1"})
    seen = [
        stage.visitor(who).get(address).text
        for who in ("nobody", "officer", "hospital")
        for address in (DOCUMENT, API)
    ]
    assert not any("机构 rival" in text or "机构 maker" in text for text in seen)
    assert json.loads(seen[1])["document"]


def test_a_draft_of_a_round_that_nobody_sees_yet_answers_404(stage):
    stage.draft()
    assert stage.visitor("maker").get(DOCUMENT).status_code == 404
    assert stage.visitor("nobody").get(API).status_code == 404
    assert stage.visitor("officer").get(DOCUMENT).status_code == 200
