"""Decisions about the shortage list: onto it, another light, off it; each with its reason."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement import audit
from procurement.catalogue.tables import GenericProduct
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.monitoring.errors import LightUnknownError, ListedAlreadyError, NotListedError
from procurement.monitoring.rules.shortages import light_of
from procurement.monitoring.states import Light, ShortageStep
from procurement.monitoring.tables import (
    TEXT_LENGTH_MAX,
    MonitoringParameters,
    ShortageDecision,
)
from procurement.monitoring.thresholds import newest_parameters, thresholds_in
from procurement.permissions import Actor

RISE_MAX = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortageChoice:
    """What an officer decides.

    Attributes:
        step: What is done.
        rise: By which part the price rose; None where no light is asked for.
        has_substitute: Whether buyers can take something else; needed with a rise.
        reason: Why.
        number: Of the decision that the page showed; 0 where there was none.
        signals: What surveys and orders said, as it was shown.
    """

    step: ShortageStep
    reason: str
    number: int
    rise: Decimal | None = None
    has_substitute: bool | None = None
    signals: Mapping[str, str] | None = None


def newest_decision(
    session: Session, *, bureau_id: int | None, generic_product_id: int
) -> ShortageDecision | None:
    """Return the decision that counts for a drug of a bureau; None where there is none."""
    newest = (
        select(ShortageDecision)
        .filter_by(bureau_id=bureau_id, generic_product_id=generic_product_id)
        .order_by(ShortageDecision.number.desc())
        .limit(1)
    )
    return session.scalars(newest).one_or_none()


def decide_shortage(
    session: Session,
    *,
    generic_product_id: int,
    choice: ShortageChoice,
    actor: Actor,
    moment: datetime,
) -> ShortageDecision:
    """Decide about a drug; the light follows from the rise by the thresholds that hold.

    Raises:
        InvalidInputError: With every fault.
        ListedAlreadyError: It is on the list.
        NotListedError: It is not.
        LightUnknownError: Nobody gave a threshold that the light depends on.
        StaleError: Somebody decided since.
    """
    _check(session, generic_product_id, choice)
    before = newest_decision(
        session, bureau_id=actor.organisation_id, generic_product_id=generic_product_id
    )
    _check_step(before, choice)
    parameters = newest_parameters(session, bureau_id=actor.organisation_id or 0)
    row = ShortageDecision(
        bureau_id=actor.organisation_id,
        region=actor.region,
        generic_product_id=generic_product_id,
        number=choice.number + 1,
        step=choice.step,
        light=_light(choice, parameters),
        rise=choice.rise,
        has_substitute=choice.has_substitute,
        signals=_written(choice, parameters),
        reason=choice.reason,
        decided_by=actor.person_id,
        decided_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise StaleError from error
    audit.record(
        session,
        actor=actor,
        action="decide-shortage",
        subject=f"shortage/{generic_product_id}",
        facts={
            "step": row.step,
            "before": "" if before is None else f"{before.step} {before.light}",
            "after": f"{row.step} {row.light}",
            "reason": row.reason,
        },
        moment=moment,
    )
    return row


def _check_step(before: ShortageDecision | None, choice: ShortageChoice) -> None:
    is_listed = before is not None and before.step != ShortageStep.REMOVED
    if choice.number != (0 if before is None else before.number):
        raise StaleError
    if choice.step is ShortageStep.LISTED and is_listed:
        raise ListedAlreadyError
    if choice.step is not ShortageStep.LISTED and not is_listed:
        raise NotListedError


def _light(choice: ShortageChoice, parameters: MonitoringParameters | None) -> Light:
    if choice.rise is None or choice.step is ShortageStep.REMOVED:
        return Light.NONE
    found = light_of(
        choice.rise,
        has_substitute=bool(choice.has_substitute),
        thresholds=thresholds_in(parameters),
    )
    if found is None:
        raise LightUnknownError
    return found


def _written(choice: ShortageChoice, parameters: MonitoringParameters | None) -> str:
    told = {
        "signals": dict(choice.signals or {}),
        "parameters": None if parameters is None else parameters.version,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _check(session: Session, generic_product_id: int, choice: ShortageChoice) -> None:
    faults = []
    if session.get(GenericProduct, generic_product_id) is None:
        zh, en = "请选择目录中的通用名。", "Choose a generic product of the catalogue."
        faults.append(FieldFault("generic_product_id", zh, en))
    if not 0 < len(choice.reason) <= TEXT_LENGTH_MAX:
        zh, en = "请写明理由。", "Give the reason."
        faults.append(FieldFault("reason", zh, en))
    if choice.rise is not None and not -1 <= choice.rise <= RISE_MAX:
        zh, en = "须为比例，例如 0.35。", "Expected a part, such as 0.35."
        faults.append(FieldFault("rise", zh, en))
    if choice.rise is not None and choice.rise > 0 and choice.has_substitute is None:
        zh, en = "请选择有无替代品。", "Say whether there is a substitute."
        faults.append(FieldFault("has_substitute", zh, en))
    if faults:
        raise InvalidInputError(faults)


@dataclass(frozen=True, slots=True)
class ListedShortage:
    """A drug on a shortage list.

    Attributes:
        decision: That counts.
        generic: The drug.
        since: When it came onto the list.
    """

    decision: ShortageDecision
    generic: GenericProduct
    since: datetime


def shortages_on(
    session: Session,
    *,
    bureau_id: int | None = None,
    until: datetime | None = None,
) -> Sequence[ListedShortage]:
    """Return the drugs on the list, those with the strongest light first.

    Args:
        session: Any session.
        bureau_id: Of one bureau; of all where it is None.
        until: By decisions until then; all where it is None.
    """
    rows = session.execute(_newest(bureau_id, until)).all()
    since = _since(session, bureau_id, until)
    found = [
        ListedShortage(one, generic, since[one.bureau_id, one.generic_product_id])
        for one, generic in rows
        if one.step != ShortageStep.REMOVED
    ]
    return sorted(found, key=lambda one: (_ORDER[one.decision.light], one.generic.name))


_ORDER = {Light.RED: 0, Light.CONDITIONAL: 1, Light.YELLOW: 2, Light.NONE: 3}


def _newest(
    bureau_id: int | None, until: datetime | None
) -> Select[ShortageDecision, GenericProduct]:
    keys = (ShortageDecision.bureau_id, ShortageDecision.generic_product_id)
    numbers = select(*keys, func.max(ShortageDecision.number).label("number")).group_by(*keys)
    if until is not None:
        numbers = numbers.where(ShortageDecision.decided_at <= until)
    newest = numbers.subquery()
    statement = (
        select(ShortageDecision, GenericProduct)
        .join(GenericProduct, GenericProduct.id == ShortageDecision.generic_product_id)
        .join(
            newest,
            (newest.c.bureau_id == ShortageDecision.bureau_id)
            & (newest.c.generic_product_id == ShortageDecision.generic_product_id)
            & (newest.c.number == ShortageDecision.number),
        )
    )
    return statement if bureau_id is None else statement.where(keys[0] == bureau_id)


def _since(
    session: Session, bureau_id: int | None, until: datetime | None
) -> dict[tuple[int, int], datetime]:
    """When each drug came onto its list last."""
    keys = (ShortageDecision.bureau_id, ShortageDecision.generic_product_id)
    came = (
        select(*keys, func.max(ShortageDecision.decided_at))
        .where(ShortageDecision.step == ShortageStep.LISTED)
        .group_by(*keys)
    )
    if bureau_id is not None:
        came = came.where(keys[0] == bureau_id)
    if until is not None:
        came = came.where(ShortageDecision.decided_at <= until)
    return {(bureau, generic): at for bureau, generic, at in session.execute(came)}


def decisions_about(
    session: Session, *, bureau_id: int | None, generic_product_id: int
) -> Sequence[ShortageDecision]:
    """Return the life of a drug on a bureau's list, newest first."""
    return session.scalars(
        select(ShortageDecision)
        .filter_by(bureau_id=bureau_id, generic_product_id=generic_product_id)
        .order_by(ShortageDecision.number.desc())
    ).all()
