"""Uncertain inputs: reading their distributions, drawing them, their quantiles."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from pricing.distributions import (
    KINDS,
    Dirichlet,
    Distribution,
    DistributionError,
    make_distribution,
)
from pricing.draws import Draws
from pricing.faults import quoted
from pricing.model_file.aliases import resolve_alias
from pricing.model_file.budget_layout import PRICE, PRICE_FACTOR
from pricing.model_file.document import Section
from pricing.model_file.inputs import Input, Register, Uncertain
from pricing.model_file.outcome_layout import OutcomeLayout
from pricing.model_file.places import Place
from pricing.model_file.quantities import Quantity
from pricing.model_file.values import Values


@dataclass(frozen=True, slots=True)
class UncertainParts:
    """Inputs that are drawn together and add up to 1.

    Attributes:
        path: What the inputs have in common.
        dirichlet: What they are drawn from.
        paths: The path of each part, by its name.
        place: Where the distribution stands.
        counted: Whether the inputs are counts, which become parts of their row.
    """

    path: str
    dirichlet: Dirichlet
    paths: Mapping[str, str]
    place: Place
    counted: bool = False


@dataclass(slots=True)
class UncertainReader:
    """Reads all distributions of a model; their arguments may be expressions of parameters."""

    register: Register
    values: Values
    sound: frozenset[str]

    def read(self, top: Section) -> tuple[tuple[Uncertain, ...], tuple[UncertainParts, ...]]:
        """Read those beside their inputs and those of ``[uncertain]``."""
        single: dict[str, Uncertain] = {}
        parts: dict[str, UncertainParts] = {}
        for path, (section, key) in self.register.distributions.items():
            inner = section.section(key)
            if inner is not None:
                self._one(inner, "kind", path, single, parts)
        outer = top.section("uncertain")
        for name in outer.raw if outer is not None else ():
            section_of_name = outer.section(name) if outer is not None else None
            if section_of_name is not None:
                self._one(section_of_name, "distribution", name, single, parts)
        return tuple(single.values()), tuple(parts.values())

    def _one(
        self,
        section: Section,
        key: str,
        name: str,
        single: dict[str, Uncertain],
        parts: dict[str, UncertainParts],
    ) -> None:
        path = resolve_alias(name, self.register.inputs) or name
        if path in single or path in parts:
            section.fault(
                "", f"{path} 已有分布", f"{path} has a distribution already: expected one"
            )
            return
        kind = section.choice(key, KINDS)
        arguments = {
            argument: self._argument(section, argument, raw)
            for argument, raw in section.raw.items()
            if argument != key
        }
        if kind == "dirichlet":
            found = self._parts(section, path, arguments)
            if found is not None:
                parts[path] = found
            return
        self._single(section, kind, path, arguments, single)

    def _single(
        self,
        section: Section,
        kind: str,
        path: str,
        arguments: dict[str, object],
        single: dict[str, Uncertain],
    ) -> None:
        if path not in self.register.inputs:
            section.fault(
                "",
                f"没有输入 {quoted(path)}；应为某个输入的路径",
                f"{quoted(path)} is no input: expected the path of one",
            )
            return
        if "mean" not in arguments and {"sd", "se", "cv"} & set(arguments) and path in self.sound:
            arguments["mean"] = float(self.values[path][0])
        try:
            distribution = make_distribution(kind, arguments)
        except DistributionError as error:
            section.fault(
                error.argument if error.argument in section.raw else "", error.zh, error.en
            )
            return
        self._check_support(section, self.register.inputs[path], distribution)
        single[path] = Uncertain(path, distribution, section.place())

    def _check_support(self, section: Section, of: Input, distribution: Distribution) -> None:
        if of.path == PRICE and not distribution.mean > 0:
            section.fault("", "价格的均值应大于 0", "a mean that is not above 0: expected a price")
        least, most = distribution.support
        quantity = of.quantity
        if not _is_inside(quantity, least, most, distribution.mean):
            zh, en = quantity.expected()
            section.fault(
                "",
                f"分布取值 {least:g} 至 {most:g}、均值 {distribution.mean:g}，"
                f"超出{quantity.zh}的范围；应为{zh}",
                f"draws from {least:g} to {most:g} with mean {distribution.mean:g}, beyond "
                f"{quantity.en}: expected {en}",
            )

    def _parts(
        self, section: Section, path: str, arguments: dict[str, object]
    ) -> UncertainParts | None:
        counts = arguments.get("alpha", arguments.get("counts"))
        if not isinstance(counts, Mapping) or len(arguments) != 1:
            section.fault(
                "",
                "dirichlet 应只有 alpha = { 名称 = 计数, … }",
                "a dirichlet needs alpha = { name = count, … } and nothing else",
            )
            return None
        paths = {
            name: resolve_alias(f"{path}.{name}", self.register.inputs) or f"{path}.{name}"
            for name in counts
        }
        for one in paths.values():
            if one not in self.register.inputs:
                section.fault(
                    "",
                    f"没有输入 {quoted(one)}",
                    f"{quoted(one)} is no input: expected the path of one",
                )
                return None
        try:
            dirichlet = Dirichlet({name: float(count) for name, count in counts.items()})
        except (DistributionError, TypeError, ValueError) as error:
            section.fault("", f"计数不可用（{error}）", f"no counts ({error})")
            return None
        return UncertainParts(path, dirichlet, paths, section.place())

    def _argument(self, section: Section, key: str, raw: object) -> object:
        if isinstance(raw, list):
            return [self._argument(section, key, entry) for entry in raw]
        if isinstance(raw, Mapping):
            return {name: self._argument(section, key, entry) for name, entry in raw.items()}
        if not isinstance(raw, str):
            return raw
        expression = self.register.expression(raw, section.place(key), text_offset=1)
        if expression is None:
            return None
        for name in sorted(expression.names):
            if self.values.path_of(name) not in self.sound:
                section.fault(
                    key, f"未知的名称 {name}", f"unknown name {name}: expected a parameter"
                )
                return None
        return float(self.values.of(expression)[0])


def _is_inside(quantity: Quantity, least: float, most: float, mean: float) -> bool:
    """Whether a distribution has its mean, and some support, where the quantity may be.

    Tails may reach beyond (a normal distribution of a cost); only a support that does so with
    certainty, because it is bounded, is refused.
    """
    if not quantity.admits(mean, mean) and not quantity.whole:
        return False
    below = least < quantity.least and np.isfinite(least)
    above = most > quantity.most and np.isfinite(most)
    return not (below or above)


def counted_rows(
    layout: OutcomeLayout | None,
    inputs: Mapping[str, Input],
    values: Values,
    sound: frozenset[str],
) -> tuple[UncertainParts, ...]:
    """The rows of observed counts, each drawn as a Dirichlet; a shared table is drawn once."""
    found: dict[str, UncertainParts] = {}
    for strategy in () if layout is None else layout.strategies:
        for origin, paths in strategy.transitions.counts.items():
            first = next(iter(paths.values()))
            path = f"{first.partition(':')[0]}:{origin}"
            numbers = {
                target: float(values[one][0]) for target, one in paths.items() if one in sound
            }
            if path in found or len(numbers) < len(paths):
                continue
            # Counts that make no distribution are noted where their values are looked at.
            with suppress(DistributionError):
                dirichlet = Dirichlet(numbers)
                place = inputs[first].place
                found[path] = UncertainParts(path, dirichlet, paths, place, counted=True)
    return tuple(found.values())


def sample_all(
    single: Sequence[Uncertain],
    parts: Sequence[UncertainParts],
    generator: np.random.Generator,
    draws: int,
) -> dict[str, Draws]:
    """Draw all uncertain inputs, in the order of their paths."""
    by_path: dict[str, Uncertain | UncertainParts] = {one.path: one for one in single}
    by_path |= {one.path: one for one in parts}
    drawn: dict[str, Draws] = {}
    for path in sorted(by_path):
        one = by_path[path]
        if isinstance(one, UncertainParts):
            sampled = one.dirichlet.sample(generator, draws)
            drawn |= {one.paths[name]: part for name, part in sampled.items()}
        elif path == PRICE:
            factor = one.distribution.sample(generator, draws) / one.distribution.mean
            drawn[PRICE_FACTOR] = factor
        else:
            drawn[path] = one.distribution.sample(generator, draws)
    return drawn


def quantile_of(
    single: Sequence[Uncertain],
    parts: Sequence[UncertainParts],
    values: Values,
    path: str,
    part: float,
) -> float:
    """A quantile of one uncertain input.

    A quantile of a count is the count that gives its row that part; of the negotiated price, the
    price under discussion times the quantile of its factor.

    Raises:
        KeyError: The input is not uncertain.
    """
    for one in single:
        if one.path == path:
            value = one.distribution.quantile(part)
            if path != PRICE:
                return value
            return float(values[PRICE][0]) * value / one.distribution.mean
    for group in parts:
        for name, own in group.paths.items():
            if own == path:
                share = group.dirichlet.quantile(name, part)
                if not group.counted:
                    return share
                rest = sum(
                    count for other, count in group.dirichlet.counts.items() if other != name
                )
                return rest * share / (1 - share) if share < 1 else group.dirichlet.counts[name]
    raise KeyError(path)
