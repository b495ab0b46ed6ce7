"""What the interface of payments shares: finding things with permission, reading amounts."""

from decimal import Decimal, InvalidOperation
from typing import TypeVar

from procurement.accounts.tables import Organisation
from procurement.database import MONEY_MAX, Base
from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.paying_tables import BankAccount, PaymentInstruction
from procurement.payments.reading.scope import Scope, scope_of
from procurement.payments.settling_tables import Claim, SettlementMonth
from procurement.payments.subjects import (
    claim_of_agency,
    claim_of_hospital,
    claim_of_seller,
    claim_subject,
    instruction_subject,
    month_subject,
    of_agency,
    of_organisation,
)
from procurement.permissions import Action, NotFoundForActorError, NotPermittedError, Subject
from procurement.web import Visit

_Row = TypeVar("_Row", bound=Base)
MONEY_DECIMALS = Decimal("0.0001")


INT_MAX = 2**31 - 1


def scope_for(visit: Visit) -> Scope:
    """Say as what the visitor looks at payments.

    Raises:
        NotPermittedError: No role of the visitor has to do with them.
    """
    visit.require_ever(Action.READ_LEDGER)
    scope = scope_of(visit.session, actor=visit.actor, moment=visit.moment)
    if scope is None:
        raise NotPermittedError(Action.READ_LEDGER)
    return scope


def known_id(number: int, field: str) -> int:
    """Let an id pass that a column can be compared with.

    Raises:
        InvalidInputError: It is too large, or not above zero.
    """
    if 0 < number <= INT_MAX:
        return number
    raise InvalidInputError([FieldFault(field, "没有该编号。", "There is no such number.")])


def own_id(visit: Visit, action: Action) -> int:
    """Return the visitor's organisation, for which he may do something."""
    own = visit.actor.organisation_id
    visit.require(action, Subject(organisation_id=own, regions=(visit.actor.region,)))
    if own is None:
        raise NotFoundForActorError
    return own


def month_for(visit: Visit, month_id: int, action: Action) -> SettlementMonth:
    """Return a month with which the visitor may do something."""
    month = _row(visit, SettlementMonth, month_id, action)
    visit.require(action, month_subject(month))
    return month


def claim_for(visit: Visit, claim_id: int, action: Action) -> Claim:
    """Return a claim with which the visitor may do something, on the side that the action has."""
    claim = _row(visit, Claim, claim_id, action)
    visit.require(action, _side(visit, claim, action))
    return claim


def _side(visit: Visit, claim: Claim, action: Action) -> Subject:
    if action is Action.CLAIM_SETTLEMENT:
        return claim_of_seller(claim)
    if action is Action.CHECK_CLAIM:
        return claim_of_hospital(visit.session, claim=claim, moment=visit.moment)
    if action is Action.APPROVE_CLAIM:
        return claim_of_agency(visit.session, claim=claim)
    return claim_subject(visit.session, claim=claim, actor=visit.actor, moment=visit.moment)


def instruction_for(visit: Visit, instruction_id: int, action: Action) -> PaymentInstruction:
    """Return an instruction with which the visitor may do something."""
    row = _row(visit, PaymentInstruction, instruction_id, action)
    subject = instruction_subject(
        visit.session, instruction=row, actor=visit.actor, moment=visit.moment
    )
    if action is Action.INSTRUCT_PAYMENT:
        subject = of_agency(agency_id=row.agency_id)
    visit.require(action, subject)
    return row


def account_for(visit: Visit, account_id: int) -> BankAccount:
    """Return a bank account of the visitor's organisation."""
    row = _row(visit, BankAccount, account_id, Action.MANAGE_BANK_ACCOUNT)
    visit.require(Action.MANAGE_BANK_ACCOUNT, Subject(organisation_id=row.organisation_id))
    return row


def hospital_for(visit: Visit, hospital_id: int, action: Action) -> Organisation:
    """Return a hospital for which the visitor may do something."""
    row = _row(visit, Organisation, hospital_id, action)
    visit.require(
        action,
        of_organisation(visit.session, organisation_id=hospital_id, moment=visit.moment),
    )
    return row


def _row(visit: Visit, table: type[_Row], row_id: int, action: Action) -> _Row:
    visit.require_ever(action)
    found = visit.session.get(table, row_id)
    if found is None:
        raise NotFoundForActorError
    return found


def yuan(text: str, field: str = "amount") -> Decimal:
    """Read an amount as interfaces write it.

    Raises:
        InvalidInputError: It is no number, finer than 0.0001 yuan, or too large.

    Examples:
        >>> yuan("12.50")
        Decimal('12.50')
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > MONEY_MAX or amount % MONEY_DECIMALS:
        fault = FieldFault(field, "须为元，至多四位小数。", "Expected yuan with up to 4 decimals.")
        raise InvalidInputError([fault])
    return amount


def written(amount: Decimal) -> str:
    """Write an amount as interfaces do.

    Examples:
        >>> written(Decimal("1E+2"))
        '100'
    """
    return f"{amount:f}"
