"""The budget impact itself: eligible patients x the difference of the mixes x the costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from pricing.budget_impact.model import BudgetModel, BudgetTreatment, check_budget
from pricing.draws import Draws, as_draws, chunks, number_of_draws, part_of

_NEAR_HALF = 1e-7
_CHUNK_DRAWS = 4096
_TREATMENT_ARRAYS = (
    *("price", "units_a_year", "other_cost", "offset"),
    *("share_without", "share_with"),
)


@dataclass(frozen=True, eq=False)
class BudgetImpact:
    """What a drug costs, by [year, draw]; money in yuan, not discounted.

    The fund's impact is affine in the negotiated price p: at_zero_price + p x paid_units, whatever
    the rounding of patients, because patients do not depend on the price.

    Attributes:
        model: What it was computed from.
        without: What the fund pays for the mix without the drug, offsets taken off.
        with_: What it pays for the mix with the drug, offsets taken off.
        paid_units: Units of the drug that the fund pays for, more with it than without.
        offsets: The part of the impact that is saved elsewhere: negative where the drug saves.
    """

    model: BudgetModel = field(repr=False)
    without: Draws
    with_: Draws
    paid_units: Draws
    offsets: Draws

    @cached_property
    def impact(self) -> Draws:
        """What the fund pays more with the drug than without."""
        return self.with_ - self.without

    @cached_property
    def cumulative(self) -> Draws:
        """The fund's impact in all years together, by [draw]."""
        return np.asarray(self.impact.sum(axis=0), dtype=np.float64)

    @cached_property
    def at_zero_price(self) -> Draws:
        """The fund's impact if the drug cost nothing."""
        # Computed anew: taking price x units off the impact would leave their rounding behind.
        free = _sums(_at_no_price(self.model))
        return free.with_ - free.without

    @cached_property
    def patient_view(self) -> Draws:
        """What the patients pay more with the drug than without."""
        ratio = self.model.payment_ratio
        if (ratio == 1).all():
            return np.zeros_like(self.impact)
        # Where the fund pays nothing at all, its own view cannot tell the patients' part.
        whole = _sums(replace(self.model, payment_ratio=as_draws(1)))
        return (whole.with_ - whole.without) * (1 - ratio)

    @cached_property
    def eligible(self) -> Draws:
        """Eligible patients, rounded if the model says so."""
        return _eligible(self.model)

    @cached_property
    def patients(self) -> Mapping[str, tuple[Draws, Draws]]:
        """By treatment: its patients without and with the drug."""
        return {
            one.name: _patients(self.model, one, self.eligible) for one in self.model.treatments
        }


def budget_impact(model: BudgetModel) -> BudgetImpact:
    """Compute the budget impact of a drug.

    Raises:
        ModelFaultsError: The model has no meaning; see `check_budget`.

    Examples:
        >>> def drug(name, price, without, with_):
        ...     zero, one = as_draws(0), as_draws(1)
        ...     return BudgetTreatment(
        ...         name, as_draws(price), one, zero, zero, as_draws(without), as_draws(with_)
        ...     )
        >>> result = budget_impact(
        ...     BudgetModel(
        ...         years=2,
        ...         eligible=np.array([[100.0], [200.0]]),
        ...         curve=np.array([[0.5], [1.0]]),
        ...         payment_ratio=as_draws(0.75),
        ...         treatments=(drug("A", 30, 0, 0.4), drug("B", 10, 1, 0.6)),
        ...         patient_rounding="none",
        ...         negotiated="A",
        ...     )
        ... )
        >>> result.impact[:, 0], result.patient_view[:, 0], result.cumulative
        (array([ 300., 1200.]), array([100., 400.]), array([1500.]))
        >>> result.at_zero_price[:, 0], result.paid_units[:, 0]
        (array([-150., -600.]), array([15., 60.]))
    """
    check_budget(model)
    sums = _sums(model)
    return BudgetImpact(model, sums.without, sums.with_, sums.paid_units, sums.offsets)


