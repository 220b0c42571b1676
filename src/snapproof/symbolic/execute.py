"""Executing a lowered function on terms.

Execution is predicated: there is one state, and every write happens under the condition that its path
is taken and has not returned.  So branches that rejoin are merged by construction; a loop over sixteen
sessions with an `if` inside is sixteen conditional values, not 65,536 paths.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..spec import tree
from ..spec.instance import Instance
from ..spec.processes import DONE, WAIT, Process, Step
from .state import SymbolicState
from .terms import Term, Truth, binary, both, choose, compare, either, inside, negate, number, select, store, truth_of

WAITS, DONES = -1, -2
"""Codes of WAIT and DONE as targets of a step; others are indices of steps of the mover's kind."""

LONGEST_LOOP = 64
"""A loop whose bound is not known is unrolled so often; going on beyond is an error condition."""


@dataclass(frozen=True)
class Handle:
    """A process: its kind, its id as a term, and the state it is seen in."""

    kind: type[Process]
    id: Term
    state: SymbolicState


@dataclass
class Frame:
    """One call: names, handles and states by parameter; `returned` and `result` so far."""

    names: dict[str, Term] = field(default_factory=dict)
    handles: dict[str, Handle] = field(default_factory=dict)
    states: dict[str, SymbolicState] = field(default_factory=dict)
    returned: Truth = False
    result: Term = 0


