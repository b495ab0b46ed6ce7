"""Fulfilment by machine: progress, use, entry, delivery rates, and the rules of a region."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from procurement.accounts.divisions import NATION
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.api.fulfilment_shapes import (
    EntryEntry,
    EntryList,
    ParameterBody,
    ParameterEntry,
    ProgressList,
    RuleEntry,
    RuleList,
    SearchBody,
    SearchEntry,
    SupplierEntry,
    SupplierList,
    UseEntry,
    UseList,
    progress_entry,
    text_or_null,
)
from procurement.orders.fulfilment.at_edge import require_division, scope_for, term_to_search
from procurement.orders.fulfilment.entry import entry_check, entry_of
from procurement.orders.fulfilment.listing import watched_by
from procurement.orders.fulfilment.parameters import ParameterGiven, give_parameter, rules_of
from procurement.orders.fulfilment.progress import progress_of
from procurement.orders.fulfilment.rules.delivery_rate import MEASURES
from procurement.orders.fulfilment.rules.progress import percent
from procurement.orders.fulfilment.rules.region_rules import KINDS, contains
from procurement.orders.fulfilment.scope import By
from procurement.orders.fulfilment.suppliers import SupplierRole, delivery_months, months_until
from procurement.orders.fulfilment.use import use_of
from procurement.orders.fulfilment.watching import ask_search
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.web import RowId, Visit, reads, writes

TAGS = ["fulfilment"]
PATH = "/api/v1/fulfilment"
_TERM = f"{PATH}/terms/{{term_id:int}}"

Region = Annotated[str, QueryParameter(name="region", pattern=r"^\d{6}$")]
Summed = Annotated[By, QueryParameter(name="by")]
Lot = Annotated[int | None, QueryParameter(name="lot_id", ge=1, le=2**31 - 1)]
Months = Annotated[int, QueryParameter(name="months", ge=1, le=24)]
Measured = Annotated[str, QueryParameter(name="measure")]
Role = Annotated[SupplierRole, QueryParameter(name="role")]
Kind = Annotated[str, QueryParameter(name="covers")]


@get(f"{_TERM}/progress", tags=TAGS)
@reads
def read_progress(
    visit: Visit,
    term_id: RowId,
    by: Summed = By.PRODUCT,
    region: Region = NATION,
    lot_id: Lot = None,
) -> ProgressList:
    """Read the progress of a term, summed by one thing, as far as it is one's concern."""
    scope = scope_for(visit, term_id, region=region, lot_id=lot_id)
    rows = progress_of(visit.session, scope=scope, by=by)
    return ProgressList(scope.day, by.value, [progress_entry(row) for row in rows])


@get(f"{_TERM}/use", tags=TAGS)
@reads
def read_use(
    visit: Visit,
    term_id: RowId,
    by: Summed = By.PRODUCT,
    region: Region = NATION,
    lot_id: Lot = None,
) -> UseList:
    """Read the use of winners and of others; for bureaus, agencies and hospitals."""
    scope = scope_for(visit, term_id, region=region, lot_id=lot_id)
    if scope.organisation_id is not None:
        # What others sell is no winner's concern.
        raise NotFoundForActorError
    rows = use_of(visit.session, scope=scope, by=by)
    return UseList(
        [
            UseEntry(
                key=str(row.key),
                name=row.zh,
                winning_amount=f"{row.amount('winning'):f}",
                other_amount=f"{row.amount('other'):f}",
                non_winning_percent_units=text_or_null(percent(row.other_share("units"))),
                non_winning_percent_amount=text_or_null(percent(row.other_share("amount"))),
                unconverted_units=row.unconverted_units,
            )
            for row in rows
        ]
    )


