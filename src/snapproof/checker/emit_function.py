"""From the tree of one function to LLVM text.

Every value is an `i64` (a truth value an `i1` until it is stored).  Index and domain checks are emitted
unless ranges prove them; a failed one writes its site into `ctx[0]` and goes on with index 0, so that
nothing is corrupted and the run ends with an evaluation error that the plain reading then explains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..spec import tree
from ..spec.errors import DeclarationError
from ..spec.instance import Instance, Slot
from ..spec.layout import Layout
from ..spec.processes import DONE, WAIT, Process, Step
from .kernel_reader import CallExternal, Item, Pointer, StoreItem, While

WAITS, DONES = -1, -2
"""What a compiled step returns for WAIT and DONE; otherwise the index of the next step in its kind."""

(FAULT, ARGUMENTS, FIRST_STEPS, PROCESSES, POSITIONS, ALTERNATIVES, FUSE, WATCHED, SWITCHES) = range(9)
"""Cells of `ctx`: error site, offsets of the program tables behind the switches and counters, is fusing on,
mask of transition properties, first switch."""

BIG = 1 << 62


@dataclass(frozen=True)
class Value:
    """An LLVM operand with its type and the range it is known to lie in."""

    text: str
    low: int = -BIG
    high: int = BIG
    truth: bool = False


@dataclass(frozen=True)
class Handle:
    """A process: its kind, the operand of its id, and the state it is seen in."""

    kind: type[Process]
    id: Value
    state: str


@dataclass(frozen=True)
class Signature:
    """What distinguishes the specialisations of a function: the kinds behind its handles, and whose step it serves."""

    kinds: tuple[tuple[str, type[Process]], ...]
    mover: type[Process] | None


class Emitter:
    """What all functions of one module share: layout, sites of checks, specialisations."""

    def __init__(self, instance: Instance, layout: Layout) -> None:
        self.instance, self.layout = instance, layout
        self.switches = list(instance.spec.scope.switches)
        self.counters = SWITCHES + len(self.switches)
        self.steps = [(k, s) for k in instance.spec.kinds for s in instance.spec.steps[k.__name__]]
        self.functions: dict[tuple[int, Signature], str] = {}
        self.kept: list[tree.Function] = []
        self.text: list[str] = []
        self.sites: list[str] = [""]

    def function(self, function: tree.Function, signature: Signature) -> str:
        """The name of a specialisation; emitted when it is met first."""
        key = (id(function), signature)
        if key not in self.functions:
            self.kept.append(function)
            name = f"{function.name}.{len(self.functions)}"
            self.functions[key] = name
            body = FunctionEmitter(self, function, signature, name).emitted()
            self.text.append(body)
        return self.functions[key]

    def site(self, place: str) -> int:
        """A number for a check, by which its place is found again."""
        self.sites.append(place)
        return len(self.sites) - 1


class Body:
    """Lines of one LLVM function, with fresh names."""

    def __init__(self) -> None:
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.count = 0
        self.block = "entry"

    def fresh(self, stem: str = "t") -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def op(self, text: str) -> str:
        """An instruction with a result; its operand."""
        name = f"%{self.fresh()}"
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        """An instruction without result."""
        self.lines.append(f"  {text}")

    def label(self, name: str) -> None:
        """Begin a block."""
        self.lines.append(f"{name}:")
        self.block = name

    def word(self, array: str, index: str, kind: str = "i64") -> str:
        """The address of an element."""
        return self.op(f"getelementptr {kind}, ptr {array}, i64 {index}")


class FunctionEmitter:
    """Emits one specialisation: parameters are pointers to states, then ids of handles, then integers."""

    def __init__(self, emitter: Emitter, function: tree.Function, signature: Signature, name: str) -> None:
        self.emitter, self.function, self.signature, self.name = emitter, function, signature, name
        self.body = Body()
        self.kinds = dict(signature.kinds)
        self.handles: dict[str, Handle] = {}
        self.ranges: dict[str, tuple[int, int]] = {}
        self.single = _assigned_once(function)

    def emitted(self) -> str:
        """The text of the function."""
        parameters = [] if self.function.kernel else ["ptr noalias %ctx"]
        for p in self.function.parameters:
            role = self.function.roles[p]
            if role == "handle":
                parameters += [f"ptr %{p}.state", f"i64 %{p}.id"]
                count = self.emitter.instance.sizes[self.kinds[p].__name__]
                self.handles[p] = Handle(self.kinds[p], Value(f"%{p}.id", 0, max(0, count - 1)), f"%{p}.state")
            elif role in ("state", "words", "halves"):
                parameters.append(f"ptr %{p}")
            elif role == "int":
                parameters.append(f"i64 %{p}.in")
                self.body.entry += [f"  %{p}.var = alloca i64", f"  store i64 %{p}.in, ptr %{p}.var"]
        taken = set(self.function.parameters)
        loops = {n.name for n in tree.nodes(self.function) if isinstance(n, tree.For)}
        for local in sorted((set(self.function.locals) | loops) - taken):
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

    def do_for(self, node: tree.For) -> None:
        low, high = self.value(node.low), self.value(node.high)
        variable = f"%{node.name}.var"
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
            self.handles[node.name] = Handle(node.kind, Value(i, *reach), f"%{node.state}")
        else:
            self.body.do(f"store i64 {i}, ptr {variable}")
            if node.name not in self.function.locals:
                known = self.ranges.get(node.name, reach)
                self.ranges[node.name] = (min(known[0], reach[0]), max(known[1], reach[1]))
        self.statements(node.body)
        again = self.body.op(f"load i64, ptr {counter}")
        self.body.do(f"store i64 {self.body.op(f'add i64 {again}, 1')}, ptr {counter}")
        self.body.do(f"br label %{test}")
        self.body.label(end)

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
        place = self.body.word(f"%{node.array}", self.integer(self.value(node.index)), kind)
        if kind == "i32":
            value = self.body.op(f"trunc i64 {value} to i32")
        self.body.do(f"store {kind} {value}, ptr {place}")

    def do_store(self, node: tree.Store) -> None:
        state = next(p for p, r in self.function.roles.items() if r == "state")
        slot = self.slot("", node.variable.name)
        self.write(f"%{state}", slot, self.flat(slot, node.indices, node.line), self.value(node.value), node.line)

    def do_storefield(self, node: tree.StoreField) -> None:
        handle = self.handle(node.handle)
        slot = self.slot(handle.kind.__name__, node.name)
        self.write(handle.state, slot, handle.id, self.value(node.value), node.line)

    # --- cells ------------------------------------------------------------------------------------

    def slot(self, kind: str, name: str) -> Slot:
        return self.emitter.instance.slots[kind, name]

    def place(self, slot: Slot, index: Value) -> tuple[str, str]:
        """(word index, shift) of a cell."""
        place = self.emitter.layout.places[slot.kind.__name__ if slot.kind else "", slot.name]
        if index.low == index.high:
            return (str(place.word + index.low // place.per), str(place.shift + index.low % place.per * place.width))
        word, inside = str(place.word), index.text
        if slot.length > place.per:
            word = self.body.op(f"add i64 {place.word}, {self.body.op(f'udiv i64 {index.text}, {place.per}')}")
            inside = self.body.op(f"urem i64 {index.text}, {place.per}")
        moved = self.body.op(f"mul i64 {inside}, {place.width}")
        return word, self.body.op(f"add i64 {moved}, {place.shift}")

    def cell(self, state: str, slot: Slot, index: Value) -> Value:
        """Read a cell whose index is known to be inside."""
        width = self.emitter.layout.places[slot.kind.__name__ if slot.kind else "", slot.name].width
        if width == 0:
            return Value(str(slot.low), slot.low, slot.low)
        word, shift = self.place(slot, index)
        loaded = self.body.op(f"load i64, ptr {self.body.word(state, word)}")
        value = self.body.op(f"and i64 {self.body.op(f'lshr i64 {loaded}, {shift}')}, {(1 << width) - 1}")
        if slot.low:
            value = self.body.op(f"add i64 {value}, {slot.low}")
        return Value(value, slot.low, slot.high)

    def write(self, state: str, slot: Slot, index: Value, value: Value, line: int) -> None:
        """Write a cell; a value outside the domain is an error."""
        offset = self.integer(value)
        if slot.low:
            offset = self.body.op(f"sub i64 {offset}, {slot.low}")
        if value.low < slot.low or value.high > slot.high:
            offset = self.guard(offset, slot.high - slot.low + 1, f"{self.at(line)}: {slot.name}")
        width = self.emitter.layout.places[slot.kind.__name__ if slot.kind else "", slot.name].width
        if width == 0:
            return
        word, shift = self.place(slot, index)
        address = self.body.word(state, word)
        mask = self.body.op(f"shl i64 {(1 << width) - 1}, {shift}")
        kept = self.body.op(f"and i64 {self.body.op(f'load i64, ptr {address}')}, {self.body.op(f'xor i64 {mask}, -1')}")
        moved = self.body.op(f"shl i64 {offset}, {shift}")
        self.body.do(f"store i64 {self.body.op(f'or i64 {kept}, {moved}')}, ptr {address}")

    def flat(self, slot: Slot, indices: tuple[tree.Expr, ...], line: int = 0) -> Value:
        """The flat index of a cell, each index checked."""
        total = Value("0", 0, 0)
        for node, size in zip(indices, slot.sizes, strict=True):
            index = self.value(node)
            text = self.integer(index)
            if index.low < 0 or index.high >= size:
                text = self.guard(text, size, f"{self.at(line)}: index of {slot.name}")
                index = Value(text, 0, size - 1)
            if total.text == "0" and total.low == total.high == 0:
                total = replace(index, text=text, truth=False)
            elif total.low == total.high and index.low == index.high:
                known = total.low * size + index.low
                total = Value(str(known), known, known)
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
        return Value(str(signed), signed, signed)

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
        return Value(str(code), code, code)

    def of_name(self, node: tree.Name) -> Value:
        low, high = self.ranges.get(node.name, (-BIG, BIG))
        return Value(self.body.op(f"load i64, ptr %{node.name}.var"), low, high)

    def of_size(self, node: tree.Size) -> Value:
        n = self.emitter.instance.scope.size(node.of)
        return Value(str(n), n, n)

    def of_switchvalue(self, node: tree.SwitchValue) -> Value:
        cell = SWITCHES + self.emitter.switches.index(node.name)
        values = self.emitter.instance.spec.scope.switches[node.name].values
        return Value(self.body.op(f"load i64, ptr {self.body.word('%ctx', str(cell))}"), 0, len(values) - 1)

    def of_load(self, node: tree.Load) -> Value:
        slot = self.slot("", node.variable.name)
        return self.cell(f"%{node.state}", slot, self.flat(slot, node.indices))

    def handle(self, node: tree.Expr) -> Handle:
        assert isinstance(node, tree.Name)
        return self.handles[node.name]

    def of_field(self, node: tree.Field) -> Value:
        handle = self.handle(node.handle)
        return self.cell(handle.state, self.slot(handle.kind.__name__, node.name), handle.id)

    def of_argumentvalue(self, node: tree.ArgumentValue) -> Value:
        handle = self.handle(node.handle)
        names = list(handle.kind.arguments)
        current = self.cell(handle.state, self.slot(handle.kind.__name__, "command"), handle.id).text
        none = self.body.op(f"icmp slt i64 {current}, 0")
        safe = self.body.op(f"select i1 {none}, i64 0, i64 {current}")
        base = self.body.op(f"load i64, ptr {self.body.word('%ctx', str(ARGUMENTS))}")
        row = self.body.op(f"add i64 {base}, {self.body.op(f'mul i64 {safe}, {len(names)}')}")
        cell = self.body.word("%ctx", self.body.op(f"add i64 {row}, {names.index(node.name)}"))
        loaded = self.body.op(f"load i64, ptr {cell}")
        low, high = handle.kind.arguments[node.name].domain.bounds(self.emitter.instance.sizes)
        return Value(self.body.op(f"select i1 {none}, i64 0, i64 {loaded}"), min(0, low), max(0, high))

    def of_number(self, node: tree.Number) -> Value:
        handle = self.handle(node.handle)
        if node.which == "id":
            return handle.id
        first = 1 + next(i for i, (k, _) in enumerate(self.emitter.instance.processes) if k is handle.kind)
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
            return Value(self.body.op(f"sub i64 0, {text}"), -value.high, -value.low)
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
        name = {"+": "add", "-": "sub", "*": "mul", "&": "and", "|": "or", "^": "xor", "<<": "shl", ">>": "ashr", ">>>": "lshr"}
        if node.op in ("<<", ">>") and not self.function.kernel and (b.low < 0 or b.high > 62):
            y = self.guard(y, 63, f"{self.function.place}: shift")
        return Value(self.body.op(f"{name[node.op]} i64 {x}, {y}"), *_reach(node.op, a, b))

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
            return Value("0", 0, 0)
        passed = [f"{'ptr' if isinstance(a, Pointer) else 'i64'} {self.integer(self.value(a))}" for a in node.arguments]
        return Value(self.body.op(f"call i64 @{node.name}({', '.join(passed)})"))


def _assigned_once(function: tree.Function) -> set[str]:
    """Locals with one assignment and no other source: their range is that of the value."""
    names = [n.name for n in tree.nodes(function) if isinstance(n, (tree.Assign, tree.For))]
    return {n for n in names if names.count(n) == 1 and n not in function.parameters}


def _reach(op: str, a: Value, b: Value) -> tuple[int, int]:
    """The range of a result, as far as it is known."""
    if op == "+":
        low, high = a.low + b.low, a.high + b.high
    elif op == "-":
        low, high = a.low - b.high, a.high - b.low
    elif op == "*" and a.low >= 0 and b.low >= 0:
        low, high = a.low * b.low, a.high * b.high
    elif op == "&" and (a.low >= 0 or b.low >= 0):
        low, high = 0, min(v.high for v in (a, b) if v.low >= 0)
    elif op in ("|", "^") and a.low >= 0 and b.low >= 0:
        low, high = 0, (1 << max(a.high, b.high).bit_length()) - 1
    elif op == "<<" and a.low >= 0 and 0 <= b.low and b.high < 60:
        low, high = a.low << b.low, a.high << b.high
    elif op == ">>" and a.low >= 0 and b.low >= 0:
        low, high = 0, a.high >> b.low
    else:
        return -BIG, BIG
    return max(-BIG, low), min(BIG, high)
