"""The price path of a drug from a forecast of its spending, as its maker or the bureau types it.

Spending is forecast in yuan at the standard of the start. A unit is therefore what one yuan buys
then: units and amounts are the same numbers, and no division moves an amount across an edge of the
table of cuts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.faults import ModelError, ModelFaultsError
from pricing.money import EXACT
from pricing.renewal import Agreement, PricePath, Prospects, price_path
from pricing.stated_rules import RuleNotStatedError, StatedRules
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.filing import filed_content
from procurement.negotiations.renewals.renewing import HALVING, HALVINGS
from procurement.negotiations.sessions.tables import Standard
from procurement.negotiations.tables import Dossier
from procurement.prices.tables import Price

YEARS = 8
"""How far a path is shown: standards after 2, 4 and 8 years."""
YEARS_LISTED_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected, in yuan a year at the standard of the start.

    Attributes:
        price: Payment standard at the start.
        spends: Cost of the drug within its scope, by year from 1.
        budgets: Cost a year behind the company's budget, by agreement from 1.
        added: What a change of scope adds a year, by agreement that it ends.
        years_listed: Full years on the list at the start.
        class_1: A Class-1 new drug.
        payment_ratio: Part of the cost that the fund pays; None takes the rulebook's.
        renegotiated_cut: Cut that a renegotiation is assumed to bring; None ends the path there.
        generic_from_year: From when another maker's drug is there; None: never.
        halving: combined or each, where the rulebook leaves it open; empty for no answer.
    """

    price: Decimal | None
    spends: Mapping[int, Decimal]
    budgets: Mapping[int, Decimal]
    added: Mapping[int, Decimal]
    years_listed: int = 0
    class_1: bool = False
    payment_ratio: Decimal | None = None
    renegotiated_cut: Decimal | None = None
    generic_from_year: int | None = None
    halving: str = ""


def years_of_agreement(rulebook: str) -> int:
    """Return how many years an agreement runs by a rulebook.

    Examples:
        >>> years_of_agreement("nrdl-renewal-2024")
        2
    """
    return StatedRules.of(rulebook).count("agreement.years")


def forecast_path(forecast: Forecast, *, rulebook: str) -> PricePath:
    """Simulate the renewals of a drug by a campaign's rulebook, for the years that are forecast.

    Args:
        forecast: What is expected; later agreements may be left out.
        rulebook: Id of the rulebook, which is taken to hold at every renewal.

    Raises:
        InvalidInputError: What is missing or wrong, at its field; a rule that nobody states.

    Examples:
        >>> path = forecast_path(
        ...     Forecast(
        ...         price=Decimal(160),
        ...         spends={1: Decimal(125_000_000), 2: Decimal(125_000_000)},
        ...         budgets={1: Decimal(100_000_000)},
        ...         added={},
        ...     ),
        ...     rulebook="nrdl-renewal-2024",
        ... )
        >>> path.price, path.price_after(2)
        (Decimal('160'), Decimal('152.00'))
    """
    years = years_of_agreement(rulebook)
    faults = list(_faults(forecast, years))
    price = forecast.price
    if faults or price is None:
        raise InvalidInputError(faults)
    options = {HALVING: forecast.halving} if forecast.halving in HALVINGS else {}
    prospects = Prospects(
        price=Decimal(1),
        payment_ratio=forecast.payment_ratio,
        years_listed=forecast.years_listed,
        class_1=forecast.class_1,
        generic_from_year=forecast.generic_from_year,
        renegotiated_cut=forecast.renegotiated_cut,
    )
    try:
        rules = StatedRules.of(rulebook, options)
        path = price_path(prospects, _agreements(forecast, years), [rules])
    except ModelFaultsError as refusal:
        raise InvalidInputError(
            [FieldFault("spend_1", one.zh, one.en) for one in refusal.faults]
        ) from refusal
    except RuleNotStatedError as refusal:
        field = "halving" if refusal.key == HALVING else "spend_1"
        raise InvalidInputError([FieldFault(field, refusal.zh, refusal.en)]) from refusal
    except ModelError as refusal:
        fault = FieldFault("halving", f"规则书没有此选项：{refusal}", str(refusal))
        raise InvalidInputError([fault]) from refusal
    return _in_yuan(path, price)


def present_standard(session: Session, *, dossier: Dossier) -> Decimal | None:
    """Return the standard from which a path begins: recorded, or present by the dossier."""
    recorded = session.scalar(
        select(Price.pack_price)
        .join(Standard, Standard.price_id == Price.id)
        .where(Standard.dossier_id == dossier.id)
    )
    if recorded is not None:
        return recorded
    content = filed_content(session, dossier_id=dossier.id) or {}
    return Decimal(content["price_before"]) if content.get("price_before") else None


def _agreements(forecast: Forecast, years: int) -> list[Agreement]:
    return [
        Agreement(
            units=tuple(forecast.spends[(number - 1) * years + year] for year in _from_1(years)),
            expected_units=budget,
            scope_units=forecast.added.get(number),
        )
        for number, budget in sorted(forecast.budgets.items())
    ]


def _from_1(count: int) -> range:
    return range(1, count + 1)


def _faults(forecast: Forecast, years: int) -> Iterator[FieldFault]:
    if forecast.price is None or not 0 < forecast.price <= MONEY_MAX:
        yield FieldFault("price", "须为大于 0 的金额。", "Expected an amount above 0.")
    if not 0 <= forecast.years_listed <= YEARS_LISTED_MAX:
        yield FieldFault("years_listed", "须为 0 至 100。", "Expected 0 to 100.")
    for field in ("payment_ratio", "renegotiated_cut"):
        share: Decimal | None = getattr(forecast, field)
        if share is not None and not 0 <= share <= 1:
            yield FieldFault(field, "须在 0 与 1 之间。", "Expected 0 to 1.")
    if forecast.payment_ratio == 0:
        yield FieldFault("payment_ratio", "须大于 0。", "Expected more than 0.")
    yield from _amount_faults(forecast)
    yield from _gaps(forecast, years)


def _amount_faults(forecast: Forecast) -> Iterator[FieldFault]:
    named = (("spend", forecast.spends), ("budget", forecast.budgets), ("added", forecast.added))
    for name, amounts in named:
        least = Decimal(1) if name == "budget" else Decimal(0)
        for number, amount in amounts.items():
            if not least <= amount <= MONEY_MAX:
                yield FieldFault(
                    f"{name}_{number}",
                    f"须为不小于 {least} 的金额（元）。",
                    f"Expected an amount in yuan from {least}.",
                )


def _gaps(forecast: Forecast, years: int) -> Iterator[FieldFault]:
    """Agreements are forecast from the first one on, each with all its years and its budget."""
    given = [
        *(-(-year // years) for year in forecast.spends),
        *forecast.budgets,
        *forecast.added,
    ]
    for number in _from_1(max(given, default=1)):
        fill = "请填写。", "Fill this in."
        if number not in forecast.budgets:
            yield FieldFault(f"budget_{number}", *fill)
        for year in _from_1(years):
            if (number - 1) * years + year not in forecast.spends:
                yield FieldFault(f"spend_{(number - 1) * years + year}", *fill)


def _in_yuan(path: PricePath, price: Decimal) -> PricePath:
    """The path of a drug, from that of what one yuan buys at the start."""
    steps = tuple(
        replace(
            step,
            price_before=EXACT.multiply(step.price_before, price),
            price_after=None
            if step.price_after is None
            else EXACT.multiply(step.price_after, price),
        )
        for step in path.steps
    )
    return replace(path, price=price, steps=steps)
