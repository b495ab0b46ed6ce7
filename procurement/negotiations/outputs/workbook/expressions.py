"""Expressions of a model as formulas of a workbook."""

from collections.abc import Callable

from pricing.model_file.expressions import Binary, Call, Name, Negative, Node, Number
from procurement.negotiations.outputs.workbook.live import Live, exp, live, log


def formula_of(node: Node, lookup: Callable[[str], Live]) -> Live:
    """An expression of a model with its names replaced by cells.

    Args:
        node: The tree of the expression.
        lookup: Gives the cell of a name.

    Examples:
        >>> from pricing.model_file.expressions import parse_expression
        >>> from procurement.negotiations.outputs.workbook.live import CellName
        >>> cell = Live(0.5, (CellName("Inputs", 1, 1, fixed=True),))
        >>> formula = formula_of(parse_expression("1 - 2 * exp(-rr)").node, lambda name: cell)
        >>> formula.formula("Inputs"), round(formula.value, 6)
        ('=1-2*EXP(-$B$2)', -0.213061)
    """
    if isinstance(node, Number):
        return live(float(node.value))
    if isinstance(node, Name):
        return lookup(node.name)
    if isinstance(node, Negative):
        return -formula_of(node.node, lookup)
    if isinstance(node, Call):
        inner = formula_of(node.node, lookup)
        return exp(inner) if node.function == "exp" else log(inner)
    return _binary(node, lookup)


def _binary(node: Binary, lookup: Callable[[str], Live]) -> Live:
    left, right = formula_of(node.left, lookup), formula_of(node.right, lookup)
    if node.mark == "+":
        return left + right
    if node.mark == "-":
        return left - right
    return left * right if node.mark == "*" else left / right
