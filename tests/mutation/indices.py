"""Which index of which box was ever anything but the first: small scopes hide the second one.

Every index that a box computes is compiled together with a note of whether it was not 0, and scenarios are searched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.emit import Module, emit_module
from snapproof.checker.emit.expressions import ExpressionEmitter
from snapproof.spec import tree
from snapproof.spec.instance import Instance

from .trial import Unoptimised

Site = tuple[str, str, int, int]
"""Function, variable, which access of the function, which index of the access."""


class Noted:
    """Compiles instances so that indices are noted: site -> seen other than 0."""

    def __init__(self) -> None:
        self.seen: dict[Site, bool] = {}
        self.modules: dict[Any, tuple[Module, list[Site]]] = {}
        self.made: dict[str, bytes] = {}

    def emitted(self, instance: Instance, shape: Any) -> tuple[Module, list[Site]]:
        """The module with its notes, and the place of each note."""
        if shape not in self.modules:
            sites: list[Site] = []
            plain = ExpressionEmitter.flat

            def noting(self: Any, slot: Any, indices: tuple[tree.Expr, ...], line: int = 0) -> Any:
                accesses = [n.indices for n in tree.nodes(self.function) if isinstance(n, (tree.Load, tree.Store))]
                nth = [a is indices for a in accesses].index(True)
                for i, node in enumerate(indices):
                    text = self.integer(self.value(node))
                    place = self.body.op(f"getelementptr i8, ptr @seen, i64 {len(sites)}")
                    other = self.body.op(f"zext i1 {self.body.op(f'icmp ne i64 {text}, 0')} to i8")
                    old = self.body.op(f"load i8, ptr {place}")
                    self.body.do(f"store i8 {self.body.op(f'or i8 {other}, {old}')}, ptr {place}")
                    sites.append((f"{self.function.place.split('.py')[0].split('/')[-1]}.{self.function.name}", slot.name, nth, i))
                return plain(self, slot, indices, line)

            ExpressionEmitter.flat = noting  # type: ignore[method-assign]
            try:
                module = emit_module(instance)
            finally:
                ExpressionEmitter.flat = plain  # type: ignore[method-assign]
            text = (f"{module.text}\n@seen = internal global [{len(sites) + 1} x i8] zeroinitializer\n"
                    "define i64 @snapproof_seen(i64 %i) {\n  %p = getelementptr i8, ptr @seen, i64 %i\n"
                    "  %v = load i8, ptr %p\n  %w = zext i8 %v to i64\n  ret i64 %w\n}\n")
            self.modules[shape] = replace(module, text=text), sites
        return self.modules[shape]

    def search(self, scenario: Any) -> None:
        """Search a scenario without properties and take note of its indices."""
        instance = scenario.instance()
        shape = (tuple(sorted(instance.sizes.items())), instance.command_room, instance.position_room)
        module, sites = self.emitted(instance, shape)
        search = CompiledSearch(instance, [], False, Unoptimised(module.text, self.made), module)
        search.run()
        told = search.native.function("snapproof_seen", 1)
        for i, site in enumerate(sites):
            self.seen[site] = self.seen.get(site, False) or bool(told(i))
