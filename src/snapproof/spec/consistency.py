"""Whether the declarations of a specification fit together: names that collide, parameters out of order, things with no effect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import tree
from .constants import Constant
from .constraints import Constraint
from .demands import TAKEN, demand, demand_class, demand_text, demand_word, told
from .domains import IndexSet
from .errors import near
from .processes import Action, Command, Declared, Initial, Process, Step
from .properties import Property
from .scope import Scope
from .variables import State

if TYPE_CHECKING:
    from .specification import Specification

DECLARATIONS = (Step, Action, Initial, Property, Constraint)
LARGEST_SIZE = 64


def check_arguments(name: Any, state: Any, scope: Any, modules: Any, defaults: Any) -> None:
    """What a specification is made of is what it must be."""
    place = f"specification {told(name)}"
    demand_text(name, place, "name")
    demand(name.strip() != "", place, "it has no name.", "Name it: traces say which specification they are of.")
    demand_class(state, State, place, "its state", "Give the class of the shared variables: class Shared(State).")
    demand_class(scope, Scope, place, "its scope", "Give the class of the switches: class Settings(Scope), which may be empty.")
    demand(isinstance(modules, list) and modules != [] and all(isinstance(m, ModuleType) for m in modules), place,
           "its modules are not a list of modules.",
           "Give the imported modules, or write Specification.of_module(name, Shared, Settings, __name__).")
    demand(isinstance(defaults, dict), place, f"its default sizes {told(defaults)} are not a dictionary.", "Give {\"Track\": 2, …}.")


def check_collected(modules: list[ModuleType]) -> None:
    """Nothing that is declared may be without effect."""
    names = {m.__name__ for m in modules}
    for module in modules:
        for lost in Declared.shadowed_in(vars(module)):
            demand(False, lost.place,
                   f"no name of its module stands for {lost.name} any more: a later one is the same, so this would be lost.",
                   "Rename one of them; declare it at the top of the module, not in a function or a list.")
        for c in Command.unnamed_in(vars(module)):
            demand(False, f"command {c.word!r}", "no name of its module stands for it, so this would be lost.",
                   f"Give it a name of its own at the top of the module: {c.word.upper()} = command(…).")
        for v in vars(module).values():
            if isinstance(v, DECLARATIONS):
                demand(v.module in names, v.place,
                       f"it stands in the module {v.module}, which the specification does not list, so it would be ignored.",
                       "List that module, too: Specification(name, Shared, Settings, [first, second]).")


def check_consistency(spec: Specification) -> None:
    """Everything that needs the whole specification; DeclarationError says what does not fit."""
    for declared, function in spec.trees.items():
        _parameters(spec, declared, function)
    for function in spec.reader.everything():
        _classes(spec, function)
    _letters(spec)
    _names(spec)
    _commands(spec)
    _arguments(spec)
    _defaults(spec)


def _parameters(spec: Specification, declared: Any, function: tree.Function) -> None:
    states = declared.states if isinstance(declared, Property) else 1
    wanted = ["state"] * states + ["scope"] + ["handle"] * isinstance(declared, Step)
    form = {Step: "(s: State, c: Scope, p: Process, chosen…)", Property: "(before: State, after: State, c: Scope, …)" if states == 2
            else "(s: State, c: Scope, …)"}.get(type(declared), "(s: State, c: Scope, chosen…)")
    found = [function.roles[p] for p in function.parameters[:len(wanted)]]
    demand(found == wanted, declared.place, f"its first parameters are not {', '.join(wanted)}.",
           f"They are {form}, annotated with their classes.")
    if isinstance(declared, Step):
        hint = function.hints[function.parameters[len(wanted) - 1]]
        demand(issubclass(declared.owner, hint), declared.place,
               f"it is a step of {declared.owner.__name__}, and its process is annotated {hint.__name__}.",
               f"Annotate it {declared.owner.__name__}, or a base of it.")


def _classes(spec: Specification, function: tree.Function) -> None:
    for node in tree.nodes(function):
        if isinstance(node, (tree.Load, tree.Store)):
            v = node.variable
            demand(spec.state.variables.get(v.name) is v, function.place,
                   f"it uses the variable {v.name} of another class than {spec.state.__name__}.",
                   f"Annotate the state with {spec.state.__name__}.")
        if isinstance(node, tree.At):
            for box in node.steps:
                demand(box in spec.trees or any(box in spec.steps[k.__name__] for k in spec.kinds), function.place,
                       f"it asks whether a process is at {box.name}, which belongs to no module of this specification.",
                       "Take it out, or list its module among the modules of the specification.")
        if isinstance(node, tree.Inside):
            for box in node.callers:
                demand(any(box in spec.routes[k.__name__].callers_of(node.figure) for k in spec.kinds), function.place,
                       f"it asks whether {node.figure.name} was called from {getattr(box, 'name', box)}, which does not call it.",
                       "Name boxes that return a call of this figure.")
        if isinstance(node, tree.SwitchValue):
            demand(node.name in spec.scope.switches, function.place,
                   f"it uses the switch {node.name} of another class than {spec.scope.__name__}.",
                   f"Annotate the scope with {spec.scope.__name__}.")
        if isinstance(node, tree.Size) and isinstance(node.of, Constant):
            demand(spec.scope.constants.get(node.of.name) is node.of, function.place,
                   f"it uses the constant {node.of.name} of another class than {spec.scope.__name__}.",
                   f"Annotate the scope with {spec.scope.__name__}.")
    known = set(spec.kinds)
    for of in {*_used(function), *(h for h in function.hints.values() if isinstance(h, type))}:
        if issubclass(of, Process) and of.letter:
            demand(of in known, function.place,
                   f"the process kind {of.__name__} has no step in this specification, so there is none of them.",
                   f"Declare a step for {of.__name__}, or take it out.")


def _used(function: tree.Function) -> Iterator[type]:
    for node in tree.nodes(function):
        of = node.of if isinstance(node, tree.Size) else node.kind if isinstance(node, tree.For) else None
        if isinstance(of, type):
            yield of


def sets_of(functions: Iterable[tree.Function]) -> list[type]:
    """The index sets that functions name in their bodies and parameters, in order."""
    named = [of for f in functions for of in (*_used(f), *f.hints.values())]
    found = [of for of in named if isinstance(of, type) and issubclass(of, IndexSet) and of is not IndexSet]
    return list(dict.fromkeys(found))


def _letters(spec: Specification) -> None:
    place, by_name, by_letter = f"specification {spec.name}", dict[str, Any](), dict[str, Any]()
    everything: list[Any] = [*spec.sets, *spec.kinds]
    for of in everything:
        demand(by_name.setdefault(of.__name__, of) is of, place, f"two index sets or process kinds are called {of.__name__}.",
               "Rename one of them; sizes are given by their names.")
        other = by_letter.setdefault(of.letter, of)
        demand(other is of, place,
               f"{other.__name__} and {of.__name__} have the same letter {of.letter!r}, so their members have the same names.",
               "Give one of them another letter.")


def _names(spec: Specification) -> None:
    place = f"specification {spec.name}"
    members: list[Any] = [*spec.index_sets.values(), *spec.kinds]
    letters = {of.letter: of.__name__ for of in members}
    shared = list(spec.state.variables)
    for name in shared:
        like = re.fullmatch(r"(\D+)\d+", name)
        demand(like is None or like[1] not in letters, f"variable {name}",
               f"it is called like a member of {letters.get(like[1] if like else '')}.",
               "Rename it; states and expressions name both.")
        demand(name not in spec.properties, f"variable {name}", "a property has the same name.",
               "Rename one of them; expressions name both.")
    for name in (*spec.index_sets, *(k.__name__ for k in spec.kinds)):
        demand(name not in spec.scope.switches, f"switch {name}", "an index set or process kind has the same name.",
               "Rename one of them; --set names both.")
        demand(name not in spec.scope.constants, f"constant {name}", "an index set or process kind has the same name.",
               "Rename one of them; --set and [scope] name both.")
    for p in spec.properties.values():
        demand_word(p.id, p.place, "id", TAKEN)
        like = re.fullmatch(r"(\D+)\d+", p.id)
        demand(like is None or like[1] not in {k.letter for k in spec.kinds}, p.place, f"its id {p.id} is the name of a process.",
               "Rename it.")
    names = [s.name for steps in spec.steps.values() for s in steps]
    for action in spec.actions:
        demand(action.name not in names, action.place, "a step has the same name.",
               f"Rename one of them; {place} counts both by their names.")


def _commands(spec: Specification) -> None:
    for kind in spec.kinds:
        mine = [c for c in spec.commands if issubclass(kind, c.owner)]
        for c in mine:
            demand([o.word for o in mine].count(c.word) == 1, f"command {c.word!r}", f"{kind.__name__} has two commands of this word.",
                   "Rename one of them.")
    for c in spec.commands:
        demand(c.first.within is None, f"command {c.word!r}", f"it begins at {c.first.name}, in a figure that is entered by a call.",
               "Begin at a box that calls the figure, and says where to go on.")
        able = [k for k in spec.kinds if issubclass(k, c.owner) and k.programs]
        demand(able != [], f"command {c.word!r}", f"no process of {c.owner.__name__} runs programs, so nobody can give it.",
               f"Write class {c.owner.__name__}(Process, letter=…, programs=True).")


def _arguments(spec: Specification) -> None:
    for kind in spec.kinds:
        demand(kind.programs or not kind.arguments, f"process kind {kind.__name__}",
               "it has arguments, and runs no programs that would give them values.",
               f"Write class {kind.__name__}(Process, letter=…, programs=True).")


def _defaults(spec: Specification) -> None:
    given = [n for n, of in spec.index_sets.items() if of.derived is None]
    kinds = [v.__name__ for m in spec.modules for v in vars(m).values() if isinstance(v, type) and issubclass(v, Process)]
    for name, size in spec.defaults.items():
        place = f"specification {spec.name}, size {told(name)}"
        demand(name not in spec.scope.constants, place, "it is a constant of the scope, which says its default itself.",
               "Write it there: constant(…, default=…).")
        demand(name in (*given, *kinds), place, "there is no such index set or process kind (or its size is derived).", near(str(name),
                                                                                                                             [*given,
                                                                                                                              *kinds]))
        least = 1 if name in given else 0
        demand(isinstance(size, int) and not isinstance(size, bool) and least <= size <= LARGEST_SIZE, place,
               f"{told(size)} is not a size.",
               f"Give a number from {least} to {LARGEST_SIZE}.")


__all__ = ["check_arguments", "check_collected", "check_consistency", "sets_of"]
