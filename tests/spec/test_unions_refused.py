"""What mixes tagged unions with numbers, records and each other is refused, in functions, declarations and questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_kit import END, body
from random_specifications import load
from readings_kit import instance_of
from test_unions import ONE

from snapproof.spec import DeclarationError
from snapproof.spec.machine import Machine
from snapproof.symbolic.expressions import ExpressionError, parse_expression
from snapproof.symbolic.query import query
from snapproof.symbolic.question import as_property

REFUSED = {
    "a union as a number": ("s.y = s.m", "a union Link for this variable, which holds a number"),
    "a union added": ("s.y = s.m + 1", "a union Link as a number.*isinstance\\(m, Fresh\\).*following, count, by, sure"),
    "a union as a condition": ("if s.m:\n    s.y = 1", "a union Link as a condition"),
    "a number as a union": ("s.m = 3",
    "a number for this variable, which holds a union Link.*Fresh\\(\\) or Free\\(following=…, count=…\\)"),
    "another union": ("s.m = One(it=1)", "a union Only for this variable, which holds a union Link"),
    "a record as a union": ("s.m = s.pair", "a record Pair for this variable, which holds a union Link"),
    "two unions compared": ("s.y = s.m == One(it=1)", "a comparison of a union Link with a union Only.*values of one union"),
    "a union and a number": ("s.y = s.m == 3", "a comparison of a union Link with a number"),
    "an order": ("s.y = s.m < s.m", "an order of values of a union.*=="),
    "a choice of two shapes": ("n = s.m if s.y else s.pair", "a choice between a union Link and a record Pair"),
    "a name for two shapes": ("n = s.m\nn = 1", "the name 'n' for a number here and a union Link elsewhere"),
    "an unknown field": ("s.y = s.m.bye", "no case of Link has a field 'bye'.*by"),
    "an unknown field that is given": ("s.m = Held(bye=1)", "Held has no field 'bye'"),
    "an unknown field that is changed": ("s.m = s.m.with_(bye=1)", "no case of Link has a field 'bye'"),
    "fields of two cases": ("s.m = s.m.with_(by=1, following=0)", "no case of Link has a field 'by' and a field 'following'"),
    "a field that is missing": ("s.m = Held(by=1)", "Held is made without sure and count.*Held\\(by=…, sure=…, count=…\\)"),
    "values in order": ("s.m = Held(1, 0, 0)", "a Held of values without names"),
    "a value too many": ("s.m = Gone(1)", "a Gone of values without"),
    "starred values": ("s.m = Gone(**s.m)", "of values without names"), "nothing given": ("s.m = s.m.with_()", "this with_"),
    "a union without its case": ("s.m = Link()", "a Link without its case.*Fresh\\(\\) or"),
    "a union as a field": ("s.m = Held(by=s.m, sure=0, count=0)", "a union Link for the field by, which holds a number"),
    "a number as a union in it": ("s.pair = s.pair.with_(left=1)", "a number for the field left, which holds a union Link"),
    "a field changed": ("n = s.m\nn.by = 1", "an assignment to a field"), "a class as a value": ("n = Held", "the class Held as a value"),
    "a case that is asked of a number": ("s.y = isinstance(s.y, Held)", "isinstance of a number.*only a tagged union"),
    "a case that is asked of a record": ("s.y = isinstance(s.pair, Held)", "isinstance of a record Pair"),
    "a case of another union": ("s.y = isinstance(s.m, One)", "isinstance of a Link with this.*Fresh, Free, Held, Gone"),
    "the union itself": ("s.y = isinstance(s.m, Link)", "isinstance of a Link with this"),
    "no class at all": ("s.y = isinstance(s.m, 3)", "isinstance of a Link with this"),
    "a type": ("s.y = isinstance(s.m, int)", "with this"),
    "a case alone": ("s.y = isinstance(s.m)", "this isinstance"), "one with a name": ("s.y = isinstance(s.m, cls=Held)", "this isinstance"),
    "an empty choice of cases": ("s.y = isinstance(s.m, ())", "isinstance of a Link without a case"),
    "a parameter of a case": ("s.y = narrow(s.m)", "m is annotated with Held, a case of a union.*Write Link"),
    "a result of a case": ("s.m = narrowed(s.m)", "its result is annotated with Held, a case"),
    "a helper without its word": ("s.m = silent(s.m)", "returns a union Link, and does not say so.*-> Link"),
    "a helper that says another": ("s.m = wrong(s.m)", "returns a number, and says -> Link"),
    "a union that is a next box": ("return s.m", "returns a union Link, and says -> Next"),
}

HELPERS = '''
def silent(m: Link):
    return m

def wrong(m: Link) -> Link:
    return 3

def narrow(m: Held) -> int:
    return m.by

def narrowed(m: Link) -> Held:
    return m

'''


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_mixes_unions_with_others_is_refused_with_its_line_and_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        load(ONE + HELPERS + body(lines + "\nreturn last") + END, tmp_path)
    assert ":" in caught.value.place and caught.value.cause and caught.value.fix


DECLARED = {
    "a field of the union": ('class U(TaggedUnion):\n    a: int = field(Flag(), "x")', "the field 'a' itself.*class First\\(U\\)"),
    "a bare annotation": ("class U(TaggedUnion):\n    a: int", "it is not declared with field"),
    "a method": ("class U(TaggedUnion):\n    def f(self) -> int:\n        return 1", "it is not declared with field"),
    "a word of the language": ('class U(TaggedUnion):\n    pass\nclass V(U):\n    with_: int = field(Flag(), "x")', "a meaning of its own"),
    "a field called tag": ('class U(TaggedUnion):\n    pass\nclass V(U):\n    tag: int = field(Flag(), "x")', "a field called tag"),
    "a case of a case": ("class U(Held):\n    pass", "derived from a case"),
    "a case of two": ("class U(Link, Only):\n    pass", "from several classes"),
    "a case that comes too late": ("class U(Link):\n    pass", "UnionOf\\(Link\\) has been written already.*all cases first"),
    "a union in itself": ('class U(TaggedUnion):\n    pass\nclass V(U):\n    pass\n'
                          'class W(U):\n    u: U = field(UnionOf(U), "x")', "no part of itself"),
    "a case twice": ("class U(TaggedUnion):\n    pass\nclass V(U):\n    pass\nclass V(U):\n    pass", "there is such a case already"),
    "a name for two domains": ('class U(TaggedUnion):\n    pass\nclass V(U):\n    a: int = field(Flag(), "x")\n'
                               'class W(U):\n    a: int = field(Range(0, 1), "x")', "V has a field 'a' with other values"),
    "a union without a case": ("class U(TaggedUnion):\n    pass\nUnionOf(U)", "it has no case"),
    "no union": ("UnionOf(S)", "not a class derived"),
    "a case as a domain": ("UnionOf(Held)", "Held is one case of Link"), "one that is made": ("UnionOf(Gone())", "not a class derived"),
    "a variable with a beginning": ('class R(State):\n    a: int = variable(UnionOf(Link), "x", initial=1)', "records, unions, sets"),
    "all values of a union": ("@action\ndef go(s: S, c: C, m: UnionOf(Link)) -> Signal:\n    return DONE",
    "chosen from all values of a union"),
    "a record that looks like one": ('class R(Record):\n    tag: int = field(Flag(), "x")\n'
                                     '    value: int = field(Flag(), "x")', "called tag and value"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DECLARED, ids=[k.replace(" ", "-") for k in DECLARED])
def test_a_union_that_is_not_well_formed_is_refused(case: str, tmp_path: Path) -> None:
    lines, message = DECLARED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}"):
        load(ONE + lines + "\n\n" + body("return last") + END, tmp_path)


# --- questions --------------------------------------------------------------------------------------------

ASKED = {
    "m.tag == Held and m.by == T2": ("Held", {"by": "T2"}), "m.by == T2": ("Held", {"by": "T2"}),
    "m.count > 1 and m.tag != Held": ("Free", {"count": 2}),
    "m.count == 2 and not m.tag == Free": ("Held", {"count": 2}), "m.sure and m != links[T1]": ("Held", {"sure": True}),
    "m.following == none and m.count + 1 == 0": ("Free", {"following": "none", "count": -1}), "m.tag == Gone": ("Gone", {}),
    "pair.left == m and pair.left.tag == Gone": ("Gone", {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("asked", ASKED)
def test_a_question_about_a_case_and_its_fields_finds_a_state_that_is_so(asked: str, tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path)
    answer = query(instance, asked, [], 20.0)
    assert answer.found is not None
    found, (tag, fields) = instance.show(answer.found)["m"], ASKED[asked]
    assert found["tag"] == tag and fields.items() <= found["value"].items()
    of, p = as_property(instance, asked)
    machine = Machine(of, [])
    machine.thaw(answer.found)
    assert p.function(machine.state, machine.scope) == 0


UNASKED = {
    "m": "not a condition", "m == 1": "a union is compared with something else.*cell.tag",
    "m == pair.right": "compared with something else",
    "m < m": "no order", "m.bye == 1": "no case of Link has a field 'bye'.*by", "m + 1 == 2": "a union is no number",
    "links[m] == m": "a union is no index",
    "m.tag == Lost": "not a value of what it is compared with", "m.count.x == 1": "only records and unions",
}


@pytest.mark.parametrize("asked", UNASKED)
def test_a_question_that_mixes_a_union_with_something_else_is_refused(asked: str, tmp_path: Path) -> None:
    instance = instance_of(ONE + body("return last") + END, tmp_path)
    with pytest.raises(ExpressionError, match=UNASKED[asked]):
        parse_expression(instance, asked)
