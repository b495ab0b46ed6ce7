"""Signing on line: the list that is signed, with or without an electronic seal on it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.certificates.seals import SEAL_BYTES_MAX
from procurement.agreements.at_edge import (
    file_answer,
    public_round,
    require_term,
    seal_of,
    typed_id,
    wanted_for,
)
from procurement.agreements.pages.hub import agreements_page
from procurement.agreements.signing import Wanted, sign_agreements, signable, signing_list
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt
from procurement.rounds.tables import Round
from procurement.web import Visit, reads, redirect, writes

TEXT = "text/plain; charset=utf-8"
IDS_MAX = 1000


def _wanted(visit: Visit, round_: Round, fields: Any) -> Wanted:  # noqa: ANN401 - form or query
    ticked = visit.form.all("agreement")
    return wanted_for(
        visit,
        round_,
        party=fields.get("party") or "",
        organisation_id=typed_id(fields.get("organisation_id") or "") or None,
        # A number that is none stands for an agreement that does not exist: nothing is signed.
        agreement_ids=tuple(map(typed_id, ticked[:IDS_MAX])) or None,
    )


@get("/rounds/{name:str}/agreements/list.txt", include_in_schema=False)
@reads
def list_to_sign(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give the list of numbers and digests that a signature is for, to be sealed."""
    round_ = public_round(visit, name, Action.SIGN_AGREEMENT)
    term = require_term(visit, round_)
    wanted = _wanted(visit, round_, visit.query)
    found = signable(visit.session, term=term, wanted=wanted)
    text = signing_list(visit.session, round_=round_, term=term, agreements=found)
    return file_answer(text.encode(), name=f"{name}-{term.number}.txt", media_type=TEXT)


@post("/rounds/{name:str}/agreements/sign", include_in_schema=False)
@writes
def sign(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Sign all agreements that wait for the visitor's organisation, or those that are ticked."""
    round_ = public_round(visit, name, Action.SIGN_AGREEMENT)
    wanted = _wanted(visit, round_, visit.form)
    upload = visit.form.files.get("seal")
    seal = None if upload is None else upload.file.read(SEAL_BYTES_MAX + 1)

    def change() -> None:
        sign_agreements(
            visit.session,
            round_=round_,
            term=require_term(visit, round_),
            wanted=wanted,
            actor=visit.actor,
            moment=visit.moment,
            seal=seal_of(visit, seal),
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return agreements_page(visit, round_, refusal)
    return redirect(f"/rounds/{name}/agreements")


ROUTES = (list_to_sign, sign)
"""Handlers of these pages."""
