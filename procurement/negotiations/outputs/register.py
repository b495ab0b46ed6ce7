"""The register of assumptions: every input with where it comes from, and how unsure it is."""

import re
from collections.abc import Iterator, Mapping

from pricing.faults import shown
from pricing.model_file import Model
from pricing.model_file.budget_layout import PRICE
from procurement.negotiations.outputs.figures import Register
from procurement.negotiations.outputs.said import CURRENCIES, YUAN, Said

_CODE = re.compile(r"[A-Z]{3}(?= |$)")


def register_of(model: Model) -> list[Register]:
    """All inputs that the model and its indications give, in the order of their files."""
    found = _own_register(model, "")
    for one in model.indications:
        found += _own_register(one.model, f"indication.{one.name}.")
    return found


def _own_register(model: Model, prefix: str) -> list[Register]:
    spread = distributions_of(model)
    values = model.at().values
    return [
        Register(
            path=f"{prefix}{path}",
            value=one.expression.text,
            computed=None if one.by_cycle else float(values[path][0]),
            unit=one.unit,
            source=one.source,
            date=one.date,
            verified=one.verified,
            distribution=spread.get(path, ""),
        )
        for path, one in model.inputs.items()
        # The price of an indication gives way to the one price.
        if not one.is_default and not (prefix and path == PRICE)
    ]


def distributions_of(model: Model) -> Mapping[str, str]:
    """The distributions of a model in words, by the path of the input."""
    words = {}
    for one in model.uncertain:
        arguments = one.distribution.arguments.items()
        listed = ", ".join(f"{name} = {_argument(value)}" for name, value in arguments)
        words[one.path] = f"{one.distribution.kind} ({listed})"
    for group in model.uncertain_parts:
        for name, path in group.paths.items():
            words[path] = f"dirichlet ({shown(group.dirichlet.counts[name])})"
    return words


def _argument(value: object) -> str:
    if isinstance(value, int | float):
        return shown(float(value))
    if isinstance(value, list):
        return f"{len(value)} values"
    return str(value)


def currency_of(model: Model) -> Said:
    """The one currency that the units of a model name; yuan where they name none.

    A currency that the units do not know is the price's own, by its three letters.
    """
    for one in model.inputs.values():
        dimension = one.dimension
        for name, _ in sorted(dimension.powers) if dimension is not None else ():
            return CURRENCIES.get(name, Said(name, name))
    price = _CODE.match(model.inputs[PRICE].unit)
    return Said(price[0], price[0]) if price else YUAN


def effect_unit(model: Model) -> str:
    """The unit that the model gives the effects of its states or nodes; empty where none."""
    models = [model, *(one.model for one in model.indications)]
    found = next((unit for one in models for unit in _effect_units(one)), "")
    return found.partition(" per ")[0].partition("/")[0]


def _effect_units(model: Model) -> Iterator[str]:
    """The units that are given to effects."""
    layout = model.outcome_layout
    for strategy in layout.strategies if layout is not None else ():
        of = strategy.effect
        paths = [of.everywhere, *of.always.values(), *of.at.values()]
        paths += [branch.effect for branch in strategy.tree]
        yield from filter(None, (model.inputs[path].unit for path in paths if path is not None))
