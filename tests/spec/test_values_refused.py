"""What a refusal says of values that hold each other: which they are, and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load

from snapproof.spec import DeclarationError

PARTS = '''
class Link(TaggedUnion):
    """A union."""

class Fresh(Link):
    """Nothing."""

class Held(Link):
    """Somebody has it."""
    by: int = field(Maybe(T), "who")

class Pair(Record):
    """Two."""
    one: int = field(Member(T), "one")

Links = SequenceOf(UnionOf(Link), 2)
Two, Three = SequenceOf(Member(T), 2), SequenceOf(Member(T), 3)
Sets, Members_, Masks = BagOf(SetOf(T), 1), BagOf(Member(T), 1), SequenceOf(Mask(T), 2)

class S(State):
'''
CELLS = '''
    q: Sequence = variable(Links, "unions in order")
    two: Sequence = variable(Two, "two members")
    three: Sequence = variable(Three, "three members")
    sets: Bag = variable(Sets, "sets")
    some: Bag = variable(Members_, "members")
    masks: Sequence = variable(Masks, "masks")
    link: Link = variable(UnionOf(Link), "a union")
    pair: Pair = variable(RecordOf(Pair), "a record")
'''

REFUSED = {
    "a word of bags": ("s.y = s.q.count(Fresh())", "a call of .count of a sequence of Link .*take an item"),
    "a word of lists": ("s.q = s.q.pop(0)", "a call of .pop of a sequence of Link"),
    "a word of sequences": ("s.some = s.some.remove(1)", "a call of .remove of a bag of T .*b.count"),
    "a word of records": ("s.link = s.link.copy()", "a call of .copy of a union Link .*isinstance"),
    "a domain that is called": ("s.q = Links(Fresh())", r"a call of the domain Links .*c\.sequence\(Links, …\)"),
    "a bag domain that is called": ("s.sets = Sets()", r"a call of the domain Sets .*c\.bag\(Sets, …\)"),
    "a case as a value": ("s.y = s.link == Fresh", r"the class Fresh as a value .*ask isinstance\(m, Fresh\), or make a value: Fresh\(…\)"),
    "a union as a value": ("s.y = s.link == Link", r"the class Link as a value .*make a value: Fresh\(…\) or Held\(…\)"),
    "a record as a value": ("s.y = s.pair == Pair", r"the class Pair as a value .*: make a value: Pair\(…\)"),
    "a field without a value": ("s.y = Held.by", "a field without a value .*m.sender"),
    "identity": ("s.y = s.link is Fresh", r"isinstance\(m, Case\)"),
    "two domains of one kind": ("s.y = s.two == s.three", r"a sequence of T \(Two\) with a sequence of T \(Three\)"),
    "one domain for another": ("s.two = s.three", r"a sequence of T \(Three\) for this variable, which holds a sequence of T \(Two\)"),
    "two domains in a choice": ("q = s.two if s.y else s.three", r"between a sequence of T \(Two\) and a sequence of T \(Three\)"),
    "two domains together": ("s.two = s.two + s.three", r"\+ between a sequence of T \(Two\) and a sequence of T \(Three\)"),
    "two domains in a tuple": ("for q in (s.two, s.three):\n    pass", r"a tuple of a sequence of T \(Two\) and a sequence of T \(Three\)"),
    "bags of sets and of members": ("s.y = s.sets == s.some", "a bag of sets of T with a bag of T"),
    "masks in order": ("s.y = s.masks == s.two", "a sequence of masks of T with a sequence of T"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_which_values_and_what_to_write(case: str, tmp_path: Path) -> None:
    lines, told = REFUSED[case]
    text = BASE.replace("class S(State):\n", PARTS.lstrip() + CELLS.lstrip("\n"))
    with pytest.raises(DeclarationError) as refused:
        load(text + body(lines + "\nreturn DONE") + END, tmp_path)
    assert re.search(told, str(refused.value)) and "object at" not in str(refused.value), str(refused.value)
