from __future__ import annotations

from snapproof.spec import DONE, Next, Process, Range, Scope, Specification, State, figure, invariant, step, variable


class Shared(State):
    free: int = variable(Range(0, 1), "units in the pool", initial=1)


class Settings(Scope):
    """No switches."""


class Adapter(Process):
    """Takes a unit from the pool."""


class HostAdapter(Adapter, letter="HA"):
    """Takes one for each write."""


class DiskAdapter(Adapter, letter="DA"):
    """Takes one if there is one."""


@step(HostAdapter, "344", "Fig. 13", rest=True)
def obtain(s: Shared, c: Settings, ha: HostAdapter) -> Next:
    """Obtain a unit, or wait for one."""
    return POOL.call(take_unit, done=give_back, none=obtain)


@step(DiskAdapter, "306", "Fig. 11", rest=True)
def obtain_to_copy(s: Shared, c: Settings, da: DiskAdapter) -> Next:
    """Obtain a unit, or do without."""
    return POOL.call(take_unit, done=give_back, none=DONE)


@step(Adapter, "318", "Fig. 11")
def give_back(s: Shared, c: Settings, p: Adapter) -> Next:
    """Give it back."""
    s.free = 1
    return DONE


POOL = figure(Adapter, "pool", "Fig. 9", exits=("done", "none"), meaning="a unit from the pool")


@step(Adapter, "234", POOL)
def take_unit(s: Shared, c: Settings, p: Adapter) -> Next:
    """Take a unit, if there is one."""
    if s.free == 0:
        return POOL.none
    s.free = 0
    return POOL.done


@invariant("one", "two have the unit")
def only_one_has_it(s: Shared, c: Settings, p: HostAdapter, q: HostAdapter) -> bool:
    """One process at most has the unit."""
    return p.number == q.number or not (p.at(give_back) and q.at(give_back))


SPECIFICATION = Specification.of_module("pool", Shared, Settings, __name__, HostAdapter=2, DiskAdapter=1)
