"""Factors of a settlement: by a form, or by a file."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.organisations.service import organisations_by_id
from procurement.agreements.at_edge import file_answer, typed_id
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.savings.at_edge import settlement_for
from procurement.savings.pages.parameter_form import exact_words
from procurement.savings.pages.visiting import (
    done_or_shown,
    may,
    shown,
)
from procurement.savings.settlements.factor_files import factor_template, give_factors_from_csv
from procurement.savings.settlements.factor_values import FACTORS
from procurement.savings.settlements.factors import (
    CHANGEABLE,
    factors_of,
    give_factors,
    missing_factors,
)
from procurement.savings.settlements.lines import agreed_of, supplies_of
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.settlements.terms import terms_of
from procurement.savings.tables import SavingsSettlement
from procurement.web import Visit, reads, writes

CSV = "text/csv; charset=utf-8"
FILE_BYTES_MAX = 50 * 2**20
SHOWN_MAX, ROWS_MAX = 20, 500


@get("/savings/{name:str}/factors", include_in_schema=False)
@reads
def show_factors(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show the factors that are given, and those that are missing."""
    return _page(visit, settlement_for(visit, name, Action.READ_SETTLEMENT), None)


@post("/savings/{name:str}/factors", include_in_schema=False)
@writes
def give(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Give factors by the form."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    form = visit.form

    def change() -> None:
        give_factors(
            visit.session,
            settlement=settlement,
            place=(
                typed_id(form.get("hospital", "")),
                typed_id(form.get("batch", "")),
                typed_id(form.get("strength", "")),
            ),
            texts={factor: form.get(factor, "") for factor in FACTORS},
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}/factors",
        lambda refusal: _page(visit, settlement, refusal),
    )


@post("/savings/{name:str}/factors/file", include_in_schema=False)
@writes
def give_file(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Take the factors of a file over."""
    settlement = settlement_for(visit, name, Action.DRAFT_SETTLEMENT)
    upload = visit.form.files.get("file")

    def change() -> None:
        if upload is None:
            raise InvalidInputError([FieldFault("file", "请选择文件。", "Choose a file.")])
        give_factors_from_csv(
            visit.session,
            settlement=settlement,
            content=upload.file.read(FILE_BYTES_MAX),
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit,
        change,
        f"/savings/{name}/factors",
        lambda refusal: _page(visit, settlement, refusal),
    )


@get("/savings/{name:str}/factors/template.csv", include_in_schema=False)
@reads
def template(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Give a file to be filled in."""
    settlement = settlement_for(visit, name, Action.READ_SETTLEMENT)
    content = factor_template(visit.session, settlement=settlement)
    return file_answer(content, name=f"{name}-factors.csv", media_type=CSV)


def _page(
    visit: Visit, settlement: SavingsSettlement, refusal: RefusedError | None
) -> Response[Any]:
    session = visit.session
    terms = {one.term_id: one.batch for one in terms_of(session, settlement=settlement)}
    supplies = supplies_of(session, term_ids=list(terms))
    strengths = {
        one.strength_id: f"{one.lot} {one.product} {one.strength}" for one in supplies.values()
    }
    hospitals = _hospitals(visit, settlement)
    missing = missing_factors(session, settlement=settlement)
    rows = factors_of(session, settlement=settlement)[:ROWS_MAX]
    return shown(
        visit,
        "factors.html",
        refusal,
        settlement=settlement,
        rows=[
            {
                "row": row,
                "hospital": hospitals.get(row.hospital_id, ""),
                "batch": terms.get(row.term_id, ""),
                "strength": strengths.get(row.strength_id, ""),
            }
            for row in rows
        ],
        missing=[
            {
                "hospital": hospitals.get(one.hospital_id, ""),
                "product": f"{terms[one.supply.term_id]} · {strengths[one.supply.strength_id]}",
                "factor": visit.text(*FACTORS[one.factor]),
                "is_ambiguous": one.is_ambiguous,
            }
            for one in missing[:SHOWN_MAX]
        ],
        missing_total=len(missing),
        may_change=settlement.status in CHANGEABLE
        and may(visit, Action.DRAFT_SETTLEMENT, settlement),
        hospitals=sorted(hospitals.items(), key=lambda one: one[1]),
        batches=sorted(terms.items()),
        strengths=sorted(strengths.items(), key=lambda one: one[1]),
        labels={name: visit.text(*both) for name, both in FACTORS.items()},
        share_hint=_share_hint(visit, settlement),
        exact=exact_words,
    )


def _hospitals(visit: Visit, settlement: SavingsSettlement) -> dict[int, str]:
    ids = {one.hospital_id for one in agreed_of(visit.session, settlement=settlement)}
    found = organisations_by_id(visit.session, organisation_ids=list(ids))
    return {one: organisation.name for one, organisation in found.items()}


def _share_hint(visit: Visit, settlement: SavingsSettlement) -> str:
    if rules_of(settlement).scheme.formula.insured_share == "person-time-share":
        return visit.text("按人次计的占比，0 到 1 的小数。", "Share of person-times, from 0 to 1.")
    return visit.text("按使用量计的占比，0 到 1 的小数。", "Share of the use, from 0 to 1.")


ROUTES = (show_factors, give, give_file, template)
"""Handlers of these pages."""
