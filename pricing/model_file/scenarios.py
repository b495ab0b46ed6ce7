"""Reads ``[scenario.NAME]``: what a named scenario replaces."""

from collections.abc import Iterator, Mapping

from pricing.faults import quoted
from pricing.model_file.aliases import resolve_alias
from pricing.model_file.document import Section
from pricing.model_file.expressions import Expression
from pricing.model_file.inputs import Register
from pricing.model_file.places import Place

Scenarios = dict[str, dict[str, tuple[Expression, Place]]]
"""By name and path: what replaces an input, and where it stands."""


def read_scenarios(top: Section, register: Register) -> Scenarios:
    """Read all scenarios; a path that is no input is a fault."""
    found: Scenarios = {}
    for name, section in top.named_sections("scenario"):
        if name == "base":
            section.fault("", "base 是原方案的名称", "base is the name of the plain model")
        found[name] = {}
        for keys, raw in _leaves(section.raw):
            _read_one(section, register, keys, raw, found[name])
    return found


def _read_one(
    section: Section,
    register: Register,
    keys: tuple[str, ...],
    raw: object,
    found: dict[str, tuple[Expression, Place]],
) -> None:
    place = section.place(*keys)
    name = ".".join(keys)
    values = raw if isinstance(raw, list) else [raw]
    for number, value in enumerate(values):
        own = f"{name}.{number + 1}" if isinstance(raw, list) else name
        path = resolve_alias(own, register.inputs)
        if path is None:
            section.faults.add(
                place,
                f"没有输入 {quoted(own)}；应为某个输入的路径",
                f"{quoted(own)} is no input: expected the path of one, such as share_with.NAME",
            )
        elif path in found:
            section.faults.add(place, f"{path} 重复", f"{path} is given twice: expected once")
        else:
            expression = register.expression(value, place, text_offset=1)
            if expression is not None:
                found[path] = (expression, place)


def _leaves(
    raw: Mapping[str, object], before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in raw.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*before, key))
        else:
            yield (*before, key), value
