"""The values of inputs: overridden, of a scenario, or of the model, worked out when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from pricing.draws import Draws, as_draws, number_of_draws, part_of
from pricing.model_file.expressions import Expression
from pricing.model_file.inputs import CYCLE, PARAMETER, Input


@dataclass(frozen=True, slots=True)
class Names:
    """What names in expressions can mean.

    Attributes:
        inputs: All inputs by path.
        proportions: By ``STRATEGY.FROM.TO``, for strategies with observed counts: the path of the
            count and the paths of its whole row.
    """

    inputs: Mapping[str, Input]
    proportions: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def paths_of(self, name: str) -> tuple[str, ...] | None:
        """The inputs that a name takes its value from; none where it is unknown."""
        path = self.input_of(name)
        if path is not None:
            return (path,)
        found = self.proportions.get(name)
        return None if found is None else found[1]

    def input_of(self, name: str) -> str | None:
        """The input of a name: a parameter, or any input by its whole path."""
        parameter = f"{PARAMETER}.{name}"
        if parameter in self.inputs:
            return parameter
        return name if name in self.inputs else None


class Values:
    """The values of all inputs under some overrides.

    An override wins over a scenario, a scenario over the model. Each is worked out once.
    """

    def __init__(
        self,
        names: Names,
        scenario: Mapping[str, Expression] = MappingProxyType({}),
        overrides: Mapping[str, Draws] = MappingProxyType({}),
    ) -> None:
        """Keep what the values come from."""
        self._names = names
        self._scenario = scenario
        self._overrides = overrides
        self._known: dict[str, Draws] = dict(overrides)

    @property
    def draws(self) -> int:
        """The number of draws of the overrides."""
        return number_of_draws(self._overrides.values())

    def of_draws(self, part: slice) -> "Values":
        """The same for some of the draws."""
        chosen = {path: part_of(array, part) for path, array in self._overrides.items()}
        return Values(self._names, self._scenario, chosen)

    def is_overridden(self, path: str) -> bool:
        """Whether an override names the input."""
        return path in self._overrides

    def __getitem__(self, path: str) -> Draws:
        """The value of an input, by [draw]."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self.expression(path).value(self._name)
        return known

    def expression(self, path: str) -> Expression:
        """What the value comes from, if nothing overrides it."""
        return self._scenario.get(path) or self._names.inputs[path].expression

    def yearly(self, paths: Sequence[str]) -> Draws:
        """One value for all years, by [draw], or one for each, by [year, draw]."""
        return self[paths[0]] if len(paths) == 1 else stacked([self[path] for path in paths])

    def at_cycle(self, path: str, cycle: ArrayLike) -> Draws:
        """The value of an input in a cycle, from 1, by [draw]; or in several, one for each draw."""
        if path in self._overrides or CYCLE not in self.expression(path).names:
            return self[path]
        number = as_draws(cycle)
        return self.expression(path).value(
            lambda name: number if self._is_cycle(name) else self._name(name)
        )

    def of(self, expression: Expression) -> Draws:
        """The value of an expression that belongs to no input."""
        return expression.value(self._name)

    def path_of(self, name: str) -> str | None:
        """The input of a name."""
        return self._names.input_of(name)

    def uses_cycle(self, path: str) -> bool:
        """Whether the value changes with the number of the cycle."""
        return (
            path not in self._overrides
            and CYCLE in self.expression(path).names
            and self._is_cycle(CYCLE)
        )

    def _is_cycle(self, name: str) -> bool:
        # A parameter of that name wins.
        return name == CYCLE and f"{PARAMETER}.{CYCLE}" not in self._names.inputs

    def _name(self, name: str) -> Draws:
        path = self._names.input_of(name)
        if path is not None:
            return self[path]
        count, row = self._names.proportions[name]
        return self[count] / sum((self[one] for one in row), as_draws(0))


def stacked(arrays: Sequence[Draws]) -> Draws:
    """Arrays by [draw] as one of [item, draw]; certain ones are repeated only if needed.

    Examples:
        >>> stacked([as_draws(1), as_draws([2, 3])])
        array([[1., 1.],
               [2., 3.]])
    """
    draws = number_of_draws(arrays)
    whole = np.empty((len(arrays), draws))
    for row, array in zip(whole, arrays, strict=True):
        row[:] = array
    return whole
