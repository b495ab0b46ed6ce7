"""The inputs of a budget impact, as arrays of years and draws."""

from dataclasses import dataclass, field
from typing import Literal

from pricing.draws import Draws, as_draws
from pricing.faults import FaultList, shown

SHARES_TOLERANCE = 1e-6
"""How far shares of a mix may be from 1 in sum: a ten-thousandth of a percent."""

PatientRounding = Literal["none", "half-even"]


@dataclass(frozen=True, slots=True)
class BudgetTreatment:
    """One treatment of the mix; every array broadcasts to [year, draw].

    Attributes:
        name: What the treatment is called.
        price: Yuan per unit; of the negotiated one, the price under discussion.
        units_a_year: Units that one patient takes in a year.
        other_cost: Yuan per patient and year: administration, monitoring, adverse events.
        offset: Yuan per patient and year saved elsewhere, not negative.
        share_without: Share of the eligible patients in the mix without the drug, 0 to 1.
        share_with: The same at full uptake of the drug.
    """

    name: str
    price: Draws
    units_a_year: Draws
    other_cost: Draws
    offset: Draws
    share_without: Draws
    share_with: Draws


@dataclass(frozen=True, slots=True)
class BudgetModel:
    """All that `budget_impact` needs.

    Attributes:
        years: Number of years.
        eligible: Eligible patients by [year, draw], grown or from cohorts, not rounded.
        curve: Part of the way from the mix without to the mix with, by [year, draw], 0 to 1.
        payment_ratio: Part of the cost that the fund pays, by [draw]; the rest is the patients'.
        treatments: Of the mix, each once.
        patient_rounding: ``half-even``: eligible patients, then those of each treatment, are whole
            numbers before they meet a cost; ``none``: they are not rounded.
        negotiated: Name of the treatment whose price is negotiated.
        price_factor: The negotiated price of a draw relative to its mean, by [draw]; 1 where the
            price is certain. The affine pieces of the impact refer to the mean.
    """

    years: int
    eligible: Draws
    curve: Draws
    payment_ratio: Draws
    treatments: tuple[BudgetTreatment, ...]
    patient_rounding: PatientRounding
    negotiated: str
    price_factor: Draws = field(default_factory=lambda: as_draws(1))


def check_budget(model: BudgetModel) -> None:
    """Refuse a model that has no meaning, with the paths of what is wrong.

    Raises:
        ModelFaultsError: Shares that do not add up, or are no shares; negative costs; a number of
            years that does not fit; no treatment of the negotiated name.
    """
    faults = FaultList()
    names = [treatment.name for treatment in model.treatments]
    if names.count(model.negotiated) != 1 or len(set(names)) != len(names):
        faults.add(
            "treatment",
            f"治疗方案为 {'、'.join(names)}；应当各出现一次并包括谈判药品 {model.negotiated}",
            f"treatments {', '.join(names)}: expected each once, and among them the negotiated "
            f"{model.negotiated}",
        )
    for name, array in (("eligible", model.eligible), ("curve", model.curve)):
        if array.ndim != 2 or array.shape[0] not in (1, model.years):
            faults.add(
                name,
                f"年数为 {array.shape[0]}；应为 {model.years}",
                f"has {array.shape[0]} years: expected {model.years}",
            )
    for treatment in model.treatments:
        _check_treatment(treatment, faults)
    _check_mix(model, "share_without", faults)
    _check_mix(model, "share_with", faults)
    faults.raise_if_any()


def _check_treatment(treatment: BudgetTreatment, faults: FaultList) -> None:
    path = f"treatment.{treatment.name}"
    for name in ("price", "units_a_year", "other_cost", "offset"):
        # The mean of the draws: a normal distribution may reach below zero in a few of them.
        lowest = float(getattr(treatment, name).mean(axis=-1).min())
        if not lowest >= 0:
            faults.add(
                f"{path}.{name}",
                f"为 {shown(lowest)}；不得为负",
                f"is {shown(lowest)}: expected no negative number",
            )
    for name in ("share_without", "share_with"):
        share: Draws = getattr(treatment, name)
        if not (share.min() >= 0 and share.max() <= 1):
            extreme = float(share.min() if not share.min() >= 0 else share.max())
            faults.add(
                f"{path}.{name}",
                f"份额为 {shown(extreme)}；应在 0 与 1 之间",
                f"a share of {shown(extreme)}: expected 0 to 1",
            )


def _check_mix(model: BudgetModel, name: str, faults: FaultList) -> None:
    total = sum((getattr(treatment, name) for treatment in model.treatments), as_draws(0))
    off = float((total - 1).flat[abs(total - 1).argmax()])
    if not abs(off) <= SHARES_TOLERANCE:
        faults.add(
            f"treatment.*.{name}",
            f"份额之和为 {shown(1 + off)}；应为 1（相差 {shown(off)}）",
            f"shares add up to {shown(1 + off)}: expected 1 (off by {shown(off)})",
        )
