"""A parameter may be chosen from the values of a domain: in steps, actions, initial functions and properties, in all three readings."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_specifications import load
from readings_kit import instance_of, outcomes, states

from snapproof.checker import search
from snapproof.spec import DeclarationError, ScenarioError
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act, execute
from snapproof.traces.record import record
from snapproof.traces.replay import replay

HEAD = '''
from __future__ import annotations
from enum import IntEnum
from typing import Annotated
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """A set."""

class Colour(IntEnum):
    RED = 0
    GREEN = 1

class M(Record):
    """Two numbers."""
    k: int = field(Flag(), "a flag")

class S(State):
    n: int = variable(Range(-9, 9), "a number")
    m: int = variable(Mask(T), "some of them")
    k: int = variable(Maybe(T), "one or none")
    f: int = variable(Flag(), "a flag")

class C(Scope):
    """No switches."""

class P(Process, letter="P"):
    """Adds."""
    l: int = local(Range(-3, 3), "a number")

'''
REST = '''@step(P, "1", "Fig. 1", rest=True)
def adds(s: S, c: C, p: P, by: Range(-2, 1), f: Flag()) -> Next:
    """Adds what it likes."""
    if s.n + by > 4 or s.n + by < -4 or f and by == 0:
        return WAIT
    s.n += by
    p.l = by
    s.f = f
    return adds

@action
def picks(s: S, c: C, which: Maybe(T), some: Annotated[int, Mask(T)], hue: OneOf(Colour), one: Member(T)) -> Signal:
    """Takes some."""
    if hue == Colour.RED and one != which:
        return WAIT
    s.k = which
    s.m = some
    return DONE

@initial
def start(s: S, c: C, a: Range(-1, lambda n: n["T"] - 2), t: T) -> Signal:
    """Begins somewhere."""
    if a == 0 and t == 1:
        return WAIT
    s.n = a
    return DONE

'''
END = '\nSPECIFICATION = Specification.of_module("m", S, C, __name__, T=2, P=1)\n'
BELOW = '''@invariant("I", "is met")
def is_none_of_them(s: S, c: C, v: Range({low}, {high})) -> bool:
    """It is none of these."""
    return s.n != v

'''


def text(more: str = "") -> str:
    return HEAD + REST + more + END


@pytest.mark.slow
def test_both_searches_choose_every_value(tmp_path: Path) -> None:
    instance = instance_of(text(), tmp_path)
    found = states(instance, "plain")
    assert found == states(instance, "compiled")
    slots = {slot.name: slot.offset for slot in instance.slots.values()}
    met = {name: {cells[slots[name]] for cells in found} for name in "nlmk"}
    assert met == {"n": set(range(-4, 5)), "l": {-3, -2, -1, 0, 1}, "m": {0, 1, 2, 3}, "k": {-1, 0, 1}}  # l begins at -3


def test_initial_states_come_in_the_order_of_the_values(tmp_path: Path) -> None:
    instance = instance_of(text(), tmp_path)
    assert [t.move.choices for t in Machine(instance).initial()] == [(-1, 0), (-1, 1), (0, 0)]


@pytest.mark.slow
def test_terms_choose_what_the_plain_reading_chooses(tmp_path: Path) -> None:
    instance = instance_of(text(), tmp_path)
    machine, free = Machine(instance, []), SymbolicState.free(instance)
    kind, step, action = instance.spec.kind("P"), instance.spec.steps["P"][0], instance.spec.actions[0]
    some = sorted(states(instance, "plain"))[::97]
    for choices in machine.choices_of(step, 3):
        general = execute(instance, free, kind, 0, step, choices)
        for cells in some:
            taken, inputs = machine.run(cells, 0, choices), free.inputs_of(cells)
            assert free.terms.evaluate([general.errors, general.waits], inputs) == [0, int(taken is None)]
            assert taken is None or general.after.value(inputs) == taken.cells
    for choices in machine.choices_of(action, 2):
        for cells in some[:3]:
            taken, known = machine.act(cells, action, choices), act(instance, SymbolicState.known(instance, cells), action, choices)
            assert bool(known.waits) == (taken is None) and (taken is None or tuple(known.after.flat()) == taken.cells)


@pytest.mark.slow
@pytest.mark.parametrize(("low", "high", "wanted"), [(-9, -5, "holds"), (5, 9, "holds"), (-5, -4, "violated"), (3, 9, "violated")])
def test_a_property_of_all_values_is_of_these_and_no_others(low: int, high: int, wanted: str, tmp_path: Path) -> None:
    found = outcomes(instance_of(text(BELOW.format(low=low, high=high)), tmp_path))
    assert found[0] == found[1] and found[0][0] == wanted


@pytest.mark.slow
def test_a_counterexample_names_the_chosen_values_and_replays(tmp_path: Path) -> None:
    scenario = Scenario("s", load(text(BELOW.format(low=3, high=9)), tmp_path).SPECIFICATION)
    for reading in ("plain", "compiled"):
        result = search(scenario.instance(), scenario.checked(), reading=reading)  # type: ignore[arg-type]
        trace = record(scenario, result)
        assert trace.violation.arguments == {"v": "3"} and trace.initial.boxes[0].choices == {"a": "0", "t": "T1"}
        assert [s.boxes[0].choices for s in trace.steps] == [{"by": "1", "f": "no"}] * 3
        assert replay(trace, scenario.spec).fails


def test_sets_are_told_in_braces_and_nothing_as_none(tmp_path: Path) -> None:
    asks = '@invariant("I", "none")\ndef one(s: S, c: C) -> bool:\n    """One is there."""\n    return s.m != 3 or s.k != -1\n\n'
    scenario = Scenario("s", load(text(asks), tmp_path).SPECIFICATION)
    trace = record(scenario, search(scenario.instance(), scenario.checked()))
    assert trace.steps[-1].boxes[0].choices == {"which": "none", "some": "{T1, T2}", "hue": "GREEN", "one": "T1"}
    assert replay(trace, scenario.spec).fails


REFUSED = {
    "x: Range(0, 3), y: 5": "'y' is not typed by an index set, a process kind or a domain", "x: Flag": "with its brackets",
    "x: ProcessNumber()": "chosen from the numbers of all processes. Choose a process by its kind, x: Kind",
    "x: Range(3, 0)": "an annotation is no domain: it has no values: 3 … 0", "x: Range(0)": "an annotation is no domain: it cannot be read",
    "x: RecordOf(M)": "chosen from all records of a class. Choose its fields", "x: M": "'x' is not typed",
    "x: Annotated[int, 3]": "'x' is not typed", "x: Mask(Colour)": "an annotation is no domain",
}


@pytest.mark.parametrize(("parameters", "said"), REFUSED.items(), ids=REFUSED)
def test_what_is_no_domain_is_refused_with_its_line(parameters: str, said: str, tmp_path: Path) -> None:
    more = f'@action\ndef bad(s: S, c: C, {parameters}) -> Signal:\n    """Does."""\n    return DONE\n'
    with pytest.raises(DeclarationError, match=rf"py:\d+ bad: .*{said}"):
        load(text(more), tmp_path)


@pytest.mark.parametrize("domain", ["Range(0, lambda n: n['T'] - 3)", "Range(0, 1 << 20)", "Range(0, lambda n: 1 << 63)"])
def test_no_values_and_too_many_are_refused_when_the_sizes_are_known(domain: str, tmp_path: Path) -> None:
    more = f'@action\ndef bad(s: S, c: C, x: {domain}) -> Signal:\n    """Does."""\n    return DONE\n'
    with pytest.raises(ScenarioError, match=r"py:\d+ bad: its parameter 'x' is chosen from .* Choose from 1 to"):
        instance_of(text(more), tmp_path)


def test_a_set_that_only_a_choice_names_is_one_of_the_specification(tmp_path: Path) -> None:
    alone = HEAD.replace('Mask(T), "some', 'Flag(), "some').replace('Maybe(T), "one', 'Flag(), "one') + \
        '@action\ndef one(s: S, c: C, x: Mask(T)) -> Signal:\n    """Does."""\n    s.n = x\n    return DONE\n' + END.replace(", P=1", "")
    assert outcomes(instance_of(alone, tmp_path))[0][3] == 5
