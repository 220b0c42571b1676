"""Where boxes lead: the codes of targets, and the way into figures and back, for each kind of process.

All readings end a box here: what a box returns is a target, and a target has a code.  Codes are the places of `targets`:
the steps of the kind first, then calls of figures, then exits, those of called figures before those of their callers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, Union

from . import tree, walks
from .demands import demand
from .domains import Domain, Sizes
from .errors import DeclarationError, EvaluationError
from .figures import Exit, Figure, FigureCall
from .processes import DONE, Signal, Step

Target = Union[Step, Signal]

Where = tuple[frozenset[Step], tuple[tuple[Figure, frozenset[int]], ...]]
"""At one of these steps, while each of these figures has one of these callers."""


OUTSIDE = "none"
"""How a state shows the caller of a figure that the process is not in; its cell has the first value then.  No value is called so."""


class CallerOf(Domain):
    """From which of its calls a figure was entered."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def bounds(self, sizes: Sizes) -> tuple[int, int]:
        return 0, len(self.names) - 1

    def show(self, value: int, sizes: Sizes) -> Any:
        return self.names[value]


class Routes:
    """The targets of one kind of process.

    `calls` are the calls of each figure in the order in which the kind's steps make them; `returned` what each step
    returns.  `homes` says in which figure (or None) a call stands.
    """

    def __init__(self, steps: list[Step], returned: dict[Step, set[Target]], order: list[Figure]) -> None:
        self.steps = steps
        self.calls: dict[Figure, list[FigureCall]] = {f: [] for f in order}
        self.callers: dict[FigureCall, list[Step]] = {}
        self.homes: dict[FigureCall, Figure | None] = {}
        exits: set[Exit] = set()
        for step in steps:
            for target in _everything(returned.get(step, set())):
                if isinstance(target, FigureCall):
                    self._note(target, step)
                elif isinstance(target, Exit):
                    exits.add(target)
        out = [e for f in order for e in f.exits.values() if e in exits]
        self.targets: list[Target] = [*steps, *(c for f in order for c in self.calls[f]), *out]
        self.codes = {t: i for i, t in enumerate(self.targets)}
        self.exits = out

    def _note(self, call: FigureCall, step: Step) -> None:
        if call not in self.homes:
            self.calls[call.figure].append(call)
            self.homes[call] = step.within
        self.callers.setdefault(call, []).append(step)

    def called(self) -> list[Figure]:
        """The figures whose caller must be remembered: those with more than one call."""
        return [f for f, calls in self.calls.items() if len(calls) > 1]

    def callers_of(self, figure: Figure) -> list[Step]:
        """The boxes that call a figure."""
        return [s for c in self.calls.get(figure, []) for s in self.callers[c]]

    def caller(self, figure: Figure) -> CallerOf:
        """The domain of that memory: the boxes that call, as words that expressions can name."""
        names = ["_or_".join(s.name for s in self.callers[c]) for c in self.calls[figure]]
        out: list[str] = []
        for i, name in enumerate(names):
            word = name if names.count(name) == 1 and name != OUTSIDE else f"{name}_{names[:i].count(name) + 1}"
            while word in out or word != name and word in names:
                word += "_"
            out.append(word)
        return CallerOf(out)

    def behind(self, targets: Iterable[Target]) -> set[Target]:
        """The steps, WAIT and DONE to which targets may lead: into figures, and out of them to every caller.

        An exit for which a caller says no step is an error, behind which the compiled reading resets the process as DONE does.
        """
        return {t for t in self.met(targets) if not isinstance(t, (FigureCall, Exit))}

    def met(self, targets: Iterable[Target], entered: Collection[FigureCall] | None = None) -> set[Target]:
        """All that is met from these targets on until a process stands at a step: calls, exits, and what is behind them.

        `entered`: figures have been entered by these calls only, and are left to those.
        """
        pending, met = list(targets), set[Target]()
        while pending:
            target = pending.pop()
            if target in met:
                continue
            met.add(target)
            if isinstance(target, FigureCall):
                pending.append(target.first)
            elif isinstance(target, Exit):
                calls = [c for c in self.calls[target.figure] if entered is None or c in entered]
                pending += [c.exits.get(target.exit, DONE) for c in calls] or [DONE]
        return met

    def writes(self, targets: Iterable[Target]) -> set[str]:
        """The memories of callers that a box with these targets may change."""
        return {t.figure.caller for t in _everything(targets) if isinstance(t, (FigureCall, Exit))}

    def through(self, target: Target, cells: list[int], place: Mapping[str, int]) -> Target:
        """Enter a figure, or leave it, as the plain reading does: its first box, or where the caller goes on."""
        assert isinstance(target, (FigureCall, Exit))
        calls, memory = self.calls[target.figure], place.get(target.figure.caller)
        if isinstance(target, FigureCall):
            if memory is not None:
                cells[memory] = calls.index(target)
            return target.first
        caller = cells[memory] if memory is not None else 0
        if caller >= len(calls) or target.exit not in calls[caller].exits:
            by = " or ".join(s.name for s in self.callers[calls[caller]]) if caller < len(calls) else "nobody"
            raise EvaluationError(f"figure {target.figure.name}", f"it is left by {target.exit}, for which its caller {by} says no step.",
                                  f"Say {target.exit}=step in that call, or let the figure leave by another exit.")
        if memory is not None:
            cells[memory] = 0
        return calls[caller].exits[target.exit]

    def stands_inside(self, figure: Figure, callers: Sequence[Step], step: Step, cells: list[int], place: Mapping[str, int]) -> bool:
        """Is a process at this step inside of a figure, entered from one of these boxes (if any are given)?"""
        return any(step in steps and all(cells[place[f.caller]] in calls for f, calls in asked)
                   for steps, asked in self.inside(figure, callers))

    def path(self, step: Step, cells: Sequence[int], place: Mapping[str, int]) -> str:
        """Where a process at this step is, with the calls that led there: `Fig. 11, 306 › Fig. 9`."""
        parts = [", ".join(filter(None, [by[0].figure, _ids(by)])) for by in self.way(step, cells, place)]
        return " › ".join([*reversed(parts), step.figure])

    def way(self, step: Step, cells: Sequence[int], place: Mapping[str, int]) -> list[list[Step]]:
        """The boxes that called the figure of this step, those that called the figure of these, and so on."""
        out, here = [], step
        while here.within is not None and self.calls[here.within]:
            memory = place.get(here.within.caller)
            out.append(self.callers[self.calls[here.within][cells[memory] if memory is not None else 0]])
            here = out[-1][0]
        return out

    def left(self, step: Step, cells: Sequence[int], place: Mapping[str, int]) -> list[str]:
        """The memories of callers that mean nothing now: the process is not in their figures, and they have the first value."""
        inside = {step.within, *(by[0].within for by in self.way(step, cells, place))}
        return [f.caller for f in self.called() if f not in inside and cells[place[f.caller]] == 0]

    def called_from(self, step: Step, cells: Sequence[int], place: Mapping[str, int]) -> list[str]:
        """The ids of the boxes on that way, as words: `306`, or `344 or 362` where one call serves both."""
        return [_ids(by) or by[0].name for by in self.way(step, cells, place)]

    def inside(self, figure: Figure, callers: Sequence[Step] = ()) -> list[Where]:
        """When is a process inside of a figure?  At one of these steps while each of these figures has one of these callers.

        With `callers`, this figure has one of the calls that these boxes make.
        """
        if callers:
            every = self.calls.get(figure, [])
            mine = frozenset(i for i, c in enumerate(every) if not set(callers).isdisjoint(self.callers[c]))
            asked = ((figure, mine),) if len(mine) < len(every) else ()
            return [(steps, (*asked, *further)) for steps, further in self.inside(figure)] if mine else []
        out: list[Where] = [(frozenset(s for s in self.steps if s.within is figure), ())]
        for inner, calls in self.calls.items():
            mine = frozenset(i for i, c in enumerate(calls) if self.homes[c] is figure)
            if mine:
                asked = ((inner, mine),) if len(mine) < len(calls) else ()
                out += [(steps, (*asked, *further)) for steps, further in self.inside(inner)]
        return out


