"""Comments on clauses, and their answers on record."""

from datetime import timedelta

import pytest

from procurement.errors import InvalidInputError
from procurement.notices import notices_of
from procurement.permissions import NotFoundForActorError
from procurement.rounds.document.errors import (
    CommentsClosedError,
    SupersededError,
    UnansweredCommentsError,
)
from procurement.rounds.document.service import (
    answer_comment,
    comment,
    make_draft,
    publish_document,
    takes_comments,
    threads_of,
    unanswered,
)
from tests.procurement.rounds.world import MOMENT, new_round

CLAUSE = "selection.ratio_to_lowest"


@pytest.fixture
def draft(scene):
    made = make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    scene.to_comments()
    return made


def say(scene, draft, words="建议放宽到 2 倍。", **changed):
    given = {"clause": CLAUSE, "actor": scene.maker, "moment": MOMENT, "text": words, **changed}
    return comment(scene.session, round_=scene.round_, version=draft, **given)


def answer(scene, made, words="不采纳：与各批次一致。", *, is_adopted=False):
    return answer_comment(
        scene.session,
        round_=scene.round_,
        comment_id=made.id,
        is_adopted=is_adopted,
        text=words,
        actor=scene.officer,
        moment=MOMENT,
    )


def test_a_comment_stands_at_its_clause_with_its_answer(scene, draft):
    made = say(scene, draft)
    say(scene, draft, "总体同意。", clause="", actor=scene.hospital)
    answer(scene, made)
    first, second = threads_of(scene.session, round_id=scene.round_.id)
    assert (first.comment.clause, first.draft, first.organisation) == (CLAUSE, 1, "机构 maker")
    assert first.answer is not None
    assert first.answer.text == "不采纳：与各批次一致。"
    assert (second.answer, second.comment.clause) == (None, "")
    assert unanswered(scene.session, round_id=scene.round_.id) == 1


def test_a_later_answer_corrects_the_earlier_one_and_both_stay(scene, draft):
    made = say(scene, draft)
    answer(scene, made)
    answer(scene, made, "采纳。", is_adopted=True)
    (thread,) = threads_of(scene.session, round_id=scene.round_.id)
    assert [one.text for one in thread.answers] == ["不采纳：与各批次一致。", "采纳。"]
    assert thread.answer is not None
    assert thread.answer.is_adopted


def test_who_commented_is_told_of_the_answer(scene, draft):
    answer(scene, say(scene, draft))
    (notice,) = notices_of(scene.session, organisation_id=scene.maker.organisation_id)
    assert "答复" in notice.zh


def test_comments_are_taken_in_their_time_only(scene, draft):
    late = scene.round_.comments_close_at
    assert takes_comments(scene.round_, moment=late - timedelta(seconds=1))
    assert not takes_comments(scene.round_, moment=late)
    with pytest.raises(CommentsClosedError):
        say(scene, draft, moment=late)


def test_a_draft_that_is_not_open_yet_takes_no_comments(scene):
    made = make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    with pytest.raises(CommentsClosedError):
        say(scene, made)


def test_a_superseded_draft_takes_no_comments(scene, draft):
    scene.round_.title = "新标题"
    make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    with pytest.raises(SupersededError):
        say(scene, draft)


@pytest.mark.parametrize(
    "changed", [{"words": "  "}, {"words": "长" * 4001}, {"clause": "no.such"}]
)
def test_an_empty_comment_a_long_one_and_an_unknown_clause_are_refused(scene, draft, changed):
    with pytest.raises(InvalidInputError):
        say(scene, draft, **changed)
    assert threads_of(scene.session, round_id=scene.round_.id) == []


def test_a_comment_of_another_round_cannot_be_answered_here(scene, draft):
    made = say(scene, draft)
    other = new_round(scene.session, name="another-1")
    with pytest.raises(NotFoundForActorError):
        answer_comment(
            scene.session,
            round_=other,
            comment_id=made.id,
            is_adopted=True,
            text="x",
            actor=scene.officer,
            moment=MOMENT,
        )


def test_publication_waits_for_the_answers(scene, draft):
    made = say(scene, draft)
    with pytest.raises(UnansweredCommentsError, match="1 comments"):
        publish_document(scene.session, round_=scene.round_, moment=scene.published_at)
    answer(scene, made)
    publish_document(scene.session, round_=scene.round_, moment=scene.published_at)
