"""Checks of names: unknown ones, circles, and the units that expressions bring together."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from pricing.faults import FaultList
from pricing.model_file.expressions import (
    Binary,
    Call,
    Expression,
    Name,
    Negative,
    Node,
    Number,
    names_of,
)
from pricing.model_file.inputs import CYCLE, PARAMETER
from pricing.model_file.places import Place
from pricing.model_file.values import Names
from pricing.units import (
    LITERAL,
    PLAIN_NUMBER,
    UNKNOWN,
    Dimension,
    UnitError,
    check_money,
    of_function,
    of_product,
    of_sum,
)

_CYCLE_TABLES = ("transitions", "cost", "effect", "negotiated_units")


@dataclass(slots=True)
class NameChecks:
    """Follows names through the expressions of a model, as its own or of a scenario.

    Attributes:
        names: All inputs.
        replaced: Expressions of a scenario with their places.
        faults: Where faults are noted.
    """

    names: Names
    faults: FaultList
    replaced: Mapping[str, tuple[Expression, Place]] = field(default_factory=dict)
    _state: dict[str, bool | None] = field(default_factory=dict)
    _dimensions: dict[str, Dimension] = field(default_factory=dict)

    def sound_paths(self) -> frozenset[str]:
        """The inputs that can be worked out; for the others a fault is noted."""
        for path in self.names.inputs:
            self._visit(path)
        return frozenset(path for path, sound in self._state.items() if sound)

    def _expression(self, path: str) -> tuple[Expression, Place]:
        replaced = self.replaced.get(path)
        if replaced is not None:
            return replaced
        own = self.names.inputs[path]
        return own.expression, own.place

    def _visit(self, start: str) -> None:
        # By a stack of our own: a chain of parameters may be longer than Python's.
        stack = [(start, False)]
        trail: list[str] = []
        while stack:
            path, done = stack.pop()
            if done:
                trail.pop()
                self._state[path] = self._is_sound(path)
            elif path not in self._state:
                self._state[path] = None
                trail.append(path)
                stack.append((path, True))
                stack.extend((one, False) for one in self._needs(path))
            elif self._state[path] is None and path in trail:
                self._note_circle(trail[trail.index(path) :])

    def _needs(self, path: str) -> list[str]:
        found: list[str] = []
        expression, place = self._expression(path)
        for name in names_of(expression.node):
            paths = self.names.paths_of(name.name)
            if paths is not None:
                # An input whose own expression is at fault is not there; it is noted already.
                found.extend(one for one in paths if one in self.names.inputs)
            elif not (name.name == CYCLE and _may_use_cycle(path)):
                self._note_unknown(name, place)
        return found

    def _is_sound(self, path: str) -> bool:
        expression, _ = self._expression(path)
        for name in expression.names:
            paths = self.names.paths_of(name)
            if paths is None and not (name == CYCLE and _may_use_cycle(path)):
                return False
            if any(not self._state.get(one) for one in paths or ()):
                return False
        return True

    def _note_unknown(self, name: Name, place: Place) -> None:
        known = sorted(
            path.removeprefix(f"{PARAMETER}.")
            for path in self.names.inputs
            if path.startswith(f"{PARAMETER}.")
        )
        words = ", ".join(known[:12]) or "-"
        self.faults.add(
            _moved(place, name.at),
            f"未知的名称 {name.name}；应为参数：{words}",
            f"unknown name {name.name}: expected a parameter: {words}",
        )

    def _note_circle(self, trail: list[str]) -> None:
        # One fault for a circle, wherever it is entered.
        first = trail.index(min(trail))
        ring = [*trail[first:], *trail[:first]]
        words = " → ".join([*ring, ring[0]])
        _, place = self._expression(ring[0])
        self.faults.add(
            place,
            f"循环引用 {words}；应能逐步求值",
            f"circular: {words}: expected values that do not need themselves",
        )

    def check_units(self, sound: Container[str]) -> None:
        """Note every expression whose units do not go together or do not fit its input."""
        currencies: dict[str, str] = {}
        for path, own in self.names.inputs.items():
            money = own.quantity.money
            if path not in sound or money is None:
                continue
            found = self._dimension(path)
            try:
                check_money(found, money=money)
            except UnitError as error:
                self.faults.add(self._expression(path)[1], error.zh, error.en)
            else:
                for currency, _ in found.powers:
                    currencies.setdefault(currency, path)
        if len(currencies) > 1:
            first, *others = currencies.items()
            for currency, path in others:
                self.faults.add(
                    self._expression(path)[1],
                    f"单位为 {currency}；其他输入为 {first[0]}",
                    f"is in {currency}: expected {first[0]} as in {first[1]}",
                )

    def _dimension(self, path: str) -> Dimension:
        known = self._dimensions.get(path)
        if known is None:
            # While it is worked out; sound inputs are in no circle.
            self._dimensions[path] = UNKNOWN
            known = self._dimensions[path] = self._worked_out(path)
        return known

    def _worked_out(self, path: str) -> Dimension:
        expression, place = self._expression(path)
        stated = self.names.inputs[path].dimension
        try:
            found = self._of(expression.node)
            if stated is not None and stated.known and found.known and not found.literal:
                _check_same(stated, found)
        except UnitError as error:
            self.faults.add(place, error.zh, error.en)
            found = UNKNOWN
        return found if stated is None else stated

    def _of(self, node: Node) -> Dimension:
        if isinstance(node, Number):
            return LITERAL
        if isinstance(node, Name):
            return self._of_name(node.name)
        if isinstance(node, Negative):
            return self._of(node.node)
        if isinstance(node, Call):
            return of_function(node.function, self._of(node.node))
        return self._of_pair(node)

    def _of_pair(self, node: Binary) -> Dimension:
        left, right = self._of(node.left), self._of(node.right)
        if node.mark in "+-":
            return of_sum(left, right)
        return of_product(left, right, divided=node.mark == "/")

    def _of_name(self, name: str) -> Dimension:
        path = self.names.input_of(name)
        return PLAIN_NUMBER if path is None else self._dimension(path)


def _check_same(stated: Dimension, found: Dimension) -> None:
    if stated.powers != found.powers:
        raise UnitError(
            f"单位写作 {stated}，而算式得 {found}",
            f"its unit says {stated}, its expression gives {found}: expected the same",
        )


def _may_use_cycle(path: str) -> bool:
    return path.startswith("cost_effectiveness.strategy.") and any(
        f".{table}" in path for table in _CYCLE_TABLES
    )


def _moved(place: Place, by: int) -> Place:
    if isinstance(place.column, int):
        return Place(place.file, place.line, place.column + 1 + by, place.key)
    return place
