"""Notices about fulfilment: what was found, issued, answered and decided."""

from collections.abc import Iterator
from typing import Any

from litestar import Response, get

from procurement.accounts.divisions import division_name
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.orders.fulfilment.ladder import chain_of, steps_after
from procurement.orders.fulfilment.listing import names_of_addressees, notices_seen
from procurement.orders.fulfilment.notices import answers_of
from procurement.orders.fulfilment.rules.crossings import MEASURE_NAMES, Measure
from procurement.orders.fulfilment.states import (
    ABOUT_NAMES,
    KIND_NAMES,
    STATUS_NAMES,
    NoticeAbout,
    NoticeStatus,
)
from procurement.orders.fulfilment.subjects import notice_subject
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.orders.pages.parties import person_name
from procurement.orders.pages.sheets import Heading, Value, sheet_answer
from procurement.orders.pages.typed import filters_tail, page_number
from procurement.orders.pages.words import named
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import faults_of, status_of, whole_of
from procurement.web import RowId, Visit, paginate, reads, render

_FILTERS = ("status", "about")
_MARKS = {
    NoticeStatus.FOUND: "warning",
    NoticeStatus.DROPPED: "neutral",
    NoticeStatus.OPEN: "warning",
    NoticeStatus.ANSWERED: "info",
    NoticeStatus.SETTLED: "good",
    NoticeStatus.ESCALATED: "bad",
}
_LIVE = (NoticeStatus.OPEN, NoticeStatus.ANSWERED)


@get("/fulfilment/notices", include_in_schema=False)
@reads
def show_notices(visit: Visit) -> Response[Any]:
    """List the notices that are the visitor's concern."""
    visit.require_ever(Action.READ_FULFILMENT)
    newest = _seen(visit).order_by(FulfilmentNotice.id.desc())
    page = paginate(visit.session, newest, number=page_number(visit))
    may_warn = visit.may_ever(Action.WARN_FULFILMENT)
    return render(
        visit,
        "orders/fulfilment/notices.html",
        page=page,
        counts={one: _count(visit, one) for one in NoticeStatus},
        names=names_of_addressees(visit.session, notices=page.rows),
        filters=visit.query,
        tail=filters_tail(visit, _FILTERS),
        is_asked="asked" in visit.query,
        may={"warn": may_warn},
        **notice_words(visit),
    )


def _seen(visit: Visit) -> Any:  # noqa: ANN401 - a statement
    status, about = visit.query.get("status", ""), visit.query.get("about", "")
    return notices_seen(
        visit.session,
        actor=visit.actor,
        day=day_in_china(visit.moment),
        status=status if status in set(NoticeStatus) else "",
        about=about if about in set(NoticeAbout) else "",
    )


def _count(visit: Visit, status: NoticeStatus) -> int:
    day = day_in_china(visit.moment)
    seen = notices_seen(visit.session, actor=visit.actor, day=day, status=status)
    return paginate(visit.session, seen, number=1, size=1).total


def notice_words(visit: Visit) -> dict[str, Any]:
    """What the pages of notices name things with."""
    return {
        "kind_names": named(visit, KIND_NAMES),
        "about_names": named(visit, ABOUT_NAMES),
        "notice_names": named(visit, STATUS_NAMES),
        "notice_marks": _MARKS,
        "measure_names": named(visit, MEASURE_NAMES),
        "region_name": lambda code: visit.text(*division_name(code)),
    }


_HEADINGS: tuple[Heading, ...] = (
    ("措施", "step"),
    ("对象", "about"),
    ("情况", "what was found"),
    ("指标", "measure"),
    ("地区", "region"),
    ("截至", "measured to"),
    ("规则书", "rulebook"),
    ("条款", "clause"),
    ("答复期限", "answer by"),
    ("状态", "status"),
    ("处理意见", "decision"),
)


@get(
    ["/fulfilment/notices/notices.xlsx", "/fulfilment/notices/notices.csv"],
    include_in_schema=False,
)
@reads
def notices_file(visit: Visit) -> Response[bytes]:
    """Give the list as a file."""
    visit.require_ever(Action.READ_FULFILMENT)
    return sheet_answer(
        visit,
        name=visit.text("履约通知", "notices"),
        headings=_HEADINGS,
        rows=_rows(visit),
    )


