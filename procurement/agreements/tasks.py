"""What waits for hospitals, winners, distributors and officers about agreements."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.distributors import waiting_nominations
from procurement.agreements.entrusting import given_to
from procurement.agreements.states import AgreementStatus, ChangeStatus, TermStatus
from procurement.agreements.succession import is_over
from procurement.agreements.tables import (
    AgreedChange,
    AgreedSupply,
    Agreement,
    AgreementTerm,
    Distribution,
)
from procurement.agreements.terms import AGREED_IN, latest_term, unsigned
from procurement.agreements.waiting import waiting_to_sign
from procurement.awards.regions.subjects import is_winner
from procurement.china_days import day_in_china
from procurement.notices import Task
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round, RoundStatus

_PARTIES = frozenset({Role.HOSPITAL, Role.MANUFACTURER, Role.DISTRIBUTOR})


def waiting_for(session: Session, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks: list[Task] = []
    if actor.organisation_id is None:
        return tasks
    if Role.DISTRIBUTOR in actor.roles:
        tasks += _nominations(session, actor.organisation_id)
    if Role.MANUFACTURER in actor.roles:
        tasks += _of_winner(session, actor.organisation_id)
    if _PARTIES & actor.roles:
        tasks += _of_party(session, actor)
    if Role.OFFICER in actor.roles:
        tasks += _of_officer(session, actor, moment)
    return tasks


def _under_way(session: Session, *statuses: RoundStatus) -> Sequence[Round]:
    wanted = statuses or AGREED_IN
    return session.scalars(select(Round).where(Round.status.in_(wanted)).order_by(Round.id)).all()


def _nominations(session: Session, organisation_id: int) -> Iterator[Task]:
    for round_, number in waiting_nominations(session, distributor_id=organisation_id):
        yield Task(
            zh=f"确认“{round_.title}”的配送提名：{number} 个地区",
            en=f"Answer nominations as distributor in “{round_.title}”: {number}",
            link=f"/rounds/{round_.name}/distributors",
            urgent=True,
        )


def _of_winner(session: Session, organisation_id: int) -> Iterator[Task]:
    under_way = _under_way(session, RoundStatus.REGIONS_CHOSEN, RoundStatus.AGREEMENTS)
    for round_ in under_way:
        named = select(func.count()).where(
            Distribution.round_id == round_.id, Distribution.organisation_id == organisation_id
        )
        wins = is_winner(session, round_id=round_.id, organisation_id=organisation_id)
        if wins and not session.scalar(named):
            yield Task(
                zh=f"为“{round_.title}”提名配送企业",
                en=f"Nominate distributors for “{round_.title}”",
                link=f"/rounds/{round_.name}/distributors",
                urgent=True,
            )


def _terms(session: Session) -> Sequence[tuple[Round, AgreementTerm]]:
    rows = session.execute(
        select(Round, AgreementTerm)
        .join(AgreementTerm, AgreementTerm.round_id == Round.id)
        .where(AgreementTerm.status == TermStatus.DONE, Round.status.in_(AGREED_IN))
        .order_by(Round.id, AgreementTerm.number)
    )
    return [(round_, term) for round_, term in rows]


def _of_party(session: Session, actor: Actor) -> Iterator[Task]:
    own = session.get(Organisation, actor.organisation_id)
    if own is None:
        return
    for round_, term in _terms(session):
        link = f"/rounds/{round_.name}/agreements?term={term.number}"
        _, number = waiting_to_sign(session, term=term, organisation=own)
        if number:
            yield Task(
                zh=f"签署“{round_.title}”的购销协议：{number:,} 份",
                en=f"Sign agreements of “{round_.title}”: {number:,}",
                link=link,
                urgent=True,
            )
        choosing = _to_choose(session, term, actor)
        if choosing:
            yield Task(
                zh=f"为“{round_.title}”选定配送企业：{choosing:,} 份协议",
                en=f"Choose distributors in “{round_.title}”: {choosing:,} agreements",
                link=f"{link}&status=waiting",
            )


def _to_choose(session: Session, term: AgreementTerm, actor: Actor) -> int:
    if Role.HOSPITAL not in actor.roles:
        return 0
    waiting = select(func.count()).where(
        Agreement.term_id == term.id,
        Agreement.hospital_id == actor.organisation_id,
        Agreement.status == AgreementStatus.WAITING,
    )
    return session.scalar(waiting) or 0


def _of_officer(session: Session, actor: Actor, moment: datetime) -> Iterator[Task]:
    own = actor.organisation_id or 0
    for round_ in _under_way(session):
        if round_.bureau_id != own:
            continue
        yield from _led(session, round_)
        yield from _over(session, round_, moment)
    for round_, term in _terms(session):
        number = sum(
            waiting_to_sign(session, term=term, organisation=grantor)[1]
            for _, grantor in given_to(session, round_id=round_.id, agent_id=own)
        )
        if number:
            yield Task(
                zh=f"代为签署“{round_.title}”的购销协议：{number:,} 份",
                en=f"Sign for others in “{round_.title}”: {number:,} agreements",
                link=f"/rounds/{round_.name}/agreements/entrusted",
            )


def _over(session: Session, round_: Round, moment: datetime) -> Iterator[Task]:
    """A cycle whose last term is over, and that no round has followed on."""
    last = latest_term(session, round_id=round_.id)
    if round_.status != RoundStatus.RUNNING or last is None:
        return
    if is_over(last, day_in_china(moment)):
        yield Task(
            zh=f"“{round_.title}”的协议已期满：延期、接续或结束",
            en=f"The last term of “{round_.title}” is over: extend it, follow on, or end it",
            link=f"/rounds/{round_.name}/agreements",
            urgent=True,
        )


def _led(session: Session, round_: Round) -> Iterator[Task]:
    link = f"/rounds/{round_.name}/agreements"
    first = session.scalars(
        select(AgreementTerm).where(AgreementTerm.round_id == round_.id, AgreementTerm.number == 1)
    ).one_or_none()
    if first is None:
        yield Task(
            zh=f"生成“{round_.title}”的首年协议",
            en=f"Draw up the agreements of “{round_.title}”",
            link=link,
            urgent=True,
        )
    elif round_.status == RoundStatus.AGREEMENTS and not unsigned(session, term_id=first.id):
        yield Task(
            zh=f"“{round_.title}”的协议已全部签署，可以开始执行",
            en=f"All agreements of “{round_.title}” are signed: begin the cycle",
            link=link,
            urgent=True,
        )
    changes = session.scalar(
        select(func.count())
        .select_from(AgreedChange)
        .join(AgreedSupply, AgreedSupply.id == AgreedChange.supply_id)
        .join(AgreementTerm, AgreementTerm.id == AgreedSupply.term_id)
        .where(AgreementTerm.round_id == round_.id)
        .where(AgreedChange.status == ChangeStatus.REQUESTED)
    )
    if changes:
        yield Task(
            zh=f"审批“{round_.title}”的约定采购量调整：{changes} 件",
            en=f"Decide changes of agreed volume in “{round_.title}”: {changes}",
            link=f"{link}/changes",
            urgent=True,
        )
