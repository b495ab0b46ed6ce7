"""Months of direct settlement at an agency: rulebook, calendar, what the rulebook leaves open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.stated_rules import StatedRules
from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.china_days import first_of_month
from procurement.errors import StaleError
from procurement.payments.account_kinds import Fund
from procurement.payments.errors import MonthExistsError
from procurement.payments.rules.calendar import after_working_days, calendar_of
from procurement.payments.rules.offset import PAYS_FIRST, OffsetTerms
from procurement.payments.settling_tables import SettlementMonth
from procurement.payments.stated import DIRECT, needed, parameters_of, stated_rules
from procurement.payments.states import ClaimStatus
from procurement.permissions import Actor
from rulebooks import Rule

BRIDGES = "bridges-shortfall"


@dataclass(frozen=True, slots=True)
class NewMonth:
    """A month to be opened.

    Attributes:
        agency_id: At which agency.
        month: Any day of the month in which the goods were accepted.
        rulebook: Id of a rulebook of the kind ``direct``.
        parameters: What the rulebook leaves open, by key, as JSON holds it.
    """

    agency_id: int
    month: date
    rulebook: str
    parameters: Mapping[str, object]


def open_month(
    session: Session, *, new: NewMonth, actor: Actor, moment: datetime
) -> SettlementMonth:
    """Open a month at an agency.

    Raises:
        InvalidInputError: No such rulebook, or a parameter that it does not leave open.
        MonthExistsError: It was opened already.
    """
    rules = stated_rules(new.rulebook, new.parameters, kind=DIRECT)
    month = first_of_month(new.month)
    if month_of(session, agency_id=new.agency_id, month=month) is not None:
        raise MonthExistsError(month)
    row = SettlementMonth(
        agency_id=new.agency_id,
        region=session.get_one(Organisation, new.agency_id).region,
        month=month,
        rulebook=new.rulebook,
        rulebook_digest=rules.rulebook.digest,
        parameters=_written(new.parameters),
        calendar=_calendar(month, rules),
        opened_by=actor.person_id,
        opened_at=moment,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "open-settlement-month", row, moment)
    return row


def change_parameters(
    session: Session,
    *,
    month: SettlementMonth,
    version: int,
    parameters: Mapping[str, object],
    actor: Actor,
    moment: datetime,
) -> SettlementMonth:
    """Give other values for what the rulebook leaves open.

    Raises:
        StaleError: Somebody changed the month since.
        InvalidInputError: A parameter is not left open, or wrong.
    """
    session.refresh(month, with_for_update=True)
    if month.version != version:
        raise StaleError
    rules = stated_rules(month.rulebook, parameters, kind=DIRECT)
    month.parameters = _written(parameters)
    month.calendar = _calendar(month.month, rules)
    month.version += 1
    session.flush()
    _note(session, actor, "change-settlement-month", month, moment)
    return month


def month_of(session: Session, *, agency_id: int, month: date) -> SettlementMonth | None:
    """Return an agency's month, if it is open."""
    return session.scalars(
        select(SettlementMonth).where(
            SettlementMonth.agency_id == agency_id,
            SettlementMonth.month == first_of_month(month),
        )
    ).one_or_none()


def rules_of(month: SettlementMonth) -> StatedRules:
    """Return the rules of a month."""
    return stated_rules(month.rulebook, parameters_of(month.parameters), kind=DIRECT)


def due_days(month: SettlementMonth) -> dict[ClaimStatus, date]:
    """Return the last day of each step that the month dates; other steps have none."""
    stored = json.loads(month.calendar)
    return {ClaimStatus(step): date.fromisoformat(day) for step, day in stored.items()}


def terms_of(month: SettlementMonth) -> OffsetTerms:
    """Return how a month sets off.

    Raises:
        RuleMissingError: The order of the funds, or when the reserve is refilled, is nobody's
            knowledge: the agency must give it.
    """
    rules = rules_of(month)
    order = needed(lambda: rules.required("direct.fund_order"))
    return OffsetTerms(
        fund_order=tuple(Fund(str(one)) for one in order) if isinstance(order, tuple) else (),
        refill=needed(lambda: rules.word("direct.refill")),
        reserve_first=uses_reserve(rules) == PAYS_FIRST,
    )


def uses_reserve(rules: StatedRules) -> str | None:
    """How the reserve is used; None where the rulebook has none, or nobody says that there is."""
    return rules.word("direct.reserve") if rules.knows("direct.reserve") else None


def needs_insurance_account(month: SettlementMonth) -> bool:
    """Whether only the account that is registered with medical insurance may be paid to."""
    return rules_of(month).knows("direct.account")


def whole_due_on(month: SettlementMonth, *, applied_on: date) -> date | None:
    """Return until when a claim is to be paid, where the rulebook limits all steps together.

    Working days leave out weekends; public holidays nobody here knows.

    Args:
        month: Of the claim.
        applied_on: Day in China on which it was made.
    """
    rules = rules_of(month)
    if rules.knows("direct.working_days_max"):
        return after_working_days(applied_on, rules.count("direct.working_days_max"))
    if rules.knows("direct.days_max"):
        return applied_on + timedelta(days=rules.count("direct.days_max"))
    return None


def interest_rule(month: SettlementMonth) -> Rule | None:
    """Return the rule on overdue interest; None: no source states one, and none is computed."""
    return rules_of(month).rule("direct.interest")


def _written(parameters: Mapping[str, object]) -> str:
    return json.dumps(dict(sorted(parameters.items())), ensure_ascii=False)


def _calendar(month: date, rules: StatedRules) -> str:
    days = rules.table("direct.calendar") if rules.knows("direct.calendar") else {}
    found = calendar_of(month, days)
    return json.dumps({step.value: day.isoformat() for step, day in found.items()})


def _note(
    session: Session, actor: Actor, action: str, month: SettlementMonth, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"settlement-month/{month.id}",
        facts={"month": f"{month.month:%Y-%m}", "rulebook": month.rulebook},
        moment=moment,
    )
