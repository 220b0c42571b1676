"""The tree on one concrete state: the value of a function, and what decided it.

Every read of a cell, a local, a switch or a constant is noted.  A read belongs to a value when it reached it, directly, through
local names, or through a condition.  The plain reading runs the Python functions and is faster; whoever asks *why* a
box waits, or asks for the value of an expression that was never Python, asks here.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import tree
from .constants import Constant
from .domains import Domain, ProcessNumber
from .instance import Cells
from .machine import Machine
from .processes import WAIT, Declared, Process, Step

BINARY: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
    "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift,
    "min": min, "max": max}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True)
class Read:
    """What was read: a cell, local, switch or constant by its name, its value as states show it, and the process that holds it.

    `holder` is '' unless the value is the number of a process.
    """

    name: str
    shown: Any
    holder: str = ""


Reads = dict[str, Read]
"""By name; what is read again keeps its place."""


@dataclass(frozen=True)
class Condition:
    """A condition that was evaluated: in which function, on which line, and what it read."""

    function: tree.Function
    line: int
    reads: Reads


@dataclass(frozen=True)
class Outcome:
    """What a box or action returned; where that is WAIT, the conditions that led there (none: it always waits)."""

    target: Any
    waits: tuple[Condition, ...] = ()


@dataclass
class _Frame:
    """One call: values of its names, what was read to compute each, and the conditions met so far."""

    function: tree.Function
    values: dict[str, Any]
    origins: dict[str, Reads]
    met: list[Condition] = field(default_factory=list)


class _Returned(Exception):
    """Leaves a function with its value and with what was read to come to it."""

    def __init__(self, value: Any, reads: Reads) -> None:
        self.value, self.reads = value, reads


class Evaluator:
    """Evaluates trees on the machine's working state; what goes wrong raises what it raises in Python, or EvaluationError.

    `reads` is what the last call read, `cause` the conditions behind the first WAIT that was returned.  `most_shift`: a shift
    to the left by more is an error, as it is where numbers have a width.
    """

    def __init__(self, machine: Machine, most_shift: float = math.inf) -> None:
        self.machine, self.sizes, self.most_shift = machine, machine.instance.sizes, most_shift
        self.cause: list[Condition] | None = None
        self.reads: Reads = {}

    def call(self, function: tree.Function, arguments: list[Any], origins: list[Reads] | None = None) -> Any:
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
        elif isinstance(node, tree.For) and node.one:
            self._one(frame, node, under)
        elif isinstance(node, tree.For):
            for i in range(self._expr(frame, node.low), self._expr(frame, node.high)):
                frame.values[node.name] = frame.values[node.state]._handles[node.kind.__name__][i] if node.kind else i
                self._block(frame, node.body, under)
        elif isinstance(node, tree.Return):
            self._return(frame, node, under)
        else:
            self._effect(frame, node)

    def _one(self, frame: _Frame, node: tree.For, under: Condition | None) -> None:
        """A name for one process; what was read to find it belongs to what is read of it."""
        self.reads = {}
        found, state = self._expr(frame, node.low), frame.values[node.state]
        frame.origins[node.name] = self.reads
        frame.values[node.name] = state.process(node.kind, found) if node.one == "number" else state._handles[node.kind.__name__][found]
        self._block(frame, node.body, under)

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
                target._tables[node.variable.name].put(indices, self._expr(frame, node.value))
            else:
                node.variable.put(target, self._expr(frame, node.value))
        elif isinstance(node, tree.StartAt):
            self._expr(frame, node.handle).start_at(node.step)
        elif isinstance(node, tree.StoreField):
            handle = self._expr(frame, node.handle)
            getattr(type(handle), node.name).put(handle, self._expr(frame, node.value))

    # --- expressions --------------------------------------------------------------------------------

    def _expr(self, frame: _Frame, node: tree.Expr) -> Any:
        evaluate = getattr(self, f"_{type(node).__name__.lower()}")
        return evaluate(frame, node)

    def _note(self, name: str, found: int, domain: Domain) -> int:
        shown = domain.show(found, self.sizes)
        self.reads[name] = Read(name, shown, shown if isinstance(domain, ProcessNumber) and found else "")
        return found

    def _const(self, frame: _Frame, node: tree.Const) -> int:
        return node.value

    def _stepref(self, frame: _Frame, node: tree.StepRef) -> Any:
        return node.target

    def _name(self, frame: _Frame, node: tree.Name) -> Any:
        self.reads.update(frame.origins.get(node.name, {}))
        return frame.values[node.name]

    def _size(self, frame: _Frame, node: tree.Size) -> int:
        found = self.machine.scope.size(node.of)
        if isinstance(node.of, Constant):
            self.reads[f"constant {node.of.name}"] = Read(f"constant {node.of.name}", found)
        return found

    def _switchvalue(self, frame: _Frame, node: tree.SwitchValue) -> int:
        member = getattr(self.machine.scope, node.name)
        self.reads[f"switch {node.name}"] = Read(f"switch {node.name}", member.name.lower())
        return int(member)

    def _load(self, frame: _Frame, node: tree.Load) -> int:
        indices = tuple(self._expr(frame, i) for i in node.indices)
        state, v = frame.values[node.state], node.variable
        found = int(state._tables[v.name].cell(indices) if indices else state._cells[state._place[v.name]])
        names = ",".join(of.member(i) for of, i in zip(v.indices, indices, strict=True))
        return self._note(f"{v.name}[{names}]" if names else v.name, found, v.domain)

    def _field(self, frame: _Frame, node: tree.Field) -> int:
        handle = self._expr(frame, node.handle)
        if node.name == "command" and not handle.programs:
            return -1  # a base may have heirs that run no programs: they are always idle
        found = int(handle._cells[handle._place[node.name]])
        slot = self.machine.instance.slots[type(handle).__name__, node.name]
        return self._note(f"{handle.member(handle.id)}.{node.name}", found, slot.domain)

    def _argumentvalue(self, frame: _Frame, node: tree.ArgumentValue) -> int:
        return self.machine.argument(self._expr(frame, node.handle), node.name)

    def _number(self, frame: _Frame, node: tree.Number) -> int:
        return int(getattr(self._expr(frame, node.handle), node.which))

    def _at(self, frame: _Frame, node: tree.At) -> int:
        handle = self._expr(frame, node.handle)
        step, name = self.machine.step_at(handle), f"{handle.member(handle.id)}.step"
        self.reads[name] = Read(name, f"{step.id} {step.name}")
        return int(step in node.steps)

    def _inside(self, frame: _Frame, node: tree.Inside) -> int:
        return int(self.machine.inside(self._expr(frame, node.handle), node.figure, node.callers))

    def _unary(self, frame: _Frame, node: tree.Unary) -> int:
        operand = self._expr(frame, node.operand)
        return int(not operand) if node.op == "not" else -operand if node.op == "-" else ~operand

    def _binary(self, frame: _Frame, node: tree.Binary) -> int:
        left, right = self._expr(frame, node.left), self._expr(frame, node.right)
        if node.op == "<<" and right > self.most_shift:
            raise OverflowError(f"a shift by {right}")
        return BINARY[node.op](left, right)

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


def outcome(machine: Machine, cells: Cells, declared: Declared, process: Process | None, choices: tuple[int, ...]) -> Outcome:
    """What a box (of this process) or an action returns in a state, and why it waits; the state is the working one behind it."""
    machine.thaw(cells)
    evaluator = Evaluator(machine)
    skip = 3 if isinstance(declared, Step) else 2
    arguments: list[Any] = [machine.state, machine.scope, *([] if process is None else [process])]
    target = evaluator.call(machine.spec.trees[declared], arguments + machine._arguments(declared, skip, choices, cells=True))
    machine.thaw(cells)
    return Outcome(target, tuple(evaluator.cause or ()) if target is WAIT else ())


__all__ = ["Condition", "Evaluator", "Outcome", "Read", "outcome"]
