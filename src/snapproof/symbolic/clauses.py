"""Literals of a circuit as clauses: only the gates they depend on, each once, as a choice or a conjunction of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .circuit import INPUT, Circuit, Truth


class Clauses:
    """Clauses of one circuit, which may grow, but not be cut.

    `waiting` are clauses that nobody has taken yet, over variables numbered from 1; `variables` gives the one of a
    node, in the order in which they came to be needed.  `impossible` says that a constant false was demanded.
    """

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        # Solvers take time for every variable up to the highest one, so they are numbered as they come.
        self.variables: dict[int, int] = {0: 0}
        self.inputs: list[int] = []
        self.waiting: list[list[int]] = []
        self.impossible = False
        self._told = 0

    def demand(self, literals: Iterable[Truth]) -> None:
        """These hold."""
        wanted = [a for a in literals if a != 1]
        self.impossible |= 0 in wanted
        self.write(wanted)
        self.waiting += [[self.code(a)] for a in wanted if a]

    def fresh(self) -> list[int]:
        """The inputs that clauses mention and that have not been told here before."""
        out = self.inputs[self._told:]
        self._told = len(self.inputs)
        return out

    def code(self, literal: Truth) -> int:
        """A written literal as clauses have it."""
        own = self.variables[literal >> 1]
        return -own if literal & 1 else own

    def write(self, literals: Sequence[Truth]) -> None:
        """The clauses of every gate that literals depend on, and that has none yet."""
        left, right, choices, written = self.circuit.left, self.circuit.right, self.circuit.choices, self.variables
        uses: dict[int, int] = {}
        pending = [a >> 1 for a in literals]
        operands: dict[int, tuple[Truth, ...]] = {}
        while pending:
            n = pending.pop()
            uses[n] = uses.get(n, 0) + 1
            if n in written or n in operands:
                continue
            if left[n] == INPUT:
                operands[n] = ()
            else:
                operands[n] = choices.get(2 * n) or (left[n], right[n])
                pending += [a >> 1 for a in operands[n]]
        done: list[tuple[int, tuple[Truth, ...]]] = []
        choices_of: set[int] = set()
        pending = [a >> 1 for a in literals]
        while pending:
            n = pending.pop()
            if n in written:
                continue
            written[n] = len(written)
            leaves = operands[n]
            if not leaves:
                self.inputs.append(n)
                continue
            if len(leaves) == 3:
                choices_of.add(n)
            else:
                leaves = _spread(leaves, uses, operands)
            done.append((n, leaves))
            pending += [a >> 1 for a in leaves]
        for n, leaves in done:
            if n in choices_of:
                self._choice(n, *leaves)
            else:
                self._conjunction(n, leaves)

    def _conjunction(self, n: int, leaves: Sequence[Truth]) -> None:
        own, codes = self.variables[n], [self.code(a) for a in leaves]
        self.waiting += [[-own, a] for a in codes]
        self.waiting.append([own, *(-a for a in codes)])

    def _choice(self, n: int, test: Truth, then: Truth, otherwise: Truth) -> None:
        own, t, a, b = self.variables[n], self.code(test), self.code(then), self.code(otherwise)
        self.waiting += [[-t, -a, own], [-t, a, -own], [t, -b, own], [t, b, -own]]
        if then >> 1 != otherwise >> 1:
            self.waiting += [[-a, -b, own], [a, b, -own]]


def _spread(leaves: tuple[Truth, ...], uses: Mapping[int, int], operands: Mapping[int, tuple[Truth, ...]]) -> tuple[Truth, ...]:
    """The operands of a conjunction, with those of conjunctions that are used only there."""
    out: list[Truth] = []
    pending = list(leaves)
    while pending:
        a = pending.pop()
        inner = operands.get(a >> 1, ())
        if a & 1 or len(inner) != 2 or uses[a >> 1] > 1:
            out.append(a)
        else:
            pending += inner
    return tuple(dict.fromkeys(out))


__all__ = ["Clauses"]
