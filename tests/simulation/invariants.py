"""What holds of a simulated round at its closing and at its end, whatever went wrong."""

import json
import tempfile
from pathlib import Path

from sqlalchemy import func, select, text

from bidding.sealing import check_log, check_receipt, check_record, read_log, read_record
from procurement.audit.service import broken_link
from procurement.awards.tables import Award, AwardedBid, AwardedPrice, AwardNotice
from procurement.bids.kinds import BidVerdict
from procurement.bids.tables import LogLeaf, OpenedBid, Opening
from procurement.database import snapshot
from procurement.jobs import Job, JobStatus
from procurement.notices.tables import Notice
from procurement.prices.service import first_break
from procurement.prices.tables import Price
from procurement.rounds.tables import RoundEvent, RoundEventKind, RoundStatus
from tests.crash.checking import check_status, rows
from tests.simulation.bidders import Bidder
from tests.simulation.oracle import expected_selection, selection_of
from tests.simulation.story import RULES, Story

BIDS = 0
"""The sitting of the bids themselves."""


def check(story: Story) -> None:
    """Check a round that was played to its end."""
    story.site.work_undisturbed()
    _check_log(story)
    _check_once(story)
    standing = [one for one in story.bidders if one.standing is not None]
    if not standing:
        check_status(story.site.engine, story.world.name, RoundStatus.CLOSED)
        return
    check_status(story.site.engine, story.world.name, RoundStatus.AWARDED)
    opened = [one for one in standing if one.maker.name not in story.unrevealed]
    _check_opening(story, standing, opened)
    _check_selection(story, opened)
    _check_award(story, opened)


def check_sealed(story: Story) -> None:
    """Before the opening no price that anybody declared stands anywhere in the database."""
    declared = {
        f'"{line.pack_price}"'
        for one in story.bidders
        for version in one.versions
        if version.bid is not None
        for line in version.bid.lines
    }
    with story.site.engine.connect() as connection:
        leaves = connection.execute(select(LogLeaf)).mappings().all()
        answers = connection.execute(text("SELECT * FROM idempotent_answer")).mappings().all()
        audited = connection.execute(text("SELECT * FROM audit_entry")).mappings().all()
    written = [
        value if isinstance(value, bytes) else str(value).encode()
        for row in (*leaves, *answers, *audited)
        for value in row.values()
    ]
    for price in declared:
        assert not any(price.encode() in value for value in written), "a price is readable"


def _check_log(story: Story) -> None:
    """The log has exactly what was acknowledged, each receipt is signed, and none came late."""
    answer = story.network.get(story.officers[0], f"{story.path}/log")
    assert answer.status_code == 200, answer.text
    checkpoint, leaves = read_log(answer.content)
    check_log(checkpoint, leaves, story.world.manifest)
    receipts = [receipt for one in story.bidders for receipt in one.receipts]
    assert sorted(leaves) == sorted(receipt.envelope for receipt in receipts)
    with snapshot(story.site.engine) as session:
        closes_at = story.world.round(session).closes_at
    assert closes_at is not None
    for receipt in receipts:
        check_receipt(receipt, story.world.manifest)
        assert receipt.received_at < closes_at


def _check_once(story: Story) -> None:
    """What was acknowledged is acknowledged again; no job was lost; nobody touched the record."""
    for letter in story.network.letters:
        story.network.again(letter)
    engine = story.site.engine
    with snapshot(engine) as session:
        assert broken_link(session) is None
        failed = session.scalars(select(Job.kind).where(Job.status == JobStatus.FAILED)).all()
        moved = session.scalar(
            select(func.count())
            .select_from(RoundEvent)
            .where(RoundEvent.kind == RoundEventKind.OUTAGE)
        )
    assert failed == []
    assert (moved or 0) <= 1, "the outage rule moved the closing twice"


def _check_opening(story: Story, standing: list[Bidder], opened: list[Bidder]) -> None:
    """All bids are opened together, once; those whose key nobody had are said to be closed."""
    engine, round_id = story.site.engine, story.world.round_id
    of_bids = OpenedBid.round_id == round_id, OpenedBid.sitting == BIDS
    assert rows(engine, Opening, Opening.round_id == round_id, Opening.sitting == BIDS) == 1
    assert rows(engine, OpenedBid, *of_bids) == len(standing)
    assert rows(engine, OpenedBid, *of_bids, OpenedBid.verdict == BidVerdict.OPENED) == len(opened)
    answer = story.network.get(story.officers[0], f"{story.path}/opening/record")
    check_record(read_record(answer.content))


def _check_selection(story: Story, opened: list[Bidder]) -> None:
    """The platform selects whom the rules select."""
    found = selection_of(story.report().lots)
    if not opened:
        assert found == {}
        return
    with tempfile.TemporaryDirectory() as folder:
        wanted = expected_selection(
            Path(folder),
            opened,
            rulebook=story.rulebook,
            options=json.loads(RULES[story.rulebook]),
            answers=story.answered,
        )
    assert found == wanted


def _check_award(story: Story, opened: list[Bidder]) -> None:
    """One notice, one award, each winner once with unbroken prices, and everybody told once."""
    engine, round_id = story.site.engine, story.world.round_id
    with snapshot(engine) as session:
        notice = session.scalars(select(AwardNotice).where(AwardNotice.round_id == round_id)).one()
        award = session.scalars(select(Award).where(Award.round_id == round_id)).one()
        of_award = select(AwardedBid).where(AwardedBid.award_id == award.id)
        winners = session.scalars(of_award).all()
        priced = session.scalars(select(AwardedPrice.awarded_bid_id)).all()
        prices = session.scalars(select(Price)).all()
        assert all(first_break(session, series=one.series) is None for one in prices)
    selected = sum(one["selected"] for lot in story.report().lots for one in lot["outcomes"])
    assert len(winners) == selected
    assert set(priced) == {winner.id for winner in winners}
    assert all(price.version == 1 for price in prices)
    told = {
        f"announced {notice.id}": len(opened),
        f"awarded {award.id}": len(opened),
    }
    for key, number in told.items():
        assert rows(engine, Notice, Notice.key == key) == number, key
