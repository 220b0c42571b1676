"""Executing a lowered function on terms.

Execution is predicated: there is one state, and every write happens under the condition that its path
is taken and has not returned.  So branches that rejoin are merged by construction; a loop over sixteen
sessions with an `if` inside is sixteen conditional values, not 65,536 paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, get_args

from ..spec import tree
from ..spec.endings import DONES, WAITS, Ends, Fault, Goto
from ..spec.processes import DONE, WAIT, Process, Step
from ..spec.reader_folds import FAILS
from .circuit import FALSE, TRUE, Truth
from .state import SymbolicState
from .terms import MOST_SHIFT, Term, bounds

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
    """One call: names, handles and states by parameter; `returned` and `result` so far; `settled`: a result has been met."""

    names: dict[str, Term] = field(default_factory=dict)
    handles: dict[str, Handle] = field(default_factory=dict)
    states: dict[str, SymbolicState] = field(default_factory=dict)
    returned: Truth = FALSE
    result: Term = 0
    settled: bool = False


class Executor:
    """Executes functions on the states of one circuit.  `errors` is the condition under which some value left its range.

    `mover` is the kind whose steps targets are codes of.
    """

    def __init__(self, state: SymbolicState, mover: type[Process] | None) -> None:
        self.instance, self.terms, self.mover = state.instance, state.terms, mover
        self.errors: Truth = FALSE

    def call(self, function: tree.Function, frame: Frame, when: Truth = TRUE) -> Term:
        """Execute a function whose parameters are bound in the frame; its result."""
        self.block(function.body, frame, when)
        return frame.result

    def wrong(self, when: Truth, allowed: Truth) -> None:
        """Note an error unless something is so."""
        if allowed != TRUE:
            self.errors = self.terms.either(self.errors, self.terms.both(when, allowed ^ 1))

    # --- statements -------------------------------------------------------------------------------

    def block(self, statements: tuple[Any, ...], frame: Frame, path: Truth) -> None:
        """Execute statements to which a path leads; whether the function has returned on the way is in the frame."""
        for statement in statements:
            if self.alive(frame, path) == FALSE:
                return
            _DOING[type(statement)](self, statement, frame, path)

    def alive(self, frame: Frame, path: Truth) -> Truth:
        """Under this condition a path is taken and the function has not returned."""
        return self.terms.both(path, frame.returned ^ 1)

    def do_return(self, node: tree.Return, frame: Frame, path: Truth) -> None:
        when = self.alive(frame, path)
        if node.value == FAILS:  # with an error any result will do: so the field of a case is its digit, and not a choice
            self.wrong(when, FALSE)
        else:
            value = 0 if node.value is None else self.value(node.value, frame, when)
            frame.result = self.terms.pick(when, value, frame.result) if frame.settled else value
            frame.settled = True
        frame.returned = self.terms.either(frame.returned, when)

    def do_assign(self, node: tree.Assign, frame: Frame, path: Truth) -> None:
        self.assign(node.name, self.value(node.value, frame, self.alive(frame, path)), frame, path)

    def assign(self, name: str, value: Term, frame: Frame, path: Truth) -> None:
        """Names mean nothing once the function has returned, so they need not keep their values then."""
        frame.names[name] = self.terms.pick(path, value, frame.names[name]) if name in frame.names else value

    def do_do(self, node: tree.Do, frame: Frame, path: Truth) -> None:
        self.value(node.call, frame, self.alive(frame, path))

    def do_if(self, node: tree.If, frame: Frame, path: Truth) -> None:
        test = self.test(node.test, frame, self.alive(frame, path))
        self.block(node.then, frame, self.terms.both(path, test))
        self.block(node.otherwise, frame, self.terms.both(path, test ^ 1))

    def one_process(self, node: tree.For, frame: Frame, path: Truth) -> None:
        when, size = self.alive(frame, path), self.instance.sizes[node.kind.__name__]
        found = self.value(node.low, frame, when)
        if node.one == "number":
            found = self.terms.minus(found, self.first_number(node.kind))
        self.wrong(when, self.terms.inside(found, 0, size - 1))
        frame.handles[node.name] = Handle(node.kind, found, frame.states[node.state])
        self.block(node.body, frame, path)

    def do_for(self, node: tree.For, frame: Frame, path: Truth) -> None:
        if node.one:
            return self.one_process(node, frame, path)
        when = self.alive(frame, path)
        low, high = self.value(node.low, frame, when), self.value(node.high, frame, when)
        count = min(LONGEST_LOOP, bounds(high)[1] - bounds(low)[0])
        for step in range(count):
            i = self.terms.plus(low, step)
            here = self.terms.both(path, self.terms.less(i, high))
            if node.kind is not None:
                frame.handles[node.name] = Handle(node.kind, i, frame.states[node.state])
            else:
                self.assign(node.name, i, frame, here)
            self.block(node.body, frame, here)
        left = self.alive(frame, path)  # whoever has returned on the way does not go on
        self.wrong(left, self.terms.less(self.terms.plus(low, LONGEST_LOOP), high) ^ 1)

    def do_store(self, node: tree.Store, frame: Frame, path: Truth) -> None:
        when = self.alive(frame, path)
        state = next(iter(frame.states.values()))
        slot = self.instance.slots["", node.variable.name]
        index = self.flat(node.indices, slot.sizes, frame, when)
        value = self.value(node.value, frame, when)
        self.wrong(when, self.terms.inside(value, slot.low, slot.high))
        self.terms.store(state.cells["", node.variable.name], index, value, when)

    def do_storefield(self, node: tree.StoreField, frame: Frame, path: Truth) -> None:
        when = self.alive(frame, path)
        handle = self.handle(node.handle, frame)
        slot = self.instance.slots[handle.kind.__name__, node.name]
        value = self.value(node.value, frame, when)
        self.wrong(when, self.terms.inside(value, slot.low, slot.high))
        self.terms.store(handle.state.cells[handle.kind.__name__, node.name], handle.id, value, when)

    def do_startat(self, node: tree.StartAt, frame: Frame, path: Truth) -> None:
        when, handle = self.alive(frame, path), self.handle(node.handle, frame)
        kind = handle.kind.__name__
        self.terms.store(handle.state.cells[kind, "step"], handle.id, handle.state.codes[kind][node.step], when)

    def do_goto(self, node: Goto, frame: Frame, path: Truth) -> None:
        when, handle = self.alive(frame, path), self.handle(node.handle, frame)
        self.terms.store(handle.state.cells[handle.kind.__name__, "step"], handle.id, self.value(node.code, frame, when), when)

    def do_fault(self, node: Fault, frame: Frame, path: Truth) -> None:
        self.wrong(self.alive(frame, path), FALSE)

    # --- expressions ------------------------------------------------------------------------------

    def value(self, node: Any, frame: Frame, when: Truth) -> Term:
        """An expression as an integer."""
        read = _READING.get(type(node))
        return read(self, node, frame, when) if read is not None else self.terms.number(self.test(node, frame, when))

    def test(self, node: Any, frame: Frame, when: Truth) -> Truth:
        """An expression as a condition."""
        of = _TESTING.get(type(node))
        if of is not None:
            return of(self, node, frame, when)
        if isinstance(node, tree.Unary) and node.op == "not":
            return self.test(node.operand, frame, when) ^ 1
        return self.terms.truth(self.value(node, frame, when))

    def flat(self, indices: tuple[tree.Expr, ...], sizes: tuple[int, ...], frame: Frame, when: Truth) -> Term:
        """The flat index of a cell; an index outside its set is an error."""
        total: Term = 0
        for node, size in zip(indices, sizes, strict=True):
            index = self.value(node, frame, when)
            self.wrong(when, self.terms.inside(index, 0, size - 1))
            total = self.terms.plus(self.terms.binary("*", total, size), index)
        return total

    def of_const(self, node: tree.Const, frame: Frame, when: Truth) -> Term:
        return node.value

    def of_stepref(self, node: tree.StepRef, frame: Frame, when: Truth) -> Term:
        if node.target in (WAIT, DONE):
            return WAITS if node.target is WAIT else DONES
        assert self.mover is not None
        return self.instance.spec.routes[self.mover.__name__].codes[node.target]

    def of_name(self, node: tree.Name, frame: Frame, when: Truth) -> Term:
        return frame.names[node.name]

    def of_size(self, node: tree.Size, frame: Frame, when: Truth) -> Term:
        return self.instance.scope.size(node.of)

    def of_switchvalue(self, node: tree.SwitchValue, frame: Frame, when: Truth) -> Term:
        return int(getattr(self.instance.scope, node.name))

    def of_load(self, node: tree.Load, frame: Frame, when: Truth) -> Term:
        slot = self.instance.slots["", node.variable.name]
        index = self.flat(node.indices, slot.sizes, frame, when)
        return self.terms.select(frame.states[node.state].cells["", node.variable.name], index)

    def handle(self, node: tree.Expr, frame: Frame) -> Handle:
        assert isinstance(node, tree.Name)
        return frame.handles[node.name]

    def of_field(self, node: tree.Field, frame: Frame, when: Truth) -> Term:
        handle = self.handle(node.handle, frame)
        if node.name == "command" and not handle.kind.programs:
            return -1
        return self.terms.select(handle.state.cells[handle.kind.__name__, node.name], handle.id)

    def of_argumentvalue(self, node: tree.ArgumentValue, frame: Frame, when: Truth) -> Term:
        handle = self.handle(node.handle, frame)
        if not handle.kind.programs:
            return 0
        return handle.state.commands.argument(handle.state, handle.kind, handle.id, node.name)

    def of_number(self, node: tree.Number, frame: Frame, when: Truth) -> Term:
        handle = self.handle(node.handle, frame)
        if node.which == "id":
            return handle.id
        return self.terms.plus(handle.id, self.first_number(handle.kind))

    def first_number(self, kind: type[Process]) -> int:
        """The number of the first process of a kind."""
        return 1 + next((i for i, (k, _) in enumerate(self.instance.processes) if k is kind), 0)

    def of_at(self, node: tree.At, frame: Frame, when: Truth) -> Truth:
        return self.standing(self.handle(node.handle, frame), node.steps)

    def standing(self, handle: Handle, among: Iterable[Step]) -> Truth:
        """Is a process at one of these steps?"""
        codes = handle.state.codes[handle.kind.__name__]
        current = self.terms.select(handle.state.cells[handle.kind.__name__, "step"], handle.id)
        return self.terms.any_of(self.terms.equal(current, codes[step]) for step in among if step in codes)

    def of_inside(self, node: tree.Inside, frame: Frame, when: Truth) -> Truth:
        handle = self.handle(node.handle, frame)
        kind, found = handle.kind.__name__, FALSE
        for steps, asked in self.instance.spec.routes[kind].inside(node.figure, node.callers):
            here = self.standing(handle, sorted(steps, key=lambda s: s.name))
            for figure, callers in asked:
                caller = self.terms.select(handle.state.cells[kind, figure.caller], handle.id)
                here = self.terms.both(here, self.terms.any_of(self.terms.equal(caller, i) for i in sorted(callers)))
            found = self.terms.either(found, here)
        return found

    def of_unary(self, node: tree.Unary, frame: Frame, when: Truth) -> Term:
        if node.op == "not":
            return self.terms.number(self.test(node.operand, frame, when) ^ 1)
        term = self.value(node.operand, frame, when)
        return self.terms.minus(0, term) if node.op == "-" else self.terms.inverted(term)

    def of_binary(self, node: tree.Binary, frame: Frame, when: Truth) -> Term:
        if node.op == "&" and isinstance(node.left, tree.Binary) and node.left.op == ">>" and node.right == tree.Const(1):
            # One bit of a mask: the other bits need not be shifted.
            mask, member = (self.value(n, frame, when) for n in (node.left.left, node.left.right))
            self.wrong(when, self.terms.not_negative(member))
            return self.terms.number(self.terms.bit(mask, member))
        a, b = self.value(node.left, frame, when), self.value(node.right, frame, when)
        if node.op == ">>":
            self.wrong(when, self.terms.not_negative(b))
        elif node.op == "<<":
            zero = self.terms.both(self.terms.equal(a, 0), self.terms.not_negative(b))  # 0 stays 0, however far
            self.wrong(when, self.terms.either(self.terms.inside(b, 0, MOST_SHIFT), zero))
        elif node.op in ("//", "%"):
            self.wrong(when, self.terms.equal(b, 0) ^ 1)
        return self.terms.binary(node.op, a, b)

    def of_compare(self, node: tree.Compare, frame: Frame, when: Truth) -> Truth:
        return self.terms.compare(node.op, self.value(node.left, frame, when), self.value(node.right, frame, when))

    def of_logic(self, node: tree.Logic, frame: Frame, when: Truth) -> Truth:
        total: Truth = node.op == "and"
        for item in node.items:
            needed = self.terms.both(when, total if node.op == "and" else total ^ 1)
            if needed == FALSE:
                break
            test = self.test(item, frame, needed)
            total = self.terms.both(total, test) if node.op == "and" else self.terms.either(total, test)
        return total

    def of_either(self, node: tree.Either, frame: Frame, when: Truth) -> Term:
        total = self.value(node.items[0], frame, when)
        for item in node.items[1:]:
            further = self.terms.truth(total) ^ (node.op == "or")
            if further != FALSE:
                total = self.terms.pick(further, self.value(item, frame, self.terms.both(when, further)), total)
        return total

    def of_choose(self, node: tree.Choose, frame: Frame, when: Truth) -> Term:
        test = self.test(node.test, frame, when)
        if test < 2:
            return self.value(node.then if test else node.otherwise, frame, when)
        then = self.value(node.then, frame, self.terms.both(when, test))
        return self.terms.pick(test, then, self.value(node.otherwise, frame, self.terms.both(when, test ^ 1)))

    def of_call(self, node: tree.Call, frame: Frame, when: Truth) -> Term:
        inner = Frame()
        for p, argument in zip(node.function.parameters, node.arguments, strict=True):
            role = node.function.roles[p]
            if role == "handle":
                inner.handles[p] = self.handle(argument, frame)
            elif role == "state":
                inner.states[p] = frame.states[argument.name]  # type: ignore[union-attr]
            elif role == "int":
                inner.names[p] = self.value(argument, frame, when)
        if node.function.writes:
            self.block(node.function.body, inner, when)
            return inner.result
        # Without the path that leads here, so that the same call is the same formula wherever it stands.
        noted, self.errors = self.errors, FALSE
        self.block(node.function.body, inner, TRUE)
        self.errors = self.terms.either(noted, self.terms.both(when, self.errors))
        return inner.result


# By the type of a node, made once: this is the innermost loop.
_DOING: dict[type, Callable[[Executor, Any, Frame, Truth], None]] = {
    of: getattr(Executor, f"do_{of.__name__.lower()}") for of in get_args(Ends)}
_TESTING: dict[type, Callable[[Executor, Any, Frame, Truth], Truth]] = {
    tree.At: Executor.of_at, tree.Inside: Executor.of_inside, tree.Compare: Executor.of_compare, tree.Logic: Executor.of_logic}
_READING: dict[type, Callable[[Executor, Any, Frame, Truth], Term]] = {
    of: getattr(Executor, f"of_{of.__name__.lower()}") for of in get_args(tree.Expr) if of not in _TESTING}
