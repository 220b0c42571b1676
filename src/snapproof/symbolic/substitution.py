"""Literals with other literals in place of inputs, without executing anything again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .circuit import INPUT, Circuit, Truth


class Dependents:
    """Which gates of some literals depend on which nodes."""

    def __init__(self, circuit: Circuit, literals: Iterable[Truth]) -> None:
        self.order = circuit.cone(literals)
        self._of: dict[int, list[int]] = {}
        for n in self.order:
            if circuit.left[n] != INPUT:
                for operand in (circuit.left[n], circuit.right[n]):
                    self._of.setdefault(operand >> 1, []).append(n)

    def of(self, nodes: Iterable[int]) -> set[int]:
        """These nodes and all gates that depend on them."""
        found = set(nodes)
        pending = list(found)
        while pending:
            for n in self._of.get(pending.pop(), ()):
                if n not in found:
                    found.add(n)
                    pending.append(n)
        return found


class Substitution:
    """Other literals for some inputs, by node.  Gates outside `dependents` stay as they are."""

    def __init__(self, circuit: Circuit, instead: Mapping[int, Truth], dependents: Dependents) -> None:
        self.circuit = circuit
        self.affected = dependents.of(instead)
        self._found: dict[int, Truth] = dict(instead)

    def changes(self, literal: Truth) -> bool:
        """May the literal become another one?"""
        return literal >> 1 in self.affected

    def __call__(self, literal: Truth) -> Truth:
        """The literal after the replacement."""
        circuit, found, affected = self.circuit, self._found, self.affected
        if literal >> 1 not in affected:
            return literal
        pending = [literal >> 1]
        while pending:
            n = pending[-1]
            if n in found:
                pending.pop()
                continue
            choice = circuit.choices.get(2 * n)
            operands = choice or (circuit.left[n], circuit.right[n])
            missing = [a >> 1 for a in operands if a >> 1 in affected and a >> 1 not in found]
            if missing:
                pending += missing
                continue
            new = [found[a >> 1] ^ (a & 1) if a >> 1 in affected else a for a in operands]
            found[n] = circuit.choose(*new) if choice else circuit.both(*new)
            pending.pop()
        return found[literal >> 1] ^ (literal & 1)
