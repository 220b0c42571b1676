"""Words of programs that differ in capitals only: each stands for its own value."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_specifications import load

from snapproof.spec import ScenarioError
from snapproof.spec.programs import parse_program

TEXT = '''
from __future__ import annotations
from snapproof.spec import *

class Answer(TaggedUnion):
    """One of three."""

class No(Answer):
    """No."""

class Yes(Answer):
    """Yes, in a low voice."""

class YES(Answer):
    """Yes, aloud."""

class S(State):
    said: Answer = variable(UnionOf(Answer), "the last one")

class C(Scope):
    """No switches."""

class P(Process, letter="P", programs=True):
    """Answers."""
    a: Answer = argument(UnionOf(Answer), "an answer")

@step(P, "1", "")
def say(s: S, c: C, p: P) -> Next:
    """Says it."""
    s.said = p.a
    return DONE

SAY = command(P, "say", "a", first=say, meaning="says it")

SPECIFICATION = Specification.of_module("answers", S, C, __name__, P=1)
'''


def said(text: str, folder: Path) -> list[str]:
    """The commands that a text stands for."""
    spec, sizes = load(TEXT, folder).SPECIFICATION, {"P": 1}
    kind = spec.kinds[0]
    return [i.show(kind, sizes) for i in parse_program(spec, kind, {"program": [text]}, sizes, "host").positions[0]]


@pytest.mark.parametrize(("text", "meant"), [
    ("say Yes", ["say Yes"]), ("say YES", ["say YES"]), ("say no", ["say No"]), ("say NO|YES", ["say No", "say YES"]),
    ("say *", ["say No", "say Yes", "say YES"])])
def test_each_value_is_named_and_none_is_left_out(text: str, meant: list[str], tmp_path: Path) -> None:
    assert said(text, tmp_path) == meant


def test_a_word_that_could_be_two_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="'yes' is one of several values of a.*Write Yes or YES"):
        said("say yes", tmp_path)
