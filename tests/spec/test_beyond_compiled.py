"""What only compiled code has a limit for is an error of its step or property, told at once: long loops, and numbers without memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from readings_kit import instance_of

from snapproof.checker import Verdict, search
from snapproof.checker.cache import Cache
from snapproof.checker.search import Reading
from snapproof.spec import EvaluationError

TEXT = """
from __future__ import annotations
from snapproof.spec import *

class S(State):
    x: int = variable(Range(0, 1 << 41), "far", initial=FAR)
    y: int = variable(Flag(), "done")

class C(Scope):
    pass

def turns(s: S) -> int:
    n = 0
    for i in range(s.x):
        n = i % 2
    return n

def large(s: S) -> int:
    return (1 << s.x) % 2

@initial
def first(s: S, c: C) -> Signal:
    '''Nothing.'''
    if FIRST == 5:
        return WAIT
    return DONE

@action
def go(s: S, c: C) -> Signal:
    '''Once.'''
    if s.y or STEP == 5:
        return WAIT
    s.y = 1
    return DONE

@invariant("I", "never")
def never(s: S, c: C) -> bool:
    '''Always.'''
    return PROPERTY != 5

SPECIFICATION = Specification.of_module("m", S, C, __name__, deadlock=False)
"""


def text(place: str, call: str, far: str) -> str:
    made = TEXT.replace(place, call).replace("FAR", far)
    for other in ("FIRST", "STEP", "PROPERTY"):
        made = made.replace(other, "s.y")
    return made


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["compiled", "auto"])
@pytest.mark.parametrize("place", ["FIRST", "STEP", "PROPERTY"])
@pytest.mark.parametrize(("call", "told"), [("turns(s)", r"a loop of more than 1,048,576 turns.*min\(s.x, 20\)"),
                                            ("large(s)", "beyond 62 bits")])
def test_a_loop_of_hours_and_a_number_without_memory_are_told_at_once(place: str, call: str, told: str, reading: Reading,
                                                                                tmp_path: Path) -> None:
    instance = instance_of(text(place, call, "1 << 40"), tmp_path)
    nothing_compiled = Cache(tmp_path / "cache")
    with pytest.raises(EvaluationError, match=told):
        search(instance, list(instance.spec.properties.values()), reading=reading, deadlock=False, cache=nothing_compiled)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["FIRST", "STEP", "PROPERTY"])
def test_a_loop_that_might_be_long_and_is_not_goes_round_to_its_end(place: str, tmp_path: Path) -> None:
    instance = instance_of(text(place, "turns(s)", "1000"), tmp_path)
    properties = list(instance.spec.properties.values())
    plain, compiled = (search(instance, properties, reading=reading, deadlock=False) for reading in ("plain", "compiled"))
    assert plain.verdict is compiled.verdict is Verdict.HOLDS
    assert plain.distinct == compiled.distinct == 2


@pytest.mark.slow
@pytest.mark.parametrize("many", [1 << 20, (1 << 20) + 1])
def test_the_last_loop_that_is_not_too_long(many: int, tmp_path: Path) -> None:
    instance = instance_of(text("STEP", "turns(s)", str(many)), tmp_path)
    if many > 1 << 20:
        with pytest.raises(EvaluationError, match="a loop of more than"):
            search(instance, [], reading="compiled", deadlock=False)
    else:
        assert search(instance, [], reading="compiled", deadlock=False).verdict is Verdict.HOLDS
