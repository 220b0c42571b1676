"""What `query` says of cells that hold records, unions, sequences and bags of each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from snapproof.cli.main import cli

TEXT = """
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    \"\"\"Tracks.\"\"\"

class Pair(Record):
    \"\"\"Two.\"\"\"
    t: int = field(Member(T), "one")
    sure: int = field(Flag(), "another")

class Link(TaggedUnion):
    \"\"\"One of two.\"\"\"

class Fresh(Link):
    \"\"\"Nothing.\"\"\"

class Held(Link):
    \"\"\"A pair.\"\"\"
    pair: Pair = field(RecordOf(Pair), "a pair")

class S(State):
    q: Sequence = variable(SequenceOf(UnionOf(Link), 2), "unions in order")
    b: Bag = variable(BagOf(SetOf(T), 2), "sets in any order")
    pair: Pair = variable(RecordOf(Pair), "a record")
    link: Link = variable(UnionOf(Link), "a union")
    n: int = variable(Range(0, 1), "a number")

class C(Scope):
    \"\"\"No switches.\"\"\"

class P(Process, letter="P", rest=True):
    \"\"\"Moves.\"\"\"

@step(P, "1", "")
def go(s: S, c: C, p: P) -> Next:
    \"\"\"Goes.\"\"\"
    s.n = 1
    return DONE

SPECIFICATION = Specification.of_module("parts", S, C, __name__, T=2, P=1)
"""


def ask(folder: Path, question: str) -> tuple[int, str]:
    """The exit code and the text of a question about the specification."""
    (folder / "parts.py").write_text(TEXT)
    found = CliRunner().invoke(cli, ["query", question, "--spec", str(folder / "parts.py")])
    return found.exit_code, found.output


@pytest.mark.slow
def test_a_state_is_shown_as_traces_show_it(tmp_path: Path) -> None:
    code, said = ask(tmp_path, "len(q) == 1 and link in q and link.tag == Held and link.pair == pair and pair.t == T2 and pair.sure "
                               "and b == [[T1], [T1]]")
    assert code == 0, said
    for line in ("q: <Held(pair (t T2, sure yes))>", "b: {{T1}, {T1}}", "pair: (t T2, sure yes)", "link: Held(pair (t T2, sure yes))"):
        assert f"  {line}\n" in said, said
    code, said = ask(tmp_path, "q == [] and b == []")
    assert code == 0 and "  q: <>\n" in said and "  b: {}\n" in said, said


@pytest.mark.slow
@pytest.mark.parametrize(("question", "advice"), [
    ("Fresh in q", "cell.tag == Free"), ("link == Fresh", "cell.tag == Free"), ("pair == T1", "message.bit == true"),
    ("q == Fresh", "[] is the empty sequence"), ("b == T1", "[] is the empty bag")])
def test_a_name_where_a_value_with_parts_belongs_is_refused_with_what_can_be_written(tmp_path: Path, question: str, advice: str) -> None:
    code, said = ask(tmp_path, question)
    assert code == 151 and advice in said and "belongs" in said and "{'" not in said, said
