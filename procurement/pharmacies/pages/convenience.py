"""Convenience pharmacies for everybody, their counters, and checks of their prices."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from pricing.stated_rules import RuleNotStatedError
from procurement.accounts.divisions import NATION, division_name, is_division
from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError, RefusedError
from procurement.orders.pages.sheets import Heading, sheet_answer
from procurement.orders.pages.typed import list_page, page_number
from procurement.permissions import Action
from procurement.pharmacies.convenience.checking import check_prices
from procurement.pharmacies.convenience.counters import counter_prices, keep_counters
from procurement.pharmacies.convenience.documents import require_convenience, rules_for
from procurement.pharmacies.convenience.judging import years_of
from procurement.pharmacies.convenience.listing import page_of_pharmacies, pharmacies_in
from procurement.pharmacies.convenience.orders import OrderDuty, duties_of
from procurement.pharmacies.convenience.states import COUNTER_NAMES
from procurement.pharmacies.pages.coverage import region_asked
from procurement.pharmacies.places.service import find_place
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.zero_markup import BAD_OUTCOMES, OUTCOME_NAMES
from procurement.web import Visit, reads, redirect, render, writes


@get("/convenience", include_in_schema=False)
@reads
def show_convenience(visit: Visit) -> Response[Any]:
    """List the convenience pharmacies of a region."""
    visit.require(Action.READ_CONVENIENCE)
    asked = visit.query.get("region", "").strip()
    region = asked if is_division(asked) else NATION
    return render(
        visit,
        "pharmacies/convenience/list.html",
        page=page_of_pharmacies(
            visit.session,
            region=region,
            day=day_in_china(visit.moment),
            number=page_number(visit),
        ),
        region_name=visit.text(*division_name(region)),
        values={"region": asked},
        may=_may(visit),
    )


@get("/convenience/checks", include_in_schema=False)
@reads
def show_checks(visit: Visit) -> Response[Any]:
    """List the pharmacies of a region with how their last checks came out."""
    region = region_asked(visit, Action.CHECK_CONVENIENCE)
    found = pharmacies_in(visit.session, region=region, day=day_in_china(visit.moment))
    ordered = sorted(found, key=lambda one: (-one.too_dear, one.place.institution_code))
    return render(
        visit,
        "pharmacies/convenience/checks.html",
        page=list_page(ordered, page_number(visit)),
        region_name=visit.text(*division_name(region)),
    )


@get("/convenience/{code:str}", include_in_schema=False)
@reads
def show_pharmacy(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Show a pharmacy's counter with its prices."""
    visit.require(Action.READ_CONVENIENCE)
    return _pharmacy(visit, find_place(visit.session, code=code))


def _pharmacy(visit: Visit, place: Place, refusal: RefusedError | None = None) -> Response[Any]:
    day = day_in_china(visit.moment)
    subject = place_subject(place)
    keeps = visit.may(Action.KEEP_COUNTER, subject)
    sees_orders = keeps or visit.may(Action.READ_QUARTERLY_NEED, subject)
    return render(
        visit,
        "pharmacies/convenience/pharmacy.html",
        status=409 if refusal is not None else 200,
        place=place,
        refusal=refusal,
        is_designated=_is_designated(visit, place),
        prices=counter_prices(visit.session, place=place, day=day),
        years=years_of(visit.session, place_id=place.id),
        duties=_duties(visit, place) if sees_orders else (),
        may={
            "counter": keeps,
            "check": visit.may(Action.CHECK_CONVENIENCE, subject),
            "orders": sees_orders,
        },
        **_words(visit),
    )


def _is_designated(visit: Visit, place: Place) -> bool:
    try:
        require_convenience(visit.session, place=place, day=day_in_china(visit.moment))
    except RefusedError:
        return False
    return True


def _duties(visit: Visit, place: Place) -> tuple[OrderDuty, ...]:
    """What firms owe; nothing where no document says it."""
    try:
        designation = require_convenience(
            visit.session, place=place, day=day_in_china(visit.moment)
        )
        rules = rules_for(visit.session, place=place, designation=designation)
        return tuple(duties_of(visit.session, place=place, rules=rules, moment=visit.moment))
    except (RefusedError, RuleNotStatedError):
        return ()


