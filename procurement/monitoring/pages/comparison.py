"""Lists of prices of elsewhere, what they show, and proposals to link prices."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post

from procurement.agreements.at_edge import typed_id
from procurement.catalogue.csv_lines import BYTES_MAX
from procurement.china_days import day_in_china
from procurement.errors import RefusedError
from procurement.monitoring.comparison.comparing import Compared, compare, control_of, lists_of
from procurement.monitoring.comparison.importing import COLUMNS, ListFacts, import_list
from procurement.monitoring.comparison.proposing import (
    decide_linkage,
    proposals_of,
    propose_linkage,
)
from procurement.monitoring.pages.words import words
from procurement.monitoring.report.numbers_as_text import percent
from procurement.monitoring.rules.comparison import linked_price
from procurement.monitoring.rules.index import half_up
from procurement.monitoring.states import ListKind, ProposalStatus
from procurement.monitoring.subjects import (
    find_list,
    find_proposal,
    list_subject,
    own_monitoring,
    proposal_subject,
)
from procurement.monitoring.tables import ReferenceList
from procurement.orders.pages.sheets import CSV, Heading, as_csv, sheet_answer
from procurement.orders.pages.typed import (
    GoodsReader,
    chosen,
    list_page,
    page_number,
    posted_content,
)
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.volumes.at_edge import file_answer
from procurement.web import RowId, Visit, paginate, reads, redirect, render, writes

_FORM_FIELDS = ("kind", "title", "place", "document", "valid_from", "file")


@get("/monitoring/lists", include_in_schema=False)
@reads
def show_lists(visit: Visit) -> Response[Any]:
    """List the bureau's imported lists, and ask for another."""
    visit.require(Action.READ_MONITORING, own_monitoring(visit.actor))
    return _lists_page(visit, None)


def _lists_page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    lists = lists_of(bureau_id=visit.actor.organisation_id)
    faults = faults_of(refusal)
    return render(
        visit,
        "monitoring/lists.html",
        status=200 if refusal is None else status_of(refusal),
        page=paginate(visit.session, lists, number=page_number(visit)),
        values=visit.form,
        faults=[one for one in faults if one.field in _FORM_FIELDS],
        line_faults=[one for one in faults if one.field not in _FORM_FIELDS],
        refusal=whole_of(refusal),
        **words(visit),
    )


@post("/monitoring/lists", include_in_schema=False, request_max_body_size=2 * BYTES_MAX)
@writes
def upload_list(visit: Visit) -> Response[Any]:
    """Import a list: all of it, or nothing with every fault."""
    visit.require(Action.RUN_MONITORING, own_monitoring(visit.actor))
    stored: list[ReferenceList] = []

    def change() -> None:
        reader = GoodsReader(visit.form)
        facts = ListFacts(
            kind=ListKind(chosen(visit.form, "kind", tuple(ListKind), ListKind.PROVINCE)),
            title=reader.text("title"),
            place=reader.text("place"),
            document=reader.text("document"),
            valid_from=reader.day("valid_from", needed=True),
        )
        with reader.checked():
            stored.append(
                import_list(
                    visit.session,
                    facts=facts,
                    content=posted_content(visit, "file", BYTES_MAX),
                    actor=visit.actor,
                    moment=visit.moment,
                )
            )

    refusal = attempt(visit, change)
    return _lists_page(visit, refusal) if refusal else redirect(f"/monitoring/lists/{stored[0].id}")


@get("/monitoring/lists/template.csv", include_in_schema=False)
@reads
def list_template(visit: Visit) -> Response[bytes]:
    """Give the file to fill in."""
    visit.require(Action.READ_MONITORING, own_monitoring(visit.actor))
    titles = [visit.text(one.zh, one.key) for one in COLUMNS]
    name = visit.text("价格清单.csv", "prices.csv")
    return file_answer(as_csv(titles, []), name=name, media_type=CSV)


def _list_for(visit: Visit, list_id: int, action: Action) -> ReferenceList:
    visit.require_ever(action)
    found = find_list(visit.session, list_id=list_id)
    visit.require(action, list_subject(found))
    return found


def _compared(visit: Visit, found: ReferenceList) -> list[Compared]:
    return compare(
        visit.session,
        lists=[found],
        region=visit.actor.region,
        day=day_in_china(visit.moment),
    )


@get("/monitoring/lists/{list_id:int}", include_in_schema=False)
@reads
def show_list(visit: Visit, list_id: RowId) -> Response[Any]:
    """Show own prices beside those of a list."""
    return _list_page(visit, _list_for(visit, list_id, Action.READ_MONITORING), None)


