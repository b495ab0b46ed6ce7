"""An opened round whose makers are asked: sittings of second answers, for tests."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import update

from bidding.bid_sheet import QuestionKind
from bidding.sealing import AnswerLine, Bid, Envelope, Manifest
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.opening.shares import envelopes_to_unseal, post_shares
from procurement.bids.sittings import Asked, call_for_answers, close_sitting, open_sitting
from procurement.bids.submission.submit import Acknowledgement, submit_bid
from procurement.bids.tables import Sitting
from procurement.database import database_moment, transaction
from procurement.rounds.progress import set_status
from procurement.rounds.tables import RoundStatus
from tests.procurement.bids.test_opening import closed, decide, open_all, post
from tests.procurement.bids.world import SECRET, Maker, World

OFFER = Decimal("7.05")


def evaluated(world: World, manifest: Manifest, makers: int = 3) -> Sequence[Maker]:
    """Open the bids of some makers and set the round's status as an evaluation does."""
    firms: Sequence[Maker] = closed(world, manifest, makers=makers)
    decide(world)
    for seat in (1, 2, 3):
        post(world, manifest, seat)
    open_all(world)
    evaluated_again(world)
    for firm in firms:
        # Versions are counted in each sitting.
        firm.version, firm.last = 0, None
        firm.secrets.clear()
    return firms


def evaluated_again(world: World) -> None:
    """Set the round's status as an evaluation does."""
    with transaction(world.engine) as session:
        set_status(
            session,
            round_=world.round(session),
            status=RoundStatus.EVALUATED,
            moment=database_moment(session),
        )


def asked(maker: Maker, **changed: object) -> Asked:
    """Ask a maker whether it comes down."""
    question = {
        "lot": "L01",
        "bid": maker.name,
        "question": QuestionKind.REVIVE,
        "organisation_id": maker.id,
        "price": OFFER,
    }
    return Asked(**{**question, **changed})  # type: ignore[arg-type]


def call(world: World, *questions: Asked, due_in: object = timedelta(minutes=30)) -> Manifest:
    """Call for answers; returns what they are sealed under."""
    with transaction(world.engine) as session:
        sitting = call_for_answers(
            session,
            round_=world.round(session),
            questions=questions,
            due_in=due_in,  # type: ignore[arg-type]
            actor=world.officer_actors[0],
            moment=database_moment(session),
            secret_key=SECRET,
        )
        return require_manifest(session, round_id=world.round_id, sitting=sitting.number)


def yes(lot: str = "L01", **changed: object) -> Bid:
    """Accept in a lot."""
    line = {"question": "revive", "answer": True, **changed}
    return Bid(answers=(AnswerLine(lot, **line),))  # type: ignore[arg-type]


def no(lot: str = "L01", **changed: object) -> Bid:
    """Decline in a lot."""
    return yes(lot, answer=False, **changed)


def send(
    world: World, maker: Maker, body: bytes, *, key: str = "k", sitting: int = 1
) -> Acknowledgement:
    with transaction(world.engine) as session:
        return submit_bid(
            session,
            round_name=world.name,
            actor=maker.actor,
            body=body,
            key=key,
            secret_key=SECRET,
            sitting=sitting,
        )


def answer(
    world: World, maker: Maker, manifest: Manifest, content: Bid, *, sitting: int = 1
) -> Envelope:
    """Seal and submit answers, which are acknowledged."""
    envelope = maker.seal(manifest, content)
    given = send(world, maker, envelope.to_bytes(), key=envelope.digest[:40], sitting=sitting)
    assert given.is_receipt, given.document
    maker.sent(envelope)
    return envelope


def end_sitting(world: World, sitting: int = 1) -> None:
    """Let the closing time be now, by the database's clock."""
    with transaction(world.engine) as session:
        now = database_moment(session)
        session.execute(
            update(Sitting)
            .where(Sitting.round_id == world.round_id, Sitting.number == sitting)
            .values(closes_at=now, opens_at=now)
        )


def close(world: World, sitting: int = 1):
    end_sitting(world, sitting)
    with transaction(world.engine) as session:
        return close_sitting(
            session, round_=world.round(session), sitting=sitting, secret_key=SECRET
        )


def unseal(world: World, manifest: Manifest, seat: int, *, sitting: int = 1, body=None):
    """Post the shares of a seat."""
    with transaction(world.engine) as session:
        round_ = world.round(session)
        leaves = envelopes_to_unseal(
            session, round_=round_, after=0, limit=1000, secret_key=SECRET, sitting=sitting
        )
        posting = world.posting(manifest, [leaf.envelope for leaf in leaves], seat)
        return post_shares(
            session,
            round_=round_,
            actor=world.holder_actors[seat - 1],
            body=body or posting.to_bytes(),
            secret_key=SECRET,
            sitting=sitting,
        )


def open_answers(world: World, sitting: int = 1):
    with transaction(world.engine) as session:
        return open_sitting(
            session, round_=world.round(session), sitting=sitting, secret_key=SECRET
        )


def opened(world: World, manifest: Manifest, sitting: int = 1):
    """Close a sitting, and open it with the shares of three."""
    log = close(world, sitting)
    if log.standing:
        for seat in (1, 3, 4):
            unseal(world, manifest, seat, sitting=sitting)
    return open_answers(world, sitting)
