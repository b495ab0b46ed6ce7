"""Second answers are sealed, logged and opened like bids; silence is no acceptance."""

import json
import secrets
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from bidding.bid_sheet import Answer, QuestionKind
from bidding.sealing import (
    Purpose,
    check_log,
    check_manifest,
    check_record,
    proves_inclusion,
    read_record,
    reveal_key,
)
from procurement.bids.keyholders.manifests import manifests_of
from procurement.bids.opening.evidence import NotOpenedError, opened_bids, opening_record
from procurement.bids.opening.reveal import call_for_keys, reveal_content_key
from procurement.bids.opening.service import NotReadyToOpenError
from procurement.bids.opening.shares import NotOpeningError
from procurement.bids.sittings import (
    Clock,
    NotEvaluatedError,
    close_sitting,
    opened_answers,
    questions_of,
    sittings_of,
    sittings_to_close,
)
from procurement.bids.submission.close import BiddingNotOverError, final_log
from procurement.bids.submission.errors import BrokenChainError, KeyReusedError, NotAskedError
from procurement.bids.submission.receipts import receipts_of, refusals_of
from procurement.bids.tables import LogLeaf, Sitting
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.jobs.tables import Job
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Round, RoundStatus
from tests.procurement.bids.answering import (
    OFFER,
    answer,
    asked,
    call,
    close,
    end_sitting,
    evaluated,
    evaluated_again,
    no,
    open_answers,
    opened,
    send,
    unseal,
    yes,
)
from tests.procurement.bids.world import SECRET


@pytest.fixture
def asking(bidding):
    """Three makers of an evaluated round, of which the first two are asked."""
    world, manifest = bidding
    first, second, third = evaluated(world, manifest)
    answers = call(world, asked(first), asked(second))
    return world, answers, (first, second, third)


def answers_of(world):
    with world.read() as session:
        return {one.bid: one for one in opened_answers(session, round_id=world.round_id)}


def status(world):
    with world.read() as session:
        return world.round(session).status


def own(session, world, maker, sitting=1):
    return receipts_of(
        session,
        round_id=world.round_id,
        organisation_id=maker.id,
        secret_key=SECRET,
        sitting=sitting,
    )


def jobs(world, kind):
    with world.read() as session:
        return [
            json.loads(one) for one in session.scalars(select(Job.payload).where(Job.kind == kind))
        ]


def test_a_sitting_has_a_signed_manifest_of_its_own(bidding):
    world, bids = bidding
    first, *_ = evaluated(world, bids)
    manifest = call(world, asked(first), due_in=Clock(timedelta(minutes=5), timedelta(minutes=20)))
    check_manifest(manifest, bureau_key=bids.bureau_key)
    assert manifest.purpose is Purpose.ANSWERS
    assert manifest.opens_at - manifest.closes_at == timedelta(minutes=15)
    assert manifest.holders == bids.holders and manifest.threshold == bids.threshold
    assert [lot.lot for lot in manifest.lots] == ["L01"]
    assert manifest.supersedes is None and manifest.outage_shift_minutes is None
    assert status(world) == RoundStatus.SECOND_ANSWERS
    with world.read() as session:
        (sitting,) = sittings_of(session, round_id=world.round_id)
        assert (sitting.number, sitting.closes_at) == (1, manifest.closes_at)
        (question,) = questions_of(
            session, round_id=world.round_id, sitting=1, organisation_id=first.id
        )
        assert (question.lot, question.bid, question.price) == ("L01", first.name, OFFER)
        # The bids' own manifest stays the one in force for the bids.
        assert [row.digest for row in manifests_of(session, round_id=world.round_id)] == [
            bids.digest
        ]


@pytest.mark.parametrize(
    ("change", "due_in"),
    [
        ({"lot": "L99"}, timedelta(minutes=30)),
        ({"organisation_id": 10**6}, timedelta(minutes=30)),
        ({}, timedelta(seconds=1)),
        ({}, timedelta(days=30)),
        ({}, Clock(timedelta(hours=2), timedelta(hours=1))),
    ],
)
def test_a_call_that_cannot_be_is_refused_and_changes_nothing(bidding, change, due_in):
    world, manifest = bidding
    first, *_ = evaluated(world, manifest, makers=1)
    with pytest.raises(InvalidInputError):
        call(world, asked(first, **change), due_in=due_in)
    with pytest.raises(InvalidInputError):
        call(world)
    with pytest.raises(InvalidInputError):
        call(world, asked(first), asked(first))
    assert status(world) == RoundStatus.EVALUATED
    with world.read() as session:
        assert session.scalars(select(Sitting)).all() == []


