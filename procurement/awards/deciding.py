"""What the bureau answers after the opening: ties and withdrawals, by two officers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Answer, QuestionKind
from bidding.errors import BiddingError
from bidding.evaluate import evaluate
from bidding.report import EvaluationReport as Evaluated
from bidding.sealing import canonical_bytes
from procurement.awards.answers import answers_of
from procurement.awards.evaluation import EVALUATE_ROUND_JOB, require_report
from procurement.awards.report_view import ReportView
from procurement.awards.sheet import award_sheet
from procurement.awards.tables import AnswerDraft, AwardAnswer
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.jobs import enqueue
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.proposals import (
    AlreadyProposedError,
    StepDecision,
    StepKind,
    StepRequest,
    propose_step,
)
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

ANSWERED_BY_BUREAU = (QuestionKind.TIE, QuestionKind.WITHDRAW)
REASON_MAX = 2000


class NotAnsweringError(RefusedError):
    """Ties and withdrawals are answered between the evaluation and the notice."""

    def __init__(self) -> None:
        """Say when."""
        super().__init__(
            zh="只能在评审之后、公示之前裁定同价或记录撤回。",
            en="Ties are settled and withdrawals recorded after the evaluation and before the "
            "notice.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BureauAnswer:
    """What the bureau is to answer about a lot.

    Attributes:
        lot: The lot's code.
        question: A tie, or a withdrawal.
        answers: Yes or no by bid: which of the tied bids take the places; who withdrew.
        reason: By which facts the officers decide, or with which letter the bidder withdrew.
    """

    lot: str
    question: QuestionKind
    answers: Mapping[str, bool]
    reason: str


def draft_answers(
    session: Session, *, round_: Round, wanted: BureauAnswer, actor: Actor, moment: datetime
) -> AnswerDraft:
    """Write down what the bureau is to answer about a lot; nothing is decided by it.

    Args:
        session: Session of the caller's transaction.
        round_: An evaluated round.
        wanted: The answer.
        actor: The officer.
        moment: When.

    Raises:
        NotAnsweringError: The round stands elsewhere.
        NotEvaluatedError: It has no report.
        NotFoundForActorError: It has no such lot.
        InvalidInputError: A bid that is not asked about, one that is left out, no reason, or more
            bids than places.
    """
    if round_.status != RoundStatus.EVALUATED:
        raise NotAnsweringError
    report = require_report(session, round_id=round_.id)
    faults = [*_faults(report, wanted), *_reason_faults(wanted.reason)]
    if faults:
        raise InvalidInputError(faults)
    _try(session, round_, wanted)
    draft = AnswerDraft(
        round_id=round_.id,
        lot_id=_lot(session, round_, wanted.lot).id,
        question=wanted.question.value,
        answers=json.dumps(dict(sorted(wanted.answers.items())), ensure_ascii=False),
        reason=wanted.reason.strip(),
        written_by=actor.person_id,
        written_at=moment,
    )
    session.add(draft)
    session.flush()
    return draft


def propose_answers(
    session: Session, *, round_: Round, draft: AnswerDraft, actor: Actor, moment: datetime
) -> StepProposal:
    """Propose a draft as the bureau's answer; another officer confirms it.

    Raises:
        AlreadyProposedError: An answer about the same lot waits for its confirmation.
        NotReadyError: The round stands elsewhere, or the draft does not fit its report any more.
    """
    waiting = session.scalars(
        select(StepProposal.about)
        .where(StepProposal.round_id == round_.id)
        .where(StepProposal.step == Step.ANSWER_QUESTION)
        .where(StepProposal.status == ProposalStatus.OPEN)
    )
    for about in waiting:
        if find_draft(session, round_=round_, about=about).lot_id == draft.lot_id:
            raise AlreadyProposedError
    request = StepRequest(round_=round_, about=str(draft.id), moment=moment)
    return propose_step(session, kind=ANSWER_QUESTION, request=request, actor=actor)


def find_draft(session: Session, *, round_: Round, about: str) -> AnswerDraft:
    """Return the draft that a proposal is about.

    Raises:
        NotFoundForActorError: The round has no such draft.
    """
    is_id = about.isascii() and about.isdigit() and len(about) < 10
    draft = session.get(AnswerDraft, int(about)) if is_id else None
    if draft is None or draft.round_id != round_.id:
        raise NotFoundForActorError
    return draft


def asked_bids(report: ReportView, lot: str, question: QuestionKind) -> tuple[str, ...]:
    """Return the bids of a lot that a question of the bureau's can be about, in order.

    Ties are those that the report asks about; any bid that may still be selected can withdraw.

    Args:
        report: The newest report.
        lot: The lot's code.
        question: A tie, or a withdrawal.
    """
    found = report.lot(lot)
    if question == QuestionKind.TIE:
        asked = [one["bid"] for one in found["pending"] if one["question"] == question]
        return tuple(dict.fromkeys(asked))
    return tuple(one["bid"] for one in found["outcomes"] if one["status"] != "invalid")


def _faults(report: ReportView, wanted: BureauAnswer) -> Iterator[FieldFault]:
    lot, question, answers = wanted.lot, wanted.question, wanted.answers
    if question not in ANSWERED_BY_BUREAU:
        yield FieldFault(
            "question",
            "须为同价裁定或撤回；其他问题由企业答复。",
            "Expected a tie or a withdrawal; bidders answer the other questions.",
        )
        return
    asked = asked_bids(report, lot, question)
    for bid in answers:
        if bid not in asked:
            yield FieldFault(
                "answers",
                f"{lot} 中没有就“{bid}”提出这一问题。",
                f"Nothing of the kind is asked about “{bid}” in lot {lot}.",
            )
    if not answers:
        yield FieldFault("answers", "请作出答复。", "Give an answer.")
    elif question == QuestionKind.TIE:
        for bid in asked:
            if bid not in answers:
                yield FieldFault("answers", f"请一并裁定“{bid}”。", f"Decide about “{bid}” too.")


def _reason_faults(reason: str) -> Iterator[FieldFault]:
    if not reason.strip():
        yield FieldFault(
            "reason",
            "请说明裁定依据，或撤回函的日期和文号。",
            "Say by which facts you decide, or name the letter of withdrawal.",
        )
    if len(reason) > REASON_MAX:
        yield FieldFault("reason", f"最多 {REASON_MAX} 字。", f"At most {REASON_MAX} characters.")


def _try(session: Session, round_: Round, wanted: BureauAnswer) -> None:
    """Refuse answers that the rules do not allow, or that leave the tie open."""
    try:
        tried = _evaluated_with(session, round_, wanted)
    except BiddingError as refusal:
        raise InvalidInputError(
            [FieldFault("answers", f"规则不允许这样裁定：{refusal}。", f"Not allowed: {refusal}.")]
        ) from refusal
    open_still = [
        one.bid
        for one in tried.pending
        if (one.lot, one.question) == (wanted.lot, wanted.question) and one.bid in wanted.answers
    ]
    if open_still:
        fault = FieldFault(
            "answers",
            f"裁定后名额仍未确定：{'、'.join(open_still)}。",
            f"The tie would stay open: {', '.join(open_still)}.",
        )
        raise InvalidInputError([fault])


def _evaluated_with(session: Session, round_: Round, wanted: BureauAnswer) -> Evaluated:
    given = [Answer(wanted.lot, bid, wanted.question, yes) for bid, yes in wanted.answers.items()]
    return evaluate(
        award_sheet(session, round_=round_),
        rules_in_force(session, round_=round_).rulebook,
        (*answers_of(session, round_id=round_.id), *given),
    )


def _lot(session: Session, round_: Round, code: str) -> Lot:
    wanted = select(Lot).where(Lot.round_id == round_.id, Lot.code == code)
    return session.scalars(wanted).one()


def read_draft(session: Session, draft: AnswerDraft) -> BureauAnswer:
    """Return what a draft says."""
    return BureauAnswer(
        lot=session.get_one(Lot, draft.lot_id).code,
        question=QuestionKind(draft.question),
        answers=json.loads(draft.answers),
        reason=draft.reason,
    )


def _sentence(session: Session, request: StepRequest) -> Bilingual:
    draft = find_draft(session, round_=request.round_, about=request.about)
    lot = session.get_one(Lot, draft.lot_id)
    answers = read_draft(session, draft).answers
    yes = [bid for bid, answer in answers.items() if answer]
    no = [bid for bid, answer in answers.items() if not answer]
    if draft.question == QuestionKind.WITHDRAW:
        return _withdrawal_sentence(lot, yes, no, draft.reason)
    return Bilingual(
        f"{lot.code} {lot.product} 同价裁定：{'、'.join(yes) or '无'} 优先，"
        f"{'、'.join(no) or '无'} 在后；依据：{draft.reason}。确认后重新评审。",
        f"Tie in {lot.code} {lot.product}: {', '.join(yes) or 'none'} first, "
        f"{', '.join(no) or 'none'} after; because: {draft.reason}. The round is evaluated again.",
    )


def _withdrawal_sentence(lot: Lot, yes: list[str], no: list[str], reason: str) -> Bilingual:
    said_zh = [*(f"{bid} 开标后撤回" for bid in yes), *(f"{bid} 未撤回" for bid in no)]
    said_en = [*(f"{bid} withdrew" for bid in yes), *(f"{bid} did not withdraw" for bid in no)]
    return Bilingual(
        f"{lot.code} {lot.product}：{'；'.join(said_zh)}。依据：{reason}。确认后重新评审。",
        f"{lot.code} {lot.product}: {'; '.join(said_en)}. Because: {reason}. The round is "
        "evaluated again.",
    )


def _content(session: Session, request: StepRequest) -> str:
    draft = find_draft(session, round_=request.round_, about=request.about)
    wanted = read_draft(session, draft)
    report = require_report(session, round_id=request.round_.id)
    return canonical_bytes(
        {
            "step": Step.ANSWER_QUESTION.value,
            "round": request.round_.name,
            "lot": wanted.lot,
            "question": wanted.question.value,
            "answers": [
                {"bid": bid, "answer": answer} for bid, answer in sorted(wanted.answers.items())
            ],
            "reason": wanted.reason,
            "report": report.row.report_digest,
        }
    ).decode()


def _checks(session: Session, request: StepRequest) -> Iterator[Check]:
    draft = find_draft(session, round_=request.round_, about=request.about)
    link = f"/rounds/{request.round_.name}/evaluation"
    is_time = request.round_.status == RoundStatus.EVALUATED
    yield Check(
        key="evaluated",
        zh="已评审，尚未公示" if is_time else NotAnsweringError().zh,
        en="evaluated and not announced yet" if is_time else NotAnsweringError().en,
        is_met=is_time,
        link=link,
    )
    if is_time:
        yield _allowed(session, request.round_, draft, link)


def _allowed(session: Session, round_: Round, draft: AnswerDraft, link: str) -> Check:
    """Whether the rules still take the answers of a draft."""
    wanted = read_draft(session, draft)
    report = require_report(session, round_id=round_.id)
    zh, en, is_met = "答复符合规则", "the rules allow the answer", True
    try:
        faults = [*_faults(report, wanted)]
        if faults:
            raise InvalidInputError(faults)
        _try(session, round_, wanted)
    except RefusedError as refusal:
        zh, en, is_met = refusal.zh, refusal.en, False
    return Check(key="allowed", zh=zh, en=en, is_met=is_met, link=link)


def _carry_out(session: Session, decision: StepDecision) -> None:
    round_ = decision.round_
    draft = find_draft(session, round_=round_, about=decision.proposal.about)
    answered = read_draft(session, draft)
    owners = require_report(session, round_id=round_.id).owners
    session.add_all(
        AwardAnswer(
            round_id=round_.id,
            draft_id=draft.id,
            lot_id=draft.lot_id,
            organisation_id=owners[answered.lot, bid],
            bid=bid,
            question=draft.question,
            answer=answer,
            proposed_by=decision.proposal.proposed_by,
            decided_by=decision.actor.person_id,
            decided_at=decision.moment,
        )
        for bid, answer in answered.answers.items()
    )
    session.flush()
    enqueue(
        session,
        kind=EVALUATE_ROUND_JOB,
        payload={"round_id": round_.id},
        moment=decision.moment,
        key=f"evaluate-round {round_.id} answer {draft.id}",
    )


ANSWER_QUESTION = StepKind(
    step=Step.ANSWER_QUESTION,
    sentence=_sentence,
    content=_content,
    checks=_checks,
    carry_out=_carry_out,
    is_about=True,
)
"""How a tie is settled or a withdrawal recorded: one officer proposes it, another confirms."""
