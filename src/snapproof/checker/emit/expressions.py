"""From the tree of an expression to LLVM text.

Index and domain checks are emitted unless ranges prove them; a failed one writes its site into `ctx[0]`
and goes on with index 0, so that nothing is corrupted and the run ends with an evaluation error that the
plain reading then explains.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...spec import tree
from ...spec.errors import DeclarationError
from ...spec.instance import Slot
from ...spec.processes import DONE, WAIT, Process, Step
from ..kernel_reader import CallExternal, Item, Pointer
from .text import ARGUMENTS, BIG, DONES, SWITCHES, WAITS, Body, Cells, Emitter, Handle, Signature, Value, known


class ExpressionEmitter:
    """Expressions of one specialisation of a function."""

    def __init__(self, emitter: Emitter, function: tree.Function, signature: Signature) -> None:
        self.emitter, self.function, self.signature = emitter, function, signature
        self.body = Body()
        self.cells = Cells(emitter.layout, self.body)
        self.kinds: dict[str, type[Process]] = dict(signature.kinds)
        self.handles: dict[str, Handle] = {}
        self.ranges: dict[str, tuple[int, int]] = {}

    # --- cells ------------------------------------------------------------------------------------

    def slot(self, kind: str, name: str) -> Slot:
        return self.emitter.instance.slots[kind, name]

    def cell(self, state: str, slot: Slot, index: Value) -> Value:
        """Read a cell whose index is known to be inside."""
        raw = self.cells.read(state, slot, index)
        return Value(self.body.op(f"add i64 {raw}, {slot.low}") if slot.low else raw, slot.low, slot.high)

    def write(self, state: str, slot: Slot, index: Value, value: Value, line: int) -> None:
        """Write a cell; a value outside the domain is an error."""
        offset = self.integer(value)
        if slot.low:
            offset = self.body.op(f"sub i64 {offset}, {slot.low}")
        if value.low < slot.low or value.high > slot.high:
            offset = self.guard(offset, slot.high - slot.low + 1, f"{self.at(line)}: {slot.name}")
        self.cells.set(state, slot, index, offset)

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

    def guard(self, text: str, size: int, place: str) -> str:
        """The operand if it is 0 … size-1; otherwise 0, and the error is noted."""
        site = self.emitter.site(place)
        inside = self.body.op(f"icmp ult i64 {text}, {size}")
        bad, good = self.body.fresh("bad"), self.body.fresh("good")
        self.body.do(f"br i1 {inside}, label %{good}, label %{bad}, !prof !0")
        self.body.label(bad)
        self.body.do(f"store i64 {site}, ptr %ctx")
        self.body.do(f"br label %{good}")
        self.body.label(good)
        return self.body.op(f"select i1 {inside}, i64 {text}, i64 0")

    def at(self, line: int) -> str:
        return f"{self.function.place.split(':')[0]}:{line} {self.function.name}"

    # --- expressions --------------------------------------------------------------------------------

    def integer(self, value: Value) -> str:
        return self.body.op(f"zext i1 {value.text} to i64") if value.truth else value.text

    def truth(self, value: Value) -> str:
        return value.text if value.truth else self.body.op(f"icmp ne i64 {value.text}, 0")

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
            assert isinstance(node.target, Step)
            kind = self.signature.mover
            if kind is None or node.target not in self.emitter.instance.spec.steps[kind.__name__]:
                raise DeclarationError(self.function.place, f"it names the step {node.target.name}, which the process does not have.",
                                       "Return steps of the process that moves.")
            code = self.emitter.instance.spec.steps[kind.__name__].index(node.target)
        return known(code)

    def of_name(self, node: tree.Name) -> Value:
        low, high = self.ranges.get(node.name, (-BIG, BIG))
        return Value(self.body.op(f"load i64, ptr %{node.name}.var"), low, high)

    def of_size(self, node: tree.Size) -> Value:
        n = self.emitter.instance.scope.size(node.of)
        return known(n)

    def of_switchvalue(self, node: tree.SwitchValue) -> Value:
        cell = SWITCHES + self.emitter.switches.index(node.name)
        values = [int(v) for v in self.emitter.instance.spec.scope.switches[node.name].values]
        return Value(self.body.op(f"load i64, ptr {self.body.word('%ctx', str(cell))}"), min(values), max(values))

    def of_load(self, node: tree.Load) -> Value:
        slot = self.slot("", node.variable.name)
        return self.cell(f"%{node.state}", slot, self.flat(slot, node.indices))

    def handle(self, node: tree.Expr) -> Handle:
        assert isinstance(node, tree.Name)
        return self.handles[node.name]

    def of_field(self, node: tree.Field) -> Value:
        handle = self.handle(node.handle)
        if node.name == "command" and not handle.kind.programs:
            return known(-1)
        return self.cell(handle.state, self.slot(handle.kind.__name__, node.name), handle.id)

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
        # A kind without members has no number; nothing is quantified over it, so any will do.
        first = 1 + next((i for i, (k, _) in enumerate(self.emitter.instance.processes) if k is handle.kind), 0)
        return Value(self.body.op(f"add i64 {handle.id.text}, {first}"), handle.id.low + first, handle.id.high + first)

    def of_at(self, node: tree.At) -> Value:
        handle = self.handle(node.handle)
        steps = self.emitter.instance.spec.steps[handle.kind.__name__]
        current = self.cell(handle.state, self.slot(handle.kind.__name__, "step"), handle.id).text
        found = "false"
        for step in node.steps:
            if step in steps:
                here = self.body.op(f"icmp eq i64 {current}, {steps.index(step)}")
                found = self.body.op(f"or i1 {found}, {here}")
        return Value(found, 0, 1, True)

    def of_unary(self, node: tree.Unary) -> Value:
        value = self.value(node.operand)
        if node.op == "not":
            return Value(self.body.op(f"xor i1 {self.truth(value)}, true"), 0, 1, True)
        text = self.integer(value)
        if node.op == "-":
            return self.arithmetic("-", known(0), value, "0", text)
        return Value(self.body.op(f"xor i64 {text}, -1"), -value.high - 1, -value.low - 1)

    def of_binary(self, node: tree.Binary) -> Value:
        a, b = self.value(node.left), self.value(node.right)
        x, y = self.integer(a), self.integer(b)
        if node.op in ("min", "max"):
            test = self.body.op(f"icmp {'slt' if node.op == 'min' else 'sgt'} i64 {x}, {y}")
            pick = min if node.op == "min" else max
            return Value(self.body.op(f"select i1 {test}, i64 {x}, i64 {y}"), pick(a.low, b.low), pick(a.high, b.high))
        if node.op in ("//", "%"):
            return self.divided(node, a, b, x, y)
        if node.op in ("<<", ">>") and not self.function.kernel and (b.low < 0 or b.high > 62):
            y = self.guard(y, 63, f"{self.function.place}: a shift beyond 62 bits")
            b = Value(y, 0, 62)
        return self.arithmetic(node.op, a, b, x, y)

    def arithmetic(self, op: str, a: Value, b: Value, x: str, y: str) -> Value:
        """An operation; one whose result might need more than 62 bits is checked (kernels wrap instead)."""
        name = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor", "<<": "shl", ">>": "ashr", ">>>": "lshr"}[op]
        reach = _reach(op, a, b)
        if self.function.kernel or op not in ("+", "-", "*", "<<") or reach is not None:
            return Value(self.body.op(f"{name} i64 {x}, {y}"), *(reach or (-BIG, BIG)))
        if op == "<<":
            result = self.body.op(f"shl i64 {x}, {y}")
            fits = self.body.op(f"icmp eq i64 {self.body.op(f'ashr i64 {result}, {y}')}, {x}")
        else:
            pair = self.body.op(f"call {{i64, i1}} @llvm.s{name}.with.overflow.i64(i64 {x}, i64 {y})")
            result = self.body.op(f"extractvalue {{i64, i1}} {pair}, 0")
            fits = self.body.op(f"xor i1 {self.body.op(f'extractvalue {{i64, i1}} {pair}, 1')}, true")
        high = self.body.op(f"add i64 {result}, {BIG}")
        small = self.body.op(f"icmp sge i64 {high}, 0")
        below = self.body.op(f"icmp sle i64 {result}, {BIG}")
        fits = self.body.op(f"and i1 {fits}, {self.body.op(f'and i1 {small}, {below}')}")
        number = self.body.op(f"select i1 {fits}, i64 0, i64 1")
        self.guard(number, 1, f"{self.function.place}: a number beyond 62 bits")
        return Value(self.body.op(f"select i1 {fits}, i64 {result}, i64 0"))

    def divided(self, node: tree.Binary, a: Value, b: Value, x: str, y: str) -> Value:
        """Floor division and its remainder, as in Python; the divisor must be a known positive number."""
        if b.low != b.high or b.low <= 0:
            raise DeclarationError(self.function.place, "it divides by something that is not a known positive number.",
                                   "Divide by a constant or by the size of an index set.")
        power = b.low.bit_length() - 1 if b.low & (b.low - 1) == 0 else None
        if power is not None:
            text = f"ashr i64 {x}, {power}" if node.op == "//" else f"and i64 {x}, {b.low - 1}"
        elif a.low >= 0:
            text = f"{'udiv' if node.op == '//' else 'urem'} i64 {x}, {y}"
        else:
            rest = self.body.op(f"srem i64 {x}, {y}")
            below = self.body.op(f"icmp slt i64 {rest}, 0")
            if node.op == "//":
                text = f"sub i64 {self.body.op(f'sdiv i64 {x}, {y}')}, {self.body.op(f'zext i1 {below} to i64')}"
            else:
                text = f"add i64 {rest}, {self.body.op(f'select i1 {below}, i64 {y}, i64 0')}"
        reach = (a.low // b.low, a.high // b.low) if node.op == "//" else (0, b.low - 1)
        return Value(self.body.op(text), *reach)

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
            elif role in ("state", "words", "halves"):
                passed.append(f"ptr %{argument.name}")  # type: ignore[union-attr]
            elif role == "int":
                passed.append(f"i64 {self.integer(self.value(argument))}")
        name = self.emitter.function(helper, Signature(tuple(kinds), self.signature.mover))
        result = self.body.op(f"call i64 @\"{name}\"({', '.join(passed)})")
        return Value(result, 0, 1) if helper.returns is bool else Value(result)

    # --- kernels ------------------------------------------------------------------------------------

    def of_item(self, node: Item) -> Value:
        halves = self.function.roles[node.array] == "halves"
        place = self.body.word(f"%{node.array}", self.integer(self.value(node.index)), "i32" if halves else "i64")
        if halves and not node.wide:
            return Value(self.body.op(f"zext i32 {self.body.op(f'load i32, ptr {place}')} to i64"), 0, (1 << 32) - 1)
        return Value(self.body.op(f"load i64, ptr {place}, align {4 if halves else 8}"))

    def of_pointer(self, node: Pointer) -> Value:
        kind = "i32" if self.function.roles[node.array] == "halves" else "i64"
        return Value(self.body.word(f"%{node.array}", self.integer(self.value(node.index)), kind))

    def of_callexternal(self, node: CallExternal) -> Value:
        if node.name == "prefetch":
            self.body.do(f"call void @llvm.prefetch.p0(ptr {self.value(node.arguments[0]).text}, i32 0, i32 3, i32 1)")
            return known(0)
        passed = [f"{'ptr' if isinstance(a, Pointer) else 'i64'} {self.integer(self.value(a))}" for a in node.arguments]
        return Value(self.body.op(f"call i64 @{node.name}({', '.join(passed)})"))


def _reach(op: str, a: Value, b: Value) -> tuple[int, int] | None:
    """The range of a result; None when it may need more than 62 bits."""
    if op == "+":
        low, high = a.low + b.low, a.high + b.high
    elif op == "-":
        low, high = a.low - b.high, a.high - b.low
    elif op == "*":
        corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(corners), max(corners)
    elif op == "&" and (a.low >= 0 or b.low >= 0):
        low, high = 0, min(v.high for v in (a, b) if v.low >= 0)
    elif op in ("|", "^") and a.low >= 0 and b.low >= 0:
        low, high = 0, (1 << max(a.high, b.high).bit_length()) - 1
    elif op == "<<" and a.low >= 0 and b.low >= 0 and b.high < 60:
        low, high = a.low << b.low, a.high << b.high
    elif op == ">>" and a.low >= 0 and b.low >= 0:
        low, high = 0, a.high >> b.low
    elif op in ("+", "-", "*", "<<"):
        return None
    else:
        return -BIG, BIG
    return (low, high) if low >= -BIG and high <= BIG else None

