"""Settlements: the list, and the page of one with its course and what comes next."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.accounts.organisations.service import organisations_by_id
from procurement.errors import RefusedError
from procurement.permissions import Action, Role, Subject
from procurement.rounds.at_edge import filled_form
from procurement.rounds.rulebook_words import Voice
from procurement.savings.assessments.reading import AssessmentRow, assessments_of
from procurement.savings.at_edge import settlement_for
from procurement.savings.pages.course import course_of
from procurement.savings.pages.drafting import agencies
from procurement.savings.pages.parameter_form import exact_words
from procurement.savings.pages.visiting import (
    may,
    shown,
)
from procurement.savings.papers.words import unverified_names
from procurement.savings.publishing.publishing import published_settlements
from procurement.savings.publishing.reporting import (
    bureaus_above,
    needs_bureau_above,
    reports_of,
)
from procurement.savings.rules.exact import total
from procurement.savings.settlements.factors import factors_of
from procurement.savings.settlements.parameters import (
    find_rulebook,
    parameter_views,
    rulebook_changed,
    rules_of,
)
from procurement.savings.settlements.reading import left_out_of, settlements_for
from procurement.savings.settlements.returned import returned_after_year
from procurement.savings.settlements.runs import dead_run, latest_run
from procurement.savings.settlements.terms import terms_of
from procurement.savings.statements.content import statements_of
from procurement.savings.statements.shapes import StatementRow
from procurement.savings.states import (
    RUN_NAMES,
    RunKind,
    RunStatus,
    SettlementStatus,
    StatementStatus,
)
from procurement.savings.tables import SavingsRun, SavingsSettlement
from procurement.web import Visit, reads

BUSY = (RunStatus.WAITING, RunStatus.RUNNING)
LEFT_OUT: dict[str, tuple[str, str]] = {
    "outside-year": ("不在采购年度内", "outside the year"),
    "other-batch": ("属于其他批次年度", "of another batch-year"),
    "without-agreement": ("没有约定采购量", "without an agreement"),
    "settled-elsewhere": ("已列入其他清算", "settled by another settlement"),
    "unknown-hospital": ("医疗机构不在清算地区", "hospital outside the region"),
}
RUN_WORDS: dict[RunKind, tuple[str, str]] = {
    RunKind.EXTRACT: ("正在提取采购数据", "Extracting the purchases"),
    RunKind.COMPUTE: ("正在测算", "Computing the statements"),
    RunKind.PAY: ("正在下达付款指令", "Instructing payments"),
}


@get("/savings", include_in_schema=False)
@reads
def show_settlements(visit: Visit) -> Response[Any]:
    """List the settlements that the visitor may see."""
    rows = settlements_for(visit.session, actor=visit.actor)
    is_hospital = Role.HOSPITAL in visit.actor.roles
    known = {one.id for one in rows}
    public = [one for one in published_settlements(visit.session) if one.id not in known]
    return shown(
        visit,
        "settlements.html",
        None,
        rows=rows,
        public=public,
        own=visit.actor.organisation_id if is_hospital else None,
        may_draft=visit.may(
            Action.DRAFT_SETTLEMENT, Subject(bureau_id=visit.actor.organisation_id)
        ),
    )


@get("/savings/{name:str}", include_in_schema=False)
@reads
def show_settlement(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show a settlement: its course, what comes next, statements and assessments."""
    return settlement_page(visit, settlement_for(visit, name, Action.READ_SETTLEMENT), None)


def settlement_page(
    visit: Visit, settlement: SavingsSettlement, refusal: RefusedError | None
) -> Response[Any]:
    """Show the page of a settlement, also with what was refused."""
    session = visit.session
    run = latest_run(session, settlement=settlement)
    may_draft = may(visit, Action.DRAFT_SETTLEMENT, settlement)
    sees_all = may_draft or not _is_hospital_only(visit)
    statements = _statements(visit, settlement, sees_all)
    changed = rulebook_changed(settlement)
    assessments = [] if changed else _assessments(visit, settlement, sees_all)
    is_dead = dead_run(session, settlement=settlement) is not None
    return shown(
        visit,
        "settlement.html",
        refusal,
        values=filled_form({}),
        settlement=settlement,
        run=run,
        run_words=_run_words(visit, run),
        is_busy=run is not None and run.status in BUSY and not is_dead,
        is_dead=is_dead,
        rulebook_changed=changed,
        course=course_of(visit, settlement),
        may_draft=may_draft,
        may_pay=visit.may_ever(Action.PAY_RETAINED),
        totals=_totals(statements),
        recomputable=[(one.hospital_id, one.hospital) for one in statements] if may_draft else [],
        answers=_answers(statements),
        statements=statements,
        assessments=assessments,
        left_out=left_out_of(session, settlement=settlement) if may_draft else (),
        late_returns=returned_after_year(session, settlement=settlement) if may_draft else (),
        left_names={key: visit.text(*both) for key, both in LEFT_OUT.items()},
        report=_latest_report(visit, settlement),
        above=[(one.id, one.name) for one in bureaus_above(session, settlement=settlement)],
        needs_above=needs_bureau_above(session, settlement=settlement),
        agencies=agencies(visit, settlement.region) if may_draft else [],
        parameters=() if changed else parameter_views(settlement),
        exact=exact_words,
        **_facts(visit, settlement),
    )


