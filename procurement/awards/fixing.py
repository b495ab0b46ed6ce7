"""Fixing the award (确定中选结果): two officers, after the notice, from the report on notice."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import canonical_bytes
from procurement.awards.announcing import current_notice
from procurement.awards.answering import unanswered
from procurement.awards.awarded import last_day, record_awarded
from procurement.awards.evaluation import report_numbered, require_report
from procurement.awards.report_view import ReportView
from procurement.awards.tables import Award, AwardedBid, AwardNotice
from procurement.china_days import day_in_china
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify_all
from procurement.permissions import Actor
from procurement.rounds.progress import set_status
from procurement.rounds.proposals import StepDecision, StepKind, StepRequest, propose_step
from procurement.rounds.readiness import Check
from procurement.rounds.tables import (
    Lot,
    ProposalStatus,
    Round,
    RoundStatus,
    Step,
    StepProposal,
)
from rulebooks import Bilingual


def propose_award(
    session: Session,
    *,
    round_: Round,
    starts_on: date,
    actor: Actor,
    moment: datetime,
    version: int | None = None,
) -> StepProposal:
    """Propose to fix the award; nothing happens until another officer confirms it.

    Args:
        session: Session of the caller's transaction.
        round_: An announced round whose notice is over.
        starts_on: First day of the procurement cycle.
        actor: The officer.
        moment: When.
        version: The version of the round that a page showed.

    Raises:
        NotReadyError: The notice is not over, objections wait, or the report is another one.
        AlreadyProposedError: It is proposed already for this day.
    """
    request = StepRequest(round_=round_, about=starts_on.isoformat(), moment=moment)
    return propose_step(session, kind=FIX_AWARD, request=request, actor=actor, version=version)


def award_of(session: Session, *, round_id: int) -> Award | None:
    """Return the award of a round, or None before it is fixed."""
    return session.scalars(select(Award).where(Award.round_id == round_id)).one_or_none()


def awarded_bids(
    session: Session, *, round_id: int, code: str | None = None
) -> list[tuple[AwardedBid, Lot]]:
    """Return the winners of a round with their lots, by lot and rank; none before the award.

    Args:
        session: Any session.
        round_id: The round.
        code: Only of this lot.
    """
    wanted = (
        select(AwardedBid, Lot)
        .join(Award, Award.id == AwardedBid.award_id)
        .join(Lot, Lot.id == AwardedBid.lot_id)
        .where(Award.round_id == round_id)
        .order_by(Lot.code, AwardedBid.rank, AwardedBid.id)
    )
    if code is not None:
        wanted = wanted.where(Lot.code == code)
    return [(bid, lot) for bid, lot in session.execute(wanted)]


def _starts_on(about: str) -> date | None:
    try:
        return date.fromisoformat(about) if len(about) == 10 else None
    except ValueError:
        return None


def _on_notice(session: Session, round_: Round) -> tuple[AwardNotice, ReportView] | None:
    notice = current_notice(session, round_id=round_.id)
    if notice is None or round_.status != RoundStatus.ANNOUNCED:
        return None
    return notice, report_numbered(session, report_id=notice.report_id)


def _winners(report: ReportView) -> list[tuple[str, str]]:
    return [
        (lot["lot"], one["bid"])
        for lot in report.lots
        for one in lot["outcomes"]
        if one["selected"]
    ]


def _sentence(session: Session, request: StepRequest) -> Bilingual:
    found, starts_on = _on_notice(session, request.round_), _starts_on(request.about)
    winners = [] if found is None else _winners(found[1])
    lots = len({lot for lot, _ in winners})
    day = request.about if starts_on is None else starts_on.isoformat()
    return Bilingual(
        f"确认后，“{request.round_.title}”{lots} 个品种、{len(winners)} 个中选结果不再更改，"
        f"中选价格自 {day} 起执行，并通知所有申报企业。",
        f"Once confirmed, {len(winners)} winning bids in {lots} lots of “{request.round_.title}” "
        f"are final, their prices hold from {day} on, and all bidders are told.",
    )


def _content(session: Session, request: StepRequest) -> str:
    found = _on_notice(session, request.round_)
    return canonical_bytes(
        {
            "step": Step.FIX_AWARD.value,
            "round": request.round_.name,
            "starts_on": request.about,
            "notice": None if found is None else found[0].number,
            "report": None if found is None else found[1].row.report_digest,
            "winners": [] if found is None else [list(one) for one in _winners(found[1])],
        }
    ).decode()


def _checks(session: Session, request: StepRequest) -> Iterator[Check]:
    round_ = request.round_
    link = f"/rounds/{round_.name}/evaluation"
    found = _on_notice(session, round_)
    yield Check(
        key="announced",
        zh="拟中选结果已公示" if found else "尚未公示：不能跳过公示确定中选结果",
        en="the selection is on notice" if found else "there is no notice: an award cannot skip it",
        is_met=found is not None,
        link=link,
    )
    if found is not None:
        yield from _notice_checks(session, round_, found, link)
    yield _day_check(request, None if found is None else found[1])
    yield _single_check(session, request)


def _notice_checks(
    session: Session, round_: Round, found: tuple[AwardNotice, ReportView], link: str
) -> Iterator[Check]:
    notice, report = found
    is_over = database_moment(session) >= notice.closes_at
    yield Check(
        key="notice-over",
        zh="公示期已满" if is_over else "公示期未满",
        en="the notice is over" if is_over else "the notice still runs",
        is_met=is_over,
        link=link,
    )
    waiting = len(unanswered(session, round_id=round_.id))
    yield Check(
        key="objections",
        zh=f"还有 {waiting} 件质疑或复核没有答复" if waiting else "质疑和复核均已答复",
        en=f"{waiting} objections or appeals have no answer"
        if waiting
        else "all objections and appeals are answered",
        is_met=not waiting,
        link=f"/rounds/{round_.name}/objections",
    )
    newest = require_report(session, round_id=round_.id)
    is_same = newest.row.id == report.row.id
    yield Check(
        key="report",
        zh="公示的就是最新的评审报告" if is_same else "公示之后又有新的评审报告",
        en="the newest report is the one on notice"
        if is_same
        else "there is a newer report than the one on notice",
        is_met=is_same,
        link=link,
    )


def _day_check(request: StepRequest, report: ReportView | None) -> Check:
    starts_on = _starts_on(request.about)
    if starts_on is None:
        return Check(
            key="starts-on",
            zh="请给出采购周期起始日，如 2027-03-01",
            en="name the first day of the procurement cycle, like 2027-03-01",
            is_met=False,
        )
    lots = [] if report is None else report.lots
    ends = [end for end in (last_day(lot, starts_on) for lot in lots) if end is not None]
    is_met = day_in_china(request.moment) <= starts_on <= min(ends, default=starts_on)
    return Check(
        key="starts-on",
        zh=f"采购周期自 {starts_on} 开始" if is_met else "采购周期起始日已过，或晚于周期截止日",
        en=f"the procurement cycle begins on {starts_on}"
        if is_met
        else "the first day of the procurement cycle is past, or after its last day",
        is_met=is_met,
    )


def _single_check(session: Session, request: StepRequest) -> Check:
    """Whether no award with another first day is proposed too: there is one award."""
    others = session.scalars(
        select(StepProposal.about)
        .where(StepProposal.round_id == request.round_.id)
        .where(StepProposal.step == Step.FIX_AWARD)
        .where(StepProposal.status == ProposalStatus.OPEN)
        .where(StepProposal.about != request.about)
    ).all()
    return Check(
        key="single",
        zh=f"另有起始日为 {'、'.join(others)} 的提议待复核，请先撤回"
        if others
        else "没有起始日不同的其他提议",
        en=f"another proposal waits, with {', '.join(others)} as its first day: withdraw it first"
        if others
        else "no proposal with another first day waits",
        is_met=not others,
    )


def _carry_out(session: Session, decision: StepDecision) -> None:
    round_, proposal = decision.round_, decision.proposal
    found, starts_on = _on_notice(session, round_), _starts_on(proposal.about)
    if found is None or starts_on is None:
        # The checks are looked at under the same lock; this says so to the type checker.
        raise InvalidInputError(
            [FieldFault("about", "缺少公示或起始日。", "No notice, or no day.")]
        )
    notice, report = found
    award = Award(
        round_id=round_.id,
        notice_id=notice.id,
        report_id=report.row.id,
        report_digest=report.row.report_digest,
        starts_on=starts_on,
        proposed_by=proposal.proposed_by,
        decided_by=decision.actor.person_id,
        awarded_at=decision.moment,
    )
    session.add(award)
    session.flush()
    set_status(
        session,
        round_=round_,
        status=RoundStatus.AWARDED,
        moment=decision.moment,
        person_id=decision.actor.person_id,
        second_person_id=proposal.proposed_by,
    )
    record_awarded(session, round_=round_, award=award, report=report)
    _tell_bidders(session, round_, award, report)


def _tell_bidders(session: Session, round_: Round, award: Award, report: ReportView) -> None:
    winners = {report.owners[place] for place in _winners(report)}
    for ids, zh, en in (
        (winners, "贵单位产品中选，请按期选区、签订协议。", "you won: choose regions and sign."),
        (
            set(report.owners.values()) - winners,
            "中选结果已公布，贵单位未中选。",
            "the result is out; none of your bids was selected.",
        ),
    ):
        notify_all(
            session,
            organisation_ids=sorted(ids),
            zh=f"“{round_.title}”：{zh}",
            en=f"“{round_.title}”: {en}",
            link=f"/rounds/{round_.name}/result",
            moment=award.awarded_at,
            key=f"awarded {award.id}",
        )


FIX_AWARD = StepKind(
    step=Step.FIX_AWARD,
    sentence=_sentence,
    content=_content,
    checks=_checks,
    carry_out=_carry_out,
    is_about=True,
)
"""How the award is fixed: `StepRequest.about` is the first day of the cycle, in ISO form."""
