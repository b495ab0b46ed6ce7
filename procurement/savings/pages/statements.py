"""The statement of a hospital: read, taken away as a file, confirmed, objected to, decided."""

import io
import zipfile
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.tables import Organisation
from procurement.agreements.at_edge import file_answer, typed_id
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.rulebook_words import Voice
from procurement.savings.at_edge import hospital_for, settlement_for
from procurement.savings.pages.parameter_form import exact_words
from procurement.savings.pages.statement_view import (
    all_papers,
    line_rows,
    papers_of,
    sum_rows,
    waterfall,
)
from procurement.savings.pages.visiting import (
    done_or_shown,
    may_with,
    shown,
)
from procurement.savings.papers.line_steps import formula_words
from procurement.savings.papers.printed import PDF, print_statement, print_statements
from procurement.savings.papers.words import unverified_names
from procurement.savings.papers.workbook import XLSX, statements_workbook
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.statements.answering import (
    Decision,
    confirm_statement,
    decide_objection,
    object_to_statement,
)
from procurement.savings.statements.content import group_of, statement_of
from procurement.savings.statements.objections import objection_by_id
from procurement.savings.statements.shapes import Statement
from procurement.savings.states import SettlementStatus, Verdict
from procurement.savings.tables import SavingsSettlement
from procurement.web import RowId, Visit, reads, writes

ZIP = "application/zip"
PLANNED_IN = (SettlementStatus.PUBLISHED, SettlementStatus.PAYING, SettlementStatus.SETTLED)


