"""`all`, `any`, `sum`, `min`, `max`, `next` over generators and `x in (A, B)` mean what Python means, in all three readings."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load
from readings_kit import assert_readings_agree, instance_of, outcomes
from test_values import values_text

from snapproof.spec import DeclarationError, EvaluationError
from snapproof.symbolic.circuit import FALSE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import act

VALUES = [
    "any(s.x[t1] == s.b for t1 in c.each(T))", "all(s.x[t1] == s.b for t1 in c.each(T))", "sum(s.x[t1] for t1 in c.each(T))",
    "any(s.x[i] for i in range(3))", "all(s.x[i] for i in range(1, 2))", "all(i for i in range(s.a))", "any(i for i in range(s.b))",
    "any(s.x[i] and s.a for i in range(3))", "not all(s.x[i] or s.a for i in range(s.b))", "any(i == s.b for i in range(s.f, s.b + 1))",
    "sum(i * s.x[i] for i in range(s.b) if s.x[i])", "sum(s.x[i] > 0 for i in range(3))", "sum(1 for i in range(3) if i != s.b if i)",
    "sum(i * j for i in range(3) for j in range(i, 3))", "sum(1 for i in range(s.b) if s.f for j in range(i) if j != s.a)",
    "sum(sum(i + j for i in range(s.b)) for j in range(3))", "any(all(i <= j for i in range(s.b)) for j in c.each(T))",
    "sum(max((i * j for i in range(s.b)), default=j) for j in range(3))", "sum(sum(i for i in range(j)) for j in range(s.b) if j)",
    "min(s.x[i] - s.b for i in c.each(T))", "max((i for i in range(s.b)), default=-7)", "min((i for i in range(s.b) if i), default=s.a)",
    "max(s.x[i] > s.b for i in c.each(T))", "max(s.a, max(s.x[i] for i in range(3)))", "max(-i - 3 for i in range(s.b + 1))",
    "min((s.x[i] for i in c.each(T) if s.x[i] > s.a), default=t) + t", "next(i for i in range(9) if i * 2 > s.b)",
    "next((i for i in c.each(T) if s.x[i] == s.b), -1)", "next((i * 9 + j for i in range(3) for j in range(3) if i * j == s.b), s.a)",
    "next((s.a for i in range(s.b)), s.f and 5)", "any(t == s.x[i] for i in c.each(T))", "sum(s.x[i] for i in range(3) if i in (t, s.b))",
    "any(positive(s.a) for i in range(s.b))", "any(found(s, c, i) for i in range(2, 4))", "sum(either(i, s.a) for i in range(3))",
    "any(s.x[i] > 0 for i in range(3)) + any(i == s.b for i in range(2))", "s.x[any(i for i in range(s.b))]",
    "sum(c.size(T) + i for i in range(c.size(T)) if c.mode)", "any(True for i in range(s.a))", "all(False for i in range(s.a))",
    "s.a in (1, 2)", "s.a not in (1, 2)", "s.a in (s.b, s.f, -1)", "s.a + 1 not in (s.b,)", "s.f in (True, s.a > 0)", "(s.a in (0, 1)) + 1",
    "(s.a > 0) in (0, s.b)", "s.a in ()", "s.b not in ()", "3 in (s.a, s.b)", "s.b in (Mode.ON, c.mode)", "s.a and s.b in (1, 2) or t",
    "not s.a in (1, 2)", "s.b in (s.b in (1, 2), 2)", "of_flag(s.a in (1, 2)) + of_flag(any(i for i in range(s.b)))",
    "of_flag(max(s.x[i] > 0 for i in c.each(T)))", "of_flag(next((s.x[i] > 0 for i in c.each(T)), False))",
]

STATEMENTS = [
    "flag = s.a > 0\ns.r[{n}] = sum(of_flag(flag) for i in range(s.b))",
    "k = 1\nif s.a > 0:\n    k = 2\ns.r[{n}] = sum(k for i in range(3))",
    "s.r[{n}] = 0\nfor i in c.each(T):\n    s.r[{n}] += sum(i * j for j in range(3)) - any(j == i for j in range(s.b))",
    "s.r[{n}] = 0\nfor i in c.each(T):\n    s.r[{n}] += i\ns.r[{n}] += sum(i for i in c.each(T) if i != s.b)",
    "if all(s.x[i] != s.a for i in c.each(T)):\n    s.r[{n}] = 1\nelse:\n    s.r[{n}] = 2",
    "k = any(s.x[i] == s.b for i in c.each(T))\nk += 2\ns.r[{n}] = k", "if s.a in (1, -1):\n    s.r[{n}] = 3",
    "k = 4\nk = sum(k for i in range(s.b))\ns.r[{n}] = k", "s.x[next(i for i in range(3) if i >= s.b % 2)] = 1\ns.r[{n}] = s.x[0]",
    "k = 9\nfor i in range(sum(j for j in range(s.b))):\n    k = i\ns.r[{n}] = k",
    "s.r[{n}] = sum(1 for a in range(2) for b in range(2) if not any(s.x[d] == a for d in range(b, 3) if d in (a, b)))",
    "flag = s.a > 0\nk = all(of_flag(flag) > i and any(of_flag(flag and i == j) == 2 for j in range(3)) for i in range(s.b))\ns.r[{n}] = k",
]

WITHOUT_ERROR = [
    "any(i == 1 or s.x[i + 2] == 9 for i in range(3))", "all(i < 1 and s.x[i] < 9 for i in range(9))",
    "any(True for i in range(9) if i == 2 or s.x[i] == 8)", "next(i for i in range(9) if s.x[i] == 2)",
    "any(i + j == 2 or s.x[i + j] == 9 for i in range(3) for j in range(3))", "next((1 for i in range(5) if i), 7)",
]
"""Of these a later member has no value, and an earlier one decides."""

FAILING = [
    "min(i for i in range(s.done - 1))", "max(s.x[i] for i in c.each(T) if s.x[i] > 7)", "next(i for i in c.each(T) if s.x[i] > 7)",
    "any(next(j for j in range(3) if j == i) for i in range(5) if i > 3)", "max((i for i in range(2)), default=s.x[s.done + 5])",
    "next((i for i in range(2)), s.x[s.done + 5])", "sum(s.x[i] for i in range(4))", "any(s.x[i] == 9 for i in range(4))",
    "2 in (2, s.x[s.done + 5])", "s.x[s.done + 5] in ()", "s.done in (1, 1 >> -s.done)", "all(True for i in range(s.x[3]))",
    "any(True for i in range(0) for j in range(0)) or s.x[7]", "sum(1 for i in range(2) for j in range(s.x[i + 2]))",
    "sum(i for i in range(3) if s.x[i + s.done])",
]

ONE = BASE.replace("class P(Process", "class P0(Process").replace("@step(P,", "@step(P0,").replace("p: P)", "p: P0)") + '''
class M(S):
    done: int = variable(Flag(), "it has been tried", initial=1)
    r: int = variable(Range(-1000, 1000), "what it is")
S = M

'''


def one(lines: str, folder: Path) -> list[object]:
    text = ONE + body(lines + "\nreturn DONE", "@action\ndef go(s: S, c: C) -> Signal:")
    instance = instance_of(text + END.replace("T=2, P=1, Q=1", "T=3"), folder)
    taken = act(instance, SymbolicState.known(instance, tuple(instance.start_cells())), instance.spec.actions[0])
    return [*outcomes(instance, deadlock=False), taken.errors != FALSE]


@pytest.mark.slow
def test_values_of_folds_and_of_membership_are_those_of_python(tmp_path: Path) -> None:
    assert_readings_agree(values_text([f"s.r[{n}] = {e}" for n, e in enumerate(VALUES)]), tmp_path, 2 * 5 * 3 * 2)


@pytest.mark.slow
def test_statements_with_folds_do_as_python_does(tmp_path: Path) -> None:
    assert_readings_agree(values_text(STATEMENTS), tmp_path, 2 * 5 * 3 * 2)


@pytest.mark.slow
@pytest.mark.parametrize("value", WITHOUT_ERROR)
def test_members_behind_the_one_that_decides_are_not_evaluated(value: str, tmp_path: Path) -> None:
    plain, compiled, errors = one(f"s.x[1] = 1\ns.x[2] = 2\ns.r = {value}", tmp_path)
    assert plain == compiled == ("holds", None, None, 2) and not errors


@pytest.mark.slow
@pytest.mark.parametrize("value", FAILING)
def test_what_has_no_value_is_an_error_in_every_reading(value: str, tmp_path: Path) -> None:
    assert one(f"s.r = {value}", tmp_path) == [EvaluationError, EvaluationError, True]


@pytest.mark.slow
@pytest.mark.parametrize(("value", "said"), [("min(i for i in range(s.y))", "empty"), ("next(i for i in range(s.y))", "StopIteration"),
                                             ("any(next(i for i in range(s.y)) for j in range(1))", "StopIteration")])
def test_the_error_of_nothing_names_the_step(value: str, said: str, tmp_path: Path) -> None:
    text = ONE + body(f"s.r = {value}\nreturn DONE", "@action\ndef go(s: S, c: C) -> Signal:")
    instance = instance_of(text + END.replace("T=2, P=1, Q=1", "T=3"), tmp_path)
    from snapproof.checker import search

    for reading in ("plain", "compiled"):
        with pytest.raises(EvaluationError, match=f"(?s)py:[0-9]+ go: .*{said}"):
            search(instance, [], reading=reading)  # type: ignore[arg-type]


REFUSED = {
    "a list in all": ("s.y = all([s.x[t] for t in c.each(T)])", "a list in all.*without brackets"),
    "a set in any": ("s.y = any({t for t in c.each(T)})", "a set in any"),
    "a dictionary in sum": ("s.y = sum({t: 1 for t in c.each(T)})", "a dictionary in sum"),
    "a list display in max": ("s.y = max([1, 2])", "a list in max"), "a tuple in min": ("s.y = min((1, 2))", "a tuple in min"),
    "a generator by itself": ("g = (t for t in c.each(T))\ns.y = any(g)", "a generator by itself.*inside of all"),
    "a generator that is returned": ("return (t for t in c.each(T))", "a generator by itself"),
    "a generator for a helper": ("s.y = has((t for t in c.each(T)), 1)", "a generator by itself"),
    "a generator that is looped over": ("for t in (u for u in c.each(T)):\n    pass", "go over c.each"),
    "a name in any": ("k = 1\ns.y = any(k)", "a call of 'any' with this.*any\\(… for x in"),
    "nothing in all": ("s.y = all()", "'all' without a generator"), "two things in all": ("s.y = all(1, 2)", "a call of 'all' with this"),
    "a start in sum": ("s.y = sum((t for t in c.each(T)), 1)", "a start in sum.*start \\+ sum"),
    "a named start": ("s.y = sum((t for t in c.each(T)), start=1)", "a start in sum"),
    "a key": ("s.y = min((t for t in c.each(T)), key=abs)", "this call of 'min'.*default="),
    "a key beside a default": ("s.y = max((t for t in c.each(T)), default=1, key=abs)", "this call of 'max'"),
    "a default of all": ("s.y = all((t for t in c.each(T)), default=1)", "this call of 'all'"),
    "a named default of next": ("s.y = next((t for t in c.each(T)), default=1)", "this call of 'next'.*default\\)"),
    "next of two": ("s.y = next((t for t in c.each(T)), 1, 2)", "this call of 'next'"),
    "min of a generator and a number": ("s.y = min((t for t in c.each(T)), 1)", "a generator by itself"),
    "an index set itself": ("s.y = any(t == 1 for t in T)", "this generator.*c.each"),
    "a state": ("s.y = any(t == 1 for t in c.each(S))", "loop or size"),
    "a table": ("s.y = any(t == 1 for t in s.x)", "the whole table 'x'.*one of its cells"),
    "a mask": ("s.y = any(t == 1 for t in 5)", "this generator"), "a kind in each": ("s.y = sum(q.id for q in c.each(Q))", "'q' is one of"),
    "an index set in all of": ("s.y = sum(1 for q in s.all(T))", "c.each\\(T\\)"),
    "a range of three": ("s.y = sum(t for t in range(1, 5, 2))", "this generator"),
    "a word for a set": ("s.y = sum(t for t in c.each(T, n=1))", "this generator"),
    "two names": ("s.y = sum(t for t, u in c.each(T))", "this form of generator"),
    "an asynchronous one": ("s.y = sum(t async for t in c.each(T))", "asynchronous|this form of generator|coroutine"),
    "a step as an element": ("s.y = any(last for t in c.each(T))", "a step as a condition"),
    "a step to add": ("s.y = sum(DONE for t in c.each(T))", "a step as a number"),
    "a step as a condition": ("s.y = sum(1 for t in c.each(T) if WAIT)", "a step as a condition"),
    "a step that is found": ("return next(last for t in c.each(T))", "a step as a number"),
    "a step by default": ("s.y = next((t for t in c.each(T)), DONE)", "a step as a number"),
    "a process as an element": ("s.y = any(q for q in s.all(Q))", "the process 'q' as a value"),
    "a name that is a process": ("s.y = any(p for p in c.each(T))", "stands for something else"),
    "a name that is the state": ("s.y = any(s for s in c.each(T))", "stands for something else"),
    "a name that has a value": ("t = 1\ns.y = any(t == 1 for t in c.each(T))", "'t', which stands for something else"),
    "a name of a loop around": ("for t in c.each(T):\n    s.y = any(t == 1 for t in c.each(T))", "stands for something else"),
    "a name of a generator around": ("s.y = any(any(t for t in c.each(T)) for t in c.each(T))", "stands for something else"),
    "a name twice": ("s.y = any(t for t in c.each(T) for t in range(2))", "stands for something else"),
    "a name afterwards": ("k = any(t for t in c.each(T))\ns.y = t", "'t' is unknown"),
    "a name too soon": ("s.y = sum(1 for t in range(u) for u in range(2))", "'u' is unknown"),
    "a name of its own": ("s.y = sum(u for t in range(2) for u in range(u))", "'u' is one of the function's own"),
    "a name that may have no value": ("if s.y > 0:\n    k = 1\ns.y = sum(k for t in c.each(T))", "'k' is one of the function's own"),
    "a walrus": ("s.y = any((k := t) for t in c.each(T))", "'namedexpr'"),
    "a lambda": ("s.y = any((lambda: t)() for t in c.each(T))", "name a module constant"),
    "an unknown name": ("s.y = sum(nothing for t in c.each(T))", "'nothing' is unknown"),
    "a helper that writes": ("s.y = any(put(s) for t in c.each(T))", "put, which writes, inside an expression"),
    "a helper that writes in a condition": ("s.y = sum(1 for t in c.each(T) if put(s))", "put, which writes"),
    "a helper that writes in a tuple": ("s.y = 1 in (put(s), 2)", "put, which writes"),
    "a call for nothing": ("any(t for t in c.each(T))", "without effect"),
    "a starred generator": ("s.y = max(*(t for t in c.each(T)))", "a call of 'max'"),
    "a list of values": ("s.y = s.y in [0, 1]", "membership in a list.*x in \\(A, B\\)"),
    "a set of values": ("s.y = s.y in {0, 1}", "membership in a set"), "one value": ("s.y = s.y in (0)", "membership in this"),
    "a mask of members": ("s.y = 1 in s.y", "membership in this.*has"),
    "a range": ("s.y = s.y in range(2)", "membership in this.*low <= x"),
    "an index set": ("s.y = s.y in c.each(T)", "membership in this"), "a chain": ("s.y = 0 <= s.y in (0, 1)", "membership in a chain"),
    "identity": ("s.y = s.y is 1", "identity"), "steps": ("s.y = last in (last, DONE)", "a step as a number"),
    "a step among numbers": ("s.y = 1 in (1, WAIT)", "a step as a number"), "a starred part": ("s.y = 1 in (1, *c.each(T))", "'starred'"),
    "a comparison of generators": ("s.y = (t for t in c.each(T)) == 1", "a generator by itself"),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("case", REFUSED, ids=[k.replace(" ", "-") for k in REFUSED])
def test_what_is_no_fold_is_refused_with_its_line_and_what_to_write(case: str, tmp_path: Path) -> None:
    lines, message = REFUSED[case]
    text = BASE + "def put(s: S) -> int:\n    s.y = 0\n    return 0\n\n" + body(lines + "\nreturn last") + END
    with pytest.raises((DeclarationError, SyntaxError), match=f"(?s){message}") as caught:
        load(text, tmp_path)
    if isinstance(caught.value, DeclarationError):
        first = text.split("\n").index('@step(P, "1", "Fig. 1")') + 4
        assert first <= int(caught.value.place.split(":")[1].split()[0]) < first + 4 and caught.value.cause and caught.value.fix
