"""The page of one agreement: what it says, who signed, and what can be done."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.agreements.at_edge import (
    AgreementVisit,
    agreement_for,
    content_for,
    file_answer,
    own_view,
    typed_id,
)
from procurement.agreements.distributors import (
    choose_distributor,
    choose_only_distributors,
    confirmed_for,
)
from procurement.agreements.pages.words import words
from procurement.agreements.printed import print_agreement
from procurement.agreements.receiving import neighbours
from procurement.agreements.signing import signings_of
from procurement.agreements.states import AgreementStatus, Party
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.web import RowId, Visit, reads, redirect, render, writes

PDF = "application/pdf"


@get("/rounds/{name:str}/agreements/{agreement_id:int}", include_in_schema=False)
@reads
def show_agreement(visit: Visit, name: FromPath[str], agreement_id: RowId) -> Response[Any]:
    """Show an agreement."""
    found = agreement_for(visit, name, agreement_id, Action.READ_AGREEMENT)
    return agreement_page(visit, found, None)


def agreement_page(
    visit: Visit, found: AgreementVisit, refusal: RefusedError | None
) -> Response[Any]:
    """Show the page, also with what was refused."""
    row, status = found.agreement, AgreementStatus(found.agreement.status)
    offered = confirmed_for(visit.session, round_id=found.round.id, agreements=[row])
    may_choose = visit.may(Action.CHOOSE_DISTRIBUTOR, found.subject)
    may_ask = visit.may(Action.REQUEST_CHANGE, found.subject)
    party = own_view(visit, found.round).party
    return render(
        visit,
        "agreements/agreement.html",
        status=200 if refusal is None else status_of(refusal),
        round=found.round,
        term=found.term,
        agreement=row,
        content=content_for(visit, found),
        Party=Party,
        party=party,
        signings=signings_of(visit.session, agreement=row),
        offered=offered[row.id],
        may_choose=may_choose and status in (AgreementStatus.WAITING, AgreementStatus.OPEN),
        may_sign=_may_sign(visit, found, party),
        may_ask=may_ask,
        neighbours=neighbours(visit.session, round_=found.round, agreement=row) if may_ask else (),
        values=visit.form,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _may_sign(visit: Visit, found: AgreementVisit, party: Party | None) -> bool:
    row = found.agreement
    own = {
        Party.HOSPITAL: (row.hospital_id, row.hospital_signed, AgreementStatus.OPEN),
        Party.MANUFACTURER: (
            row.organisation_id,
            row.manufacturer_signed,
            AgreementStatus.SIGNING,
        ),
        Party.DISTRIBUTOR: (row.distributor_id, row.distributor_signed, AgreementStatus.SIGNING),
    }
    if party is None:
        return False
    organisation_id, is_signed, status = own[party]
    is_own = organisation_id == visit.actor.organisation_id
    return is_own and not is_signed and row.status == status


@get("/rounds/{name:str}/agreements/{agreement_id:int}/agreement.pdf", include_in_schema=False)
@reads
def agreement_pdf(visit: Visit, name: FromPath[str], agreement_id: RowId) -> Response[bytes]:
    """Give an agreement as PDF."""
    found = agreement_for(visit, name, agreement_id, Action.READ_AGREEMENT)
    content = content_for(visit, found)
    printed = print_agreement(
        content,
        signings_of(visit.session, agreement=found.agreement),
        language=visit.language,
        moment=visit.moment,
    )
    return file_answer(printed, name=f"{content.number}.pdf", media_type=PDF)


@post("/rounds/{name:str}/agreements/{agreement_id:int}/distributor", include_in_schema=False)
@writes
def choose(visit: Visit, name: FromPath[str], agreement_id: RowId) -> Response[Any]:
    """Choose who delivers."""
    found = agreement_for(visit, name, agreement_id, Action.CHOOSE_DISTRIBUTOR)
    text = visit.form.get("distributor_id", "")

    def change() -> None:
        choose_distributor(
            visit.session,
            round_=found.round,
            agreement=found.agreement,
            distributor_id=typed_id(text),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreement_page(visit, found, refusal)
    return redirect(found.address)


@post("/rounds/{name:str}/agreements/{agreement_id:int}/only-distributors", include_in_schema=False)
@writes
def choose_only(visit: Visit, name: FromPath[str], agreement_id: RowId) -> Response[Any]:
    """Choose, for all agreements of this hospital that wait, the distributor if there is one."""
    found = agreement_for(visit, name, agreement_id, Action.CHOOSE_DISTRIBUTOR)

    def change() -> None:
        choose_only_distributors(
            visit.session,
            round_=found.round,
            term=found.term,
            hospital_id=found.agreement.hospital_id,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreement_page(visit, found, refusal)
    return redirect(f"/rounds/{name}/agreements")


ROUTES = (show_agreement, agreement_pdf, choose, choose_only)
"""Handlers of these pages."""