def _ids(steps: list[Step]) -> str:
    return " or ".join(dict.fromkeys(s.id for s in steps if s.id))


def _everything(targets: Iterable[Target]) -> list[Target]:
    """Targets, and those at which calls among them go on, in the order of their names (sets have none)."""
    found: dict[Target, None] = {}
    pending = sorted(targets, key=repr)
    while pending:
        target = pending.pop(0)
        if target not in found:
            found[target] = None
            if isinstance(target, FigureCall):
                pending += [t for t in target.exits.values() if isinstance(t, (FigureCall, Exit))]
    return list(found)


def order_of(returned: dict[Step, set[Target]], functions: Mapping[Any, tree.Function]) -> list[Figure]:
    """All figures, called ones before those that call them; DeclarationError when a figure leads back to itself,
    or a box enters or leaves one in another way than by a call or an exit."""
    graph: dict[Figure, dict[Figure, Step]] = {}
    for step, targets in returned.items():
        if step.within is not None:
            graph.setdefault(step.within, {})
        if step in functions:
            check_routes(step, targets)
        for target in _everything(targets):
            if isinstance(target, FigureCall):
                graph.setdefault(target.figure, {})
                if step.within is not None:
                    graph[step.within].setdefault(target.figure, step)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        cycle: list[Figure] = error.args[1][::-1]  # graphlib names the called before the caller
        step = graph[cycle[0]][cycle[1]]
        raise DeclarationError(_line(step, functions[step], cycle[1]),
                               f"the figure {cycle[0].name} leads back to itself ({' → '.join(f.name for f in cycle)}).",
                               "Go on at a box of the figure instead of calling it; a figure cannot be entered twice.") from None
    names = [f.name for f in order]
    for figure in order:
        demand(names.count(figure.name) == 1, f"figure {figure.name}", "two figures have this name.", "Rename one of them.")
    return order


