"""The bureau's surveys: opening one, who answered, closing it, and the thresholds."""

from datetime import date
from typing import Any

from litestar import Response, get, post

from procurement.errors import RefusedError
from procurement.monitoring.pages.words import words
from procurement.monitoring.rules.parameters import MEANINGS, Name
from procurement.monitoring.shortages.candidates import candidates_in
from procurement.monitoring.states import Link
from procurement.monitoring.subjects import find_survey, own_monitoring, survey_subject
from procurement.monitoring.surveys.forms import PRICE_NAMES, SALE_NAMES
from procurement.monitoring.surveys.listing import (
    current_lines,
    surveys_of,
    turnout_of,
    waiting_in,
)
from procurement.monitoring.surveys.running import close_survey, open_survey
from procurement.monitoring.tables import MonitoringSurvey
from procurement.monitoring.thresholds import (
    give_thresholds,
    newest_parameters,
    thresholds_in,
)
from procurement.orders.pages.sheets import Heading, sheet_answer
from procurement.orders.pages.typed import GoodsReader, page_number
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, paginate, reads, redirect, render, writes

_MONTH_LENGTH = 7


@get("/monitoring/surveys", include_in_schema=False)
@reads
def list_surveys(visit: Visit) -> Response[Any]:
    """List the surveys of the bureau and of its region."""
    visit.require(Action.READ_MONITORING, own_monitoring(visit.actor))
    page = paginate(visit.session, surveys_of(actor=visit.actor), number=page_number(visit))
    return render(visit, "monitoring/surveys.html", page=page, **words(visit))


@get("/monitoring/surveys/new", include_in_schema=False)
@reads
def new_survey(visit: Visit) -> Response[Any]:
    """Ask for the month and the days."""
    visit.require(Action.RUN_MONITORING, own_monitoring(visit.actor))
    return _form(visit, None)