class Executor:
    """Executes functions of one instance.  `errors` is the condition under which some value left its range.

    `mover` is the kind whose steps targets are codes of.
    """

    def __init__(self, instance: Instance, mover: type[Process] | None) -> None:
        self.instance, self.mover = instance, mover
        self.errors: Truth = False
        self.command_arguments: dict[tuple[str, str], list[Term]] = {}

    def call(self, function: tree.Function, frame: Frame, when: Truth = True) -> Term:
        """Execute a function whose parameters are bound in the frame; its result."""
        self.block(function.body, frame, when)
        return frame.result

    # --- statements -------------------------------------------------------------------------------

    def block(self, statements: tuple[Any, ...], frame: Frame, when: Truth) -> None:
        for statement in statements:
            alive = both(when, negate(frame.returned))
            if alive is False:
                return
            getattr(self, f"do_{type(statement).__name__.lower()}")(statement, frame, alive)

    def do_return(self, node: tree.Return, frame: Frame, when: Truth) -> None:
        value = 0 if node.value is None else number(self.value(node.value, frame, when))
        frame.result = value if when is True and frame.returned is False else choose(when, value, frame.result)
        frame.returned = either(frame.returned, when)

    def do_assign(self, node: tree.Assign, frame: Frame, when: Truth) -> None:
        value = number(self.value(node.value, frame, when))
        frame.names[node.name] = choose(when, value, frame.names[node.name]) if node.name in frame.names else value

    def do_do(self, node: tree.Do, frame: Frame, when: Truth) -> None:
        self.value(node.call, frame, when)

    def do_if(self, node: tree.If, frame: Frame, when: Truth) -> None:
        test = truth_of(self.value(node.test, frame, when))
        self.block(node.then, frame, both(when, test))
        self.block(node.otherwise, frame, both(when, negate(test)))

    def do_for(self, node: tree.For, frame: Frame, when: Truth) -> None:
        low, high = (number(self.value(n, frame, when)) for n in (node.low, node.high))
        known = isinstance(low, int) and isinstance(high, int)
        count = high - low if isinstance(low, int) and isinstance(high, int) else LONGEST_LOOP
        for step in range(count):
            i = binary("+", low, step)
            here = when if known else both(when, compare("<", i, high))
            if node.kind is not None:
                frame.handles[node.name] = Handle(node.kind, i, frame.states[node.state])
            else:
                frame.names[node.name] = choose(here, i, frame.names[node.name]) if node.name in frame.names else i
            self.block(node.body, frame, here)
        if not known:
            self.wrong(both(when, compare(">", high, binary("+", low, LONGEST_LOOP))))

    def do_store(self, node: tree.Store, frame: Frame, when: Truth) -> None:
        state = next(iter(frame.states.values()))
        slot = self.instance.slots["", node.variable.name]
        index = self.flat(node.indices, slot.sizes, frame, when)
        value = number(self.value(node.value, frame, when))
        self.wrong(both(when, negate(inside(value, slot.low, slot.high))))
        store(state.cells["", node.variable.name], index, value, when)

    def do_storefield(self, node: tree.StoreField, frame: Frame, when: Truth) -> None:
        handle = self.handle(node.handle, frame)
        slot = self.instance.slots[handle.kind.__name__, node.name]
        value = number(self.value(node.value, frame, when))
        self.wrong(both(when, negate(inside(value, slot.low, slot.high))))
        store(handle.state.cells[handle.kind.__name__, node.name], handle.id, value, when)

    def wrong(self, condition: Truth) -> None:
        self.errors = either(self.errors, condition)

    # --- expressions ------------------------------------------------------------------------------

    def flat(self, indices: tuple[tree.Expr, ...], sizes: tuple[int, ...], frame: Frame, when: Truth) -> Term:
        """The flat index of a cell; an index outside its set is an error."""
        total: Term = 0
        for node, size in zip(indices, sizes, strict=True):
            index = number(self.value(node, frame, when))
            self.wrong(both(when, negate(inside(index, 0, size - 1))))
            total = binary("+", binary("*", total, size), index)
        return total

    def value(self, node: Any, frame: Frame, when: Truth) -> Any:
        """A term or truth value."""
        return getattr(self, f"of_{type(node).__name__.lower()}")(node, frame, when)

    def of_const(self, node: tree.Const, frame: Frame, when: Truth) -> Term:
        return node.value

    def of_stepref(self, node: tree.StepRef, frame: Frame, when: Truth) -> Term:
        if node.target in (WAIT, DONE):
            return WAITS if node.target is WAIT else DONES
        assert isinstance(node.target, Step) and self.mover is not None
        return self.instance.spec.steps[self.mover.__name__].index(node.target)

    def of_name(self, node: tree.Name, frame: Frame, when: Truth) -> Term:
        return frame.names[node.name]

    def of_size(self, node: tree.Size, frame: Frame, when: Truth) -> Term:
        return self.instance.scope.size(node.of)

    def of_switchvalue(self, node: tree.SwitchValue, frame: Frame, when: Truth) -> Term:
        return int(getattr(self.instance.scope, node.name))

    def of_load(self, node: tree.Load, frame: Frame, when: Truth) -> Term:
        slot = self.instance.slots["", node.variable.name]
        index = self.flat(node.indices, slot.sizes, frame, when)
        return select(frame.states[node.state].cells["", node.variable.name], index)

    def handle(self, node: tree.Expr, frame: Frame) -> Handle:
        assert isinstance(node, tree.Name)
        return frame.handles[node.name]

    def of_field(self, node: tree.Field, frame: Frame, when: Truth) -> Term:
        handle = self.handle(node.handle, frame)
        return select(handle.state.cells[handle.kind.__name__, node.name], handle.id)

    def of_argumentvalue(self, node: tree.ArgumentValue, frame: Frame, when: Truth) -> Term:
        handle = self.handle(node.handle, frame)
        current = select(handle.state.cells[handle.kind.__name__, "command"], handle.id)
        return choose(compare("<", current, 0), 0, select(self.arguments(node.name), current))

    def arguments(self, name: str) -> list[Term]:
        """The value of an argument in every invocation of the instance (0 where the command has none)."""
        out: list[Term] = []
        for invocation in self.instance.invocations:
            given = dict(zip(invocation.command.arguments, invocation.arguments, strict=True))
            out.append(given.get(name, 0))
        return out or [0]

    def of_number(self, node: tree.Number, frame: Frame, when: Truth) -> Term:
        handle = self.handle(node.handle, frame)
        if node.which == "id":
            return handle.id
        first = next((i for i, (k, _) in enumerate(self.instance.processes) if k is handle.kind), 0)
        return binary("+", handle.id, first + 1)

    def of_at(self, node: tree.At, frame: Frame, when: Truth) -> Truth:
        handle = self.handle(node.handle, frame)
        steps = self.instance.spec.steps[handle.kind.__name__]
        current = select(handle.state.cells[handle.kind.__name__, "step"], handle.id)
        found: Truth = False
        for step in node.steps:
            if step in steps:
                found = either(found, compare("==", current, steps.index(step)))
        return found

    def of_unary(self, node: tree.Unary, frame: Frame, when: Truth) -> Any:
        value = self.value(node.operand, frame, when)
        if node.op == "not":
            return negate(truth_of(value))
        term = number(value)
        return binary("-", 0, term) if node.op == "-" else binary("-", binary("-", 0, term), 1)

    def of_binary(self, node: tree.Binary, frame: Frame, when: Truth) -> Term:
        a, b = (number(self.value(n, frame, when)) for n in (node.left, node.right))
        if node.op in ("<<", ">>"):
            self.wrong(both(when, negate(inside(b, 0, 62))))
        return binary(node.op, a, b)

    def of_compare(self, node: tree.Compare, frame: Frame, when: Truth) -> Truth:
        a, b = (number(self.value(n, frame, when)) for n in (node.left, node.right))
        return compare(node.op, a, b)

    def of_logic(self, node: tree.Logic, frame: Frame, when: Truth) -> Truth:
        total: Truth = node.op == "and"
        for item in node.items:
            needed = both(when, total if node.op == "and" else negate(total))
            if needed is False:
                break
            test = truth_of(self.value(item, frame, needed))
            total = both(total, test) if node.op == "and" else either(total, test)
        return total

    def of_choose(self, node: tree.Choose, frame: Frame, when: Truth) -> Any:
        test = truth_of(self.value(node.test, frame, when))
        if isinstance(test, bool):
            return self.value(node.then if test else node.otherwise, frame, when)
        then = self.value(node.then, frame, both(when, test))
        otherwise = self.value(node.otherwise, frame, both(when, negate(test)))
        return choose(test, number(then), number(otherwise))

    def of_call(self, node: tree.Call, frame: Frame, when: Truth) -> Term:
        inner = Frame()
        for p, argument in zip(node.function.parameters, node.arguments, strict=True):
            role = node.function.roles[p]
            if role == "handle":
                inner.handles[p] = self.handle(argument, frame)
            elif role == "state":
                inner.states[p] = frame.states[argument.name]  # type: ignore[union-attr]
            elif role == "int":
                inner.names[p] = number(self.value(argument, frame, when))
        self.block(node.function.body, inner, when)
        return inner.result