def test_second_answers_are_called_for_after_an_evaluation_only(asking):
    world, _, (first, *_) = asking
    with pytest.raises(NotEvaluatedError):
        call(world, asked(first))


def test_answers_are_heard_and_silence_is_no_acceptance(asking):
    world, manifest, (first, second, _) = asking
    answer(world, first, manifest, yes(price=Decimal("7.01")))
    before = jobs(world, "evaluate-round")
    opening = opened(world, manifest)
    assert opening.seats == "1 3 4"
    assert answers_of(world) == {
        first.name: Answer("L01", first.name, QuestionKind.REVIVE, True, Decimal("7.01")),
        second.name: Answer("L01", second.name, QuestionKind.REVIVE, False),
    }
    assert jobs(world, "evaluate-round") == [*before, {"round_id": world.round_id}]
    # The evaluation brings it back; until then bidders are still being asked.
    assert status(world) == RoundStatus.SECOND_ANSWERS
    assert open_answers(world).id == opening.id
    assert len(jobs(world, "evaluate-round")) == len(before) + 1


def test_where_nobody_answers_a_sitting_is_opened_without_keyholders(asking):
    world, _, (first, second, _) = asking
    log = close(world)
    assert log.leaves == ()
    assert {"round_id": world.round_id, "sitting": 1} in jobs(world, "open-bids")
    open_answers(world)
    assert {bid: one.answer for bid, one in answers_of(world).items()} == {
        first.name: False,
        second.name: False,
    }


def test_the_last_answer_counts_and_a_withdrawn_one_does_not(asking):
    world, manifest, (first, second, _) = asking
    answer(world, first, manifest, no())
    answer(world, first, manifest, yes())
    answer(world, second, manifest, yes())
    withdrawal = second.withdraw(manifest)
    assert send(world, second, withdrawal.to_bytes(), key="w").is_receipt
    log = close(world)
    assert len(log.leaves) == 4 and log.standing == (first.last,)
    for seat in (2, 3, 4):
        unseal(world, manifest, seat)
    open_answers(world)
    assert {bid: one.answer for bid, one in answers_of(world).items()} == {
        first.name: True,
        second.name: False,
    }


@pytest.mark.parametrize(
    "content",
    [
        # Not asked; above the offer; about another product than the one asked about.
        yes(question="cut"),
        yes(price=Decimal("7.06")),
        yes(product="another"),
    ],
)
def test_what_was_not_asked_or_not_offered_is_no_acceptance(asking, content):
    world, manifest, (first, *_) = asking
    answer(world, first, manifest, content)
    opened(world, manifest)
    assert answers_of(world)[first.name].answer is False
    assert answers_of(world)[first.name].price is None


def test_a_firm_with_two_products_answers_for_each(bidding):
    world, manifest = bidding
    first, *_ = evaluated(world, manifest, makers=1)
    tablet, capsule = f"{first.name} · 片", f"{first.name} · 胶囊"
    answers = call(world, asked(first, bid=tablet), asked(first, bid=capsule))
    answer(world, first, answers, yes(product="胶囊"))
    opened(world, answers)
    assert {bid: one.answer for bid, one in answers_of(world).items()} == {
        tablet: False,
        capsule: True,
    }


def test_only_those_who_are_asked_can_answer(asking):
    world, manifest, (*_, third) = asking
    with pytest.raises(NotAskedError):
        send(world, third, third.seal(manifest, yes()).to_bytes())
    with pytest.raises(NotFoundForActorError):
        send(world, third, third.seal(manifest, yes()).to_bytes(), sitting=2)


def test_nobody_answers_in_anothers_name(asking):
    world, manifest, (first, second, _) = asking
    with pytest.raises(InvalidInputError):
        send(world, second, first.seal(manifest, yes()).to_bytes())
    with world.read() as session:
        assert own(session, world, first) == own(session, world, second) == []


