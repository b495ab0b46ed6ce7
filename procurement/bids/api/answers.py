"""Second answers by machine: the sittings, the own questions, and submitting what was sealed."""

from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, RawBody

from procurement.bids.at_edge import SittingNumber, json_bytes, own_round, public_round, secret_key
from procurement.bids.sittings import questions_of
from procurement.bids.sittings.standing import SittingStanding, require_standing, standings_of
from procurement.bids.submission.submit import submit_bid
from procurement.permissions import Action, Subject
from procurement.web import OWN_IDEMPOTENCY, Visit, reads, writes

SITTING = "/api/v1/rounds/{name:str}/answers/{number:int}"


@dataclass(frozen=True, slots=True)
class SittingEntry:
    """A sitting of second answers.

    Attributes:
        number: From 1.
        closes_at: Answers are acknowledged before; silence counts as not accepted.
        opens_at: They are opened from then on.
        status: ``taking``, ``over`` (its log is not final yet), ``closed`` or ``opened``.
        asked: It has a question for the own organisation.
    """

    number: int
    closes_at: datetime
    opens_at: datetime
    status: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Sittings:
    """The sittings of a round.

    Attributes:
        items: In the order in which they were called.
        next_cursor: Always null: they are few.
    """

    items: list[SittingEntry]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """A question to the own organisation; an answer repeats lot, question and product.

    Attributes:
        lot: The lot.
        bid: The bid, as the evaluation names it.
        question: ``revive``, ``cut`` or another word of the evaluation.
        product: Which of the own bids in the lot, where there are several; else null.
        price: The price offered, in yuan per minimal unit, if any.
    """

    lot: str
    bid: str
    question: str
    product: str | None
    price: str | None


@dataclass(frozen=True, slots=True)
class Questions:
    """What the own organisation is asked in a sitting.

    Attributes:
        sitting: The sitting.
        items: By lot and bid; empty where it is asked nothing.
        next_cursor: Always null: they are few.
    """

    sitting: SittingEntry
    items: list[QuestionEntry]
    next_cursor: str | None = None


@get("/api/v1/rounds/{name:str}/answers")
@reads
def sittings(visit: Visit, name: FromPath[str]) -> Sittings:
    """List the sittings of second answers of a round."""
    round_ = public_round(visit, name, Action.READ_LOG)
    found = standings_of(visit.session, round_=round_, organisation_id=visit.actor.organisation_id)
    return Sittings([_entry(one) for one in found])


def _entry(one: SittingStanding) -> SittingEntry:
    called = one.called
    return SittingEntry(
        called.number, called.closes_at, called.opens_at, _status(one), asked=one.is_asked
    )


def _status(one: SittingStanding) -> str:
    if one.is_opened:
        return "opened"
    if one.is_closed:
        return "closed"
    return "taking" if one.takes_answers else "over"


@get(SITTING)
@reads
def questions(visit: Visit, name: FromPath[str], number: SittingNumber) -> Questions:
    """Say what the own organisation is asked in a sitting; nobody else is told."""
    round_, organisation_id = own_round(visit, name, Action.ANSWER_QUESTIONS)
    standing = require_standing(
        visit.session, round_=round_, sitting=number, organisation_id=organisation_id
    )
    asked = questions_of(
        visit.session, round_id=round_.id, sitting=number, organisation_id=organisation_id
    )
    return Questions(
        _entry(standing),
        [
            QuestionEntry(
                one.lot,
                one.bid,
                one.question,
                one.product,
                None if one.price is None else f"{one.price:f}",
            )
            for one in asked
        ],
    )


@post(
    SITTING,
    opt={OWN_IDEMPOTENCY: True},
    status_code=201,
    request_max_body_size=3 * 2**20,
)
@writes
def submit(
    visit: Visit, name: FromPath[str], body: RawBody, number: SittingNumber
) -> Response[bytes]:
    """Submit sealed answers, better ones in their place, or their withdrawal.

    The body is the envelope as ``jicai seal`` writes it under the sitting's manifest; the header
    ``Idempotency-Key`` is needed. The answer is the signed receipt (201), or, after closing, the
    signed refusal (409).
    """
    visit.require(Action.ANSWER_QUESTIONS, Subject(organisation_id=visit.actor.organisation_id))
    answer = submit_bid(
        visit.session,
        round_name=name,
        actor=visit.actor,
        body=body,
        key=visit.request.headers.get("idempotency-key", ""),
        secret_key=secret_key(visit),
        sitting=number,
    )
    return json_bytes(answer.document, status=201 if answer.is_receipt else 409)


ROUTES = (sittings, questions, submit)
