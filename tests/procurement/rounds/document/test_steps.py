"""The document's part of publication and amendment by two officers."""

from dataclasses import replace

import pytest

from procurement.permissions import NotFoundForActorError
from procurement.rounds.document.service import (
    Amendment,
    comment,
    make_draft,
    newest_version,
    publish_document,
    published_document,
    rules_in_force,
)
from procurement.rounds.document.steps import (
    amend_step,
    comment_checks,
    document_checks,
    find_amendment_draft,
    publication_part,
    write_amendment_draft,
)
from procurement.rounds.proposals import (
    ProposalLapsedError,
    StepRequest,
    confirm_step,
    propose_step,
)
from procurement.rounds.publication import publication_content, publish_step
from tests.procurement.rounds.world import MOMENT

RATIO = "selection.ratio_to_lowest"


def unmet(checks):
    return [check.key for check in checks if not check.is_met]


def test_comments_need_a_draft_on_record(scene):
    assert unmet(comment_checks(scene.session, scene.round_, MOMENT)) == ["document-draft"]
    make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    assert unmet(comment_checks(scene.session, scene.round_, MOMENT)) == []


def test_publication_needs_no_open_clause_and_all_comments_answered(scene):
    assert unmet(document_checks(scene.session, scene.round_, MOMENT)) == []
    draft = make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    scene.to_comments()
    comment(
        scene.session,
        round_=scene.round_,
        version=draft,
        clause="",
        text="同意。",
        actor=scene.maker,
        moment=MOMENT,
    )
    scene.round_.options = "{}"
    found = unmet(document_checks(scene.session, scene.round_, MOMENT))
    assert found == ["document", "comments-answered"]


def test_a_bad_option_is_an_unmet_check_and_no_crash(scene):
    scene.round_.options = '{"no.such":"1"}'
    assert unmet(document_checks(scene.session, scene.round_, MOMENT)) == ["document"]


def test_what_two_officers_confirm_holds_the_digest_of_the_document(scene):
    parts = (publication_part(),)
    before = publication_content(scene.session, round_=scene.round_, parts=parts)
    assert before == publication_content(scene.session, round_=scene.round_, parts=parts)
    scene.round_.title = "另一个标题"
    scene.session.flush()
    after = publication_content(scene.session, round_=scene.round_, parts=parts)
    assert '"document":' in before
    assert before != after


def test_two_officers_publish_round_and_document_together(scene):
    make_draft(scene.session, round_=scene.round_, actor=scene.officer, moment=MOMENT)
    scene.to_comments()
    kind = replace(publish_step((publication_part(),)), checks=lambda session, request: ())
    request = StepRequest(round_=scene.round_, moment=scene.published_at)
    proposal = propose_step(scene.session, kind=kind, request=request, actor=scene.officer)
    confirm_step(
        scene.session,
        kind=kind,
        proposal=proposal,
        digest=proposal.digest,
        actor=scene.second,
        moment=scene.published_at,
    )
    assert scene.round_.status == "published"
    assert published_document(scene.session, round_=scene.round_) is not None


@pytest.fixture
def published(scene):
    scene.to_published()
    return publish_document(scene.session, round_=scene.round_, moment=scene.published_at)


def proposed(scene, value="2"):
    draft = write_amendment_draft(
        scene.session,
        round_=scene.round_,
        amendment=Amendment(reason="更正", rules={RATIO: value}),
        actor=scene.officer,
        moment=scene.published_at,
    )
    request = StepRequest(
        round_=scene.round_, about=str(draft.id), reason="更正", moment=scene.published_at
    )
    kind = amend_step()
    assert "第1号补充文件" in kind.sentence(scene.session, request).zh
    return propose_step(scene.session, kind=kind, request=request, actor=scene.officer)


def confirm(scene, proposal):
    return confirm_step(
        scene.session,
        kind=amend_step(),
        proposal=proposal,
        digest=proposal.digest,
        actor=scene.second,
        moment=scene.published_at,
    )


def test_two_officers_amend_the_document(scene, published):
    confirm(scene, proposed(scene))
    rules = rules_in_force(scene.session, round_=scene.round_)
    assert str(rules.rulebook.rules[RATIO].value) == "2"
    newest = newest_version(scene.session, round_=scene.round_)
    assert newest is not None
    assert newest.made_by == scene.second.person_id


def test_a_proposal_lapses_when_another_amendment_came_first(scene, published):
    first, second = proposed(scene, "2"), proposed(scene, "3")
    confirm(scene, first)
    with pytest.raises(ProposalLapsedError):
        confirm(scene, second)


@pytest.mark.parametrize("about", ["", "x", "99", "１", "99999999999999999999"])
def test_an_unknown_amendment_is_not_found(scene, published, about):
    with pytest.raises(NotFoundForActorError):
        find_amendment_draft(scene.session, round_=scene.round_, about=about)
