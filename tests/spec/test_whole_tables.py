"""A parameter may be a whole table, each of all functions from index sets to a domain: one meaning in all three readings."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from random_specifications import load
from readings_kit import instance_of, outcomes, states

from snapproof.checker import search
from snapproof.spec import DeclarationError, EvaluationError, ScenarioError, TableOf
from snapproof.spec.evaluator import outcome
from snapproof.spec.machine import Machine
from snapproof.spec.processes import WAIT
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act
from snapproof.traces.record import record
from snapproof.traces.replay import replay

HEAD = '''
from __future__ import annotations
from enum import IntEnum
from typing import Annotated
from snapproof.spec import *

class A(IndexSet, letter="A"):
    """Two."""

class B(IndexSet, letter="B"):
    """Two or three."""

class Kind(IntEnum):
    NO = 0
    YES = 1

class S(State):
    x = table(A, of=Range(-2, 3), meaning="numbers")
    y = table(A, B, of=Flag(), meaning="flags")
    z = table(B, of=Maybe(A), meaning="members")
    w = table(A, of=SetOf(B), meaning="sets")
    k: int = variable(Range(-9, 99), "a number")

class C(Scope):
    """No switches."""

def sum_of(c: C, f: Annotated[WholeTable, TableOf(A, of=Range(-1, 1))]) -> int:
    return sum(f[a] * (a + 2) for a in c.each(A))

def other(f: TableOf(A, of=Range(-1, 1)), g: TableOf(A, of=Range(-1, 1))) -> TableOf(A, of=Range(-1, 1)):
    return g if f[0] < 0 else f

'''
REST = '''@initial
def start(s: S, c: C, f: TableOf(B, of=Maybe(A)), a: A) -> Signal:
    """Begins with any function."""
    if f[0] == a or any(f[b] == 0 for b in c.each(B)):
        return WAIT
    s.z = f
    return DONE

@action
def one(s: S, c: C, f: TableOf(A, of=Range(-1, 1)), g: TableOf(A, of=Range(-1, 1))) -> Signal:
    """Takes one of two."""
    h = other(f, g)
    if h != f and h[1] == f[1] or s.k > 0:
        return WAIT
    s.x = h
    s.k = sum_of(c, h) + (f == g) + (f if s.k < 0 else g)[1] + other(g, f)[0]
    return DONE

@action
def two(s: S, c: C, f: TableOf(A, B, of=Flag()), b: B) -> Signal:
    """Takes flags."""
    if f[0, b] == f[1, b] or sum(f[a, d] for a in c.each(A) for d in c.each(B)) > 2:
        return WAIT
    s.y = f
    s.y[1, 0] = f[1, 0] and not f[0, b]
    return DONE

@action
def three(s: S, c: C, f: TableOf(A, of=OneOf(Kind)), t: TableOf(A, of=Mask(B))) -> Signal:
    """Takes kinds and masks."""
    if f[1] == Kind.NO or t[0] != 3:
        return WAIT
    s.k = f[0] + 10 * count(t[1])
    return DONE

'''
END = 'SPECIFICATION = Specification.of_module("m", S, C, __name__, A=2, B=2, deadlock=False)\n'


@pytest.mark.slow
def test_both_searches_choose_every_function(tmp_path: Path) -> None:
    instance = instance_of(HEAD + REST + END, tmp_path)
    found = states(instance, "plain")
    assert found == states(instance, "compiled")
    seen = {name: {tuple(cells[s.offset:s.offset + s.length]) for cells in found} for (_, name), s in instance.slots.items()}
    assert seen["z"] == set(itertools.product((-1, 1), repeat=2)) and seen["x"] == {(0, 0), (-2, -2)} | set(itertools.product((-1, 0, 1),
    repeat=2))


@pytest.mark.slow
def test_terms_and_the_evaluator_choose_what_the_plain_reading_chooses(tmp_path: Path) -> None:
    instance = instance_of(HEAD + REST + END, tmp_path)
    machine, free = Machine(instance, []), SymbolicState.free(instance)
    some = sorted(states(instance, "plain"))[::41]
    for declared, stride in zip(instance.spec.actions, (7, 3, 5), strict=True):
        for choices in list(machine.choices_of(declared, 2))[::stride]:
            general = act(instance, free, declared, choices)
            for cells in some[:4]:
                taken, inputs = machine.act(cells, declared, choices), free.inputs_of(cells)
                assert free.terms.evaluate([general.errors, general.waits], inputs) == [0, int(taken is None)]
                assert taken is None or general.after.value(inputs) == taken.cells
                assert (outcome(machine, cells, declared, None, choices).target is WAIT) == (taken is None)


def test_functions_come_in_order_the_first_cell_in_front_and_none_twice(tmp_path: Path) -> None:
    sizes = instance_of(HEAD + REST + END, tmp_path).sizes
    module = load(HEAD + REST + END, tmp_path)
    for domain, wanted in ((TableOf(module.A, of=module.Range(-1, 1)), itertools.product((-1, 0, 1), repeat=2)),
                           (TableOf(module.A, module.B, of=module.Flag()), itertools.product((0, 1), repeat=4))):
        low, high = domain.bounds(sizes)
        made = [domain.decode(n, sizes) for n in range(low, high + 1)]
        assert [m.values for m in made] == list(wanted) and [domain.encode(m, sizes) for m in made] == list(range(high + 1))
        assert len({str(domain.show(n, sizes)) for n in range(high + 1)}) == len(set(made)) == high + 1


ASKS = '@invariant("I", "v")\ndef never(s: S, c: C, f: TableOf(A, of=Range(0, 1))) -> bool:\n    """Never."""\n' \
       '    return any(s.x[a] != f[a] for a in c.each(A)) or f[0] == f[1] or s.z[1] < 0\n\n'


@pytest.mark.slow
def test_a_counterexample_names_every_cell_and_replays(tmp_path: Path) -> None:
    scenario = Scenario("s", load(HEAD + REST + ASKS + END, tmp_path).SPECIFICATION)
    both = outcomes(scenario.instance(), deadlock=False)
    assert both[0] == both[1] and both[0][0] == "violated"
    trace = record(scenario, search(scenario.instance(), scenario.checked()))
    assert trace.initial.boxes[0].choices == {"f": "(B1 none, B2 A2)", "a": "A1"}
    assert trace.violation.arguments == {"f": "(A1 0, A2 1)"} and trace.steps[-1].boxes[0].choices["f"] == "(A1 -1, A2 -1)"
    assert replay(trace, scenario.spec).fails


ACTION = '''@action
def bad(s: S, c: C, f: TableOf(A, of=Range(0, 4)), g: TableOf(A, B, of=Flag())) -> Signal:
    """Does."""
{}    return DONE

'''


def acting(lines: str) -> str:
    return HEAD + REST + ACTION.format("".join(f"    {line}\n" for line in lines.split("\n"))) + END


@pytest.mark.slow
@pytest.mark.parametrize("lines", ["s.k = f[2]", "s.k = f[-1]", "s.k = g[1, 2]", "s.x = f", "s.k = g[s.k - 99, 0]"])
def test_what_a_table_does_not_have_is_an_error_in_every_reading(lines: str, tmp_path: Path) -> None:
    instance = instance_of(acting(lines), tmp_path)
    bad = instance.spec.actions[-1]
    cells = next(Machine(instance).initial()).cells
    with pytest.raises(EvaluationError):
        Machine(instance).act(cells, bad, (24, 3))  # every cell of f is 4
    assert act(instance, SymbolicState.known(instance, cells), bad, (24, 3)).errors != FALSE
    assert outcomes(instance, deadlock=False) == [EvaluationError, EvaluationError]


REFUSED = {
    "a table as a number": ("s.k = f", "a whole table over A for this variable|for this variable, which holds a number"),
    "a table added": ("s.k = f + 1", "a whole table over A as a number.*one of its cells"),
    "a table as a condition": ("if f:\n    s.k = 1", "a whole table over A as a condition"),
    "too few indices": ("s.k = g[0]", "1 indices of a whole table over A and B.*give 2"),
    "too many": ("s.k = f[0, 0]", "2 indices.*give 1"),
    "an order": ("s.k = f < f", "an order of"),
    "two kinds": ("s.k = f == g", "a comparison of a whole table over A with a whole table over A and B"),
    "another table": ("s.y = f", "a whole table over A for the table 'y'.*TableOf\\(A, B, of=…\\)"),
    "cells that hold sets": ("s.w = f", "a number for the cells of w, which holds a set of B"),
    "an expression": ("s.x = f if s.k else f", "the whole table 'x'"), "more of it": ("s.x += f", "the whole table 'x'"),
    "a cell that is assigned": ("f[0] = 1", "this assignment"), "gone over": ("s.k = sum(n for n in f)", "this generator"),
    "a name for both": ("n = f\nn = 1", "the name 'n' for a number here and a whole table"),
    "a number as a table": ("s.k = sum_of(c, 1)", "a number for the parameter f, which holds a whole table over A.*TableOf\\(A, of="),
    "a table of other values": ("s.k = sum_of(c, f)", "a whole table over A .*high=4.* for the parameter f, which holds .*high=1"),
    "a mistaken choice": ("s.k = (f if s.k else 1)[0]", "choice between"), "a part": ("s.k = f.x", "the part 'x' of a whole table"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_is_no_use_of_a_table_is_refused_with_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        load(acting(lines), tmp_path)
    assert caught.value.cause and caught.value.fix


DECLARED = {
    "no index set": ("TableOf(of=Flag())", "it has no index set"), "no class": ("TableOf(3, of=Flag())", "its index set 3 is not a class"),
    "no domain": ("TableOf(A, of=3)", "3 is not a domain"), "sets": ("TableOf(A, of=SetOf(B))", "its cells hold .*no numbers"),
    "in a variable": (
        "class D(State):\n    x: int = variable(TableOf(A, of=Flag()), 'x')", "is chosen by a parameter, and is in no cell.*table\\(Track"),
    "in a local": ("class D(Process):\n    x: int = local(TableOf(A, of=Flag()), 'x')", "is in no cell"),
    "in a field": ("class D(Record):\n    x: int = field(TableOf(A, of=Flag()), 'x')", "is in no cell"),
    "in a table": ("class D(State):\n    x = table(A, of=TableOf(A, of=Flag()), meaning='x')", "is in no cell"),
    "in a helper that is silent": (
        "def silent(f: TableOf(A, of=Flag())):\n    return f\n\n@action\ndef d(s: S, c: C, f: TableOf(A, of=Flag())) -> Signal:\n"
        "    'D.'\n    s.k = silent(f)[0]\n    return DONE", "returns a whole table over A, and does not say so.*-> TableOf\\(A, of="),
}


@pytest.mark.parametrize("case", DECLARED, ids=[k.replace(" ", "-") for k in DECLARED])
def test_what_is_no_table_of_a_parameter_is_refused_where_it_is_declared(case: str, tmp_path: Path) -> None:
    lines, message = DECLARED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}"):
        load(HEAD + REST + lines + "\n\n" + END, tmp_path)


@pytest.mark.parametrize(("sizes", "said"), [({"A": 3, "B": 7}, "chosen from 0 … 2097151"),
    ({"A": 9, "B": 7}, "63 cells with 2 values.*62 bits")])
def test_too_many_functions_are_refused_when_the_sizes_are_known(sizes: dict[str, int], said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=said):
        instance_of(HEAD + REST + END, tmp_path, sizes=sizes)