def test_an_answer_is_taken_once_and_follows_the_one_before(asking):
    world, manifest, (first, *_) = asking
    envelope = first.seal(manifest, yes())
    receipt = send(world, first, envelope.to_bytes())
    assert send(world, first, envelope.to_bytes()) == receipt
    other = first.seal(manifest, no())
    with pytest.raises(KeyReusedError):
        send(world, first, other.to_bytes())
    with pytest.raises(BrokenChainError):
        send(world, first, other.to_bytes(), key="another")


def test_a_bid_is_no_answer_and_an_answer_is_no_bid(asking, bidding):
    world, manifest, (first, *_) = asking
    _, bids = bidding
    for body in (first.seal(bids).to_bytes(), b"{}", b"[" * 5000):
        with pytest.raises(InvalidInputError):
            send(world, first, body)
    with pytest.raises(InvalidInputError):
        send(world, first, first.seal(manifest, yes()).to_bytes(), sitting=0)


def test_an_answer_after_its_clock_is_refused_in_writing(asking):
    world, manifest, (first, *_) = asking
    answer(world, first, manifest, yes())
    late = first.seal(manifest, no())
    end_sitting(world)
    refusal = send(world, first, late.to_bytes())
    assert not refusal.is_receipt and '"late"' in refusal.document
    close(world)
    again = send(world, first, first.seal(manifest, no()).to_bytes(), key="again")
    assert not again.is_receipt
    with world.read() as session:
        log = final_log(session, round_id=world.round_id, sitting=1)
        assert log.leaves == (first.last,)
        refused = {
            "round_id": world.round_id,
            "organisation_id": first.id,
            "secret_key": SECRET,
        }
        assert len(refusals_of(session, sitting=1, **refused)) == 2
        assert refusals_of(session, **refused) == []


def test_an_answer_to_a_cancelled_round_is_refused_in_writing(asking):
    world, manifest, (first, *_) = asking
    answer(world, first, manifest, yes())
    with transaction(world.engine) as session:
        session.execute(
            update(Round).where(Round.id == world.round_id).values(status=RoundStatus.CANCELLED)
        )
    refusal = send(world, first, first.seal(manifest, no()).to_bytes())
    assert not refusal.is_receipt and '"withdrawn-round"' in refusal.document
    end_sitting(world)
    with world.read() as session:
        assert sittings_to_close(session, moment=database_moment(session)) == []


def test_a_closed_log_takes_nothing_even_if_the_clock_goes_back(asking):
    world, manifest, (first, *_) = asking
    close(world)
    with transaction(world.engine) as session:
        sitting = session.scalars(select(Sitting)).one()
        sitting.closes_at += timedelta(hours=1)
    late = send(world, first, first.seal(manifest, yes()).to_bytes())
    assert not late.is_receipt


def test_the_log_of_a_sitting_is_its_own_and_proves_every_receipt(asking):
    world, manifest, (first, second, _) = asking
    for maker in (first, second):
        answer(world, maker, manifest, yes())
    with transaction(world.engine) as session, pytest.raises(BiddingNotOverError):
        world_close_early(world, session)
    log = close(world)
    check_log(log.checkpoint, log.leaves, manifest)
    assert log.checkpoint.is_final
    with world.read() as session:
        (receipt,) = own(session, world, first)
        assert receipt.proof is not None
        assert proves_inclusion(receipt.proof, log.checkpoint)
        bids = final_log(session, round_id=world.round_id)
        assert set(bids.leaves).isdisjoint(log.leaves)
        assert len(own(session, world, first, sitting=0)) == 1


def world_close_early(world, session):
    close_sitting(session, round_=world.round(session), sitting=1, secret_key=SECRET)


def test_due_sittings_are_found_by_the_clock(asking):
    world, *_ = asking
    with world.read() as session:
        now = database_moment(session)
        assert sittings_to_close(session, moment=now) == []
        later = now + timedelta(hours=1)
        assert sittings_to_close(session, moment=later) == [(world.round_id, 1)]
    close(world)
    with world.read() as session:
        assert sittings_to_close(session, moment=later) == []