def _line(step: Step, function: tree.Function, figure: Figure) -> str:
    """Where a step calls a figure."""
    for helper in tree.helpers(function).values():
        for statement in walks.statements(helper):
            found = [n.target for n in walks.own(statement) if isinstance(n, tree.StepRef)]
            if any(isinstance(t, FigureCall) and t.figure is figure for t in _everything(found)):
                return f"{helper.place.rsplit(':', 1)[0]}:{statement.line} {helper.name}"
    return step.place


def check_routes(step: Step, targets: Iterable[Target]) -> None:
    """Refuse a box that enters a figure without a call, or leaves it without an exit."""
    home = step.within
    for target in targets:
        if isinstance(target, Step):
            _check_step(step, home, target, f"it returns {target.name}")
        elif isinstance(target, Exit):
            demand(target.figure is home, step.place, f"it leaves the figure {target.figure.name} by {target.exit}, and is no box of it.",
                   f"Only boxes declared with {target.figure.name} leave it; return a step.")
        elif isinstance(target, FigureCall):
            for name, then in target.exits.items():
                if isinstance(then, Step):
                    _check_step(step, home, then, f"it goes on at {then.name} behind {target.figure.name}.{name}")
                else:
                    check_routes(step, [then])
        else:
            demand(target is not DONE or home is None, step.place, f"it ends the command inside of the figure {getattr(home, 'name', '')}.",
                   "Leave by an exit; the caller says DONE for it.")


def _check_step(step: Step, home: Figure | None, target: Step, what: str) -> None:
    if target.within is not home and target.within is not None:
        demand(False, step.place, f"{what}, a box of the figure {target.within.name}, without calling it.",
               f"Enter it by {target.within.name}.call({target.name}, …), and say where to go on.")
    demand(target.within is home, step.place, f"{what}, which is outside of the figure {getattr(home, 'name', '')}.",
           "Leave by an exit; each caller says where it goes on.")


__all__ = ["CallerOf", "Routes", "Target", "check_routes", "order_of"]
