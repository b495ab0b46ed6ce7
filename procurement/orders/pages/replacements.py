"""Another winner takes over a supply that fails, and hands it back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError, RefusedError
from procurement.orders.fulfilment.candidates import Candidate, candidates_for
from procurement.orders.fulfilment.naming import names_of
from procurement.orders.fulfilment.replacements import (
    Replaced,
    end_replacement,
    replace_supplier,
    replacements_of,
)
from procurement.orders.fulfilment.scope import By
from procurement.orders.fulfilment.tables import SupplyReplacement
from procurement.orders.pages.parties import organisation_names
from procurement.orders.pages.scopes import term_asked
from procurement.orders.pages.typed import GoodsReader, list_page, page_number
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.rounds.tables import Round
from procurement.web import RowId, Visit, reads, redirect, render, writes


@dataclass(frozen=True, slots=True)
class Shown:
    """A replacement as the list shows it.

    Attributes:
        row: The row.
        supply: What is taken over, in the visitor's language.
        replaced: Who failed.
        is_running: It has no last day that is over.
    """

    row: SupplyReplacement
    supply: str
    replaced: int
    is_running: bool


@get("/fulfilment/replacements", include_in_schema=False)
@reads
def show_replacements(visit: Visit) -> Response[Any]:
    """List who took over for whom."""
    visit.require_ever(Action.READ_FULFILMENT)
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    session, today = visit.session, day_in_china(visit.moment)
    found = term_asked(visit)
    rows = () if found is None else replacements_of(session, round_id=found[0].id)
    page = list_page(rows, page_number(visit))
    supplies = names_of(session, by=By.SUPPLY, keys={one.supply_id for one in page.rows})
    lines = [
        Shown(
            one,
            visit.text(*supplies[one.supply_id]),
            session.get_one(AgreedSupply, one.supply_id).organisation_id,
            one.ends_on is None or one.ends_on >= today,
        )
        for one in page.rows
    ]
    ids = [one for line in lines for one in (line.row.organisation_id, line.row.distributor_id)]
    return render(
        visit,
        "orders/fulfilment/replacements.html",
        status=200 if refusal is None else status_of(refusal),
        page=page,
        lines=lines,
        names=organisation_names(visit, [*ids, *(line.replaced for line in lines)]),
        may={"replace": visit.may_ever(Action.REPLACE_SUPPLIER)},
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


def _supply_for(visit: Visit, supply_id: int) -> AgreedSupply:
    """A supply that the visitor may give to another.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's concern.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(Action.REPLACE_SUPPLIER)
    supply = visit.session.get(AgreedSupply, supply_id)
    if supply is None:
        raise NotFoundForActorError
    term = visit.session.get_one(AgreementTerm, supply.term_id)
    round_ = visit.session.get_one(Round, term.round_id)
    subject = Subject(bureau_id=round_.bureau_id, regions=(supply.region,))
    visit.require(Action.REPLACE_SUPPLIER, subject)
    return supply


@get("/fulfilment/replacements/new", include_in_schema=False)
@reads
def replacement_form(visit: Visit) -> Response[Any]:
    """Ask who takes over."""
    supply = _supply_for(visit, typed_id(visit.query.get("supply", "")))
    return _form(visit, supply, None)


def _form(visit: Visit, supply: AgreedSupply, refusal: RefusedError | None) -> Response[Any]:
    session = visit.session
    reader = GoodsReader(visit.form)
    day = reader.day("starts_on") or day_in_china(visit.moment)
    candidates = candidates_for(session, supply_id=supply.id, day=day)
    names = names_of(session, by=By.SUPPLY, keys=[supply.id])
    return render(
        visit,
        "orders/fulfilment/replacement_form.html",
        status=200 if refusal is None else status_of(refusal),
        supply=supply,
        supply_name=visit.text(*names[supply.id]),
        offers=[option for one in candidates for option in _options(visit, one)],
        distributors=_distributors(visit, candidates),
        values=visit.form or {"starts_on": day.isoformat()},
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


def _options(visit: Visit, candidate: Candidate) -> list[tuple[str, str, str]]:
    """A candidate with each of its packs, as a choice."""
    place = ("备供企业", "spare supplier") if candidate.is_spare else _rank(candidate)
    return [
        (
            f"{candidate.awarded_bid_id}-{price.id}",
            visit.text(f"{candidate.name}（{place[0]}）", f"{candidate.name} ({place[1]})"),
            visit.text(
                f"{price.strength} × {price.pack_units}，每盒 {price.pack_price.normalize():f} 元",
                f"{price.strength} × {price.pack_units}, "
                f"{price.pack_price.normalize():f} yuan a pack",
            ),
        )
        for price in candidate.prices
    ]


def _rank(candidate: Candidate) -> tuple[str, str]:
    if candidate.rank is None:
        return "其他中选企业", "another winner"
    return f"第 {candidate.rank} 名中选企业", f"winner, rank {candidate.rank}"


def _distributors(visit: Visit, candidates: list[Candidate]) -> list[tuple[int, str]]:
    """Who delivers for one of them; a manufacturer may on its own."""
    own = {one.organisation_id: one.name for one in candidates if one.prices}
    others = {each.id: each.name for one in candidates for each in one.distributors}
    deliver = visit.text("企业自行配送", "delivers on its own")
    return [*others.items(), *((key, f"{name}（{deliver}）") for key, name in own.items())]


@post("/fulfilment/replacements/new", include_in_schema=False)
@writes
def replace(visit: Visit) -> Response[Any]:
    """Let somebody take over."""
    supply = _supply_for(visit, typed_id(visit.form.get("supply", "")))

    def change() -> None:
        replace_supplier(
            visit.session,
            replaced=_replaced(visit, supply),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _form(visit, supply, refusal)
    return redirect("/fulfilment/replacements")


def _replaced(visit: Visit, supply: AgreedSupply) -> Replaced:
    reader = GoodsReader(visit.form)
    bid, _, price = visit.form.get("offer", "").partition("-")
    if not (typed_id(bid) and typed_id(price)):
        reader.fault("offer", "请选择由谁接续。", "Choose who takes over.")
    starts_on, ends_on = reader.day("starts_on", needed=True), reader.day("ends_on")
    if reader.faults:
        raise InvalidInputError(reader.faults)
    return Replaced(
        supply_id=supply.id,
        by_awarded_bid_id=typed_id(bid),
        price_id=typed_id(price),
        distributor_id=typed_id(visit.form.get("distributor_id", "")),
        reason=visit.form.get("reason", ""),
        document=visit.form.get("document", ""),
        starts_on=starts_on or date.max,
        ends_on=ends_on,
    )


@post("/fulfilment/replacements/{replacement_id:int}/end", include_in_schema=False)
@writes
def end(visit: Visit, replacement_id: RowId) -> Response[Any]:
    """Say until when a replacement holds."""
    visit.require_ever(Action.REPLACE_SUPPLIER)
    row = visit.session.get(SupplyReplacement, replacement_id)
    if row is None:
        raise NotFoundForActorError
    _supply_for(visit, row.supply_id)

    def change() -> None:
        reader = GoodsReader(visit.form)
        ends_on = reader.day("ends_on", needed=True)
        if ends_on is None:
            raise InvalidInputError(reader.faults)
        end_replacement(
            visit.session,
            replacement=row,
            ends_on=ends_on,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, refusal)
    return redirect("/fulfilment/replacements")


ROUTES = (show_replacements, replacement_form, replace, end)
"""Handlers of these pages."""
