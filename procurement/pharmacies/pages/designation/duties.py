"""Duties to bring drugs in: a hospital's own by month, a bureau's by drug and hospital."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Response, get, post

from procurement.accounts.divisions import NATION, is_division
from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.jobs import enqueue
from procurement.orders.pages.sheets import sheet_answer
from procurement.orders.pages.typed import GoodsReader, chosen, filters_tail, page_number
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.permissions.decide import covers
from procurement.pharmacies.designation.duties import ANSWERS, Answer, answer_duty
from procurement.pharmacies.designation.duty_edge import duty_for, own_hospitals
from procurement.pharmacies.designation.duty_reading import (
    STANDINGS,
    DutyRow,
    DutyScope,
    as_row,
    duty_rows,
    months_of,
    sums_by_drug,
    sums_by_hospital,
)
from procurement.pharmacies.designation.duty_terms import (
    DUTY_MONTHS,
    NewTerm,
    duty_rulebooks,
    set_term,
    terms_in,
)
from procurement.pharmacies.designation.jobs import SPREAD_DUTIES_JOB
from procurement.pharmacies.designation.states import DutyStatus
from procurement.pharmacies.pages.designation.words import answer, words
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.rules.registration import months_after
from procurement.rounds.at_edge import attempt
from procurement.web import Form, RowId, Visit, paginate, reads, redirect, writes

FILTERS = ("month", "region", "drug", "place", "status", "by")
MONTHS_SHOWN = 24
WAYS = ("drug", "hospital", "all")


@get("/designations/duties", include_in_schema=False)
@reads
def show_duties(visit: Visit) -> Response[Any]:
    """Show the duties of a month."""
    return _page(visit, None)


def _scope(visit: Visit) -> DutyScope:
    """What the visitor looks at.

    Raises:
        NotFoundForActorError: A region that is not the visitor's concern.
    """
    visit.require_ever(Action.READ_DUTY)
    today = day_in_china(visit.moment)
    asked = Form({name: (value,) for name, value in visit.query.items()})
    own = own_hospitals(visit)
    region = asked.get("region", "") or (NATION if own is not None else visit.actor.region)
    if not is_division(region) or not (own is not None or covers(visit.actor.region, region)):
        raise NotFoundForActorError
    place = typed_id(asked.get("place", "")) or None
    place_ids = own if place is None else (place,)
    if own is not None and place is not None and place not in own:
        raise NotFoundForActorError
    status = asked.get("status", "")
    return DutyScope(
        month=_month(asked.get("month", ""), today),
        today=today,
        region=region,
        place_ids=place_ids,
        listed_drug_id=typed_id(asked.get("drug", "")) or None,
        status=DutyStatus(status) if status in set(STANDINGS) else None,
    )


def _month(text: str, today: date) -> date:
    """The month that is asked for; the present one where it cannot be read or lies ahead."""
    present = today.replace(day=1)
    try:
        asked = date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return present
    return asked if date(2000, 1, 1) <= asked <= present else present


def _page(visit: Visit, refusal: RefusedError | None, typed: RowId | None = None) -> Response[Any]:
    scope = _scope(visit)
    asked = Form({name: (value,) for name, value in visit.query.items()})
    own = own_hospitals(visit) is not None
    way = chosen(asked, "by", WAYS, "all" if own else "drug")
    page = paginate(visit.session, duty_rows(visit.session, scope=scope), number=page_number(visit))
    rows = [as_row(row) for row in page.rows] if way == "all" else []
    return answer(
        visit,
        "duties.html",
        refusal,
        scope=scope,
        way=way,
        is_own=own,
        filters={name: visit.query.get(name, "") for name in FILTERS},
        tail=filters_tail(visit, FILTERS),
        page=page,
        rows=rows,
        sums=_sums(visit, scope, way),
        reports=months_of(visit.session, duty_ids=[row.duty.id for row in rows]),
        standings=STANDINGS,
        months=[months_after(scope.today.replace(day=1), -n) for n in range(MONTHS_SHOWN)],
        may_answer={row.duty.id for row in rows if _may_answer(visit, row)},
        answered=typed,
        terms=[] if own else terms_in(visit.session, region=scope.region),
        may_set=not own and visit.may(Action.SET_DUTY, Subject(regions=(scope.region,))),
        rulebooks=[
            (book.id, visit.text(book.title.zh, book.title.en), book.rules[DUTY_MONTHS].value)
            for book in duty_rulebooks()
        ],
    )


def _sums(visit: Visit, scope: DutyScope, way: str) -> Sequence[object]:
    if way == "drug":
        return sums_by_drug(visit.session, scope=scope)
    return sums_by_hospital(visit.session, scope=scope) if way == "hospital" else ()


def _may_answer(visit: Visit, row: DutyRow) -> bool:
    return visit.may(Action.ANSWER_DUTY, place_subject(row.place))


@get("/designations/duties.csv", include_in_schema=False)
@reads
def duties_csv(visit: Visit) -> Response[bytes]:
    """Give the duties of a month as CSV."""
    scope, names = _scope(visit), words(visit)["duty_names"]
    headings = (
        ("机构代码", "code"),
        ("医疗机构", "hospital"),
        ("药品", "drug"),
        ("剂型", "form"),
        ("列入日期", "listed on"),
        ("最后期限", "due on"),
        ("月份", "month"),
        ("状态", "state"),
        ("理由", "reason"),
        ("配备日期", "brought in on"),
    )
    found = (as_row(row) for row in visit.session.execute(duty_rows(visit.session, scope=scope)))
    rows = (
        (
            row.place.institution_code,
            row.place.name,
            row.drug,
            row.form,
            row.duty.listed_on,
            row.duty.due_on,
            f"{scope.month:%Y-%m}",
            names[row.status],
            row.reason,
            row.duty.brought_in_on if row.status is DutyStatus.BROUGHT_IN else None,
        )
        for row in found
    )
    name = visit.text("药品配备情况", "drug-duties")
    return sheet_answer(visit, name=name, headings=headings, rows=rows)


@post("/designations/duties/{duty_id:int}", include_in_schema=False)
@writes
def report_duty(visit: Visit, duty_id: RowId) -> Response[Any]:
    """Report for a month that a drug is there, or why not."""
    duty = duty_for(visit, duty_id, Action.ANSWER_DUTY)

    def change() -> None:
        reader = GoodsReader(visit.form)
        status = visit.form.get("status", "")
        month = _month(visit.form.get("month", ""), day_in_china(visit.moment))
        answered = Answer(
            month=month,
            status=DutyStatus(status) if status in set(ANSWERS) else None,
            brought_in_on=reader.day("brought_in_on"),
            reason=visit.form.get("reason", ""),
        )
        with reader.checked():
            answer_duty(
                visit.session,
                duty_id=duty.id,
                answer=answered,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        visit.session.refresh(duty)
        return _page(visit, refusal, duty_id)
    return redirect(f"/designations/duties{filters_tail(visit, FILTERS)}")


@post("/designations/duties/terms", include_in_schema=False)
@writes
def add_term(visit: Visit) -> Response[Any]:
    """Set how soon hospitals of a region bring listed drugs in, and give them their duties."""
    visit.require_ever(Action.SET_DUTY)
    region = visit.form.get("region", "")
    visit.require(Action.SET_DUTY, Subject(regions=(region,)))

    def change() -> None:
        reader = GoodsReader(visit.form)
        new = NewTerm(
            region=region,
            months=reader.whole("months"),
            starts_on=reader.day("starts_on"),
            basis=visit.form.get("basis", ""),
            rulebook=visit.form.get("rulebook", ""),
        )
        with reader.checked():
            term = set_term(visit.session, new=new, actor=visit.actor, moment=visit.moment)
            enqueue(
                visit.session,
                kind=SPREAD_DUTIES_JOB,
                payload={"region": region},
                moment=visit.moment,
                key=f"{SPREAD_DUTIES_JOB} term {term.id}",
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, refusal)
    return redirect("/designations/duties")


ROUTES = (show_duties, duties_csv, report_duty, add_term)
"""Handlers of these pages."""
