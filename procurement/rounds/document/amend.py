"""Numbered amendments of a published document: previewed, then issued."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.errors import BadOptionError
from procurement.china_days import day_in_china
from procurement.database import MONEY_MAX, text_digest
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, Actor
from procurement.rounds.document.acknowledge import remind_to_acknowledge
from procurement.rounds.document.amended import RulesInForce, amend_rules, merged_changes
from procurement.rounds.document.amendment import Amendment, Strength, write_amendment
from procurement.rounds.document.as_json import read_json, write_json
from procurement.rounds.document.changes import Change, changes_between
from procurement.rounds.document.clause import Document
from procurement.rounds.document.content import write_document
from procurement.rounds.document.effect import RoundEffect, effect_of
from procurement.rounds.document.effect_json import write_effects
from procurement.rounds.document.errors import (
    AmendmentTooLateError,
    NothingChangedError,
    NotPublishedError,
    OpenClausesError,
)
from procurement.rounds.document.facts import plan_of
from procurement.rounds.document.figures import day
from procurement.rounds.document.files import store_files
from procurement.rounds.document.notice import whole_kind, write_notice
from procurement.rounds.document.past_rounds import past_fields
from procurement.rounds.document.plan import PlannedLot, PlannedStrength, RoundPlan
from procurement.rounds.document.rulebook_text import frozen_rulebook
from procurement.rounds.document.tables import REASON_LENGTH_MAX, DocumentKind, RoundDocument
from procurement.rounds.document.versions import IN_FORCE, last_number, newest_version, rules_of
from procurement.rounds.options import read_options, write_options
from procurement.rounds.outages import amend_timetable
from procurement.rounds.probe import find_gap
from procurement.rounds.progress import lock_round, record_change
from procurement.rounds.publication import freeze_facts
from procurement.rounds.rules import (
    DATE_NAMES,
    Timetable,
    check_two_officers,
    timetable_faults,
)
from procurement.rounds.scheduling import timetable_of
from procurement.rounds.sheet import lots_of, sheet_of
from procurement.rounds.tables import (
    Lot,
    LotStrength,
    Round,
    RoundStatus,
)

OPEN_TO_AMENDMENT = (RoundStatus.PUBLISHED, RoundStatus.BIDDING)
PRICE_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class AmendmentPreview:
    """What an amendment would issue.

    Attributes:
        base: The version that it changes.
        number: It would have.
        document: The whole document as amended.
        notice: What is issued: the clauses changed.
        changes: Clause by clause.
        effects: What the changed rules do to past rounds; empty where no rule changes.
        rules: The rules that would be in force.
        amended: JSON of all changes of rules so far.
    """

    base: RoundDocument
    number: int
    document: Document
    notice: Document
    changes: tuple[Change, ...]
    effects: tuple[RoundEffect, ...]
    rules: RulesInForce
    amended: str


def preview_amendment(
    session: Session, *, round_: Round, amendment: Amendment, moment: datetime
) -> AmendmentPreview:
    """Work out what an amendment would issue, storing nothing.

    Whatever else has changed in the round's tables since the last version (a lot withdrawn, a
    closing moved by the outage rule) is part of it.

    Args:
        session: Any session.
        round_: A published round.
        amendment: What is to change.
        moment: When, by the database's clock.

    Raises:
        NotPublishedError: There is only a draft.
        AmendmentTooLateError: Bidding has closed.
        InvalidInputError: With every fault of the amendment.
        OpenClausesError: Something in the amended document would not be known.
        NothingChangedError: No clause would change.
    """
    base = newest_version(session, round_=round_)
    if base is None or base.kind not in IN_FORCE:
        raise NotPublishedError
    closes = round_.closes_at
    if round_.status not in OPEN_TO_AMENDMENT or (closes is not None and moment >= closes):
        raise AmendmentTooLateError
    plan = plan_of(session, round_)
    faults = [*_faults(round_, plan, amendment, moment=moment)]
    if faults:
        raise InvalidInputError(faults)
    merged = merged_changes(read_options(base.amended), amendment.rules)
    rules = _amended_rules(session, round_, base, merged)
    number = last_number(session, round_=round_, kind=DocumentKind.AMENDMENT) + 1
    document = write_document(
        replace(_changed_plan(plan, amendment), options=rules.options),
        rules.rulebook,
        kind=whole_kind(number),
        dated=day(day_in_china(moment)),
    )
    if document.open_clauses:
        raise OpenClausesError(document.open_clauses)
    changes = changes_between(read_json(base.content), document)
    if not changes:
        raise NothingChangedError
    notice = write_notice(document, changes, number=number, reason=amendment.reason.strip())
    effects: tuple[RoundEffect, ...] = ()
    if amendment.rules:
        effects = effect_of(rules_of(round_, base), rules, past_fields(session))
    return AmendmentPreview(
        base, number, document, notice, changes, effects, rules, write_options(merged)
    )


def _faults(
    round_: Round, plan: RoundPlan, amendment: Amendment, *, moment: datetime
) -> Iterator[FieldFault]:
    reason = amendment.reason.strip()
    if not reason:
        yield FieldFault(
            "reason", "请说明修改理由，理由将公布。", "Give the reason; it is published."
        )
    if len(reason) > REASON_LENGTH_MAX:
        most = REASON_LENGTH_MAX
        yield FieldFault("reason", f"最多 {most} 字。", f"At most {most} characters.")
    for name in amendment.dates:
        if name not in DATE_NAMES:
            yield FieldFault(name, "没有这一时间。", "No such date.")
    present = timetable_of(round_)
    yield from timetable_faults(_moved(present, amendment), moment=moment, unchanged=present)
    known = {(lot.code, one.label) for lot in plan.lots for one in lot.strengths}
    for key, price in amendment.prices.items():
        yield from _price_faults(key, price, key in known)


def _price_faults(key: Strength, price: Decimal, is_known: bool) -> Iterator[FieldFault]:
    field = f"{key[0]} {key[1]}"
    if not is_known:
        yield FieldFault(field, "没有这一品种规格。", "No such lot and strength.")
    exponent = price.as_tuple().exponent
    fits = isinstance(exponent, int) and exponent >= -PRICE_DECIMALS and 0 < price < MONEY_MAX
    if not fits:
        yield FieldFault(
            field,
            f"须为大于 0、至多 {PRICE_DECIMALS} 位小数的金额（元）。",
            f"Expected an amount in yuan above 0 with at most {PRICE_DECIMALS} decimals.",
        )


def _moved(present: Timetable, amendment: Amendment) -> Timetable:
    dates = {name: getattr(present, name) for name in DATE_NAMES}
    moved = {name: at for name, at in amendment.dates.items() if name in dates}
    return Timetable(**{**dates, **moved})


def _amended_rules(
    session: Session, round_: Round, base: RoundDocument, merged: dict[str, object]
) -> RulesInForce:
    """The rules that would be in force, if an evaluation can go by them."""
    rulebook = frozen_rulebook(round_.rulebook, base.rulebook_text)
    try:
        rules = amend_rules(rulebook, read_options(base.options), merged)
    except BadOptionError as refusal:
        zh = f"{refusal.key} 的值不符合该规则的要求：{refusal}"
        fault = FieldFault(f"rule-{refusal.key}", zh, str(refusal))
        raise InvalidInputError([fault]) from refusal
    sheet = replace(sheet_of(session, round_=round_), options=rules.options)
    lots = lots_of(session, round_id=round_.id, standing=True)
    by_brand = frozenset(lot.code for lot in lots if lot.by_brand)
    gap = find_gap(sheet, rules.rulebook, by_brand=by_brand)
    if gap is not None:
        fault = FieldFault(
            f"rule-{gap.key}",
            f"按修改后的规则不能完成评审：{gap.said.zh}",
            f"An evaluation by the amended rules would stop: {gap.said.en}",
        )
        raise InvalidInputError([fault])
    return rules


def _changed_plan(plan: RoundPlan, amendment: Amendment) -> RoundPlan:
    lots = tuple(_changed_lot(lot, plan, amendment) for lot in plan.lots)
    return replace(plan, lots=lots, timetable=_moved(plan.timetable, amendment))


def _changed_lot(lot: PlannedLot, plan: RoundPlan, amendment: Amendment) -> PlannedLot:
    strengths = tuple(
        _priced(one, amendment.prices[lot.code, one.label], is_inquiry=plan.is_inquiry)
        if (lot.code, one.label) in amendment.prices
        else one
        for one in lot.strengths
    )
    return replace(lot, strengths=strengths)


def _priced(strength: PlannedStrength, price: Decimal, *, is_inquiry: bool) -> PlannedStrength:
    if is_inquiry:
        return replace(strength, benchmark_price=price)
    return replace(strength, price_ceiling=price)


def amend(
    session: Session,
    *,
    round_: Round,
    amendment: Amendment,
    actor: Actor,
    second_person_id: int | None,
    moment: datetime,
) -> RoundDocument:
    """Issue an amendment: change rules, dates and prices, and put the new version on record.

    Args:
        session: Session of the caller's transaction.
        round_: A published round whose bidding has not closed.
        amendment: What is to change.
        actor: The officer who confirms.
        second_person_id: The officer who had proposed it.
        moment: When, by the database's clock.

    Returns:
        The amended version. Everybody who acknowledged an earlier one is told.

    Raises:
        FourEyesError: The officers are not two different ones.
        RefusedError: As `preview_amendment`.
    """
    check_two_officers(actor.person_id, second_person_id)
    lock_round(session, round_=round_)
    preview = preview_amendment(session, round_=round_, amendment=amendment, moment=moment)
    _move_dates(session, round_, amendment, (actor.person_id, second_person_id), moment)
    _apply(session, round_, amendment, preview.rules)
    content = write_json(preview.document)
    version = RoundDocument(
        round_id=round_.id,
        kind=DocumentKind.AMENDMENT,
        number=preview.number,
        content=content,
        content_digest=text_digest(content),
        notice=write_json(preview.notice),
        rulebook_text=preview.base.rulebook_text,
        rulebook_digest=preview.base.rulebook_digest,
        options=write_options(preview.rules.options),
        amended=preview.amended,
        reason=amendment.reason.strip(),
        effect=write_effects(preview.effects),
        made_by=actor.person_id,
        made_at=moment,
    )
    session.add(version)
    session.flush()
    store_files(session, version=version, document=preview.notice)
    remind_to_acknowledge(session, round_=round_, moment=moment)
    facts = {
        "amendment": str(preview.number),
        "document": version.content_digest,
        "proposed": text_digest(write_amendment(amendment)),
    }
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.AMEND_DOCUMENT,
        facts=facts,
        moment=moment,
    )
    return version


def _move_dates(
    session: Session,
    round_: Round,
    amendment: Amendment,
    people: tuple[int | None, int | None],
    moment: datetime,
) -> None:
    present = timetable_of(round_)
    moved = _moved(present, amendment)
    if moved != present:
        amend_timetable(
            session,
            round_=round_,
            timetable=moved,
            person_id=people[0],
            second_person_id=people[1],
            moment=moment,
        )


def _apply(session: Session, round_: Round, amendment: Amendment, rules: RulesInForce) -> None:
    """Bring the round's tables in line with the amended document."""
    for (code, label), price in amendment.prices.items():
        strength = _strength(session, round_, code, label)
        if round_.is_inquiry:
            strength.benchmark_price = price
        else:
            strength.price_ceiling = price
    # An option for a rule that is amended would contradict it.
    round_.options = write_options(rules.options)
    round_.version += 1
    session.flush()
    freeze_facts(session, round_=round_)


def _strength(session: Session, round_: Round, code: str, label: str) -> LotStrength:
    wanted = (
        select(LotStrength)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(Lot.round_id == round_.id, Lot.code == code, LotStrength.strength == label)
    )
    return session.scalars(wanted).one()
