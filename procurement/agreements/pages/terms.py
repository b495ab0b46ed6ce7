"""Terms of agreements: an officer begins them, a job makes them, and the cycle runs."""

from datetime import date
from fractions import Fraction
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.agreements.at_edge import lead_round
from procurement.agreements.pages.hub import agreements_page
from procurement.agreements.states import TermKind, TermStatus
from procurement.agreements.succession import end_cycle
from procurement.agreements.terms import (
    TermFacts,
    extension,
    find_term,
    latest_term,
    repeat_term,
    start_running,
    start_term,
)
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.rounds.at_edge import FormReader, attempt
from procurement.rounds.tables import Round
from procurement.web import RowId, Visit, reads, redirect, writes


@post("/rounds/{name:str}/agreements/terms", include_in_schema=False)
@writes
def begin(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Begin a term; a job makes its agreements."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)

    def change() -> None:
        start_term(
            visit.session,
            round_=round_,
            facts=_facts(visit, round_),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreements_page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements")


def _facts(visit: Visit, round_: Round) -> TermFacts:
    reader = FormReader(visit.form)
    kind, basis = visit.form.get("kind", ""), visit.form.get("basis", "")
    last = latest_term(visit.session, round_id=round_.id)
    if kind == TermKind.EXTENSION and last is not None:
        months = reader.whole("months")
        with reader.checked():
            return extension(last, months=months or 0, basis=basis)
    percent = reader.decimal("percent")
    first, end = _day(visit, "starts_on"), _day(visit, "ends_on")
    with reader.checked():
        if first is None or end is None:
            raise InvalidInputError(
                [
                    FieldFault(field, "请填写日期。", "Give a day.")
                    for field, value in (("starts_on", first), ("ends_on", end))
                    if value is None
                ]
            )
    ratio = Fraction(1) if percent is None else Fraction(percent) / 100
    return TermFacts(
        kind=TermKind.FIRST if last is None else TermKind.NEXT_YEAR,
        starts_on=first,
        ends_on=end,
        ratio=Fraction(1) if last is None else ratio,
        basis=basis,
    )


def _day(visit: Visit, field: str) -> date | None:
    try:
        return date.fromisoformat(visit.form.get(field, ""))
    except ValueError:
        return None


@post("/rounds/{name:str}/agreements/terms/{term:int}/repeat", include_in_schema=False)
@writes
def repeat(visit: Visit, name: FromPath[str], term: RowId) -> Response[Any]:
    """Try again to make the agreements of a term that could not be made."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)
    found = find_term(visit.session, round_id=round_.id, number=term)

    def change() -> None:
        repeat_term(
            visit.session, round_=round_, term=found, actor=visit.actor, moment=visit.moment
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreements_page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements")


@get("/rounds/{name:str}/agreements/terms/{term:int}/progress", include_in_schema=False)
@reads
def progress(visit: Visit, name: FromPath[str], term: RowId) -> dict[str, object]:
    """Tell a page how far the making of a term's agreements is."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)
    found = find_term(visit.session, round_id=round_.id, number=term)
    is_over = found.status in (TermStatus.DONE, TermStatus.FAILED)
    return {
        "done": found.done,
        "total": found.total,
        "state": "done" if is_over else "running",
        "zh": "正在生成协议：已完成的地区",
        "en": "Making agreements: regions that are finished",
        "next": f"/rounds/{name}/agreements" if is_over else None,
    }


@post("/rounds/{name:str}/agreements/running", include_in_schema=False)
@writes
def run(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Begin the procurement cycle."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)

    def change() -> None:
        start_running(
            visit.session,
            round_=round_,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreements_page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements")


@post("/rounds/{name:str}/agreements/ended", include_in_schema=False)
@writes
def end(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """End a round whose last term is over."""
    round_ = lead_round(visit, name, Action.MAKE_AGREEMENTS)

    def change() -> None:
        end_cycle(
            visit.session,
            round_=round_,
            last=latest_term(visit.session, round_id=round_.id),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreements_page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements")


ROUTES = (begin, repeat, progress, run, end)
"""Handlers of these pages."""