def whole_patients(patients: Draws) -> Draws:
    """Patients as whole numbers, halves to the even one.

    A product that would be a half in exact arithmetic is a half here, although binary fractions put
    it a little beside.

    Examples:
        >>> whole_patients(np.array([2.5, 3.5, 15 * 0.1, 2.4]))
        array([2., 4., 2., 2.])
    """
    whole = np.rint(patients)
    distance = patients - whole
    np.abs(distance, out=distance)
    if distance.max() > 0.5 - _NEAR_HALF:
        near_half = distance > 0.5 - _NEAR_HALF
        whole[near_half] = np.rint(np.round(patients[near_half], 6))
    return whole


def per_member_per_month(impact: Draws, members: Draws) -> Draws:
    """A yearly impact by each insured person and month, in yuan.

    Examples:
        >>> per_member_per_month(as_draws(120_000), as_draws(500_000))
        array([0.02])
    """
    return impact / members / 12


def _at_no_price(model: BudgetModel) -> BudgetModel:
    treatments = (
        replace(one, price=as_draws(0)) if one.name == model.negotiated else one
        for one in model.treatments
    )
    return replace(model, treatments=tuple(treatments))


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums over the treatments: what the fund pays, by [year, draw]."""

    without: Draws
    with_: Draws
    paid_units: Draws
    offsets: Draws


def _sums(model: BudgetModel) -> _Sums:
    some = chunks(number_of_draws(_arrays_of(model)), _CHUNK_DRAWS)
    parts = [_sums_of(model if len(some) == 1 else _part_of_model(model, part)) for part in some]
    if len(parts) == 1:
        return parts[0]
    return _Sums(
        without=_join([part.without for part in parts]),
        with_=_join([part.with_ for part in parts]),
        paid_units=_join([part.paid_units for part in parts]),
        offsets=_join([part.offsets for part in parts]),
    )


def _sums_of(model: BudgetModel) -> _Sums:
    nothing = np.zeros((model.years, 1))
    without = with_ = paid_units = offsets = nothing
    eligible = _eligible(model)
    for treatment in model.treatments:
        before, after = _patients(model, treatment, eligible)
        is_negotiated = treatment.name == model.negotiated
        units = treatment.units_a_year * (model.price_factor if is_negotiated else 1.0)
        cost = treatment.price * units + treatment.other_cost - treatment.offset
        paid = cost * model.payment_ratio
        without = without + before * paid
        with_ = with_ + after * paid
        if is_negotiated:
            paid_units = (after - before) * (units * model.payment_ratio)
        if treatment.offset.any():
            offsets = offsets - (after - before) * (treatment.offset * model.payment_ratio)
    return _Sums(without, with_, paid_units, offsets)


def _eligible(model: BudgetModel) -> Draws:
    rounded = model.patient_rounding == "half-even"
    return whole_patients(model.eligible) if rounded else model.eligible


def _patients(
    model: BudgetModel, treatment: BudgetTreatment, eligible: Draws
) -> tuple[Draws, Draws]:
    share = treatment.share_without + (treatment.share_with - treatment.share_without) * model.curve
    before, after = eligible * treatment.share_without, eligible * share
    if model.patient_rounding == "none":
        return before, after
    return whole_patients(before), whole_patients(after)


def _arrays_of(model: BudgetModel) -> Iterable[Draws]:
    yield from (model.eligible, model.curve, model.payment_ratio, model.price_factor)
    for treatment in model.treatments:
        yield from (getattr(treatment, name) for name in _TREATMENT_ARRAYS)


def _part_of_model(model: BudgetModel, part: slice) -> BudgetModel:
    """The model with the draws of a slice only."""
    return replace(
        model,
        eligible=part_of(model.eligible, part),
        curve=part_of(model.curve, part),
        payment_ratio=part_of(model.payment_ratio, part),
        price_factor=part_of(model.price_factor, part),
        treatments=tuple(_part_of_treatment(treatment, part) for treatment in model.treatments),
    )


def _part_of_treatment(treatment: BudgetTreatment, part: slice) -> BudgetTreatment:
    arrays = {name: part_of(getattr(treatment, name), part) for name in _TREATMENT_ARRAYS}
    return BudgetTreatment(treatment.name, **arrays)


def _join(arrays: Sequence[Draws]) -> Draws:
    # The first slice has more than one draw; what has one there is certain, the same in all.
    return arrays[0] if arrays[0].shape[-1] == 1 else np.concatenate(arrays, axis=-1)
