"""What waits for makers, officers, experts, the chair, negotiators and keyholders."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.groups.tables import GroupResult, GroupSignature
from procurement.negotiations.kinds import CampaignStatus, DossierStatus, Part, SessionStatus, Track
from procurement.negotiations.renewals.tables import Renewal
from procurement.negotiations.sessions.tables import (
    Opening,
    Session,
    SharePost,
)
from procurement.negotiations.subjects import declarations
from procurement.negotiations.tables import (
    Campaign,
    Dossier,
    HolderKey,
    Member,
    Opinion,
    Seat,
    Talk,
    TalkAnswer,
)
from procurement.notices import Task
from procurement.permissions import Actor, Role

_RUNNING = frozenset(DossierStatus) - {
    DossierStatus.DRAFT,
    DossierStatus.SUBMITTED,
    DossierStatus.RETURNED,
    DossierStatus.REJECTED,
    DossierStatus.DECLINED,
    DossierStatus.AGREED,
    DossierStatus.FAILED,
}


def waiting_for(session: Database, *, actor: Actor, moment: datetime) -> list[Task]:
    """Return what waits for somebody.

    Args:
        session: Any session.
        actor: For whom.
        moment: Now, aware.
    """
    tasks: list[Task] = []
    if Role.MANUFACTURER in actor.roles:
        tasks += _of_maker(session, actor)
    if Role.OFFICER in actor.roles:
        tasks += _of_officer(session, actor)
    if {Role.OFFICER, Role.EVALUATOR} & actor.roles:
        tasks += _of_member(session, actor, moment)
    if Role.KEYHOLDER in actor.roles:
        tasks += _of_holder(session, actor, moment)
    return tasks


def _task(dossier: Dossier, zh: str, en: str, path: str, due_at: datetime | None = None) -> Task:
    return Task(
        zh=f"{dossier.product}：{zh}",
        en=f"{dossier.product}: {en}",
        link=f"{address_of(dossier)}/{path}".rstrip("/"),
        due_at=due_at,
        urgent=True,
    )


def _dossiers(session: Database, *conditions: object) -> Sequence[Dossier]:
    rows = select(Dossier).join(Campaign, Campaign.id == Dossier.campaign_id)
    rows = rows.where(Campaign.status == CampaignStatus.OPEN).order_by(Dossier.id)
    return session.scalars(rows.where(*conditions)).all()  # type: ignore[arg-type]


def _of_maker(session: Database, actor: Actor) -> Iterator[Task]:
    for dossier in _dossiers(session, Dossier.organisation_id == actor.organisation_id):
        if dossier.status == DossierStatus.DRAFT:
            until = dossier.campaign.files_until
            yield _task(dossier, "填写并提交申报材料", "fill in and hand in", "edit", until)
        elif dossier.status == DossierStatus.RETURNED:
            zh, en = "补正申报材料", "make deficiencies good"
            yield _task(dossier, zh, en, "edit", dossier.due_at)
        elif dossier.status == DossierStatus.TALKS:
            yield _task(dossier, "谈判正在进行", "the session is under way", "quotes")
        if _unanswered(session, dossier):
            yield _task(dossier, "确认沟通记录", "answer the record of a talk", "talks")


def _unanswered(session: Database, dossier: Dossier) -> bool:
    waiting = (
        select(Talk.id)
        .outerjoin(TalkAnswer, TalkAnswer.talk_id == Talk.id)
        .where(Talk.dossier_id == dossier.id, TalkAnswer.id.is_(None))
        .limit(1)
    )
    return session.scalar(waiting) is not None


_OFFICERS = {
    DossierStatus.SUBMITTED: ("形式审查", "formal review", "review"),
    DossierStatus.PASSED: ("根据专家意见决定是否列入谈判", "admit it or not", "review"),
    DossierStatus.ADMITTED: ("确定谈判时间", "schedule the session", "session"),
}


def _of_officer(session: Database, actor: Actor) -> Iterator[Task]:
    for dossier in _dossiers(session, Campaign.bureau_id == actor.organisation_id):
        status = DossierStatus(dossier.status)
        if status == DossierStatus.ADMITTED and dossier.track == Track.RENEWAL:
            row = session.scalars(
                select(Renewal).where(Renewal.dossier_id == dossier.id)
            ).one_or_none()
            if row is None:
                yield _task(dossier, "按规则测算续约", "apply the rules of renewal", "renewal")
            elif row.proposed_by != actor.person_id:
                yield _task(dossier, "确认续约", "confirm the renewal", "renewal")
        elif status in _OFFICERS:
            zh, en, path = _OFFICERS[status]
            yield _task(dossier, zh, en, path)


def _of_member(session: Database, actor: Actor, moment: datetime) -> Iterator[Task]:
    mine = (
        select(Member)
        .where(Member.person_id == actor.person_id, Member.ended_at.is_(None))
        .order_by(Member.id)
    )
    for member in session.scalars(mine):
        about = Dossier.id == member.dossier_id if member.dossier_id else True
        dossiers = _dossiers(
            session,
            Dossier.campaign_id == member.campaign_id,
            about,
            Dossier.status.in_([status.value for status in _RUNNING]),
        )
        for dossier in dossiers:
            yield from _of_part(session, dossier, Part(member.part), actor, moment)


def _of_part(
    session: Database, dossier: Dossier, part: Part, actor: Actor, moment: datetime
) -> Iterator[Task]:
    person = actor.person_id or 0
    declared = declarations(session, dossier_id=dossier.id).get(person)
    if declared is None:
        yield _task(dossier, "作利益冲突声明", "declare your interests", "interest")
    elif declared.has_conflict:
        return
    elif part == Part.REVIEWER:
        yield from _to_score(session, dossier, person)
    elif part in (Part.ECONOMICS, Part.FUND):
        yield from _to_compute(session, dossier, part, person)
    elif part == Part.CHAIR and dossier.status == DossierStatus.SCHEDULED:
        talk = _session_of(session, dossier)
        due_at = None if talk is None else talk.starts_at
        yield _task(dossier, "合议并封存谈判底价", "reconcile and seal the price", "chair", due_at)
    elif part == Part.NEGOTIATOR:
        yield from _to_negotiate(session, dossier, moment)


def _to_score(session: Database, dossier: Dossier, person: int) -> Iterator[Task]:
    own = select(Opinion.id).where(Opinion.dossier_id == dossier.id, Opinion.person_id == person)
    if dossier.status == DossierStatus.PASSED and session.scalar(own.limit(1)) is None:
        yield _task(dossier, "填写专家评审意见", "give your opinion", "opinion")


def _to_compute(session: Database, dossier: Dossier, part: Part, person: int) -> Iterator[Task]:
    if dossier.status not in (DossierStatus.ADMITTED, DossierStatus.SCHEDULED):
        return
    if dossier.track == Track.RENEWAL:
        return
    newest = session.scalar(
        select(GroupResult.id)
        .where(GroupResult.dossier_id == dossier.id, GroupResult.group_name == part.value)
        .order_by(GroupResult.number.desc())
        .limit(1)
    )
    signed = select(GroupSignature.id).where(
        GroupSignature.result_id == newest, GroupSignature.person_id == person
    )
    if newest is None or session.scalar(signed) is None:
        yield _task(dossier, "测算并签字", "compute and sign", f"groups/{part.value}")


def _to_negotiate(session: Database, dossier: Dossier, moment: datetime) -> Iterator[Task]:
    talk = _session_of(session, dossier)
    if talk is None or dossier.status not in (DossierStatus.SEALED, DossierStatus.TALKS):
        return
    if dossier.status == DossierStatus.TALKS or moment >= talk.starts_at:
        yield _task(dossier, "谈判", "the session", "table", talk.starts_at)


def _session_of(session: Database, dossier: Dossier) -> Session | None:
    return session.scalars(select(Session).where(Session.dossier_id == dossier.id)).one_or_none()


def _of_holder(session: Database, actor: Actor, moment: datetime) -> Iterator[Task]:
    seats = session.execute(
        select(Seat, Campaign)
        .join(Campaign, Campaign.id == Seat.campaign_id)
        .where(Seat.organisation_id == actor.organisation_id)
        .order_by(Seat.id)
    )
    for seat, campaign in seats:
        own = select(HolderKey.id).where(
            HolderKey.campaign_id == campaign.id,
            HolderKey.seat == seat.seat,
            HolderKey.organisation_id == actor.organisation_id,
        )
        if campaign.status == CampaignStatus.DRAFT and session.scalar(own.limit(1)) is None:
            yield Task(
                zh=f"为“{campaign.title}”制作密钥",
                en=f"Make your key for “{campaign.title}”",
                link=f"/negotiations/{campaign.name}/keys",
                urgent=True,
            )
        yield from _to_unseal(session, campaign, actor, moment)


def _to_unseal(
    session: Database, campaign: Campaign, actor: Actor, moment: datetime
) -> Iterator[Task]:
    posted = (
        select(SharePost.id)
        .where(SharePost.session_id == Session.id, SharePost.fits)
        .where(SharePost.organisation_id == actor.organisation_id)
    )
    opened = select(Opening.id).where(Opening.session_id == Session.id)
    waiting = session.scalars(
        select(Session)
        .join(Dossier, Dossier.id == Session.dossier_id)
        .where(Dossier.campaign_id == campaign.id, Session.status != SessionStatus.SCHEDULED)
        .where(~posted.exists(), ~opened.exists(), Session.starts_at <= moment)
        .order_by(Session.id)
    )
    for talk in waiting:
        yield _task(talk.dossier, "提交信封份额", "post your share of the envelope", "session")
