"""A model under scenarios, in draws and at single points, each worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from pricing.ceilings import Basis, Constraint, Indication, probability_of
from pricing.draws import Draws
from pricing.model_file import Evaluated, Model
from pricing.model_file.budget_layout import PRICE, PRICE_FACTOR

DRAWS = 10_000
"""Draws of an analysis whose number nobody gave."""


@dataclass(frozen=True, slots=True)
class Part:
    """One model of one price: the model itself, or that of one indication.

    Attributes:
        name: Of the indication; empty where there is only one.
        model: Its model.
    """

    name: str
    model: Model

    @property
    def prefix(self) -> str:
        """What the paths of its inputs begin with in the whole."""
        return f"indication.{self.name}." if self.name else ""

    def own(self, overrides: Mapping[str, Draws]) -> dict[str, Draws]:
        """The overrides of its inputs, without the prefix."""
        length = len(self.prefix)
        return {
            path[length:]: values
            for path, values in overrides.items()
            if path.startswith(self.prefix)
        }


def parts_of(model: Model) -> tuple[Part, ...]:
    """The models under one price: the model itself where it names no indications."""
    if not model.indications:
        return (Part("", model),)
    return tuple(Part(one.name, one.model) for one in model.indications)


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """A model worked out at some values, with those of its indications.

    Attributes:
        whole: The model that names price, constraints and agreement.
        parts: Each indication's, by its name; the model itself where it names none.
    """

    whole: Evaluated
    parts: tuple[tuple[str, Evaluated], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """A model in many draws.

    Attributes:
        inputs: The drawn inputs by path.
        basis: What ceilings are computed from.
    """

    inputs: Mapping[str, Draws]
    basis: Basis

    def of(self, indication: str) -> dict[str, Draws]:
        """The drawn inputs that matter to one indication: its own, and those of the price."""
        prefix = f"indication.{indication}." if indication else ""
        return {
            PRICE if path == PRICE_FACTOR else path: values
            for path, values in self.inputs.items()
            if path.startswith(prefix) or not path.startswith("indication.")
        }


@dataclass(slots=True)
class Runs:
    """One model, evaluated in the ways that a report needs.

    Attributes:
        model: The model.
        draws: Of the probabilistic analysis; 0 for none.
        seed: Of its draws.
    """

    model: Model
    draws: int
    seed: int
    _plain: dict[str | None, Worked] = field(default_factory=dict)
    _basis: dict[str | None, Basis] = field(default_factory=dict)
    _sampled: dict[tuple[str | None, int, int], Sampled] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The models under the one price."""
        return parts_of(self.model)

    @property
    def has_uncertainty(self) -> bool:
        """Whether anything is uncertain, in the model or in its indications."""
        return self.model.has_uncertainty or any(one.model.has_uncertainty for one in self.parts)

    def worked(self, scenario: str | None = None) -> Worked:
        """The model with its plain values, and its indications."""
        if scenario not in self._plain:
            self._plain[scenario] = self._work({}, scenario)
        return self._plain[scenario]

    def plain(self, scenario: str | None = None) -> Evaluated:
        """The model itself with its plain values."""
        return self.worked(scenario).whole

    def basis(self, scenario: str | None = None) -> Basis:
        """The basis of ceilings with the plain values."""
        if scenario not in self._basis:
            self._basis[scenario] = basis_of(self.worked(scenario), self.plain(scenario))
        return self._basis[scenario]

    def sampled(
        self, draws: int | None = None, seed: int | None = None, scenario: str | None = None
    ) -> Sampled:
        """The model in many draws: those of the run unless others are asked for."""
        key = (scenario, draws or self.draws or DRAWS, self.seed if seed is None else seed)
        if key not in self._sampled:
            inputs = self._draw(key[1], key[2])
            basis = basis_of(self._work(inputs, scenario), self.plain(scenario))
            self._sampled[key] = Sampled(inputs, basis)
        return self._sampled[key]

    def basis_for(self, constraint: Constraint, scenario: str | None = None) -> Basis:
        """The basis that a constraint asks for: in draws if it has a probability."""
        at = probability_of(constraint)
        if at is None or not self.has_uncertainty:
            return self.basis(scenario)
        return self.sampled(at.draws, at.seed, scenario).basis

    def ranges(self, low: float, high: float) -> dict[str, tuple[float, float, float]]:
        """Plain value and two quantiles of every uncertain input, by its path in the whole."""
        models = [("", self.model)]
        models += [(part.prefix, part.model) for part in self.parts if part.name]
        found = {}
        for prefix, model in models:
            plain = model.at().values
            for path in model.uncertain_paths:
                ends = model.quantile(path, low), model.quantile(path, high)
                found[prefix + path] = (float(plain[path][0]), *ends)
        # The price of an indication's own file gives way to the one price.
        return {path: ends for path, ends in found.items() if not _is_own_price(path)}

    def at(self, points: Mapping[str, Draws]) -> Worked:
        """The model at other values of its uncertain inputs, each varied alone.

        Where the negotiated price is uncertain its factor is varied; parts that are drawn together
        give way to the one that is varied.

        Args:
            points: By path: the values, as many as there are points.
        """
        moved = dict(points)
        for prefix, model in [("", self.model), *((one.prefix, one.model) for one in self.parts)]:
            plain = model.at().values
            for group in model.uncertain_parts:
                if not group.counted:
                    paths = {prefix + path: float(plain[path][0]) for path in group.paths.values()}
                    _give_way(paths, moved)
        if PRICE in moved:
            moved[PRICE_FACTOR] = moved.pop(PRICE) / self.model.negotiated.price
        return self._work(moved, None)

    def _draw(self, draws: int, seed: int) -> dict[str, Draws]:
        drawn = dict(self.model.sample(np.random.default_rng(seed), draws))
        for number, part in enumerate(self.parts):
            if part.name:
                own = part.model.sample(np.random.default_rng([seed, number]), draws)
                drawn |= {part.prefix + path: values for path, values in own.items()}
        return {path: values for path, values in drawn.items() if not _is_own_price(path)}

    def _work(self, overrides: Mapping[str, Draws], scenario: str | None) -> Worked:
        mine = {path: one for path, one in overrides.items() if not path.startswith("indication.")}
        whole = self.model.at(mine, scenario)
        if not self.model.indications:
            return Worked(whole, (("", whole),))
        price = {PRICE: whole.price, PRICE_FACTOR: whole.price_factor}
        return Worked(
            whole,
            tuple((part.name, part.model.at(part.own(overrides) | price)) for part in self.parts),
        )


def basis_of(worked: Worked, plain: Evaluated) -> Basis:
    """What ceilings are computed from.

    Args:
        worked: The model, in one draw or in many.
        plain: The model with its plain values, whose agreement and elasticity hold, because these
            are single numbers.
    """
    indications = tuple(
        Indication(
            name=name,
            budget=part.budget,
            outcomes=part.strategies,
            reference=part.model.reference,
            negotiated=part.model.negotiated_strategy,
        )
        for name, part in worked.parts
    )
    return Basis(
        price=float(plain.price[0]),
        indications=indications,
        factor=worked.whole.price_factor,
        agreement=plain.managed_entry,
        elasticity=plain.elasticity,
    )


def _is_own_price(path: str) -> bool:
    return path.startswith("indication.") and path.endswith((f".{PRICE}", f".{PRICE_FACTOR}"))


def _give_way(plain: Mapping[str, float], points: dict[str, Draws]) -> None:
    """Let the other parts of a whole shrink where one of them grows."""
    varied = {path: points[path] for path in plain}
    for path, values in varied.items():
        room = 1 - plain[path]
        scale = np.where(values == plain[path], 1.0, (1 - values) / room if room else 1.0)
        for other in plain:
            if other != path:
                points[other] = points[other] * scale
