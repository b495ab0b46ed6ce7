"""Written promises of honesty (守信承诺): firms give them to the provinces where they sell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import is_division
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.credit_rating.tables import CreditPromise
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor

NAME_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was signed.

    Attributes:
        by: Legal representative or authorised person.
        on: Day of signing.
        wording: What is promised.
    """

    by: str
    on: date
    wording: str


def give_promise(
    session: Session,
    *,
    organisation_id: int,
    regions: Sequence[str],
    signed: Signed,
    actor: Actor,
    moment: datetime,
) -> list[CreditPromise]:
    """Record a firm's promise for one or several provinces.

    The wording is the firm's, or the province's form that it signed: the national form was not
    seen, so none is prescribed here.

    Args:
        session: Session of the caller's transaction.
        organisation_id: The firm.
        regions: Provinces that it is given to.
        signed: What was signed, by whom and when.
        actor: Who sends it.
        moment: When.

    Returns:
        One promise for each province.

    Raises:
        InvalidInputError: With every fault.
    """
    faults = _faults(regions, signed, moment)
    if faults:
        raise InvalidInputError(faults)
    promises = [
        CreditPromise(
            organisation_id=organisation_id,
            region=region,
            signed_on=signed.on,
            signed_by=signed.by.strip(),
            wording=signed.wording.strip(),
            person_id=actor.person_id,
            recorded_at=moment,
        )
        for region in sorted(set(regions))
    ]
    session.add_all(promises)
    session.flush()
    record(
        session,
        actor=actor,
        action="give-promise",
        subject=f"organisation/{organisation_id}",
        facts={"regions": " ".join(promise.region for promise in promises)},
        moment=moment,
    )
    return promises


def promises_of(session: Session, *, organisation_id: int) -> Sequence[CreditPromise]:
    """Return the promises of a firm, the newest first."""
    wanted = select(CreditPromise).where(CreditPromise.organisation_id == organisation_id)
    return session.scalars(wanted.order_by(CreditPromise.id.desc())).all()


def promise_of(
    session: Session, *, organisation_id: int, region: str, on_date: date
) -> CreditPromise | None:
    """Return the newest promise that a firm gave a province until a day, or None."""
    wanted = (
        select(CreditPromise)
        .where(
            CreditPromise.organisation_id == organisation_id,
            CreditPromise.region == region,
            CreditPromise.signed_on <= on_date,
        )
        .order_by(CreditPromise.signed_on.desc(), CreditPromise.id.desc())
    )
    return session.scalars(wanted).first()


def _faults(regions: Sequence[str], signed: Signed, moment: datetime) -> list[FieldFault]:
    faults = []
    if not regions or any(not is_division(code) or code[2:] != "0000" for code in regions):
        faults.append(
            FieldFault("regions", "请选择一个或多个省份。", "Choose one or more provinces.")
        )
    for field, text in (("signed_by", signed.by), ("wording", signed.wording)):
        if not text.strip():
            faults.append(FieldFault(field, "必填，此处为空。", "Must be given, and is empty."))
    if len(signed.by.strip()) > NAME_MAX:
        faults.append(
            FieldFault("signed_by", f"最多 {NAME_MAX} 个字。", f"At most {NAME_MAX} characters.")
        )
    if signed.on > day_in_china(moment):
        faults.append(FieldFault("signed_on", "不能晚于今天。", "Cannot lie after today."))
    return faults
