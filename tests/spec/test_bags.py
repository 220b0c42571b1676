"""Bags are values: made, changed, asked and gone over with one meaning in all readings; mixing them with numbers is refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import READINGS, assert_readings_agree, filled, instance_of, outcomes, states
from test_sequences import assert_all_do_the_same
from test_values import HEAD

from snapproof.spec import DeclarationError, EvaluationError, ScenarioError
from snapproof.spec.machine import Machine
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act

HELPERS = '''
class Note(Record):
    """What is written down."""
    k: int = field(Range(-1, 1), "a number")
    sure: int = field(Flag(), "is it certain")

Numbers = BagOf(Range(-1, 1), 2)
Flags = BagOf(Flag(), 3)
Notes = BagOf(RecordOf(Note), 1)
Ones = BagOf(Range(5, 5), 4)
Members9 = BagOf(Member(T), lambda n: n["T"])

class Desk(Record):
    """Where notes lie."""
    notes: Bag = field(Notes, "they")
    hand: int = field(Maybe(T), "who writes")

def more(b: Numbers, k: int) -> Numbers:
    return b if b.count(k) == 2 else b.with_(k)

def size_of(b: Annotated[Bag, Numbers]) -> int:
    return len(b)

def heaviest(b: Notes) -> Note:
    best = Note(k=-1, sure=0)
    for m in b:
        best = m if m.k >= best.k else best
    return best
'''

CELLS = '''
    q: Bag = variable(Numbers, "a bag")
    piles = table(T, of=Numbers, meaning="bags")
    desk: Desk = variable(RecordOf(Desk), "a desk")
'''


def with_bags(text: str) -> str:
    """A text of the other tests, with cells that hold bags."""
    return text.replace("from enum import", "from typing import Annotated\nfrom enum import", 1).replace(
        "class S(State):", HELPERS.lstrip() + "\nclass S(State):\n" + CELLS.strip("\n"))


SETUP = """q = c.bag(Numbers, (i % 2 for i in range(s.b)))
r = c.bag(Numbers, s.f, 1, -1)
g = c.bag(Flags, s.f, s.a > 0, s.f)
n = Note(k=s.f, sure=s.a > 1)
d = c.bag(Notes, n, n.with_(k=-1))
o = c.bag(Ones, (5 for i in range(s.b)))
m = c.bag(Members9, s.b, 0, s.b)
s.q = q"""

VALUES = [
    "len(q)", "len(r)", "len(g)", "len(o)", "len(m)", "len(c.bag(Numbers))", "q.empty", "r.empty + o.empty", "q.count(0)", "q.count(1)",
    "r.count(1)", "r.count(s.a)", "r.count(7)", "g.count(True)", "g.count(s.f)", "d.count(n)", "d.count(n.with_(k=1))", "o.count(5)",
    "o.count(4)", "m.count(0) * 4 + m.count(2)", "s.a in r", "s.a not in q", "(7 in q) + (5 in o)", "n in d", "n.with_(k=1) in d",
    "q == r", "q != s.q", "r == r == r", "r == c.bag(Numbers, -1, 1, s.f)", "r.without(-1) == c.bag(Numbers, 1, s.f)",
    "len(r.without(1))", "r.without(1).with_(1) == r", "len(more(q, 1))", "more(more(q, 0), s.f) == q", "size_of(r) + size_of(q)",
    "len(r if s.f else q)", "(r if s.f else more(r, 0)).count(0)", "len(s.piles[1])", "s.piles[0] == s.piles[s.b]", "1 in s.q",
    "sum(i + 2 for i in r)", "any(i == s.a for i in r)", "all(i >= 0 for i in q)", "next((i for i in r), 9)",
    "max((i for i in q), default=9)", "sum(1 for i in r for k in q if i < k)", "sum(k.k * 2 + k.sure for k in d)", "all(k for k in g)",
    "sum(k for k in g)", "sum(k for k in o)", "any(k == n for k in d)", "heaviest(d).k", "len(s.desk.notes)", "sum(i for i in m)",
    "len(Desk(notes=d, hand=-1).notes)", "Desk(notes=d, hand=0) == Desk(notes=d.without(n), hand=0)",
    "len(c.bag(Numbers, (i for i in r if i > 0)))", "len(c.bag(Notes, (k.with_(sure=1) for k in d if k == n)))",
    "c.bag(Numbers, (i for i in r)) == r", "(len(q) or 5)", "not r.empty and r.with_(0).count(0)",
]

STATEMENTS = [
    "e = 0\nfor i in r:\n    e = e * 4 + i + 1\ns.r[{n}] = e", "i = 7\nfor i in q:\n    pass\ns.r[{n}] = i",
    "e = 0\nfor i in s.q:\n    s.q = s.q.without(i)\n    e += 1\ns.r[{n}] = e * 10 + len(s.q)",
    "e = 0\nfor i in r:\n    for k in q:\n        e += i * 3 + k\ns.r[{n}] = e",
    "v = c.bag(Numbers)\nfor i in r:\n    v = v.with_(-i)\ns.r[{n}] = v.count(1) * 5 + v.count(-1)",
    "s.piles[1] = r\ns.piles[1] = s.piles[1].without(1)\ns.r[{n}] = len(s.piles[1]) + s.piles[1].count(s.f)",
    "s.desk = Desk(notes=d, hand=1)\ns.r[{n}] = len(s.desk.notes)", "s.piles[s.f] = q if s.f else r\ns.r[{n}] = len(s.piles[0])",
    "e = 0\nfor h in d:\n    h = h.with_(k=1)\n    e += h.k\ns.r[{n}] = e", "e = 0\nfor k in g:\n    e = e * 2 + k\ns.r[{n}] = e",
]


def text_of(statements: list[str]) -> str:
    return with_bags(filled(HEAD, statements, SETUP))


@pytest.mark.slow
@pytest.mark.parametrize("statements", [[f"s.r[{n}] = {e}" for n, e in enumerate(VALUES)], STATEMENTS], ids=["values", "statements"])
def test_what_is_done_with_bags_is_what_python_does(statements: list[str], tmp_path: Path) -> None:
    assert_readings_agree(text_of(statements), tmp_path, 2 * 5 * 3 * 2)


ONE = with_bags(BASE).replace(
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""',
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""\n    mine: Bag = local(Numbers, "its bag")')
GO = "@action\ndef go(s: S, c: C) -> Signal:"
ALONE = ONE.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)")
LAST = END.replace(", P=1, Q=1", "")

FAILING = [
    "q = c.bag(Numbers, 1, 1, 1)", "q = c.bag(Numbers, 2)", "q = c.bag(Numbers, -2)", "q = c.bag(Numbers, (i for i in range(3)))",
    "q = c.bag(Numbers, (0 for i in range(3)))", "q = c.bag(Numbers, 1, 1).with_(1)", "q = s.q.with_(2)", "q = s.q.without(0)",
    "q = s.q.without(-5)", "q = c.bag(Flags, 1, 1, 0, 1, 1)", "q = c.bag(Flags, 2)", "q = c.bag(Numbers, 1, 0).without(0).without(0)",
    "k = c.bag(Notes, Note(k=0, sure=1), Note(k=0, sure=1))", "q = s.desk.notes.without(Note(k=0, sure=0))",
]


@pytest.mark.slow
@pytest.mark.parametrize("lines", FAILING)
def test_what_has_no_place_or_is_not_in_it_is_an_error_in_every_reading(lines: str, tmp_path: Path) -> None:
    instance = instance_of(ALONE + body("if s.x[0]:\n    return WAIT\n" + lines + "\ns.x[0] = 1\nreturn DONE", GO) + LAST, tmp_path)
    taken = act(instance, SymbolicState.known(instance, tuple(instance.start_cells())), instance.spec.actions[0])
    assert [*outcomes(instance, deadlock=False), taken.errors != FALSE] == [EvaluationError, EvaluationError, True]


ITEMS = {
    "Range(-1, 1)": 2, "Flag()": 3, "Member(T)": 4, "Maybe(T)": 1, "RecordOf(Note)": 1, "Range(5, 5)": 4, "BagOf(Flag(), 1)": 1,
    "SetOf(T)": 2, "Range(0, 7)": 1, "OneOf(Hue)": 2, "SequenceOf(Flag(), 1)": 2}
"""Domains of items, and how many there can be of each."""

EVERY = {
    "put": "s.one = s.one.with_(s.item)", "take": "s.one = s.one.without(s.item)", "often": "s.i = s.one.count(s.item)",
    "length": "s.i = len(s.one)", "within": "s.i = (s.item in s.one) * 2 + s.one.empty", "same": "s.i = s.one == s.two",
    "over": "s.i = 0\ns.two = c.bag(Every)\nfor i in s.one:\n    s.i = s.i + 1\n    s.two = s.two.with_(i)",
    "some": "s.one = c.bag(Every, (i for i in s.one if i != s.item))", "new": "s.two = c.bag(Every, s.item)",
    "both": "s.two = c.bag(Every, s.item, s.item)",
}
"""What is done with two bags, an item and a number."""


def every_text(of: str, most: int, actions: dict[str, str], chosen: str = "") -> str:
    """A specification of two bags, an item and a number, up to its last lines."""
    cells = '    one: int = variable(Every, "one")\n    two: int = variable(Every, "two")\n    i: int = variable(Range(-1, 62), "i")\n'
    cells += f'    item: int = variable({of}, "an item")'
    hue = 'class Hue(IntEnum):\n    RED = 0\n    GREEN = 1\n    BLUE = 2\n\n'
    text = BASE.replace("class S(State):",
                        f"{hue}{HELPERS.lstrip()}\nEvery = BagOf({of}, {most})\n\nclass S(State):\n{cells}").replace(
        "from enum import", "from typing import Annotated\nfrom enum import", 1)
    text = text.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)")
    text += "".join(body(lines + "\nreturn DONE", f"@action\ndef {name}(s: S, c: C{chosen}) -> Signal:") for name, lines in actions.items())
    return text


@pytest.mark.slow
@pytest.mark.parametrize("of", ITEMS)
def test_the_arithmetic_of_every_small_bag_is_that_of_its_items(of: str, tmp_path: Path) -> None:
    instance = instance_of(every_text(of, ITEMS[of], EVERY) + LAST, tmp_path)
    machine, chance = Machine(instance, []), random.Random(of)
    start, slots = list(instance.start_cells()), instance.slots
    one, two, i, item = (slots["", name] for name in ("one", "two", "i", "item"))
    for number in range(one.high + 1):
        assert one.domain.encode(one.domain.decode(number, instance.sizes), instance.sizes) == number
        start[one.offset], start[two.offset] = number, chance.choice([number, chance.randint(0, two.high)])
        start[i.offset], start[item.offset] = chance.randint(i.low, i.high), chance.randint(item.low, item.high)
        for action in instance.spec.actions:
            assert_all_do_the_same(machine, tuple(start), action)


WHERE_DEFINED = {
    "put": "if s.one.count(x) == {most}:\n    return WAIT\ns.one = s.one.with_(x)", "often": "s.i = s.one.count(x) + (x in s.two)",
    "take": "if x not in s.one:\n    return WAIT\ns.one = s.one.without(x)", "length": "s.i = len(s.one)", "over": EVERY["over"],
    "some": "s.two = c.bag(Every, (i for i in s.one if i != x))", "swap": "two = s.two\ns.two = s.one\ns.one = two"}


@pytest.mark.slow
@pytest.mark.parametrize(("of", "most"), [("Range(-1, 1)", 2), ("Flag()", 3), ("Maybe(T)", 1)])
def test_compiled_code_reaches_what_the_plain_reading_reaches(of: str, most: int, tmp_path: Path) -> None:
    actions = {name: lines.replace("{most}", str(most)) for name, lines in WHERE_DEFINED.items()}
    instance = instance_of(every_text(of, most, actions, f", x: {of}") + LAST, tmp_path)
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1] and len(found[0]) > 300


def test_a_bag_begins_empty_and_is_shown_and_read_by_its_items(tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path, sizes={"T": 2})
    assert instance.show(instance.start_cells())["q"] == {"in any order": []}
    slot = instance.slots["", "q"]
    assert (slot.low, slot.high) == (0, 26)
    shown = [slot.domain.show(v, instance.sizes) for v in range(slot.high + 1)]
    assert [slot.domain.read(s, instance.sizes) for s in shown] == list(range(slot.high + 1))
    assert slot.domain.read({"in any order": [1, -1, 1]}, instance.sizes) == shown.index({"in any order": [-1, 1, 1]})
    assert repr(slot.domain.decode(shown.index({"in any order": [-1, 1, 1]}), instance.sizes)) == "{-1, 1, 1}"
    for wrong in (3, [1], {}, {"in any order": [2]}, {"in any order": 1}, {"in any order": [0, 0, 0]}, {"in order": [1]}):
        with pytest.raises(ValueError, match="is not a"):
            slot.domain.read(wrong, instance.sizes)


def test_an_argument_of_a_command_is_a_bag_written_as_one_word(tmp_path: Path) -> None:
    argument = 'a: int = argument(Member(T), "a track")\n    said: Bag = argument(Numbers, "what")'
    text = ONE.replace('a: int = argument(Member(T), "a track")', argument) + body("p.mine = p.said\nreturn last")
    text += 'GO = command(P, "go", "said", first=box, meaning="goes")\n' + END
    instance = instance_of(text, tmp_path, sizes={"T": 2}, hosts=[{"kind": "P", "program": ["go {-1,1,1}"]}])
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1] and any(instance.show(c)["P1"]["mine"] == {"in any order": [-1, 1, 1]} for c in found[0])


@pytest.mark.parametrize(("of", "said"), [
    ("BagOf(Range(0, 62), 1)", "bag of numbers: it takes up to 63 bits"), ("BagOf(Range(0, 31), 3)", "it takes up to 64 bits"),
    ("BagOf(Range(0, 1 << 40), 1)", "more than the 62 of a cell"), ("BagOf(Flag(), lambda n: 63)", "63 items at most")])
def test_a_bag_that_does_not_fit_a_cell_is_refused(of: str, said: str, tmp_path: Path) -> None:
    text = BASE.replace("class S(State):", f"Many = {of}\n\nclass S(State):") + body("return last if c.bag(Many).empty else DONE")
    with pytest.raises(ScenarioError, match=said):
        instance_of(text + END, tmp_path, sizes={"T": 2})


@pytest.mark.slow
def test_the_largest_bags_fit_a_cell_in_all_readings(tmp_path: Path) -> None:
    lines = "q = c.bag(Wide, (i for i in range(62)))\nr = c.bag(High, 1, 1, 0).with_(1)\n" \
        "if not (len(q) == 62 and 61 in q and q.without(61).with_(61) == q and 61 not in q.without(61) and r.count(1) == 3 and " \
        "sum(i for i in q) == 1891 and len(r.without(1)) == 3 and c.bag(Wide, 61).count(61) == 1):\n    return WAIT"
    text = BASE.replace("class S(State):", "Wide = BagOf(Range(0, 61), 1)\nHigh = BagOf(Range(0, 12), 25)\n\nclass S(State):")
    text = text.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)")
    text += body("if s.x[0]:\n    return WAIT\n" + lines + "\ns.x[0] = 1\nreturn DONE", GO) + LAST
    instance = instance_of(text, tmp_path)
    assert [len(states(instance, reading)) for reading in READINGS] == [2, 2, 2]


REFUSED = {
    "a bag as a number": ("s.y = s.q", "a bag of numbers for this variable, which holds a number"),
    "a bag added": ("s.y = s.q + 1", "a bag of numbers as a number.*b.count"),
    "two added": ("s.q = s.q + s.q", "a bag of numbers as a number"),
    "a bag as a condition": ("if s.q:\n    s.y = 1", "a bag of numbers as a condition"), "a number": ("s.q = 3", "c.bag\\(Numbers, …\\)"),
    "another bag": ("s.q = s.desk.notes", "a bag of Note for this variable, which holds a bag of numbers"),
    "a comparison": ("s.y = s.q == s.desk.notes", "a comparison of a bag of numbers with a bag of Note"),
    "an order": ("s.y = s.q < s.q", "an order of bags"), "a place": ("s.y = s.q[0]", "this subscript"),
    "an item for a record": ("s.y = s.desk.notes.count(1)", "a number for an item of a bag of Note"),
    "nothing put in": ("s.q = s.q.with_()", "this with_.*b.with_\\(m\\)"), "two taken": ("s.q = s.q.without(1, 2)", "this without"),
    "a word of sequences": ("s.q = s.q.append(1)", "this append.*b.with_"), "what changes nothing": ("s.q.with_(1)", "without effect"),
    "a part": ("s.y = s.q.full", "the part 'full' of a bag"), "a count of two": ("s.y = s.q.count(1, 2)", "this count"),
    "this bag": ("s.q = c.bag()", "this bag.*c.bag\\(Network, m, n\\)"), "no domain": ("s.q = c.bag(T, 1)", "this bag"),
    "a sequence": ("s.q = c.sequence(Numbers, 1)", "this sequence"), "a list": ("s.q = c.bag(Numbers, [1])", "the expression 'list'"),
    "a helper without its word": ("s.q = silent(s.q)", "does not say so.*-> Numbers"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_mixes_bags_and_numbers_is_refused_with_its_line_and_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        load(ONE + "def silent(q: Numbers):\n    return q\n\n" + body(lines + "\nreturn last") + END, tmp_path)
    assert caught.value.cause and caught.value.fix


def test_a_bag_is_not_chosen_but_made_of_what_is_chosen(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"'q' is chosen from all bags of a domain.*Choose its items.*c.bag"):
        load(ONE + body("return last", "@step(P, '2', 'Fig. 1')\ndef box(s: S, c: C, p: P, q: Numbers) -> Next:") + END, tmp_path)
