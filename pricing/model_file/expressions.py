"""Expressions in numbers and cells: + - * / ( ) exp log, numbers and names.

A small parser of our own: nothing of a model file is ever handed to Python to run.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from pricing.draws import Draws

FUNCTIONS = ("exp", "log")
_TOKENS_MAX = 400
_DEPTH_MAX = 50
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*(?:\.\w+)*)|(?P<mark>[-+*/()]))",
)


class ExpressionError(ValueError):
    """A text is no expression.

    Attributes:
        at: Position in the text, from 0.
        zh: What is wrong and what was expected, in Chinese.
        en: The same in English.
    """

    def __init__(self, at: int, zh: str, en: str) -> None:
        """Keep the position and the two texts."""
        super().__init__(en)
        self.at = at
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: np.float64


@dataclass(frozen=True, slots=True)
class Name:
    """A named input, and where its name stands in the text."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Negative:
    """A node with the other sign."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """``exp`` or ``log`` of a node."""

    function: str
    node: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two nodes with one of + - * / between them."""

    mark: str
    left: "Node"
    right: "Node"


Node = Number | Name | Negative | Call | Binary


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression.

    Attributes:
        text: As written.
        node: Its tree.
        names: The names that it uses.
    """

    text: str
    node: Node
    names: frozenset[str] = frozenset()

    @property
    def constant(self) -> float | None:
        """Its value where it is a plain number."""
        return float(self.node.value) if isinstance(self.node, Number) else None

    def value(self, lookup: Callable[[str], Draws]) -> Draws:
        """Its value, each name replaced by what ``lookup`` gives.

        Division by zero and the like give infinities or no number; the caller looks at the result.

        Examples:
            >>> parse_expression("2 * rr").value(lambda name: np.array([0.5, 1.0]))
            array([1., 2.])
        """
        with np.errstate(all="ignore"):
            return np.atleast_1d(np.asarray(_value(self.node, lookup), dtype=np.float64))


def constant(value: float) -> Expression:
    """The expression of a plain number."""
    return Expression(repr(value), Number(np.float64(value)))


def names_of(node: Node) -> Iterator[Name]:
    """All names in a tree, with their positions."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Negative | Call):
        yield from names_of(node.node)
    elif isinstance(node, Binary):
        yield from names_of(node.left)
        yield from names_of(node.right)


def parse_expression(text: str) -> Expression:
    """Parse the text of an expression.

    Raises:
        ExpressionError: With the position of what was not expected there.

    Examples:
        >>> parse_expression("1 - 0.3 * exp(-0.5)").value(lambda name: np.array([])).round(4)
        array([0.818])
        >>> parse_expression("2 +")
        Traceback (most recent call last):
        pricing.model_file.expressions.ExpressionError: ends early: expected a number, a name or (
    """
    parser = _Parser(text, list(_tokens(text)))
    node = parser.sum(0)
    parser.end()
    return Expression(text, node, frozenset(name.name for name in names_of(node)))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    position, end = 0, len(text.rstrip())
    for _ in range(_TOKENS_MAX):
        if position >= end:
            return
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise ExpressionError(
                at,
                f"第 {at + 1} 个字符 {text[at]!r} 不可用；应为数字、名称、+ - * / ( ) exp log",
                f"has {text[at]!r} at character {at + 1}: expected numbers, names, "
                "+ - * / ( ) exp log",
            )
        yield _Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        position = match.end()
    raise ExpressionError(
        position,
        f"过长；最多 {_TOKENS_MAX} 项",
        f"is too long: expected at most {_TOKENS_MAX} parts",
    )


@dataclass(slots=True)
class _Parser:
    text: str
    tokens: list[_Token]
    next: int = 0

    def sum(self, depth: int) -> Node:
        node = self.product(depth)
        while (mark := self.take("+", "-")) is not None:
            node = Binary(mark.text, node, self.product(depth))
        return node

    def product(self, depth: int) -> Node:
        node = self.signed(depth)
        while (mark := self.take("*", "/")) is not None:
            node = Binary(mark.text, node, self.signed(depth))
        return node

    def signed(self, depth: int) -> Node:
        if depth > _DEPTH_MAX:
            raise ExpressionError(
                0,
                f"嵌套过深；最多 {_DEPTH_MAX} 层",
                f"is nested too deep: expected at most {_DEPTH_MAX} levels",
            )
        mark = self.take("+", "-")
        if mark is None:
            return self.atom(depth)
        node = self.signed(depth + 1)
        if mark.text == "+":
            return node
        return Number(-node.value) if isinstance(node, Number) else Negative(node)

    def atom(self, depth: int) -> Node:
        token = self.tokens[self.next] if self.next < len(self.tokens) else None
        if token is None:
            raise self.unexpected("数字、名称或（", "a number, a name or (")
        self.next += 1
        if token.kind == "number":
            return Number(np.float64(token.text.replace("_", "")))
        if token.kind == "name" and token.text not in FUNCTIONS:
            return Name(token.text, token.at)
        if token.kind == "name":
            if self.take("(") is None:
                raise self.unexpected("（", f"( after {token.text}")
            return Call(token.text, self.closed(depth))
        if token.text == "(":
            return self.closed(depth)
        self.next -= 1
        raise self.unexpected("数字、名称或（", "a number, a name or (")

    def closed(self, depth: int) -> Node:
        node = self.sum(depth + 1)
        if self.take(")") is None:
            raise self.unexpected("）", ")")
        return node

    def take(self, *marks: str) -> _Token | None:
        if self.next < len(self.tokens):
            token = self.tokens[self.next]
            if token.kind == "mark" and token.text in marks:
                self.next += 1
                return token
        return None

    def end(self) -> None:
        if self.next < len(self.tokens):
            raise self.unexpected("运算符或结尾", "an operator or the end")

    def unexpected(self, zh: str, en: str) -> ExpressionError:
        if self.next >= len(self.tokens):
            return ExpressionError(
                len(self.text), f"提前结束；应为{zh}", f"ends early: expected {en}"
            )
        token = self.tokens[self.next]
        return ExpressionError(
            token.at,
            f"第 {token.at + 1} 个字符为 {token.text!r}；应为{zh}",
            f"has {token.text!r} at character {token.at + 1}: expected {en}",
        )


def _value(node: Node, lookup: Callable[[str], Draws]) -> Draws | np.float64:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return lookup(node.name)
    if isinstance(node, Negative):
        return -_value(node.node, lookup)
    if isinstance(node, Call):
        inner = _value(node.node, lookup)
        return np.exp(inner) if node.function == "exp" else np.log(inner)
    left, right = _value(node.left, lookup), _value(node.right, lookup)
    if node.mark == "+":
        return left + right
    if node.mark == "-":
        return left - right
    return left * right if node.mark == "*" else left / right
