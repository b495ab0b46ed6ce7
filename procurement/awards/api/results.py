"""Evaluation, notices and the award by machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from bidding.bid_sheet import QuestionKind
from procurement.accounts.tables import Organisation
from procurement.awards.announcing import announce, notices_of
from procurement.awards.api.shapes import (
    AwardAnswer,
    EvaluationAnswer,
    LeftOutEntry,
    NoticeEntry,
    NoticePage,
    PriceEntry,
    WinnerEntry,
    lot_entry,
    shaped,
)
from procurement.awards.awarded import prices_of
from procurement.awards.deciding import BureauAnswer, draft_answers, propose_answers
from procurement.awards.disclosed import own_by_lot, seen_lots
from procurement.awards.evaluation import (
    ask_for_evaluation,
    report_numbered,
    report_with_digest,
    require_report,
)
from procurement.awards.fixing import award_of, awarded_bids
from procurement.awards.pages.access import Sight, seen_round, sight_of
from procurement.awards.report_view import ReportView
from procurement.awards.second_answers import call_second_answers
from procurement.awards.tables import AwardedBid, AwardedPrice, AwardNotice
from procurement.bids.at_edge import public_round, round_for, secret_key
from procurement.database import database_moment
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.tables import Lot, Round
from procurement.web import Visit, reads, writes

WantedDigest = Annotated[str | None, QueryParameter(name="report", pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of the report that is asked for."""


@dataclass(frozen=True, slots=True)
class QueuedAnswer:
    """Work that was queued.

    Attributes:
        job: Its id.
    """

    job: int


@dataclass(frozen=True, slots=True)
class BureauAnswerBody:
    """What the bureau is to answer; another officer confirms it.

    Attributes:
        lot: The lot's code.
        question: ``tie`` or ``withdraw``.
        answers: Yes or no by bid.
        reason: By which facts, or with which letter.
    """

    lot: str
    question: QuestionKind
    answers: dict[str, bool]
    reason: str


@dataclass(frozen=True, slots=True)
class ProposedAnswer:
    """A proposal that waits for its confirmation.

    Attributes:
        proposal: Its id.
        digest: Of what is to be confirmed.
    """

    proposal: int
    digest: str


@dataclass(frozen=True, slots=True)
class CallBody:
    """A call for second answers.

    Attributes:
        minutes: How long bidders have.
    """

    minutes: int


@dataclass(frozen=True, slots=True)
class CalledAnswer:
    """A sitting of second answers.

    Attributes:
        sitting: Its number.
        closes_at: Until when answers are taken.
    """

    sitting: int
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeBody:
    """A notice.

    Attributes:
        closes_at: Objections are received before this moment; with a time zone.
    """

    closes_at: datetime


@get("/api/v1/rounds/{name:str}/evaluation", tags=["awards"])
@reads
def read_evaluation(
    visit: Visit, name: FromPath[str], report_digest: WantedDigest = None
) -> EvaluationAnswer:
    """Read the newest report, or the one asked for, as far as the rulebook discloses it."""
    round_, sight = seen_round(visit, name)
    if not (sight.sees_all or sight.is_announced) and sight.organisation_id is None:
        raise NotFoundForActorError
    report = _wanted(visit, round_, sight, report_digest)
    owner = sight.organisation_id
    own = [] if owner is None else report.bids_of(owner)
    left_out = [one for one in report.left_out if sight.sees_all or one["organisation_id"] == owner]
    if not (sight.sees_all or sight.is_announced or own or left_out):
        raise NotFoundForActorError
    lots = seen_lots(report.lots, own_by_lot(own), whole=sight.sees_all, winners=sight.is_announced)
    evaluated = report.evaluated
    return EvaluationAnswer(
        report_digest=report.row.report_digest,
        rulebook=report.document["rulebook"],
        rulebook_digest=report.row.rulebook_digest,
        facts_digest=None if evaluated is None else evaluated.facts_digest,
        evaluated_at=report.row.evaluated_at,
        scope=sight.scope,
        lots=[lot_entry(lot) for lot in lots],
        left_out=[shaped(LeftOutEntry, one) for one in left_out],
    )


def _wanted(visit: Visit, round_: Round, sight: Sight, digest: str | None) -> ReportView:
    """The newest report, or an earlier one: for who conducts any, else one that was on notice."""
    newest = require_report(visit.session, round_id=round_.id)
    if digest is None or digest == newest.row.report_digest:
        return newest
    found = report_with_digest(visit.session, round_id=round_.id, digest=digest)
    noticed = {one.report_id for one in notices_of(visit.session, round_id=round_.id)}
    if not sight.conducts and found.row.id not in noticed:
        raise NotFoundForActorError
    return found


@post("/api/v1/rounds/{name:str}/evaluation", status_code=202, tags=["awards"])
@writes
def evaluate_again(visit: Visit, name: FromPath[str]) -> QueuedAnswer:
    """Have the round evaluated again, with the answers and facts that are known now."""
    round_ = round_for(visit, name, Action.EVALUATE_ROUND)
    job = ask_for_evaluation(
        visit.session, round_=round_, actor=visit.actor, moment=database_moment(visit.session)
    )
    return QueuedAnswer(job)


