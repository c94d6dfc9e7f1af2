"""What an author's template may do: a small interpreter over Jinja's syntax tree.

Jinja reads the template; only the nodes listed here have a meaning. There is no attribute,
no call but ``range``, nothing of Python's, and every step is counted.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jinja2 import nodes

from notesbuild.diagnostics import Code
from notesbuild.model.names import nearest
from notesbuild.render.escape import escape_tex
from notesbuild.render.operands import (
    Loop,
    Printed,
    TemplateFault,
    as_value,
    coefficient,
    equal,
    is_number,
    kind_of,
    printed,
    signed,
)
from notesbuild.render.values import MAX_BITS, Value, ValueFault, exact

MAX_ITERATIONS = 10_000
MAX_STEPS = 400_000
MAX_OUTPUT = 1_000_000
LOOK_BACK = 16


class Piece(NamedTuple):
    """A piece of output: the author's own characters, or what a tag printed.

    ``place`` is the position in the author's text, -1 where it is not known.
    """

    text: str
    place: int
    written: bool


class _Scope(dict[str, Any]):
    """Names of one block; a loop opens a new one over the one around it."""


@dataclass
class Interpreter:
    """One run of a template: names in, pieces of text out."""

    names: Mapping[str, object]
    place_of: Callable[[nodes.Node], int]
    scopes: list[_Scope] = field(default_factory=lambda: [_Scope()])
    output: list[Piece] = field(default_factory=list)
    iterations: int = 0
    steps: int = 0
    written: int = 0
    line: int = 1
    last: str = ""

    def run(self, template: nodes.Template) -> list[Piece]:
        """The pieces of the output.

        Raises:
            TemplateFault: the template failed, or went beyond a limit.
        """
        self._body(template.body)
        return self.output

    # Statements

    def _body(self, body: Sequence[nodes.Node]) -> None:
        for node in body:
            self._step(node)
            STATEMENTS[type(node)](self, node)

    def _output(self, node: nodes.Output) -> None:
        following = [*node.nodes[1:], None]
        for item, after in zip(node.nodes, following, strict=True):
            place = self.place_of(item)
            if isinstance(item, nodes.TemplateData):
                self._write(Piece(item.data, place, True))
            else:
                behind = after.data if isinstance(after, nodes.TemplateData) else ""
                self._write(Piece(self._printed(self.value(item), behind), place, False))

    def _printed(self, value: object, behind: str) -> str:
        # x^\\VAR{n} means the whole number, not its first digit.
        if self.last.endswith(("^", "_")):
            text = printed(value, self.line)
            return f"{{{text}}}" if len(text) > 1 else text
        if is_number(value):
            return as_value(value).latex_between(self.last, behind)
        return printed(value, self.line)

    def _if(self, node: nodes.If) -> None:
        for branch in (node, *node.elif_):
            if _truth(self.value(branch.test)):
                return self._body(branch.body)
        return self._body(node.else_)

    def _for(self, node: nodes.For) -> None:
        items = self._items(self.value(node.iter))
        if node.test is not None:
            items = [item for item in items if self._admits(node, item)]
        for number, item in enumerate(items):
            self.scopes.append(_Scope(loop=Loop(number, len(items))))
            self._bind(node.target, item)
            self._body(node.body)
            self.scopes.pop()
        if not items:
            self._body(node.else_)

    def _admits(self, node: nodes.For, item: object) -> bool:
        assert node.test is not None
        self.scopes.append(_Scope())
        self._bind(node.target, item)
        admitted = _truth(self.value(node.test))
        self.scopes.pop()
        return admitted

    def _assign(self, node: nodes.Assign) -> None:
        self._bind(node.target, self.value(node.node))

    def _bind(self, target: nodes.Node, value: object) -> None:
        if isinstance(target, nodes.Name):
            self.scopes[-1][target.name] = value
            return
        assert isinstance(target, nodes.Tuple)
        values = self._items(value)
        if len(values) != len(target.items):
            raise self._failed(f"{len(target.items)} names for {len(values)} values")
        for name, item in zip(target.items, values, strict=True):
            self._bind(name, item)

    # Expressions

    def value(self, node: nodes.Node) -> Any:
        """The value of an expression."""
        self._step(node)
        try:
            return EXPRESSIONS[type(node)](self, node)
        except TemplateFault:
            raise
        except (TypeError, ValueError, ArithmeticError, IndexError) as fault:
            raise self._failed(str(fault) or type(fault).__name__) from fault

    def _name(self, node: nodes.Name) -> Any:
        for scope in (*reversed(self.scopes), self.names):
            if node.name in scope:
                return scope[node.name]
        known = [*self.names, *(name for scope in self.scopes for name in scope)]
        message = f"there is no parameter {node.name!r}"
        hint = nearest(node.name, known)
        raise TemplateFault(Code.JINJA_UNDEFINED, message, node.lineno, node.name, hint)

    def _list(self, node: nodes.List | nodes.Tuple) -> list[Any]:
        return [self.value(item) for item in node.items]

    def _binary(self, node: nodes.BinExpr) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        for side in (left, right):
            if not is_number(side):
                raise self._failed(f"{kind_of(side)} in arithmetic")
        symbol = node.operator
        if isinstance(left, int) and isinstance(right, int) and symbol not in ("/", "**"):
            if symbol in ("//", "%") and right == 0:
                raise ValueFault("division by zero")
            return self._bounded(ARITHMETIC[symbol](left, right))
        return ARITHMETIC[symbol](as_value(left), as_value(right))

    def _unary(self, node: nodes.UnaryExpr) -> Any:
        operand = self.value(node.node)
        if isinstance(node, nodes.Not):
            return not _truth(operand)
        if not is_number(operand):
            raise self._failed(f"{kind_of(operand)} in arithmetic")
        return -operand if isinstance(node, nodes.Neg) else operand

    def _compare(self, node: nodes.Compare) -> bool:
        left = self.value(node.expr)
        for operand in node.ops:
            right = self.value(operand.expr)
            if not self._holds(operand.op, left, right):
                return False
            left = right
        return True

    def _holds(self, symbol: str, left: Any, right: Any) -> bool:
        if symbol in ("in", "notin"):
            found = any(equal(left, item) for item in self._items(right))
            return found is (symbol == "in")
        if symbol in ("eq", "ne"):
            return equal(left, right) is (symbol == "eq")
        both_text = isinstance(left, str) and isinstance(right, str)
        if not both_text and not (is_number(left) and is_number(right)):
            raise self._failed(f"{kind_of(left)} and {kind_of(right)} have no order")
        return bool(ORDER[symbol](left, right))

    def _and(self, node: nodes.And) -> bool:
        return _truth(self.value(node.left)) and _truth(self.value(node.right))

    def _or(self, node: nodes.Or) -> bool:
        return _truth(self.value(node.left)) or _truth(self.value(node.right))

    def _choice(self, node: nodes.CondExpr) -> Any:
        if _truth(self.value(node.test)):
            return self.value(node.expr1)
        return self.value(node.expr2) if node.expr2 is not None else ""

    def _item(self, node: nodes.Getitem) -> Any:
        owner = self.value(node.node)
        if not isinstance(owner, (list, tuple, range)):
            raise self._failed(f"{kind_of(owner)} has no items")
        number = operator.index(self.value(node.arg))
        if not -len(owner) <= number < len(owner):
            raise self._failed(f"there is no item {number}")
        return owner[number]

    def _loop_field(self, node: nodes.Getattr) -> Any:
        loop = self.value(node.node)
        assert isinstance(loop, Loop)
        return loop.get(node.attr)

    def _range(self, node: nodes.Call) -> range:
        return range(*(operator.index(self.value(argument)) for argument in node.args))

    def _test(self, node: nodes.Test) -> bool:
        if node.name in ("defined", "undefined"):
            assert isinstance(node.node, nodes.Name)
            known = any(node.node.name in scope for scope in (*self.scopes, self.names))
            return known is (node.name == "defined")
        number = operator.index(self.value(node.node))
        if node.name == "divisibleby":
            return number % operator.index(self.value(node.args[0])) == 0
        return number % 2 == (node.name == "odd")

    def _filter(self, node: nodes.Filter) -> Any:
        assert node.node is not None
        value = self.value(node.node)
        arguments = [self.value(argument) for argument in node.args]
        if node.name == "length":
            return len(self._items(value))
        if node.name == "join":
            between = arguments[0] if arguments else ""
            shown = [printed(item, self.line) for item in self._items(value)]
            return Printed(escape_tex(str(between)).join(shown))
        if node.name == "signed" and isinstance(value, Printed):
            return signed(str(value))
        if not is_number(value):
            raise self._failed(f"{node.name} of {kind_of(value)}")
        if node.name == "abs":
            return abs(value)
        if node.name == "signed":
            return signed(as_value(value).latex())
        if node.name == "coefficient":
            return coefficient(as_value(value))
        digits = operator.index(arguments[0]) if arguments else 0
        if not 0 <= digits <= 12:
            raise self._failed("round takes 0 to 12 digits")
        shown_number = f"{float(value):.{digits}f}"
        return Printed(shown_number)

    # Limits

    def _step(self, node: nodes.Node) -> None:
        self.line = node.lineno
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise self._failed("the template takes too many steps")

    def _items(self, value: object) -> Sequence[Any]:
        """A sequence, counted as so many turns of a loop."""
        if not isinstance(value, (list, tuple, range)):
            raise self._failed(f"{kind_of(value)} is no sequence")
        try:
            self.iterations += len(value)
        except OverflowError:
            self.iterations = MAX_ITERATIONS + 1
        if self.iterations > MAX_ITERATIONS:
            raise self._failed(f"the loops of the template take more than {MAX_ITERATIONS} turns")
        return value

    def _bounded(self, number: int) -> int:
        if number.bit_length() > MAX_BITS:
            raise ValueFault("a number with more than a thousand digits")
        return number

    def _write(self, piece: Piece) -> None:
        self.written += len(piece.text)
        self.last = (self.last + piece.text)[-LOOK_BACK:]
        if self.written > MAX_OUTPUT:
            raise self._failed(f"the text grows beyond {MAX_OUTPUT} characters")
        self.output.append(piece)

    def _failed(self, reason: str) -> TemplateFault:
        return TemplateFault(Code.JINJA_FAILED, reason, self.line)


def _truth(value: object) -> bool:
    return bool(value)


def _constant(_: Interpreter, node: nodes.Const) -> Any:
    if isinstance(node.value, float):
        return Value(exact(node.value), written=repr(node.value))
    return node.value


ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}
ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
STATEMENTS: dict[type[nodes.Node], Callable[[Interpreter, Any], None]] = {
    nodes.Output: Interpreter._output,
    nodes.If: Interpreter._if,
    nodes.For: Interpreter._for,
    nodes.Assign: Interpreter._assign,
}
EXPRESSIONS: dict[type[nodes.Node], Callable[[Interpreter, Any], Any]] = {
    nodes.Name: Interpreter._name,
    nodes.Const: _constant,
    nodes.List: Interpreter._list,
    nodes.Tuple: Interpreter._list,
    nodes.Add: Interpreter._binary,
    nodes.Sub: Interpreter._binary,
    nodes.Mul: Interpreter._binary,
    nodes.Div: Interpreter._binary,
    nodes.FloorDiv: Interpreter._binary,
    nodes.Mod: Interpreter._binary,
    nodes.Pow: Interpreter._binary,
    nodes.Neg: Interpreter._unary,
    nodes.Pos: Interpreter._unary,
    nodes.Not: Interpreter._unary,
    nodes.Compare: Interpreter._compare,
    nodes.And: Interpreter._and,
    nodes.Or: Interpreter._or,
    nodes.CondExpr: Interpreter._choice,
    nodes.Getitem: Interpreter._item,
    nodes.Getattr: Interpreter._loop_field,
    nodes.Call: Interpreter._range,
    nodes.Test: Interpreter._test,
    nodes.Filter: Interpreter._filter,
}
