"""Acknowledgements: who has the document as it stands, and who has not yet."""

import pytest

from procurement.notices import notices_of
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.document.errors import NotPublishedError, SupersededError
from procurement.rounds.document.service import (
    Amendment,
    acknowledge,
    acknowledged_by,
    amend,
    awaiting_acknowledgement,
    has_acknowledged,
    make_draft,
    may_list,
    publish_document,
    remind_to_acknowledge,
)
from procurement.rounds.tables import RoundStatus
from tests.procurement.rounds.world import MOMENT


@pytest.fixture
def published(scene):
    scene.to_published()
    return publish_document(scene.session, round_=scene.round_, moment=scene.published_at)


def take(scene, version, actor=None):
    return acknowledge(
        scene.session,
        round_=scene.round_,
        version=version,
        actor=actor or scene.maker,
        moment=scene.published_at,
    )


def amended(scene):
    return amend(
        scene.session,
        round_=scene.round_,
        amendment=Amendment(reason="更正", rules={"selection.ratio_to_lowest": "2"}),
        actor=scene.second,
        second_person_id=scene.officer.person_id,
        moment=scene.published_at,
    )


def names(organisations):
    return [organisation.name for organisation in organisations]


def test_an_acknowledgement_is_given_once(scene, published):
    first = take(scene, published)
    assert take(scene, published).id == first.id
    assert names(acknowledged_by(scene.session, version=published)) == ["机构 maker"]
    organisation = scene.maker.organisation_id
    assert has_acknowledged(scene.session, round_=scene.round_, organisation_id=organisation)


def test_an_amendment_has_to_be_acknowledged_anew(scene, published):
    take(scene, published)
    take(scene, published, scene.rival)
    version = amended(scene)
    take(scene, version, scene.rival)
    waiting = awaiting_acknowledgement(scene.session, round_=scene.round_)
    assert names(waiting) == ["机构 maker"]
    organisation = scene.maker.organisation_id
    assert not has_acknowledged(scene.session, round_=scene.round_, organisation_id=organisation)


def test_those_who_are_to_acknowledge_may_be_named(scene, published):
    take(scene, published)
    ids = [scene.maker.organisation_id, scene.rival.organisation_id]
    waiting = awaiting_acknowledgement(scene.session, round_=scene.round_, organisation_ids=ids)
    assert names(waiting) == ["机构 rival"]


def test_nobody_is_awaited_before_publication(scene):
    assert awaiting_acknowledgement(scene.session, round_=scene.round_) == []
    organisation = scene.maker.organisation_id
    assert not has_acknowledged(scene.session, round_=scene.round_, organisation_id=organisation)


def test_a_draft_cannot_be_acknowledged(scene):
    made = make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    with pytest.raises(NotPublishedError):
        take(scene, made)


def test_an_old_version_cannot_be_acknowledged(scene, published):
    amended(scene)
    with pytest.raises(SupersededError):
        take(scene, published)


def test_somebody_without_an_organisation_cannot_acknowledge(scene, published):
    with pytest.raises(NotFoundForActorError):
        take(scene, published, Actor())


def test_each_is_reminded_of_a_version_once(scene, published):
    ids = [scene.rival.organisation_id]
    for _ in range(2):
        number = remind_to_acknowledge(
            scene.session,
            round_=scene.round_,
            moment=scene.published_at,
            organisation_ids=ids,
        )
        assert number == 1
    told = notices_of(scene.session, organisation_id=scene.rival.organisation_id)
    assert len(told) == 1


@pytest.mark.parametrize("status", RoundStatus)
def test_people_see_the_list_only_after_closing(scene, status):
    scene.round_.status = status
    open_still = ("draft", "volume-reporting", "comments", "published", "bidding")
    assert may_list(scene.round_) == (status.value not in open_still)
