"""The successor loop is Python that is also compiled: both write the same rows, notes, counts and masks, and the machine's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from random_specifications import load
from successor_kit import Loop

from snapproof.checker import kernels_steps
from snapproof.checker.context import FAULT
from snapproof.checker.kernel_reader import Halves, Words, at, prefetch, wide
from snapproof.spec.constraints import within
from snapproof.spec.instance import Instance
from snapproof.spec.moves import Transition
from snapproof.spec.scenario import Scenario, load_scenario
from snapproof.storage.installed import device, model_folder
from snapproof.suite.sources import specification_file, whole_scenario

ROOT = Path(__file__).parents[2]

TEXT = '''
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Cells."""

class S(State):
    x = table(T, of=Range(0, 2), meaning="a cell")
    y: int = variable(Range(0, 3), "a number")

class C(Scope):
    """No switches."""

class P(Process, letter="P", programs=True):
    """Works in boxes, two of them local."""
    n: int = local(Range(0, 3), "a number")
    a: int = argument(Member(T), "a cell")

class Q(Process, letter="Q"):
    """Looks on."""

class None_(Process, letter="N"):
    """Of this kind there is nobody."""

@action
def shift(s: S, c: C, t: T, u: T) -> Signal:
    """One cell gives to another."""
    if t == u or s.x[t] == 0 or s.x[u] == 2:
        return WAIT
    s.x[t] = s.x[t] - 1
    s.x[u] = s.x[u] + 1
    return DONE

@action
def never(s: S, c: C) -> Signal:
    """Is never enabled."""
    return WAIT

@step(P, "1", "-")
def begin(s: S, c: C, p: P, t: T) -> Next:
    """Fills the cell, if it is the one of its command."""
    if p.a != t or s.x[t] == 2:
        return WAIT
    s.x[t] = s.x[t] + 1
    p.n = s.x[t]
    return count_up

@step(P, "2", "-", local=True)
def count_up(s: S, c: C, p: P) -> Next:
    """Counts."""
    p.n = p.n + 1
    return leave if p.n == 3 else end

@step(P, "3", "-", rest=True)
def leave(s: S, c: C, p: P) -> Next:
    """Changes the number."""
    s.y = (s.y + p.n) % 4
    return end

@step(P, "4", "-", local=True)
def end(s: S, c: C, p: P) -> Next:
    """Is done."""
    return DONE

@step(Q, "5", "-", rest=True)
def look(s: S, c: C, q: Q, p: P, t: T) -> Next:
    """Empties a cell when somebody stands elsewhere."""
    if not p.at(leave) or s.x[t] == 0:
        return WAIT
    s.x[t] = 0
    return look

@step(None_, "6", "-")
def nothing(s: S, c: C, n: None_, t: T) -> Next:
    """Nobody does it."""
    return nothing

@transition("counted", "a count reaches three", steps=[count_up])
def counted(b: S, a: S, c: C, p: P) -> bool:
    """A count stays small."""
    return p.n != 2

@transition("moved", "the number becomes small", steps=[leave, look])
def moved(b: S, a: S, c: C) -> bool:
    """The number grows."""
    return a.y >= b.y

@transition("given", "the first cell is full", steps=[shift])
def given(b: S, a: S, c: C, t: T) -> bool:
    """No cell is full when one gives."""
    return a.x[t] < 2 or t > 0

FILL = command(P, "fill", "a", first=begin, meaning="fills a cell")
SPECIFICATION = Specification("loop", S, C, [__import__("sys").modules[__name__]],
                              {"T": 2, "P": 2, "Q": 1, "None_": 0}, joins=True)
