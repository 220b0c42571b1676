"""Tagged unions are values: made, asked for their case, looked into and compared with one meaning in all readings."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_kit import BASE, END, body
from readings_kit import assert_readings_agree, filled, instance_of, outcomes, states
from test_values import HEAD

from snapproof.spec import EvaluationError, ScenarioError
from snapproof.spec.machine import Machine
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act, evaluate

UNIONS = '''
class Link(TaggedUnion):
    """What the bytes of a track are."""

class Fresh(Link):
    """Nothing yet."""

class Free(Link):
    """In the list of free ones."""
    following: int = field(Maybe(T), "the next")
    count: int = field(Range(-1, 2), "how many", initial=0)

class Held(Link):
    """Somebody has it."""
    by: int = field(Member(T), "who")
    sure: int = field(Flag(), "for certain")
    count: int = field(Range(-1, 2), "how often")

class Gone(Link):
    """It is no more."""

class Only(TaggedUnion):
    """A union of one case with one field."""

class One(Only):
    """It."""
    it: int = field(Range(0, 4), "a number")

class Pair(Record):
    """A record with unions in it."""
    left: Link = field(UnionOf(Link), "one")
    right: Only = field(UnionOf(Only), "another")

class Nest(TaggedUnion):
    """A union with others in it."""

class Twig(Nest):
    """With a union and a set."""
    link: Link = field(UnionOf(Link), "a union")
    some: int = field(SetOf(T), "a set")

class Egg(Nest):
    """With a record."""
    pair: Pair = field(RecordOf(Pair), "a record")

def next_of(m: Link, otherwise: int) -> int:
    if isinstance(m, Free):
        return m.following
    return m.by if isinstance(m, Held) else otherwise

def held(m: Link, k: int) -> Link:
    return Held(by=k, sure=0, count=0) if isinstance(m, (Fresh, Free)) else Gone() if k > 1 else m

def certain(m: Link) -> bool:
    return isinstance(m, Held) and m.sure
'''

CELLS = '''
    m: Link = variable(UnionOf(Link), "a union")
    links = table(T, of=UnionOf(Link), meaning="unions")
    ones = table(T, of=UnionOf(Only), meaning="unions of one case")
    pair: Pair = variable(RecordOf(Pair), "a record with unions")
    nest: Nest = variable(UnionOf(Nest), "a union with others in it")
'''


def with_unions(text: str) -> str:
    """A text of the other tests, with cells that hold unions."""
    return text.replace("class S(State):", UNIONS.lstrip() + "\nclass S(State):\n" + CELLS.strip("\n"))


SETUP = "fr = Free(following=s.b - 1, count=max(s.a, -1))\nhe = Held(by=s.f, sure=s.f, count=1)\n" \
    "m = fr if s.b == 1 else he if s.b == 2 else Gone() if s.f else Fresh()\ns.m = m\nn = Twig(link=m, some=c.subset(T, s.f))"

VALUES = [
    "isinstance(m, Fresh)", "isinstance(m, Free) * 2 + isinstance(m, Held)", "isinstance(m, (Free, Gone))", "isinstance(m, (Held, Held))",
    "isinstance(m, (Gone, Fresh, Held, Free))", "not isinstance(m, Gone)", "fr.following", "fr.count", "he.by", "he.sure", "he.count",
    "he.sure + fr.count * 3", "next_of(m, 7)", "next_of(held(m, 2), 9)", "next_of(held(m, s.f), 5)", "certain(m)", "certain(he)",
    "m == fr", "m != he", "m == Fresh()", "m == Gone() or m == Free(following=0, count=2)", "fr == m == s.m", "Fresh() == Gone()",
    "fr.with_(following=2).following", "he.with_(count=-1, by=2).by", "he.with_(count=2).count + fr.with_(count=-1).count",
    "(he if s.f else fr).count", "(he if s.f else fr).with_(count=2).count", "(m if s.f else he) == m", "next_of(s.m, 4)",
    "isinstance(s.links[s.b], Fresh)", "s.links[0] == s.links[2]", "One(it=s.b).it + 1", "isinstance(One(it=s.b), One)",
    "isinstance(s.ones[s.b], One)", "isinstance(s.links[s.b], (Gone, Fresh))",
    "One(it=s.b) == One(it=1)", "Pair(left=m, right=One(it=s.b)).right.it", "Pair(left=m, right=One(it=2)).left == s.m",
    "next_of(Pair(left=m, right=One(it=2)).left, 6)", "n.link == m", "len(n.some)", "1 in n.with_(link=Gone()).some", "isinstance(n, Egg)",
    "Egg(pair=Pair(left=he, right=One(it=s.b))).pair.left.by", "Egg(pair=s.pair).pair.right.it", "s.nest == n", "n.with_(link=s.m) == n",
    "isinstance(s.nest, Twig) and s.nest.link == Fresh()", "sum(held(m, i) == m for i in range(3))",
    "any(s.links[i] == m for i in c.each(T))",
    "next((i for i in c.each(T) if isinstance(s.links[i], Gone)), -1)", "fr.count in (s.a, 1)", "isinstance(m, Free) and m.count > 0",
    "m.count if isinstance(m, (Free, Held)) else -9", "Held(sure=False, by=0, count=0) == Held(count=0, by=0, sure=0)",
]

STATEMENTS = [
    "o = m\nfor i in c.each(T):\n    o = held(o, i)\ns.r[{n}] = next_of(o, 8)", "s.links[s.b] = m\ns.r[{n}] = next_of(s.links[s.b], 3)",
    "s.links[1] = he.with_(by=2)\ns.r[{n}] = s.links[1].by", "s.nest = n\ns.r[{n}] = isinstance(s.nest, Twig)",
    "s.nest = Egg(pair=Pair(left=m, right=One(it=3)))\ns.r[{n}] = s.nest.pair.right.it",
    "s.pair = s.pair.with_(left=m)\ns.r[{n}] = s.pair.left == m",
    "o = Fresh()\nif s.a > 0:\n    o = m\ns.r[{n}] = o == m", "s.m = Fresh()\ns.r[{n}] = isinstance(s.m, Fresh)",
    "k = 0\nif isinstance(m, Free):\n    k = m.following\nelse:\n    if isinstance(m, Held):\n        k = m.by + 10\ns.r[{n}] = k",
]


def text_of(statements: list[str]) -> str:
    return with_unions(filled(HEAD, statements, SETUP))


@pytest.mark.slow
def test_values_of_unions_are_those_of_python(tmp_path: Path) -> None:
    assert_readings_agree(text_of([f"s.r[{n}] = {e}" for n, e in enumerate(VALUES)]), tmp_path, 2 * 5 * 3 * 2)


@pytest.mark.slow
def test_statements_with_unions_do_as_python_does(tmp_path: Path) -> None:
    assert_readings_agree(text_of(STATEMENTS), tmp_path, 2 * 5 * 3 * 2)


ONE = with_unions(BASE).replace(
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""',
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""\n    mine: int = local(UnionOf(Link), "its link")')
GO = "@action\ndef go(s: S, c: C) -> Signal:"


def alone(lines: str) -> str:
    """An action that does this once."""
    return ONE.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)") \
        + body("if s.x[0]:\n    return WAIT\n" + lines + "\ns.x[0] = 1\nreturn DONE", GO) + END.replace(", P=1, Q=1", "")


FAILING = [
    "s.x[1] = s.m.by", "s.x[1] = s.m.count", "s.x[1] = Gone().following > 0", "s.links[0] = s.m.with_(count=1)",
    "s.m = Free(following=0, count=0).with_(by=1)", "s.m = Free(following=2, count=0)", "s.m = Held(by=-1, sure=0, count=0)",
    "s.m = Held(by=0, sure=2, count=0)", "s.m = Held(by=0, sure=0, count=0).with_(count=3)",
    "s.x[1] = certain(s.nest.link) or s.nest.pair.right.it",
    "s.x[1] = any(s.links[i].sure for i in c.each(T))", "i = 7\ns.x[1] = isinstance(s.links[i], Gone)",
    "i = 7\ns.x[1] = isinstance(s.ones[i], One)", "i = 7\ns.x[1] = isinstance(s.links[i], (Gone, Free, Held, Fresh))",
]


@pytest.mark.slow
@pytest.mark.parametrize("lines", FAILING)
def test_what_a_case_does_not_have_is_an_error_where_it_is_read_or_made(lines: str, tmp_path: Path) -> None:
    instance = instance_of(alone(lines), tmp_path)
    taken = act(instance, SymbolicState.known(instance, tuple(instance.start_cells())), instance.spec.actions[0])
    assert [*outcomes(instance, deadlock=False), taken.errors != FALSE] == [EvaluationError, EvaluationError, True]


def test_the_error_says_which_case_it_is_and_how_to_ask(tmp_path: Path) -> None:
    instance = instance_of(alone("s.x[1] = s.m.count"), tmp_path)
    with pytest.raises(EvaluationError, match=r"case Fresh: its field 'count' is read.*isinstance\(m, Free or Held\)"):
        list(Machine(instance, []).successors(tuple(instance.start_cells())))


def test_a_field_is_its_digit_on_terms_and_behind_the_question_for_its_case_nothing_goes_wrong(tmp_path: Path) -> None:
    asked = {"free": "isinstance(s.m, Free)", "read": "s.m.following == 1", "both": "isinstance(s.m, Free) and s.m.following == 1"}
    text = "".join(f'@invariant("{n}", "x")\ndef {n}(s: S, c: C) -> bool:\n    """It."""\n    return {e}\n\n' for n, e in asked.items())
    instance = instance_of(ONE + text + body("return last") + END, tmp_path)
    state = SymbolicState.free(instance)
    (free, _), (read, wrong), both = (evaluate(instance, instance.spec.properties[n], [state], []) for n in asked)
    k, cell = state.terms, state.cells["", "m"][0]
    digit = k.binary("%", k.binary("//", k.plus(cell, -1), 4), 3)  # behind the number of Fresh(); count has four values, following three
    assert (read, wrong) == (k.equal(k.plus(digit, -1), 1), free ^ 1)
    assert both == (k.both(free, read), FALSE)


# --- one cell ---------------------------------------------------------------------------------------------


def test_numbers_are_dense_case_by_case_in_the_order_of_declaration(tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path, sizes={"T": 2})
    sizes, slot = instance.sizes, instance.slots["", "m"]
    assert (slot.low, slot.high) == (0, 1 + 3 * 4 + 2 * 2 * 4 + 1 - 1)
    shown = [slot.domain.show(v, sizes) for v in range(slot.high + 1)]
    assert [s["tag"] for s in shown] == ["Fresh"] + ["Free"] * 12 + ["Held"] * 16 + ["Gone"]
    assert [s["value"]["following"] for s in shown[1:13]] == ["none"] * 4 + ["T1"] * 4 + ["T2"] * 4
    assert slot.domain.start(sizes) == 0 and slot.domain.word(29, sizes) == "Gone"
    assert slot.domain.word(13, sizes) == "Held(by=T1,sure=False,count=-1)"
    for wrong in (3, "Gone", {}, {"tag": "Gone"}, {"tag": "Lost", "value": {}}, {"tag": ["Gone"], "value": {}}, {"tag": "Held",
    "value": {}}):
        with pytest.raises(ValueError, match="is not a"):
            slot.domain.read(wrong, sizes)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["m", "pair", "nest"])
def test_every_value_is_read_back_from_what_is_shown_and_from_its_object(name: str, tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path, sizes={"T": 1})
    slot, sizes = instance.slots["", name], instance.sizes
    every = range(slot.high + 1)
    assert [slot.domain.read(slot.domain.show(v, sizes), sizes) for v in every] == list(every)
    assert [slot.domain.encode(slot.domain.decode(v, sizes), sizes) for v in every] == list(every)
    assert len({str(slot.domain.show(v, sizes)) for v in every}) == len({slot.domain.decode(v, sizes) for v in every}) == len(every)


def test_a_union_that_does_not_fit_a_cell_is_refused_with_what_makes_it_large(tmp_path: Path) -> None:
    large = 'class U(TaggedUnion):\n    pass\n\nclass V(U):\n    a: int = field(Range(0, 1 << 40), "x")\n' \
        '    b: int = field(Range(1, 1 << 30), "y")\n\nclass W(U):\n    pass\n\n'
    used = body("n = V(a=1, b=1)\nreturn last if n.a else DONE")
    with pytest.raises(ScenarioError, match="union U: it takes 71 bits .*V 71, W 0"):
        instance_of(ONE + large + used + END, tmp_path)


def test_an_argument_of_a_command_is_a_union_written_as_one_word(tmp_path: Path) -> None:
    argument = 'a: int = argument(Member(T), "a track")\n    said: Link = argument(UnionOf(Link), "what")'
    text = ONE.replace('a: int = argument(Member(T), "a track")', argument) + body("p.mine = p.said\nreturn last")
    text += 'GO = command(P, "go", "said", first=box, meaning="goes")\n' + END
    instance = instance_of(text, tmp_path, hosts=[{"kind": "P", "program": ["go Held(by=T2,sure=true,count=1)", "go gone"]}])
    assert [i.show(instance.spec.kinds[0], instance.sizes) for i in instance.invocations] == ["go Held(by=T2,sure=True,count=1)", "go Gone"]
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1]
    assert {instance.show(c)["P1"]["mine"]["tag"] for c in found[0]} == {"Fresh", "Held", "Gone"}
