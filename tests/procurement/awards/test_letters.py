"""The loser's letter: on the day of the notice, with all that is needed to check it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from bidding.evaluate import evaluate
from pricing.money import UnitPrice
from procurement.awards.announcing import current_notice
from procurement.awards.evaluation import require_report
from procurement.awards.letter_pdf import print_letter, written_letter
from procurement.awards.letters import NoLetterYetError, letter_for, letters_of
from procurement.bids.kinds import PaperStatus
from procurement.bids.opening.disclosure import Disclosure
from procurement.bids.tables import PaperStep
from procurement.database import database_moment, transaction
from procurement.permissions import NotFoundForActorError
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.tables import Lot
from rulebooks import load_rulebook
from tests.procurement.awards.world import announced_round, decided_round, evaluated_round


def letter(world, maker, lot):
    with world.read() as session:
        return letter_for(
            session,
            round_=world.round(session),
            organisation_id=world.maker(maker).id,
            lot=lot,
        )


def test_there_is_a_letter_for_every_bid_that_was_not_selected(engine):
    world = announced_round(engine)
    with world.read() as session:
        found = letters_of(session, round_=world.round(session))
        own = letters_of(session, round_=world.round(session), organisation_id=world.maker("D").id)
    named = {(world.maker(one).id, lot) for one, lot in (("D", "L01"), ("D", "L03"))}
    named |= {(world.maker("E").id, "L01"), (world.maker("C").id, "L02")}
    assert set(found) == named
    assert {lot for _, lot in own} == {"L01", "L03"}


def test_it_says_conversion_rank_clause_and_the_price_that_would_have_been_selected(engine):
    world = announced_round(engine)
    written = letter(world, "D", "L03")
    (bid,) = written.bids
    with world.read() as session:
        report = require_report(session, round_id=world.round_id)
        notice = current_notice(session, round_id=world.round_id)
        assert notice is not None
    outcome = report.outcome("L03", world.maker("D").name)
    assert (bid.rank, bid.clause) == (3, "places.by_bidders")
    assert bid.reason == (outcome["reason"], outcome["reason_en"])
    assert (bid.needed_price, bid.needed_pack_price) == ("1.499", "14.99")
    assert (written.issued_at, written.report_digest) == (
        notice.announced_at,
        report.row.report_digest,
    )
    assert any("jicai verify" in en for _, en in written.checks)
    converted = letter(world, "C", "L02").bids[0]
    assert converted.conversion[0].startswith("主规格")


@pytest.mark.parametrize(("maker", "lot"), [("D", "L01"), ("D", "L03"), ("E", "L01"), ("C", "L02")])
def test_the_price_it_names_is_selected_and_a_step_more_is_not(engine, maker, lot):
    world = evaluated_round(engine).settle_tie().answer_revival().announce()
    (bid,) = letter(world, maker, lot).bids
    with world.read() as session:
        evaluated = require_report(session, round_id=world.round_id).evaluated
    assert evaluated is not None
    facts = read_facts(evaluated.facts)
    quote = next(one.quotes[0] for one in facts.round.bids if (one.lot, one.bid) == (lot, bid.bid))
    declared = quote.declared_price
    assert declared is not None
    units = declared.pack_units
    highest = Decimal(bid.needed_pack_price or bid.needed_price)
    step = declared.step
    for price, is_selected in ((highest, True), (highest + step, False)):
        bids = tuple(
            replace(one, quotes=(replace(quote, declared_price=UnitPrice(price, units)),))
            if (one.lot, one.bid) == (lot, bid.bid)
            else one
            for one in facts.round.bids
        )
        report = evaluate(
            replace(facts.round, bids=bids), load_rulebook("national-10"), facts.answers
        )
        found = next(one for one in report.lots if one.lot == lot)
        outcome = next(one for one in found.outcomes if one.bid == bid.bid)
        assert outcome.status.is_selected == is_selected, price


def test_before_the_notice_there_is_no_letter(engine):
    world = decided_round(engine)
    with pytest.raises(NoLetterYetError):
        letter(world, "D", "L01")
    with world.read() as session:
        assert letters_of(session, round_=world.round(session)) == []


@pytest.mark.parametrize(("maker", "lot"), [("A", "L01"), ("F", "L01"), ("D", "L99")])
def test_who_won_or_did_not_bid_has_no_letter(engine, maker, lot):
    world = announced_round(engine)
    with pytest.raises(NotFoundForActorError):
        letter(world, maker, lot)


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_under_a_narrow_disclosure_it_tells_no_figure_of_a_rival(engine, monkeypatch, disclosure):
    world = evaluated_round(engine).settle_tie().answer_revival(accepts=False).announce()
    monkeypatch.setattr(
        "procurement.awards.letters.disclosure_of", lambda _session, *, round_: disclosure
    )
    whole = disclosure in (Disclosure.PUBLIC, Disclosure.PARTIES)
    checks = " ".join(en for _, en in letter(world, "C", "L01").checks)
    assert ("evidence bundle" in checks) == whole
    assert ("not disclosed" in checks) != whole


def test_who_was_left_out_is_told_why(engine):
    world = evaluated_round(engine)
    with transaction(engine) as session:
        lot = session.scalars(
            select(Lot).where(Lot.round_id == world.round_id, Lot.code == "L02")
        ).one()
        lot.failed_reason = "撤出"
        session.add(
            PaperStep(
                round_id=world.round_id,
                organisation_id=world.maker("C").id,
                status=PaperStatus.REJECTED,
                reason="证书已注销",
                person_id=world.evaluator.person_id,
                happened_at=database_moment(session),
            )
        )
    world.evaluate()
    # Without C the fourth bidder takes the open place, or is asked.
    with world.read() as session:
        pending = require_report(session, round_id=world.round_id).pending
    if pending:
        world.let_sitting_pass()
    world.announce()
    (bid,) = letter(world, "C", "L01").bids
    assert (bid.status, bid.needed_price) == ("left-out", None)
    assert "材料" in bid.reason[0]
    assert print_letter(letter(world, "C", "L01"), language="zh").startswith(b"%PDF")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_printed_in_both_languages_and_equal_letters_are_equal(engine, language):
    world = announced_round(engine)
    written = letter(world, "E", "L01")
    printed = print_letter(written, language=language)
    assert printed.startswith(b"%PDF")
    assert print_letter(written, language=language) == printed
    facts = dict(written_letter(written, language).bids[0])
    label = {"zh": "依据条款", "en": "clause"}[language]
    assert facts[label] == "ceiling.above_is_invalid"
    needed = {
        "zh": "其他报价不变时，可中选的最高单位价（元）",
        "en": "highest unit price that would have won",
    }[language]
    assert facts[needed] == written.bids[0].needed_price
