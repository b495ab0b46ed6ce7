"""Running a group's copy: seed and draws are chosen by the group and stand in what it signs."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pricing.ceilings import Cause
from pricing.faults import ModelError, ModelFaultsError
from pricing.model_file import Model
from pricing.money import CENT, PriceError, parse_price
from pricing.negotiation_report import Report, report_json, run_model
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers import workload
from procurement.negotiations.kinds import Group

DRAWS_MAX = workload.DRAWS_MAX
"""Of one request; `jicai ceiling` takes as many as one wants."""
SEED_MAX = 2**31 - 1

KINDS: Mapping[Group, frozenset[str]] = {
    Group.ECONOMICS: frozenset({"icer", "reference-price", "international-price"}),
    Group.FUND: frozenset(
        {"budget-every-year", "budget-cumulative", "budget-quantile", "cost-neutral"}
    ),
}
"""Whose question a kind of ceiling answers; the other group's kinds do not bind a result."""


def calculated(model: Model, *, group: Group, draws: int, seed: int) -> dict[str, Any]:
    """Run a model and return what a group signs: digest, seed, draws, ceilings, its price.

    Args:
        model: The group's copy.
        group: Whose ceilings count.
        draws: How many draws of the uncertain inputs.
        seed: Of the random numbers.

    Raises:
        InvalidInputError: Draws or seed beyond their range, a model without such a ceiling, or a
            price that no envelope can hold.
    """
    faults = _faults(draws, seed)
    if faults:
        raise InvalidInputError(faults)
    report: Mapping[str, Any] = report_json(report_of(model, draws=draws, seed=seed))
    ceilings = [_ceiling(one, group) for one in report["ceilings"]]
    price = _lowest(ceilings)
    out_of_range = range_faults("model", Decimal(price))
    if out_of_range:
        raise InvalidInputError(out_of_range)
    return {
        "group": group.value,
        "model": model.digest,
        "draws": draws,
        "seed": seed,
        "ceilings": ceilings,
        "price": price,
        "unit": model.negotiated.unit,
    }


def report_of(model: Model, *, draws: int, seed: int) -> Report:
    """Run a model.

    Raises:
        InvalidInputError: It cannot be run, and where and why; or it would take too long.
    """
    too_much = workload.work_refusal(model, draws=draws)
    if too_much is not None:
        raise InvalidInputError([FieldFault("draws", *too_much)])
    try:
        return run_model(model, draws=draws, seed=seed)
    except ModelFaultsError as refusal:
        raise InvalidInputError(
            [
                FieldFault("model", f"{one.where}：{one.zh}", f"{one.where}: {one.en}")
                for one in refusal.faults
            ]
        ) from refusal
    except ModelError as refusal:
        raise InvalidInputError(
            [FieldFault("model", f"测算失败：{refusal}", f"It cannot be computed: {refusal}")]
        ) from refusal


def price_of(text: object) -> Decimal | None:
    """Return a price as a report writes it, or None where it has none."""
    try:
        price = Decimal(str(text)) if text is not None else None
    except InvalidOperation:
        return None
    return price if price is not None and price.is_finite() else None


def range_faults(field: str, price: Decimal) -> list[FieldFault]:
    """Return what keeps a price from being sealed, opened and recorded: none, or one fault.

    Examples:
        >>> range_faults("model", Decimal("0.01"))
        []
        >>> range_faults("model", Decimal("0.00"))[0].en
        'The price would be 0.00 yuan: expected 0.01 to below a million million.'
    """
    if price.is_finite() and CENT <= price <= MONEY_MAX and _is_written_price(price):
        return []
    return [
        FieldFault(
            field,
            f"价格为 {price:f} 元；应不低于 0.01 元，低于一万亿元。",
            f"The price would be {price:f} yuan: expected 0.01 to below a million million.",
        )
    ]


def _is_written_price(price: Decimal) -> bool:
    # What an envelope holds is read strictly when it is opened: by then nobody can mend it.
    try:
        parse_price(f"{price:f}")
    except PriceError:
        return False
    return True


def _faults(draws: int, seed: int) -> list[FieldFault]:
    faults = []
    if not 1 <= draws <= DRAWS_MAX:
        faults.append(
            FieldFault("draws", f"须为 1 至 {DRAWS_MAX:,}。", f"Expected 1 to {DRAWS_MAX:,}.")
        )
    if not 0 <= seed <= SEED_MAX:
        faults.append(FieldFault("seed", f"须为 0 至 {SEED_MAX}。", f"Expected 0 to {SEED_MAX}."))
    return faults


def _ceiling(found: Mapping[str, Any], group: Group) -> dict[str, Any]:
    return {
        "kind": found["kind"],
        "price": found.get("price"),
        "exact": _number_text(found.get("exact")),
        "why": None if found["price"] else {"zh": found["why"], "en": found["why_en"]},
        "counts": found["kind"] in KINDS[group] and not _limits_nothing(found["cause"]),
    }


def _limits_nothing(cause: str | None) -> bool:
    """Whether there is no ceiling because every price keeps the constraint."""
    return cause is not None and Cause(cause).limits_nothing


def _number_text(number: object) -> str | None:
    # Canonical JSON has no floats: what is signed is the same text on every machine.
    return None if number is None else str(number)


def _lowest(ceilings: list[dict[str, Any]]) -> str:
    counting = [one for one in ceilings if one["counts"]]
    prices = [price for one in counting if (price := price_of(one["price"])) is not None]
    missing = [one for one in counting if price_of(one["price"]) is None]
    if not counting or missing:
        raise InvalidInputError(
            [
                FieldFault(
                    "model",
                    "本组的约束没有给出价格上限："
                    + ("；".join(_why(one, "zh") for one in missing) or "模型中没有本组的约束"),
                    "This group's constraints give no ceiling: "
                    + ("; ".join(_why(one, "en") for one in missing) or "the model has none"),
                )
            ]
        )
    return str(min(prices))


def _why(ceiling: Mapping[str, Any], language: str) -> str:
    why = ceiling["why"]
    return f"{ceiling['kind']} {'' if why is None else why[language]}".strip()