'''

HOSTS = [{"kind": "P", "program": ["fill *"]}, {"kind": "P", "menu": ["fill T2"]}]


ENOUGH = 4_000
"""Rows that are held against each other."""


def agree(instance: Instance) -> tuple[int, set[int]]:
    """Hold the loops against each other, and against the machine; how many rows, and which properties they broke."""
    loop, rows, broke = Loop(instance), 0, set[int]()
    for state in loop.states:
        plain, compiled = loop.plain(state), loop.compiled(state)
        assert plain[0] == compiled[0], f"rows of state {state}"
        assert plain[1] == compiled[1], f"counts and masks of state {state}"
        told = list(loop.machine.successors(loop.search.state(state))) if within(loop.machine, loop.search.state(state)) else []
        assert [loop.bit(t.broken) for t in told] == [broken for _, broken, _ in plain[0]]
        assert all(parent == state for _, _, parent in plain[0])
        assert [t.cells for t in told if not t.broken] == [cells for cells, broken, _ in plain[0] if not broken]
        if not any(t.broken for t in told):
            assert loop.told(plain[1]) == executed(loop, state, told), f"counts and masks of state {state}"
        rows += len(told)
        broke |= {broken for _, broken, _ in plain[0]}
        if rows > ENOUGH:
            break
    return rows, broke


def executed(loop: Loop, state: int, told: list[Transition]) -> tuple[Counter[tuple[str, str]], int]:
    """How often the machine has executed each box, and which processes have moved or rest."""
    boxes: Counter[tuple[str, str]] = Counter()
    fine = loop.machine.at_rest(loop.search.state(state))
    if not within(loop.machine, loop.search.state(state)):
        fine = (1 << len(loop.machine.handles)) - 1
    for t in told:
        moved = t.move.process
        kind = loop.instance.processes[moved][0].__name__ if moved >= 0 else ""
        boxes.update((kind, box.name) for box in t.move.boxes)
        fine |= 1 << moved if moved >= 0 else 0
    return boxes, fine


CONSTRAINT = """@constraint
def few(s: S, c: C, t: T) -> bool:
    \"\"\"Not too many.\"\"\"
    return s.y + s.x[t] < 4

"""

FURTHER = {
    'class Q(Process, letter="Q")': 'class Q(Process, letter="Q", rest=True)',
    "t: T, u: T) -> Signal": "t: T, by: Range(-1, 1)) -> Signal",
    "    if t == u or s": "    u = (t + by) % c.size(T)\n    if by == 0 or s",
    "q: Q, p: P, t: T) -> Next": "q: Q, p: P, t: T, by: Range(-3, -2)) -> Next",
    "        return WAIT\n    s.x[t] = 0": "        return WAIT\n    s.x[t] = -2 - by",
    "FILL = ": CONSTRAINT + "FILL = ",
}
"""A kind that rests, choices from domains, and a constraint."""


def made(folder: Path, fuse: bool, text: str = TEXT) -> Instance:
    instance = Scenario("s", load(text, folder).SPECIFICATION, hosts=HOSTS).instance()
    return instance if fuse else instance.with_every_box()


@pytest.mark.slow
@pytest.mark.parametrize("fuse", [True, False], ids=["joined", "every-box"])
def test_python_and_compiled_code_write_the_same_successors(fuse: bool, tmp_path: Path) -> None:
    rows, broke = agree(made(tmp_path, fuse))
    assert rows > 500 and broke == {0, 1, 2, 3}


@pytest.mark.slow
@pytest.mark.parametrize("fuse", [True, False], ids=["joined", "every-box"])
def test_so_they_do_within_a_constraint_with_choices_from_domains_and_a_kind_that_rests(fuse: bool, tmp_path: Path) -> None:
    text = TEXT
    for old, new in FURTHER.items():
        assert old in text
        text = text.replace(old, new)
    instance = made(tmp_path, fuse, text)
    assert agree(instance)[0] > 300
    loop = Loop(instance)
    assert 0 < sum(not within(loop.machine, loop.search.state(i)) for i in loop.states) < len(loop.states)


@pytest.mark.slow
@pytest.mark.parametrize("example", sorted(p.stem for p in (ROOT / "examples").glob("*.py")))
def test_so_they_do_for_examples(example: str) -> None:
    instance = whole_scenario(specification_file(ROOT / "examples" / f"{example}.py"), example).instance()
    assert agree(instance)[0] > 0


@pytest.mark.slow
def test_so_they_do_for_a_scenario_of_the_device() -> None:
    assert agree(load_scenario(model_folder() / "scenarios" / "strict_read.toml", device()).instance())[0] > 300


@pytest.mark.slow
def test_a_step_or_an_action_that_waits_and_has_changed_something_is_noted_alike(tmp_path: Path) -> None:
    for number, (old, new) in enumerate([("    s.x[t] = s.x[t] - 1\n", "    s.x[t] = s.x[t] - 1\n    if s.y == 0:\n        return WAIT\n"),
                                         ("    s.x[t] = 0\n", "    s.x[t] = 0\n    if s.y < 4:\n        return WAIT\n")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        loop = Loop(made(folder, True))
        assert all(loop.plain(state)[1][FAULT] == 0 for state in loop.states)
        loop = Loop(made(folder, True, TEXT.replace(old, new)))
        noted = [(loop.plain(state)[1][FAULT], loop.compiled(state)[1][FAULT]) for state in loop.states]
        assert any(plain for plain, _ in noted) and all(plain == compiled for plain, compiled in noted)


def test_kernels_run_by_python_know_their_arrays() -> None:
    words, halves = Words([1, 2, 3]), Halves([5, 6, 7])
    halves[1] = (1 << 32) + 9
    assert (at(words, 1)[1], at(at(halves, 1), 1)[0], halves[1], wide(halves, 0)) == (3, 7, 9, 5 | 9 << 32)
    assert prefetch(words, 99) == 0
    with pytest.raises(TypeError, match="satisfies is generated for a specification"):
        kernels_steps.successors(words, words, words, words, 0, 0, 0)
