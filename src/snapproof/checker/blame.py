"""Whose error is it that compiled code noted, and the plain reading, which was asked first, does not have?

Compiled code notes the place of a check only, and a helper function may serve steps and properties.  So the state is
taken again with the constraints only, without any property, then with one at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from ..spec import tree
from ..spec.constraints import Constraint
from ..spec.errors import EvaluationError, PropertyError
from ..spec.properties import Property
from .context import ASKED, FAULT, asked_cells
from .emit.text import LONG_LOOP

if TYPE_CHECKING:
    from .compiled import CompiledSearch


def asked(search: CompiledSearch, plain: Callable[[], object]) -> None:
    """Ask the plain reading first, which raises what went wrong; nothing is raised where only compiled code has a limit.

    It is not asked about a loop that it would go round for hours; a number for which there is no memory is one beyond 62 bits.
    """
    if LONG_LOOP not in search.module.sites[search.ctx_words[FAULT]]:
        with suppress(MemoryError):
            plain()


def of_steps(search: CompiledSearch, state: int) -> NoReturn:
    """The refusal of a state in which a constraint, a step, or a transition property beside it, could not be evaluated."""
    noted = search.ctx_words[FAULT]
    _of_constraints(search, state)
    retake = search.native.function("snapproof_retake", 6)

    def site(*wanted: Property) -> int:
        _ask(search, *wanted)
        return int(retake(search.ctx.address, search.store.address, search.scratch.address, search.out, search.info, state))

    if not site():
        for p in search.properties:
            if p.kind == "transition" and (found := site(p)):
                refuse(search, found, p)
    refuse(search, site() or noted)


def _ask(search: CompiledSearch, *wanted: Property) -> None:
    """From now on compiled code asks for these properties only."""
    cells = asked_cells(search.instance, search.module, {id(p) for p in wanted})
    begin = search.ctx_words[ASKED]
    search.ctx_words[begin:begin + len(cells)] = cells


def _of_constraints(search: CompiledSearch, state: int) -> None:
    """The refusal of a state of which a constraint could not be evaluated, if there is one: it is asked before any step."""
    remeasure = search.native.function("snapproof_remeasure", 4)
    found = int(remeasure(search.ctx.address, search.store.address, search.scratch.address, state))
    if found:
        words, trees = search.module.sites[found].replace(":", " ").split(), search.instance.spec.trees
        known = search.instance.constraints
        refuse(search, found, next((c for c in known if any(f.name in words for f in tree.helpers(trees[c]).values())), known[0]))


def of_properties(search: CompiledSearch, state: int) -> NoReturn:
    """The refusal of a state of which an invariant or a witness could not be evaluated."""
    rejudge = search.native.function("snapproof_rejudge", 4)
    noted = search.ctx_words[FAULT]
    for kind in ("invariant", "witness"):
        for p in (p for p in search.properties if p.kind == kind):
            _ask(search, p)
            found = rejudge(search.ctx.address, search.store.address, search.scratch.address, state)
            if found:
                refuse(search, int(found), p)
    refuse(search, noted)


def refuse(search: CompiledSearch, site: int, p: Property | Constraint | None = None) -> NoReturn:
    """Raise the error of a site: that of a property or a constraint, or of a step."""
    where, error = search.module.sites[site], EvaluationError if p is None else PropertyError
    if p is not None and search.instance.spec.trees[p].name not in where.split(":")[1].split():
        where = f"{p.place}, {where}"
    if "beyond 62 bits" in where:
        raise error(where, "the compiled reading computes with 62 bits and a sign.", "Keep intermediate numbers smaller.")
    if LONG_LOOP in where:
        raise error(where, "compiled code does not look at the clock while it goes round a loop, so there is a limit.",
                    "Bound what the range ends with: min(s.x, 20). The plain reading has no such limit (--reading plain).")
    raise error(where, "a value left its range in the compiled reading only.",
                "This is a defect of Snapproof: run with --reading plain, and report the scenario.")


__all__ = ["of_properties", "of_steps", "refuse"]
