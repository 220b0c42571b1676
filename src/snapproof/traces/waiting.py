"""Why a box waits: the condition that led to `return WAIT`, its source line, and what it read.

The step's tree is evaluated on a concrete state while every read of a variable, local or switch is
noted.  A read belongs to a condition when its value reached it, directly or through local names.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .. import source
from ..spec import tree
from ..spec.instance import Cells
from ..spec.machine import Machine
from ..spec.processes import WAIT, Declared, Process, Step
from ..words import value

BINARY: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
    "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
    "min": min, "max": max}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
MOST_READS = 8


@dataclass
class Condition:
    """A condition that was evaluated: in which function, on which line, and what it read (name -> value)."""

    function: tree.Function
    line: int
    reads: dict[str, str]


@dataclass
class _Frame:
    """One call: values of its names, what was read to compute each, and the conditions met so far."""

    function: tree.Function
    values: dict[str, Any]
    origins: dict[str, dict[str, str]]
    met: list[Condition] = field(default_factory=list)


class _Returned(Exception):
    """Leaves a function with its value and with what was read to come to it."""

    def __init__(self, value: Any, reads: dict[str, str]) -> None:
        self.value, self.reads = value, reads


class Evaluation:
    """Evaluates trees on the machine's working state; `cause` is set when WAIT is returned."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.sizes = machine, machine.instance.sizes
        self.cause: list[Condition] | None = None
        self.reads: dict[str, str] = {}

    def call(self, function: tree.Function, arguments: list[Any], origins: list[dict[str, str]] | None = None) -> Any:
        """The value that a function returns for these arguments (states, scopes, handles, integers).

        `origins` is what was read to compute each argument; what the function read is left in `reads`.
        """
        names = function.parameters
        frame = _Frame(function, dict(zip(names, arguments, strict=True)), dict(zip(names, origins or [], strict=False)))
        try:
            self._block(frame, function.body, None)
        except _Returned as returned:
            self.reads = returned.reads
            return returned.value
        self.reads = {}
        return None

    # --- statements ---------------------------------------------------------------------------------

    def _block(self, frame: _Frame, body: tuple[tree.Stmt, ...], under: Condition | None) -> None:
        for statement in body:
            self._statement(frame, statement, under)

    def _statement(self, frame: _Frame, node: tree.Stmt, under: Condition | None) -> None:
        if isinstance(node, tree.If):
            self.reads = {}
            taken = node.then if self._expr(frame, node.test) else node.otherwise
            condition = Condition(frame.function, node.line, self.reads)
            frame.met.append(condition)
            self._block(frame, taken, condition)
        elif isinstance(node, tree.For):
            for i in range(self._expr(frame, node.low), self._expr(frame, node.high)):
                frame.values[node.name] = self.machine.state._handles[node.kind.__name__][i] if node.kind else i
                self._block(frame, node.body, under)
        elif isinstance(node, tree.Return):
            self._return(frame, node, under)
        else:
            self._effect(frame, node)

    def _return(self, frame: _Frame, node: tree.Return, under: Condition | None) -> None:
        self.reads = {}
        result = None if node.value is None else self._expr(frame, node.value)
        if result is WAIT and not self.cause:
            if isinstance(node.value, tree.Choose):
                self.cause = [Condition(frame.function, node.line, self.reads)]
            else:
                # A WAIT under no `if` is reached because none of the conditions before it left the function.
                self.cause = [under] if under else list(frame.met)
        deciding = [under] if under else frame.met
        raise _Returned(result, {k: v for c in deciding for k, v in c.reads.items()} | self.reads)

    def _effect(self, frame: _Frame, node: tree.Stmt) -> None:
        self.reads = {}
        if isinstance(node, tree.Assign):
            frame.values[node.name] = self._expr(frame, node.value)
            frame.origins[node.name] = self.reads
        elif isinstance(node, tree.Do):
            self._expr(frame, node.call)
        elif isinstance(node, tree.Store):
            target = self.machine.state
            indices = tuple(self._expr(frame, i) for i in node.indices)
            if indices:
                target._tables[node.variable.name][indices] = self._expr(frame, node.value)
            else:
                setattr(target, node.variable.name, self._expr(frame, node.value))
        elif isinstance(node, tree.StoreField):
            setattr(self._expr(frame, node.handle), node.name, self._expr(frame, node.value))

    # --- expressions --------------------------------------------------------------------------------

    def _expr(self, frame: _Frame, node: tree.Expr) -> Any:
        evaluate = getattr(self, f"_{type(node).__name__.lower()}")
        return evaluate(frame, node)

    def _const(self, frame: _Frame, node: tree.Const) -> int:
        return node.value

    def _stepref(self, frame: _Frame, node: tree.StepRef) -> Any:
        return node.target

    def _name(self, frame: _Frame, node: tree.Name) -> Any:
        self.reads.update(frame.origins.get(node.name, {}))
        return frame.values[node.name]

    def _size(self, frame: _Frame, node: tree.Size) -> int:
        return self.machine.scope.size(node.of)

    def _switchvalue(self, frame: _Frame, node: tree.SwitchValue) -> int:
        member = getattr(self.machine.scope, node.name)
        self.reads[f"switch {node.name}"] = member.name.lower()
        return int(member)

    def _load(self, frame: _Frame, node: tree.Load) -> int:
        indices = tuple(self._expr(frame, i) for i in node.indices)
        state, v = frame.values[node.state], node.variable
        found = int(state._tables[v.name][indices] if indices else getattr(state, v.name))
        names = ",".join(of.member(i) for of, i in zip(v.indices, indices, strict=True))
        self.reads[f"{v.name}[{names}]" if names else v.name] = value(v.domain.show(found, self.sizes))
        return found

    def _field(self, frame: _Frame, node: tree.Field) -> int:
        handle = self._expr(frame, node.handle)
        found = int(handle._cells[handle._place[node.name]])
        slot = self.machine.instance.slots[type(handle).__name__, node.name]
        self.reads[f"{handle.member(handle.id)}.{node.name}"] = value(slot.domain.show(found, self.sizes))
        return found

    def _argumentvalue(self, frame: _Frame, node: tree.ArgumentValue) -> int:
        return self.machine.argument(self._expr(frame, node.handle), node.name)

    def _number(self, frame: _Frame, node: tree.Number) -> int:
        return int(getattr(self._expr(frame, node.handle), node.which))

    def _at(self, frame: _Frame, node: tree.At) -> int:
        handle = self._expr(frame, node.handle)
        step = self.machine.step_at(handle)
        self.reads[f"{handle.member(handle.id)}.step"] = f"{step.id} {step.name}"
        return int(step in node.steps)

    def _inside(self, frame: _Frame, node: tree.Inside) -> int:
        return int(self.machine.inside(self._expr(frame, node.handle), node.figure, node.callers))

    def _unary(self, frame: _Frame, node: tree.Unary) -> int:
        operand = self._expr(frame, node.operand)
        return int(not operand) if node.op == "not" else -operand if node.op == "-" else ~operand

    def _binary(self, frame: _Frame, node: tree.Binary) -> int:
        return BINARY[node.op](self._expr(frame, node.left), self._expr(frame, node.right))

    def _compare(self, frame: _Frame, node: tree.Compare) -> int:
        return int(COMPARE[node.op](self._expr(frame, node.left), self._expr(frame, node.right)))

    def _logic(self, frame: _Frame, node: tree.Logic) -> int:
        stop = node.op == "or"
        return int(stop if any(bool(self._expr(frame, i)) == stop for i in node.items) else not stop)

    def _either(self, frame: _Frame, node: tree.Either) -> int:
        found = 0
        for item in node.items:
            found = self._expr(frame, item)
            if bool(found) == (node.op == "or"):
                break
        return found

    def _choose(self, frame: _Frame, node: tree.Choose) -> Any:
        return self._expr(frame, node.then if self._expr(frame, node.test) else node.otherwise)

    def _call(self, frame: _Frame, node: tree.Call) -> Any:
        outer, arguments, origins = self.reads, [], []
        for argument, parameter in zip(node.arguments, node.function.parameters, strict=True):
            self.reads = {}
            plain = node.function.roles[parameter] in ("int", "handle")
            arguments.append(self._expr(frame, argument) if plain else frame.values[argument.name])  # type: ignore[union-attr]
            origins.append(self.reads)
        found = self.call(node.function, arguments, origins)
        self.reads = outer | self.reads
        return found


