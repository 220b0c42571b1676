"""Is there an assignment of inputs that makes literals of a circuit true?  Clauses, and z3 to solve them.

Only the gates that the literals depend on are written, each once, as a choice or as a conjunction of many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import z3

from .circuit import INPUT, Circuit, Truth

SATISFIED, EXCLUDED, UNKNOWN = "satisfied", "excluded", "unknown"


class Solver:
    """Clauses of one circuit.  Literals may be added between questions; the circuit may grow, but not be cut."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        # z3 takes time for every variable up to the highest one, so they are numbered as they come.
        self.variables: dict[int, int] = {0: 0}
        self.inputs: list[int] = []
        self._told = 0
        self._text: list[str] = []
        self._impossible = False
        self._z3 = z3.SolverFor("QF_FD")

    def add(self, literals: Iterable[Truth]) -> None:
        """Demand that these hold."""
        wanted = [a for a in literals if a != 1]
        self._impossible |= 0 in wanted
        self.write(wanted)
        self._text += [f"{self._code(a)} 0" for a in wanted if a]

    def fresh(self) -> list[int]:
        """The inputs that clauses mention and that have not been told here before."""
        out = self.inputs[self._told:]
        self._told = len(self.inputs)
        return out

    def ask(self, assuming: Sequence[Truth] = (), seconds: float = 60.0) -> str:
        """SATISFIED, EXCLUDED, or UNKNOWN when the time is over.  `assuming` holds for this question only."""
        if self._impossible:
            return EXCLUDED
        self.write(assuming)
        if self._text:
            self._z3.from_string("p cnf 1 1\n" + "\n".join(self._text) + "\n")
            self._text = []
        if seconds <= 0:
            return UNKNOWN
        self._z3.set("timeout", max(1, int(seconds * 1000)))
        found = self._z3.check(*(self._z3_literal(a) for a in assuming))
        if found == z3.sat:
            return SATISFIED
        return EXCLUDED if found == z3.unsat else UNKNOWN

    def clashing(self, assuming: Sequence[Truth]) -> list[Truth]:
        """After EXCLUDED: those of the assumed literals that exclude each other."""
        core = {str(a) for a in self._z3.unsat_core()}
        return [a for a in assuming if str(self._z3_literal(a)) in core]

    def assignment(self) -> dict[int, int]:
        """After SATISFIED: the inputs that matter, by node."""
        model = self._z3.model()
        out = {}
        for n in self.inputs:
            value = model.eval(self._z3_literal(2 * n))
            if z3.is_true(value) or z3.is_false(value):
                out[n] = int(z3.is_true(value))
        return out

    # --- clauses --------------------------------------------------------------------------------------

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
                leaves = self._spread(leaves, uses, operands)
            done.append((n, leaves))
            pending += [a >> 1 for a in leaves]
        for n, leaves in done:
            if n in choices_of:
                self._choice(n, *leaves)
            else:
                self._conjunction(n, leaves)

    def _spread(self, leaves: tuple[Truth, ...], uses: Mapping[int, int], operands: Mapping[int, tuple[Truth, ...]]) -> tuple[Truth, ...]:
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

    def _conjunction(self, n: int, leaves: Sequence[Truth]) -> None:
        own, codes = self.variables[n], [self._code(a) for a in leaves]
        self._text += [f"-{own} {a} 0" for a in codes]
        self._text.append(f"{own} {' '.join(str(-a) for a in codes)} 0")

    def _choice(self, n: int, test: Truth, then: Truth, otherwise: Truth) -> None:
        own, t, a, b = self.variables[n], self._code(test), self._code(then), self._code(otherwise)
        self._text += [f"{-t} {-a} {own} 0", f"{-t} {a} -{own} 0", f"{t} {-b} {own} 0", f"{t} {b} -{own} 0"]
        if then >> 1 != otherwise >> 1:
            self._text += [f"{-a} {-b} {own} 0", f"{a} {b} -{own} 0"]

    def _code(self, literal: Truth) -> int:
        """A literal as clauses write it."""
        own = self.variables[literal >> 1]
        return -own if literal & 1 else own

    def _z3_literal(self, literal: Truth) -> z3.BoolRef:
        """The same literal for z3, which reads clause files with numbered variables."""
        if literal < 2:
            return z3.BoolVal(bool(literal))
        variable = z3.Bool(self.variables[literal >> 1])
        return z3.Not(variable) if literal & 1 else variable
