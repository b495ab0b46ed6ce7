"""An opened round is evaluated by the one engine, and each report is kept as written."""

import json
import secrets
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bidding.errors import UnknownRuleError
from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from bidding.sealing import Bid, BidLine, canonical_bytes
from bidding.sealing.bid import bid_document
from procurement.accounts.tables import OrganisationKind
from procurement.audit import entries_about
from procurement.awards.evaluation import (
    EVALUATE_ROUND_JOB,
    EVALUATED_IN,
    AnswersOpenError,
    NotEvaluableError,
    NotEvaluatedError,
    ask_for_evaluation,
    current_report,
    evaluate_round,
    require_report,
)
from procurement.awards.jobs import HANDLERS
from procurement.awards.service import latest_report
from procurement.awards.sheet import award_sheet, bid_owners
from procurement.awards.tables import EvaluatedSheet, EvaluationReport
from procurement.bids.kinds import BidVerdict
from procurement.bids.tables import LogLeaf, OpenedBid, Opening
from procurement.clock import now
from procurement.database import database_moment, transaction
from procurement.jobs import Worker, run_due_jobs
from procurement.jobs.tables import Job
from procurement.notices import notices_of
from procurement.rounds.folder.read import read_folder
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.rules import InvalidTransitionError
from procurement.rounds.tables import RoundStatus
from procurement.settings import Settings
from rulebooks import load_rulebook
from tests.procurement.awards.folder import write_folder
from tests.procurement.awards.world import (
    BIDS,
    AwardWorld,
    decided_round,
    evaluated_round,
    opened_round,
)
from tests.procurement.bids.world import SECRET
from tests.procurement.rounds.world import new_organisation

CEILINGS = {"L01": "12.5", "L02": "0.32", "L03": "5"}


class UndoneError(Exception):
    """Raised to take everything back."""


def evaluated_from_folder(folder, **facts):
    """What ``jicai evaluate --json`` prints of a folder."""
    read = read_folder(write_folder(folder, rulebook="national-10", **facts))
    return dumps(report_document(evaluate(read.round, load_rulebook("national-10"), read.answers)))


def test_the_report_is_that_of_the_engine_on_the_same_folder(engine, tmp_path):
    world = evaluated_round(engine)
    bids = {world.maker(letter).name: lines for letter, lines in BIDS.items()}
    with world.read() as session:
        report = require_report(session, round_id=world.round_id)
        assert world.round(session).status == RoundStatus.EVALUATED
    assert report.row.report == evaluated_from_folder(tmp_path, bids=bids)


def test_answers_are_evaluated_as_those_of_a_folder_are(engine, tmp_path):
    world = decided_round(engine)
    a, c = world.maker("A").name, world.maker("C").name
    bids = {world.maker(letter).name: lines for letter, lines in BIDS.items()}
    answers = [("L02", a, "tie", True), ("L02", c, "tie", False), ("L01", c, "revive", True)]
    with world.read() as session:
        report = require_report(session, round_id=world.round_id)
    assert report.pending == []
    assert report.row.report == evaluated_from_folder(tmp_path, bids=bids, answers=answers)


@pytest.fixture
def without_bids(engine):
    """An opened round in which nobody bid."""
    return AwardWorld(engine, bids={}).bring_to_opening()


UNITS = st.sampled_from([None, 6, 7, 10, 14])
PRODUCT = st.sampled_from([None, None, None, "胶囊", "片剂"])


@st.composite
def declared(draw):
    """What one maker declares: lots, strengths, prices of units or packs, perhaps two products."""
    lines = {}
    wanted = st.lists(st.tuples(st.sampled_from(sorted(STRENGTHS)), PRODUCT), max_size=4)
    for (lot, strength), product in draw(wanted):
        units = draw(UNITS)
        most = int(Decimal(CEILINGS[lot]) * 130)
        cents = draw(st.integers(1, max(most, 2)))
        price = Decimal(cents).scaleb(-2) * (units or 1)
        lines[lot, strength, product] = BidLine(
            lot,
            strength,
            declared_price=price if units is None else None,
            pack_units=units,
            pack_price=None if units is None else price,
            product=product,
        )
    return tuple(lines.values())


STRENGTHS = {("L01", "1mg"), ("L02", "250mg"), ("L02", "500mg"), ("L03", "80mg")}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(declared(), min_size=1, max_size=7))
def test_whatever_is_declared_the_platform_decides_as_the_engine_on_the_folder(
    without_bids, makers
):
    world = without_bids
    bids = {f"第{number}制药厂": lines for number, lines in enumerate(makers) if lines}
    if not bids:
        return
    with pytest.raises(UndoneError), transaction(world.engine) as session:
        for name, lines in bids.items():
            add_opened(session, world, name, lines)
        report = evaluate_round(
            session, round_=world.round(session), moment=database_moment(session)
        )
        with tempfile.TemporaryDirectory() as folder:
            assert report.report == evaluated_from_folder(Path(folder), bids=bids)
        raise UndoneError


