"""Matters: the list of bureaus, one, recording one after a look at its grade, repair and end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Response, get, post

from procurement.audit import entries_about
from procurement.catalogue.tables import Product
from procurement.china_days import day_in_china
from procurement.credit_rating.application_view import asked_and_told
from procurement.credit_rating.matters import (
    NotCorrectableError,
    Preview,
    preview_matter,
    record_matter,
)
from procurement.credit_rating.reading import (
    MatterCard,
    by_severity,
    credit_list,
    matter_card,
    matter_subject,
)
from procurement.credit_rating.repair import (
    AlreadyClearedError,
    RepairIncompleteError,
    clear_matter,
    record_measure,
    repair_state,
)
from procurement.credit_rating.rules import measure_names, name_of
from procurement.credit_rating.wording import GRADE_KINDS, options, region_name, words
from procurement.credit_rating.words import ClearanceKind, GradeWord
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, Subject
from procurement.web import (
    Form,
    PageNumber,
    RowId,
    Visit,
    paginate,
    reads,
    redirect,
    render,
    writes,
)
from rulebooks.vocabulary import VOCABULARY

FIELDS = (
    "organisation",
    "committed_by",
    "region",
    "matter",
    "largest_single",
    "cumulated",
    "lasted_months",
    "sales",
    "circumstances",
    "basis",
    "document",
    "found_on",
    "description",
    "in_force_from",
    "ends_on",
    "products",
    "replaces",
)
"""What a matter's form sends on to its preview."""


