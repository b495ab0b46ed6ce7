"""Coverage of counties: drug by drug, and plans with a map."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from procurement.accounts.divisions import division_name, is_division
from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError
from procurement.jobs import find_job, progress_of
from procurement.orders.pages.sheets import Heading, sheet_answer
from procurement.orders.pages.typed import filters_tail, list_page, page_number
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.coverage.holding import DrugCoverage, coverage_of, coverage_of_drug
from procurement.pharmacies.coverage.inputs import Inputs, Wanted, inputs_of
from procurement.pharmacies.coverage.planning import find_plan, outcome_of, plans_of, request_plan
from procurement.pharmacies.coverage.states import PLAN_NAMES, SCOPE_NAMES, PlanScope
from procurement.pharmacies.coverage.tables import CoveragePlan
from procurement.pharmacies.pages.coverage_map import Picture, Spot, draw_map
from procurement.web import Form, RowId, Visit, reads, redirect, render, writes

_FILTERS = ("region", "q")
_DIGITS_MAX = 6


def region_asked(visit: Visit, action: Action) -> str:
    """The region that is asked for, else the visitor's own; asks whether he may.

    Raises:
        NotFoundForActorError: It is no division, or not the visitor's concern.
    """
    visit.require_ever(action)
    region = visit.query.get("region", "").strip() or visit.actor.region
    if not is_division(region):
        raise NotFoundForActorError
    visit.require(action, Subject(regions=(region,)))
    return region


def plan_subject(plan: CoveragePlan) -> Subject:
    """What a plan is to the permissions."""
    return Subject(regions=(plan.region,), bureau_id=plan.bureau_id)


@get("/coverage", include_in_schema=False)
@reads
def show_coverage(visit: Visit) -> Response[Any]:
    """List drugs with the counties in which a hospital and a pharmacy have them."""
    region = region_asked(visit, Action.READ_COVERAGE)
    return render(
        visit,
        "pharmacies/coverage/drugs.html",
        region=region,
        region_name=visit.text(*division_name(region)),
        region_of=lambda code: visit.text(*division_name(code)),
        page=list_page(_drugs(visit, region), page_number(visit)),
        plans=plans_of(visit.session, bureau_id=visit.actor.organisation_id or 0),
        tail=filters_tail(visit, _FILTERS),
        values=visit.query,
        may_plan=visit.may(Action.PLAN_COVERAGE, Subject(regions=(region,))),
        **_words(visit),
    )


def _drugs(visit: Visit, region: str) -> list[DrugCoverage]:
    wanted = visit.query.get("q", "").strip().casefold()
    found = coverage_of(visit.session, region=region, day=day_in_china(visit.moment))
    return [one for one in found if wanted in one.listed.drug.generic_product.name.casefold()]


@get("/coverage/drugs/{drug_id:int}", include_in_schema=False)
@reads
def show_drug_coverage(visit: Visit, drug_id: RowId) -> Response[Any]:
    """Show county by county who has a drug."""
    region = region_asked(visit, Action.READ_COVERAGE)
    found = coverage_of_drug(
        visit.session, region=region, day=day_in_china(visit.moment), listed_drug_id=drug_id
    )
    return render(
        visit,
        "pharmacies/coverage/drug.html",
        region=region,
        region_name=visit.text(*division_name(region)),
        coverage=found,
        may_plan=visit.may(Action.PLAN_COVERAGE, Subject(regions=(region,))),
    )


_HEADINGS: tuple[Heading, ...] = (
    ("药品", "drug"),
    ("剂型", "form"),
    ("县区代码", "county"),
    ("县区", "county name"),
    ("配备的定点医院", "designated hospitals with it"),
    ("配备的定点药店", "designated pharmacies with it"),
    ("医院和药店均有", "hospital and pharmacy"),
)


@get(["/coverage.csv", "/coverage.xlsx"], include_in_schema=False)
@reads
def coverage_file(visit: Visit) -> Response[bytes]:
    """Give drugs and counties as a file."""
    region = region_asked(visit, Action.READ_COVERAGE)
    return sheet_answer(
        visit,
        name=visit.text("双通道覆盖", "coverage"),
        headings=_HEADINGS,
        rows=(
            (
                drug.listed.drug.generic_product.name,
                drug.listed.drug.generic_product.printed_form,
                county.county,
                county.name,
                len(county.hospitals),
                len(county.pharmacies),
                int(county.is_covered),
            )
            for drug in _drugs(visit, region)
            for county in drug.counties
        ),
    )


@get("/coverage/plans/new", include_in_schema=False)
@reads
def show_new_plan(visit: Visit) -> Response[Any]:
    """Show the form of a plan."""
    region = region_asked(visit, Action.PLAN_COVERAGE)
    values = {"region": region, "per_county": "1", "scope": PlanScope.DESIGNATION.value}
    return _form(visit, region, {**values, **visit.query})


def _form(
    visit: Visit, region: str, values: Mapping[str, str] | Form, faults: tuple[Any, ...] = ()
) -> Response[Any]:
    return render(
        visit,
        "pharmacies/coverage/new.html",
        status=422 if faults else 200,
        region=region,
        values=values,
        faults=faults,
        scopes=[(one.value, visit.text(*SCOPE_NAMES[one])) for one in PlanScope],
        drugs=[
            (str(one.listed.drug.id), one.listed.drug.generic_product.name)
            for one in coverage_of(visit.session, region=region, day=day_in_china(visit.moment))
        ]
        if is_division(region)
        else [],
    )


@post("/coverage/plans/new", include_in_schema=False)
@writes
def make_plan(visit: Visit) -> Response[Any]:
    """Ask for a plan."""
    region = visit.form.get("region", "")
    visit.require(Action.PLAN_COVERAGE, Subject(regions=(region,)))
    wanted = _wanted(visit.form, region)
    try:
        with visit.savepoint():
            plan = request_plan(
                visit.session, wanted=wanted, actor=visit.actor, moment=visit.moment
            )
    except InvalidInputError as error:
        return _form(visit, region, visit.form, tuple(error.faults))
    return redirect(f"/coverage/plans/{plan.id}")


def _wanted(form: Form, region: str) -> Wanted:
    """What the form asks for; numbers that cannot be read are out of range."""
    km, count = form.get("within_km", ""), form.get("per_county", "")
    is_count = count.isascii() and count.isdigit() and len(count) <= _DIGITS_MAX
    scope = form.get("scope", "")
    return Wanted(
        region=region,
        scope=PlanScope.DRUG if scope == PlanScope.DRUG else PlanScope.DESIGNATION,
        listed_drug_id=typed_id(form.get("listed_drug_id", "")),
        within_km=_kilometres(km) if km else None,
        per_county=int(count) if is_count else 0,
    )


def _kilometres(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


@get("/coverage/plans/{plan_id:int}", include_in_schema=False)
@reads
def show_plan(visit: Visit, plan_id: RowId) -> Response[Any]:
    """Show a plan with its map, its counties, and those that nobody can cover."""
    plan = _readable(visit, plan_id)
    inputs = inputs_of(plan.inputs)
    outcome = outcome_of(plan, language=visit.language)
    job = None if plan.job_id is None else find_job(visit.session, job_id=plan.job_id)
    return render(
        visit,
        "pharmacies/coverage/plan.html",
        plan=plan,
        region_name=visit.text(*division_name(plan.region)),
        names=inputs.names,
        left_out=inputs.left_out,
        outcome=outcome,
        picture=None if outcome is None else _picture(inputs, outcome),
        job=None if job is None or outcome is not None else progress_of(job),
        **_words(visit),
    )


def _readable(visit: Visit, plan_id: int) -> CoveragePlan:
    visit.require_ever(Action.READ_COVERAGE)
    plan = find_plan(visit.session, plan_id=plan_id)
    visit.require(Action.READ_COVERAGE, plan_subject(plan))
    return plan


def _picture(inputs: Inputs, outcome: Mapping[str, Any]) -> Picture | None:
    uncovered = {one["county"] for one in outcome["uncovered"]}
    kept, further = set(outcome["kept"]), set(outcome["further"])
    counties = [
        Spot(
            one.name,
            inputs.names[one.name],
            one.latitude,
            one.longitude,
            "uncovered" if one.name in uncovered else "county",
        )
        for one in inputs.task.counties
    ]
    pharmacies = [
        Spot(
            one.name,
            inputs.names[one.name],
            one.latitude,
            one.longitude,
            "kept" if one.name in kept else "further" if one.name in further else "other",
        )
        for one in inputs.task.pharmacies
    ]
    return draw_map(counties, pharmacies, within_km=inputs.task.within_km)


_PLAN_HEADINGS: tuple[Heading, ...] = (
    ("药店代码", "pharmacy code"),
    ("药店", "pharmacy"),
    ("县区代码", "county"),
    ("新增", "further"),
)


@get(
    ["/coverage/plans/{plan_id:int}/plan.csv", "/coverage/plans/{plan_id:int}/plan.xlsx"],
    include_in_schema=False,
)
@reads
def plan_file(visit: Visit, plan_id: RowId) -> Response[bytes]:
    """Give the chosen pharmacies of a plan as a file."""
    plan = _readable(visit, plan_id)
    inputs = inputs_of(plan.inputs)
    outcome: Mapping[str, Any] = outcome_of(plan, language=visit.language) or {}
    further = set(outcome.get("further", ()))
    chosen = set(outcome.get("chosen", ()))
    return sheet_answer(
        visit,
        name=visit.text(f"覆盖方案{plan.id}", f"coverage-plan-{plan.id}"),
        headings=_PLAN_HEADINGS,
        rows=(
            (one.name, inputs.names[one.name], one.county, int(one.name in further))
            for one in inputs.task.pharmacies
            if one.name in chosen
        ),
    )


def _words(visit: Visit) -> dict[str, Any]:
    return {
        "scope_names": {one: visit.text(*SCOPE_NAMES[one]) for one in SCOPE_NAMES},
        "plan_names": {one: visit.text(*PLAN_NAMES[one]) for one in PLAN_NAMES},
    }


ROUTES = (
    show_coverage,
    show_drug_coverage,
    coverage_file,
    show_new_plan,
    make_plan,
    show_plan,
    plan_file,
)
"""Handlers of these pages."""