@post("/api/v1/rounds/{name:str}/bureau-answers", status_code=201, tags=["awards"])
@writes
def answer_for_bureau(
    visit: Visit, name: FromPath[str], data: JSONBody[BureauAnswerBody]
) -> ProposedAnswer:
    """Propose how a tie is settled, or that a bidder withdrew; another officer confirms it."""
    round_ = round_for(visit, name, Action.DRAFT_ANSWER)
    moment = database_moment(visit.session)
    wanted = BureauAnswer(
        lot=data.lot, question=data.question, answers=data.answers, reason=data.reason
    )
    draft = draft_answers(
        visit.session, round_=round_, wanted=wanted, actor=visit.actor, moment=moment
    )
    proposal = propose_answers(
        visit.session, round_=round_, draft=draft, actor=visit.actor, moment=moment
    )
    return ProposedAnswer(proposal.id, proposal.digest)


@post("/api/v1/rounds/{name:str}/second-answers", status_code=201, tags=["awards"])
@writes
def call_bidders(visit: Visit, name: FromPath[str], data: JSONBody[CallBody]) -> CalledAnswer:
    """Ask bidders what the report asks of them, to be answered under seal before one deadline."""
    round_ = round_for(visit, name, Action.CALL_ANSWERS)
    sitting = call_second_answers(
        visit.session,
        round_=round_,
        due_in=timedelta(minutes=min(max(data.minutes, 0), MINUTES_MAX)),
        actor=visit.actor,
        moment=database_moment(visit.session),
        secret_key=secret_key(visit),
    )
    return CalledAnswer(sitting.number, sitting.closes_at)


MINUTES_MAX = 10**6
"""More than any sitting lasts, and less than what a duration can hold."""


@post("/api/v1/rounds/{name:str}/award-notices", status_code=201, tags=["awards"])
@writes
def put_on_notice(visit: Visit, name: FromPath[str], data: JSONBody[NoticeBody]) -> NoticeEntry:
    """Put the provisional selection on notice."""
    round_ = round_for(visit, name, Action.ANNOUNCE_AWARD)
    notice = announce(
        visit.session,
        round_=round_,
        closes_at=data.closes_at,
        actor=visit.actor,
        moment=database_moment(visit.session),
    )
    return _notice(visit, notice, is_current=True)


@get("/api/v1/rounds/{name:str}/award-notices", tags=["awards"])
@reads
def list_notices(visit: Visit, name: FromPath[str]) -> NoticePage:
    """List the notices of a round; a later one takes the place of an earlier one."""
    round_ = public_round(visit, name, Action.READ_RESULT)
    found = notices_of(visit.session, round_id=round_.id)
    return NoticePage([_notice(visit, one, is_current=one is found[-1]) for one in found])


def _notice(visit: Visit, notice: AwardNotice, *, is_current: bool) -> NoticeEntry:
    report = report_numbered(visit.session, report_id=notice.report_id)
    return NoticeEntry(
        number=notice.number,
        report_digest=report.row.report_digest,
        announced_at=notice.announced_at,
        closes_at=notice.closes_at,
        is_current=is_current,
    )


@get("/api/v1/rounds/{name:str}/award", tags=["awards"])
@reads
def read_award(visit: Visit, name: FromPath[str]) -> AwardAnswer:
    """Read the award; prices as far as the rulebook discloses them to the reader."""
    round_ = public_round(visit, name, Action.READ_RESULT)
    award = award_of(visit.session, round_id=round_.id)
    if award is None:
        raise NotFoundForActorError
    notice = visit.session.get_one(AwardNotice, award.notice_id)
    sight = sight_of(visit, round_)
    return AwardAnswer(
        notice=notice.number,
        report_digest=award.report_digest,
        starts_on=award.starts_on,
        awarded_at=award.awarded_at,
        winners=[
            _winner(visit, round_, bid, lot, sight)
            for bid, lot in awarded_bids(visit.session, round_id=round_.id)
        ],
    )


def _winner(visit: Visit, round_: Round, bid: AwardedBid, lot: Lot, sight: Sight) -> WinnerEntry:
    is_own = bid.organisation_id == sight.organisation_id
    prices = prices_of(visit.session, awarded_bid_id=bid.id)
    return WinnerEntry(
        lot=lot.code,
        product=lot.product,
        bid=bid.bid,
        organisation_id=bid.organisation_id,
        organisation=visit.session.get_one(Organisation, bid.organisation_id).name,
        status=bid.status,
        rank=bid.rank,
        regions=bid.regions,
        agreed_volume=bid.agreed_volume,
        ends_on=bid.ends_on,
        prices=[_price(one) for one in prices] if sight.sees_all or is_own else None,
    )


def _price(price: AwardedPrice) -> PriceEntry:
    return PriceEntry(
        strength=price.strength,
        pack_units=price.pack_units,
        pack_price=f"{price.pack_price.normalize():f}",
        unit_price=price.unit_price,
        source=price.source,
    )


ROUTES = (
    read_evaluation,
    evaluate_again,
    answer_for_bureau,
    call_bidders,
    put_on_notice,
    list_notices,
    read_award,
)
"""Handlers of these addresses."""
