"""The LLVM module of one instance: its steps and properties, their dispatch, and the kernels around them.

Generated functions (see kernels.py for how they are called): `successors`, `check`, `reached`,
`resting`; exported: `snapproof_explore`, `snapproof_absorb`, `snapproof_rebuild`.  Sizes are constants in
the text; switches and programs are read from `ctx`, so forty variants share one compilation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..spec import tree
from ..spec.instance import Instance, Slot
from ..spec.layout import Layout
from ..spec.processes import Declared, Process, Step
from ..spec.properties import Property
from . import kernels
from .emit_function import ALTERNATIVES, FIRST_STEPS, FUSE, POSITIONS, PROCESSES, WAITS, WATCHED, Body, Emitter, Signature
from .kernel_reader import KernelReader

PREAMBLE = "declare void @llvm.prefetch.p0(ptr, i32, i32, i32)\n!0 = !{!\"branch_weights\", i32 4000, i32 1}"


@dataclass
class Module:
    """LLVM text, the sites of its checks, and the numbers a caller needs to run it.

    `most` is the largest number of successors of a state; `counters` the first cell of the execution
    counters in `ctx`; `properties` the order of the bits of the three masks.
    """

    text: str
    sites: list[str]
    layout: Layout
    most: int
    counters: int
    steps: list[tuple[str, str]]
    invariants: list[Property]
    transitions: list[Property]
    witnesses: list[Property]


def emit_module(instance: Instance) -> Module:
    """Generate everything for an instance; DeclarationError for what cannot be compiled."""
    layout = Layout(instance)
    emitter = Emitter(instance, layout)
    properties = list(instance.spec.properties.values())
    parts = _ModuleEmitter(emitter, properties)
    text = parts.emitted()
    counted = [("", a.name) for a in instance.spec.actions] + [(k.__name__, s.name) for k, s in emitter.steps]
    return Module(text, emitter.sites, layout, max(1, parts.most), emitter.counters, counted,
                  parts.of_kind("invariant"), parts.of_kind("transition"), parts.of_kind("witness"))


class _ModuleEmitter:
    def __init__(self, emitter: Emitter, properties: list[Property]) -> None:
        self.emitter, self.instance, self.properties = emitter, emitter.instance, properties
        self.words = emitter.layout.words
        self.most = 0

    def of_kind(self, kind: str) -> list[Property]:
        return [p for p in self.properties if p.kind == kind]

    def emitted(self) -> str:
        own = [self.check(), self.reached(), self.resting()]
        own += [self.settle(kind) for kind in self.instance.spec.kinds]
        own.append(self.successors())
        own += [self.kernel(kernels.explore), self.kernel(kernels.absorb), self.kernel(kernels.rebuild)]
        return "\n".join([PREAMBLE, *self.emitter.text, *own])

    # --- calls of steps and properties ------------------------------------------------------------------

    def tree_of(self, declared: Declared) -> tree.Function:
        return self.instance.spec.trees[declared]

    def call(self, body: Body, declared: Declared, states: list[str], handle: tuple[type[Process], str] | None,
             values: list[tuple[Any, str]]) -> str:
        """Call a step, action or property with its states, its process, and its chosen values."""
        function = self.tree_of(declared)
        kinds: list[tuple[str, type[Process]]] = []
        passed = ["ptr %ctx"]
        handles = ([handle] if handle else []) + [(of, v) for of, v in values if issubclass(of, Process)]
        integers = [v for of, v in values if not issubclass(of, Process)]
        left, states_left = list(handles), list(states)
        for p in function.parameters:
            role = function.roles[p]
            if role == "state":
                passed.append(f"ptr {states_left.pop(0)}")
            elif role == "handle":
                kind, id = left.pop(0)
                kinds.append((p, kind))
                passed += [f"ptr {states[0]}", f"i64 {id}"]
            elif role == "int":
                passed.append(f"i64 {integers.pop(0)}")
        mover = handle[0] if handle and isinstance(declared, Step) else None
        name = self.emitter.function(function, Signature(tuple(kinds), mover))
        return body.op(f"call i64 @\"{name}\"({', '.join(passed)})")

    def loops(self, body: Body, sets: list[Any], done: str) -> tuple[list[tuple[Any, str]], str]:
        """Open nested loops over index sets; returns the loop variables and the label that continues them."""
        found: list[tuple[Any, str]] = []
        again = done
        for of in sets:
            counter, test, inside = f"%{body.fresh('i')}", body.fresh("test"), body.fresh("in")
            step = body.fresh("next")
            body.entry.append(f"  {counter} = alloca i64")
            body.do(f"store i64 0, ptr {counter}")
            body.do(f"br label %{test}")
            body.label(step)
            up = body.op(f"add i64 {body.op(f'load i64, ptr {counter}')}, 1")
            body.do(f"store i64 {up}, ptr {counter}")
            body.do(f"br label %{test}")
            body.label(test)
            i = body.op(f"load i64, ptr {counter}")
            body.do(f"br i1 {body.op(f'icmp slt i64 {i}, {self.instance.scope.size(of)}')}, label %{inside}, label %{again}")
            body.label(inside)
            found.append((of, i))
            again = step
        return found, again

    # --- properties -------------------------------------------------------------------------------------

    def check(self) -> str:
        """`check(state, ctx, mask)`: 1 + index of the first invariant of the mask that fails, or 0."""
        body = Body()
        for index, p in enumerate(self.of_kind("invariant")):
            after = self._quantified(body, p, index, ["%w"], f"ret i64 {index + 1}", False)
            body.label(after)
        body.do("ret i64 0")
        return _define("i64 @check(ptr %w, ptr %ctx, i64 %mask)", body)

    def reached(self) -> str:
        """`reached(state, ctx, mask)`: the witnesses of the mask that hold here."""
        body = Body()
        body.entry += ["  %found = alloca i64", "  store i64 0, ptr %found"]
        for index, p in enumerate(self.of_kind("witness")):
            after = self._quantified(body, p, index, ["%w"], "", True)
            body.label(after)
        body.do(f"ret i64 {body.op('load i64, ptr %found')}")
        return _define("i64 @reached(ptr %w, ptr %ctx, i64 %mask)", body)

    def _quantified(self, body: Body, p: Property, index: int, states: list[str], failed: str, collect: bool) -> str:
        """Evaluate a property for all its parameters if its bit is in the mask; the label behind it."""
        wanted, after = body.fresh("wanted"), body.fresh("after")
        bit = body.op(f"and i64 %mask, {1 << index}")
        body.do(f"br i1 {body.op(f'icmp ne i64 {bit}, 0')}, label %{wanted}, label %{after}")
        body.label(wanted)
        values, again = self.loops(body, [of for _, of in p.chosen(p.states + 1)], after)
        result = self.call(body, p, states, None, values)
        stop = body.fresh("stop")
        ends = body.op(f"icmp {'ne' if collect else 'eq'} i64 {result}, 0")
        body.do(f"br i1 {ends}, label %{stop}, label %{again}")
        body.label(stop)
        if collect:
            merged = body.op(f"or i64 {body.op('load i64, ptr %found')}, {1 << index}")
            body.do(f"store i64 {merged}, ptr %found")
            body.do(f"br label %{after}")
        else:
            body.do(failed)
        return after

    # --- processes --------------------------------------------------------------------------------------

    def slot(self, kind: type[Process], name: str) -> Slot:
        return self.instance.slots[kind.__name__, name]

    def cells(self, body: Body) -> "_Cells":
        return _Cells(self.emitter, body)

    def resting(self) -> str:
        """`resting(state)`: is every process at a step where it may stay for ever?"""
        body = Body()
        for kind, i in self.instance.processes:
            steps = self.instance.spec.steps[kind.__name__]
            current = self.cells(body).read("%w", self.slot(kind, "step"), str(i))
            fine = "false"
            for index, step in enumerate(steps):
                if step.rest:
                    fine = body.op(f"or i1 {fine}, {body.op(f'icmp eq i64 {current}, {index}')}")
            yes, no = body.fresh("yes"), body.fresh("no")
            body.do(f"br i1 {fine}, label %{yes}, label %{no}")
            body.label(no)
            body.do("ret i64 0")
            body.label(yes)
        body.do(f"ret i64 {1 if self.instance.processes else 0}")
        return _define("i64 @resting(ptr %w)", body)

    def settle(self, kind: type[Process]) -> str:
        """`settle.Kind(state, ctx, id)`: execute local boxes while the process is at one; 1 + broken property or 0."""
        body = Body()
        steps = self.instance.spec.steps[kind.__name__]
        body.do("br label %loop")
        body.label("loop")
        current = self.cells(body).read("%w", self.slot(kind, "step"), "%id")
        local = [s for s in steps if s.local]
        targets = " ".join(f"i64 {steps.index(s)}, label %s{steps.index(s)}" for s in local)
        body.do(f"switch i64 {current}, label %end [ {targets} ]")
        for step in local:
            body.label(f"s{steps.index(step)}")
            broken = self.box(body, kind, "%id", step, [], "%w", None)
            if broken is None:
                body.do("br label %loop")
            else:
                stop = body.fresh("stop")
                body.do(f"br i1 {body.op(f'icmp eq i64 {broken}, 0')}, label %loop, label %{stop}")
                body.label(stop)
                body.do(f"ret i64 {broken}")
        body.label("end")
        body.do("ret i64 0")
        return _define(f"i64 @settle.{kind.__name__}(ptr %w, ptr %ctx, i64 %id)", body)

    def box(self, body: Body, kind: type[Process], id: str, step: Step, values: list[tuple[Any, str]],
            state: str, waits: str | None) -> str | None:
        """Execute one box on a state: call it, go to where it says, evaluate what watches it.

        Jumps to `waits` when it returns WAIT.  The operand returned is 0 or 1 + the broken transition property.
        """
        watching = [(i, p) for i, p in enumerate(self.of_kind("transition")) if step in p.steps]
        before = ""
        if watching:
            before = f"%{body.fresh('before')}"
            body.entry.append(f"  {before} = alloca [{self.words} x i64]")
            _copy(body, state, before, self.words)
        target = self.call(body, step, [state], (kind, id), values)
        if waits is not None:
            goes = body.fresh("goes")
            body.do(f"br i1 {body.op(f'icmp eq i64 {target}, {WAITS}')}, label %{waits}, label %{goes}")
            body.label(goes)
        self.go(body, kind, id, target, state)
        self.executed(body, kind, step)
        if not watching:
            return None
        return self.watched(body, kind, id, watching, before, state)

    def go(self, body: Body, kind: type[Process], id: str, target: str, state: str) -> None:
        """Set the current step, or reset the process when it is done."""
        done, on, end = body.fresh("done"), body.fresh("on"), body.fresh("end")
        body.do(f"br i1 {body.op(f'icmp slt i64 {target}, 0')}, label %{done}, label %{on}")
        body.label(done)
        for slot in self.instance.slots.values():
            if slot.kind is kind and slot.name != "position":
                self.cells(body).set(state, slot, id, str(slot.start - slot.low))
        body.do(f"br label %{end}")
        body.label(on)
        self.cells(body).set(state, self.slot(kind, "step"), id, target)
        body.do(f"br label %{end}")
        body.label(end)

    def executed(self, body: Body, kind: type[Process] | None, declared: Declared) -> None:
        """Count an execution."""
        actions: list[Any] = list(self.instance.spec.actions)
        index = actions.index(declared) if kind is None else len(actions) + self.emitter.steps.index((kind, declared))  # type: ignore[arg-type]
        cell = body.word("%ctx", str(self.emitter.counters + index))
        count = body.op(f"load i64, ptr {cell}")
        body.do(f"store i64 {body.op(f'add i64 {count}, 1')}, ptr {cell}")

    def watched(self, body: Body, kind: type[Process], id: str, watching: list[tuple[int, Property]],
                before: str, state: str) -> str:
        """Evaluate transition properties; the operand is 0 or 1 + the first broken one."""
        out = f"%{body.fresh('broken')}"
        body.entry.append(f"  {out} = alloca i64")
        body.do(f"store i64 0, ptr {out}")
        mask = body.op(f"load i64, ptr {body.word('%ctx', str(WATCHED))}")
        end = body.fresh("watched")
        for index, p in watching:
            wanted, after = body.fresh("wanted"), body.fresh("after")
            test = body.op(f"icmp ne i64 {body.op(f'and i64 {mask}, {1 << index}')}, 0")
            body.do(f"br i1 {test}, label %{wanted}, label %{after}")
            body.label(wanted)
            rest = [of for _, of in p.chosen(3)]
            mine = bool(rest) and issubclass(kind, rest[0])
            values, again = self.loops(body, rest[1:] if mine else rest, after)
            result = self.call(body, p, [before, state], (kind, id) if mine else None, values)
            stop = body.fresh("stop")
            body.do(f"br i1 {body.op(f'icmp eq i64 {result}, 0')}, label %{stop}, label %{again}")
            body.label(stop)
            body.do(f"store i64 {index + 1}, ptr {out}")
            body.do(f"br label %{end}")
            body.label(after)
        body.do(f"br label %{end}")
        body.label(end)
        return body.op(f"load i64, ptr {out}")

    # --- successors -------------------------------------------------------------------------------------

    def successors(self) -> str:
        """`successors(state, out, info, ctx, parent)`: write every successor behind each other; how many."""
        body = Body()
        body.entry += ["  %n = alloca i64", "  store i64 0, ptr %n"]
        for declared in self.instance.spec.actions:
            self.most += _product(self.instance, declared, 2)
            end = body.fresh("end")
            values, again = self.loops(body, [of for _, of in declared.chosen(2)], end)
            row = self.row(body)
            target = self.call(body, declared, [row], None, values)
            goes, waits = body.fresh("goes"), body.fresh("waits")
            body.do(f"br i1 {body.op(f'icmp eq i64 {target}, {WAITS}')}, label %{waits}, label %{goes}")
            body.label(goes)
            self.executed(body, None, declared)
            self.keep(body, "0")
            body.do(f"br label %{again}")
            self.waited(body, waits, declared, row, again)
            body.label(end)
        for process, (kind, i) in enumerate(self.instance.processes):
            self.process(body, process, kind, i)
        body.do(f"ret i64 {body.op('load i64, ptr %n')}")
        return _define("i64 @successors(ptr noalias %src, ptr noalias %out, ptr noalias %info, ptr noalias %ctx, i64 %parent)", body)

    def row(self, body: Body) -> str:
        """A copy of the state in the next row of `out`."""
        start = body.op(f"mul i64 {body.op('load i64, ptr %n')}, {self.words}")
        row = body.word("%out", start)
        _copy(body, "%src", row, self.words)
        return row

    def keep(self, body: Body, broken: str) -> None:
        """The row is a successor: note what it broke and its parent."""
        n = body.op("load i64, ptr %n")
        place = body.op(f"shl i64 {n}, 1")
        body.do(f"store i64 {broken}, ptr {body.word('%info', place)}")
        body.do(f"store i64 %parent, ptr {body.word('%info', body.op(f'or i64 {place}, 1'))}")
        body.do(f"store i64 {body.op(f'add i64 {n}, 1')}, ptr %n")

    def waited(self, body: Body, label: str, declared: Declared, row: str, again: str) -> None:
        """The step waits: it must not have changed the row."""
        body.label(label)
        writes = any(isinstance(n, (tree.Store, tree.StoreField))
                     for f in tree.helpers(self.tree_of(declared)).values() for n in tree.nodes(f))
        if writes:
            change = "0"
            for word in range(self.words):
                a = body.op(f"load i64, ptr {body.word('%src', str(word))}")
                b = body.op(f"load i64, ptr {body.word(row, str(word))}")
                change = body.op(f"or i64 {change}, {body.op(f'xor i64 {a}, {b}')}")
            bad = body.fresh("bad")
            body.do(f"br i1 {body.op(f'icmp eq i64 {change}, 0')}, label %{again}, label %{bad}")
            body.label(bad)
            body.do(f"store i64 {self.emitter.site(f'{declared.place}: it returned WAIT after changing the state')}, ptr %ctx")
        body.do(f"br label %{again}")

    def process(self, body: Body, process: int, kind: type[Process], i: int) -> None:
        """One process: dispatch on its current step, loop over the step's choices."""
        steps = self.instance.spec.steps[kind.__name__]
        current = self.cells(body).read("%src", self.slot(kind, "step"), str(i))
        end = body.fresh("end")
        labels = {step: body.fresh("step") for step in steps}
        targets = " ".join(f"i64 {n}, label %{labels[s]}" for n, s in enumerate(steps))
        body.do(f"switch i64 {current}, label %{end} [ {targets} ]")
        widest = 1
        for step in steps:
            body.label(labels[step])
            if step in self.instance.spec.trees:
                widest = max(widest, _product(self.instance, step, 3))
                values, again = self.loops(body, [of for _, of in step.chosen(3)], end)
                row, waits = self.row(body), body.fresh("waits")
                broken = self.box(body, kind, str(i), step, values, row, waits)
                self.finish(body, kind, str(i), row, broken)
                body.do(f"br label %{again}")
                self.waited(body, waits, step, row, again)
            else:
                widest = max(widest, self.instance.command_room)
                self.next_command(body, process, kind, i, step, end)
        self.most += widest
        body.label(end)

    def finish(self, body: Body, kind: type[Process], id: str, row: str, broken: str | None) -> None:
        """Execute the local boxes behind the chosen one, and keep the row."""
        if any(s.local for s in self.instance.spec.steps[kind.__name__]):
            fuse, kept = body.fresh("fuse"), body.fresh("keep")
            first = broken or "0"
            here = body.fresh("here")
            body.do(f"br label %{here}")
            body.label(here)
            on = body.op(f"load i64, ptr {body.word('%ctx', str(FUSE))}")
            body.do(f"br i1 {body.op(f'icmp ne i64 {on}, 0')}, label %{fuse}, label %{kept}")
            body.label(fuse)
            more = body.op(f"call i64 @settle.{kind.__name__}(ptr {row}, ptr %ctx, i64 {id})")
            body.do(f"br label %{kept}")
            body.label(kept)
            later = body.op(f"phi i64 [ 0, %{here} ], [ {more}, %{fuse} ]")
            if broken is None:
                broken = later
            else:
                broken = body.op(f"select i1 {body.op(f'icmp eq i64 {first}, 0')}, i64 {later}, i64 {first}")
        self.keep(body, broken or "0")

    def next_command(self, body: Body, process: int, kind: type[Process], i: int, step: Step, end: str) -> None:
        """The box in which a process takes its next command: one successor for each alternative of its position."""
        def table(cell: int, offset: str) -> str:
            base = body.op(f"load i64, ptr {body.word('%ctx', str(cell))}")
            return body.op(f"load i64, ptr {body.word('%ctx', body.op(f'add i64 {base}, {offset}'))}")

        cells = self.cells(body)
        position = cells.read("%src", self.slot(kind, "position"), str(i))
        start, length, repeats = (table(PROCESSES, str(3 * process + k)) for k in range(3))
        some, test, inside = body.fresh("some"), body.fresh("test"), body.fresh("in")
        body.do(f"br i1 {body.op(f'icmp slt i64 {position}, {length}')}, label %{some}, label %{end}")
        body.label(some)
        place = body.op(f"shl i64 {body.op(f'add i64 {start}, {position}')}, 1")
        first, many = table(POSITIONS, place), table(POSITIONS, body.op(f"or i64 {place}, 1"))
        counter = f"%{body.fresh('k')}"
        body.entry.append(f"  {counter} = alloca i64")
        body.do(f"store i64 0, ptr {counter}")
        body.do(f"br label %{test}")
        body.label(test)
        k = body.op(f"load i64, ptr {counter}")
        body.do(f"br i1 {body.op(f'icmp slt i64 {k}, {many}')}, label %{inside}, label %{end}")
        body.label(inside)
        invocation = table(ALTERNATIVES, body.op(f"add i64 {first}, {k}"))
        row = self.row(body)
        cells.set(row, self.slot(kind, "command"), str(i), body.op(f"add i64 {invocation}, 1"))
        further = body.op(f"select i1 {body.op(f'icmp ne i64 {repeats}, 0')}, i64 {position}, i64 {body.op(f'add i64 {position}, 1')}")
        cells.set(row, self.slot(kind, "position"), str(i), further)
        cells.set(row, self.slot(kind, "step"), str(i), table(FIRST_STEPS, invocation))
        self.executed(body, kind, step)
        self.finish(body, kind, str(i), row, None)
        body.do(f"store i64 {body.op(f'add i64 {k}, 1')}, ptr {counter}")
        body.do(f"br label %{test}")

    # --- kernels ----------------------------------------------------------------------------------------

    def kernel(self, function: Any) -> str:
        """An exported kernel with this layout's sizes as constants."""
        lowered = _KERNELS.read(function)
        name = self.emitter.function(lowered, Signature((), None))
        fixed = {"words": self.words, "halves": self.emitter.layout.halves}
        outer, inner = [], []
        for p in lowered.parameters:
            kind = "ptr noalias" if lowered.roles[p] in ("words", "halves") else "i64"
            if p in fixed:
                inner.append(f"i64 {fixed[p]}")
            else:
                outer.append(f"{kind} %{p}")
                inner.append(f"{kind.split()[0]} %{p}")
        body = Body()
        result = body.op(f"call i64 @\"{name}\"({', '.join(inner)})")
        body.do(f"ret i64 {result}")
        text = _define(f"i64 @snapproof_{function.__name__}({', '.join(outer)})", body)
        return text.replace("define internal", "define")