def why_waiting(machine: Machine, cells: Cells, declared: Declared, process: Process | None,
                choices: tuple[int, ...]) -> str:
    """The condition for which a step or action is not enabled in a state, in one sentence ('' when it is enabled)."""
    machine.thaw(cells)
    if declared not in machine.spec.trees:
        return "its program has no further command"
    evaluation = Evaluation(machine)
    skip = 3 if isinstance(declared, Step) else 2
    arguments: list[Any] = [machine.state, machine.scope]
    if process is not None:
        arguments.append(process)
    arguments += machine._arguments(declared, skip, choices)
    result = evaluation.call(machine.spec.trees[declared], arguments)
    machine.thaw(cells)
    if result is not WAIT:
        return ""
    return _sentence(machine, declared, evaluation.cause or [])


def _sentence(machine: Machine, declared: Declared, causes: list[Condition]) -> str:
    if not causes:
        return f"{declared.place} always waits"
    reads: dict[str, str] = {}
    for cause in causes:
        reads |= cause.reads
    shown = [f"{name} is {found}" for name, found in reads.items()]
    if len(shown) > MOST_READS:
        shown = [*shown[:MOST_READS], f"and {len(shown) - MOST_READS} more"]
    where = "; ".join(_source(machine, declared, c) for c in causes[-2:])
    return f"{where}" + (f": {', '.join(shown)}" if shown else "")


def _source(machine: Machine, declared: Declared, cause: Condition) -> str:
    place = f"{cause.function.place.rsplit(':', 1)[0]}:{cause.line}"
    text = source.line_of(declared.function, cause.line)
    for function, lowered in machine.spec.reader.functions.items():
        if lowered is cause.function:
            text = source.line_of(function, cause.line)
    text = text.strip().rstrip(":")
    return f"{place} `{text}`" if text else place
