"""The public table: its own arithmetic checked, shown to anybody, and given as a file."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.organisations.service import organisation_of
from procurement.agreements.at_edge import file_answer
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.files import csv_writer
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.rulebook_words import Voice
from procurement.savings.at_edge import settlement_for
from procurement.savings.pages.visiting import (
    done_or_shown,
    may,
    shown,
)
from procurement.savings.papers.line_steps import formula_words
from procurement.savings.papers.table_book import table_workbook
from procurement.savings.papers.words import unverified_names
from procurement.savings.papers.workbook import XLSX
from procurement.savings.publishing.public_table import (
    BAND_COLUMNS,
    COLUMN_NAMES_EN,
    COLUMNS,
    HOSPITAL,
    TOTAL,
    PublicTable,
    checked,
    public_table,
)
from procurement.savings.publishing.publishing import (
    publication_of,
    publications_of,
    publish,
    withdraw_publication,
)
from procurement.savings.settlements.parameters import parameter_views, rules_of
from procurement.savings.settlements.reading import settlement_named
from procurement.savings.statements.grounds import grounds_of
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import SavingsSettlement
from procurement.web import Visit, reads, writes

CSV = "text/csv; charset=utf-8"
Row = Mapping[str, str]


@get("/savings/{name:str}/publication", include_in_schema=False)
@reads
def show_publication(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the published table to anybody; before, to those who settle."""
    return _page(visit, _seen(visit, name), None)


@post("/savings/{name:str}/publication", include_in_schema=False)
@writes
def publish_table(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Publish the table."""
    settlement = settlement_for(visit, name, Action.PUBLISH_SETTLEMENT)

    def change() -> None:
        publish(
            visit.session,
            settlement=settlement,
            until=_day(visit.form.get("until", "")),
            basis=visit.form.get("basis", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _done(visit, settlement, change)


@post("/savings/{name:str}/publication/withdraw", include_in_schema=False)
@writes
def withdraw(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Take the published table back."""
    settlement = settlement_for(visit, name, Action.PUBLISH_SETTLEMENT)

    def change() -> None:
        withdraw_publication(
            visit.session,
            settlement=settlement,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _done(visit, settlement, change)


@get("/savings/{name:str}/publication.csv", include_in_schema=False)
@reads
def table_csv(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give the table as CSV, exactly as it is shown."""
    settlement = _seen(visit, name)
    sheet = io.StringIO()
    writer = csv_writer(sheet)
    writer.writerow(COLUMNS)
    for row in _table(visit, settlement).rows:
        writer.writerow([row[column] for column in COLUMNS])
    content = sheet.getvalue().encode("utf-8-sig")
    return file_answer(content, name=f"{name}-publication.csv", media_type=CSV)


@get("/savings/{name:str}/publication.xlsx", include_in_schema=False)
@reads
def table_xlsx(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give the table as Excel, with sums that recompute themselves."""
    settlement = _seen(visit, name)
    table = _table(visit, settlement)
    content = table_workbook(
        settlement.title,
        heads=_heads(visit),
        rows=[[row[column] for column in COLUMNS] for row in table.rows],
        moment=visit.moment,
        text=visit.text,
    )
    return file_answer(content, name=f"{name}-publication.xlsx", media_type=XLSX)


def _seen(visit: Visit, name: str) -> SavingsSettlement:
    """A settlement whose table the visitor may see: published, or the own bureau's."""
    settlement = settlement_named(visit.session, name=name)
    rows = publications_of(visit.session, settlement=settlement)
    is_public = bool(rows) and rows[-1].withdrawn_at is None
    if not may(visit, Action.READ_SETTLEMENT, settlement):
        visit.require(Action.READ_PUBLISHED_SAVINGS, Subject(is_public=is_public))
    elif not is_public and not may(visit, Action.PUBLISH_SETTLEMENT, settlement):
        raise NotFoundForActorError
    return settlement


def _table(visit: Visit, settlement: SavingsSettlement) -> PublicTable:
    """What is published, or would be."""
    rows = publications_of(visit.session, settlement=settlement)
    if rows and rows[-1].withdrawn_at is None:
        view = publication_of(visit.session, settlement=settlement)
        return checked(view.rows, view.bands)
    return public_table(visit.session, settlement=settlement)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fault = FieldFault("until", "请填写日期。", "Give a day.")
        raise InvalidInputError([fault]) from None


def _done(visit: Visit, settlement: SavingsSettlement, change: Any) -> Response[Any]:  # noqa: ANN401 - a function without arguments
    return done_or_shown(
        visit,
        change,
        f"/savings/{settlement.name}/publication",
        lambda refusal: _page(visit, settlement, refusal),
    )


def _page(
    visit: Visit, settlement: SavingsSettlement, refusal: RefusedError | None
) -> Response[Any]:
    publications = publications_of(visit.session, settlement=settlement)
    published = publications[-1] if publications else None
    table = _table(visit, settlement)
    voice, rules = Voice(visit.language), rules_of(settlement)
    rulebook = rules.scheme.rulebook
    may_change = may(visit, Action.PUBLISH_SETTLEMENT, settlement)
    bureau = organisation_of(visit.session, organisation_id=settlement.bureau_id)
    return shown(
        visit,
        "publication.html",
        refusal,
        settlement=settlement,
        bureau=bureau.name,
        published=published,
        digest=None if published is None else published.digest,
        table={
            "rows": _shown_rows(table.rows, COLUMNS, visit),
            "bands": _shown_rows(table.bands, BAND_COLUMNS, visit),
        },
        checked=table.misprints,
        formula=formula_words(grounds_of(visit.session, settlement=settlement).choices, voice),
        rulebook=f"{voice.say(rulebook.title)} {rulebook.document or ''} · {rulebook.id} "
        f"{rulebook.digest[:16]}",
        parameters=parameter_views(settlement),
        unverified=unverified_names(rules.scheme, voice),
        may_read=may(visit, Action.READ_SETTLEMENT, settlement),
        may_publish=may_change and settlement.status == SettlementStatus.REPORTED,
        may_withdraw=may_change and settlement.status == SettlementStatus.PUBLISHED,
    )


def _shown_rows(
    rows: Sequence[Row], columns: Sequence[str], visit: Visit
) -> list[dict[str, object]]:
    """Rows with the cells in the order of columns; amounts keep every decimal."""
    total = visit.text(TOTAL, "total")
    return [
        {
            "is_total": row[columns[0]] == TOTAL,
            "cells": [
                total if row[column] == TOTAL else _grouped(row[column], column)
                for column in columns
            ],
        }
        for row in rows
    ]


def _grouped(text: str, column: str) -> str:
    """An amount with thousands separators; what is none stays as it is."""
    whole, point, decimals = text.partition(".")
    if column == HOSPITAL or not whole.removeprefix("-").isdigit():
        return text
    return f"{int(whole):,}{point}{decimals}" if len(whole.lstrip("-")) > 3 else text


def _heads(visit: Visit) -> list[str]:
    return [visit.text(column, COLUMN_NAMES_EN[column]) for column in COLUMNS]


ROUTES = (show_publication, publish_table, withdraw, table_csv, table_xlsx)
"""Handlers of these pages."""