_KERNELS = KernelReader()


class _Cells:
    """Reads and writes of whole cells, by raw value (without the domain's lowest)."""

    def __init__(self, emitter: Emitter, body: Body) -> None:
        self.emitter, self.body = emitter, body

    def _place(self, slot: Slot, index: str) -> tuple[str, str, int]:
        place = self.emitter.layout.places[slot.kind.__name__ if slot.kind else "", slot.name]
        if index.isdigit():
            i = int(index)
            return str(place.word + i // place.per), str(place.shift + i % place.per * place.width), place.width
        word, inside = str(place.word), index
        if slot.length > place.per:
            word = self.body.op(f"add i64 {place.word}, {self.body.op(f'udiv i64 {index}, {place.per}')}")
            inside = self.body.op(f"urem i64 {index}, {place.per}")
        moved = self.body.op(f"mul i64 {inside}, {place.width}")
        return word, self.body.op(f"add i64 {moved}, {place.shift}"), place.width

    def read(self, state: str, slot: Slot, index: str) -> str:
        """The raw value of a cell."""
        word, shift, width = self._place(slot, index)
        if width == 0:
            return "0"
        loaded = self.body.op(f"load i64, ptr {self.body.word(state, word)}")
        return self.body.op(f"and i64 {self.body.op(f'lshr i64 {loaded}, {shift}')}, {(1 << width) - 1}")

    def set(self, state: str, slot: Slot, index: str, raw: str) -> None:
        """Write the raw value of a cell."""
        word, shift, width = self._place(slot, index)
        if width == 0:
            return
        address = self.body.word(state, word)
        mask = self.body.op(f"shl i64 {(1 << width) - 1}, {shift}")
        kept = self.body.op(f"and i64 {self.body.op(f'load i64, ptr {address}')}, {self.body.op(f'xor i64 {mask}, -1')}")
        moved = self.body.op(f"shl i64 {raw}, {shift}")
        self.body.do(f"store i64 {self.body.op(f'or i64 {kept}, {moved}')}, ptr {address}")


def _copy(body: Body, source: str, target: str, words: int) -> None:
    for word in range(words):
        value = body.op(f"load i64, ptr {body.word(source, str(word))}")
        body.do(f"store i64 {value}, ptr {body.word(target, str(word))}")


def _define(head: str, body: Body) -> str:
    return "\n".join([f"define internal {head} nounwind {{\nentry:", *body.entry, *body.lines, "}"])


def _product(instance: Instance, declared: Declared, skip: int) -> int:
    total = 1
    for _, of in declared.chosen(skip):
        total *= instance.scope.size(of)
    return total


def properties_in_order(wanted: list[Property], all_of: list[Property]) -> Iterator[Property]:
    """The wanted ones in the order of their declaration."""
    return (p for p in all_of if p in wanted)


__all__ = ["Module", "emit_module", "properties_in_order"]
