"""Three readings say the same of made-up specifications, and refuse mistakes with reasons.

The numbers from SNAPPROOF_SEED on (0), SNAPPROOF_EXAMPLES of them (300), are the same specifications everywhere;
tests/audit_random.py looks at many more.
"""

from __future__ import annotations

import ast
import os
import random
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from audit_random import one
from made_up import examples, misqueued
from made_up.bagging import bagging
from made_up.examples import Disagreement, Example, GivenUp, examine, example, loaded
from made_up.figures import figured
from made_up.folding import folding
from made_up.gathering import gathering
from made_up.misdeclared import DECLARED
from made_up.misfolded import FOLDED
from made_up.mistakes import MISTAKES, STATEMENTS, spoiled
from made_up.queueing import queueing
from made_up.recording import recording
from made_up.smaller import failing, smaller
from made_up.texts import Made, Setting, made
from made_up.uniting import uniting

import snapproof.spec as language
from snapproof.checker.emit.expressions import ExpressionEmitter
from snapproof.checker.emit.text import Value
from snapproof.spec import DeclarationError, domains, reader, reader_expressions, tree
from snapproof.symbolic.execute import Executor

EXAMPLES = int(os.environ.get("SNAPPROOF_EXAMPLES", "300"))
SEED = int(os.environ.get("SNAPPROOF_SEED", "0"))
BLOCKS = 11
FIGURES = 3


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("part", range(BLOCKS))
def test_three_readings_say_the_same_of_made_up_specifications(part: int) -> None:
    for seed in range(SEED + part, SEED + EXAMPLES, BLOCKS):
        outcome, told = one(seed)
        assert not told, f"the example {seed} ({outcome}): python tests/audit_random.py --from {seed} --count 1\n{told}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("part", range(FIGURES))
