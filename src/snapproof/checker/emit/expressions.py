"""From the tree of an expression to LLVM text.

Index and domain checks are emitted unless ranges prove them; a failed one writes its site into `ctx[0]`
and goes on with index 0, so that nothing is corrupted and the run ends with an evaluation error that the
plain reading then explains.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...spec import tree
from ...spec.domains import Domain, Extent
from ...spec.endings import DONES, WAITS
from ...spec.errors import DeclarationError
from ...spec.instance import Slot
from ...spec.processes import DONE, WAIT, Process, Step
from ...spec.shapes import domain_of, shape_in
from ..context import ARGUMENTS, COMMANDS, SWITCHES
from ..kernel_reader import KERNELS, CallExternal, Item, Pointer
from .arithmetic import ArithmeticEmitter
from .text import BIG, Body, Cells, Emitter, Handle, Signature, Value, known


class ExpressionEmitter(ArithmeticEmitter):
    """Expressions of one specialisation of a function."""

    def __init__(self, emitter: Emitter, function: tree.Function, signature: Signature) -> None:
        self.emitter, self.function, self.signature = emitter, function, signature
        self.body = Body()
        self.cells = Cells(emitter.layout, self.body)
        self.kinds: dict[str, type[Process]] = dict(signature.kinds)
        self.handles: dict[str, Handle] = {}
        self.ranges: dict[str, tuple[int, int]] = {}
        self.given: dict[str, str] = {}  # parameters to which nothing is assigned

    # --- cells ------------------------------------------------------------------------------------

    def slot(self, kind: str, name: str) -> Slot:
        return self.emitter.instance.slots[kind, name]

    def cell(self, state: str, slot: Slot, index: Value) -> Value:
        """Read a cell whose index is known to be inside."""
        raw = self.turned(slot, self.cells.read(state, slot, index))
        return Value(self.body.op(f"add i64 {raw}, {slot.low}") if slot.low else raw, slot.low, slot.high)

    def write(self, state: str, slot: Slot, index: Value, value: Value, line: int) -> None:
        """Write a cell; a value outside the domain is an error."""
        offset = self.integer(value)
        if slot.low:
            offset = self.body.op(f"sub i64 {offset}, {slot.low}")
        if value.low < slot.low or value.high > slot.high:
            offset = self.guard(offset, slot.high - slot.low + 1, f"{self.at(line)}: {slot.name}")
        self.cells.set(state, slot, index, self.turned(slot, offset))

    def turned(self, slot: Slot, raw: str) -> str:
        """From the value less the lowest one to what the bits hold, or back."""
        turned = self.emitter.layout.of(slot).turned
        return self.body.op(f"xor i64 {raw}, {turned}") if turned else raw

    def flat(self, slot: Slot, indices: tuple[tree.Expr, ...], line: int = 0) -> Value:
        """The flat index of a cell, each index checked."""
        total = known(0)
        for node, size in zip(indices, slot.sizes, strict=True):
            index = self.value(node)
            text = self.integer(index)
            if index.low < 0 or index.high >= size:
                text = self.guard(text, size, f"{self.at(line)}: index of {slot.name}")
                index = Value(text, 0, size - 1)
            if total.text == "0" and total.low == total.high == 0:
                total = replace(index, text=text, truth=False)
            elif total.low == total.high and index.low == index.high:
                total = known(total.low * size + index.low)
            else:
                row = self.body.op(f"mul i64 {total.text}, {size}")
                total = Value(self.body.op(f"add i64 {row}, {text}"), total.low * size + index.low, total.high * size + index.high)
        return total

    def at(self, line: int) -> str:
        return f"{self.function.place.split(':')[0]}:{line} {self.function.name}"

    # --- expressions --------------------------------------------------------------------------------

    def value(self, node: Any) -> Value:
        """The operand of an expression."""
        return getattr(self, f"of_{type(node).__name__.lower()}")(node)  # type: ignore[no-any-return]

    def of_const(self, node: tree.Const) -> Value:
        signed = node.value - (1 << 64) if node.value >= 1 << 63 else node.value
        return known(signed)

    def of_stepref(self, node: tree.StepRef) -> Value:
        if node.target in (WAIT, DONE):
            code = WAITS if node.target is WAIT else DONES
        else:
            kind = self.signature.mover
            codes = {} if kind is None else self.emitter.instance.spec.routes[kind.__name__].codes
            if node.target not in codes:
                raise DeclarationError(self.function.place, f"it names the step {node.target!r}, which the process does not have.",
                                       "Return steps of the process that moves.")
            code = codes[node.target]
        return known(code)

    def of_name(self, node: tree.Name) -> Value:
        low, high = self.ranges.get(node.name, (-BIG, BIG)) if node.name not in self.function.within else \
            self.reach(self.function.within[node.name])
        return Value(self.given.get(node.name) or self.body.op(f"load i64, ptr %{node.name}.var"), low, high)

    def of_size(self, node: tree.Size) -> Value:
        n = self.emitter.instance.scope.size(node.of)
        return known(n)

    def of_switchvalue(self, node: tree.SwitchValue) -> Value:
        cell = SWITCHES + self.emitter.switches.index(node.name)
        values = [int(v) for v in self.emitter.instance.spec.scope.switches[node.name].values]
        return Value(self.body.op(f"load i64, ptr {self.body.word('%ctx', str(cell))}"), min(values), max(values))

    def of_load(self, node: tree.Load) -> Value:
        slot = self.slot("", node.variable.name)
        return self.cell(f"%{node.state}.cells", slot, self.flat(slot, node.indices))

    def handle(self, node: tree.Expr) -> Handle:
        assert isinstance(node, tree.Name)
        return self.handles[node.name]

    def of_field(self, node: tree.Field) -> Value:
        handle = self.handle(node.handle)
        if node.name == "command" and not handle.kind.programs:
            return known(-1)
        slot = self.slot(handle.kind.__name__, node.name)
        found = self.cell(handle.state, slot, handle.id)
        return self.in_its_time(handle, slot, found) if self.emitter.layout.of(slot).shared else found

    def in_its_time(self, handle: Handle, slot: Slot, found: Value) -> Value:
        """What shared bits hold while the process carries out a command to which the local belongs; initial otherwise."""
        current = self.cells.read(handle.state, self.slot(handle.kind.__name__, "command"), handle.id)  # 0: none
        base = self.body.op(f"load i64, ptr {self.body.word('%ctx', str(COMMANDS))}")
        carried = self.body.op(f"load i64, ptr {self.body.word('%ctx', self.body.op(f'add i64 {base}, {current}'))}")
        commands = self.emitter.instance.spec.commands
        mine = self.one_of(carried, [commands.index(c) for c in slot.during])
        return Value(self.body.op(f"select i1 {mine}, i64 {found.text}, i64 {slot.start}"), slot.low, slot.high)

    def of_argumentvalue(self, node: tree.ArgumentValue) -> Value:
        handle = self.handle(node.handle)
        if not handle.kind.programs:
            return known(0)
        names = list(handle.kind.arguments)
        current = self.cell(handle.state, self.slot(handle.kind.__name__, "command"), handle.id).text
        none = self.body.op(f"icmp slt i64 {current}, 0")
        safe = self.body.op(f"select i1 {none}, i64 0, i64 {current}")
        instance = self.emitter.instance
        rows = self.body.op(f"add i64 {safe}, {instance.spec.kinds.index(handle.kind) * instance.command_room}")
        base = self.body.op(f"load i64, ptr {self.body.word('%ctx', str(ARGUMENTS))}")
        row = self.body.op(f"add i64 {base}, {self.body.op(f'mul i64 {rows}, {instance.widest_arguments()}')}")
        cell = self.body.word("%ctx", self.body.op(f"add i64 {row}, {names.index(node.name)}"))
        loaded = self.body.op(f"load i64, ptr {cell}")
        low, high = handle.kind.arguments[node.name].domain.bounds(self.emitter.instance.sizes)
        return Value(self.body.op(f"select i1 {none}, i64 0, i64 {loaded}"), min(0, low), max(0, high))

    def of_number(self, node: tree.Number) -> Value:
        handle = self.handle(node.handle)
        if node.which == "id":
            return handle.id
        first = self.first_number(handle.kind)
        return Value(self.body.op(f"add i64 {handle.id.text}, {first}"), handle.id.low + first, handle.id.high + first)

    def first_number(self, kind: type[Process]) -> int:
        """The number of a kind's first process; a kind without members has none, and nobody gets so far as to use it."""
        return 1 + next((i for i, (k, _) in enumerate(self.emitter.instance.processes) if k is kind), 0)

    def of_at(self, node: tree.At) -> Value:
        return Value(self.standing(self.handle(node.handle), node.steps), 0, 1, True)

    def standing(self, handle: Handle, among: Iterable[Step]) -> str:
        """Is the process at one of these steps?"""
        steps = self.emitter.instance.spec.steps[handle.kind.__name__]
        current = self.cell(handle.state, self.slot(handle.kind.__name__, "step"), handle.id).text
        return self.one_of(current, [steps.index(s) for s in among if s in steps])

    def one_of(self, text: str, numbers: Iterable[int]) -> str:
        """Is a number one of these?"""
        found = "false"
        for number in numbers:
            here = self.body.op(f"icmp eq i64 {text}, {number}")
            found = self.body.op(f"or i1 {found}, {here}")
        return found

    def of_inside(self, node: tree.Inside) -> Value:
        handle, found = self.handle(node.handle), "false"
        kind = handle.kind.__name__
        for steps, asked in self.emitter.instance.spec.routes[kind].inside(node.figure, node.callers):
            here = self.standing(handle, sorted(steps, key=lambda s: s.name))
            for figure, callers in asked:
                caller = self.cell(handle.state, self.slot(kind, figure.caller), handle.id).text
                here = self.body.op(f"and i1 {here}, {self.one_of(caller, sorted(callers))}")
            found = self.body.op(f"or i1 {found}, {here}")
        return Value(found, 0, 1, True)

    def of_compare(self, node: tree.Compare) -> Value:
        name = {"==": "eq", "!=": "ne", "<": "slt", "<=": "sle", ">": "sgt", ">=": "sge"}[node.op]
        x, y = self.integer(self.value(node.left)), self.integer(self.value(node.right))
        return Value(self.body.op(f"icmp {name} i64 {x}, {y}"), 0, 1, True)

    def of_logic(self, node: tree.Logic) -> Value:
        end, decided = self.body.fresh("decided"), []
        for item in node.items[:-1]:
            test = self.truth(self.value(item))
            decided.append(f"[ {'false' if node.op == 'and' else 'true'}, %{self.body.block} ]")
            more = self.body.fresh("more")
            order = f"label %{more}, label %{end}" if node.op == "and" else f"label %{end}, label %{more}"
            self.body.do(f"br i1 {test}, {order}")
            self.body.label(more)
        last = self.truth(self.value(node.items[-1]))
        decided.append(f"[ {last}, %{self.body.block} ]")
        self.body.do(f"br label %{end}")
        self.body.label(end)
        return Value(self.body.op(f"phi i1 {', '.join(decided)}"), 0, 1, True)

    def of_either(self, node: tree.Either) -> Value:
        end, found = self.body.fresh("decided"), []
        for item in node.items[:-1]:
            value = self.value(item)
            found.append((self.integer(value), self.body.block, value))
            more, test = self.body.fresh("more"), self.truth(value)
            order = f"label %{more}, label %{end}" if node.op == "and" else f"label %{end}, label %{more}"
            self.body.do(f"br i1 {test}, {order}")
            self.body.label(more)
        last = self.value(node.items[-1])
        found.append((self.integer(last), self.body.block, last))
        self.body.do(f"br label %{end}")
        self.body.label(end)
        return self.merged(found)

    def of_choose(self, node: tree.Choose) -> Value:
        then, otherwise, end = (self.body.fresh(n) for n in ("then", "else", "end"))
        self.body.do(f"br i1 {self.truth(self.value(node.test))}, label %{then}, label %{otherwise}")
        found: list[tuple[str, str, Value]] = []
        for label, part in ((then, node.then), (otherwise, node.otherwise)):
            self.body.label(label)
            value = self.value(part)
            found.append((self.integer(value), self.body.block, value))
            self.body.do(f"br label %{end}")
        self.body.label(end)
        return self.merged(found)

    def merged(self, found: list[tuple[str, str, Value]]) -> Value:
        """One of some integers, each with the block it comes from."""
        merged = self.body.op("phi i64 " + ", ".join(f"[ {text}, %{block} ]" for text, block, _ in found))
        return Value(merged, min(v.low for *_, v in found), max(v.high for *_, v in found))

    def of_call(self, node: tree.Call) -> Value:
        helper, passed, kinds = node.function, [] if node.function.kernel else ["ptr %ctx"], []
        for p, argument in zip(helper.parameters, node.arguments, strict=True):
            role = helper.roles[p]
            if role == "handle":
                handle = self.handle(argument)
                kinds.append((p, handle.kind))
                passed += [f"ptr {handle.state}", f"i64 {handle.id.text}"]
            elif role == "state":
                passed.append(f"ptr %{argument.name}.cells")  # type: ignore[union-attr]
            elif role in ("words", "halves"):
                passed.append(f"ptr {self.value(argument).text}")
            elif role == "int":
                passed.append(f"i64 {self.integer(self.value(argument))}")
        mover, own = (None, "") if helper.kernel and id(helper) not in KERNELS.own else (self.signature.mover, self.signature.own)
        name = self.emitter.function(helper, Signature(tuple(kinds), mover, own))
        result = self.body.op(f"call i64 @\"{name}\"({', '.join(passed)})")
        returns = helper.returns if helper.returns is bool else shape_in(helper.returns)
        return Value(result, *self.reach(helper.within.get("", returns)))

    def reach(self, of: Any) -> tuple[int, int]:
        """Between which numbers something lies: a truth value, a record, a value of a domain, or what an Extent counts.

        0 is among them, since that is the value of what is an error.
        """
        sizes, of = self.emitter.instance.sizes, domain_of(of)
        low, high = (0, 1) if of is bool else of.bounds(sizes) if isinstance(of, Domain) else \
            (0, of.count(sizes)) if isinstance(of, Extent) else (-BIG, BIG)
        return min(0, low), max(0, high)

    # --- kernels ------------------------------------------------------------------------------------

    def of_item(self, node: Item) -> Value:
        halves = self.function.roles[node.array] == "halves"
        place = self.body.word(f"%{node.array}.cells", self.integer(self.value(node.index)), "i32" if halves else "i64")
        if halves and not node.wide:
            return Value(self.body.op(f"zext i32 {self.body.op(f'load i32, ptr {place}')} to i64"), 0, (1 << 32) - 1)
        return Value(self.body.op(f"load i64, ptr {place}, align {4 if halves else 8}"))

    def of_pointer(self, node: Pointer) -> Value:
        if node.index == tree.Const(0):
            return Value(f"%{node.array}.cells")
        kind = "i32" if self.function.roles[node.array] == "halves" else "i64"
        return Value(self.body.word(f"%{node.array}.cells", self.integer(self.value(node.index)), kind))

    def of_callexternal(self, node: CallExternal) -> Value:
        if node.name == "prefetch":
            self.body.do(f"call void @llvm.prefetch.p0(ptr {self.value(node.arguments[0]).text}, i32 0, i32 3, i32 1)")
            return known(0)
        passed = [f"{'ptr' if isinstance(a, Pointer) else 'i64'} {self.integer(self.value(a))}" for a in node.arguments]
        name = f"{node.name}.{self.signature.own}" if node.own else node.name
        if name in self.emitter.constants:
            return known(self.emitter.constants[name])
        return Value(self.body.op(f"call i64 @{name}({', '.join(passed)})"))
