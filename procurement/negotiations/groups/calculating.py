"""Running a group's copy: seed and draws are chosen by the group and stand in what it signs."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pricing.ceilings import Cause
from pricing.faults import ModelError, ModelFaultsError
from pricing.model_file import Model
from pricing.negotiation_report import Report, report_json, run_model
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.kinds import Group

DRAWS_MAX = 20_000
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
        InvalidInputError: Draws or seed beyond their range, or a model without such a ceiling.
    """
    faults = _faults(draws, seed)
    if faults:
        raise InvalidInputError(faults)
    report: Mapping[str, Any] = report_json(report_of(model, draws=draws, seed=seed))
    ceilings = [_ceiling(one, group) for one in report["ceilings"]]
    price = _lowest(ceilings)
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
        InvalidInputError: It cannot be run, and where and why.
    """
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
