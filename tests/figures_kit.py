"""A specification whose figures call each other, and the same one with ways back written by hand."""

from __future__ import annotations

from readings_kit import states

from snapproof.spec.instance import Cells, Instance

HEAD = '''
from __future__ import annotations
from snapproof.spec import *

class S(State):
    free: int = variable(Range(0, 2), "units in the pool", initial=2)
    lock: int = variable(ProcessNumber(), "who has the pool")

class C(Scope):
    """No switches."""

class Adapter(Process):
    """Takes units."""
    held: int = local(Range(0, 2), "units that it holds")
'''

CALLED = HEAD + '''
class HA(Adapter, letter="HA"):
    """Takes a unit, and perhaps a second."""

class DA(Adapter, letter="DA"):
    """Takes a unit."""

POOL = figure(Adapter, "pool", "Fig. 1", exits=("done", "none"), meaning="a unit from the pool")
COPY = figure(HA, "copy", "Fig. 2", exits=("copied", "failed"), meaning="a copy, for which a unit is taken")

@step(HA, "10", "Fig. 3", rest=True)
def start(s: S, c: C, p: HA) -> Next:
    """Begins."""
    return COPY.call(needs, copied=second, failed=start)

@step(HA, "11", "Fig. 3")
def second(s: S, c: C, p: HA) -> Next:
    """Takes a second unit, or copies once more, or ends."""
    if p.held == 2:
        return give
    if s.free == 1:
        return POOL.call(take_lock, done=COPY.call(needs, copied=give, failed=give), none=DONE)
    return POOL.call(take_lock, done=give, none=give)

@step(HA, "12", "Fig. 3")
def give(s: S, c: C, p: HA) -> Next:
    """Gives everything back."""
    if s.lock != 0:
        return WAIT
    s.free = s.free + p.held
    return DONE

@step(HA, "20", COPY, local=True)
def needs(s: S, c: C, p: HA) -> Next:
    """Does it need a unit?"""
    if p.held < 2:
        return POOL.call(take_lock, done=copied, none=COPY.failed)
    return copied

@step(HA, "21", COPY)
def copied(s: S, c: C, p: HA) -> Next:
    """Copies."""
    return COPY.copied

@step(DA, "30", "Fig. 4", rest=True)
def ask(s: S, c: C, p: DA) -> Next:
    """Takes a unit."""
    return POOL.call(take_lock, done=put, none=ask)

@step(DA, "31", "Fig. 4")
def put(s: S, c: C, p: DA) -> Next:
    """Gives it back."""
    s.free = s.free + 1
    p.held = 0
    return ask

@step(Adapter, "1", POOL)
def take_lock(s: S, c: C, p: Adapter) -> Next:
    """Locks the pool."""
    if s.lock != 0:
        return WAIT
    s.lock = p.number
    return take

@step(Adapter, "2", POOL)
def take(s: S, c: C, p: Adapter) -> Next:
    """Takes a unit."""
    if s.free == 0:
        s.lock = 0
        return POOL.none
    s.free = s.free - 1
    p.held = p.held + 1
    return unlock

@step(Adapter, "3", POOL)
def unlock(s: S, c: C, p: Adapter) -> Next:
    """Unlocks the pool."""
    s.lock = 0
    return last

@step(Adapter, "4", POOL, local=True)
def last(s: S, c: C, p: Adapter) -> Next:
    """Leaves."""
    return leave()

def leave() -> Next:
    """The end of the figure."""
    return POOL.done
'''

PROPERTIES = '''
@invariant("lock_inside", "somebody outside of Fig. 1 has the lock")
def lock_inside(s: S, c: C, p: HA) -> bool:
    """The lock is had inside of Fig. 1."""
    return s.lock != p.number or p.inside(POOL)

@invariant("copies", "inside of Fig. 1 and of Fig. 2")
def never_both(s: S, c: C, p: HA) -> bool:
    """Nobody takes a unit for a copy."""
    return not (p.inside(COPY) and p.at(take))

@witness("direct")
def directly(s: S, c: C, p: HA) -> bool:
    """A unit is taken that is not for a copy."""
    return p.inside(POOL) and not p.inside(COPY)

@witness("for_copy")
def for_a_copy(s: S, c: C, p: HA) -> bool:
    """A unit is taken for a copy: by that call, or as far as one can see from the figure around it."""
    return p.inside(POOL, needs)

@invariant("same", "inside by a call and not by its figure")
def is_the_same(s: S, c: C, p: HA) -> bool:
    """The call that a box of Fig. 2 makes is inside of Fig. 2; the others are the two of the other box."""
    return (p.inside(POOL, needs) == (p.inside(POOL) and p.inside(COPY))
            and p.inside(POOL, second) == (p.inside(POOL) and not p.inside(COPY)) and p.inside(POOL, needs, second) == p.inside(POOL)
            and p.inside(COPY, start, second) == p.inside(COPY))

@witness("again")
def once_more(s: S, c: C, p: HA) -> bool:
    """It copies once more: for that it has the units it needs."""
    return p.inside(COPY, second)

@invariant("only_ask", "a disk adapter is in Fig. 1, and has not asked")
def only_ask(s: S, c: C, p: DA) -> bool:
    """A disk adapter enters Fig. 1 from one box."""
    return p.inside(POOL, ask) == p.inside(POOL)
'''

