"""What an agency gives for its pooling area: the documents, what they leave open, the benefit."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Response, get, post

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.pages.patients.words import words
from procurement.pharmacies.patients.area_rules import (
    DOCTOR_AREA,
    GIVEN_KEYS,
    LAST_MOMENT,
    Given,
    NewRules,
    give_rules,
    offered_documents,
)
from procurement.pharmacies.patients.at_edge import today, yuan
from procurement.pharmacies.patients.reading import rules_of_area, terms_of_area
from procurement.pharmacies.patients.subjects import area_subject
from procurement.pharmacies.patients.terms import STATES, NewTerms, give_terms
from procurement.pharmacies.rules.benefit import Fund
from procurement.rounds.at_edge import FormReader, attempt, faults_of, status_of, whole_of
from procurement.web import Visit, reads, redirect, render, writes
from rulebooks.vocabulary import VOCABULARY

TERMS = "/registrations/terms"
RULES = "/registrations/rules"
_PERCENT = Decimal(100)
_UNITS = {"hours": "小时", "working days": "个工作日", "months": "个月", "years": "年"}
_CHOICES = {
    LAST_MOMENT: (
        ("true", "最后一刻仍有效", "it still counts"),
        ("false", "最后一刻不再有效", "it no longer counts"),
    ),
    DOCTOR_AREA: (("same-pooling-area", "限同一统筹区", "in the same pooling area"),),
}
"""What may be chosen where a rule is no number."""


@get(TERMS, include_in_schema=False)
@reads
def show_terms(visit: Visit) -> Response[Any]:
    """Show the benefits that were given, and ask for more."""
    visit.require(Action.SET_BENEFIT_TERMS, area_subject(visit.actor.region))
    return _page(visit, None)


def _page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    return render(
        visit,
        "pharmacies/patients/terms.html",
        status=200 if refusal is None else status_of(refusal),
        terms=terms_of_area(visit.session, region=visit.actor.region),
        states=STATES,
        values=visit.form if visit.form else _defaults(visit),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _defaults(visit: Visit) -> dict[str, str]:
    return {"region": visit.actor.region, "starts_on": today(visit).isoformat()}


@get(RULES, include_in_schema=False)
@reads
def show_rules(visit: Visit) -> Response[Any]:
    """Show by which documents patients are registered, and ask for others."""
    visit.require(Action.SET_BENEFIT_TERMS, area_subject(visit.actor.region))
    return _rules_page(visit, None)


def _rules_page(visit: Visit, refusal: RefusedError | None) -> Response[Any]:
    titles = {book.id: visit.text(book.title.zh, book.title.en) for book in offered_documents()}
    return render(
        visit,
        "pharmacies/patients/rules.html",
        status=200 if refusal is None else status_of(refusal),
        rules=[
            (
                row,
                [titles.get(name, name) for name, _ in json.loads(row.rulebooks)],
                _given(visit, row),
            )
            for row in rules_of_area(visit.session, region=visit.actor.region)
        ],
        documents=list(titles.items()),
        keys=[
            (key, _name(visit, key), _unit(visit, key), _choices(visit, key)) for key in GIVEN_KEYS
        ],
        values=visit.form if visit.form else _defaults(visit),
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _given(visit: Visit, row: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401 - a row of rules
    return [
        (_name(visit, key), _said_value(visit, key, one["text"]), one["basis"])
        for key, one in json.loads(row.parameters).items()
    ]


def _name(visit: Visit, key: str) -> str:
    term = VOCABULARY["dual"][key]
    return visit.text(term.zh, term.en)


def _unit(visit: Visit, key: str) -> str:
    unit = VOCABULARY["dual"][key].unit
    return visit.text(_UNITS.get(unit, unit), unit)


def _choices(visit: Visit, key: str) -> list[tuple[str, str]]:
    return [(value, visit.text(zh, en)) for value, zh, en in _CHOICES.get(key, ())]


def _said_value(visit: Visit, key: str, text: str) -> str:
    chosen = dict(_choices(visit, key)).get(text)
    return chosen or f"{text} {_unit(visit, key)}".strip()


@post(TERMS, include_in_schema=False)
@writes
def post_terms(visit: Visit) -> Response[Any]:
    """Take over a benefit."""
    region = _own_region(visit)
    refusal = attempt(visit, lambda: _give_terms(visit, region))
    return _page(visit, refusal) if refusal else redirect(TERMS)


@post(RULES, include_in_schema=False)
@writes
def post_rules(visit: Visit) -> Response[Any]:
    """Take over rules."""
    region = _own_region(visit)
    refusal = attempt(visit, lambda: _give_rules(visit, region))
    return _rules_page(visit, refusal) if refusal else redirect(RULES)


def _own_region(visit: Visit) -> str:
    """The pooling area that was typed, which must lie in the agency's region."""
    visit.require_ever(Action.SET_BENEFIT_TERMS)
    region = visit.form.get("region", "") or visit.actor.region
    visit.require(Action.SET_BENEFIT_TERMS, area_subject(region))
    return region


def _give_rules(visit: Visit, region: str) -> None:
    reader = FormReader(visit.form)
    starts_on = _day(reader)
    parameters = {
        key: Given(visit.form[key], visit.form.get(f"{key}.basis", ""))
        for key in GIVEN_KEYS
        if visit.form.get(key)
    }
    with reader.checked():
        give_rules(
            visit.session,
            new=NewRules(
                region=region,
                rulebooks=visit.form.all("rulebooks"),
                parameters=parameters,
                starts_on=starts_on,
                document=visit.form.get("document", ""),
            ),
            actor=visit.actor,
            moment=visit.moment,
        )


def _give_terms(visit: Visit, region: str) -> None:
    reader = FormReader(visit.form)
    starts_on = _day(reader)
    fund, state = visit.form.get("fund", ""), visit.form.get("drug_state", "")
    if fund not in set(Fund) or state not in set(DrugState):
        zh, en = "请选择险种和药品类别。", "Choose a fund and a state of drugs."
        raise InvalidInputError([FieldFault("fund", zh, en)])
    cap = visit.form.get("fund_cap", "")
    with reader.checked():
        give_terms(
            visit.session,
            new=NewTerms(
                region=region,
                fund=Fund(fund),
                drug_state=DrugState(state),
                fund_ratio=yuan(visit.form.get("fund_ratio", ""), "fund_ratio") / _PERCENT,
                deductible=yuan(visit.form.get("deductible", ""), "deductible"),
                fund_cap=yuan(cap, "fund_cap") if cap else None,
                starts_on=starts_on,
                document=visit.form.get("document", ""),
            ),
            actor=visit.actor,
            moment=visit.moment,
        )


def _day(reader: FormReader) -> date:
    try:
        return date.fromisoformat(reader.form.get("starts_on", ""))
    except ValueError:
        zh, en = "须为日期，如 2026-03-01。", "Expected a day, such as 2026-03-01."
        raise InvalidInputError([FieldFault("starts_on", zh, en)]) from None


ROUTES = (show_terms, post_terms, show_rules, post_rules)
"""Handlers of these pages."""
