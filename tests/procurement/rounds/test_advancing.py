"""One officer brings a draft to volume reporting, to the comments, and back."""

import pytest

from procurement.database import transaction
from procurement.errors import StaleError
from procurement.rounds.advancing import SENTENCES, advance_round, next_by_officer
from procurement.rounds.hooks import install, installed, make_hooks
from procurement.rounds.readiness import Check, NotReadyError
from procurement.rounds.rules import TRANSITIONS, InvalidTransitionError
from procurement.rounds.tables import RoundStatus, Step
from tests.procurement.rounds import world

S = RoundStatus


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


@pytest.fixture
def round_(session):
    return world.new_round(session)


def advance(session, round_, status, *, version=None, moment=world.MOMENT, checks=()):
    return advance_round(
        session,
        round_=round_,
        status=status,
        version=round_.version if version is None else version,
        actor=world.actor_of(session, world.second_officer(session, round_)),
        moment=moment,
        comment_checks=checks,
    )


def test_a_draft_goes_to_reporting_to_comments_and_back(session, round_):
    for status in (S.VOLUME_REPORTING, S.COMMENTS, S.DRAFT, S.COMMENTS, S.VOLUME_REPORTING):
        assert advance(session, round_, status).status == status


@pytest.mark.parametrize("status", sorted(set(S) - set(SENTENCES)))
def test_one_officer_brings_a_round_nowhere_else(session, round_, status):
    with pytest.raises(InvalidTransitionError):
        advance(session, round_, status)


def test_reporting_needs_lots_and_dates_ahead(session, round_):
    with pytest.raises(NotReadyError) as refusal:
        advance(session, round_, S.VOLUME_REPORTING, moment=round_.volume_closes_at)
    assert [check.key for check in refusal.value.checks] == ["volume-dates"]
    bare = world.new_round(session, name="bare")
    for lot in world.lots_of(session, bare):
        lot.failed_reason = "撤出"
    with pytest.raises(NotReadyError) as refusal:
        advance(session, bare, S.VOLUME_REPORTING)
    assert [check.key for check in refusal.value.checks] == ["lots"]


def test_comments_need_a_closing_date_and_what_other_stages_ask(session, round_):
    advance(session, round_, S.VOLUME_REPORTING)
    with pytest.raises(NotReadyError):
        advance(session, round_, S.COMMENTS, moment=round_.comments_close_at)

    def no_document(session, round_, moment):
        return [Check(key="document", zh="没有文件", en="no document", is_met=False)]

    with pytest.raises(NotReadyError) as refusal:
        advance(session, round_, S.COMMENTS, checks=[no_document])
    assert [check.key for check in refusal.value.checks] == ["document"]


def test_a_stale_page_advances_nothing(session, round_):
    seen = round_.version
    advance(session, round_, S.VOLUME_REPORTING)
    with pytest.raises(StaleError):
        advance(session, round_, S.COMMENTS, version=seen)


def test_what_is_offered_is_what_the_table_allows():
    for status in RoundStatus:
        assert set(next_by_officer(status)) <= set(TRANSITIONS[status])


def test_hooks_are_installed_whole_and_the_last_call_counts():
    before = installed()
    try:
        mine = make_hooks()
        install(mine)
        assert installed() is mine
        assert set(mine.steps) == {Step.PUBLISH, Step.CANCEL, Step.FAIL_LOT}
    finally:
        install(before)
