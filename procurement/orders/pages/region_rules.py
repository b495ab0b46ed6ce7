"""The rules of fulfilment in a region: stated, left open, given by the bureau; and exemptions."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post

from procurement.accounts.divisions import division_name
from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError, RefusedError
from procurement.orders.fulfilment.exemptions import (
    Exempted,
    exemptions_of,
    grant_exemption,
    revoke_exemption,
)
from procurement.orders.fulfilment.naming import names_of
from procurement.orders.fulfilment.parameters import (
    GIVABLE,
    ParameterGiven,
    give_parameter,
    parameters_of,
    rules_of,
)
from procurement.orders.fulfilment.rules.region_rules import FoundRule
from procurement.orders.fulfilment.scope import By
from procurement.orders.fulfilment.states import EXEMPT_NAMES, ExemptReason
from procurement.orders.fulfilment.tables import FulfilmentExemption
from procurement.orders.pages.parties import organisation_names
from procurement.orders.pages.scopes import term_asked
from procurement.orders.pages.typed import GoodsReader
from procurement.orders.pages.words import named
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.at_edge import attempt, faults_of, status_of, whole_of
from procurement.rounds.rulebook_words import Voice, halves, in_words
from procurement.rounds.sheet import lots_of
from procurement.web import RowId, Visit, reads, redirect, render, writes
from rulebooks.vocabulary.fulfilment import FULFILMENT_TERMS


@get("/fulfilment/rules", include_in_schema=False)
@reads
def show_rules(visit: Visit) -> Response[Any]:
    """Show the rules of the visitor's region, and what is treated apart."""
    _require(visit)
    return _page(visit, None)


def _require(visit: Visit) -> None:
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(visit.actor.region,)))


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    session, region = visit.session, visit.actor.region
    rules = rules_of(session, region=region, day=day_in_china(visit.moment))
    exemptions = exemptions_of(session, region=region)
    return render(
        visit,
        "orders/fulfilment/rules.html",
        status=200 if refusal is None else status_of(refusal),
        region=region,
        found=[
            (rule, _name(visit, rule.key), _value(visit, rule), visit.text(*halves(rule.source)))
            for rule in rules.all_found()
        ],
        open_rules=[(key, _name(visit, key)) for key in rules.open_keys()],
        givable=[(key, _name(visit, key)) for key in GIVABLE],
        given=[(one, _name(visit, one.key)) for one in parameters_of(session, region=region)],
        exemptions=exemptions,
        products=_products(visit, exemptions),
        hospitals=organisation_names(visit, (one.hospital_id for one in exemptions)),
        lots=_lots(visit),
        reasons=list(named(visit, EXEMPT_NAMES).items()),
        reason_names=named(visit, EXEMPT_NAMES),
        region_name=lambda code: visit.text(*division_name(code)),
        values=visit.form or {"region": region},
        form_of=visit.form.get("form", ""),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


def _name(visit: Visit, key: str) -> str:
    term = FULFILMENT_TERMS[key]
    return visit.text(term.zh, term.en)


def _value(visit: Visit, rule: FoundRule) -> str:
    """What a rule says, in words."""
    lines = in_words(rule.key, FULFILMENT_TERMS[rule.key], rule.value, Voice(visit.language))
    return visit.text("；", "; ").join(lines)


def _products(visit: Visit, rows: Sequence[FulfilmentExemption]) -> dict[int, str]:
    found = names_of(visit.session, by=By.PRODUCT, keys={one.lot_id for one in rows})
    return {int(key): visit.text(*pair) for key, pair in found.items()}


def _lots(visit: Visit) -> list[tuple[int, str]]:
    """Products of the newest cycle, by id and name."""
    found = term_asked(visit)
    if found is None:
        return []
    lots = lots_of(visit.session, round_id=found[0].id)
    return [(one.id, f"{one.code} {one.product}") for one in lots]


def _answered(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    return redirect("/fulfilment/rules") if refusal is None else _page(visit, refusal)


@post("/fulfilment/rules/given", include_in_schema=False)
@writes
def give(visit: Visit) -> Response[Any]:
    """Decide what texts leave open."""
    _require(visit)
    reader = GoodsReader(visit.form)
    starts_on = reader.day("in_force_from", needed=True)

    def change() -> None:
        if starts_on is None:
            raise InvalidInputError(reader.faults)
        give_parameter(
            visit.session,
            given=ParameterGiven(
                region=visit.actor.region,
                key=visit.form.get("key", ""),
                value=visit.form.get("value", ""),
                basis=visit.form.get("basis", ""),
                in_force_from=starts_on,
            ),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _answered(visit, attempt(visit, change))


@post("/fulfilment/rules/exemptions", include_in_schema=False)
@writes
def exempt(visit: Visit) -> Response[Any]:
    """Treat a product apart for a while."""
    _require(visit)
    reader = GoodsReader(visit.form)
    starts_on, ends_on = reader.day("starts_on", needed=True), reader.day("ends_on", needed=True)
    reason = visit.form.get("reason", "")
    if reason not in set(ExemptReason):
        reader.fault("reason", "请选择情形。", "Choose the circumstances.")

    def change() -> None:
        if reader.faults or starts_on is None or ends_on is None:
            raise InvalidInputError(reader.faults)
        grant_exemption(
            visit.session,
            exempted=Exempted(
                lot_id=typed_id(visit.form.get("lot_id", "")),
                region=visit.actor.region,
                reason=ExemptReason(reason),
                text=visit.form.get("text", ""),
                document=visit.form.get("document", ""),
                starts_on=starts_on,
                ends_on=ends_on,
            ),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _answered(visit, attempt(visit, change))


@post("/fulfilment/rules/exemptions/{exemption_id:int}/revoke", include_in_schema=False)
@writes
def revoke(visit: Visit, exemption_id: RowId) -> Response[Any]:
    """End an exemption at once."""
    visit.require_ever(Action.WARN_FULFILMENT)
    row = visit.session.get(FulfilmentExemption, exemption_id)
    if row is None:
        raise NotFoundForActorError
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(row.region,)))
    revoke_exemption(visit.session, exemption=row, actor=visit.actor, moment=visit.moment)
    return redirect("/fulfilment/rules")


ROUTES = (show_rules, give, exempt, revoke)
"""Handlers of these pages."""
