"""The shortage list: public with its lights; the bureau decides, and sees why."""

from typing import Any

from litestar import Response, get, post

from procurement.catalogue.tables import GenericProduct
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.monitoring.pages.hub import PUBLIC
from procurement.monitoring.pages.words import words
from procurement.monitoring.report.numbers_as_text import percent
from procurement.monitoring.rules.index import half_up
from procurement.monitoring.rules.parameters import Name
from procurement.monitoring.rules.shortages import SupplySignals
from procurement.monitoring.shortages.candidates import newest_survey, price_rise
from procurement.monitoring.shortages.deciding import (
    ShortageChoice,
    decide_shortage,
    decisions_about,
    newest_decision,
    shortages_on,
)
from procurement.monitoring.states import ShortageStep
from procurement.monitoring.subjects import own_monitoring
from procurement.monitoring.surveys.heard import signals_of
from procurement.monitoring.thresholds import thresholds_of
from procurement.orders.pages.sheets import Heading, sheet_answer
from procurement.orders.pages.typed import GoodsReader, chosen, list_page, page_number
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, reads, redirect, render, writes


@get("/monitoring/shortages", include_in_schema=False)
@reads
def show_shortages(visit: Visit) -> Response[Any]:
    """List the drugs in short supply with their lights; for everybody."""
    visit.require(Action.READ_MONITORING_REPORT, PUBLIC)
    return render(
        visit,
        "monitoring/shortages.html",
        page=list_page(shortages_on(visit.session), page_number(visit)),
        own=visit.actor.organisation_id,
        **words(visit),
    )


_HEADINGS: tuple[Heading, ...] = (
    ("药品", "drug"),
    ("剂型", "form"),
    ("地区", "region"),
    ("提示", "light"),
    ("列入日期", "since"),
    ("理由", "reason"),
)


@get(["/monitoring/shortages.csv", "/monitoring/shortages.xlsx"], include_in_schema=False)
@reads
def shortages_file(visit: Visit) -> Response[bytes]:
    """Give the list as a file."""
    visit.require(Action.READ_MONITORING_REPORT, PUBLIC)
    known = words(visit)
    rows = (
        (
            one.generic.name,
            one.generic.printed_form,
            known["region_name"](one.decision.region),
            known["light_names"][one.decision.light],
            day_in_china(one.since),
            one.decision.reason,
        )
        for one in shortages_on(visit.session)
    )
    name = visit.text("短缺药品清单", "shortages")
    return sheet_answer(visit, name=name, headings=_HEADINGS, rows=rows)


def _generic_for(visit: Visit, generic_id: int, action: Action) -> GenericProduct:
    visit.require(action, own_monitoring(visit.actor))
    found = visit.session.get(GenericProduct, generic_id)
    if found is None:
        raise NotFoundForActorError
    return found


@get("/monitoring/shortages/{generic_id:int}", include_in_schema=False)
@reads
def show_shortage(visit: Visit, generic_id: RowId) -> Response[Any]:
    """Show what is known about a drug's supply, and what the own bureau decided."""
    generic = _generic_for(visit, generic_id, Action.READ_MONITORING)
    return _page(visit, generic, None)


def _page(visit: Visit, generic: GenericProduct, refusal: RefusedError | None) -> Response[Any]:
    session, own = visit.session, visit.actor.organisation_id
    newest = newest_decision(session, bureau_id=own, generic_product_id=generic.id)
    thresholds = thresholds_of(session, bureau_id=own)
    rise = price_rise(
        session,
        generic_product_id=generic.id,
        region=visit.actor.region,
        day=day_in_china(visit.moment),
    )
    is_listed = newest is not None and newest.step != ShortageStep.REMOVED
    proposed = {"rise": "" if rise.rise is None else f"{half_up(rise.rise):f}"}
    return render(
        visit,
        "monitoring/shortage.html",
        status=200 if refusal is None else status_of(refusal),
        generic=generic,
        newest=newest,
        is_listed=is_listed,
        decisions=decisions_about(session, bureau_id=own, generic_product_id=generic.id),
        signals=_signals(visit, generic.id),
        rise=rise,
        rise_percent=percent(rise.rise),
        thresholds_known=all(name in thresholds for name in (Name.RISE_SMALL, Name.RISE_RED)),
        steps=_steps(visit, is_listed=is_listed),
        values=visit.form if refusal is not None else proposed,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        may_decide=visit.may(Action.RUN_MONITORING, own_monitoring(visit.actor)),
        **words(visit),
    )


def _steps(visit: Visit, *, is_listed: bool) -> list[tuple[str, str]]:
    if not is_listed:
        return [(ShortageStep.LISTED.value, visit.text("列入短缺清单", "put it on the list"))]
    return [
        (ShortageStep.LIGHT.value, visit.text("改变提示", "change its light")),
        (ShortageStep.REMOVED.value, visit.text("移出清单", "take it off the list")),
    ]


def _signals(visit: Visit, generic_id: int) -> dict[str, str | None]:
    survey = newest_survey(visit.session, bureau_id=visit.actor.organisation_id)
    ids = [] if survey is None else [survey.id]
    one = signals_of(visit.session, survey_ids=ids).get(generic_id, SupplySignals())
    return {
        "month": None if survey is None else f"{survey.month:%Y-%m}",
        "institutions": str(one.institutions),
        "out_of_stock": str(one.out_of_stock),
        "share": percent(one.out_of_stock_share),
        "days": None if one.median_days is None else f"{half_up(one.median_days, 1):f}",
        "rate": percent(one.delivery_rate),
        "leads": str(one.leads),
    }


@post("/monitoring/shortages/{generic_id:int}", include_in_schema=False)
@writes
def decide(visit: Visit, generic_id: RowId) -> Response[Any]:
    """Decide about a drug."""
    generic = _generic_for(visit, generic_id, Action.RUN_MONITORING)

    def change() -> None:
        reader = GoodsReader(visit.form)
        typed = visit.form.get("rise", "")
        rise = reader.decimal("rise") if not (typed or "").startswith("-") else None
        substitute = visit.form.get("has_substitute", "")
        signals = _signals(visit, generic.id)
        choice = ShortageChoice(
            step=ShortageStep(chosen(visit.form, "step", tuple(ShortageStep), ShortageStep.LISTED)),
            rise=rise,
            has_substitute=None if substitute not in ("yes", "no") else substitute == "yes",
            reason=reader.text("reason"),
            number=reader.version,
            signals={name: value for name, value in signals.items() if value is not None},
        )
        with reader.checked():
            decide_shortage(
                visit.session,
                generic_product_id=generic.id,
                choice=choice,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, generic, refusal)
    return redirect(f"/monitoring/shortages/{generic_id}")


ROUTES = (show_shortages, shortages_file, show_shortage, decide)
"""Handlers of these pages."""
