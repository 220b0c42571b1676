"""Ways in which a checker could say *holds* when it does not; each was found by trying to deceive this one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from language_kit import BASE, END, body
from random_specifications import load

from snapproof.checker import Limits, Result, Verdict, search
from snapproof.checker.compiled import CompiledSearch
from snapproof.spec import DeclarationError, EvaluationError, ScenarioError, SnapproofError
from snapproof.spec.instance import Instance
from snapproof.spec.scenario import Scenario

PROPERTY = '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:'


def verdicts(folder: Path, text: str, hosts: Iterable[dict[str, Any]] = (), end: str = END, **limits: Any) -> list[Any]:
    """What both readings say: the verdict, or the class of the error."""
    spec = load(BASE + text + end, folder).SPECIFICATION
    out: list[Any] = []
    for reading in ("plain", "compiled"):
        scenario = Scenario("s", spec, hosts=list(hosts))
        try:
            result = search(scenario.instance(), list(spec.properties.values()), deadlock=False, reading=reading,  # type: ignore[arg-type]
                            limits=Limits(**limits))
            out.append(result.verdict)
        except SnapproofError as error:
            out.append(type(error))
    return out


REFUSED = {
    "a process as a value": (body("for q in s.all(Q):\n    if q:\n        return DONE\nreturn last"), "as a value"),
    "processes compared": (
        body("for q in s.all(Q):\n    for r in s.all(Q):\n        if q != r:\n            return DONE\nreturn last"), "as a value"),
    "a process after its loop": (body("for q in s.all(Q):\n    s.y = 0\nq.k = 1\nreturn last"), "unknown|outside|no value"),
    "a loop named like the process": (body("for p in s.all(Q):\n    s.y = 0\nreturn last"), "stands for something else"),
    "a loop named like the scope": (body("for c in c.each(T):\n    s.y = 0\nreturn last"), "stands for something else"),
    "a loop named like a parameter": (
        "def h(s: S, c: C, i: int) -> int:\n    for i in range(min(s.y, 3)):\n        s.y = i\n    return i\n"
        + body("k = h(s, c, 9)\nreturn last"), "stands for something else"),
    "a truth value that is a number": (
        "def big(s: S) -> bool:\n    return s.y & 6\n" + body("s.x[0] = big(s)\nreturn last"), "returns a number"),
    "a helper without value": (
        "def f(s: S) -> int:\n    if s.y > 0:\n        return 1\n" + body("return DONE if f(s) == 0 else last"), "may end without one"),
    "a helper that writes inside an expression": (
        "def bump(s: S) -> int:\n    s.y = 0\n    return 1\n" + body("s.x[bump(s)] = 1\nreturn last"), "line of its own"),
    "a helper that writes inside a comparison": (
        "def bump(s: S) -> int:\n    s.y = 0\n    return 1\n"
        + body("if 0 <= bump(s) <= 7:\n    return DONE\nreturn last"), "line of its own"),
    "a number beyond 62 bits": (body("return DONE if s.y > 9223372036854775808 else last"), "numbers lie between"),
    "a step as a condition": (
        "def nxt(s: S) -> Next:\n    return last\n" + body("t = nxt(s)\nif t:\n    return DONE\nreturn last"), "a step as a condition"),
    "a wrapped helper": (
        "import functools\ndef f(s: S) -> int:\n    return 1\n\n@functools.wraps(f)\ndef g(s: S) -> int:\n    return 2\n"
        + body("s.x[0] = g(s)\nreturn last"), "wrapped"),
    "is": (body("return DONE if s.y is not True else last"), "identity"),
    "a local box that looks at others": (
        body("for q in s.all(Q):\n    p.n = 0\nreturn last", '@step(P, "1", "Fig. 1", local=True)\ndef box(s: S, c: C, p: P) -> Next:'),
        "touches shared state"),
    "a local box whose local others write": (
        body("return last if p.n == 1 else DONE", '@step(P, "1", "Fig. 1", local=True)\ndef box(s: S, c: C, p: P) -> Next:')
        + body("for p in s.all(P):\n    p.n = 1\nreturn other", '@step(Q, "2", "Fig. 1")\ndef other(s: S, c: C, q: Q) -> Next:'),
        "which other processes read or write"),
    "a local box whose local others read": (
        body("p.n = 1\nreturn last", '@step(P, "1", "Fig. 1", local=True)\ndef box(s: S, c: C, p: P) -> Next:')
        + body("for p in s.all(P):\n    if p.n == 1:\n        s.y = 0\nreturn other",
               '@step(Q, "2", "Fig. 1")\ndef other(s: S, c: C, q: Q) -> Next:'),
        "which other processes read or write"),
    "a local box that others look for": (
        body("return last", '@step(P, "1", "Fig. 1", local=True)\ndef box(s: S, c: C, p: P) -> Next:')
        + body("for p in s.all(P):\n    if p.at(box):\n        s.y = 0\nreturn other",
               '@step(Q, "2", "Fig. 1")\ndef other(s: S, c: C, q: Q) -> Next:'),
        "never is"),
    "a property lost by its name": (
        body("return False", PROPERTY) + body("return True", '@invariant("J", "v")\ndef inv(s: S, c: C) -> bool:'), "would be lost"),
    "a ghost through a helper's result": (
        "def pick(x: int) -> Next:\n    if x:\n        return last\n    return DONE\n" + body("return pick(s.g)"),
        "a ghost decides a branch"),
    "a ghost in a name that is returned": (body("t = last if s.g > 0 else DONE\nreturn t"), "a ghost decides the next box"),
    "a ghost through a procedure": (
        "def put(s: S, v: int) -> None:\n    s.y = v\n" + body("put(s, s.g - 1)\nreturn last"), "a ghost decides the variable y"),
    "a ghost through a helper's loop": (
        "def find(s: S, c: C, n: int) -> int:\n    for i in range(n):\n        return i\n    return 0\n"
        + body("s.y = find(s, c, s.g)\nreturn last"), "a ghost decides"),
    "a property over a base without members": (
        "class Base(Process):\n    \"\"\"A base.\"\"\"\n"
        + body("return True", '@invariant("I", "v")\ndef inv(s: S, c: C, b: Base) -> bool:'),
        "base without members"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_could_deceive_is_refused(case: str, tmp_path: Path) -> None:
    text, message = REFUSED[case]
    with pytest.raises(DeclarationError, match=f"(?s){message}"):
        load(BASE + text + END, tmp_path)


def test_a_search_of_more_witnesses_than_a_mask_has_bits_is_refused(tmp_path: Path) -> None:
    many = "".join(body("return True", f'@witness("W{i}")\ndef seen{i}(s: S, c: C) -> bool:') for i in range(61))
    spec = load(BASE + many + END, tmp_path).SPECIFICATION
    with pytest.raises(DeclarationError, match="(?s)At most 60"):
        CompiledSearch(Instance(spec, {}, {}), list(spec.properties.values())).run(Limits())


def test_a_constant_that_changed_after_it_was_read_is_refused(tmp_path: Path) -> None:
    spec = load(BASE + "LIMIT = 3\n" + body("return s.y < LIMIT", PROPERTY) + END + "LIMIT = -5\n", tmp_path).SPECIFICATION
    with pytest.raises(DeclarationError, match="changed after it was read"):
        Instance(spec, {}, {})


def test_arguments_belong_to_the_kind_that_runs_the_command(tmp_path: Path) -> None:
    text = '''
class R(Process, letter="R", programs=True):
    """Another kind with programs, and arguments of its own."""
    d: int = argument(Range(0, 3), "a number")
    n: int = argument(Range(0, 3), "another")

@step(R, "r", "-")
def use(s: S, c: C, r: R) -> Next:
    """Writes what its command says."""
    s.x[0] = r.d
    return DONE

@step(P, "p", "-")
def walk(s: S, c: C, p: P) -> Next:
    """Ends."""
    return DONE

GO = command(P, "go", "a", first=walk, meaning="goes")
RUN = command(R, "run", "n", "d", first=use, meaning="runs")
''' + body("return s.x[0] != 2", PROPERTY)
    hosts = [{"kind": "P", "program": ["go T2"]}, {"kind": "R", "program": ["run 1 2"]}]
    assert verdicts(tmp_path, text, hosts, END.replace("P=1, ", "")) == [Verdict.VIOLATED] * 2


def test_a_command_of_a_base_begins_in_the_kind_that_runs_it(tmp_path: Path) -> None:
    text = '''
class Base(Process, programs=True):
    """Common."""
    v: int = argument(Range(0, 3), "a number")

class First(Base, letter="F", programs=True):
    """One kind."""

class Second(Base, letter="G", programs=True):
    """Another, with a step more."""

@step(Second, "x", "-")
def extra(s: S, c: C, g: Second) -> Next:
    """Not executed."""
    return DONE

@step(Base, "b", "-")
def shared(s: S, c: C, b: Base) -> Next:
    """Writes."""
    s.x[1] = b.v
    return DONE

DO = command(Base, "do", "v", first=shared, meaning="does")
''' + body("return s.x[1] != 3", PROPERTY)
    hosts = [{"kind": "First", "program": ["do 1"]}, {"kind": "Second", "program": ["do 3"]}]
    end = END.replace("P=1, Q=1", "P=0, Q=0")
    assert verdicts(tmp_path, text, hosts, end) == [Verdict.VIOLATED] * 2


ACTION = "@action\ndef go(s: S, c: C) -> Signal:"


def test_a_product_beyond_64_bits_is_an_error_not_a_wrapped_number(tmp_path: Path) -> None:
    text = body("k = s.y + 2\ns.x[0] = (k << 40) * (1 << 30)\nreturn DONE", ACTION)
    assert verdicts(tmp_path, text) == [EvaluationError] * 2


def test_sums_that_grow_in_a_loop_are_checked_too(tmp_path: Path) -> None:
    text = body("k = 1\nfor i in range(70):\n    k = k + k\ns.x[0] = 1 if k > 0 else 2\nreturn DONE", ACTION)
    plain, compiled = verdicts(tmp_path, text)
    assert plain is Verdict.HOLDS and compiled is EvaluationError


def test_a_domain_wider_than_62_bits_is_refused(tmp_path: Path) -> None:
    text = "class W(State):\n    w: int = variable(Range(0, 1 << 63), 'wide')\n" + body("return DONE", ACTION.replace("s: S", "s: W"))
    spec = load(BASE + text + END.replace('"m", S', '"m", W'), tmp_path).SPECIFICATION
    with pytest.raises(ScenarioError, match="62 bits"):
        Instance(spec, {}, {})


def test_a_specification_without_initial_state_is_an_error(tmp_path: Path) -> None:
    text = body("return WAIT", "@initial\ndef start(s: S, c: C) -> Signal:") + body("return False", PROPERTY)
    assert verdicts(tmp_path, text) == [EvaluationError] * 2


MANY = '''
class Big(IndexSet, letter="b"):
    """Many."""

class Wide(IndexSet, letter="w", size=lambda n: 8000):
    """Very many."""

class M(State):
    w: int = variable(Member(Wide), "which")

@initial
def many(s: M, c: C, a: Wide) -> Signal:
    """One for each."""
    s.w = a
    return DONE

@action
def jump(s: M, c: C, a: Wide) -> Signal:
    """Anywhere."""
    s.w = a
    return DONE

@invariant("I", "v")
def never(s: M, c: C) -> bool:
    """Not the last."""
    return s.w != 7999
'''


def many(tmp_path: Path) -> Any:
    return load(BASE + MANY + END.replace('"m", S', '"m", M').replace("T=2", "T=2, Big=1"), tmp_path).SPECIFICATION


@pytest.mark.slow
def test_more_initial_states_and_choices_than_a_batch_are_all_met(tmp_path: Path) -> None:
    spec = many(tmp_path)
    result = CompiledSearch(Instance(spec, {"P": 0}, {}), [], deadlock=False).run(Limits(seconds=3))
    assert result.distinct == 8000


def test_too_little_memory_for_the_initial_states_is_a_partial_verdict(tmp_path: Path) -> None:
    spec = many(tmp_path)
    going = CompiledSearch(Instance(spec, {"P": 0}, {}), [spec.properties["I"]], deadlock=False)
    result: Result = going.run(Limits(memory=60_000))
    assert result.verdict is Verdict.INCOMPLETE
    assert "memory" in result.line()


@pytest.mark.slow
def test_a_search_interrupted_among_its_initial_states_goes_on_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from snapproof.checker.plain import PlainSearch

    spec = many(tmp_path)
    going = PlainSearch(Instance(spec, {"P": 0}, {}), [spec.properties["I"]], deadlock=False)
    meet, calls = going._meet, iter(range(10_000))

    def interrupted(reached: Any, parent: int) -> None:
        if next(calls) == 10:
            raise KeyboardInterrupt
        meet(reached, parent)

    monkeypatch.setattr(going, "_meet", interrupted)
    assert going.run().verdict is Verdict.INCOMPLETE
    assert going.run().verdict is Verdict.VIOLATED