END = '''
SPECIFICATION = Specification.of_module("m", S, C, __name__, HA=2, DA=1)
'''

BY_HAND = HEAD + '''
class HA(Adapter, letter="HA"):
    """Takes a unit, and perhaps a second."""
    pool_from: int = local(Range(0, 2), "0: for a copy, 1: and then a copy, 2: directly")
    copy_from: int = local(Range(0, 1), "0: from the beginning, 1: once more")

class DA(Adapter, letter="DA"):
    """Takes a unit."""

@step(HA, "10", "-", rest=True)
def start(s: S, c: C, p: HA) -> Next:
    """Begins."""
    return needs

@step(HA, "11", "-")
def second(s: S, c: C, p: HA) -> Next:
    """Takes a second unit, or copies once more, or ends."""
    if p.held == 2:
        return give
    p.pool_from = 1 if s.free == 1 else 2
    return take_lock

@step(HA, "12", "-")
def give(s: S, c: C, p: HA) -> Next:
    """Gives everything back."""
    if s.lock != 0:
        return WAIT
    s.free = s.free + p.held
    return DONE

@step(HA, "20", "-", local=True)
def needs(s: S, c: C, p: HA) -> Next:
    """Does it need a unit?"""
    return take_lock if p.held < 2 else copied

@step(HA, "21", "-")
def copied(s: S, c: C, p: HA) -> Next:
    """Copies."""
    once_more = p.copy_from
    p.copy_from = 0
    return give if once_more else second

@step(HA, "1", "-")
def take_lock(s: S, c: C, p: HA) -> Next:
    """Locks the pool."""
    if s.lock != 0:
        return WAIT
    s.lock = p.number
    return take

@step(HA, "2", "-")
def take(s: S, c: C, p: HA) -> Next:
    """Takes a unit."""
    if s.free == 0:
        s.lock = 0
        pool = p.pool_from
        copy = p.copy_from
        p.pool_from = 0
        if pool == 0:
            p.copy_from = 0
            return give if copy else start
        return DONE if pool == 1 else give
    s.free = s.free - 1
    p.held = p.held + 1
    return unlock

@step(HA, "3", "-")
def unlock(s: S, c: C, p: HA) -> Next:
    """Unlocks the pool."""
    s.lock = 0
    return last

@step(HA, "4", "-", local=True)
def last(s: S, c: C, p: HA) -> Next:
    """Leaves."""
    pool = p.pool_from
    p.pool_from = 0
    if pool == 1:
        p.copy_from = 1
        return needs
    return copied if pool == 0 else give

@step(DA, "30", "-", rest=True)
def ask(s: S, c: C, p: DA) -> Next:
    """Takes a unit."""
    return take_lock_da

@step(DA, "31", "-")
def put(s: S, c: C, p: DA) -> Next:
    """Gives it back."""
    s.free = s.free + 1
    p.held = 0
    return ask

@step(DA, "1", "-")
def take_lock_da(s: S, c: C, p: DA) -> Next:
    """Locks the pool."""
    if s.lock != 0:
        return WAIT
    s.lock = p.number
    return take_da

@step(DA, "2", "-")
def take_da(s: S, c: C, p: DA) -> Next:
    """Takes a unit."""
    if s.free == 0:
        s.lock = 0
        return ask
    s.free = s.free - 1
    p.held = p.held + 1
    return unlock_da

@step(DA, "3", "-")
def unlock_da(s: S, c: C, p: DA) -> Next:
    """Unlocks the pool."""
    s.lock = 0
    return last_da

@step(DA, "4", "-", local=True)
def last_da(s: S, c: C, p: DA) -> Next:
    """Leaves."""
    return put
'''

BACK = '''
BACK = figure(Adapter, "back", "Fig. 5", exits=("again",), meaning="leads back")

@step(Adapter, "5", BACK)
def back(s: S, c: C, p: Adapter) -> Next:
    """Calls the pool."""
    return POOL.call(take_lock, done=BACK.again, none=BACK.again)
'''


def called(more: str = "") -> str:
    """The text of the specification whose figure is called, with more declarations."""
    return CALLED + more + END


def whole(instance: Instance) -> list[Cells]:
    """All its states, with every box on its own."""
    return sorted(states(instance.with_every_box(), "plain"))
