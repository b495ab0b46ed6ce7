"""A firm's or an institution's own answer to a survey, by form or file; and the bureau's leads."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.errors import RefusedError
from procurement.monitoring.pages.words import words
from procurement.monitoring.states import Link
from procurement.monitoring.subjects import find_survey, survey_subject
from procurement.monitoring.surveys.answering import Sent, answer_survey, sent_file, sent_rows
from procurement.monitoring.surveys.forms import COLUMNS, PRICE_NAMES, SALE_NAMES
from procurement.monitoring.surveys.listing import addressee_of, own_lines, surveys_asking
from procurement.monitoring.tables import MonitoringSurvey, SurveyAddressee, SurveyLine
from procurement.orders.pages.sheets import CSV, as_csv
from procurement.orders.pages.typed import page_number, posted_content
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import file_answer
from procurement.web import RowId, Visit, paginate, reads, redirect, render, writes

ROWS_MORE = 5
"""Empty rows that the form offers below what was said."""
ROWS_MAX = 200
"""Of a form; more go by file."""


@get("/monitoring/answers", include_in_schema=False)
@reads
def list_answers(visit: Visit) -> Response[Any]:
    """List the surveys that ask the visitor's organisation."""
    own = visit.actor.organisation_id
    visit.require(Action.ANSWER_SURVEY, Subject(organisation_id=own))
    asking = surveys_asking(organisation_id=own or 0)
    page = paginate(visit.session, asking, number=page_number(visit))
    return render(visit, "monitoring/answers.html", page=page, **words(visit))


def _asked(visit: Visit, survey_id: int) -> tuple[MonitoringSurvey, SurveyAddressee]:
    """The survey and how the visitor's organisation is asked; the bureau gives leads.

    Raises:
        NotFoundForActorError: It is not asked.
    """
    if not (visit.may_ever(Action.ANSWER_SURVEY) or visit.may_ever(Action.RUN_MONITORING)):
        visit.require_ever(Action.ANSWER_SURVEY)
    survey = find_survey(visit.session, survey_id=survey_id)
    asked = addressee_of(
        visit.session, survey_id=survey_id, organisation_id=visit.actor.organisation_id
    )
    if asked is None:
        raise NotFoundForActorError
    if asked.link == Link.OPINION:
        visit.require(Action.RUN_MONITORING, survey_subject(survey))
    else:
        visit.require(Action.ANSWER_SURVEY, Subject(organisation_id=asked.organisation_id))
    return survey, asked


@get("/monitoring/surveys/{survey_id:int}/answer", include_in_schema=False)
@reads
def show_answer(visit: Visit, survey_id: RowId) -> Response[Any]:
    """Show the form with what was said last."""
    return _page(visit, *_asked(visit, survey_id), None)


def _page(
    visit: Visit,
    survey: MonitoringSurvey,
    asked: SurveyAddressee,
    refusal: RefusedError | None,
) -> Response[Any]:
    link = Link(asked.link)
    lines = own_lines(visit.session, survey_id=survey.id, organisation_id=asked.organisation_id)
    faults = faults_of(refusal)
    is_form = refusal is not None and "rows" in visit.form
    rows = _typed_rows(visit) if is_form else [_told(line) for line in lines[:ROWS_MAX]]
    in_form = [one for one in faults if one.field.startswith("lines.") or one.field == "file"]
    return render(
        visit,
        "monitoring/answer.html",
        status=200 if refusal is None else status_of(refusal),
        survey=survey,
        asked=asked,
        link=link,
        columns=_columns(visit, link),
        rows=[*rows, *({} for _ in range(ROWS_MORE))][:ROWS_MAX],
        lines=lines,
        is_long=len(lines) > ROWS_MAX,
        faults=in_form,
        line_faults=[one for one in faults if one not in in_form],
        refusal=whole_of(refusal),
        is_sent="sent" in visit.query,
        **words(visit),
    )


def _columns(visit: Visit, link: Link) -> list[tuple[str, str]]:
    named = {"price": PRICE_NAMES[link], "sale_price": SALE_NAMES[link]}
    return [
        (
            one.key,
            visit.text(*named[one.key])
            if one.key in named
            else visit.text(one.zh, _ENGLISH[one.key]),
        )
        for one in COLUMNS[link]
        if one.key != "month"
    ]


_ENGLISH = {
    "drug_code": "drug code",
    "drug": "drug",
    "maker": "manufacturer",
    "month": "month",
    "ordered": "packs ordered",
    "delivered": "packs delivered",
    "stock_days": "days of stock",
    "out_of_stock": "out of stock",
    "reason": "reason",
    "source": "source",
}


def _told(line: SurveyLine) -> dict[str, str]:
    plain = {
        name: _plain(getattr(line, name))
        for name in (
            *("drug_code", "drug", "maker", "price", "sale_price"),
            *("ordered", "delivered", "stock_days", "reason", "source"),
        )
    }
    return {**plain, "out_of_stock": "yes" if line.is_out_of_stock else ""}


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else f"{value}"


def _typed_rows(visit: Visit) -> list[Mapping[str, str]]:
    text = visit.form.get("rows", "0")
    is_count = text.isascii() and text.isdigit() and len(text) <= 4
    number = min(int(text), ROWS_MAX) if is_count else 0
    keys = {column.key for columns in COLUMNS.values() for column in columns}
    return [
        {key: visit.form.get(f"{key}-{row}", "") or "" for key in sorted(keys)}
        for row in range(1, number + 1)
    ]


@post(
    "/monitoring/surveys/{survey_id:int}/answer",
    include_in_schema=False,
    request_max_body_size=2 * BYTES_MAX,
)
@writes
def send_answer(visit: Visit, survey_id: RowId) -> Response[Any]:
    """Take the answer: all of it, or nothing with every fault."""
    survey, asked = _asked(visit, survey_id)

    def change() -> None:
        answer_survey(
            visit.session,
            survey_id=survey.id,
            organisation_id=asked.organisation_id,
            sent=_sent(visit, Link(asked.link)),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, survey, asked, refusal)
    return redirect(f"/monitoring/surveys/{survey_id}/answer?sent=1")


def _sent(visit: Visit, link: Link) -> Sent:
    if "rows" in visit.form:
        return sent_rows(_typed_rows(visit), link=link)
    if visit.form.get("nothing") == "yes":
        return Sent(())
    content = posted_content(visit, "file", BYTES_MAX)
    return sent_file(content, link=link, file_name=visit.form.files["file"].filename)


@get("/monitoring/surveys/{survey_id:int}/template.csv", include_in_schema=False)
@reads
def answer_template(visit: Visit, survey_id: RowId) -> Response[bytes]:
    """Give the file to fill in: the headings of the visitor's link."""
    survey, asked = _asked(visit, survey_id)
    columns = COLUMNS[Link(asked.link)]
    titles = [visit.text(one.zh, one.key) for one in columns]
    name = visit.text(f"调查表-{survey.month:%Y-%m}.csv", f"survey-{survey.month:%Y-%m}.csv")
    return file_answer(as_csv(titles, []), name=name, media_type=CSV)


ROUTES = (list_answers, show_answer, send_answer, answer_template)
"""Handlers of these pages."""
