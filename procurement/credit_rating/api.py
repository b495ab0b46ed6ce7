"""The interface of credit rating: the grade that counts, matters, repair, promises."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct

from procurement.accounts.organisations.service import organisation_of
from procurement.china_days import day_in_china
from procurement.credit_rating.grades import grade_of
from procurement.credit_rating.matters import preview_matter, record_matter
from procurement.credit_rating.promises import Signed, give_promise
from procurement.credit_rating.reading import credit_list, matter_card, matter_subject
from procurement.credit_rating.repair import clear_matter, record_measure, repair_state
from procurement.credit_rating.tables import CreditMatter
from procurement.credit_rating.words import Basis, Circumstance, ClearanceKind, Matter
from procurement.permissions import Action, Subject
from procurement.web import Cursor, PageSize, RowId, Visit, paginate_by_key, reads, writes

_TAG = ["credit rating"]
_MATTERS = "/api/v1/credit/matters"

Region = Annotated[str, QueryParameter(name="region", pattern=r"^\d{6}$")]
OnDate = Annotated[date | None, QueryParameter(name="on_date")]


class GradeOut(Struct, kw_only=True):
    """The grade of a firm that counts in a region on a day."""

    organisation_id: int
    region: str
    on_date: date
    grade: str
    rated_in: str
    matter_id: int | None
    since: date | None
    ends_on: date | None
    bars_all: bool
    barred_products: list[int]


class MatterIn(Struct, kw_only=True):
    """A matter; firms are named by credit code or full name, products by number or code."""

    organisation: str
    region: str
    matter: Matter
    basis: Basis
    document: str
    found_on: date
    in_force_from: date
    ends_on: date | None = None
    committed_by: str = ""
    cumulated: Decimal | None = None
    largest_single: Decimal | None = None
    lasted_months: int | None = None
    sales: Decimal | None = None
    circumstances: list[Circumstance] = []
    description: str = ""
    products: list[str] = []
    grade: str = ""
    reason: str = ""
    replaces_id: int | None = None


class GradingOut(Struct, kw_only=True):
    """What a matter leads to; without a grade the bureau decides among those listed."""

    scale: str
    grade: str | None
    among: list[str]
    clause: str
    zh: str
    en: str
    is_verified: bool
    consequences: dict[str, list[str]]


class MatterOut(Struct, kw_only=True):
    """A matter that is recorded."""

    id: int
    organisation_id: int
    region: str
    matter: str
    cumulated: str | None
    largest_single: str | None
    basis: str
    document: str
    found_on: date
    scale: str
    grade: str
    clause: str
    reason: str
    is_by_rule: bool
    in_force_from: date
    ends_on: date | None
    replaces_id: int | None


class MatterPage(Struct, kw_only=True):
    """Matters in the order of their ids."""

    items: list[MatterOut]
    next_cursor: str | None


class MeasureIn(Struct, kw_only=True):
    """A measure of repair that the bureau accepts."""

    measure: int
    done_on: date
    evidence: str


class RepairOut(Struct, kw_only=True):
    """What repairs a grade; needed is null where no source states it."""

    needed: list[int] | None
    missing: list[int]


class ClearanceIn(Struct, kw_only=True):
    """The end of a grade."""

    kind: ClearanceKind
    cleared_on: date
    reason: str


class PromiseIn(Struct, kw_only=True):
    """A promise of the token's own firm."""

    regions: list[str]
    signed_by: str
    signed_on: date
    wording: str


class PromiseOut(Struct, kw_only=True):
    """Promises that were recorded, by province."""

    ids: dict[str, int]


@get("/api/v1/credit/grades/{organisation_id:int}", tags=_TAG)
@reads
def read_grade(
    visit: Visit, organisation_id: RowId, region: Region = "000000", on_date: OnDate = None
) -> GradeOut:
    """Read the grade of a firm.

    Without a region it is the highest of all provinces, without a day today's.
    """
    visit.require(Action.READ_CREDIT, Subject(organisation_id=organisation_id))
    organisation_of(visit.session, organisation_id=organisation_id)
    day = on_date or day_in_china(visit.moment)
    grade = grade_of(visit.session, organisation_id=organisation_id, region=region, on_date=day)
    return GradeOut(
        organisation_id=organisation_id,
        region=region,
        on_date=day,
        grade=grade.word,
        rated_in=grade.region,
        matter_id=grade.matter_id,
        since=grade.since,
        ends_on=grade.ends_on,
        bars_all=grade.bars_all,
        barred_products=sorted(grade.barred_products),
    )


@get(_MATTERS, tags=_TAG)
@reads
def list_matters(visit: Visit, cursor: Cursor = None, page_size: PageSize = 50) -> MatterPage:
    """List the matters whose grade holds today."""
    visit.require(Action.READ_CREDIT)
    page = paginate_by_key(
        visit.session,
        credit_list(on_date=day_in_china(visit.moment)),
        key=CreditMatter.id.expression,
        cursor=cursor,
        size=page_size,
    )
    items = [_matter(row.CreditMatter) for row in page.rows]
    return MatterPage(items=items, next_cursor=page.next_cursor)