@get("/convenience/{code:str}/counter", include_in_schema=False)
@reads
def show_counter_form(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Show the form by which a pharmacy's counter is sent."""
    return _counter_form(visit, _kept(visit, code))


def _kept(visit: Visit, code: str) -> Place:
    visit.require_ever(Action.KEEP_COUNTER)
    place = find_place(visit.session, code=code)
    visit.require(Action.KEEP_COUNTER, place_subject(place))
    return place


def _counter_form(visit: Visit, place: Place, faults: tuple[Any, ...] = ()) -> Response[Any]:
    return render(
        visit,
        "pharmacies/convenience/counter.html",
        status=422 if faults else 200,
        place=place,
        faults=faults,
        packs=len(counter_prices(visit.session, place=place, day=day_in_china(visit.moment))),
    )


@post("/convenience/{code:str}/counter", include_in_schema=False)
@writes
def take_counter(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Take over a pharmacy's counter from a file."""
    place = _kept(visit, code)
    upload = visit.form.files.get("file")
    content = b"" if upload is None else upload.file.read(BYTES_MAX + 1)
    try:
        with visit.savepoint():
            keep_counters(
                visit.session,
                place=place,
                content=content,
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as error:
        return _counter_form(visit, place, tuple(error.faults))
    return redirect(f"/convenience/{place.institution_code}")


@post("/convenience/{code:str}/check", include_in_schema=False)
@writes
def check_pharmacy(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Check a pharmacy's prices now."""
    visit.require_ever(Action.CHECK_CONVENIENCE)
    place = find_place(visit.session, code=code)
    visit.require(Action.CHECK_CONVENIENCE, place_subject(place))
    check_prices(visit.session, place=place, actor=visit.actor, moment=visit.moment)
    return redirect(f"/convenience/{place.institution_code}")


_HEADINGS: tuple[Heading, ...] = (
    ("药品", "drug"),
    ("规格", "strength"),
    ("包装数量", "units in the pack"),
    ("类别", "kind"),
    ("采购价（元）", "purchase price (yuan)"),
    ("销售价（元）", "sale price (yuan)"),
    ("中选价或支付标准（元）", "winning price or standard (yuan)"),
    ("结论", "finding"),
    ("日期", "as of"),
)


@get(
    ["/convenience/{code:str}/prices.csv", "/convenience/{code:str}/prices.xlsx"],
    include_in_schema=False,
)
@reads
def prices_file(visit: Visit, code: FromPath[str]) -> Response[bytes]:
    """Give a pharmacy's counter as a file."""
    visit.require(Action.READ_CONVENIENCE)
    place = find_place(visit.session, code=code)
    found = counter_prices(visit.session, place=place, day=day_in_china(visit.moment))
    return sheet_answer(
        visit,
        name=visit.text(f"便民药店{code}", f"convenience-{code}"),
        headings=_HEADINGS,
        rows=(
            (
                one.name,
                one.strength,
                one.pack_units,
                visit.text(*COUNTER_NAMES[one.counter.kind]),
                one.shown_purchase,
                one.counter.sale_price,
                one.shown_limit,
                visit.text(*OUTCOME_NAMES[one.outcome]),
                one.counter.as_of,
            )
            for one in found
        ),
    )


def _may(visit: Visit) -> dict[str, bool]:
    return {
        "report": visit.may_ever(Action.REPORT_QUARTERLY_NEED),
        "check": visit.may_ever(Action.CHECK_CONVENIENCE),
        "sums": visit.may_ever(Action.READ_QUARTERLY_NEED),
    }


def _words(visit: Visit) -> dict[str, Any]:
    return {
        "counter_names": {one: visit.text(*COUNTER_NAMES[one]) for one in COUNTER_NAMES},
        "outcome_names": {one: visit.text(*OUTCOME_NAMES[one]) for one in OUTCOME_NAMES},
        "bad_outcomes": BAD_OUTCOMES,
    }


ROUTES = (
    show_convenience,
    show_checks,
    show_pharmacy,
    show_counter_form,
    take_counter,
    check_pharmacy,
    prices_file,
)
"""Handlers of these pages."""
