"""The award: two officers, after the notice, from the report on notice; frozen with its prices."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from procurement.awards.awarded import last_day, prices_of
from procurement.awards.evaluation import require_report
from procurement.awards.fixing import FIX_AWARD, award_of, awarded_bids, propose_award
from procurement.awards.states import Verdict
from procurement.awards.tables import Award, AwardedBid, AwardedPrice
from procurement.database import database_moment, transaction
from procurement.notices import notices_of as told
from procurement.prices.tables import Price
from procurement.rounds.progress import set_status
from procurement.rounds.proposals import (
    AlreadyProposedError,
    ProposalLapsedError,
    StepRequest,
    confirm_step,
)
from procurement.rounds.readiness import NotReadyError
from procurement.rounds.rules import FourEyesError, InvalidTransitionError
from procurement.rounds.tables import RoundStatus, StepProposal
from tests.procurement.awards.test_objections import answer, appeal, file
from tests.procurement.awards.world import announced_round, awarded_round, decided_round

FIRST_DAY = date(2027, 1, 1)


def propose(world, *, starts_on=FIRST_DAY, actor=None):
    with transaction(world.engine) as session:
        return propose_award(
            session,
            round_=world.round(session),
            starts_on=starts_on,
            actor=actor or world.officer,
            moment=database_moment(session),
        ).id


def confirm(world, proposal_id, *, actor=None):
    with transaction(world.engine) as session:
        proposal = session.get_one(StepProposal, proposal_id)
        confirm_step(
            session,
            kind=FIX_AWARD,
            proposal=proposal,
            digest=proposal.digest,
            actor=actor or world.second,
            moment=database_moment(session),
        )


def unmet(world, about="2027-01-01"):
    """Which checks an award does not meet now."""
    with world.read() as session:
        request = StepRequest(
            round_=world.round(session), about=about, moment=database_moment(session)
        )
        FIX_AWARD.sentence(session, request)
        FIX_AWARD.content(session, request)
        return [check.key for check in FIX_AWARD.checks(session, request) if not check.is_met]


def test_the_winners_are_those_of_the_report_with_their_prices(engine):
    world = awarded_round(engine)
    with world.read() as session:
        report = require_report(session, round_id=world.round_id)
        award = award_of(session, round_id=world.round_id)
        assert award is not None
        assert world.round(session).status == RoundStatus.AWARDED
        assert (award.report_digest, award.starts_on) == (report.row.report_digest, FIRST_DAY)
        assert (award.proposed_by, award.decided_by) == (
            world.officer.person_id,
            world.second.person_id,
        )
        rows = awarded_bids(session, round_id=world.round_id)
        outcomes = {
            (lot["lot"], one["bid"]): one
            for lot in report.lots
            for one in lot["outcomes"]
            if one["selected"]
        }
        assert {(lot.code, bid.bid) for bid, lot in rows} == set(outcomes)
        for bid, lot in rows:
            outcome = outcomes[lot.code, bid.bid]
            assert (bid.rank, bid.status) == (outcome["rank"], outcome["status"])
            assert bid.ends_on == date(2027, 12, 31)
            price = outcome["offer_price"] or outcome["declared_price"]
            assert Fraction(bid.unit_price) == Fraction(bid.pack_price) / bid.pack_units
            assert abs(Fraction(bid.unit_price) - Fraction(price)) < Fraction(1, 10**20)


def prices(world, letter):
    with world.read() as session:
        return {
            (lot.code, one.strength, one.pack_units): (one.pack_price, one.source)
            for bid, lot in awarded_bids(session, round_id=world.round_id)
            for one in prices_of(session, awarded_bid_id=bid.id)
            if bid.organisation_id == world.maker(letter).id
        }


def test_accepted_offers_and_converted_strengths_have_their_prices(engine):
    world = awarded_round(engine)
    assert prices(world, "C") == {("L01", "1mg", 14): (Decimal("42"), "accepted")}
    # 0.30 for 500mg, divided by 1.7 for a double content: 1.7647 for ten of 250mg.
    assert prices(world, "B") == {
        ("L01", "1mg", 1): (Decimal("3"), "declared"),
        ("L02", "500mg", 10): (Decimal("3"), "declared"),
        ("L02", "250mg", 10): (Decimal("1.76"), "converted"),
    }


def test_selected_prices_enter_the_chain_from_the_first_day_on(engine):
    world = awarded_round(engine)
    with world.read() as session:
        chained = session.scalars(select(Price)).all()
        assert len(chained) == len(session.scalars(select(AwardedPrice)).all()) == 9
        assert {(one.starts_on, one.ends_on) for one in chained} == {
            (FIRST_DAY, date(2027, 12, 31))
        }
        assert all(one.is_public and one.bureau_id == world.bureau.id for one in chained)


def test_winners_and_losers_are_told(engine):
    world = awarded_round(engine)
    with world.read() as session:
        assert "中选" in told(session, organisation_id=world.maker("A").id)[0].zh
        assert "未中选" in told(session, organisation_id=world.maker("D").id)[0].zh


def test_an_award_that_skips_the_notice_is_refused_and_changes_nothing(engine):
    world = decided_round(engine)
    with pytest.raises(NotReadyError, match="cannot skip"):
        propose(world)
    with pytest.raises(InvalidTransitionError), transaction(engine) as session:
        set_status(
            session,
            round_=world.round(session),
            status=RoundStatus.AWARDED,
            moment=database_moment(session),
            person_id=world.officer.person_id,
            second_person_id=world.second.person_id,
        )
    with world.read() as session:
        assert award_of(session, round_id=world.round_id) is None
        assert world.round(session).status == RoundStatus.EVALUATED


def test_an_award_waits_for_the_end_of_the_notice(engine):
    world = announced_round(engine)
    assert unmet(world) == ["notice-over"]
    world.end_notice()
    assert unmet(world) == []


def test_an_award_waits_for_answers_to_objections_and_appeals(engine, tmp_path):
    world = announced_round(engine)
    objection_id = file(world, tmp_path)
    world.end_notice()
    assert unmet(world) == ["objections"]
    answer(world, objection_id)
    assert unmet(world) == []
    appeal(world, objection_id)
    assert unmet(world) == ["objections"]


def test_no_award_follows_a_notice_that_an_objection_ended(engine, tmp_path):
    world = announced_round(engine)
    objection_id = file(world, tmp_path)
    world.end_notice()
    answer(world, objection_id, Verdict.UPHELD)
    assert unmet(world) == ["announced"]
    world.evaluate().announce()
    assert unmet(world) == ["notice-over"]


def test_in_every_other_status_there_is_no_award(engine):
    world = announced_round(engine).end_notice()
    for _ in world.every_status_but(RoundStatus.ANNOUNCED):
        assert "announced" in unmet(world)
        with pytest.raises(NotReadyError):
            propose(world)


@pytest.mark.parametrize(
    "about", ["", "soon", "2027-02-30", "20270101", "2020-01-01", "2099-01-01"]
)
def test_the_cycle_begins_on_a_day_that_can_be(engine, about):
    world = announced_round(engine).end_notice()
    assert unmet(world, about) == ["starts-on"]


def test_one_officer_alone_fixes_no_award(engine):
    world = announced_round(engine).end_notice()
    proposal_id = propose(world)
    with pytest.raises(FourEyesError):
        confirm(world, proposal_id, actor=world.officer)
    with pytest.raises(AlreadyProposedError):
        propose(world, actor=world.second)
    with pytest.raises(NotReadyError, match="another proposal waits"):
        propose(world, starts_on=date(2027, 2, 1))
    confirm(world, proposal_id)
    with world.read() as session:
        assert award_of(session, round_id=world.round_id) is not None


def test_a_proposal_lapses_when_the_notice_ends_by_an_objection(engine, tmp_path):
    world = announced_round(engine)
    objection_id = file(world, tmp_path)
    answer(world, objection_id)
    world.end_notice()
    proposal_id = propose(world)
    # The objector appeals, is right, and the round is announced again with the same report.
    appeal(world, objection_id)
    with pytest.raises(NotReadyError):
        confirm(world, proposal_id)
    with transaction(engine) as session:
        world.round(session).status = RoundStatus.EVALUATED
    world.announce().end_notice()
    with pytest.raises(ProposalLapsedError):
        confirm(world, proposal_id)


@pytest.mark.parametrize("table", [Award, AwardedBid, AwardedPrice])
def test_an_award_cannot_be_changed_or_deleted(engine, table):
    world = awarded_round(engine)
    with pytest.raises(IntegrityError), transaction(world.engine) as session:
        session.execute(update(table).values(id=table.id + 100))
    with pytest.raises(IntegrityError), transaction(world.engine) as session:
        session.execute(delete(table))


@pytest.mark.parametrize(
    ("starts_on", "years", "last"),
    [
        ("2027-01-01", 1, "2027-12-31"),
        ("2027-03-01", 1, "2028-02-29"),
        ("2028-02-29", 1, "2029-02-28"),
        ("2028-02-29", 4, "2032-02-28"),
    ],
)
def test_a_cycle_of_years_ends_the_day_before_it_would_begin_again(starts_on, years, last):
    lot = {"ends_on": None, "cycle_years": years}
    assert last_day(lot, date.fromisoformat(starts_on)) == date.fromisoformat(last)
    assert last_day({"ends_on": None, "cycle_years": None}, date(2027, 1, 1)) is None
