"""The small tree a step or property is lowered to; what the compiled and the symbolic readings read.

The tree knows nothing of sizes: `Size` nodes and index sets are resolved by whoever reads it, so one
lowering serves every scope.  Integers are unbounded here as in Python; booleans are 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Union


@dataclass(frozen=True)
class Const:
    """An integer known when the specification is read (an enumeration member, a module constant)."""

    value: int


@dataclass(frozen=True)
class StepRef:
    """A step, WAIT, DONE, a call of a figure or an exit from one, as a value that a step returns."""

    target: Any


@dataclass(frozen=True)
class Name:
    """A local variable or an integer parameter."""

    name: str


@dataclass(frozen=True)
class Size:
    """The number of members of an index set or process kind, or of the values of domains (an Extent); of a Constant its value."""

    of: Any


@dataclass(frozen=True)
class SwitchValue:
    """The run-time value of a switch; `flag`: it is 0 or 1."""

    name: str
    flag: bool = False


@dataclass(frozen=True)
class Load:
    """A cell of a shared variable; `state` is the name of the state parameter it is read from."""

    state: str
    variable: Any
    indices: tuple[Expr, ...]


@dataclass(frozen=True)
class Field:
    """A local variable (or `command`) of the process that a handle stands for; `flag`: it is 0 or 1."""

    handle: Expr
    name: str
    ghost: bool = False
    flag: bool = False


@dataclass(frozen=True)
class ArgumentValue:
    """An argument of the command that a process carries out; `flag`: it is 0 or 1."""

    handle: Expr
    name: str
    flag: bool = False


@dataclass(frozen=True)
class Number:
    """`id` (from 0, of its kind) or `number` (from 1, of all) of a process."""

    handle: Expr
    which: str


@dataclass(frozen=True)
class At:
    """Is the process about to execute one of these steps?"""

    handle: Expr
    steps: tuple[Any, ...]


@dataclass(frozen=True)
class Inside:
    """Is the process at a box of this figure, or of one called from it?  `callers`: entered from these boxes."""

    handle: Expr
    figure: Any
    callers: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Unary:
    """`-`, `~` or `not`."""

    op: str
    operand: Expr


@dataclass(frozen=True)
class Binary:
    """`+ - * // % & | ^ << >> min max`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Compare:
    """`== != < <= > >=`, with the value 0 or 1."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Logic:
    """`and` / `or` over conditions, evaluated from the left, stopping early; the value is 0 or 1."""

    op: str
    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Either:
    """`and` / `or` as values: evaluated from the left, stopping early; the value is that of the operand that decides."""

    op: str
    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Choose:
    """`a if test else b`."""

    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True)
class Call:
    """A helper function, with one argument for each parameter."""

    function: Function
    arguments: tuple[Expr, ...]


Expr = Union[Const, StepRef, Name, Size, SwitchValue, Load, Field, ArgumentValue, Number, At,
             Inside, Unary, Binary, Compare, Logic, Either, Choose, Call]


@dataclass(frozen=True)
class Assign:
    """A local variable takes a value."""

    name: str
    value: Expr
    line: int


@dataclass(frozen=True)
class Store:
    """A cell of a shared variable takes a value."""

    variable: Any
    indices: tuple[Expr, ...]
    value: Expr
    line: int


@dataclass(frozen=True)
class StoreField:
    """A local variable of the process takes a value."""

    handle: Expr
    name: str
    value: Expr
    line: int
    ghost: bool = False


@dataclass(frozen=True)
class StartAt:
    """The process begins at this step, which is one of its kind (in initial functions)."""

    handle: Expr
    step: Any
    line: int


@dataclass(frozen=True)
class If:
    """A branch."""

    test: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]
    line: int


@dataclass(frozen=True)
class For:
    """`for name in range(low, high)`; `kind` and `state` are set when the name is a process of that kind there.

    `one`: it is the process whose "id" or "number" is `low`, and the body is the rest of a block.
    """

    name: str
    low: Expr
    high: Expr
    body: tuple[Stmt, ...]
    kind: Any
    line: int
    state: str = ""
    one: str = ""


@dataclass(frozen=True)
class Return:
    """The value of the function (a step, a truth value or an integer; None for a procedure)."""

    value: Union[Expr, None]
    line: int


@dataclass(frozen=True)
class Do:
    """A helper called for what it writes."""

    call: Call
    line: int


NUMBER, NEXT = "number", "next box"
"""What a function returns: a number (or truth value), or a step, WAIT or DONE."""

Stmt = Union[Assign, Store, StoreField, StartAt, If, For, Return, Do]


@dataclass
class Function:
    """One lowered function.  `roles` gives each parameter's role: state, scope, handle, or int.

    `steps` are the names (of role int) that hold a step or a signal.  `result` is NUMBER or NEXT, or "" for a procedure;
    `complete`: it returns a value on every path.  `kernel`: an inner loop of the checker, over arrays, not a part of a specification.
    `inner`: it stands for an expression of another function, which alone calls it (reader_folds.py).  `within`: names of which its
    maker knows the domain, or that they lie between 0 and an Extent; "" is what it returns (sequence_arithmetic.py).
    """

    name: str
    place: str
    parameters: list[str]
    roles: dict[str, str]
    hints: dict[str, Any]
    returns: Any = None
    body: tuple[Stmt, ...] = ()
    locals: list[str] = field(default_factory=list)
    steps: set[str] = field(default_factory=set)
    result: str = ""
    complete: bool = False
    kernel: bool = False
    inner: bool = False
    within: dict[str, Any] = field(default_factory=dict)
    _walked: Any = field(default=None, init=False, repr=False, compare=False)

    def walked(self) -> tuple[list[Any], list[Function]]:
        """The nodes of its body and the helpers that it calls; loading asks a hundred times, so a body is walked once."""
        if self._walked is None or self._walked[0] is not self.body:
            found = list(_under(self.body))
            self._walked = self.body, (found, [n.function for n in found if isinstance(n, Call)])
        return self._walked[1]  # type: ignore[no-any-return]

    @cached_property
    def writes(self) -> bool:
        """Does it, or a helper that it calls, write the state?  To be asked once it is lowered."""
        return any(isinstance(n, (Store, StoreField, StartAt)) for f in helpers(self).values() for n in nodes(f))


def nodes(item: Any) -> Iterator[Any]:
    """Every node under a node, statement list or function (helpers not entered), itself first."""
    return iter(item.walked()[0]) if isinstance(item, Function) else _under(item)


def _under(item: Any) -> Iterator[Any]:
    left = [item]
    while left:
        node = left.pop()
        if isinstance(node, tuple):
            left.extend(reversed(node))
        elif type(node) in _PARTS or hasattr(node, "__dataclass_fields__") and not isinstance(node, Function):
            yield node
            left.extend([value for name in parts(node) if not isinstance(value := getattr(node, name), _LEAVES)])


def parts(node: Any) -> tuple[str, ...]:
    """The names of the fields of a node, the last first; loading a specification asks a million times."""
    names = _PARTS.get(type(node))
    if names is None:
        names = _PARTS[type(node)] = tuple(part.name for part in reversed(fields(node)))
    return names


_PARTS: dict[type, tuple[str, ...]] = {}

_LEAVES = (str, int, type)


def helpers(function: Function, seen: dict[int, Function] | None = None) -> dict[int, Function]:
    """A function and every helper it can reach, by identity."""
    seen = {} if seen is None else seen
    if id(function) not in seen:
        seen[id(function)] = function
        for called in function.walked()[1]:
            helpers(called, seen)
    return seen