def test_three_readings_say_the_same_of_made_up_figures(part: int) -> None:
    for seed in range(SEED + part, SEED + EXAMPLES // 2, FIGURES):
        outcome, told = one(seed, kind="figures")
        assert not told, f"the example {seed} ({outcome}): python tests/audit_random.py --kind figures --from {seed} --count 1\n{told}"


# --- is everything in the generator? --------------------------------------------------------------------

MADE = 250
"""So many good texts, and three times as many wrong ones, are looked through at most for what must be met."""


@cache
def good(seed: int) -> str:
    return made(seed).text


def texts() -> Iterator[str]:
    """Good texts, each with figures, others with generators, records, sets, unions, sequences or bags, and spoiled in three ways."""
    for seed in range(MADE):
        yield good(seed)
        yield figured(good(seed), random.Random(seed))
        yield folding(2 * seed).text
        yield recording(2 * seed).text
        yield gathering(2 * seed).text
        yield queueing(2 * seed).text
        yield bagging(2 * seed).text
        yield uniting(2 * seed).text
        yield from (spoiled(good(seed), random.Random(seed + MADE * i)) for i in range(3))


def never_met(wanted: set[str], met: Callable[[str], set[str]]) -> set[str]:
    """What is wanted and met in no text."""
    for text in texts():
        wanted = wanted - met(text)
        if not wanted:
            break
    return wanted


CALLING = (5, 7, 12)
"""Some of the texts with figures that call and are asked for."""


@pytest.mark.slow
def test_every_kind_of_node_of_the_tree_is_made_up(tmp_path: Path) -> None:
    met: set[Any] = set()
    operators: set[tuple[str, str]] = set()
    for i in range(80):
        path = tmp_path / f"made{i}.py"
        text = good(i)
        path.write_text(figured(text, random.Random(i)) if i in CALLING else text)
        try:
            spec = loaded(path)
        except DeclarationError:
            continue  # a local box that other processes could see
        for function in spec.trees.values():
            for helper in tree.helpers(function).values():
                for node in tree.nodes(helper):
                    met.add(type(node))
                    if hasattr(node, "op"):
                        operators.add((type(node).__name__, node.op))
    assert set(get_args(tree.Expr)) | set(get_args(tree.Stmt)) <= met
    wanted = {("Binary", op) for op in [*reader_expressions.BINARY.values(), "min", "max"]}
    wanted |= {("Compare", op) for op in reader_expressions.COMPARE.values()} | {("Unary", op) for op in reader_expressions.UNARY.values()}
    assert wanted | {("Logic", "and"), ("Logic", "or")} <= operators


@pytest.mark.slow
def test_every_python_form_that_the_reader_names_is_made_up() -> None:
    named = set()
    for path in Path(reader.__file__).parent.glob("reader*.py"):
        named |= {n.attr for n in ast.walk(ast.parse(path.read_text()))
                  if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "ast" and n.attr[0].isupper()}
    forms = (ast.stmt, ast.expr, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
    kinds = {name for name in named if issubclass(getattr(ast, name), forms)}
    kinds -= {"stmt", "expr", "operator", "cmpop", "unaryop", "boolop"}
    for text in (*STATEMENTS, *FOLDED, *misqueued.STATEMENTS):
        kinds -= forms_of(f"def f():\n{textwrap.indent(text, '    ')}")
    assert not never_met(kinds, forms_of)


def forms_of(text: str) -> set[str]:
    return {type(node).__name__ for node in ast.walk(ast.parse(text))}


@pytest.mark.slow
def test_every_domain_and_every_word_of_the_language_is_made_up() -> None:
    kinds = {name for name, of in vars(domains).items()
             if isinstance(of, type) and issubclass(of, domains.Domain) and of is not domains.Domain and of.__module__ == domains.__name__}
    declared = {name for name in language.__all__ if not name.endswith(("Error", "Result")) and name not in UNSAID}
    assert not never_met(kinds | declared - ALWAYS_REFUSED, names_of)
    assert {name for text in DECLARED for name in names_of(text)} >= ALWAYS_REFUSED


def names_of(text: str) -> set[str]:
    return {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}


UNSAID = {"Action", "Asked", "Command", "Constant", "Constraint", "Contradiction", "Domain", "Exit", "Figure", "FigureCall", "Initial",
          "Instance", "Part", "Property", "Scenario", "Sizes", "Step", "Switch", "Table", "Variable", "masks", "near"}
"""What specifications do not write: classes of what decorators make."""

ALWAYS_REFUSED = {"eventually"}
"""Words of mistakes, which the tables of known ones have; hundreds of texts are spoiled before one of these comes by chance."""


@pytest.mark.slow
def test_every_mistake_changes_some_text() -> None:
    for mistake in MISTAKES:
        changed = 0
        for i in range(12):
            module = ast.parse(good(i))
            changed += bool(mistake(module, random.Random(i))) and ast.dump(module) != ast.dump(ast.parse(good(i)))
        assert changed >= 6, mistake.__name__


@pytest.mark.slow
@pytest.mark.parametrize("make", [made, folding, recording, gathering, queueing, bagging, uniting], ids=lambda make: make.__name__)
def test_no_name_of_a_function_hides_one_of_its_module(make: Callable[[int], Made]) -> None:
    for seed in range(0, 80, 2):  # those that are meant well
        module = ast.parse(make(seed).text)
        known = {n.name for n in module.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        known |= {n.id for part in module.body if isinstance(part, ast.Assign) for n in part.targets if isinstance(n, ast.Name)}
        functions = [n for n in module.body if isinstance(n, ast.FunctionDef)]
        own = {n.id for f in functions for n in ast.walk(f) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        own |= {n.arg for f in functions for n in ast.walk(f) if isinstance(n, ast.arg)}
        assert not own & known, seed


@pytest.mark.slow
def test_the_same_number_is_the_same_specification() -> None:
    assert [example(seed).text for seed in range(20)] == [example(seed).text for seed in range(20)]


# --- can it fail? ---------------------------------------------------------------------------------------


def _turned(method: Callable[..., Any]) -> Callable[..., Any]:
    """`min` and `max`, `<` and `<=` are mixed up in what a specification says.

    Not in the search's own loops, which the same emitter reads: those would write behind their arrays, and whatever
    lies there would say what is noticed.
    """
    turn = {"min": "max", "max": "min", "<": "<=", "<=": "<"}

    def read(self: Any, node: Any, *more: Any) -> Any:
        own = getattr(getattr(self, "function", None), "kernel", False)
        return method(self, node if own else type(node)(turn.get(node.op, node.op), node.left, node.right), *more)

    return read


def _larger(method: Callable[..., Any]) -> Callable[..., Any]:
    """An index set has one member more."""
    def of_size(self: Any, node: Any, *more: Any) -> Any:
        found = method(self, node, *more)
        return Value(str(found.low + 1), found.low + 1, found.low + 1) if isinstance(found, Value) else found + 1

    return of_size


WRONGS: dict[str, tuple[type, str, Any]] = {
    "compiled comparisons": (ExpressionEmitter, "of_compare", _turned), "compiled minimum": (ExpressionEmitter, "of_binary", _turned),
    "compiled sizes": (ExpressionEmitter, "of_size", _larger), "symbolic comparisons": (Executor, "of_compare", _turned),
    "symbolic sizes": (Executor, "of_size", _larger)}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("wrong", WRONGS)
def test_a_reading_that_is_wrong_is_noticed(wrong: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_wrong(wrong, monkeypatch)
    assert first_noticed(0, tmp_path) is not None, "sixty examples did not notice"


def make_wrong(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a reading wrong for a test."""
    of, name, change = WRONGS[wrong]
    changed = change(getattr(of, name))
    monkeypatch.setattr(of, name, changed)
    for table in ("_READING", "_TESTING"):  # by kind of node, made once
        known = getattr(__import__(of.__module__, fromlist=[table]), table, {})
        for kind, method in list(known.items()):
            if method.__name__ == name:
                monkeypatch.setitem(known, kind, changed)


def first_noticed(start: int, folder: Path) -> int | None:
    """The number of the first example that notices; a wrong reading may also go on for ever, and then decides nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "PATIENCE", 3)
        for seed in range(start, 120, 2):
            try:
                examine(example(seed), folder)
            except Disagreement:
                return seed
            except GivenUp:
                continue
    return None


LARGE = """
from __future__ import annotations
from snapproof.spec import *


class S(State):
    x: int = variable(Range(0, 2), "counted")
    y: int = variable(Flag(), "turned over")


class C(Scope):
    pass


class P(Process, letter="P"):
    pass


def spare(a: int) -> int:
    \"\"\"Nobody calls it.\"\"\"
    return a + 1


@step(P, "0", "Fig. 0")
def count(s: S, c: C, p: P) -> Next:
    \"\"\"Counts up to two.\"\"\"
    s.y = 1 - s.y
    if s.x < 2:
        s.x = s.x + 1
    return DONE


@invariant("I", "broken")
def few(s: S, c: C) -> bool:
    \"\"\"There are few.\"\"\"
    return s.x != 7


SPECIFICATION = Specification.of_module("made", S, C, __name__, P=2)
"""


@pytest.mark.slow
def test_what_fails_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    make_wrong("compiled comparisons", monkeypatch)
    large = Example(2, LARGE, [Setting({"P": 2}, {}, "", [], True, True, False)] * 2, spoiled=False)
    how = failing(large)
    assert how, "a reading that turns every comparison says the same of a text that compares"
    found = smaller(large, attempts=60)
    assert failing(found) == how
    assert len(found.settings) == 1
    assert "spare" not in found.text and "few" not in found.text and "s.y =" not in found.text, found.text
    assert "s.x < 2" in found.text, "without it nothing fails"
