"""Is there an assignment of inputs that makes literals of a circuit true?  Two solvers with one surface.

`Z3` answers single, large questions, and names what clashes.  `MiniSat` (through python-sat) answers thousands of small
ones about the same clauses, where z3 takes some 20 ms for each whatever is asked (docs/decisions/0004).
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

import z3
from pysat.solvers import Minisat22

from .circuit import Circuit, Truth
from .clauses import Clauses

SATISFIED, EXCLUDED, UNKNOWN = "satisfied", "excluded", "unknown"

PATIENCE = 2_000
"""MiniSat looks at the clock after so many conflicts."""


class Solver(ABC):
    """Clauses of one circuit.  Literals may be added between questions; the circuit may grow, but not be cut."""

    def __init__(self, circuit: Circuit) -> None:
        self.clauses = Clauses(circuit)

    def add(self, literals: Iterable[Truth]) -> None:
        """Demand that these hold."""
        self.clauses.demand(literals)

    def write(self, literals: Sequence[Truth]) -> None:
        """Write what literals depend on, so that `fresh` tells of it; nothing is demanded."""
        self.clauses.write(literals)

    def fresh(self) -> list[int]:
        """The inputs that clauses mention and that have not been told here before."""
        return self.clauses.fresh()

    def ask(self, assuming: Sequence[Truth] = (), seconds: float = 60.0) -> str:
        """SATISFIED, EXCLUDED, or UNKNOWN when the time is over.  `assuming` holds for this question only."""
        if self.clauses.impossible or 0 in assuming:
            return EXCLUDED
        self.clauses.write(assuming)
        clauses, self.clauses.waiting = self.clauses.waiting, []
        if clauses:
            self._take(clauses)
        return self._solve([a for a in assuming if a != 1], seconds) if seconds > 0 else UNKNOWN

    @abstractmethod
    def assignment(self) -> dict[int, int]:
        """After SATISFIED: the inputs that matter, by node."""

    @abstractmethod
    def close(self) -> None:
        """Give back its memory; nothing may be asked any more."""

    @abstractmethod
    def _take(self, clauses: list[list[int]]) -> None: ...

    @abstractmethod
    def _solve(self, assuming: Sequence[Truth], seconds: float) -> str: ...


class Z3(Solver):
    """z3's solver for finite domains."""

    def __init__(self, circuit: Circuit) -> None:
        super().__init__(circuit)
        self._z3 = z3.SolverFor("QF_FD")

    def _take(self, clauses: list[list[int]]) -> None:
        self._z3.from_string("p cnf 1 1\n" + "\n".join(" ".join(map(str, clause)) + " 0" for clause in clauses) + "\n")

    def _solve(self, assuming: Sequence[Truth], seconds: float) -> str:
        self._z3.set("timeout", max(1, int(seconds * 1000)))
        found = self._z3.check(*(self._literal(a) for a in assuming))
        if found == z3.sat:
            return SATISFIED
        return EXCLUDED if found == z3.unsat else UNKNOWN

    def clashing(self, assuming: Sequence[Truth]) -> list[Truth]:
        """After EXCLUDED: those of the assumed literals that exclude each other."""
        core = {str(a) for a in self._z3.unsat_core()}
        return [a for a in assuming if str(self._literal(a)) in core]

    def assignment(self) -> dict[int, int]:
        model = self._z3.model()
        out = {}
        for n in self.clauses.inputs:
            value = model.eval(self._literal(2 * n))
            if z3.is_true(value) or z3.is_false(value):
                out[n] = int(z3.is_true(value))
        return out

    def close(self) -> None:
        self._z3.reset()

    def _literal(self, literal: Truth) -> z3.BoolRef:
        """A literal for z3, which names the variables of clauses by their numbers."""
        if literal < 2:
            return z3.BoolVal(bool(literal))
        variable = z3.Bool(self.clauses.variables[literal >> 1])
        return z3.Not(variable) if literal & 1 else variable


class MiniSat(Solver):
    """MiniSat 2.2: next to no cost for one more question."""

    def __init__(self, circuit: Circuit) -> None:
        super().__init__(circuit)
        self._solver = Minisat22()

    def _take(self, clauses: list[list[int]]) -> None:
        self._solver.append_formula(clauses)

    def _solve(self, assuming: Sequence[Truth], seconds: float) -> str:
        end = time.monotonic() + seconds
        codes = [self.clauses.code(a) for a in assuming]
        while True:
            self._solver.conf_budget(PATIENCE)
            found = self._solver.solve_limited(assumptions=codes)
            if found is not None:
                return SATISFIED if found else EXCLUDED
            if time.monotonic() >= end:
                return UNKNOWN

    def assignment(self) -> dict[int, int]:
        model = self._solver.get_model()
        variables = self.clauses.variables
        return {n: int(model[variables[n] - 1] > 0) for n in self.clauses.inputs if variables[n] <= len(model)}

    def close(self) -> None:
        self._solver.delete()


__all__ = ["EXCLUDED", "SATISFIED", "UNKNOWN", "MiniSat", "Solver", "Z3"]