def _is_hospital_only(visit: Visit) -> bool:
    watching = {Role.OFFICER, Role.SUPERVISOR, Role.FUND_AGENCY}
    return not watching & visit.actor.roles


def _statements(visit: Visit, settlement: SavingsSettlement, sees_all: bool) -> list[StatementRow]:
    """The statements that the visitor sees: a hospital its own and its group's, once sent."""
    rows = statements_of(visit.session, settlement=settlement)
    if not may(visit, Action.DRAFT_SETTLEMENT, settlement):
        rows = [one for one in rows if one.status != StatementStatus.COMPUTED]
    own = visit.actor.organisation_id
    if sees_all:
        return rows
    return [one for one in rows if own in (one.hospital_id, one.group_lead_id)]


def _assessments(
    visit: Visit, settlement: SavingsSettlement, sees_all: bool
) -> list[AssessmentRow]:
    rows = assessments_of(visit.session, settlement=settlement)
    own = visit.actor.organisation_id
    return rows if sees_all else [one for one in rows if one.assessment.hospital_id == own]


def _run_words(visit: Visit, run: SavingsRun | None) -> str:
    if run is None:
        return ""
    words = RUN_WORDS[RunKind(run.kind)]
    state = RUN_NAMES[RunStatus(run.status)]
    return f"{visit.text(*words)} · {visit.text(*state)}"


def _totals(statements: Sequence[StatementRow]) -> dict[str, object] | None:
    if not statements:
        return None

    def added(name: str) -> Decimal:
        return total([getattr(one, name) for one in statements])

    return {
        "hospitals": len(statements),
        "kept": sum(1 for one in statements if one.payable),
        **{name: added(name) for name in ("savings_base", "payable", "employee", "resident")},
    }


def _answers(statements: Sequence[StatementRow]) -> dict[str, int]:
    def count(*wanted: StatementStatus) -> int:
        return sum(1 for one in statements if one.status in wanted)

    return {
        "confirmed": count(StatementStatus.CONFIRMED),
        "waiting": count(StatementStatus.OPEN, StatementStatus.DECIDED),
        "objected": count(StatementStatus.OBJECTED),
    }


def _latest_report(visit: Visit, settlement: SavingsSettlement) -> dict[str, object] | None:
    reports = reports_of(visit.session, settlement=settlement)
    if not reports or _is_hospital_only(visit):
        return None
    row = reports[-1]
    names = organisations_by_id(visit.session, organisation_ids=[row.to_bureau_id or 0])
    answer = visit.text("待上级处理", "waits for the bureau above")
    if row.returned_because:
        answer = visit.text("退回：", "Returned: ") + row.returned_because
    elif row.answered_at or row.to_bureau_id is None:
        answer = visit.text("收悉", "Noted") if row.to_bureau_id else "—"
    is_reported = settlement.status == SettlementStatus.REPORTED
    subject = Subject(bureau_id=row.to_bureau_id)
    return {
        "row": row,
        "to": names[row.to_bureau_id].name if row.to_bureau_id in names else "",
        "answer": answer,
        "may_answer": is_reported
        and row.answered_at is None
        and row.to_bureau_id is not None
        and visit.may(Action.REPORT_SETTLEMENT, subject),
    }


def _facts(visit: Visit, settlement: SavingsSettlement) -> dict[str, object]:
    ids = [settlement.bureau_id, settlement.agency_id or 0]
    names = {
        one: row.name
        for one, row in organisations_by_id(visit.session, organisation_ids=ids).items()
    }
    voice, rulebook = Voice(visit.language), find_rulebook(settlement.rulebook)
    unverified = (
        () if rulebook_changed(settlement) else unverified_names(rules_of(settlement).scheme, voice)
    )
    title = "" if rulebook is None else voice.say(rulebook.title)
    terms = terms_of(visit.session, settlement=settlement)
    given = len(factors_of(visit.session, settlement=settlement))
    return {
        "bureau": names.get(settlement.bureau_id, ""),
        "agency": names.get(settlement.agency_id or 0, ""),
        "rulebook": f"{title} · {settlement.rulebook}",
        "batches": visit.text("；", "; ").join(one.batch for one in terms),
        "factors_words": visit.text(f"已给出 {given} 组", f"{given} sets are given"),
        "unverified": unverified,
    }


ROUTES = (show_settlements, show_settlement)
"""Handlers of these pages."""