@get(_MATTERS + "/{matter_id:int}", tags=_TAG)
@reads
def read_matter(visit: Visit, matter_id: RowId) -> MatterOut:
    """Read a matter."""
    return _matter(_for(visit, matter_id, Action.READ_CREDIT))


@post(_MATTERS + "/preview", tags=_TAG, status_code=200)
@reads
def post_preview(visit: Visit, data: JSONBody[MatterIn]) -> GradingOut:
    """Tell which grade a matter would lead to; nothing is stored."""
    visit.require(Action.CHANGE_CREDIT, Subject(regions=(data.region,)))
    preview = preview_matter(visit.session, raw=_raw(data))
    grading = preview.grading
    return GradingOut(
        scale=preview.scale.id,
        grade=grading.grade,
        among=list(grading.among),
        clause=grading.clause,
        zh=grading.zh,
        en=grading.en,
        is_verified=grading.is_verified,
        consequences={str(grade): list(words) for grade, words in preview.consequences.items()},
    )


@post(_MATTERS, tags=_TAG)
@writes
def post_matter(visit: Visit, data: JSONBody[MatterIn]) -> MatterOut:
    """Record a matter with its grade."""
    visit.require(Action.CHANGE_CREDIT, Subject(regions=(data.region,)))
    matter = record_matter(
        visit.session,
        raw=_raw(data),
        actor=visit.actor,
        moment=visit.moment,
        replaces_id=data.replaces_id,
    )
    return _matter(matter)


@post(_MATTERS + "/{matter_id:int}/measures", tags=_TAG)
@writes
def post_measure(visit: Visit, matter_id: RowId, data: JSONBody[MeasureIn]) -> RepairOut:
    """Record a measure of repair; the same measure again changes nothing."""
    matter = _for(visit, matter_id, Action.CHANGE_CREDIT)
    record_measure(
        visit.session,
        matter_id=matter_id,
        measure=data.measure,
        done_on=data.done_on,
        evidence=data.evidence,
        actor=visit.actor,
        moment=visit.moment,
    )
    repair = repair_state(visit.session, matter=matter)
    needed = None if repair.needed is None else list(repair.needed)
    return RepairOut(needed=needed, missing=list(repair.missing))


@post(_MATTERS + "/{matter_id:int}/clearance", tags=_TAG)
@writes
def post_clearance(visit: Visit, matter_id: RowId, data: JSONBody[ClearanceIn]) -> MatterOut:
    """End the grade of a matter."""
    matter = _for(visit, matter_id, Action.CHANGE_CREDIT)
    clear_matter(
        visit.session,
        matter_id=matter_id,
        kind=data.kind,
        cleared_on=data.cleared_on,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _matter(matter)


@post("/api/v1/credit/promises", tags=_TAG)
@writes
def post_promise(visit: Visit, data: JSONBody[PromiseIn]) -> PromiseOut:
    """Record a promise of the token's own firm."""
    organisation_id = visit.actor.organisation_id
    visit.require(Action.GIVE_PROMISE, Subject(organisation_id=organisation_id))
    promises = give_promise(
        visit.session,
        organisation_id=organisation_id or 0,
        regions=data.regions,
        signed=Signed(by=data.signed_by, on=data.signed_on, wording=data.wording),
        actor=visit.actor,
        moment=visit.moment,
    )
    return PromiseOut(ids={promise.region: promise.id for promise in promises})


def _for(visit: Visit, matter_id: int, action: Action) -> CreditMatter:
    visit.require_ever(action)
    matter = matter_card(visit.session, matter_id=matter_id).matter
    visit.require(action, matter_subject(matter))
    return matter


def _raw(data: MatterIn) -> dict[str, str]:
    """The strings that a form would have sent."""
    return {
        "organisation": data.organisation,
        "committed_by": data.committed_by,
        "region": data.region,
        "matter": data.matter,
        "cumulated": _exact(data.cumulated),
        "largest_single": _exact(data.largest_single),
        "lasted_months": "" if data.lasted_months is None else str(data.lasted_months),
        "sales": _exact(data.sales),
        "circumstances": " ".join(data.circumstances),
        "basis": data.basis,
        "document": data.document,
        "found_on": data.found_on.isoformat(),
        "description": data.description,
        "in_force_from": data.in_force_from.isoformat(),
        "ends_on": data.ends_on.isoformat() if data.ends_on else "",
        "products": "\n".join(data.products),
        "grade": data.grade,
        "reason": data.reason,
    }


def _exact(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)


def _matter(matter: CreditMatter) -> MatterOut:
    values: dict[str, Any] = {name: getattr(matter, name) for name in MatterOut.__struct_fields__}
    for name in ("cumulated", "largest_single"):
        if values[name] is not None:
            # The database gives four decimals, the object at hand those that were typed.
            values[name] = f"{values[name].normalize():f}"
    return MatterOut(**values)


ROUTES = (
    read_grade,
    list_matters,
    read_matter,
    post_preview,
    post_matter,
    post_measure,
    post_clearance,
    post_promise,
)