@get("/credit", include_in_schema=False)
@reads
def list_matters(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List the grades in force; a firm is shown its own page."""
    if not visit.may(Action.READ_CREDIT):
        own = Subject(organisation_id=visit.actor.organisation_id)
        visit.require(Action.READ_CREDIT, own)
        return redirect(f"/credit/organisations/{visit.actor.organisation_id}")
    query = visit.query
    statement = credit_list(
        on_date=day_in_china(visit.moment),
        text=query.get("text", "").strip(),
        region=query.get("region", ""),
        grade=query.get("grade", ""),
        matter=query.get("matter", ""),
        in_force_only=query.get("all") != "yes",
    )
    return render(
        visit,
        "credit_rating/matters.html",
        page=paginate(visit.session, by_severity(statement), number=page),
        words=words(visit),
        options=options(visit),
        grade_kinds=GRADE_KINDS,
        region_name=lambda code: region_name(visit, code),
        may_record=_may_record(visit),
    )


@get("/credit/matters/new", include_in_schema=False)
@reads
def show_new_matter(visit: Visit) -> Response[Any]:
    """Show the empty form, or the one of a matter that is to be corrected."""
    _require_recorder(visit)
    values = {"region": visit.actor.region}
    replaces = _number(visit.query.get("replaces", ""))
    if replaces is not None:
        values = _values_of(card_for(visit, replaces, Action.CHANGE_CREDIT))
    return _form(visit, values=values)


@post("/credit/matters/preview", include_in_schema=False)
@reads
def show_preview(visit: Visit) -> Response[Any]:
    """Show the grade that a matter leads to; nothing is stored."""
    _require_recorder(visit)
    raw = _raw(visit)
    try:
        preview = preview_matter(visit.session, raw=raw)
    except InvalidInputError as refusal:
        return _form(visit, values=visit.form, faults=refusal.faults)
    visit.require(Action.CHANGE_CREDIT, Subject(regions=(preview.described.region,)))
    return _preview(visit, preview, raw)


@post("/credit/matters/edit", include_in_schema=False)
@reads
def show_again(visit: Visit) -> Response[Any]:
    """Show the form again after the preview, with what was typed."""
    _require_recorder(visit)
    return _form(visit, values=visit.form)


@post("/credit/matters", include_in_schema=False)
@writes
def record(visit: Visit) -> Response[Any]:
    """Record a matter with its grade."""
    _require_recorder(visit)
    raw = {**_raw(visit), **{name: visit.form.get(name, "") for name in ("grade", "reason")}}
    try:
        preview = preview_matter(visit.session, raw=raw)
    except InvalidInputError as refusal:
        return _form(visit, values=visit.form, faults=refusal.faults)
    visit.require(Action.CHANGE_CREDIT, Subject(regions=(preview.described.region,)))
    try:
        with visit.savepoint():
            matter = record_matter(
                visit.session,
                raw=raw,
                actor=visit.actor,
                moment=visit.moment,
                replaces_id=_number(raw["replaces"]),
            )
    except InvalidInputError as refusal:
        return _preview(visit, preview, raw, faults=refusal.faults)
    except NotCorrectableError as refusal:
        return _preview(visit, preview, raw, refusal=refusal)
    return redirect(f"/credit/matters/{matter.id}")


@get("/credit/matters/{matter_id:int}", include_in_schema=False)
@reads
def show_matter(visit: Visit, matter_id: RowId) -> Response[Any]:
    """Show a matter with its grade, its consequences and its life."""
    return matter_page(visit, card_for(visit, matter_id, Action.READ_CREDIT))


@post("/credit/matters/{matter_id:int}/measures", include_in_schema=False)
@writes
def accept_measure(visit: Visit, matter_id: RowId) -> Response[Any]:
    """Record a measure of repair."""
    card = card_for(visit, matter_id, Action.CHANGE_CREDIT)
    form = visit.form
    try:
        with visit.savepoint():
            record_measure(
                visit.session,
                matter_id=matter_id,
                measure=_number(form.get("measure", "")) or 0,
                done_on=_day(form, "done_on"),
                evidence=form.get("evidence", ""),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return matter_page(visit, card, faults=refusal.faults)
    except AlreadyClearedError as refusal:
        return matter_page(visit, card, refusal=refusal)
    return redirect(f"/credit/matters/{matter_id}")


@post("/credit/matters/{matter_id:int}/clear", include_in_schema=False)
@writes
def clear(visit: Visit, matter_id: RowId) -> Response[Any]:
    """End the grade of a matter."""
    card = card_for(visit, matter_id, Action.CHANGE_CREDIT)
    form = visit.form
    try:
        with visit.savepoint():
            clear_matter(
                visit.session,
                matter_id=matter_id,
                kind=_clearance(form),
                cleared_on=_day(form, "cleared_on"),
                reason=form.get("reason", ""),
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as refusal:
        return matter_page(visit, card, faults=refusal.faults)
    except (AlreadyClearedError, RepairIncompleteError) as refusal:
        return matter_page(visit, card, refusal=refusal)
    return redirect(f"/credit/matters/{matter_id}")


def card_for(visit: Visit, matter_id: int, action: Action) -> MatterCard:
    """Return a matter that the visitor may do something with.

    Raises:
        NotPermittedError: No role of the visitor may.
        NotFoundForActorError: There is none, or it is not the visitor's.
    """
    visit.require_ever(action)
    card = matter_card(visit.session, matter_id=matter_id)
    visit.require(action, matter_subject(card.matter))
    return card


def _may_record(visit: Visit) -> bool:
    return visit.may(Action.CHANGE_CREDIT, Subject(regions=(visit.actor.region,)))


def _require_recorder(visit: Visit) -> None:
    visit.require(Action.CHANGE_CREDIT, Subject(regions=(visit.actor.region,)))


def _circumstances(values: Mapping[str, str]) -> list[str]:
    several = values.all("circumstances") if isinstance(values, Form) else ()
    return " ".join(several or (values.get("circumstances", ""),)).split()


def _raw(visit: Visit) -> dict[str, str]:
    raw = {name: visit.form.get(name, "") for name in FIELDS}
    return {**raw, "circumstances": " ".join(visit.form.all("circumstances"))}


def _number(text: str) -> int | None:
    # Longer ones do not fit a column of 32 bits.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _day(form: Mapping[str, str], field: str) -> date:
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError:
        fault = FieldFault(field, "应为日期，形如 2026-11-22。", "Expected a day like 2026-11-22.")
        raise InvalidInputError([fault]) from None


def _clearance(form: Mapping[str, str]) -> ClearanceKind:
    try:
        return ClearanceKind(form.get("kind", ""))
    except ValueError:
        fault = FieldFault("kind", "请从所列选项中选择一项。", "Choose one of the options.")
        raise InvalidInputError([fault]) from None


def _values_of(card: MatterCard) -> dict[str, str]:
    """The fields of a matter that is to be corrected."""
    matter = card.matter
    values = {name: getattr(matter, name, None) for name in FIELDS}
    return {
        **{name: "" if value is None else str(value) for name, value in values.items()},
        "organisation": card.organisation.credit_code or card.organisation.name,
        "committed_by": card.committed_by.name if card.committed_by else "",
        "products": " ".join(sorted({_number_of(line.product) for line in card.products})),
        "replaces": str(matter.id),
    }


def _number_of(product: Product) -> str:
    """What a form names a product by: granules and pieces have no approval number."""
    return product.approval_number or product.drug_code or product.consumable_code or ""


def _form(
    visit: Visit, *, values: Mapping[str, str], faults: tuple[FieldFault, ...] = ()
) -> Response[Any]:
    return render(
        visit,
        "credit_rating/matter_form.html",
        status=422 if faults else 200,
        values=values,
        faults=faults,
        options=options(visit),
        chosen_circumstances={"circumstances": _circumstances(values)},
    )


def _preview(
    visit: Visit,
    preview: Preview,
    raw: Mapping[str, str],
    *,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    grades = [
        (str(grade), visit.text(*name_of(grade, preview.scale))) for grade in preview.grading.among
    ]
    return render(
        visit,
        "credit_rating/preview.html",
        status=422 if faults else 409 if refusal else 200,
        preview=preview,
        raw={name: raw[name] for name in FIELDS},
        values=visit.form,
        faults=faults,
        refusal_of_matter=refusal,
        grades=grades,
        words=words(visit),
        grade_kinds=GRADE_KINDS,
        region_name=lambda code: region_name(visit, code),
    )


def _clause(visit: Visit, clause: str) -> str:
    """Say a clause with the name of its rule instead of the rule's key."""
    number, _, key = clause.rpartition(" ")
    term = VOCABULARY["credit"].get(key)
    return clause if term is None else f"{number} {visit.text(term.zh, term.en)}".strip()


def matter_page(
    visit: Visit,
    card: MatterCard,
    *,
    faults: tuple[FieldFault, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    """Show a matter, with what was typed and why it was refused."""
    matter = card.matter
    is_over = card.clearance is not None or card.replaced_by_id is not None
    return render(
        visit,
        "credit_rating/matter.html",
        status=422 if faults else 409 if refusal else 200,
        card=card,
        clause=_clause(visit, matter.clause),
        grade_name=visit.text(*name_of(GradeWord(matter.grade), card.scale)),
        repair=repair_state(visit.session, matter=matter),
        measures={number: visit.text(*pair) for number, pair in measure_names(card.scale).items()},
        may_change=visit.may(Action.CHANGE_CREDIT, matter_subject(matter)) and not is_over,
        may_answer=visit.may(Action.CHANGE_CREDIT, matter_subject(matter)),
        may_apply=visit.may(Action.APPLY_CREDIT, matter_subject(matter)) and not is_over,
        entries=entries_about(visit.session, subject=f"credit-matter/{matter.id}"),
        values=visit.form,
        faults=faults,
        refusal_of_change=refusal,
        words=words(visit),
        options=options(visit),
        grade_kinds=GRADE_KINDS,
        region_name=lambda code: region_name(visit, code),
        **asked_and_told(visit, card),
    )


ROUTES = (
    list_matters,
    show_new_matter,
    show_preview,
    show_again,
    record,
    show_matter,
    accept_measure,
    clear,
)
