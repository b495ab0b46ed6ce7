"""Coverage of counties and plans of pharmacies by machine."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar import get, post
from litestar.params import FromPath, JSONBody

from procurement.china_days import day_in_china
from procurement.permissions import Action, Subject
from procurement.pharmacies.coverage.holding import (
    CountyCoverage,
    DrugCoverage,
    Holder,
    coverage_of,
    coverage_of_drug,
)
from procurement.pharmacies.coverage.inputs import Wanted
from procurement.pharmacies.coverage.planning import find_plan, outcome_of, request_plan
from procurement.pharmacies.coverage.states import PlanScope
from procurement.pharmacies.coverage.tables import CoveragePlan
from procurement.web import RowId, Visit, reads, writes


@dataclass(frozen=True, slots=True)
class HolderShape:
    """A designated place that has a drug; ``as_of`` is the day of its newest stock."""

    code: str
    name: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class CountyShape:
    """How a county has a drug."""

    county: str
    name: str
    is_covered: bool
    hospitals: list[HolderShape]
    pharmacies: list[HolderShape]


@dataclass(frozen=True, slots=True)
class DrugShape:
    """How the counties of a region have a drug."""

    listed_drug_id: int
    name: str
    form: str
    counties: int
    covered: int
    without_hospital: int
    without_pharmacy: int


@dataclass(frozen=True, slots=True)
class CoverageShape:
    """All drugs of a region's list that pharmacies sell."""

    region: str
    day: date
    drugs: list[DrugShape]


@dataclass(frozen=True, slots=True)
class DrugCountiesShape:
    """A drug, county by county."""

    region: str
    day: date
    drug: DrugShape
    counties: list[CountyShape]


@dataclass(frozen=True, slots=True)
class PlanBody:
    """What a plan is to do.

    Attributes:
        region: Division code.
        scope: ``designation`` or ``drug``.
        listed_drug_id: Of a plan for one drug.
        within_km: Without it a pharmacy covers its own county only.
        per_county: Pharmacies for each county.
    """

    region: str
    scope: str = "designation"
    listed_drug_id: int | None = None
    within_km: float | None = None
    per_county: int = 1


@dataclass(frozen=True, slots=True)
class PlanShape:
    """A plan; ``outcome`` is that of `jicai coverage --json`, null until it is done."""

    id: int
    region: str
    scope: str
    listed_drug_id: int | None
    within_km: float | None
    per_county: int
    inputs_digest: str
    status: str
    requested_at: datetime
    outcome: dict[str, Any] | None


@get("/api/v1/coverage/{region:str}")
@reads
def read_coverage(visit: Visit, region: FromPath[str]) -> CoverageShape:
    """List drugs with the counties in which a hospital and a pharmacy have them."""
    visit.require(Action.READ_COVERAGE, Subject(regions=(region,)))
    day = day_in_china(visit.moment)
    found = coverage_of(visit.session, region=region, day=day)
    return CoverageShape(region, day, [_drug(one) for one in found])


@get("/api/v1/coverage/{region:str}/drugs/{drug_id:int}")
@reads
def read_drug_coverage(visit: Visit, region: FromPath[str], drug_id: RowId) -> DrugCountiesShape:
    """Show county by county who has a drug."""
    visit.require(Action.READ_COVERAGE, Subject(regions=(region,)))
    day = day_in_china(visit.moment)
    one = coverage_of_drug(visit.session, region=region, day=day, listed_drug_id=drug_id)
    return DrugCountiesShape(region, day, _drug(one), [_county(each) for each in one.counties])


@post("/api/v1/coverage-plans", status_code=201)
@writes
def post_plan(visit: Visit, data: JSONBody[PlanBody]) -> PlanShape:
    """Ask for a plan; it is computed by durable work."""
    visit.require(Action.PLAN_COVERAGE, Subject(regions=(data.region,)))
    wanted = Wanted(
        region=data.region,
        scope=PlanScope.DRUG if data.scope == PlanScope.DRUG else PlanScope.DESIGNATION,
        listed_drug_id=data.listed_drug_id,
        within_km=data.within_km,
        per_county=data.per_county,
    )
    plan = request_plan(visit.session, wanted=wanted, actor=visit.actor, moment=visit.moment)
    return _plan(visit, plan)


@get("/api/v1/coverage-plans/{plan_id:int}")
@reads
def read_plan(visit: Visit, plan_id: RowId) -> PlanShape:
    """Show a plan."""
    visit.require_ever(Action.READ_COVERAGE)
    plan = find_plan(visit.session, plan_id=plan_id)
    visit.require(Action.READ_COVERAGE, Subject(regions=(plan.region,), bureau_id=plan.bureau_id))
    return _plan(visit, plan)


def _plan(visit: Visit, plan: CoveragePlan) -> PlanShape:
    return PlanShape(
        id=plan.id,
        region=plan.region,
        scope=plan.scope,
        listed_drug_id=plan.listed_drug_id,
        within_km=plan.within_km,
        per_county=plan.per_county,
        inputs_digest=plan.inputs_digest,
        status=plan.status,
        requested_at=plan.requested_at,
        outcome=outcome_of(plan, language=visit.language),
    )


def _drug(one: DrugCoverage) -> DrugShape:
    generic = one.listed.drug.generic_product
    return DrugShape(
        listed_drug_id=one.listed.drug.id,
        name=generic.name,
        form=generic.printed_form,
        counties=len(one.counties),
        covered=one.covered,
        without_hospital=one.without_hospital,
        without_pharmacy=one.without_pharmacy,
    )


def _county(one: CountyCoverage) -> CountyShape:
    return CountyShape(
        county=one.county,
        name=one.name,
        is_covered=one.is_covered,
        hospitals=[_holder(each) for each in one.hospitals],
        pharmacies=[_holder(each) for each in one.pharmacies],
    )


def _holder(one: Holder) -> HolderShape:
    return HolderShape(one.place.institution_code, one.place.name, one.as_of)


ROUTES = (read_coverage, read_drug_coverage, post_plan, read_plan)
"""Handlers of this part."""
