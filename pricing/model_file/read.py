"""Reads a whole model, and notes every fault in it at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from pricing.ceilings import read_combination, read_constraint
from pricing.faults import Fault, FaultList, ModelFaultsError
from pricing.managed_entry import read_elasticity, read_managed_entry
from pricing.model_file import quantities
from pricing.model_file.budget_layout import PRICE, PRICE_FACTOR, BudgetLayout
from pricing.model_file.document import Document, Section, parse_document
from pricing.model_file.expressions import FUNCTIONS, constant
from pricing.model_file.files import MODEL_TOML, Files, digest_of, files_at
from pricing.model_file.indications import read_indications, years_of
from pricing.model_file.inputs import PARAMETER, Input, Register
from pricing.model_file.model import Model, Negotiated
from pricing.model_file.name_checks import NameChecks
from pricing.model_file.outcome_layout import OutcomeLayout
from pricing.model_file.plain import Template, leaves_of, plain_values, read_plain
from pricing.model_file.read_budget import read_budget
from pricing.model_file.read_outcome import read_outcome
from pricing.model_file.scenarios import Scenarios, read_scenarios
from pricing.model_file.try_out import try_out
from pricing.model_file.uncertain import UncertainReader, counted_rows
from pricing.model_file.value_checks import ValueChecks
from pricing.model_file.values import Names, Values
from pricing.plain_table import Table

TOP_KEYS = (
    *("title", "negotiated", "parameter", "population", "uptake", "fund", "treatment"),
    *("scenario", "constraint", "uncertain", "cost_effectiveness"),
    *("managed_entry", "elasticity", "combination", "indication"),
)
_TABLES: Mapping[str, Callable[[Table, int], object]] = {
    "managed_entry": lambda table, years: read_managed_entry(table, years=years),
    "elasticity": lambda table, years: read_elasticity(table, price=1.0),
    "combination": lambda table, years: read_combination(table),
}
"""Tables that others read, and how, for so many years."""


def read_model(path: Path) -> Model:
    """Read a model: a folder with ``model.toml`` and its tables, or one ``.toml`` file.

    Raises:
        ModelFaultsError: With every fault: file, line, column, what was found and expected.
    """
    return parse_model(files_at(path))


def parse_model(files: Files) -> Model:
    """Read a model from the contents of its files; the model itself is ``model.toml``.

    Raises:
        ModelFaultsError: With every fault: file, line, column, what was found and expected.

    Examples:
        >>> model = parse_model({"model.toml": b'''
        ... title = "a drug"
        ... [negotiated]
        ... name = "A"
        ... price = 100
        ... [population]
        ... years = 2
        ... size = "people / 2"
        ... [parameter.people]
        ... value = 2000
        ... [[treatment]]
        ... name = "A"
        ... share_with = 1
        ... [[treatment]]
        ... name = "none"
        ... share_without = 1
        ... '''})
        >>> from pricing.budget_impact import budget_impact
        >>> budget_impact(model.at().budget).impact[:, 0]
        array([100000., 100000.])
    """
    faults = FaultList()
    document = parse_document(files, faults)
    if document is None:
        raise ModelFaultsError(faults.faults)
    # Values that are no numbers are faults, noted at their place; nothing need warn of them.
    with np.errstate(all="ignore"):
        model = _read_document(document)
    if not faults.faults:
        try_out(model, document)
    if faults.faults:
        raise ModelFaultsError(sorted(faults.faults, key=_in_the_files), faults.more)
    return model


def _read_document(document: Document) -> Model:
    try:
        return _Reading(document, Register(document.faults)).model()
    except RecursionError:
        zh, en = "列表或表嵌套过深", "holds lists or tables nested too deep: expected a few levels"
        raise ModelFaultsError([Fault(MODEL_TOML, zh, en)]) from None


def _in_the_files(fault: Fault) -> tuple[bool, str, int, int]:
    """The order of faults: by file, the model itself first, then by line and column."""
    file, _, rest = fault.where.partition(":")
    line, _, rest = rest.partition(":")
    column = rest.partition(":")[0]
    return file != MODEL_TOML, file, _position(line), _position(column)


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(slots=True)
class _Reading:
    """One model while it is being read."""

    document: Document
    register: Register

    @property
    def faults(self) -> FaultList:
        return self.document.faults

    def model(self) -> Model:
        top = self.document.top
        top.check_keys(*TOP_KEYS)
        negotiated, unit = self._negotiated(top)
        self._parameters(top)
        budget = read_budget(top, self.register, negotiated)
        outcome = read_outcome(top, self.register)
        indications = read_indications(top, parse_model)
        if budget is None and outcome is None and "indication" not in top.raw:
            top.fault(
                "",
                "没有 [population]，也没有 [cost_effectiveness]",
                "has neither [population] nor [cost_effectiveness]: expected at least one",
            )
        constraints = tuple(read_plain(one, self.register) for one in top.sections("constraint"))
        templates = self._templates(top)
        scenarios = read_scenarios(top, self.register)
        names = Names(self.register.inputs, _proportions(outcome))
        sound = self._sound(names, scenarios)
        values = Values(names)
        single, parts = UncertainReader(self.register, values, sound).read(top)
        rows = counted_rows(outcome, self.register.inputs, values, sound)
        self._check_values(names, values, sound, scenarios, (budget, outcome))
        years = years_of(budget, indications)
        outcomes = [outcome, *(one.model.outcome_layout for one in indications)]
        self._check_constraints(constraints, values, sound, years, outcomes=any(outcomes))
        self._check_tables(templates, values, sound, years or 1)
        files = {name: self.document.files[name] for name in sorted(self.document.used)}
        return Model(
            title=top.text("title"),
            negotiated=Negotiated(negotiated, unit, self._price(values, sound)),
            names=names,
            scenarios={
                name: {path: expression for path, (expression, _) in replaced.items()}
                for name, replaced in scenarios.items()
            },
            uncertain=single,
            uncertain_parts=(*parts, *rows),
            budget_layout=budget,
            outcome_layout=outcome,
            constraint_templates=constraints,
            templates=templates,
            files=files,
            digest=digest_of(files),
            indications=indications,
        )

    def _negotiated(self, top: Section) -> tuple[str, str]:
        section = top.section("negotiated")
        if section is None:
            top.fault("negotiated", "缺少 [negotiated]", "is missing: expected [negotiated]")
            return "", ""
        section.check_keys("name", "price", "unit")
        self.register.number(section, "price", quantities.PRICE)
        one = constant(1.0)
        place = section.place("price")
        self.register.add(Input(PRICE_FACTOR, one, quantities.POSITIVE, place, is_default=True))
        # Only the budget impact needs the name, to know which treatment it is.
        is_named = "population" in top.raw or "name" in section.raw
        return section.text("name", None if is_named else ""), section.text("unit", "")

    def _parameters(self, top: Section) -> None:
        outer = top.section(PARAMETER)
        for name in outer.raw if outer is not None else ():
            if outer is None:
                continue
            if not name.isidentifier() or name in FUNCTIONS:
                outer.fault(
                    name,
                    "参数名应由字母、数字、下划线组成，且不是 exp、log",
                    "expected a name of letters, digits and _, and not exp or log",
                )
            elif isinstance(outer.raw[name], Mapping):
                inner = outer.section(name)
                if inner is not None:
                    self.register.documented(inner, quantities.ANYTHING)
            else:
                self.register.number(outer, name, quantities.ANYTHING)

    def _templates(self, top: Section) -> dict[str, Template]:
        found = {}
        for key in _TABLES:
            section = top.section(key)
            if section is not None:
                found[key] = read_plain(section, self.register)
        return found

    def _sound(self, names: Names, scenarios: Scenarios) -> frozenset[str]:
        checks = NameChecks(names, self.faults)
        sound = checks.sound_paths()
        checks.check_units(sound)
        for replaced in scenarios.values():
            # Inputs that a scenario breaks are not worked out in the plain model either.
            in_scenario = NameChecks(names, self.faults, replaced)
            its_own = in_scenario.sound_paths()
            in_scenario.check_units(its_own & sound)
            sound &= its_own
        return sound

    def _check_values(
        self,
        names: Names,
        values: Values,
        sound: frozenset[str],
        scenarios: Scenarios,
        layouts: tuple[BudgetLayout | None, OutcomeLayout | None],
    ) -> None:
        budget, outcome = layouts
        cycles = 1 if outcome is None else outcome.cycles
        plain = ValueChecks(names, values, sound, self.faults)
        plain.check_inputs(cycles=cycles)
        if budget is not None:
            plain.check_shares(budget)
        before = len(self.faults.faults)
        if outcome is not None:
            plain.check_strategies(outcome)
        rows_are_sound = len(self.faults.faults) == before
        for name, replaced in scenarios.items():
            changed = Values(names, {path: one for path, (one, _) in replaced.items()})
            places = {path: place for path, (_, place) in replaced.items()}
            checks = ValueChecks(names, changed, sound, self.faults, name, places, values)
            checks.check_inputs(cycles=cycles)
            if budget is not None:
                checks.check_shares(budget)
            if outcome is not None and rows_are_sound:
                checks.check_strategies(outcome)

    def _price(self, values: Values, sound: frozenset[str]) -> float:
        return float(values[PRICE][0]) if PRICE in sound else 0.0

    def _check_constraints(
        self,
        templates: Sequence[Template],
        values: Values,
        sound: frozenset[str],
        years: int | None,
        *,
        outcomes: bool,
    ) -> None:
        for number, template in enumerate(templates):
            if set(leaves_of(template)) <= sound:
                table = cast("Table", plain_values(template, values))
                read = partial(read_constraint, table, years=years, has_outcomes=outcomes)
                self._place_faults(("constraint", str(number)), read)

    def _check_tables(
        self, templates: Mapping[str, Template], values: Values, sound: frozenset[str], years: int
    ) -> None:
        for key, template in templates.items():
            if set(leaves_of(template)) <= sound:
                table = cast("Table", plain_values(template, values))
                self._place_faults((key,), partial(_TABLES[key], table, years))

    def _place_faults(self, path: tuple[str, ...], read: Callable[[], object]) -> None:
        """Let those who use a table read it once, and place their faults in the file."""
        try:
            read()
        except ModelFaultsError as error:
            for fault in error.faults:
                place = self.document.place((*path, *fault.where.split(".")))
                self.faults.add(place, fault.zh, fault.en)


def _proportions(layout: OutcomeLayout | None) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The names of all transitions of strategies with observed counts."""
    return {
        f"{strategy.name}.{origin}.{target}": (path, tuple(row.values()))
        for strategy in (() if layout is None else layout.strategies)
        for origin, row in strategy.transitions.counts.items()
        for target, path in row.items()
    }