def test_a_share_of_another_sitting_or_too_early_changes_nothing(asking, bidding):
    world, manifest, (first, *_) = asking
    _, bids = bidding
    answer(world, first, manifest, yes())
    with pytest.raises(NotOpeningError):
        unseal(world, manifest, 1)
    close(world)
    with world.read() as session:
        leaves = [own(session, world, first, sitting=0)[0].leaf.envelope]
    of_bids = world.posting(bids, leaves, 1)
    for body in (of_bids.to_bytes(), b"{}"):
        with pytest.raises(InvalidInputError):
            unseal(world, manifest, 1, body=body)
    unseal(world, manifest, 1)
    unseal(world, manifest, 2)
    with pytest.raises(NotReadyToOpenError):
        open_answers(world)
    assert answers_of(world) == {}
    with world.read() as session, pytest.raises(NotOpenedError):
        opening_record(session, round_=world.round(session), secret_key=SECRET, sitting=1)


def test_the_opening_of_a_sitting_is_evidence_of_its_own(asking):
    world, manifest, (first, second, _) = asking
    answer(world, first, manifest, yes())
    answer(world, second, manifest, no())
    opened(world, manifest)
    with world.read() as session:
        round_ = world.round(session)
        record = opening_record(session, round_=round_, secret_key=SECRET, sitting=1)
        repeated = read_record(record.to_bytes())
        check_record(repeated)
        assert [one.purpose for one in repeated.manifests] == [Purpose.ANSWERS]
        bids = opening_record(session, round_=round_, secret_key=SECRET)
        check_record(bids)
        assert len(opened_bids(session, round_id=world.round_id)) == 3
        assert len(opened_bids(session, round_id=world.round_id, sitting=1)) == 2


def test_answers_are_opened_by_revealed_keys_where_a_quorum_fails(asking):
    world, manifest, (first, second, _) = asking
    for maker in (first, second):
        answer(world, maker, manifest, yes())
    close(world)
    with transaction(world.engine) as session:
        call = call_for_keys(
            session,
            round_=world.round(session),
            actor=world.officer_actors[0],
            due_at=database_moment(session) + timedelta(hours=1),
            reason="too few",
            secret_key=SECRET,
            sitting=1,
        )
        assert call.sitting == 1
        revealed = reveal(world, session, first)
        assert reveal(world, session, first).id == revealed.id
    with pytest.raises(NotReadyToOpenError):
        open_answers(world)


def reveal(world, session, maker):
    made = reveal_key(maker.secrets[-1], signing_key=maker.key, random_bytes=secrets.token_bytes)
    return reveal_content_key(
        session,
        round_=world.round(session),
        actor=maker.actor,
        body=made.to_bytes(),
        secret_key=SECRET,
        sitting=1,
    )


def test_one_sitting_follows_another(asking):
    world, manifest, (first, second, _) = asking
    answer(world, first, manifest, yes())
    opened(world, manifest)
    evaluated_again(world)
    first.version, first.last = 0, None
    again = call(world, asked(first, price=Decimal("6.9")))
    with world.read() as session:
        assert [one.number for one in sittings_of(session, round_id=world.round_id)] == [1, 2]
    # What was sealed for the first sitting is no answer in the second.
    with pytest.raises(InvalidInputError):
        send(world, first, first.seal(manifest, yes()).to_bytes(), sitting=2)
    with pytest.raises(NotAskedError):
        send(world, second, second.seal(again, yes()).to_bytes(), sitting=2)
    answer(world, first, again, no(), sitting=2)
    opened(world, again, sitting=2)
    with world.read() as session:
        given = opened_answers(session, round_id=world.round_id)
    assert [(one.bid, one.answer) for one in given] == [
        (first.name, True),
        (second.name, False),
        (first.name, False),
    ]


def test_rows_of_answers_are_covered_and_tell_nothing(asking):
    world, manifest, (first, *_) = asking
    answer(world, first, manifest, yes())
    with world.read() as session:
        rows = session.scalars(select(LogLeaf).where(LogLeaf.sitting == 1)).all()
        assert len({len(row.sealed) for row in rows}) == 1
    cover = [one for one in jobs(world, "cover-log") if one.get("sitting") == 1]
    assert cover == [{"round_id": world.round_id, "sitting": 1, "nth": 1}]
