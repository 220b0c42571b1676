"""One door to both readings."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from ..spec.instance import Instance
from ..spec.joining import must_separate
from ..spec.properties import Property
from .cache import Cache
from .plain import PlainSearch
from .result import Limits, OutOfTime, Progress, Result, Verdict

SMALL = 1500
"""A space of so many states is finished in the plain reading before a compiler would have started."""

Reading = Literal["auto", "plain", "compiled"]


def search(instance: Instance, properties: list[Property], *, deadlock: bool | None = None, stuck: bool | None = None,
           reading: Reading = "auto", limits: Limits | None = None, report: Callable[[Progress], None] | None = None,
           cache: Cache | None = None) -> Result:
    """Explore an instance and say what holds.

    `deadlock`: is a state an error in which nobody can go on (None: as the specification says)?  `stuck`: one from which some
    process never can, which a complete search can say (None: as `deadlock`).
    `reading` "auto" takes the compiled reading if an earlier run has compiled it, or if a loop might go round for hours, which only that
    notices; otherwise it begins in the plain one and compiles when the space is not small.  Verdict, counts and counterexample do not
    depend on it.  States that do not satisfy the constraints of the instance are checked, and not explored further.
    Where a property can tell whether a local box has run, every box is a transition of its own.
    Raises EvaluationError when a step or property leaves its range.
    """
    deadlock, stuck = instance.looked_for(deadlock, stuck)
    result = _searched(instance, properties, deadlock, stuck, reading, limits, report, cache)
    result.constraints = [c.name for c in instance.constraints]
    result.allowed = _allowed(instance, deadlock, stuck)
    return result


def _allowed(instance: Instance, deadlock: bool, stuck: bool) -> list[str]:
    """What the specification declares to be no error, and this search did not look for."""
    some = bool(instance.processes)
    found = [] if instance.spec.deadlock else ["deadlocks"] * (not deadlock) + ["stuck processes"] * (some and not stuck)
    kinds = [k for k in instance.spec.kinds if k.rests and instance.sizes[k.__name__]] if deadlock or stuck else []
    return found + [f"{kind.__name__} may rest anywhere" for kind in kinds]


def _searched(instance: Instance, properties: list[Property], deadlock: bool, stuck: bool, reading: Reading, limits: Limits | None,
              report: Callable[[Progress], None] | None, cache: Cache | None) -> Result:
    begin = time.monotonic()
    wanted = instance.spec.in_order(properties)
    if instance.fuse and must_separate(instance.spec, [*wanted, *instance.constraints]):
        instance = instance.with_every_box()
    limits = limits or Limits()
    if reading == "plain":
        return PlainSearch(instance, wanted, deadlock, stuck).run(limits, report)
    tried = Result(instance, Verdict.INCOMPLETE, "compiled", 0, 0, 0, 0.0, 0)
    try:
        from .compiled import CompiledSearch
        from .emit import emit_module
        from .emit.text import LONG_LOOP
        from .native import is_cached

        cache = cache or Cache()
        module = emit_module(instance)
        if reading == "auto" and not any(LONG_LOOP in place for place in module.sites) and not is_cached(module.text, cache):
            smaller = SMALL if limits.states is None else min(SMALL, limits.states)
            try:
                tried = PlainSearch(instance, wanted, deadlock, stuck).run(_left(limits, begin, smaller), report)
                if tried.verdict is not Verdict.INCOMPLETE or smaller < SMALL or tried.reason != "state limit reached":
                    return tried
            except MemoryError:
                pass  # of a number such as 1 << 2**40: compiled code says in which step, or finds that there is no memory, too
        compiled = CompiledSearch(instance, wanted, deadlock, cache, module, stuck, _left(limits, begin).seconds)
    except KeyboardInterrupt:
        return replace(tried, reason="interrupted", seconds=time.monotonic() - begin)
    except OutOfTime as error:
        return replace(tried, reason=str(error), seconds=time.monotonic() - begin)
    return compiled.run(_left(limits, begin), report)


def _left(limits: Limits, begin: float, states: int | None = None) -> Limits:
    """What is left of the time; and another limit of states, if one is given."""
    seconds = None if limits.seconds is None else max(0.001, limits.seconds - (time.monotonic() - begin))
    return Limits(limits.memory, limits.states if states is None else states, seconds)
