"""Peterson's mutual exclusion: two processes, two flags, a turn."""

from __future__ import annotations

from snapproof.spec import (WAIT, Flag, IndexSet, Member, Next, Process, Scope, Specification, State,
                            invariant, step, table, variable, witness)


class Side(IndexSet, letter="S"):
    """The two contenders."""


class Shared(State):
    """What both processes see."""

    wants = table(Side, of=Flag(), meaning="this side wants to enter")
    turn: int = variable(Member(Side), "who yields when both want")


class Settings(Scope):
    """No switches."""


class Contender(Process, letter="P"):
    """One of the two processes; side = process id."""


@step(Contender, "1", "", rest=True)
def ask(s: Shared, c: Settings, p: Contender) -> Next:
    """Say that this side wants to enter."""
    s.wants[p.id] = 1
    return give_way


@step(Contender, "2", "")
def give_way(s: Shared, c: Settings, p: Contender) -> Next:
    """Let the other side go first."""
    s.turn = 1 - p.id
    return wait_for_turn


@step(Contender, "3", "")
def wait_for_turn(s: Shared, c: Settings, p: Contender) -> Next:
    """Wait while the other side wants to enter and has the turn."""
    if s.wants[1 - p.id] and s.turn != p.id:
        return WAIT
    return critical


@step(Contender, "4", "")
def critical(s: Shared, c: Settings, p: Contender) -> Next:
    """Leave the critical section."""
    s.wants[p.id] = 0
    return ask


@invariant("mutex", "both inside")
def never_both_inside(s: Shared, c: Settings, p: Contender, q: Contender) -> bool:
    """At most one process is in the critical section."""
    return p.id == q.id or not (p.at(critical) and q.at(critical))


@witness("entered")
def somebody_enters(s: Shared, c: Settings, p: Contender) -> bool:
    """A process reaches the critical section."""
    return p.at(critical)


SPECIFICATION = Specification.of_module("peterson", Shared, Settings, __name__, Side=2, Contender=2)