def _rows(visit: Visit) -> Iterator[tuple[Value, ...]]:
    rows = visit.session.scalars(_seen(visit).order_by(FulfilmentNotice.id.desc())).all()
    names, words = names_of_addressees(visit.session, notices=rows), notice_words(visit)
    for row in rows:
        yield (
            words["kind_names"][row.kind],
            names[row.organisation_id],
            visit.text(row.zh, row.en),
            words["measure_names"].get(Measure(row.measure), row.measure),
            words["region_name"](row.region),
            row.measured_on,
            row.rulebook,
            row.clause,
            row.due_on,
            words["notice_names"][row.status],
            row.decision,
        )


def notice_for(visit: Visit, notice_id: int, action: Action) -> FulfilmentNotice:
    """Return a notice that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    notice = visit.session.get(FulfilmentNotice, notice_id)
    if notice is None:
        raise NotFoundForActorError
    visit.require(action, notice_subject(visit.session, notice=notice, moment=visit.moment))
    return notice


@get("/fulfilment/notices/{notice_id:int}", include_in_schema=False)
@reads
def show_notice(visit: Visit, notice_id: RowId) -> Response[Any]:
    """Show a notice with its life, and what can be done."""
    return notice_page(visit, notice_for(visit, notice_id, Action.READ_FULFILMENT), None)


def notice_page(
    visit: Visit, notice: FulfilmentNotice, refusal: RefusedError | None
) -> Response[Any]:
    """Show the page, also with what was refused."""
    session = visit.session
    day, words = day_in_china(visit.moment), notice_words(visit)
    later = steps_after(session, notice=notice, day=day)
    return render(
        visit,
        "orders/fulfilment/notice.html",
        status=200 if refusal is None else status_of(refusal),
        notice=notice,
        names=names_of_addressees(session, notices=[notice]),
        steps=[(kind, words["kind_names"][kind]) for kind in KIND_NAMES],
        outcomes=list(_outcomes(visit, bool(later))),
        later=[(kind, words["kind_names"][kind]) for kind in later],
        chain=[one for one in chain_of(session, notice=notice) if one.id != notice.id],
        entries=list(_entries(visit, notice)),
        is_overdue=notice.status in _LIVE and notice.due_on is not None and notice.due_on < day,
        may=_may(visit, notice),
        values=visit.form or {"kind": notice.kind},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words,
    )


def _outcomes(visit: Visit, has_later: bool) -> Iterator[tuple[str, str]]:
    yield "settle", visit.text("办结：已整改，或理由成立", "settled: put right, or explained")
    if has_later:
        yield "escalate", visit.text("升级：进入下一步", "escalated: the next step follows")


def _may(visit: Visit, notice: FulfilmentNotice) -> dict[str, bool]:
    subject = notice_subject(visit.session, notice=notice, moment=visit.moment)
    warns = visit.may(Action.WARN_FULFILMENT, subject)
    is_found, is_live = notice.status == NoticeStatus.FOUND, notice.status in _LIVE
    return {
        "answer": is_live and visit.may(Action.ANSWER_WARNING, subject),
        "issue": warns and is_found,
        "decide": warns and is_live,
        "rate": warns and is_live and notice.about != NoticeAbout.HOSPITAL,
    }


def _entries(visit: Visit, notice: FulfilmentNotice) -> Iterator[dict[str, object]]:
    """The life of a notice."""
    names = named(visit, KIND_NAMES)
    found = visit.text("平台发现", "Found") if notice.rulebook else visit.text("提出", "Raised")
    yield {"title": found, "moment": notice.found_at, "state": "done"}
    if notice.issued_at is not None:
        by = person_name(visit, notice.issued_by)
        title = f"{visit.text('发出', 'Issued: ')}{names[notice.kind]}"
        yield {"title": title, "moment": notice.issued_at, "state": "done", "actor": by}
    for answer in answers_of(visit.session, notice=notice):
        yield {
            "title": visit.text("答复", "Answered"),
            "moment": answer.answered_at,
            "state": "done",
            "actor": person_name(visit, answer.answered_by),
            "note": f"{answer.text} {answer.document}".strip(),
        }
    if notice.decided_at is not None:
        yield {
            "title": named(visit, STATUS_NAMES)[notice.status],
            "moment": notice.decided_at,
            "state": "done",
            "actor": person_name(visit, notice.decided_by),
            "note": notice.decision,
        }
        return
    is_open = notice.status == NoticeStatus.OPEN
    waits = ("答复", "Answer") if is_open else ("处理", "Decision")
    yield {"title": visit.text(*waits), "moment": None, "state": "now"}


ROUTES = (show_notices, notices_file, show_notice)
"""Handlers of these pages."""
