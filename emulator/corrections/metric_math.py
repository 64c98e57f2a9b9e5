"""Metric math as far as alarms of services use it: numbers, names, + - * /, comparisons and IF.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Unsupported(ValueError):
    """The expression uses what is not emulated."""


def parsed(expression: str) -> ast.expr:
    """The expression as a tree.

    Raises Unsupported, with the part that is not emulated.
    """
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise Unsupported(f"{expression!r} is not a metric math expression that is emulated") from error
    _check(tree)
    return tree


def value_of(tree: ast.expr, values: Mapping[str, float | None]) -> float | None:
    """The value of one period; None, a missing datapoint, where a value is missing or divided by zero."""
    match tree:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values.get(name)
        case ast.UnaryOp(operand=operand):
            inner = value_of(operand, values)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=op, right=right):
            first, second = value_of(left, values), value_of(right, values)
            if first is None or second is None or (isinstance(op, ast.Div) and second == 0):
                return None
            return _ARITHMETIC[type(op)](first, second)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            first, second = value_of(left, values), value_of(right, values)
            if first is None or second is None:
                return None
            return float(_COMPARISONS[type(op)](first, second))
        case ast.Call(args=[condition, then, otherwise]):
            found = value_of(condition, values)
            return None if found is None else value_of(then if found else otherwise, values)
    raise Unsupported(ast.unparse(tree))


def _check(tree: ast.expr) -> None:
    match tree:
        case ast.Constant(value=bool()):
            raise Unsupported(ast.unparse(tree))
        case ast.Constant(value=int() | float()) | ast.Name():
            return
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            _check(left)
            _check(right)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            _check(left)
            _check(right)
        case ast.Call(func=ast.Name(id="IF"), args=[_, _, _] as arguments, keywords=[]):
            for argument in arguments:
                _check(argument)
        case _:
            raise Unsupported(f"{ast.unparse(tree)!r} of metric math is not emulated")
