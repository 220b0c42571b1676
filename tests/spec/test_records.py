"""Records are values: made, compared, stored and looked into with one meaning in all readings; mixing them with numbers is refused."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import READINGS, assert_readings_agree, filled, instance_of, outcomes, states
from test_values import HEAD

from snapproof.spec import DeclarationError, EvaluationError, ScenarioError
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act

RECORDS = '''
class Kind(IntEnum):
    ASK = 0
    ANSWER = 1
    NO = 2

class Stamp(Record):
    """When something was said."""
    sure: int = field(Flag(), "is it certain", initial=1)
    time: int = field(Range(-2, 2), "the hour", initial=1)

class Message(Record):
    """What is said."""
    sender: int = field(Maybe(T), "who sends it")
    stamp: Stamp = field(RecordOf(Stamp), "when")
    kind: int = field(OneOf(Kind), "what it is about", initial=Kind.NO)
    to: int = field(Mask(T), "who gets it")

class Single(Record):
    """A record of one field."""
    it: int = field(Range(0, 4), "a number")

class Double(Record):
    """The same, once more."""
    of: Single = field(RecordOf(Single), "a record")

def answer(m: Message, k: int) -> Message:
    if m.stamp.sure and k > 0:
        return m.with_(kind=Kind.ANSWER, sender=k)
    return m if k == 0 else Message(sender=-1, stamp=m.stamp, kind=Kind.NO, to=m.to)

def certain(m: Message) -> bool:
    return m.stamp.sure

def put(s: S, m: Message) -> int:
    s.m = m
    return m.to
'''

SETUP = "st = Stamp(sure=s.f, time=s.a)\nm = Message(sender=s.b - 1, stamp=st, kind=s.b, to=s.b + 4)"

VALUES = [
    "m.sender", "m.kind", "m.to", "m.stamp.time", "m.stamp.sure", "st.time * 3 + st.sure", "st == m.stamp", "st != Stamp(sure=0, time=0)",
    "m == answer(m, 0)", "answer(m, s.b).kind", "answer(m, 2).sender", "answer(answer(m, 1), 2).to", "answer(m, s.b) == m",
    "m.with_(sender=2).sender + m.sender", "m.with_(stamp=st.with_(time=-2)).stamp.time", "m.with_(to=0) == m.with_(to=0, kind=m.kind)",
    "(m if s.f else answer(m, 1)).kind", "(m if s.f else m.with_(kind=Kind.ASK)) == m", "certain(m) + certain(answer(m, 2))",
    "s.m.kind", "s.m.stamp.time", "s.m.stamp == st", "s.mails[0].stamp.sure", "s.mails[s.b] == s.m", "s.mails[s.b].sender",
    "any(s.mails[i] == m for i in c.each(T))", "sum(m.stamp.time + i for i in range(s.b) if m.sender != i)", "m.stamp.time in (s.a, 1)",
    "sum(Stamp(sure=i, time=i - 1).time for i in range(2))", "st == m.stamp == st", "not certain(m) or m.sender",
    "max((answer(m, i).sender for i in range(2)), default=3)", "Message(to=1, kind=m.kind, stamp=Stamp(time=s.a, sure=1), sender=0).kind",
    "Single(it=s.b).it + 1", "Single(it=s.b) == Single(it=1)", "Double(of=Single(it=s.b)).of.it", "Double(of=Single(it=2)).of.it < 3",
    "Message(sender=0, stamp=st, kind=0, to=0) == Message(sender=0, stamp=st, kind=Kind.ASK, to=False)",
]

STATEMENTS = [
    "n = m\nif s.a > 0:\n    n = m.with_(kind=Kind.ASK)\ns.r[{n}] = n.kind", "s.m = m\ns.r[{n}] = s.m.to\ns.m = answer(m, 1)",
    "s.mails[s.b] = m\ns.r[{n}] = s.mails[2].stamp.time\ns.mails[s.b] = s.m", "s.r[{n}] = s.m.kind\ns.r[{n}] += m.kind",
    "o = m\nfor i in c.each(T):\n    o = o.with_(sender=i, to=o.to ^ i)\ns.r[{n}] = o.sender + o.to",
    "s.r[{n}] = 0\nk = put(s, m)\ns.r[{n}] = k",
    "s.mails[0] = s.mails[1] if s.f else m\ns.r[{n}] = s.mails[0].to",
]


CELLS = '''
    m: Message = variable(RecordOf(Message), "what was said")
    mails = table(T, of=RecordOf(Message), meaning="what is under way")
'''

HEAD_WITH = HEAD.replace("class S(State):", RECORDS.lstrip() + "\nclass S(State):").replace(
    "    r = table(N", CELLS.strip("\n") + "\n    r = table(N")


def text_of(statements: list[str]) -> str:
    """Every statement once, for the same record of each initial state."""
    return filled(HEAD_WITH, statements, SETUP)


@pytest.mark.slow
def test_values_of_records_are_those_of_python(tmp_path: Path) -> None:
    assert_readings_agree(text_of([f"s.r[{n}] = {e}" for n, e in enumerate(VALUES)]), tmp_path, 2 * 5 * 3 * 2)


@pytest.mark.slow
def test_statements_with_records_do_as_python_does(tmp_path: Path) -> None:
    assert_readings_agree(text_of(STATEMENTS), tmp_path, 2 * 5 * 3 * 2)


ENUMERATION = "class Kind(IntEnum):\n    ASK = 0\n    ANSWER = 1\n    NO = 2\n\n"


def within(text: str) -> str:
    """The same, where the enumeration stands in the record whose field has its values."""
    assert text.count(ENUMERATION) == 1
    outside = text.replace(ENUMERATION, "").replace("Kind.", "Message.Kind.").replace("initial=Message.Kind.", "initial=Kind.")
    first = '    """What is said."""\n'
    return outside.replace(first, f"{first}\n{indent(ENUMERATION, '    ')}")


@pytest.mark.slow
def test_an_enumeration_in_a_record_is_one_beside_it(tmp_path: Path) -> None:
    statements = [f"s.r[{n}] = {e}" for n, e in enumerate(e for e in VALUES if "Kind" in e or "answer" in e)]
    beside, inside = (instance_of(made(text_of(statements)), tmp_path) for made in (str, within))
    wanted = states(beside, "plain")
    assert all(states(inside, reading) == wanted for reading in READINGS)
    assert inside.show(inside.start_cells())["m"]["kind"] == "NO"


ONE = BASE.replace("class S(State):", RECORDS.lstrip() + "\nclass S(State):\n" + CELLS.strip("\n")).replace(
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""',
    'class P(Process, letter="P", programs=True):\n    """Runs programs."""\n    mine: Stamp = local(RecordOf(Stamp), "its stamp")')
GO = "@action\ndef go(s: S, c: C) -> Signal:"


def one(lines: str, folder: Path) -> list[object]:
    instance = instance_of(ONE.replace("P(Process", "P0(Process").replace("(P,", "(P0,").replace("p: P)", "p: P0)")
                           + body("if s.g:\n    return WAIT\n" + lines + "\ns.g = 1\nreturn DONE", GO).replace("s.g", "s.x[0]")
                           + END.replace(", P=1, Q=1", ""), folder)
    taken = act(instance, SymbolicState.known(instance, tuple(instance.start_cells())), instance.spec.actions[0])
    return [*outcomes(instance, deadlock=False), taken.errors != FALSE]


FAILING = [
    "n = Stamp(sure=0, time=3)", "n = Stamp(sure=2, time=0)", "n = Stamp(sure=-1, time=0)", "n = s.m.with_(sender=2)",
    "n = s.m.with_(sender=-2)", "n = s.m.with_(to=4)", "n = s.m.with_(stamp=Stamp(sure=1, time=-3))", "s.x[1] = s.mails[2].kind",
    "s.x[1] = s.m == s.m.with_(kind=3)",
]


@pytest.mark.slow
@pytest.mark.parametrize("lines", FAILING)
def test_a_value_that_a_field_does_not_have_is_an_error_where_the_record_is_made(lines: str, tmp_path: Path) -> None:
    assert one(lines, tmp_path) == [EvaluationError, EvaluationError, True]


def test_a_cell_that_nothing_was_written_to_has_the_first_values_of_the_fields(tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path)
    shown = instance.show(instance.start_cells())
    first = {"sender": "none", "stamp": {"sure": True, "time": 1}, "kind": "NO", "to": []}
    assert shown["m"] == first and shown["mails"] == [first] * 2


def test_every_record_is_read_back_from_what_is_shown_and_no_two_look_alike(tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path)
    slot = instance.slots["", "m"]
    assert (slot.low, slot.high) == (0, 3 * 10 * 3 * 4 - 1)
    shown = [slot.domain.show(v, instance.sizes) for v in range(slot.high + 1)]
    assert [slot.domain.read(s, instance.sizes) for s in shown] == list(range(slot.high + 1))
    assert all(slot.domain.encode(slot.domain.decode(v, instance.sizes), instance.sizes) == v for v in range(slot.high + 1))
    for wrong in (3, "none", {}, shown[0] | {"kind": "MAYBE"}, shown[0] | {"more": 1}, {"kind": "NO"}):
        with pytest.raises(ValueError, match="is not a"):
            slot.domain.read(wrong, instance.sizes)


REFUSED = {
    "a record as a number": ("s.y = s.m", "a record Message for this variable, which holds a number.*one field"),
    "a record added": ("s.y = s.m + 1", "a record Message as a number.*sender, stamp, kind, to"),
    "a record as a condition": ("if s.m:\n    s.y = 1", "a record Message as a condition"),
    "a record that is looked at": ("s.y = not s.m", "a record Message as a condition|a record Message as a number"),
    "a record as an index": ("s.x[s.m] = 1", "a record Message as a number"),
    "a number as a record": ("s.m = 3", "a number for this variable, which holds a record Message.*Message\\(sender=…"),
    "another record": ("s.m = s.m.stamp", "a record Stamp for this variable, which holds a record Message"),
    "records of two classes": ("s.y = s.m == s.m.stamp", "a comparison of a record Message with a record Stamp"),
    "a record and a number": ("s.y = s.m == 3", "a comparison of a record Message with a number.*name one of its fields"),
    "an order": ("s.y = s.m < s.m", "an order of records.*=="),
    "a sum of records": ("s.m += 1", "a record Message as a number"),
    "a name for two shapes": ("n = s.m\nn = 1", "the name 'n' for a number here and a record Message elsewhere"),
    "a choice of two shapes": ("n = s.m if s.y else s.m.stamp", "a choice between a record Message and a record Stamp"),
    "a parameter": ("s.y = certain(s.y)", "a number for the parameter m, which holds a record Message"),
    "a parameter of another class": ("s.y = certain(s.m.stamp)", "a record Stamp for the parameter m"),
    "a number passed as one": ("s.y = has(s.m, 1)", "a record Message for the parameter mask, which holds a number"),
    "a field changed": ("n = s.m\nn.kind = 1", "an assignment to a field of a record.*m.with_\\(kind=…\\)"),
    "a field of a cell changed": ("s.m.kind = 1", "an assignment to a field of a record"),
    "an unknown field": ("s.y = s.m.sendr", "Message has no field 'sendr'.*sender"),
    "an unknown field that is given": ("n = s.m.with_(sendr=1)", "Message has no field 'sendr'"),
    "a field that is missing": ("n = Stamp(sure=1)", "Stamp is made without time.*sure=…, time=…"),
    "values in order": ("n = Stamp(1, 2)", "a Stamp of values without names"),
    "starred values": ("n = Stamp(**s.m)", "of values without names"),
    "nothing given": ("n = s.m.with_()", "this with_"), "a step as a field": ("n = Stamp(sure=1, time=DONE)", "a step as a number"),
    "a record as a field": ("n = Stamp(sure=1, time=s.m.stamp)", "a record Stamp for the field time, which holds a number"),
    "a number as a record in it": ("n = s.m.with_(stamp=1)", "a number for the field stamp, which holds a record Stamp"),
    "a record that is a next box": ("return s.m", "returns a record Message, and says -> Next"),
    "a record that is a member": ("s.y = any(s.mails[i] for i in c.each(T))", "a record Message as a condition"),
    "a record in a tuple": ("s.y = s.m in (s.m, s.m)", "a record Message as a number"),
    "a class as a value": ("n = Message", "the class Message as a value"), "a record of the module": ("n = FIXED", "the value Stamp\\("),
    "a part of a number": ("n = 1\ns.y = n.kind", "this expression|own"),
    "a helper without its word": ("s.y = silent(s.m)", "returns a record Message, and does not say so.*-> Message"),
    "a helper that says another": ("s.y = wrong(s.m)", "returns a number, and says -> Message.*Return a Message"),
}

HELPERS = '''
FIXED = Stamp(sure=1, time=1)

def silent(m: Message):
    return m

def wrong(m: Message) -> Message:
    return 3

'''


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_mixes_records_and_numbers_is_refused_with_its_line_and_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        load(ONE + HELPERS + body(lines + "\nreturn last") + END, tmp_path)
    assert ":" in caught.value.place and caught.value.cause and caught.value.fix


DECLARED = {
    "without fields": ("class R(Record):\n    pass", "it has no field"),
    "with a bare annotation": ("class R(Record):\n    a: int", "a: it is not declared with field"),
    "with a variable": ('class R(Record):\n    a: int = variable(Flag(), "x")', "it is not declared with field"),
    "with a method": ("class R(Record):\n    def f(self) -> int:\n        return 1", "it is not declared with field"),
    "with a class": ("class R(Record):\n    class A:\n        x = 1", "A: it is not declared with field.*enumerations for them"),
    "with an enumeration only": ("class R(Record):\n    class A(IntEnum):\n        X = 0", "it has no field"),
    "with an enumeration of a word": ("class R(Record):\n    class with_(IntEnum):\n        X = 0", "a meaning of its own"),
    "with a word of the language": ('class R(Record):\n    with_: int = field(Flag(), "x")', "a meaning of its own"),
    "derived": ('class R(Stamp):\n    a: int = field(Flag(), "x")', "derived from another record"),
    "without a domain": ('class R(Record):\n    a: int = field(3, "x")', "is not a domain.*RecordOf"),
    "without a meaning": ('class R(Record):\n    a: int = field(Flag(), "")', "no line of meaning"),
    "with a wrong beginning": ('class R(Record):\n    a: int = field(Flag(), "x", initial="no")', "is no value for it"),
    "nested with a beginning": ('class R(Record):\n    a: int = field(RecordOf(Stamp), "x", initial=1)', "is no value for it"),
    "a variable with a beginning": ('class R(State):\n    a: int = variable(RecordOf(Stamp), "x", initial=1)', "initial= for its cells"),
    "of no record": ("RecordOf(S)", "not a class derived from Record"),
    "of a made one": ("RecordOf(FIXED)", "not a class derived from Record"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DECLARED, ids=[k.replace(" ", "-") for k in DECLARED])
def test_a_record_that_is_not_well_formed_is_refused(case: str, tmp_path: Path) -> None:
    lines, message = DECLARED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}"):
        load(ONE + HELPERS + lines + "\n\n" + body("return last") + END, tmp_path)


def test_a_record_that_does_not_fit_a_cell_is_refused_with_what_makes_it_large(tmp_path: Path) -> None:
    large = 'class R(Record):\n    a: int = field(Range(0, 1 << 40), "x")\n    b: int = field(Range(1, 1 << 30), "y")\n\n'
    used = body("n = R(a=1, b=1)\nreturn last if n.a else DONE")
    with pytest.raises(ScenarioError, match="record R: it takes 71 bits .*a 41, b 30"):
        instance_of(ONE + large + used + END, tmp_path)


def test_an_argument_of_a_command_is_a_record_written_as_one_word(tmp_path: Path) -> None:
    program = {"P": ["go sure=yes,time=1"]}
    argument = 'a: int = argument(Member(T), "a track")\n    said: Stamp = argument(RecordOf(Stamp), "when")'
    text = ONE.replace('a: int = argument(Member(T), "a track")', argument) + body("s.x[1] = p.said.time\np.mine = p.said\nreturn last")
    text += 'GO = command(P, "go", "said", first=box, meaning="goes")\n' + END.replace("P=1", "P=1")
    hosts = [{"kind": "P", "program": [program["P"][0].replace("yes", "true")]}]
    instance = instance_of(text, tmp_path, hosts=hosts)
    assert instance.invocations[0].show(instance.spec.kinds[0], instance.sizes) == "go sure=True,time=1"
    found = [states(instance, reading) for reading in ("plain", "compiled")]
    assert found[0] == found[1] and any(instance.show(c)["P1"]["mine"] == {"sure": True, "time": 1} for c in found[0])
