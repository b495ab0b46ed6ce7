"""A model that was read: its inputs by name, and what they give under overrides and scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import cast

import numpy as np

from pricing.budget_impact import BudgetModel
from pricing.ceilings import Combination, Constraint, read_combination, read_constraint
from pricing.cost_effectiveness import Outcome
from pricing.draws import Draws, as_draws
from pricing.faults import Fault, ModelFaultsError, quoted
from pricing.managed_entry import Elasticity, ManagedEntry, read_elasticity, read_managed_entry
from pricing.model_file.budget_layout import PRICE, PRICE_FACTOR, BudgetLayout, build_budget
from pricing.model_file.build_outcome import build_outcome, build_outcomes
from pricing.model_file.expressions import Expression
from pricing.model_file.files import Files
from pricing.model_file.inputs import Input, Uncertain
from pricing.model_file.outcome_layout import OutcomeLayout
from pricing.model_file.plain import Template, plain_values
from pricing.model_file.uncertain import UncertainParts, quantile_of, sample_all
from pricing.model_file.values import Names, Values
from pricing.plain_table import Table


@dataclass(frozen=True, slots=True)
class Negotiated:
    """The drug whose price is negotiated.

    Attributes:
        name: Its treatment in the budget impact; empty where the model has none.
        unit: What its price is for, such as "year of treatment".
        price: Under discussion, yuan per unit.
    """

    name: str
    unit: str
    price: float


@dataclass(frozen=True, slots=True)
class IndicationModel:
    """One of several indications under one price.

    Attributes:
        name: What it is called.
        model: Its model; its own price gives way to the one price.
        file: Where it was read from.
    """

    name: str
    model: "Model"
    file: str


@dataclass(frozen=True)
class Model:
    """A negotiation model.

    Attributes:
        title: What it is called.
        negotiated: The drug.
        names: All inputs by path, with unit, source, date, and the meaning of names.
        scenarios: Named scenarios: what each replaces, by path.
        uncertain: Uncertain inputs, each drawn for itself.
        uncertain_parts: Inputs that are drawn together, such as a row of counts.
        budget_layout: How the budget impact is built; none where there is no population.
        outcome_layout: How the strategies are built; none where there are none.
        constraint_templates: Of `[[constraint]]`.
        templates: Of ``managed_entry``, ``elasticity`` and ``combination``, where given.
        indications: Several models under this one price; none where it is a model itself.
        files: The files that it was read from, those that it names.
        digest: SHA-256 over these files.
    """

    title: str
    negotiated: Negotiated
    names: Names
    scenarios: Mapping[str, Mapping[str, Expression]]
    uncertain: tuple[Uncertain, ...]
    uncertain_parts: tuple[UncertainParts, ...]
    budget_layout: BudgetLayout | None
    outcome_layout: OutcomeLayout | None
    constraint_templates: tuple[Template, ...]
    templates: Mapping[str, Template]
    files: Files = field(repr=False)
    digest: str
    indications: tuple[IndicationModel, ...] = ()

    @property
    def inputs(self) -> Mapping[str, Input]:
        """All inputs by path: the register of assumptions."""
        return self.names.inputs

    @property
    def has_uncertainty(self) -> bool:
        """Whether anything is uncertain."""
        return bool(self.uncertain or self.uncertain_parts)

    @property
    def years(self) -> int | None:
        """Years of the budget impact."""
        layouts = [self.budget_layout, *(one.model.budget_layout for one in self.indications)]
        return next((layout.years for layout in layouts if layout is not None), None)

    @property
    def reference(self) -> str:
        """The strategy that increments are over; empty without an outcome model."""
        return "" if self.outcome_layout is None else self.outcome_layout.reference

    @property
    def negotiated_strategy(self) -> str:
        """The strategy with the drug; empty without an outcome model."""
        return "" if self.outcome_layout is None else self.outcome_layout.negotiated

    def at(
        self,
        overrides: Mapping[str, float | Draws] = MappingProxyType({}),
        scenario: str | None = None,
    ) -> "Evaluated":
        """The model with some inputs at other values, in a scenario.

        Args:
            overrides: By path: a number, or an array by [draw].
            scenario: Name of one of `scenarios`; overrides win over it.

        Raises:
            ModelFaultsError: A path or the scenario does not exist.
        """
        faults = [
            Fault(path, "没有这个输入", "is no input of this model: expected the path of one")
            for path in overrides
            if path not in self.inputs
        ]
        if scenario is not None and scenario not in self.scenarios:
            words = ", ".join(self.scenarios) or "-"
            faults.append(
                Fault(
                    f"scenario.{scenario}",
                    f"没有情景 {quoted(scenario)}；应为 {words}",
                    f"is no scenario of this model: expected {words}",
                )
            )
        if faults:
            raise ModelFaultsError(faults)
        arrays = {path: as_draws(value) for path, value in overrides.items()}
        replaced = self.scenarios[scenario] if scenario is not None else {}
        return Evaluated(self, Values(self.names, replaced, arrays))

    def sample(self, generator: np.random.Generator, draws: int) -> dict[str, Draws]:
        """Draw all uncertain inputs once, as overrides for `at`.

        The order of the files does not matter: inputs are drawn in the order of their paths. Where
        the negotiated price is uncertain, its factor relative to the mean is drawn.
        """
        return sample_all(self.uncertain, self.uncertain_parts, generator, draws)

    def quantile(self, path: str, part: float) -> float:
        """A quantile of one uncertain input, as an override for `at`.

        Raises:
            KeyError: The input is not uncertain.
        """
        return quantile_of(self.uncertain, self.uncertain_parts, self.at().values, path, part)

    @cached_property
    def uncertain_paths(self) -> tuple[str, ...]:
        """The paths of all uncertain inputs."""
        parts = (path for one in self.uncertain_parts for path in one.paths.values())
        return tuple(sorted({*(one.path for one in self.uncertain), *parts}))


class Evaluated:
    """What a model gives under some values; each part is worked out when it is asked for."""

    def __init__(self, model: Model, values: Values) -> None:
        """Keep the model and the values."""
        self.model = model
        self.values = values

    @cached_property
    def price(self) -> Draws:
        """The price under discussion, yuan per unit."""
        return self.values[PRICE]

    @cached_property
    def price_factor(self) -> Draws:
        """The price of a draw relative to its mean, by [draw]."""
        return self.values[PRICE_FACTOR]

    @cached_property
    def budget(self) -> BudgetModel | None:
        """The budget impact model; none where there is no population."""
        layout = self.model.budget_layout
        return None if layout is None else build_budget(layout, self.values)

    @cached_property
    def strategies(self) -> tuple[Outcome, ...]:
        """The outcomes of all strategies; empty where there are none.

        Raises:
            ModelFaultsError: A number has no meaning in one of the draws.
        """
        layout = self.model.outcome_layout
        return () if layout is None else build_outcomes(layout, self.values)

    def strategy(self, name: str) -> Outcome:
        """The outcome of one strategy.

        Raises:
            KeyError: There is none of that name.
        """
        layout = self.model.outcome_layout
        for one in layout.strategies if layout is not None else ():
            if one.name == name and layout is not None:
                return build_outcome(layout, one, self.values)
        raise KeyError(name)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The constraints, in the order of the file."""
        tables = [self._table(template) for template in self.model.constraint_templates]
        return tuple(read_constraint(table, years=self.model.years) for table in tables)

    @cached_property
    def managed_entry(self) -> ManagedEntry:
        """The agreement between fund and maker; an empty one where the model has none."""
        template = self.model.templates.get("managed_entry")
        if template is None:
            return ManagedEntry()
        return read_managed_entry(self._table(template), years=self.model.years or 1)

    @cached_property
    def elasticity(self) -> Elasticity | None:
        """How uptake follows the price, where the model says so."""
        template = self.model.templates.get("elasticity")
        if template is None:
            return None
        return read_elasticity(self._table(template), price=float(self.price[0]))

    @cached_property
    def combination(self) -> Combination:
        """How several ceilings become one price; the lowest unless the model says otherwise."""
        template = self.model.templates.get("combination")
        return Combination() if template is None else read_combination(self._table(template))

    def _table(self, template: Template) -> Table:
        return cast("Table", plain_values(template, self.values))
