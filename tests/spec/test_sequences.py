"""Sequences are values: made, joined, asked and gone over with one meaning in all readings; mixing them with numbers is refused."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from language_kit import BASE, END, body
from readings_kit import READINGS, assert_readings_agree, filled, instance_of, outcomes, states
from test_values import HEAD

from snapproof.spec import WAIT, EvaluationError
from snapproof.spec.domains import Domain, Extent
from snapproof.spec.evaluator import Evaluator, outcome
from snapproof.spec.machine import Machine
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act

HELPERS = '''
class Note(Record):
    """What is written down."""
    k: int = field(Range(-1, 1), "a number")
    sure: int = field(Flag(), "is it certain")

Queue = SequenceOf(Range(-1, 1), 3)
Flags = SequenceOf(Flag(), lambda n: n["T"])
Notes = SequenceOf(RecordOf(Note), 2)
Ones = SequenceOf(Range(5, 5), 4)
Lists = SequenceOf(Queue, 2)

class Desk(Record):
    """Where notes lie."""
    notes: Sequence = field(Notes, "they")
    hand: int = field(Maybe(T), "who writes")

def longer(q: Queue, k: int) -> Queue:
    return q if q.full else q.append(k)

def size_of(q: Annotated[Sequence, Queue]) -> int:
    return len(q)

def newest(q: Notes) -> Note:
    return q[len(q) - 1]

def doubtful(q: Flags) -> bool:
    return not q.empty and not q.first
'''

CELLS = '''
    q: Sequence = variable(Queue, "a sequence")
    lines = table(T, of=Queue, meaning="sequences")
    desk: Desk = variable(RecordOf(Desk), "a desk")
'''


def with_sequences(text: str) -> str:
    """A text of the other tests, with cells that hold sequences."""
    return text.replace("from enum import", "from typing import Annotated\nfrom enum import", 1).replace(
        "class S(State):", HELPERS.lstrip() + "\nclass S(State):\n" + CELLS.strip("\n"))


SETUP = """q = c.sequence(Queue, (i - 1 for i in range(3) if i < s.b))
r = c.sequence(Queue, s.f, 1)
g = c.sequence(Flags, s.f, s.a > 0)
n = Note(k=s.f, sure=s.a > 1)
d = c.sequence(Notes, n, n.with_(k=-1))
o = c.sequence(Ones, (5 for i in range(s.b)))
w = c.sequence(Lists, q)
s.q = q"""

VALUES = [
    "len(q)", "len(r)", "len(g)", "len(o)", "len(c.sequence(Queue))", "q.empty", "q.full", "r.full + o.full", "g.full", "d.full",
    "r.first", "r[0] * 3 + r[1]", "r[s.f]", "r.rest.first", "len(r.rest)", "r.rest.rest.empty", "g.first", "g[1] + g[0]", "g.rest.first",
    "d.first.k", "d[1].k + d[s.f].sure", "d.rest.first == n", "d[0] == n.with_(k=s.f)", "newest(d).k", "q == r", "q != s.q", "r == r == r",
    "s.a in r", "s.a not in q", "(7 in q) + (5 in o)", "n in d", "n.with_(k=1) in d", "True in g", "g.first in r", "doubtful(g)",
    "len(longer(q, 1))", "longer(longer(q, 0), s.f) == q", "longer(r, -1)[2]", "size_of(r) + size_of(q)", "len(s.q) == len(q)",
    "(r if s.f else longer(r, s.f)).first", "len(r if s.f else q)", "s.q == q", "1 in s.q", "len(s.lines[1])", "s.lines[0] == s.lines[s.b]",
    "len(c.sequence(Queue, (i for i in r if i > 0)) + c.sequence(Queue, s.f))", "r == c.sequence(Queue, s.f) + c.sequence(Queue, 1)",
    "c.sequence(Queue) + r == r + c.sequence(Queue)", "(c.sequence(Queue, -1) + r)[2]", "(r + c.sequence(Queue, -1)).first",
    "sum(i + 2 for i in q)", "any(i == s.a for i in r)", "all(i >= 0 for i in r)", "next((i for i in q), -1)",
    "max((i for i in r), default=9)",
    "sum(1 for i in r for k in q if i < k)", "sum(k.k * 2 + k.sure for k in d)", "all(k for k in g)", "sum(k for k in g)",
    "sum(k for k in o)",
    "any(k == n for k in d)", "len(c.sequence(Notes, (k.with_(k=i) for k in d for i in range(1) if k == n)))",
    "sum(r[i] * (i + 1) for i in range(len(r)))", "len(s.desk.notes)", "len(Desk(notes=d, hand=-1).notes)",
    "Desk(notes=d, hand=0).notes[1].k",
    "Desk(notes=d, hand=0) == Desk(notes=d.rest, hand=0)", "len(w)", "w.first == q", "w[0] == r", "q in w", "len(w.append(r)[1])",
    "sum(len(k) for k in w.append(r))", "o == c.sequence(Ones, 5, 5)", "len(o.rest) if s.b else 7", "w.append(r).rest.first.first",
    "(len(q) or 5)", "not r.full and r.append(0).full",
]

STATEMENTS = [
    "e = 0\nfor i in q:\n    e = e * 4 + i + 1\ns.r[{n}] = e", "i = 7\nfor i in q:\n    pass\ns.r[{n}] = i",
    "e = 0\nfor i in s.q:\n    s.q = s.q.rest\n    e += 1\ns.r[{n}] = e * 10 + len(s.q)",
    "e = 0\nfor i in r:\n    for k in q:\n        e += i * 3 + k\ns.r[{n}] = e",
    "e = 0\nfor i in range(3):\n    if i < len(r):\n        e += r[i]\n"
    "s.r[{n}] = e", "v = c.sequence(Queue)\nfor i in r:\n    v = c.sequence(Queue, i) + v\ns.r[{n}] = v[0] * 5 + v[1]",
    "u = c.sequence(Queue, s.f)\nu += c.sequence(Queue, 1, -1)\ns.r[{n}] = u.full + u[2]", "s.lines[1] = r\ns.lines[1] += r.rest\n"
    "s.r[{n}] = len(s.lines[1]) * 2 + s.lines[1][2]", "s.desk = Desk(notes=d, hand=1)\ns.r[{n}] = s.desk.notes.first.k",
    "s.desk = s.desk.with_(notes=c.sequence(Notes, n))\ns.r[{n}] = len(s.desk.notes)",
    "s.lines[s.f] = q if s.f else r\ns.r[{n}] = len(s.lines[0])",
    "e = 0\nfor m in d:\n    m = m.with_(k=1)\n    e += m.k\ns.r[{n}] = e", "e = 0\nfor k in g:\n    e = e * 2 + k\ns.r[{n}] = e",
]


def text_of(statements: list[str]) -> str:
    return with_sequences(filled(HEAD, statements, SETUP))


@pytest.mark.slow
def test_values_of_sequences_are_those_of_python(tmp_path: Path) -> None:
    assert_readings_agree(text_of([f"s.r[{n}] = {e}" for n, e in enumerate(VALUES)]), tmp_path, 2 * 5 * 3 * 2)


@pytest.mark.slow
def test_statements_with_sequences_do_as_python_does(tmp_path: Path) -> None:
    assert_readings_agree(text_of(STATEMENTS), tmp_path, 2 * 5 * 3 * 2)


ONE = with_sequences(BASE).replace(
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""',
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""\n    mine: Sequence = local(Queue, "its sequence")')
GO = "@action\ndef go(s: S, c: C) -> Signal:"
ALONE = ONE.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)")
LAST = END.replace(", P=1, Q=1", "")

FAILING = [
    "q = c.sequence(Queue, 1, 1, 1, 1)", "q = c.sequence(Queue, 2)", "q = c.sequence(Queue, -2)",
    "q = c.sequence(Queue, (i for i in range(3)))",
    "q = c.sequence(Queue, (0 for i in range(4)))", "q = c.sequence(Queue, 1, 1, 1).append(0)", "q = s.q.append(2)", "q = s.q.append(-2)",
    "k = s.q.first", "q = s.q.rest", "k = s.q[0]", "k = s.q[-1]", "k = c.sequence(Queue, 1)[1]", "k = c.sequence(Queue, 1, 0, 1)[3]",
    "k = c.sequence(Queue, 1, 0, 1)[-1]", "k = c.sequence(Queue, 1)[1 << 40]", "q = c.sequence(Queue, 1, 1)\nq += q",
    "q = c.sequence(Ones, 5, 5, 5)\nq += q", "s.lines[0] = longer(s.q, 3)", "k = newest(s.desk.notes).k", "q = c.sequence(Flags, 2)",
    "q = c.sequence(Flags, 1, 1, 1)",
]


@pytest.mark.slow
@pytest.mark.parametrize("lines", FAILING)
def test_what_has_no_place_or_is_not_there_is_an_error_in_every_reading(lines: str, tmp_path: Path) -> None:
    instance = instance_of(ALONE + body("if s.x[0]:\n    return WAIT\n" + lines + "\ns.x[0] = 1\nreturn DONE", GO) + LAST, tmp_path)
    taken = act(instance, SymbolicState.known(instance, tuple(instance.start_cells())), instance.spec.actions[0])
    assert [*outcomes(instance, deadlock=False), taken.errors != FALSE] == [EvaluationError, EvaluationError, True]


# --- every value of small domains ---------------------------------------------------------------------

ITEMS = {
    "Range(-1, 1)": 3, "Flag()": 3, "Member(T)": 4, "Maybe(T)": 2, "RecordOf(Note)": 2, "Range(5, 5)": 4, "SequenceOf(Flag(), 1)": 2,
    "SetOf(T)": 2, "Range(0, 40)": 1}
"""Domains of items, and how many there can be."""

EVERY = {
    "append": "s.one = s.one.append({item})", "first": "if s.one.first != {item}:\n    return WAIT", "rest": "s.one = s.one.rest",
    "at": "if s.one[s.i] != {item}:\n    return WAIT", "together": "s.one = s.one + s.two", "length": "s.i = len(s.one)",
    "in": "s.i = {item} in s.one", "bounds": "s.i = s.one.empty * 2 + s.one.full",
    "over": "s.i = 0\nfor i in s.one:\n    s.i = s.i + 1\n    s.two = c.sequence(Every, i) + s.two.rest",
    "turned": "v = c.sequence(Every)\nfor i in s.one:\n    v = c.sequence(Every, i) + v\ns.one = v",
    "some": "s.one = c.sequence(Every, (i for i in s.one if i != {item}))",
}
"""What is done with two sequences, an item and a number."""


def every_text(of: str, most: int) -> str:
    cells = '    one: int = variable(Every, "one")\n    two: int = variable(Every, "two")\n'
    cells += f'    i: int = variable(Range(-1, {most + 1}), "i")\n    item: int = variable({of}, "an item")'
    text = BASE.replace("class S(State):", HELPERS.lstrip() + f"\nEvery = SequenceOf({of}, {most})\n\nclass S(State):\n{cells}").replace(
        "from enum import", "from typing import Annotated\nfrom enum import", 1)
    text = text.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)")
    for name, lines in EVERY.items():
        text += body(lines.replace("{item}", "s.item") + "\nreturn DONE",
        f"@action\ndef {name.replace('in', 'inside')}(s: S, c: C) -> Signal:")
    return text + LAST


@pytest.mark.slow
@pytest.mark.parametrize("of", ITEMS)
def test_the_arithmetic_of_every_small_sequence_is_that_of_its_items(of: str, tmp_path: Path) -> None:
    """The plain reading has tuples; the evaluator and the circuit have the numbers in the cells, of which each is one sequence."""
    instance = instance_of(every_text(of, ITEMS[of]), tmp_path)
    machine, chance = Machine(instance, []), random.Random(of)
    start, slots = list(instance.start_cells()), instance.slots
    one, two, i, item = (slots["", name] for name in ("one", "two", "i", "item"))
    for number in range(one.high + 1):
        assert one.domain.encode(one.domain.decode(number, instance.sizes), instance.sizes) == number
        start[one.offset], start[two.offset] = number, chance.randint(0, two.high)
        start[i.offset], start[item.offset] = chance.randint(i.low, i.high), chance.randint(item.low, item.high)
        for action in instance.spec.actions:
            assert_all_do_the_same(machine, tuple(start), action)


class Watched(Evaluator):
    """The compiled reading relies on what the maker of a helper says of its names: they lie in it."""

    def call(self, function: Any, arguments: list[Any], origins: list[Any] | None = None) -> Any:
        self.inner = [*getattr(self, "inner", []), function]
        found = super().call(function, arguments, origins)
        self.inside(found, self.inner.pop().within.get(""))
        return found

    def _name(self, frame: Any, node: Any) -> Any:
        found = super()._name(frame, node)
        self.inside(found, self.inner[-1].within.get(node.name))
        return found

    def inside(self, found: Any, of: Any) -> None:
        sizes = self.machine.instance.sizes
        if isinstance(of, Domain):
            low, high = of.bounds(sizes)
            assert low <= found <= high
        elif isinstance(of, Extent):
            assert 0 <= found <= of.count(sizes)


def assert_all_do_the_same(machine: Machine, cells: tuple[int, ...], action: Any) -> None:
    known = act(machine.instance, SymbolicState.known(machine.instance, cells), action)
    try:
        taken = machine.act(cells, action, ())
    except EvaluationError:
        assert known.errors != FALSE
        with pytest.raises((EvaluationError, ValueError)):
            outcome(machine, cells, action, None, ())
        return
    assert known.errors == FALSE and bool(known.waits) == (taken is None)
    evaluator = Watched(machine)
    machine.thaw(cells)
    assert (evaluator.call(machine.spec.trees[action], [machine.state, machine.scope]) is WAIT) == (taken is None)
    if taken is not None:
        assert tuple(int(c) for c in known.after.flat()) == taken.cells == tuple(machine.state._cells)  # type: ignore[arg-type]


WHERE_DEFINED = {
    "append": "if s.one.full:\n    return WAIT\ns.one = s.one.append(x)", "rest": "if s.one.empty:\n    return WAIT\ns.one = s.one.rest",
    "first": "if s.one.empty:\n    return WAIT\ns.two = c.sequence(Every, s.one.first)", "length": "s.i = len(s.one) - (x in s.two)",
    "at": "if not 0 <= s.i < len(s.two):\n    return WAIT\ns.one = c.sequence(Every, s.two[s.i])", "turned": EVERY["turned"],
    "together": "if len(s.one) + len(s.two) > {most}:\n    return WAIT\ns.two = s.two + s.one",
    "some": "s.two = c.sequence(Every, (i for i in s.one if i != x))", "bounds": EVERY["bounds"]}


@pytest.mark.slow
@pytest.mark.parametrize(("of", "most"), [("Range(-1, 1)", 2), ("Flag()", 3), ("Maybe(T)", 2)])
def test_compiled_code_reaches_what_the_plain_reading_reaches(of: str, most: int, tmp_path: Path) -> None:
    text = every_text(of, most)
    text = text[:text.index("@action")]
    for name, lines in WHERE_DEFINED.items():
        header = f"@action\ndef {name}(s: S, c: C, x: {of}) -> Signal:"
        text += body(lines.replace("{most}", str(most)) + "\nreturn DONE", header)
    instance = instance_of(text + LAST, tmp_path)
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1] and len(found[0]) > 500


def test_a_sequence_begins_empty_and_is_shown_and_read_by_its_items(tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path, sizes={"T": 2})
    assert instance.show(instance.start_cells())["q"] == {"in order": []}
    slot = instance.slots["", "q"]
    assert (slot.low, slot.high) == (0, 3 + 9 + 27)
    shown = [slot.domain.show(v, instance.sizes) for v in range(slot.high + 1)]
    assert [slot.domain.read(s, instance.sizes) for s in shown] == list(range(slot.high + 1))
    assert {"in order": [1, -1]} in shown and repr(slot.domain.decode(shown.index({"in order": [1, -1]}), instance.sizes)) == "<1, -1>"
    for wrong in (3, [1], {}, {"in order": [2]}, {"in order": 1}, {"in order": [0, 0, 0, 0]}, {"in order": [1], "more": 1}):
        with pytest.raises(ValueError, match="is not a"):
            slot.domain.read(wrong, instance.sizes)


def test_an_argument_of_a_command_is_a_sequence_written_as_one_word(tmp_path: Path) -> None:
    argument = 'a: int = argument(Member(T), "a track")\n    said: Sequence = argument(Queue, "what")'
    text = ONE.replace('a: int = argument(Member(T), "a track")', argument) + body("p.mine = p.said\nreturn last")
    text += 'GO = command(P, "go", "said", first=box, meaning="goes")\n' + END
    instance = instance_of(text, tmp_path, sizes={"T": 2}, hosts=[{"kind": "P", "program": ["go <1,-1>"]}])
    assert instance.invocations[0].show(instance.spec.kinds[0], instance.sizes) == "go <1,-1>"
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1] and any(instance.show(c)["P1"]["mine"] == {"in order": [1, -1]} for c in found[0])


@pytest.mark.slow
def test_the_largest_sequences_fit_a_cell_in_all_readings(tmp_path: Path) -> None:
    lines = "q = c.sequence(Wide, 4611686018427387900)\nr = c.sequence(Long, (i % 2 for i in range(60)))\n" \
        "if not (q.full and r.full and r[59] and q.first == q[0] and len(r.rest + c.sequence(Long, 1)) == 60 and " \
        "len(r.rest.append(0)) == 60 and sum(i for i in r) == 30):\n    return WAIT"
    text = BASE.replace("class S(State):",
    "Wide = SequenceOf(Range(0, (1 << 62) - 4), 1)\nLong = SequenceOf(Flag(), 60)\n\nclass S(State):")
    text = text.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)")
    text += body("if s.x[0]:\n    return WAIT\n" + lines + "\ns.x[0] = 1\nreturn DONE", GO) + LAST
    instance = instance_of(text, tmp_path)
    assert [len(states(instance, reading)) for reading in READINGS] == [2, 2, 2]
