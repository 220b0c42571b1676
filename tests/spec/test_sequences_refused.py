"""What mixes sequences and numbers, or does not fit a cell, is refused with its line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import instance_of
from test_sequences import ONE

from snapproof.spec import DeclarationError, ScenarioError

REFUSED = {
    "a sequence as a number": ("s.y = s.q", "a sequence of numbers for this variable, which holds a number.*an item of the sequence"),
    "a sequence added": ("s.y = s.q + 1", "\\+ between a sequence of numbers and a number.*q.append"),
    "a sequence beside": ("s.y = 1 + s.q", "\\+ between a number and a sequence"), "a number joined": ("s.q += 1", "q.append\\(m\\)"),
    "a difference": ("s.q = s.q - s.q", "- of sequences"), "a product": ("s.y = s.q * 2", "a sequence of numbers as a number.*q.first"),
    "a sequence as a condition": ("if s.q:\n    s.y = 1", "a sequence of numbers as a condition"),
    "a sequence that is looked at": ("s.y = not s.q", "a sequence of numbers as a condition|a sequence of numbers as a number"),
    "a number as a sequence": ("s.q = 3", "which holds a sequence of numbers.*c.sequence\\(Queue, …\\)"),
    "a sequence of others": ("s.q = s.desk.notes", "a sequence of Note for this variable, which holds a sequence of numbers"),
    "two put together": ("s.q = s.q + s.desk.notes", "\\+ between a sequence of numbers and a sequence of Note"),
    "a comparison": ("s.y = s.q == s.desk.notes", "a comparison of a sequence of numbers with a sequence of Note.*or bags of one domain"),
    "a sequence and a number": ("s.y = s.q == 3", "a comparison of a sequence of numbers with a number"),
    "an order": ("s.y = s.q < s.q", "an order of sequences.*lengths"), "a slice": ("s.q = s.q[1:]", "this subscript"),
    "a number that is indexed": ("n = 1\ns.y = n[0]", "this subscript.*sequences"),
    "two indices": ("s.y = s.q[0, 1]", "the expression 'tuple'"),
    "a sequence as an index": ("s.y = s.q[s.q]", "as a number"), "an item of another kind": ("s.y = s.q in s.q", "an item of a sequence"),
    "an item for a record": ("s.y = 1 in s.desk.notes", "a number for an item of a sequence of Note, which holds a record Note"),
    "a record for an item": ("s.q = s.q.append(s.desk.notes[0])", "a record Note for an item of a sequence of numbers"),
    "nothing appended": ("s.q = s.q.append()", "this append.*q.append\\(m\\)"), "two appended": ("s.q = s.q.append(1, 2)", "this append"),
    "a word of sets": ("s.q = s.q.with_(1)", "this with_.*q.append"),
    "a record appended to": ("n = s.desk.append(1)", "a call of .append of a record Desk"),
    "what changes nothing": ("s.q.append(1)", "a call without effect.*use its value"),
    "a part": ("s.y = s.q.last", "the part 'last' of a sequence"),
    "a call of a part": ("s.y = s.q.first()", "a call of .first.*without brackets"),
    "a first of no sequence": ("s.y = s.desk.first", "Desk has no field 'first'"),
    "this sequence": ("s.q = c.sequence()", "this sequence.*c.sequence\\(Queue, m, n\\)"),
    "no domain": ("s.q = c.sequence(T, 1)", "this sequence"),
    "another domain": ("s.q = c.sequence(FLAG, 1)", "this sequence"),
    "a new domain": ("s.q = c.sequence(SequenceOf(Flag(), 2))", "this sequence"),
    "a list": ("s.q = c.sequence(Queue, [1])", "the expression 'list'"), "a list by itself": ("s.q = [1]", "the expression 'list'"),
    "a name for two shapes": ("n = s.q\nn = 1", "the name 'n' for a number here and a sequence of numbers elsewhere"),
    "a choice of two shapes": ("n = s.q if s.y else 1", "a choice between a sequence of numbers and a number"),
    "a parameter": ("s.y = size_of(s.y)", "a number for the parameter q, which holds a sequence"),
    "a next box": ("return s.q", "says -> Next"),
    "a length": ("s.y = len(s.desk)", "a length of this.*sequence"), "a part changed": ("s.q.first = 1", "an assignment to a field"),
    "an item changed": ("s.q[0] = 1", "this assignment"), "a helper without its word": ("s.q = silent(s.q)", "does not say so.*-> Queue"),
    "a helper that says another": ("s.q = wrong(s.q)", "returns a number, and says -> Queue"),
}

WRONG = '''
FLAG = Flag()

def silent(q: Queue):
    return q

def wrong(q: Queue) -> Queue:
    return 3

'''


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_mixes_sequences_and_numbers_is_refused_with_its_line_and_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}") as caught:
        load(ONE + WRONG + body(lines + "\nreturn last") + END, tmp_path)
    assert caught.value.cause and caught.value.fix


UNDECLARED = {
    "SequenceOf(3, 2)": "3 is not a domain", "SequenceOf(Flag(), 0)": "0 items at most", "SequenceOf(Flag(), 63)": "63 items at most",
    "SequenceOf(Flag(), True)": "True is no number of items", "SequenceOf(Flag(), 'two')": "no number of items",
    "SequenceOf(Flag, 2)": "brackets"}


@pytest.mark.parametrize("of", UNDECLARED)
def test_a_domain_that_is_none_is_refused(of: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=UNDECLARED[of]):
        load(BASE + f"Off = {of}\n" + END, tmp_path)


def test_a_sequence_is_not_chosen_but_made_of_what_is_chosen(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"'q' is chosen from all sequences of a domain.*Choose its items"):
        load(ONE + body("return last", "@step(P, '2', 'Fig. 1')\ndef box(s: S, c: C, p: P, q: Queue) -> Next:") + END, tmp_path)


def test_a_sequence_has_no_beginning_but_the_empty_one_and_no_property_returns_it(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="initial=.*empty"):
        load(ONE.replace('variable(Queue, "a sequence")', 'variable(Queue, "a sequence", initial=1)') + body("return last") + END, tmp_path)
    with pytest.raises(DeclarationError, match="returns a record"):
        load(ONE + body("return s.q", '@invariant("I", "v")\ndef inv(s: S, c: C) -> Queue:') + body("return last") + END, tmp_path)


def test_index_sets_that_only_items_name_belong_to_the_specification(tmp_path: Path) -> None:
    text = BASE.replace("class S(State):",
    'class U(IndexSet, letter="U"):\n    """Others."""\n\nQueue = SequenceOf(Member(U), 2)\n\nclass S(State):')
    used = body("return last if len(c.sequence(Queue, 1)) else DONE")
    assert instance_of(text + used + END, tmp_path, sizes={"U": 3}).sizes["U"] == 3


@pytest.mark.parametrize(("of", "said"), [
    ("SequenceOf(Range(0, 255), lambda n: n['T'] * 4)", "sequence of numbers: it takes 65 bits .*8 items with 256 values"),
    ("SequenceOf(Flag(), lambda n: n['T'] - 2)", "0 items at most at these sizes"),
    ("SequenceOf(Flag(), lambda n: 63)", "63 items at most"),
    ("SequenceOf(Flag(), lambda n: 1 / 0)", "cannot be computed"), ("SequenceOf(Range(0, lambda n: -1), 2)", "no values at these sizes"),
    ("SequenceOf(Range(0, (1 << 62) - 2), 1)", "more than the 62 of a cell")])
def test_a_sequence_that_does_not_fit_a_cell_is_refused(of: str, said: str, tmp_path: Path) -> None:
    text = BASE.replace("class S(State):", f"Queue = {of}\n\nclass S(State):") + body("return last if c.sequence(Queue).empty else DONE")
    with pytest.raises(ScenarioError, match=said):
        instance_of(text + END, tmp_path, sizes={"T": 2})
