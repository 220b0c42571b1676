"""The LLVM module of one instance: its steps and properties, their dispatch, and the kernels around them.

Generated functions (see kernels.py and kernels_steps.py for how they are called): `check`, `reached`, `resting`, `start`,
and what boxes and actions do; exported: `snapproof_` and the name of a kernel.  Sizes are constants in
the text; switches and programs are read from `ctx`, so forty variants share one compilation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ...spec.instance import Instance
from ...spec.layout import Layout
from ...spec.properties import Property
from .. import kernels, kernels_blame, kernels_start, kernels_stuck
from ..kernel_reader import KERNELS
from .functions import lower
from .starts import StartEmitter
from .text import Body, Emitter, Signature, define

CHECKED = "\n".join(f"declare {{i64, i1}} @llvm.s{op}.with.overflow.i64(i64, i64)" for op in ("add", "sub", "mul"))
PREAMBLE = CHECKED + "\ndeclare void @llvm.prefetch.p0(ptr, i32, i32, i32)\n!0 = !{!\"branch_weights\", i32 4000, i32 1}"


@dataclass
class Module:
    """LLVM text, the sites of its checks, and the numbers a caller needs to run it.

    `most` is the largest number of successors of a state; `counters` the first cell of the execution
    counters in `ctx`, `groups` the number of cells behind them with a mask of processes;
    `invariants`, `transitions` and `witnesses` are in the order of the cells of `ctx` that say which are asked for.
    """

    text: str
    sites: list[str]
    layout: Layout
    most: int
    counters: int
    groups: int
    steps: list[tuple[str, str]]
    invariants: list[Property]
    transitions: list[Property]
    witnesses: list[Property]


def emit_module(instance: Instance) -> Module:
    """Generate everything for an instance."""
    layout = Layout(instance)
    emitter = Emitter(instance, layout, lower)
    parts = _ModuleEmitter(emitter)
    text = _spelled(parts.emitted())
    counted = [("", a.name) for a in instance.spec.actions] + [(k.__name__, s.name) for k, s in emitter.steps]
    return Module(text, emitter.sites, layout, max(1, parts.most), emitter.counters, emitter.groups, counted,
                  parts.of_kind("invariant"), parts.of_kind("transition"), parts.of_kind("witness"))


def _spelled(text: str) -> str:
    """LLVM's names have letters of ASCII only; others are spelled with dots, which no name of Python has."""
    return re.sub(r"[^\x00-\x7f]", lambda letter: f".u{ord(letter[0]):x}.", text)


class _ModuleEmitter(StartEmitter):
    def emitted(self) -> str:
        own = [self.check(), self.reached(), *self.process_functions(), self.start()]
        exported = [kernels.explore, kernels.rebuild, kernels_start.begin, kernels_start.find,
                    kernels_stuck.follow, kernels_stuck.revisit, kernels_stuck.first_stuck,
                    kernels_blame.retake, kernels_blame.remeasure, kernels_blame.rejudge]
        own += [self.kernel(function) for function in exported]
        return "\n".join([PREAMBLE, *self.emitter.text, *own])

    def kernel(self, function: Any) -> str:
        """An exported kernel with this layout's sizes as constants."""
        lowered = KERNELS.read(function)
        name = self.emitter.function(lowered, Signature((), None))
        fixed = {"words": self.words, "halves": self.emitter.layout.halves, "groups": self.emitter.groups,
                 "movers": self.emitter.movers, "processes": len(self.instance.processes)}
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
        text = define(f"i64 @snapproof_{function.__name__}({', '.join(outer)})", body)
        return text.replace("define internal", "define")