@get("/savings/{name:str}/statements/{hospital_id:int}", include_in_schema=False)
@reads
def show_statement(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Show the statement of a hospital, the one that counts or ``?version=``."""
    settlement, hospital = found(visit, name, hospital_id, Action.READ_STATEMENT)
    return _page(visit, settlement, hospital, None)


@get("/savings/{name:str}/statements/{hospital_id:int}/statement.xlsx", include_in_schema=False)
@reads
def as_excel(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[bytes]:
    """Give a statement as a workbook that recomputes itself."""
    settlement, hospital = found(visit, name, hospital_id, Action.READ_STATEMENT)
    statement = statement_seen(visit, settlement, hospital)
    shared, content = papers_of(visit, settlement, statement)
    sheet = statements_workbook(shared, [content], language=visit.language, moment=visit.moment)
    return file_answer(sheet, name=_file_name(statement, "xlsx"), media_type=XLSX)


@get("/savings/{name:str}/statements/{hospital_id:int}/statement.pdf", include_in_schema=False)
@reads
def as_pdf(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[bytes]:
    """Give a statement as PDF."""
    settlement, hospital = found(visit, name, hospital_id, Action.READ_STATEMENT)
    statement = statement_seen(visit, settlement, hospital)
    shared, content = papers_of(visit, settlement, statement)
    printed = print_statement(shared, content, language=visit.language, moment=visit.moment)
    return file_answer(printed, name=_file_name(statement, "pdf"), media_type=PDF)


@get("/savings/{name:str}/statements.xlsx", include_in_schema=False)
@reads
def all_as_excel(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give all statements of a settlement in one workbook."""
    shared, contents = _all(visit, name)
    sheet = statements_workbook(shared, contents, language=visit.language, moment=visit.moment)
    return file_answer(sheet, name=f"{name}.xlsx", media_type=XLSX)


@get("/savings/{name:str}/statements.zip", include_in_schema=False)
@reads
def all_as_pdf(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give all statements of a settlement as PDF, in one archive."""
    shared, contents = _all(visit, name)
    memory = io.BytesIO()
    printed = print_statements(shared, contents, language=visit.language, moment=visit.moment)
    # Pages are compressed already; the archive only holds them together.
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_STORED) as archive:
        for number, (content, pdf) in enumerate(zip(contents, printed, strict=True), start=1):
            safe = content.hospital.replace("/", "_").replace("\\", "_")
            archive.writestr(f"{number:04}-{safe}.pdf", pdf)
    return file_answer(memory.getvalue(), name=f"{name}.zip", media_type=ZIP)


@post("/savings/{name:str}/statements/{hospital_id:int}/confirm", include_in_schema=False)
@writes
def confirm(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Confirm a statement."""
    settlement, hospital = found(visit, name, hospital_id, Action.ANSWER_STATEMENT)

    def change() -> None:
        confirm_statement(
            visit.session,
            settlement=settlement,
            hospital_id=hospital.id,
            digest=visit.form.get("digest", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _done(visit, settlement, hospital, change)


@post("/savings/{name:str}/statements/{hospital_id:int}/object", include_in_schema=False)
@writes
def object_(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Object to a statement."""
    settlement, hospital = found(visit, name, hospital_id, Action.ANSWER_STATEMENT)

    def change() -> None:
        object_to_statement(
            visit.session,
            settlement=settlement,
            hospital_id=hospital.id,
            digest=visit.form.get("digest", ""),
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _done(visit, settlement, hospital, change)


@post("/savings/{name:str}/statements/{hospital_id:int}/decide", include_in_schema=False)
@writes
def decide(visit: Visit, name: FromPath[str], hospital_id: RowId) -> Response[Any]:
    """Decide an objection."""
    settlement, hospital = found(visit, name, hospital_id, Action.DECIDE_OBJECTION)
    form = visit.form

    def change() -> None:
        if form.get("verdict", "") not in set(Verdict):
            raise InvalidInputError([FieldFault("verdict", "请选择。", "Choose one.")])
        decide_objection(
            visit.session,
            settlement=settlement,
            view=objection_by_id(
                visit.session,
                settlement=settlement,
                objection_id=typed_id(form.get("objection_id", "")),
            ),
            decision=Decision(
                verdict=Verdict(form["verdict"]),
                text=form.get("decision", ""),
                extract_again=form.get("extract_again", "") == "yes",
            ),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _done(visit, settlement, hospital, change)


def found(
    visit: Visit, name: str, hospital_id: int, action: Action
) -> tuple[SavingsSettlement, Organisation]:
    """Return a settlement and a hospital of it, for something that the visitor may do."""
    place = hospital_for(visit, name, hospital_id, action)
    return place.settlement, place.hospital


def statement_seen(
    visit: Visit, settlement: SavingsSettlement, hospital: Organisation
) -> Statement:
    """Return the statement that the visitor sees: a hospital's once it was sent."""
    number = typed_id(visit.query.get("version", ""))
    place = hospital_for(visit, settlement.name, hospital.id, Action.READ_STATEMENT)
    return statement_of(
        visit.session,
        settlement=settlement,
        hospital_id=hospital.id,
        number=number or None,
        with_unsent=place.with_unsent,
    )


def _file_name(statement: Statement, ending: str) -> str:
    return f"{statement.settlement}-{statement.hospital}-{statement.number}.{ending}"


def _all(visit: Visit, name: str) -> Any:  # noqa: ANN401 - as `all_papers` gives it
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    papers = all_papers(visit, settlement)
    if papers is None:
        raise NotFoundForActorError
    return papers


def _done(
    visit: Visit,
    settlement: SavingsSettlement,
    hospital: Organisation,
    change: Any,  # noqa: ANN401 - a function without arguments
) -> Response[Any]:
    return done_or_shown(
        visit,
        change,
        f"/savings/{settlement.name}/statements/{hospital.id}",
        lambda refusal: _page(visit, settlement, hospital, refusal),
    )


def _page(
    visit: Visit,
    settlement: SavingsSettlement,
    hospital: Organisation,
    refusal: RefusedError | None,
) -> Response[Any]:
    statement = statement_seen(visit, settlement, hospital)
    papers = papers_of(visit, settlement, statement)
    voice = Voice(visit.language)
    lines = line_rows(statement, papers, visit.language)
    is_here = settlement.status == SettlementStatus.WITH_HOSPITALS and statement.is_latest
    plans = settlement.status in PLANNED_IN and statement.payable > 0
    return shown(
        visit,
        "statement.html",
        refusal,
        settlement=settlement,
        statement=statement,
        lines=lines,
        kept=sum(1 for one in statement.lines if not one.row.nothing_because),
        formula=formula_words(papers[0].choices, voice),
        sum=sum_rows(papers, visit.language),
        picture=waterfall(statement, papers, visit),
        group=group_of(visit.session, settlement=settlement, lead_id=hospital.id),
        unverified=unverified_names(rules_of(settlement).scheme, voice),
        may_answer=is_here and may_with(visit, Action.ANSWER_STATEMENT, hospital, settlement),
        may_decide=is_here and may_with(visit, Action.DECIDE_OBJECTION, hospital, settlement),
        plan=plans,
        exact=exact_words,
    )


ROUTES = (
    show_statement,
    as_excel,
    as_pdf,
    all_as_excel,
    all_as_pdf,
    confirm,
    object_,
    decide,
)
"""Handlers of these pages."""
