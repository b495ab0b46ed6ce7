"""Reporting stock, and watching over what was reported."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post

from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.catalogue.spreadsheets import as_csv
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.orders.pages.sheets import CSV
from procurement.orders.pages.typed import page_number, posted_content
from procurement.permissions import Action, Subject
from procurement.pharmacies.finder.age_limits import decide_age_limit, decisions_about
from procurement.pharmacies.finder.cards import schemes_on
from procurement.pharmacies.finder.counts import newest_count, take_count
from procurement.pharmacies.finder.flags import find_flag, settle_flag
from procurement.pharmacies.finder.kinds import LEVEL_NAMES, LIMIT_NAMES, SETTLED_NAMES
from procurement.pharmacies.finder.listing import flags_with_places, own_stock, uploads_of
from procurement.pharmacies.finder.reading import (
    COLUMNS,
    SentLine,
    cell_of_file,
    lines_of_file,
)
from procurement.pharmacies.finder.reporting import Report, report_stock
from procurement.pharmacies.finder.subjects import flag_subject
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import file_answer
from procurement.web import RowId, Visit, paginate, reads, redirect, render, writes

_LINE_FIELDS = tuple(column.key for column in COLUMNS)
_FORM_FIELDS = ("file", *_LINE_FIELDS)


@get("/find/stock", include_in_schema=False)
@reads
def show_stock(visit: Visit) -> Response[Any]:
    """Show an organisation its places, and how to report their stock."""
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    own = visit.actor.organisation_id
    visit.require(Action.UPLOAD_STOCK, Subject(organisation_id=own))
    faults = faults_of(refusal)
    return render(
        visit,
        "pharmacies/finder/stock.html",
        status=200 if refusal is None else status_of(refusal),
        places=own_stock(visit.session, actor=visit.actor),
        uploads=uploads_of(visit.session, organisation_id=own or 0),
        count_on=newest_count(visit.session, organisation_id=own or 0),
        columns=COLUMNS,
        levels=[(level.value, visit.text(*names)) for level, names in LEVEL_NAMES.items()],
        values=visit.form or {"whole": "yes", "as_of": day_in_china(visit.moment).isoformat()},
        faults=[one for one in faults if one.field in _FORM_FIELDS],
        line_faults=[one for one in faults if one.field not in _FORM_FIELDS],
        refusal=whole_of(refusal),
        is_done=visit.query.get("done") == "yes",
    )


def _do(visit: Visit, change: Callable[[], object]) -> Response[Any]:
    """Try a report; show what is wrong with it, or what it led to."""
    visit.require(Action.UPLOAD_STOCK, Subject(organisation_id=visit.actor.organisation_id))
    refusal = attempt(visit, change)
    return _page(visit, refusal) if refusal is not None else redirect("/find/stock?done=yes")


@post("/find/stock", include_in_schema=False, request_max_body_size=2 * BYTES_MAX)
@writes
def upload_stock(visit: Visit) -> Response[Any]:
    """Take in a file of stock: all its lines, or none with every fault."""

    def change() -> None:
        lines = lines_of_file(posted_content(visit, "file", BYTES_MAX))
        report = Report(
            is_whole=visit.form.get("whole") == "yes",
            file_name=visit.form.files["file"].filename,
        )
        report_stock(
            visit.session,
            lines=lines,
            report=report,
            name_cell=cell_of_file,
            actor=visit.actor,
            moment=visit.moment,
        )

    return _do(visit, change)


@post("/find/stock/line", include_in_schema=False)
@writes
def report_line(visit: Visit) -> Response[Any]:
    """Take in the stock of one drug, typed on the page."""

    def change() -> None:
        cells = {key: visit.form.get(key, "") for key in _LINE_FIELDS}
        report_stock(
            visit.session,
            lines=[SentLine(1, cells)],
            report=Report(is_whole=False),
            name_cell=lambda number, key: key,
            actor=visit.actor,
            moment=visit.moment,
        )

    return _do(visit, change)


@post("/find/stock/count", include_in_schema=False)
@writes
def report_count(visit: Visit) -> Response[Any]:
    """Take the newest stock count (3501) of a hospital as its stock."""
    return _do(visit, lambda: take_count(visit.session, actor=visit.actor, moment=visit.moment))


@get("/find/stock/template.csv", include_in_schema=False)
@reads
def stock_template(visit: Visit) -> Response[bytes]:
    """Give an empty file with the headings."""
    visit.require(Action.UPLOAD_STOCK, Subject(organisation_id=visit.actor.organisation_id))
    heading = [visit.text(column.zh, column.key) for column in COLUMNS]
    name = visit.text("库存表.csv", "stock.csv")
    return file_answer(as_csv([heading]), name=name, media_type=CSV)


@get("/find/prices", include_in_schema=False)
@reads
def show_flags(visit: Visit) -> Response[Any]:
    """List the sale prices of a region that are too high."""
    return _flags(visit, None)


def _flags(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    visit.require(Action.READ_STOCK_FLAG, Subject(regions=(visit.actor.region,)))
    is_open = visit.query.get("state") != "settled"
    statement = flags_with_places(region=visit.actor.region, is_open=is_open)
    page = paginate(visit.session, statement, number=page_number(visit))
    return render(
        visit,
        "pharmacies/finder/prices.html",
        status=200 if refusal is None else status_of(refusal),
        page=page,
        is_open=is_open,
        schemes=schemes_on(
            visit.session,
            place_ids=[place.id for _, place in page.rows],
            day=day_in_china(visit.moment),
        ),
        limit_names={key: visit.text(*both) for key, both in LIMIT_NAMES.items()},
        settled_names={key: visit.text(*both) for key, both in SETTLED_NAMES.items()},
        may_watch=visit.may(Action.WATCH_STOCK, Subject(regions=(visit.actor.region,))),
        limits=decisions_about(visit.session, region=visit.actor.region),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


@post("/find/prices/{flag_id:int}", include_in_schema=False)
@writes
def settle(visit: Visit, flag_id: RowId) -> Response[Any]:
    """Say what became of a price that was too high."""
    visit.require_ever(Action.WATCH_STOCK)
    visit.require(Action.WATCH_STOCK, flag_subject(find_flag(visit.session, flag_id=flag_id)))
    refusal = attempt(
        visit,
        lambda: settle_flag(
            visit.session,
            flag_id=flag_id,
            why=FormReader(visit.form).text("why"),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    return _flags(visit, refusal) if refusal is not None else redirect("/find/prices")


@post("/find/age-limit", include_in_schema=False)
@writes
def decide_limit(visit: Visit) -> Response[Any]:
    """Decide for the own region from how many days on stock is marked as old."""
    visit.require(Action.WATCH_STOCK, Subject(regions=(visit.actor.region,)))
    reader = FormReader(visit.form)

    def change() -> None:
        days = reader.whole("days")
        with reader.checked():
            decide_age_limit(
                visit.session,
                days=days,
                basis=reader.text("basis"),
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    return _flags(visit, refusal) if refusal is not None else redirect("/find/prices")


ROUTES = (
    show_stock,
    upload_stock,
    report_line,
    report_count,
    stock_template,
    show_flags,
    settle,
    decide_limit,
)
"""Handlers of these pages."""