@get(f"{_TERM}/entry", tags=TAGS)
@reads
def read_entry(visit: Visit, term_id: RowId, region: Region = NATION) -> EntryList:
    """Read which winning products have entered which hospital."""
    scope = scope_for(visit, term_id, region=region)
    rules = rules_of(visit.session, region=scope.region, day=scope.day)
    rows = entry_of(visit.session, scope=scope)
    return EntryList(
        entry_check(scope, rules).since,
        [
            EntryEntry(row.hospital_id, row.name, row.products, row.entered, list(row.missing))
            for row in rows
        ],
    )


@get(f"{PATH}/suppliers", tags=TAGS)
@reads
def read_suppliers(
    visit: Visit,
    measure: Measured = "",
    role: Role = SupplierRole.MANUFACTURER,
    months: Months = 3,
    region: Region = NATION,
) -> SupplierList:
    """Read delivery rates of complete months: of all suppliers, or the own ones."""
    visit.require_ever(Action.READ_FULFILMENT)
    if measure not in MEASURES:
        listed = ", ".join(MEASURES)
        fault = FieldFault("measure", f"应为 {listed} 之一。", f"Expected one of {listed}.")
        raise InvalidInputError([fault])
    day = day_in_china(visit.moment)
    watched = watched_by(visit.session, actor=visit.actor, day=day)
    own = watched.organisation_id or watched.distributor_id
    if own is None and watched.hospital_ids is not None:
        raise NotFoundForActorError
    wanted = months_until(day, months)
    asked = require_division(region)
    if own is None and not contains(watched.region, asked):
        asked = watched.region
    found = delivery_months(
        visit.session, role=role, months=wanted, region=asked, organisation_id=own
    )
    items = [
        SupplierEntry(
            one.organisation_id,
            one.name,
            [text_or_null(percent(rate)) for rate in one.rates(measure)],
        )
        for one in found
    ]
    return SupplierList([str(month) for month in wanted], measure, items)


@get(f"{PATH}/rules", tags=TAGS)
@reads
def read_rules(visit: Visit, region: Region = NATION, covers: Kind = KINDS[0]) -> RuleList:
    """Read the rules of a region today, who states them, and what nobody states."""
    visit.require_ever(Action.READ_FULFILMENT)
    if covers not in KINDS:
        listed = ", ".join(KINDS)
        fault = FieldFault("covers", f"应为 {listed} 之一。", f"Expected one of {listed}.")
        raise InvalidInputError([fault])
    asked = require_division(region)
    rules = rules_of(visit.session, region=asked, day=day_in_china(visit.moment), covers=covers)
    items = [
        RuleEntry(
            rule.key, str(rule.value), rule.region, rule.rulebook, rule.cited, rule.is_verified
        )
        for rule in rules.all_found()
    ]
    return RuleList(asked, items, list(rules.open_keys()))


@post(f"{PATH}/parameters", tags=TAGS, status_code=201)
@writes
def post_parameter(visit: Visit, data: JSONBody[ParameterBody]) -> ParameterEntry:
    """Decide for a region what texts leave open."""
    visit.require_ever(Action.WARN_FULFILMENT)
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(require_division(data.region),)))
    row = give_parameter(
        visit.session,
        given=ParameterGiven(
            region=data.region,
            key=data.key,
            value=data.value,
            basis=data.basis,
            in_force_from=data.in_force_from,
        ),
        actor=visit.actor,
        moment=visit.moment,
    )
    return ParameterEntry(row.id, row.region, row.key, row.value, row.in_force_from)


@post(f"{_TERM}/searches", tags=TAGS, status_code=201)
@writes
def post_search(visit: Visit, term_id: RowId, data: JSONBody[SearchBody]) -> SearchEntry:
    """Look for what crosses a threshold in a term and region; the job notes what it finds."""
    term = term_to_search(visit, term_id, data.region)
    job_id = ask_search(
        visit.session,
        term=term,
        region=data.region,
        actor=visit.actor,
        moment=visit.moment,
        monthly=data.monthly,
    )
    return SearchEntry(job_id)


ROUTES = (
    read_progress,
    read_use,
    read_entry,
    read_suppliers,
    read_rules,
    post_parameter,
    post_search,
)
"""Handlers of measuring and of rules."""
