"""The end of a step on terms: it leads on, into figures and out of them."""

from __future__ import annotations

from ..spec.figures import Exit, FigureCall
from ..spec.processes import DONE, Process, Step
from ..spec.routes import Target
from .circuit import FALSE, Truth
from .execute import DONES, WAITS, Executor
from .state import SymbolicState
from .terms import Term


def go(executor: Executor, state: SymbolicState, kind: type[Process], id: Term, target: Term) -> None:
    """Set the current step, into figures and out of them, or reset the process when it is done.

    Exits come first, those of called figures before those of their callers, and then calls: so each target to which
    another may lead is looked at behind it.
    """
    terms, routes = state.terms, state.instance.spec.routes[kind.__name__]
    done = terms.equal(target, DONES)
    goes: Term = target
    when = {t: terms.equal(target, i) for t, i in routes.codes.items() if not isinstance(t, Step)}

    def onward(condition: Truth, to: Target) -> None:
        nonlocal done, goes
        if to is DONE:
            done = terms.either(done, condition)
        elif isinstance(to, Step):
            goes = terms.pick(condition, routes.codes[to], goes)
        else:
            when[to] = terms.either(when[to], condition)

    waits = terms.equal(target, WAITS)
    order: list[Exit | FigureCall] = [*routes.exits, *(c for calls in routes.calls.values() for c in calls)]
    for one in order:
        calls = routes.calls[one.figure]
        memory = state.cells.get((kind.__name__, one.figure.caller))
        if isinstance(one, FigureCall):
            if memory is not None:
                terms.store(memory, id, calls.index(one), when[one])
            onward(when[one], one.first)
            continue
        left, caller = when[one], 0 if memory is None else terms.select(memory, id)
        for i, call in enumerate(calls):
            if one.exit in call.exits:
                mine = terms.both(when[one], terms.equal(caller, i))
                onward(mine, call.exits[one.exit])
                left = terms.both(left, mine ^ 1)
        executor.wrong(left, FALSE)
        if memory is not None:
            terms.store(memory, id, 0, when[one])
    terms.store(state.cells[kind.__name__, "step"], id, goes, terms.both(done ^ 1, waits ^ 1))
    for slot in state.instance.slots.values():
        if slot.kind is kind and slot.name != "position":
            terms.store(state.cells[kind.__name__, slot.name], id, slot.start, done)
