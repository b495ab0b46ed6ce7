"""Answers: exactly three, and a refusal states why."""

from bidding.screens.answer import Answer, Subject, SubjectKind, Wording, refuse


def test_there_are_three_answers_and_no_fourth():
    assert [answer.value for answer in Answer] == ["flagged", "not-flagged", "not-assessable"]


def test_a_refusal_has_a_reason_and_no_figure():
    result = refuse("cv", Subject(SubjectKind.LOT, "L01"), Wording("少", "few"), n=2)
    assert result.answer is Answer.NOT_ASSESSABLE
    assert (result.figure, result.threshold, result.chance, result.n) == (None, None, None, 2)
    assert (result.reason.zh, result.reason.en) == ("少", "few")
