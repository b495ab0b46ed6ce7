"""Rules that texts leave open, as bureaus decide them for their regions; and all rules together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.fulfilment.rules.region_rules import (
    DRUGS,
    GivenRule,
    RegionRules,
    contains,
    verified_in,
)
from procurement.orders.fulfilment.tables import DOCUMENT_MAX, FulfilmentParameter
from procurement.permissions import Actor
from rulebooks import BadRulebookError
from rulebooks.loader import read_value
from rulebooks.vocabulary.fulfilment import FULFILMENT_TERMS

SCOPES = ("scope.region", "scope.covers")
"""Say where a rulebook holds; they are not to be given."""

GIVABLE = tuple(key for key in FULFILMENT_TERMS if key not in SCOPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterGiven:
    """A rule that somebody decides for a region.

    Attributes:
        region: Division code.
        key: Of the vocabulary.
        value: As typed: JSON, or a word or decimal as it is.
        basis: The document or decision that says so.
        in_force_from: The first day.
    """

    region: str
    key: str
    value: str
    basis: str
    in_force_from: date


def rules_of(session: Session, *, region: str, day: date, covers: str = DRUGS) -> RegionRules:
    """Return the rules of a region on a day: of the rulebooks, and as bureaus gave them.

    Args:
        session: Any session.
        region: Division code of the hospital.
        day: The day in China.
        covers: Kind of product: ``drugs``, ``consumables``, ``tcm``.
    """
    return RegionRules(region, day, covers=covers, given=given_rules(session, region=region))


def given_rules(session: Session, *, region: str) -> Sequence[GivenRule]:
    """Return what was given for a region and those around it, in the order of recording."""
    rows = session.scalars(select(FulfilmentParameter).order_by(FulfilmentParameter.id))
    return [_given(row) for row in rows if contains(row.region, region)]


def parameters_of(session: Session, *, region: str) -> Sequence[FulfilmentParameter]:
    """Return what was given for a region, those around it and those within, the newest first."""
    rows = session.scalars(select(FulfilmentParameter).order_by(FulfilmentParameter.id.desc()))
    return [row for row in rows if contains(row.region, region) or contains(region, row.region)]


def give_parameter(
    session: Session, *, given: ParameterGiven, actor: Actor, moment: datetime
) -> FulfilmentParameter:
    """Decide for a region what texts leave open; the caller has asked whether the actor may.

    Args:
        session: Session of the caller's transaction.
        given: What is decided.
        actor: The officer.
        moment: When.

    Raises:
        InvalidInputError: With every fault; among them a rule that a document states for this
            region, surely.
    """
    raw, faults = _faults_of(given)
    if faults:
        raise InvalidInputError(faults)
    row = FulfilmentParameter(
        region=given.region,
        key=given.key,
        value=json.dumps(raw, ensure_ascii=False, sort_keys=True),
        basis=given.basis.strip(),
        in_force_from=given.in_force_from,
        given_by=actor.person_id,
        given_at=moment,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="give-fulfilment-parameter",
        subject=f"fulfilment-parameter/{row.id}",
        facts={"region": row.region, "key": row.key, "value": row.value, "basis": row.basis},
        moment=moment,
    )
    return row


def _faults_of(given: ParameterGiven) -> tuple[object, list[FieldFault]]:
    """What the value means, and every fault."""
    faults = []
    if not is_division(given.region):
        faults.append(FieldFault("region", "应为行政区划代码。", "Expected a division code."))
    raw, wrong = _read(given.key, given.value)
    faults += wrong
    basis = given.basis.strip()
    if not basis or len(basis) > DOCUMENT_MAX:
        zh = f"请写明依据的文件或决定，最多 {DOCUMENT_MAX} 个字。"
        en = f"Name the document or decision, in at most {DOCUMENT_MAX} characters."
        faults.append(FieldFault("basis", zh, en))
    stated = verified_in(given.region, given.key)
    if stated is not None:
        zh = f"规则书 {stated.id} 已载明该规则，不能另定。"
        faults.append(FieldFault("key", zh, f"Rulebook {stated.id} states this rule already."))
    return raw, faults


def _read(key: str, typed: str) -> tuple[object, list[FieldFault]]:
    """What was typed, as JSON keeps it: the first reading that the vocabulary takes.

    Decimals are texts in rulebooks, so that they stay exact, and counts are numbers: "25" may be
    either.
    """
    if key not in GIVABLE:
        return None, [FieldFault("key", "没有这一规则。", "There is no such rule.")]
    cause = ""
    for raw in _readings(typed.strip()):
        try:
            read_value("parameter", key, raw, FULFILMENT_TERMS)
        except BadRulebookError as fault:
            cause = fault.cause
        else:
            return raw, []
    zh, en = f"取值不合规定：{cause}", f"Not a value of this rule: {cause}"
    return None, [FieldFault("value", zh, en)]


def _readings(typed: str) -> list[object]:
    try:
        return [json.loads(typed), typed]
    except (ValueError, RecursionError):
        return [typed]


def _given(row: FulfilmentParameter) -> GivenRule:
    value = read_value("parameter", row.key, json.loads(row.value), FULFILMENT_TERMS)
    return GivenRule(row.region, row.key, value, row.in_force_from, row.basis)
