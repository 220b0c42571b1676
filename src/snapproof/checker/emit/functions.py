"""From the tree of one function to LLVM text: its statements."""

from __future__ import annotations

from typing import Any

from ...spec import tree, walks
from ...spec.endings import Fault, Goto
from ...spec.shapes import shape_in
from ..kernel_reader import StoreItem, While
from .expressions import ExpressionEmitter
from .text import LONG_LOOP, TURNS, Emitter, Handle, Signature, Value


def lower(emitter: Emitter, function: tree.Function, signature: Signature, name: str) -> str:
    """The text of a specialisation of a function."""
    return FunctionEmitter(emitter, function, signature, name).emitted()


class FunctionEmitter(ExpressionEmitter):
    """Emits one specialisation: parameters are pointers to states, then ids of handles, then integers."""

    def __init__(self, emitter: Emitter, function: tree.Function, signature: Signature, name: str) -> None:
        super().__init__(emitter, function, signature)
        self.name = name
        self.single = _assigned_once(function)

    def emitted(self) -> str:
        """The text of the function."""
        changing = {n.name for n in walks.statements(self.function) if isinstance(n, (tree.Assign, tree.For))}
        parameters = [] if self.function.kernel else ["ptr noalias %ctx"]
        for p in self.function.parameters:
            role = self.function.roles[p]
            if role == "handle":
                parameters += [f"ptr %{p}.state", f"i64 %{p}.id"]
                count = self.emitter.instance.sizes[self.kinds[p].__name__]
                self.handles[p] = Handle(self.kinds[p], Value(f"%{p}.id", 0, max(0, count - 1)), f"%{p}.state")
            elif role == "state":
                parameters.append(f"ptr %{p}.cells")
            elif role in ("words", "halves"):
                # Kernels are never given one array twice (tests/checker/test_kernels_apart.py), so what is written to one leaves others.
                parameters.append(f"ptr noalias %{p}.cells")
            elif role == "int":
                parameters.append(f"i64 %{p}.in")
                if p in changing:
                    self.body.entry += [f"  %{p}.var = alloca i64", f"  store i64 %{p}.in, ptr %{p}.var"]
                else:
                    self.given[p], self.ranges[p] = f"%{p}.in", self.reach(shape_in(self.function.hints.get(p)))
        loops = {n.name for n in walks.statements(self.function) if isinstance(n, tree.For)}
        for local in sorted((set(self.function.locals) | loops - self.single) - set(self.function.parameters)):
            self.body.entry += [f"  %{local}.var = alloca i64", f"  store i64 0, ptr %{local}.var"]
        self.statements(self.function.body)
        self.body.do("ret i64 0")
        head = f"define internal i64 @\"{self.name}\"({', '.join(parameters)}) nounwind {{\nentry:"
        return "\n".join([head, *self.body.entry, *self.body.lines, "}"])

    # --- statements -------------------------------------------------------------------------------

    def statements(self, statements: tuple[Any, ...]) -> None:
        for statement in statements:
            getattr(self, f"do_{type(statement).__name__.lower()}")(statement)

    def do_return(self, node: tree.Return) -> None:
        value = "0" if node.value is None else self.integer(self.value(node.value))
        self.body.do(f"ret i64 {value}")
        self.body.label(self.body.fresh("after"))

    def do_assign(self, node: tree.Assign) -> None:
        value = self.value(node.value)
        if node.name in self.single:
            self.ranges[node.name] = (value.low, value.high)
        self.body.do(f"store i64 {self.integer(value)}, ptr %{node.name}.var")

    def do_do(self, node: tree.Do) -> None:
        self.value(node.call)

    def do_if(self, node: tree.If) -> None:
        then, otherwise, end = (self.body.fresh(n) for n in ("then", "else", "end"))
        self.body.do(f"br i1 {self.truth(self.value(node.test))}, label %{then}, label %{otherwise}")
        for label, part in ((then, node.then), (otherwise, node.otherwise)):
            self.body.label(label)
            self.statements(part)
            self.body.do(f"br label %{end}")
        self.body.label(end)

    def one_process(self, node: tree.For) -> None:
        found, size = self.value(node.low), self.emitter.instance.sizes[node.kind.__name__]
        if node.one == "number":
            first = self.first_number(node.kind)
            found = Value(self.body.op(f"sub i64 {self.integer(found)}, {first}"), found.low - first, found.high - first)
        if found.low < 0 or found.high >= size:
            site = f"{self.at(node.line)}: the number of a {node.kind.__name__}"
            found = Value(self.guard(self.integer(found), size, site), 0, max(0, size - 1))
        self.handles[node.name] = Handle(node.kind, found, f"%{node.state}.cells")
        self.statements(node.body)

    def do_for(self, node: tree.For) -> None:
        if node.one:
            return self.one_process(node)
        low, high = self.value(node.low), self.value(node.high)
        if not self.function.kernel and high.high - low.low > TURNS:
            high = self.turns(low, high)
        test, body, end = (self.body.fresh(n) for n in ("test", "body", "end"))
        counter = f"%{self.body.fresh('i')}"
        self.body.entry.append(f"  {counter} = alloca i64")
        self.body.do(f"store i64 {self.integer(low)}, ptr {counter}")
        self.body.do(f"br label %{test}")
        self.body.label(test)
        i = self.body.op(f"load i64, ptr {counter}")
        go = self.body.op(f"icmp slt i64 {i}, {self.integer(high)}")
        self.body.do(f"br i1 {go}, label %{body}, label %{end}")
        self.body.label(body)
        reach = (low.low, max(low.low, high.high - 1))
        if node.kind is not None:
            self.handles[node.name] = Handle(node.kind, Value(i, *reach), f"%{node.state}.cells")
        elif node.name in self.single:
            self.given[node.name], self.ranges[node.name] = i, reach
        else:
            self.body.do(f"store i64 {i}, ptr %{node.name}.var")
            if node.name not in self.function.locals:
                known = self.ranges.get(node.name, reach)
                self.ranges[node.name] = (min(known[0], reach[0]), max(known[1], reach[1]))
        self.statements(node.body)
        again = self.body.op(f"load i64, ptr {counter}")
        self.body.do(f"store i64 {self.body.op(f'add i64 {again}, 1')}, ptr {counter}")
        self.body.do(f"br label %{test}")
        self.body.label(end)

    def turns(self, low: Value, high: Value) -> Value:
        """The end of a loop that may be long: nobody looks at the clock, and nobody hears Ctrl-C, while compiled code goes round."""
        first, many = self.integer(low), self.body.op(f"sub i64 {self.integer(high)}, {self.integer(low)}")
        many = self.body.op(f"select i1 {self.body.op(f'icmp sgt i64 {many}, 0')}, i64 {many}, i64 0")
        many = self.guard(many, TURNS + 1, f"{self.function.place}: {LONG_LOOP} {TURNS:,} turns")
        return Value(self.body.op(f"add i64 {first}, {many}"), low.low, min(high.high, low.high + TURNS))

    def do_while(self, node: While) -> None:
        test, body, end = (self.body.fresh(n) for n in ("test", "body", "end"))
        self.body.do(f"br label %{test}")
        self.body.label(test)
        self.body.do(f"br i1 {self.truth(self.value(node.test))}, label %{body}, label %{end}")
        self.body.label(body)
        self.statements(node.body)
        self.body.do(f"br label %{test}")
        self.body.label(end)

    def do_storeitem(self, node: StoreItem) -> None:
        kind = "i32" if self.function.roles[node.array] == "halves" else "i64"
        value = self.integer(self.value(node.value))
        place = self.body.word(f"%{node.array}.cells", self.integer(self.value(node.index)), kind)
        if kind == "i32":
            value = self.body.op(f"trunc i64 {value} to i32")
        self.body.do(f"store {kind} {value}, ptr {place}")

    def do_store(self, node: tree.Store) -> None:
        state = next(p for p, r in self.function.roles.items() if r == "state")
        slot = self.slot("", node.variable.name)
        self.write(f"%{state}.cells", slot, self.flat(slot, node.indices, node.line), self.value(node.value), node.line)

    def do_storefield(self, node: tree.StoreField) -> None:
        handle = self.handle(node.handle)
        slot = self.slot(handle.kind.__name__, node.name)
        self.write(handle.state, slot, handle.id, self.value(node.value), node.line)

    def do_startat(self, node: tree.StartAt) -> None:
        handle = self.handle(node.handle)
        code = self.emitter.instance.spec.steps[handle.kind.__name__].index(node.step)
        self.cells.set(handle.state, self.slot(handle.kind.__name__, "step"), handle.id, str(code))

    # --- the end of a step --------------------------------------------------------------------------

    def do_goto(self, node: Goto) -> None:
        handle = self.handle(node.handle)
        self.cells.set(handle.state, self.slot(handle.kind.__name__, "step"), handle.id, self.value(node.code).text)

    def do_fault(self, node: Fault) -> None:
        self.body.do(f"store i64 {self.emitter.site(node.what)}, ptr %ctx")


def _assigned_once(function: tree.Function) -> set[str]:
    """Locals with one assignment and no other source: their range is that of the value."""
    names = [n.name for n in walks.statements(function) if isinstance(n, (tree.Assign, tree.For))]
    return {n for n in names if names.count(n) == 1 and n not in function.parameters}
