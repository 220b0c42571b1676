"""A specification: everything declared in its modules, collected and checked once."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from . import tree
from .analysis import Touched, check_local_locals, check_local_targets, check_property, check_setup, check_step, successors_of
from .consistency import check_arguments, check_collected, check_consistency, sets_of
from .constraints import Constraint
from .demands import demand, demand_switch, told
from .distinct import apart
from .domains import Domain, IndexSet
from .during import check_during
from .errors import DeclarationError, ScenarioError, near
from .parts import Part
from .processes import DONE, Action, Command, Initial, Process, Signal, Step
from .properties import Property
from .reader import Reader
from .routes import Routes, Target, order_of
from .scope import Scope, setup_switches
from .shapes import parts_of
from .variables import State


class Specification:
    """States, processes, steps and properties under one name.

    `state` and `scope` are the classes whose instances steps receive as `s` and `c`; `modules` hold the
    declarations, in the order in which their steps are numbered.  `defaults` are sizes used when a
    scenario does not give them.  `unseen` vouches that no other process tells whether a local box has run, although it may look
    as if one could (analysis.py); `joins` that no property does, either (joining.py), so that they are joined with the box
    before them whatever is asked.  `check --every-box` is the audit.  `deadlock=False`: behaviours may end anywhere, so that
    neither deadlocks nor stuck processes are looked for unless a scenario asks.
    Raises DeclarationError when anything in them is not well formed.
    """

    def __init__(self, name: str, state: type[State], scope: type[Scope], modules: Iterable[ModuleType],
                 defaults: dict[str, int] | None = None, joins: bool = False, unseen: bool = False,
                 deadlock: bool = True) -> None:
        listed = list(modules) if isinstance(modules, Iterable) else modules
        check_arguments(name, state, scope, listed, {} if defaults is None else defaults)
        demand_switch(joins, f"specification {name}", "joins")
        demand_switch(unseen, f"specification {name}", "unseen")
        demand_switch(deadlock, f"specification {name}", "deadlock")
        self.name, self.state, self.scope, self.joins, self.unseen = name, state, scope, joins, unseen or joins
        self.deadlock = deadlock
        self.modules: list[ModuleType] = listed
        self.defaults = dict(defaults or {})
        self.reader = Reader()
        found = self._collect()
        self.actions = [d for d in found if isinstance(d, Action)]
        self.initials = [d for d in found if isinstance(d, Initial)]
        self.commands = [d for d in found if isinstance(d, Command)]
        self.constraints = [d for d in found if isinstance(d, Constraint)]
        self._unique([d.name for d in self.constraints], "name of a constraint")
        self.properties = {p.id: p for p in found if isinstance(p, Property)}
        self._unique([p.id for p in found if isinstance(p, Property)], "property id")
        steps = [d for d in found if isinstance(d, Step)]
        self.kinds = self._kinds(steps)
        self.steps: dict[str, list[Step]] = {k.__name__: self._steps_of(k, steps) for k in self.kinds}
        self.trees: dict[Any, tree.Function] = {}
        self._lower(steps)
        self.sets = self._sets()
        self.index_sets = {of.__name__: of for of in self.sets}
        check_consistency(self)
        check_during(self)

    @classmethod
    def of_module(cls, name: str, state: type[State], scope: type[Scope], module: str, deadlock: bool = True,
                  **defaults: int) -> Specification:
        """A specification whose declarations all stand in one module (give it `__name__`); `deadlock=False`: it may end anywhere."""
        demand(isinstance(module, str) and module in sys.modules, f"specification {told(name)}", f"there is no module {told(module)}.",
               "Write Specification.of_module(name, Shared, Settings, __name__, Track=2).")
        return cls(name, state, scope, [sys.modules[module]], defaults, deadlock=deadlock)

    def _collect(self) -> list[Any]:
        out: list[Any] = []
        for module in self.modules:
            here = [v for v in vars(module).values() if isinstance(v, (Step, Action, Initial, Property, Constraint))
                    and v.module == module.__name__]
            out += sorted({id(v): v for v in here}.values(), key=lambda v: v.line)
            out += [v for v in vars(module).values() if isinstance(v, Command) and v not in out]
        check_collected(self.modules)
        for declared in out:
            if not isinstance(declared, Command):
                declared.resolve()
        return out

    def _unique(self, names: list[str], what: str) -> None:
        for name in names:
            if names.count(name) > 1:
                raise DeclarationError(f"specification {self.name}", f"the {what} {name!r} is declared twice.",
                                       "Rename one of them; traces refer to it.")

    def _kinds(self, steps: list[Step]) -> list[type[Process]]:
        kinds: list[type[Process]] = []
        named = [v for m in self.modules for v in vars(m).values()
                 if isinstance(v, type) and issubclass(v, Process) and v.letter]
        for kind in named:
            if kind not in kinds and any(issubclass(kind, s.owner) for s in steps):
                kinds.append(kind)
        return kinds

    def _steps_of(self, kind: type[Process], steps: list[Step]) -> list[Step]:
        mine = [s for s in steps if issubclass(kind, s.owner)]
        if kind.programs:
            mine.insert(0, next_command_step(kind))
        self._unique([s.name for s in mine], f"step name of {kind.__name__}")
        return mine

    def _sets(self) -> list[type[IndexSet]]:
        """Every index set that variables, arguments, modules or functions name."""
        sets: list[Any] = []
        variables = list(self.state.variables.values())
        for kind in self.kinds:
            variables += list(kind.variables.values())
        for v in variables:
            sets += [*v.indices, *(getattr(d, "of", None) for d in parts_of(v.domain))]
        for kind in self.kinds:
            sets += [getattr(d, "of", None) for a in kind.arguments.values() for d in parts_of(a.domain)]
        for declared in self.trees:
            chosen = [d for h in declared.hints.values() if isinstance(h, Domain) for d in parts_of(h)]
            sets += [of for d in chosen for of in (*getattr(d, "indices", ()), getattr(d, "of", None))]
        sets += [getattr(d, "of", None) for of in self.reader.structured for d in parts_of(of)]
        for module in self.modules:
            sets += [v for v in vars(module).values() if isinstance(v, type)]
        sets += sets_of(self.reader.everything())
        return [of for of in dict.fromkeys(sets) if isinstance(of, type) and issubclass(of, IndexSet) and of is not IndexSet]

    def _lower(self, steps: list[Step]) -> None:
        for declared in [*steps, *self.actions, *self.initials, *self.properties.values(), *self.constraints]:
            function = self.reader.read(declared.function)
            self.trees[declared] = function
            if isinstance(declared, (Property, Constraint)):
                check_property(declared, function)
                declared.chosen(declared.states + 1 if isinstance(declared, Property) else 2)
                if isinstance(declared, Property) and declared.distinct:
                    self.trees[declared] = apart(declared, function)
            else:
                check_step(declared, function)
                declared.chosen(3 if isinstance(declared, Step) else 2)
        touched, setup = Touched(), setup_switches(self.scope)
        for declared in self.constraints:
            check_setup(declared, self.trees[declared], setup)
        for declared in [*steps, *self.actions]:
            check_setup(declared, self.trees[declared], setup)
            touched.add(self.trees[declared], [n for n, of in declared.chosen(3 if isinstance(declared, Step) else 2)
                                               if issubclass(of, Process)])
        returned = {s: self.returns(s) for steps in self.steps.values() for s in steps}
        order = order_of(returned, self.trees)
        self.routes = {k.__name__: Routes(self.steps[k.__name__], returned, order) for k in self.kinds}
        for kind in self.kinds:
            for figure in order:
                demand(figure.caller not in {**kind.variables, **kind.arguments}, f"figure {figure.name}",
                       f"{kind.__name__} has something called {figure.caller}, the name under which the caller is remembered.",
                       "Rename one of them.")
            for step in self.steps[kind.__name__]:
                self._check_returns(kind, step)
            self._check_local(kind, touched)
            self._check_local_chains(kind)
        self._check_watched()
        self._check_starts()

    def _check_starts(self) -> None:
        """A process begins at a step that this specification has."""
        known = {s for steps in self.steps.values() for s in steps}
        for function in {id(f): f for d in self.initials for f in tree.helpers(self.trees[d]).values()}.values():
            for node in tree.nodes(function):
                if isinstance(node, tree.StartAt) and node.step not in known:
                    raise DeclarationError(f"{function.place.rsplit(':', 1)[0]}:{node.line} {function.name}",
                                           f"it lets a process start at {node.step.name}, which is no step of this specification.",
                                           "List its module among the modules of the specification.")

    def _check_watched(self) -> None:
        """A transition property that watches what is never executed here would never be evaluated."""
        known = {s for steps in self.steps.values() for s in steps} | set(self.actions)
        for p in self.properties.values():
            for one in p.named:
                demand(not isinstance(one, Part) or any(b in p.steps for b in one.boxes), p.place,
                       f"its steps name the part {getattr(one, 'name', '')}, which no box has that its process executes.",
                       "Give the part to a box, or take it out.")
            for one in p.steps:
                if one not in known:
                    raise DeclarationError(p.place,
                                           f"its steps name {one.name}, which belongs to no process or module of this specification.",
                                           "Take it out, or list its module among the modules of the specification.")

    def _check_returns(self, kind: type[Process], step: Step) -> None:
        for target in self.leads(kind, step):
            if isinstance(target, Step) and target not in self.steps[kind.__name__]:
                raise DeclarationError(step.place, f"it returns {target.name}, which is not a step of {kind.__name__}.",
                                       f"Return a step declared for {kind.__name__} or for a base of it.")

    def _check_local(self, kind: type[Process], touched: Touched) -> None:
        """Local boxes do nothing that others see.  What they see only while a process is elsewhere, `unseen` vouches for."""
        leads = {s: self.leads(kind, s) for s in self.steps[kind.__name__]}
        for step in leads:
            if step.local:
                resets = {"command", *kind.variables, *kind.arguments} if DONE in leads[step] and not self.unseen else ()
                check_local_locals(step, self.trees[step], touched, resets)
        if not self.unseen:
            check_local_targets(kind, leads, touched)

    def _check_local_chains(self, kind: type[Process]) -> None:
        """Local boxes run on until one is not local, so a cycle of them alone would never end."""
        first = self.steps[kind.__name__][0]
        demand(first.within is None, first.place, f"it is the first box of {kind.__name__}, and in a figure that is entered by a call.",
               "Declare the box at which processes begin before the boxes of figures.")
        following = {s: {first if t is DONE else t for t in self.leads(kind, s)} for s in self.steps[kind.__name__] if s.local}
        while following:
            ends = [s for s, targets in following.items() if not targets & set(following)]
            if not ends:
                cycle = ", ".join(sorted(s.name for s in following))
                raise DeclarationError(f"steps of {kind.__name__}", f"local boxes lead back to themselves ({cycle}).",
                                       "Leave out local=True at one of them.")
            for step in ends:
                del following[step]

    def in_order(self, properties: Iterable[Property]) -> list[Property]:
        """Properties in the order of their declaration, in which all readings evaluate them; ScenarioError for a foreign one."""
        given = list(properties)
        foreign = [p for p in given if self.properties.get(p.id) is not p]
        if foreign:
            raise ScenarioError(f"property {foreign[0].id}",
                                f"it does not belong to the specification {self.name!r}, so nothing would check it.",
                                near(foreign[0].id, list(self.properties)))
        return [p for p in self.properties.values() if p in given]

    def leads(self, kind: type[Process], step: Step) -> set[Target]:
        """The steps, WAIT and DONE to which a step may lead a process of this kind, into figures and out of them."""
        return self.routes[kind.__name__].behind(self.returns(step))

    def returns(self, step: Step) -> set[Target]:
        """Which steps and signals a step may return."""
        if step not in self.trees:
            return {c.first for c in self.commands if issubclass(step.owner, c.owner)} | {DONE}
        return successors_of(self.trees[step])

    def commands_of(self, kind: type[Process]) -> dict[str, Command]:
        """The commands of a process kind by their words."""
        return {c.word: c for c in self.commands if issubclass(kind, c.owner)}

    def kind(self, name: str) -> type[Process]:
        """The process kind with this name."""
        return next(k for k in self.kinds if k.__name__ == name)

    def step_named(self, kind: str, name: str) -> Step | None:
        """The step of a kind with this function name, or None."""
        return next((s for s in self.steps[kind] if s.name == name), None)


def _next_command(s: State, c: Scope, p: Process) -> Signal:
    """The host's next command is taken up."""
    return DONE


_NEXT: dict[type[Process], Step] = {}


def next_command_step(kind: type[Process]) -> Step:
    """The box in which a process with a program takes its next command; the language provides it."""
    if kind not in _NEXT:
        step = Step(kind, "next", "", _next_command, False, True)
        step.name = "next_command"
        _NEXT[kind] = step
    return _NEXT[kind]


__all__ = ["Specification", "next_command_step"]
