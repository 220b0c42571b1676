"""Locals that belong to commands: which boxes may use them, and whose they are in a state.

Outside of its commands such a local has its initial value in every state: only boxes to which these commands alone lead write it, a
process takes a command up in the first box of its kind alone, and DONE resets all locals.  So a state is one of the declared types
only if this is so, which `stray` asks of states that nothing led to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import tree, walks
from .demands import demand
from .errors import near
from .figures import Exit, FigureCall
from .locals import Local
from .processes import Command, Process, Step

if TYPE_CHECKING:
    from .instance import Cells, Instance, Slot
    from .specification import Specification

Use = tuple[str, str, type[Process], bool, bool]
"""A local that a box reads or writes: file and line, its name, the kind that has it, of the process that moves?, is it written?"""


def commands_of(spec: Specification, kind: type[Process], v: Any) -> tuple[Command, ...]:
    """The commands of a kind to which a variable belongs; none for one that is there always."""
    mine = [c for c in spec.commands if issubclass(kind, c.owner)]
    return tuple(c for c in mine if isinstance(v, Local) and c.word in v.during)


def check_during(spec: Specification) -> None:
    """Refuse a local of a command that there is not, and boxes that use it for other commands, or for nobody's."""
    limited = {k: {n: commands_of(spec, k, v) for n, v in k.variables.items() if isinstance(v, Local) and v.during} for k in spec.kinds}
    for kind in spec.kinds:
        for name in limited[kind]:
            _words(spec, kind, name)
    if not any(limited.values()):
        return
    for kind in spec.kinds:
        led = {c: boxes_of(spec, c) for c in spec.commands if issubclass(kind, c.owner)}
        for step in spec.steps[kind.__name__]:
            if step in spec.trees:
                leading = [c for c, boxes in led.items() if step in boxes]
                for place, name, of, own, written in uses(spec.trees[step], kind):
                    if own and name in limited[kind]:
                        _own(place, name, step, limited[kind][name], leading)
                    elif not own and written:
                        _foreign(place, name, [k for k in spec.kinds if issubclass(k, of) and name in limited[k]])
    for declared in (*spec.actions, *spec.initials):
        for place, name, of, _, written in uses(spec.trees[declared], None):
            if written:
                _foreign(place, name, [k for k in spec.kinds if issubclass(k, of) and name in limited[k]])


def _words(spec: Specification, kind: type[Process], name: str) -> None:
    place = f"local {kind.__name__}.{name}"
    demand(kind.programs, place, f"it belongs to commands, and {kind.__name__} runs no programs.",
           "Leave out during=, or declare it in a kind with programs=True.")
    words = [c.word for c in spec.commands if issubclass(kind, c.owner)]
    for word in kind.variables[name].during:  # type: ignore[attr-defined]
        demand(word in words, place, f"it belongs to the command {word!r}, and {kind.__name__} has none of this word.", near(word, words))


def _own(place: str, name: str, step: Step, mine: Sequence[Command], leading: Sequence[Command]) -> None:
    """A box uses a local of the process that executes it."""
    words = " and ".join(c.word for c in mine)
    others = [c.word for c in leading if c not in mine]
    demand(any(c in mine for c in leading), place, f"{step.name} uses {name}, which belongs to {words}; no such command leads here.",
           f"Name in during= of {name} the command that leads to this box, or use another local.")
    demand(not others, place, f"{step.name} uses {name}, which belongs to {words}; {' and '.join(others)} leads here, too.",
           f"Name that in during= of {name}, too, or use it in boxes to which only its commands lead.")


def _foreign(place: str, name: str, kinds: Sequence[type[Process]]) -> None:
    """Another process is written to, whatever it carries out."""
    demand(not kinds, place, f"it writes {name} of a process that does not move here, and may carry out another command than those "
           f"that {name} belongs to.", f"Leave out during= of {name}; others may read it.")


def boxes_of(spec: Specification, command: Command) -> set[Step]:
    """The boxes to which a command leads: into figures, and out of them where the calls say that were made on the way."""
    met: set[Any] = set()
    pending: list[Any] = [command.first]
    while pending:
        target = pending.pop()
        if target in met:
            continue
        met.add(target)
        if isinstance(target, Step):
            pending += spec.returns(target)
        elif isinstance(target, FigureCall):
            left = [e for e in met if isinstance(e, Exit) and e.figure is target.figure]
            pending += [target.first, *(target.exits[e.exit] for e in left if e.exit in target.exits)]
        elif isinstance(target, Exit):
            calls = [c for c in met if isinstance(c, FigureCall) and c.figure is target.figure]
            pending += [c.exits[target.exit] for c in calls if target.exit in c.exits]
    return {t for t in met if isinstance(t, Step)}


def uses(function: tree.Function, kind: type[Process] | None) -> Iterator[Use]:
    """The locals that a function and its helpers read and write; `kind` is that of the process that moves, if one does."""
    handles = [p for p in function.parameters if function.roles[p] == "handle"]
    yield from _uses(function, {p: function.hints[p] for p in handles} | ({handles[0]: kind} if kind else {}),
                     frozenset(handles[:1] if kind else ()), set())


def _uses(function: tree.Function, kinds: dict[str, Any], own: frozenset[str], done: set[Any]) -> Iterator[Use]:
    """`own` are the names of the process that moves; what a function does with the same names is told once."""
    key = (id(function), own, tuple(kinds.items()))
    if key in done:
        return
    done.add(key)
    loops = {n.name: n.kind for n in tree.nodes(function) if isinstance(n, tree.For) and n.kind is not None}
    kinds, own = kinds | loops, own - set(loops)
    for statement in walks.statements(function):
        for node in (statement, *walks.own(statement)):
            if isinstance(node, (tree.Field, tree.StoreField)):
                handle = node.handle.name  # type: ignore[union-attr]
                place = f"{function.place.rsplit(':', 1)[0]}:{statement.line} {function.name}"
                yield place, node.name, kinds[handle], handle in own, isinstance(node, tree.StoreField)
            elif isinstance(node, tree.Call):
                passed = {p: a.name for p, a in zip(node.function.parameters, node.arguments, strict=True)
                          if node.function.roles[p] == "handle" and isinstance(a, tree.Name)}
                yield from _uses(node.function, {p: kinds[a] for p, a in passed.items()},
                                 frozenset(p for p, a in passed.items() if a in own), done)


def belongs(instance: Instance, slot: Slot, i: int, cells: Sequence[int]) -> bool:
    """Does a process carry out a command to which a local belongs?"""
    assert slot.kind is not None
    current = cells[instance.slots[slot.kind.__name__, "command"].offset + i]
    return current >= 0 and instance.invocations[current].command in slot.during


def stray(instance: Instance, cells: Cells) -> tuple[Slot, int] | None:
    """A local, and of which member of its kind, that is not initial although the process carries out none of its commands."""
    limited = [s for s in instance.slots.values() if s.during]
    return next(((s, i) for s in limited for i in range(s.length)
                 if cells[s.offset + i] != s.start and not belongs(instance, s, i, cells)), None)


__all__ = ["belongs", "boxes_of", "check_during", "commands_of", "stray", "uses"]