def _form(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "monitoring/survey_new.html",
        status=200 if refusal is None else status_of(refusal),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/monitoring/surveys/new", include_in_schema=False)
@writes
def ask_survey(visit: Visit) -> Response[Any]:
    """Open a survey."""
    visit.require(Action.RUN_MONITORING, own_monitoring(visit.actor))
    opened: list[MonitoringSurvey] = []

    def change() -> None:
        reader = GoodsReader(visit.form)
        month = _month(reader, visit.form.get("month", ""))
        closes_at = reader.moment("closes_at")
        days = _days(reader, visit.form.get("remind_days", ""))
        with reader.checked():
            opened.append(
                open_survey(
                    visit.session,
                    month=month,
                    closes_at=closes_at,
                    remind_days=days,
                    note=visit.form.get("note", ""),
                    actor=visit.actor,
                    moment=visit.moment,
                )
            )

    refusal = attempt(visit, change)
    return _form(visit, refusal) if refusal else redirect(f"/monitoring/surveys/{opened[0].id}")


def _month(reader: GoodsReader, text: str) -> date:
    try:
        if len(text) == _MONTH_LENGTH:
            return date.fromisoformat(f"{text}-01")
    except ValueError:
        pass
    reader.fault("month", "请填写月份，例如 2027-03。", "Give a month, such as 2027-03.")
    return date.min


def _days(reader: GoodsReader, text: str) -> list[int]:
    parts = text.replace("，", " ").replace(",", " ").split()
    if all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return [int(part) for part in parts]
    reader.fault("remind_days", "须为天数，例如 5 1。", "Expected days, such as 5 1.")
    return []


def _survey_for(visit: Visit, survey_id: int, action: Action) -> MonitoringSurvey:
    visit.require_ever(action)
    survey = find_survey(visit.session, survey_id=survey_id)
    visit.require(action, survey_subject(survey))
    return survey


@get("/monitoring/surveys/{survey_id:int}", include_in_schema=False)
@reads
def show_survey(visit: Visit, survey_id: RowId) -> Response[Any]:
    """Show who answered a survey, and what it says about shortages."""
    return _page(visit, _survey_for(visit, survey_id, Action.READ_MONITORING), None)


def _page(visit: Visit, survey: MonitoringSurvey, refusal: RefusedError | None) -> Response[Any]:
    lines = current_lines(survey.id)
    return render(
        visit,
        "monitoring/survey.html",
        status=200 if refusal is None else status_of(refusal),
        survey=survey,
        turnout=turnout_of(visit.session, survey_id=survey.id),
        waiting=waiting_in(visit.session, survey_id=survey.id),
        candidates=candidates_in(visit.session, survey=survey),
        sign_names={name: visit.text(MEANINGS[name].zh, MEANINGS[name].en) for name in Name},
        lines=paginate(visit.session, lines, number=page_number(visit)),
        price_names={link: visit.text(*PRICE_NAMES[link]) for link in Link},
        sale_names={link: visit.text(*SALE_NAMES[link]) for link in Link},
        may_close=visit.may(Action.RUN_MONITORING, survey_subject(survey)),
        refusal=refusal,
        **words(visit),
    )


@post("/monitoring/surveys/{survey_id:int}/close", include_in_schema=False)
@writes
def close(visit: Visit, survey_id: RowId) -> Response[Any]:
    """Close a survey before its time."""
    survey = _survey_for(visit, survey_id, Action.RUN_MONITORING)

    def change() -> None:
        close_survey(
            visit.session,
            survey_id=survey.id,
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return (
        _page(visit, survey, refusal) if refusal else redirect(f"/monitoring/surveys/{survey_id}")
    )


_HEADINGS: tuple[Heading, ...] = (
    ("环节", "link"),
    ("填报单位", "sent by"),
    ("药品代码", "drug code"),
    ("药品", "drug"),
    ("生产企业", "manufacturer"),
    ("价格（元/包装）", "price (yuan a pack)"),
    ("销售价（元/包装）", "sale price (yuan a pack)"),
    ("订购（包装）", "packs ordered"),
    ("到货（包装）", "packs delivered"),
    ("库存天数", "days of stock"),
    ("断货", "out of stock"),
    ("原因", "reason"),
    ("来源", "source"),
)


@get(
    [
        "/monitoring/surveys/{survey_id:int}/lines.csv",
        "/monitoring/surveys/{survey_id:int}/lines.xlsx",
    ],
    include_in_schema=False,
)
@reads
def survey_file(visit: Visit, survey_id: RowId) -> Response[bytes]:
    """Give what was answered as a file; only to the bureau."""
    survey = _survey_for(visit, survey_id, Action.READ_MONITORING)
    names = words(visit)["link_names"]
    yes, no = visit.text("是", "yes"), visit.text("否", "no")
    rows = (
        (
            names[link],
            sender,
            *(getattr(line, name) for name in _FIELDS),
            yes if line.is_out_of_stock else no,
            line.reason,
            line.source,
        )
        for line, link, sender in visit.session.execute(current_lines(survey.id))
    )
    name = visit.text(f"调查-{survey.month:%Y-%m}", f"survey-{survey.month:%Y-%m}")
    return sheet_answer(visit, name=name, headings=_HEADINGS, rows=rows)


_FIELDS = (
    *("drug_code", "drug", "maker", "price", "sale_price"),
    *("ordered", "delivered", "stock_days"),
)


@get("/monitoring/thresholds", include_in_schema=False)
@reads
def show_thresholds(visit: Visit) -> Response[Any]:
    """Show the thresholds that the bureau gave, each with its basis."""
    visit.require(Action.READ_MONITORING, own_monitoring(visit.actor))
    return _thresholds_page(visit, None)


def _thresholds_page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    row = newest_parameters(visit.session, bureau_id=visit.actor.organisation_id or 0)
    given = thresholds_in(row)
    stored = {name.value: f"{one.value:f}" for name, one in given.items()}
    stored |= {f"basis-{name}": one.basis for name, one in given.items()}
    return render(
        visit,
        "monitoring/thresholds.html",
        status=200 if refusal is None else status_of(refusal),
        row=row,
        fields=[
            {
                "name": name.value,
                "label": visit.text(one.zh, one.en),
                "hint": visit.text(one.hint_zh, one.hint_en),
                "decimals": 0 if one.is_whole else 4,
            }
            for name, one in MEANINGS.items()
        ],
        values=visit.form if refusal is not None else stored,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/monitoring/thresholds", include_in_schema=False)
@writes
def change_thresholds(visit: Visit) -> Response[Any]:
    """Keep thresholds; what is left empty is unknown."""
    visit.require(Action.RUN_MONITORING, own_monitoring(visit.actor))

    def change() -> None:
        give_thresholds(
            visit.session,
            typed={
                name.value: (
                    visit.form.get(name.value, "") or "",
                    " ".join((visit.form.get(f"basis-{name}", "") or "").split()),
                )
                for name in Name
            },
            version=GoodsReader(visit.form).version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _thresholds_page(visit, refusal) if refusal else redirect("/monitoring/thresholds")


ROUTES = (
    list_surveys,
    new_survey,
    ask_survey,
    show_survey,
    close,
    survey_file,
    show_thresholds,
    change_thresholds,
)
"""Handlers of these pages."""
