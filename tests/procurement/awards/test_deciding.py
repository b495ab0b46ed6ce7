"""Ties and withdrawals are answered by two officers, and only as the rules allow."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bidding.bid_sheet import QuestionKind
from procurement.awards.answers import answers_of
from procurement.awards.deciding import (
    ANSWER_QUESTION,
    BureauAnswer,
    NotAnsweringError,
    asked_bids,
    draft_answers,
    propose_answers,
)
from procurement.awards.evaluation import (
    EVALUATE_ROUND_JOB,
    is_up_to_date,
    require_report,
)
from procurement.awards.tables import AnswerDraft, AwardAnswer
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.jobs.tables import Job
from procurement.permissions import NotFoundForActorError
from procurement.rounds.proposals import (
    AlreadyProposedError,
    ProposalLapsedError,
    StepRequest,
    confirm_step,
)
from procurement.rounds.rules import FourEyesError
from procurement.rounds.tables import RoundStatus, StepProposal
from tests.procurement.awards.world import evaluated_round


@pytest.fixture
def world(engine):
    return evaluated_round(engine)


def tie(world, *, reason="更早通过一致性评价", lot="L02", **answers):
    named = {world.maker(letter).name: yes for letter, yes in answers.items()}
    return BureauAnswer(lot=lot, question=QuestionKind.TIE, answers=named, reason=reason)


def withdrawal(world, letter, *, lot="L01", answer=True):
    return BureauAnswer(
        lot=lot,
        question=QuestionKind.WITHDRAW,
        answers={world.maker(letter).name: answer},
        reason="撤回函〔2026〕1 号",
    )


def decide(world, wanted):
    world.take_step(ANSWER_QUESTION, lambda session: world.draft(session, wanted))


def status_of(world, lot, letter):
    with world.read() as session:
        report = require_report(session, round_id=world.round_id)
    return report.outcome(lot, world.maker(letter).name)["status"]


def test_two_officers_settle_a_tie_and_the_next_evaluation_follows_it(world):
    decide(world, tie(world, A=False, C=True))
    with world.read() as session:
        queued = session.scalars(select(Job).where(Job.kind == EVALUATE_ROUND_JOB)).all()
        assert len(queued) == 2
        report = require_report(session, round_id=world.round_id)
        assert not is_up_to_date(session, round_=world.round(session), report=report)
    world.evaluate()
    assert status_of(world, "L02", "C") == "selected"
    assert status_of(world, "L02", "A") == "rejected"
    with world.read() as session:
        rows = session.scalars(select(AwardAnswer)).all()
        assert {(row.proposed_by, row.decided_by) for row in rows} == {
            (world.officer.person_id, world.second.person_id)
        }
        assert len(answers_of(session, round_id=world.round_id)) == 2


def test_the_newest_answer_counts(world):
    decide(world, withdrawal(world, "B"))
    assert status_of(world.evaluate(), "L01", "B") == "rejected"
    decide(world, withdrawal(world, "B", answer=False))
    assert status_of(world.evaluate(), "L01", "B") == "selected"


def test_nothing_changes_until_another_officer_confirms(world):
    with transaction(world.engine) as session:
        request = world.draft(session, tie(world, A=True, C=False))
        draft = session.get_one(AnswerDraft, int(request.about))
        proposal = propose_answers(
            session,
            round_=world.round(session),
            draft=draft,
            actor=world.officer,
            moment=request.moment,
        )
        with pytest.raises(AlreadyProposedError):
            propose_answers(
                session,
                round_=world.round(session),
                draft=draft,
                actor=world.second,
                moment=request.moment,
            )
        proposal_id = proposal.id
    with pytest.raises(FourEyesError), transaction(world.engine) as session:
        confirm(session, proposal_id, world.officer)
    with world.read() as session:
        assert answers_of(session, round_id=world.round_id) == ()


def confirm(session, proposal_id, actor):
    proposal = session.get_one(StepProposal, proposal_id)
    return confirm_step(
        session,
        kind=ANSWER_QUESTION,
        proposal=proposal,
        digest=proposal.digest,
        actor=actor,
        moment=database_moment(session),
    )


def test_a_proposal_about_an_earlier_report_lapses(world):
    with transaction(world.engine) as session:
        request = world.draft(session, tie(world, A=True, C=False))
        draft = session.get_one(AnswerDraft, int(request.about))
        proposal_id = propose_answers(
            session,
            round_=world.round(session),
            draft=draft,
            actor=world.officer,
            moment=request.moment,
        ).id
    decide(world, withdrawal(world, "D", lot="L03"))
    world.evaluate()
    with pytest.raises(ProposalLapsedError), transaction(world.engine) as session:
        confirm(session, proposal_id, world.second)


@pytest.mark.parametrize(
    ("answers", "lot", "fault"),
    [
        ({}, "L02", "Give an answer"),
        ({"A": True}, "L02", "Decide about"),
        ({"A": True, "B": False, "C": False}, "L02", "Nothing of the kind"),
        ({"A": True, "C": True}, "L02", "Not allowed"),
        ({"A": True}, "L01", "Nothing of the kind"),
    ],
)
def test_only_what_the_report_asks_is_answered_and_wholly(world, answers, lot, fault):
    refused(world, tie(world, lot=lot, **answers), fault)


def test_an_answer_needs_its_reason(world):
    refused(world, tie(world, reason="  ", A=True, C=False), "Say by which facts")
    refused(world, tie(world, reason="长" * 2001, A=True, C=False), "At most")


def test_offers_are_answered_by_bidders_and_not_by_the_bureau(world):
    name = world.maker("C").name
    wanted = BureauAnswer(
        lot="L01", question=QuestionKind.REVIVE, answers={name: True}, reason="代答"
    )
    refused(world, wanted, "bidders answer")


def refused(world, wanted, fault):
    with pytest.raises(InvalidInputError) as refusal, transaction(world.engine) as session:
        world.draft(session, wanted)
    assert fault in refusal.value.en
    assert refusal.value.zh != refusal.value.en
    with world.read() as session:
        assert session.scalars(select(AnswerDraft)).all() == []


def test_the_report_says_which_bids_a_tie_is_about(world):
    with world.read() as session:
        report = require_report(session, round_id=world.round_id)
        assert asked_bids(report, "L02", QuestionKind.TIE) == (
            world.maker("A").name,
            world.maker("C").name,
        )


def test_the_bureau_answers_between_evaluation_and_notice_only(world):
    with transaction(world.engine) as session:
        draft_id = int(world.draft(session, tie(world, A=True, C=False)).about)
    for _ in world.every_status_but(RoundStatus.EVALUATED):
        with pytest.raises(NotAnsweringError), transaction(world.engine) as session:
            world.draft(session, tie(world, A=True, C=False))
        with world.read() as session:
            request = StepRequest(
                round_=world.round(session), about=str(draft_id), moment=database_moment(session)
            )
            assert not all(check.is_met for check in ANSWER_QUESTION.checks(session, request))


def test_another_rounds_draft_or_lot_is_not_found(world):
    for about in ("", "7x", "999", "9" * 12):
        with pytest.raises(NotFoundForActorError), world.read() as session:
            request = StepRequest(
                round_=world.round(session), about=about, moment=database_moment(session)
            )
            ANSWER_QUESTION.content(session, request)
    with pytest.raises(NotFoundForActorError), transaction(world.engine) as session:
        draft_answers(
            session,
            round_=world.round(session),
            wanted=tie(world, lot="L99", A=True),
            actor=world.officer,
            moment=database_moment(session),
        )


def test_the_sentence_says_whole_what_is_confirmed(world):
    with transaction(world.engine) as session:
        for wanted in (tie(world, A=True, C=False), withdrawal(world, "B")):
            request = world.draft(session, wanted)
            said = ANSWER_QUESTION.sentence(session, request)
            for name in wanted.answers:
                assert name in said.zh and name in said.en
            assert wanted.reason in said.zh


@pytest.mark.parametrize("table", [AnswerDraft, AwardAnswer])
def test_answers_cannot_be_changed(world, table):
    decide(world, tie(world, A=True, C=False))
    with pytest.raises(IntegrityError), transaction(world.engine) as session:
        session.execute(update(table).values(question="withdraw"))