def _list_page(visit: Visit, found: ReferenceList, refusal: RefusedError | None) -> Response[Any]:
    rows = _compared(visit, found)
    is_control = found.kind == ListKind.MONITORING
    return render(
        visit,
        "monitoring/list.html",
        status=200 if refusal is None else status_of(refusal),
        found=found,
        rows=list_page([_shown(one) for one in rows], page_number(visit)),
        higher=sum(one.excess > 0 for one in rows),
        compared=len(rows),
        control=control_of(
            visit.session,
            found=found,
            region=visit.actor.region,
            day=day_in_china(visit.moment),
        )
        if is_control
        else None,
        may_propose=visit.may(Action.RUN_MONITORING, list_subject(found)),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _shown(one: Compared) -> dict[str, Any]:
    return {
        "id": one.price.id,
        "drug": one.drug.name,
        "form": one.drug.printed_form,
        "strength": one.price.strength,
        "maker": one.maker,
        "price": one.price.pack_price,
        "units": one.price.pack_units,
        "unit_price": half_up(one.own.unit_price),
        "other_price": one.reference.pack_price,
        "other_units": one.reference.pack_units,
        "other_unit_price": half_up(one.lowest.unit_price),
        "excess": percent(one.excess),
        "is_above": one.excess > 0,
        "is_same_pack": one.is_same_pack,
        "linked": linked_price(one.own, one.lowest),
    }


_HEADINGS: tuple[Heading, ...] = (
    ("药品", "drug"),
    ("剂型", "form"),
    ("规格", "strength"),
    ("企业", "manufacturer"),
    ("本地价格（元）", "own price (yuan)"),
    ("本地包装", "own pack"),
    ("清单价格（元）", "price of the list (yuan)"),
    ("清单包装", "pack of the list"),
    ("高出（%）", "above (%)"),
    ("按清单折算（元）", "at the list's unit price (yuan)"),
)
_FIELDS = (
    *("drug", "form", "strength", "maker", "price", "units"),
    *("other_price", "other_units", "excess", "linked"),
)


@get(
    [
        "/monitoring/lists/{list_id:int}/compared.csv",
        "/monitoring/lists/{list_id:int}/compared.xlsx",
    ],
    include_in_schema=False,
)
@reads
def list_file(visit: Visit, list_id: RowId) -> Response[bytes]:
    """Give the comparison as a file."""
    found = _list_for(visit, list_id, Action.READ_MONITORING)
    rows = (
        tuple(shown[name] for name in _FIELDS) for shown in map(_shown, _compared(visit, found))
    )
    name = visit.text("价格比较", "compared")
    return sheet_answer(visit, name=name, headings=_HEADINGS, rows=rows)


@post("/monitoring/lists/{list_id:int}/proposals", include_in_schema=False)
@writes
def propose(visit: Visit, list_id: RowId) -> Response[Any]:
    """Propose that the ticked prices be linked."""
    found = _list_for(visit, list_id, Action.RUN_MONITORING)

    def change() -> None:
        propose_linkage(
            visit.session,
            source=found,
            price_ids=_ids(visit.form.all("price_ids")),
            basis=" ".join((visit.form.get("basis", "") or "").split()),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _list_page(visit, found, refusal) if refusal else redirect("/monitoring/linkage")


def _ids(texts: Sequence[str]) -> list[int]:
    return [found for text in texts if (found := typed_id(text)) is not None]


@get("/monitoring/linkage", include_in_schema=False)
@reads
def show_linkage(visit: Visit) -> Response[Any]:
    """List the bureau's proposals, those to be decided first."""
    visit.require(Action.READ_MONITORING, own_monitoring(visit.actor))
    return _linkage_page(visit, None)


def _linkage_page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    proposals = proposals_of(bureau_id=visit.actor.organisation_id)
    page = paginate(visit.session, proposals, number=page_number(visit))
    return render(
        visit,
        "monitoring/linkage.html",
        status=200 if refusal is None else status_of(refusal),
        page=page,
        may_decide={
            row[0].id: visit.may(Action.CONFIRM_MONITORING, proposal_subject(row[0]))
            for row in page.rows
        },
        refusal=refusal,
        **words(visit),
    )


@post("/monitoring/linkage/{proposal_id:int}", include_in_schema=False)
@writes
def decide_proposal(visit: Visit, proposal_id: RowId) -> Response[Any]:
    """Confirm or reject a proposal of another officer; no price changes."""
    visit.require_ever(Action.CONFIRM_MONITORING)
    proposal = find_proposal(visit.session, proposal_id=proposal_id)
    visit.require(Action.CONFIRM_MONITORING, proposal_subject(proposal))
    decided = (ProposalStatus.CONFIRMED.value, ProposalStatus.REJECTED.value)

    def change() -> None:
        reader = GoodsReader(visit.form)
        status = ProposalStatus(
            chosen(visit.form, "status", decided, ProposalStatus.REJECTED.value)
        )
        decide_linkage(
            visit.session,
            proposal_id=proposal_id,
            status=status,
            reason=reader.text("reason"),
            version=reader.version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    return _linkage_page(visit, refusal) if refusal else redirect("/monitoring/linkage")


ROUTES = (
    show_lists,
    upload_list,
    list_template,
    show_list,
    list_file,
    propose,
    show_linkage,
    decide_proposal,
)
"""Handlers of these pages."""
