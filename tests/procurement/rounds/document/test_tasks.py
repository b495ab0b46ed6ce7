"""What the home page lists about documents."""

from datetime import timedelta

from procurement.rounds.document.service import (
    Amendment,
    acknowledge,
    amend,
    answer_comment,
    comment,
    make_draft,
    publish_document,
)
from procurement.rounds.document.tasks import waiting_for
from tests.procurement.rounds.world import MOMENT


def waiting(scene, actor, moment=MOMENT):
    return [task.en for task in waiting_for(scene.session, actor=actor, moment=moment)]


def test_comments_wait_for_the_officer_until_they_are_answered(scene):
    draft = make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    scene.to_comments()
    assert waiting(scene, scene.officer) == []
    assert len(waiting(scene, scene.maker)) == 1
    made = comment(
        scene.session,
        round_=scene.round_,
        version=draft,
        clause="",
        text="同意。",
        actor=scene.maker,
        moment=MOMENT,
    )
    assert waiting(scene, scene.maker) == []
    assert "Answer 1 comments" in waiting(scene, scene.officer)[0]
    answer_comment(
        scene.session,
        round_=scene.round_,
        comment_id=made.id,
        is_adopted=True,
        text="谢谢。",
        actor=scene.officer,
        moment=MOMENT,
    )
    assert waiting(scene, scene.officer) == []


def test_a_draft_whose_comments_are_closed_waits_for_nobody(scene):
    make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    scene.to_comments()
    late = scene.round_.comments_close_at + timedelta(seconds=1)
    assert waiting(scene, scene.maker, late) == []


def test_an_amendment_waits_for_those_who_acknowledged_the_document(scene):
    scene.to_published()
    at = scene.published_at
    published = publish_document(scene.session, round_=scene.round_, moment=at)
    acknowledge(scene.session, round_=scene.round_, version=published, actor=scene.maker, moment=at)
    assert waiting(scene, scene.maker, at) == []
    version = amend(
        scene.session,
        round_=scene.round_,
        amendment=Amendment(reason="更正", rules={"comparable.decimals": 3}),
        actor=scene.second,
        second_person_id=scene.officer.person_id,
        moment=at,
    )
    assert "acknowledge" in waiting(scene, scene.maker, at)[0]
    assert waiting(scene, scene.rival, at) == []
    acknowledge(scene.session, round_=scene.round_, version=version, actor=scene.maker, moment=at)
    assert waiting(scene, scene.maker, at) == []