def add_opened(session, world, name, lines, verdict=BidVerdict.OPENED):
    """Put a bid among those that were opened."""
    maker = new_organisation(session, OrganisationKind.MANUFACTURER, name)
    leaf = LogLeaf(
        round_id=world.round_id,
        chain_tag=secrets.token_hex(32),
        request_tag=secrets.token_hex(32),
        sealed=b"",
    )
    session.add(leaf)
    session.flush()
    opening = select(Opening.id).where(Opening.round_id == world.round_id, Opening.sitting == 0)
    content = canonical_bytes(bid_document(Bid(lines=tuple(lines)))).decode()
    session.add(
        OpenedBid(
            opening_id=session.scalars(opening).one(),
            round_id=world.round_id,
            leaf_id=leaf.id,
            organisation_id=maker.id,
            verdict=verdict,
            content=content if verdict == BidVerdict.OPENED else None,
        )
    )
    session.flush()
    return maker


def test_equal_facts_give_the_report_that_is_there(engine):
    world = evaluated_round(engine)
    world.evaluate().evaluate()
    with world.read() as session:
        assert len(session.scalars(select(EvaluationReport)).all()) == 1
        made_of = session.scalars(select(EvaluatedSheet)).one()
        round_ = world.round(session)
        assert read_facts(made_of.facts).round == award_sheet(session, round_=round_)
        owners = bid_owners(session, round_=round_)
    assert owners["L01", world.maker("A").name] == world.maker("A").id
    assert len(owners) == 11


def test_a_report_cannot_be_changed(engine):
    world = evaluated_round(engine)
    for table in (EvaluationReport, EvaluatedSheet):
        with pytest.raises(IntegrityError), transaction(world.engine) as session:
            session.execute(update(table).values(id=table.id + 100))
    with world.read() as session:
        assert latest_report(session, round_id=world.round_id) is not None


def test_the_opening_queues_the_evaluation_which_is_done_once(engine, tmp_path):
    world = opened_round(engine)
    with world.read() as session:
        assert session.scalars(select(Job).where(Job.kind == EVALUATE_ROUND_JOB)).one()
    work(world, tmp_path)
    work(world, tmp_path)
    with world.read() as session:
        assert world.round(session).status == RoundStatus.EVALUATED
        assert len(session.scalars(select(EvaluationReport)).all()) == 1
        told = notices_of(session, organisation_id=world.bureau.id)
        assert any("评审完成" in notice.zh for notice in told)
        (entry,) = [
            one
            for one in entries_about(session, subject=f"round/{world.name}")
            if one.action == "evaluate-round"
        ]
    facts = json.loads(entry.facts)
    assert (facts["bids"], facts["answers"], facts["left-out"]) == ("11", "0", "0")


def work(world, folder):
    settings_ = Settings(folder, str(world.engine.url), secret_key=SECRET)
    run_due_jobs(Worker(world.engine, settings_, HANDLERS, now))


def test_what_the_rules_cannot_decide_is_told_to_the_bureau_and_changes_nothing(
    engine, tmp_path, monkeypatch
):
    world = opened_round(engine)
    with transaction(engine) as session:
        # Simplest way to a rule that nobody knows: the round's options are taken back.
        world.round(session).options = '{"ranking.tie_breaks":"none"}'
        monkeypatch.setattr("procurement.awards.evaluation.evaluate", _unknown_rule)
    with pytest.raises(NotEvaluableError), transaction(engine) as session:
        evaluate_round(session, round_=world.round(session), moment=database_moment(session))
    work(world, tmp_path)
    with world.read() as session:
        assert world.round(session).status == RoundStatus.OPENED
        assert current_report(session, round_id=world.round_id) is None
        with pytest.raises(NotEvaluatedError):
            require_report(session, round_id=world.round_id)
        told = notices_of(session, organisation_id=world.bureau.id)
    assert any("不能完成评审" in notice.zh for notice in told)


def _unknown_rule(*_facts):
    raise UnknownRuleError("national-10", "share.by_winners", "the share")


def test_a_round_is_evaluated_after_its_opening_and_before_its_notice_only(engine):
    world = evaluated_round(engine)
    for _ in world.every_status_but(*EVALUATED_IN):
        for act in (evaluate_round, ask_for_evaluation):
            with pytest.raises(InvalidTransitionError), transaction(engine) as session:
                act(
                    session,
                    round_=world.round(session),
                    actor=world.officer,
                    moment=database_moment(session),
                )


def test_while_bidders_are_asked_nothing_is_evaluated(engine, tmp_path):
    world = evaluated_round(engine).settle_tie()
    world.ask_bidders()
    with pytest.raises(AnswersOpenError), transaction(engine) as session:
        evaluate_round(session, round_=world.round(session), moment=database_moment(session))
    work(world, tmp_path)
    with world.read() as session:
        assert world.round(session).status == RoundStatus.SECOND_ANSWERS
