"""Two officers decide to open; a publication and an amendment have the manifest signed."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from procurement.bids.jobs import HANDLERS
from procurement.bids.keyholders.checks import PUBLICATION
from procurement.bids.keyholders.manifests import manifests_of
from procurement.bids.steps import OPEN_BIDS, with_new_manifest
from procurement.bids.tables import LogLeaf
from procurement.clock import now
from procurement.database import database_moment, transaction
from procurement.jobs import Worker, run_due_jobs
from procurement.rounds.proposals import StepDecision, StepRequest, confirm_step, propose_step
from procurement.rounds.readiness import NotReadyError
from procurement.rounds.rules import FourEyesError
from procurement.rounds.tables import ProposalStatus, RoundStatus, Step, StepProposal
from procurement.settings import Settings
from tests.procurement.bids.test_opening import post
from tests.procurement.bids.world import SECRET


def work(world, folder):
    settings = Settings(folder, str(world.engine.url), secret_key=SECRET)
    run_due_jobs(Worker(world.engine, settings, HANDLERS, now))


def propose(world, officer=0):
    with transaction(world.engine) as session:
        return propose_step(
            session,
            kind=OPEN_BIDS,
            request=StepRequest(round_=world.round(session), moment=database_moment(session)),
            actor=world.officer_actors[officer],
        )


def confirm(world, proposal, officer):
    with transaction(world.engine) as session:
        found = session.get_one(StepProposal, proposal.id)
        return confirm_step(
            session,
            kind=OPEN_BIDS,
            proposal=found,
            digest=found.digest,
            actor=world.officer_actors[officer],
            moment=database_moment(session),
        )


def status(world):
    with world.read() as session:
        return world.round(session).status


def test_the_opening_waits_for_the_second_officer_and_then_for_the_shares(bidding, tmp_path):
    world, manifest = bidding
    world.bid(world.new_maker(), manifest)
    with pytest.raises(NotReadyError):
        propose(world)
    world.close()
    post(world, manifest, 1)
    proposal = propose(world)
    with pytest.raises(FourEyesError):
        confirm(world, proposal, officer=0)
    confirm(world, proposal, officer=1)
    work(world, tmp_path)
    assert status(world) == RoundStatus.CLOSED
    post(world, manifest, 2)
    post(world, manifest, 3)
    work(world, tmp_path)
    assert status(world) == RoundStatus.OPENED


def test_the_shares_wait_for_the_second_officer(bidding, tmp_path):
    world, manifest = bidding
    world.bid(world.new_maker(), manifest)
    world.close()
    for seat in (1, 2, 3):
        post(world, manifest, seat)
    work(world, tmp_path)
    assert status(world) == RoundStatus.CLOSED
    confirm(world, propose(world), officer=1)
    work(world, tmp_path)
    assert status(world) == RoundStatus.OPENED


def decision(world, session):
    proposal = StepProposal(
        round_id=world.round_id,
        step=Step.AMEND,
        status=ProposalStatus.CONFIRMED,
        content="{}",
        digest="0" * 64,
        proposed_by=world.officers[0].id,
        proposed_at=database_moment(session),
    )
    session.add(proposal)
    session.flush()
    return StepDecision(
        round_=world.round(session),
        proposal=proposal,
        actor=world.officer_actors[1],
        moment=database_moment(session),
    )


def manifests(world):
    with world.read() as session:
        return len(manifests_of(session, round_id=world.round_id))


def test_a_publication_signs_the_manifest_and_covers_the_log(world, tmp_path, monkeypatch):
    monkeypatch.setattr("procurement.bids.submission.covers.secrets.randbelow", lambda _limit: 7)
    world.hand_over_all_keys()
    with transaction(world.engine) as session:
        PUBLICATION.carry_out(session, decision(world, session))
        world.round(session).status = RoundStatus.PUBLISHED
    work(world, tmp_path)
    assert manifests(world) == 1
    with world.read() as session:
        assert len(session.scalars(select(LogLeaf.id)).all()) == 7


def test_an_amendment_signs_the_next_manifest_only_if_it_says_something_else(bidding, tmp_path):
    world, _ = bidding
    amend = with_new_manifest(replace(OPEN_BIDS, carry_out=lambda _session, _decision: None))
    with transaction(world.engine) as session:
        amend.carry_out(session, decision(world, session))
    work(world, tmp_path)
    assert manifests(world) == 1

    def move(session, taken):
        taken.round_.outage_shift_minutes += 1

    with transaction(world.engine) as session:
        with_new_manifest(replace(OPEN_BIDS, carry_out=move)).carry_out(
            session, decision(world, session)
        )
    work(world, tmp_path)
    assert manifests(world) == 2
