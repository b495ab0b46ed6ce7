"""The table of transitions: complete, and nothing else is allowed."""

from itertools import pairwise, product

import pytest

from procurement.rounds.rules import (
    PROPOSAL_TRANSITIONS,
    TRANSITIONS,
    InvalidTransitionError,
    ProposalDecidedError,
    check_proposal_transition,
    check_transition,
    is_public,
    needs_two_officers,
)
from procurement.rounds.status import STATUS_NAMES, ProposalStatus, RoundStatus

S = RoundStatus

# The chain as the issue tells it, written here a second time.
CHAIN = (
    *(S.DRAFT, S.VOLUME_REPORTING, S.COMMENTS, S.PUBLISHED, S.BIDDING, S.CLOSED, S.OPENED),
    *(S.EVALUATED, S.SECOND_ANSWERS, S.ANNOUNCED, S.AWARDED, S.REGIONS_CHOSEN, S.AGREEMENTS),
    S.RUNNING,
)
BACK = {
    (S.VOLUME_REPORTING, S.DRAFT),
    (S.COMMENTS, S.DRAFT),
    (S.COMMENTS, S.VOLUME_REPORTING),
    (S.SECOND_ANSWERS, S.EVALUATED),
    (S.ANNOUNCED, S.EVALUATED),
}
SKIPPING = {(S.DRAFT, S.COMMENTS), (S.EVALUATED, S.ANNOUNCED)}
ENDS = {(S.RUNNING, S.ENDED), (S.RUNNING, S.FOLLOWED_ON)}
CANCELLED = {(status, S.CANCELLED) for status in CHAIN if status is not S.RUNNING}


@pytest.mark.parametrize(("present", "wanted"), list(product(RoundStatus, repeat=2)))
def test_exactly_the_listed_pairs_are_allowed(present, wanted):
    allowed = {*pairwise(CHAIN), *BACK, *SKIPPING, *ENDS, *CANCELLED}
    if (present, wanted) in allowed:
        check_transition(present, wanted)
    else:
        with pytest.raises(InvalidTransitionError) as refusal:
            check_transition(present, wanted)
        assert (refusal.value.present, refusal.value.wanted) == (present, wanted)


def test_every_status_has_a_row_and_a_name_in_both_languages():
    assert set(TRANSITIONS) == set(RoundStatus) == set(STATUS_NAMES)
    assert all(all(names) for names in STATUS_NAMES.values())


def test_every_conducted_status_can_be_reached_from_the_draft():
    reached, waiting = set(), [S.DRAFT]
    while waiting:
        status = waiting.pop()
        if status not in reached:
            reached.add(status)
            waiting.extend(TRANSITIONS[status])
    assert reached == set(RoundStatus) - {S.IMPORTED}


def test_a_cancelled_round_never_goes_on():
    assert TRANSITIONS[S.CANCELLED] == TRANSITIONS[S.ENDED] == TRANSITIONS[S.FOLLOWED_ON] == ()


@pytest.mark.parametrize(("present", "wanted"), list(product(ProposalStatus, repeat=2)))
def test_a_proposal_is_decided_once(present, wanted):
    open_to = present is ProposalStatus.OPEN and wanted is not ProposalStatus.OPEN
    assert (wanted in PROPOSAL_TRANSITIONS[present]) is open_to
    if not open_to and present is not ProposalStatus.OPEN:
        with pytest.raises(ProposalDecidedError):
            check_proposal_transition(present, wanted)


def test_publishing_opening_awarding_and_cancelling_take_two_officers():
    by_two = {
        wanted
        for present, following in TRANSITIONS.items()
        for wanted in following
        if needs_two_officers(present, wanted)
    }
    assert by_two == {S.PUBLISHED, S.OPENED, S.AWARDED, S.CANCELLED}
    assert not needs_two_officers(S.DRAFT, S.CANCELLED)
    assert needs_two_officers(S.VOLUME_REPORTING, S.CANCELLED)


def test_a_round_is_public_once_it_is_addressed_to_others():
    unseen = {status for status in RoundStatus if not is_public(status)}
    assert unseen == {S.IMPORTED, S.DRAFT}
    assert not is_public(S.CANCELLED, was_seen=False)
