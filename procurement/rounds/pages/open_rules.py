"""Pages: the rules that the rulebook leaves open, to be decided one by one."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from bidding.errors import BadOptionError
from bidding.rules import NO_SUCH_RULE
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    round_for,
    status_of,
    whole_of,
)
from procurement.rounds.open_rules import open_rules_of, option_fault, set_option
from procurement.rounds.options import Openness, OpenRule, option_text, parse_option
from procurement.rounds.rulebook_words import Voice, in_words
from procurement.rounds.rules import Part, may_change
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Visit, reads, redirect, render, writes
from rulebooks import load_rulebook

OPEN, NONE, OWN = "open", "none", "own"
"""Choices of the form besides the rulebooks that know a value, ``as:ID``."""


@get("/rounds/{name:str}/rules", include_in_schema=False)
@reads
def show_rules(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the rules that the round may or must decide."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    rules = open_rules_of(round_)
    return render(
        visit,
        "rounds/rules.html",
        round=round_,
        rulebook=load_rulebook(round_.rulebook),
        must=[_shown(visit, rule) for rule in rules if rule.openness is Openness.UNKNOWN],
        may=[_shown(visit, rule) for rule in rules if rule.openness is not Openness.UNKNOWN],
        is_open=may_change(Part.OPTIONS, RoundStatus(round_.status)),
    )


@get("/rounds/{name:str}/rules/{key:str}", include_in_schema=False)
@reads
def show_rule(visit: Visit, name: FromPath[str], key: FromPath[str]) -> Response[Any]:
    """Ask for one rule."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    rule = _rule(round_, key)
    return _page(visit, round_, rule, {"choice": _choice(rule), "value": _typed(rule)}, None)


@post("/rounds/{name:str}/rules/{key:str}", include_in_schema=False)
@writes
def save_rule(visit: Visit, name: FromPath[str], key: FromPath[str]) -> Response[Any]:
    """Decide one rule, or leave it open again."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    rule = _rule(round_, key)
    reader = FormReader(visit.form)

    def change() -> None:
        set_option(
            visit.session,
            round_=round_,
            key=key,
            raw=_raw(round_, rule, reader),
            version=reader.version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, rule, visit.form, refusal)
    return redirect(f"/rounds/{name}/rules")


def _rule(round_: Round, key: str) -> OpenRule:
    for rule in open_rules_of(round_):
        if rule.key == key:
            return rule
    raise NotFoundForActorError


def _raw(round_: Round, rule: OpenRule, reader: FormReader) -> object | None:
    """What was chosen, as a raw value; None leaves the rule open."""
    choice = reader.text("choice")
    if choice == OPEN:
        return None
    if choice == NONE:
        return NO_SUCH_RULE
    source = choice.removeprefix("as:")
    if source != choice and source in rule.elsewhere:
        return {"as_in": source}
    typed = reader.form.get("value", "")
    if choice != OWN or not typed:
        field = "value" if choice == OWN else "choice"
        zh, en = (
            "请选择一项；自行规定的，请填写取值。",
            "Choose one; give the value if it is an own one.",
        )
        raise InvalidInputError([FieldFault(field, zh, en)])
    try:
        return parse_option(load_rulebook(round_.rulebook), rule.key, typed)
    except BadOptionError as refusal:
        raise InvalidInputError([option_fault(refusal)]) from refusal


def _choice(rule: OpenRule) -> str:
    if not rule.is_given:
        return OPEN
    if rule.given == NO_SUCH_RULE:
        return NONE
    if isinstance(rule.given, Mapping) and set(rule.given) == {"as_in"}:
        return f"as:{rule.given['as_in']}"
    return OWN


def _typed(rule: OpenRule) -> str:
    return option_text(rule.given) if _choice(rule) == OWN else ""


def _in_words(visit: Visit, rule: OpenRule, value: object) -> str:
    return "\n".join(in_words(rule.key, rule.term, value, Voice(visit.language)))


def _shown(visit: Visit, rule: OpenRule) -> dict[str, object]:
    """A rule as the pages show it."""
    choice = _choice(rule)
    return {
        "key": rule.key,
        "title": visit.text(rule.term.zh, rule.term.en),
        "what": visit.text(rule.what.zh, rule.what.en) if rule.what else "",
        "openness": rule.openness,
        "is_missing": rule.is_missing,
        "is_given": rule.is_given,
        "choice": choice,
        "stated": "" if rule.stated is None else _in_words(visit, rule, rule.stated),
        "given": _given_words(visit, rule, choice),
    }


def _given_words(visit: Visit, rule: OpenRule, choice: str) -> str:
    if choice == OPEN:
        return ""
    if choice == NONE:
        return visit.text("没有这条规则", "no such rule")
    if choice == OWN:
        return option_text(rule.given)
    source = choice.removeprefix("as:")
    value = load_rulebook(source).rules[rule.key].value
    return visit.text(f"同 {source}：", f"as in {source}: ") + _in_words(visit, rule, value)


def _page(
    visit: Visit,
    round_: Round,
    rule: OpenRule,
    values: Mapping[str, str],
    refusal: RefusedError | None,
) -> Response[Any]:
    choices = [
        (OPEN, visit.text("暂不决定", "leave it open")),
        (NONE, visit.text("本批次没有这条规则", "this round has no such rule")),
    ]
    for source in rule.elsewhere:
        rulebook = load_rulebook(source)
        title = visit.text(rulebook.title.zh, rulebook.title.en)
        words = _in_words(visit, rule, rulebook.rules[rule.key].value)
        choices.append(
            (f"as:{source}", visit.text(f"同《{title}》：{words}", f"as “{title}”: {words}"))
        )
    choices.append((OWN, visit.text("自行规定", "an own value")))
    assumed = load_rulebook(round_.rulebook).unknown.get(rule.key)
    return render(
        visit,
        "rounds/rule.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        rule=_shown(visit, rule),
        unit=rule.term.unit,
        choices=choices,
        assumed=""
        if assumed is None or assumed.assumed_in_lab is None
        else _in_words(visit, rule, assumed.assumed_in_lab),
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
    )


ROUTES = (show_rules, show_rule, save_rule)
"""Handlers of these pages."""
