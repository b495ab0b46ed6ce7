"""Reads the survival curves of a strategy of a partitioned survival model."""

from pricing.cost_effectiveness import CURVES
from pricing.model_file import quantities
from pricing.model_file.document import Section
from pricing.model_file.inputs import Register
from pricing.model_file.outcome_layout import Curve
from pricing.model_file.tables import NOTES, read_table

_SIGNED = frozenset({("gompertz", "shape"), ("lognormal", "meanlog")})


def read_curves(section: Section, register: Register, states: int) -> tuple[Curve, ...]:
    """Read ``curves``: from the first event to death, one fewer than there are states."""
    found = tuple(_curve(one, register) for one in section.sections("curves"))
    if states and len(found) != states - 1:
        section.fault(
            "curves",
            f"有 {len(found)} 条曲线；{states} 个状态应有 {states - 1} 条",
            f"has {len(found)} curves: expected {states - 1} for {states} states",
        )
    return found


def _curve(section: Section, register: Register) -> Curve:
    kind = section.choice("kind", (*CURVES, "table"))
    ratio = None
    if "hazard_ratio" in section.raw:
        ratio = register.number(section, "hazard_ratio", quantities.POSITIVE)
    if kind == "table":
        section.check_keys("kind", "hazard_ratio", "table")
        return _table(section, register, ratio)
    names, _ = CURVES[kind]
    section.check_keys("kind", "hazard_ratio", *names)
    return Curve(
        kind=kind,
        parameters={
            name: register.number(
                section,
                name,
                quantities.PLAIN if (kind, name) in _SIGNED else quantities.POSITIVE,
            )
            for name in names
        },
        hazard_ratio=ratio,
    )


def _table(section: Section, register: Register, ratio: str | None) -> Curve:
    years: list[str] = []
    survival: list[str] = []
    for number, row in enumerate(read_table(section, "table", ("year", "survival"), NOTES)):
        for column, paths in (("year", years), ("survival", survival)):
            path = section.input_path(f"{column}.{number + 1}")
            quantity = quantities.UNITS if column == "year" else quantities.PROBABILITY
            register.cell(row, column, path, quantity)
            paths.append(path)
    return Curve("table", years=tuple(years), survival=tuple(survival), hazard_ratio=ratio)
