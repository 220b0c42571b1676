"""Whatever stands where a declaration takes an argument: it means something, or it is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_kit import run
from language_kit import BASE, END, body

from snapproof.spec import DeclarationError
from snapproof.spec.demands import TAKEN
from snapproof.suite.sources import specification_file

INVARIANT = body("return True", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:')
CHOICES = 'class M(IntEnum):\n    OFF = 0\n    ON = 1\n\n'

WRONG = ["None", "7", "1.5", "'text'", "b'x'", "[]", "[1]", "{}", "()", "int", "object()", "T", "S", "C", "P", "Flag", "Flag()", "last",
         "DONE", "WAIT",
         "lambda *a: 1", "len", "True", "'two words'", "''", "IndexSet", "Process", "State", "Scope", "IntEnum", "range(3)",
         "NotImplemented"]

FORMS: dict[str, tuple[str, set[str]]] = {
    # a text with one gap, and the wrong-looking values that are right there
    "letter of a set": ("class U(IndexSet, letter={}):\n    pass\n", {"'text'"}),
    "symmetric": ("class U(IndexSet, letter='U', symmetric={}):\n    pass\n", {"True"}),
    "first": ("class U(IndexSet, letter='U', first={}):\n    pass\n", {"7"}),
    "low": ("D = Range({}, 9)\n", {"7"}),
    "high": ("D = Range(0, {})\n", {"7", "lambda *a: 1", "len", "int", "object()", "T", "S", "C", "P", "Flag", "IndexSet", "Process",
                                    "State", "Scope", "IntEnum",
                                    "last"}),
    "set of a member": ("D = Member({})\n", {"T"}), "set of a maybe": ("D = Maybe({})\n", {"T"}), "none": ("D = Maybe(T, none={})\n",
                                                                                                           {"'text'"}),
    "set of a mask": ("D = Mask({})\n", {"T"}), "enumeration": ("D = OneOf({})\n", set()),
    "index of a table": ("class V(State):\n    w = table({}, of=Flag(), meaning='m')\n", {"T"}),
    "domain of a table": ("class V(State):\n    w = table(T, of={}, meaning='m')\n", {"Flag()"}),
    "meaning of a table": ("class V(State):\n    w = table(T, of=Flag(), meaning={})\n", {"'text'", "'two words'"}),
    "ghost": ("class V(State):\n    w = table(T, of=Flag(), meaning='m', ghost={})\n", {"True"}),
    "initial": ("class V(State):\n    w = table(T, of=Flag(), meaning='m', initial={})\n", {"None", "7", "True"}),
    "domain of a variable": ("class V(State):\n    w: int = variable({}, 'm')\n", {"Flag()"}),
    "meaning of a variable": ("class V(State):\n    w: int = variable(Flag(), {})\n", {"'text'", "'two words'"}),
    "letter of a kind": ("class U(Process, letter={}):\n    pass\n", {"'text'", "''"}),
    "programs": ("class U(Process, letter='U', programs={}):\n    pass\n", {"True"}),
    "domain of a local": ("class U(Process, letter='U'):\n    w: int = local({}, 'm')\n", {"Flag()"}),
    "domain of an argument": ("class U(Process, letter='U', programs=True):\n    w: int = argument({}, 'm')\n", {"Flag()"}),
    "meaning of an argument": ("class U(Process, letter='U', programs=True):\n    w: int = argument(Flag(), {})\n", {"'text'",
                                                                                                                     "'two words'", "''"}),
    "values of a switch": ("class D(Scope):\n    w: int = switch({}, default=M.ON, figure='', meaning='m')\n",
                           set()),
    "value of a switch": ("class D(Scope):\n    w: int = switch(M, default={}, figure='', meaning='m')\n", set()),
    "value in a profile": ("class D(Scope):\n    profiles = ('a', 'b')\n    w: int = switch(M, a={}, b=M.ON, figure='', meaning='m')\n",
                           set()),
    "profiles": ("class D(Scope):\n    profiles = {}\n", {"()"}),
    "a profile": ("class D(Scope):\n    profiles = ({},)\n", {"'text'"}),
    "figure of a switch": ("class D(Scope):\n    w: int = switch(M, default=M.ON, figure={}, meaning='m')\n",
                           {"'text'", "'two words'", "''"}),
    "meaning of a switch": ("class D(Scope):\n    w: int = switch(M, default=M.ON, figure='', meaning={})\n",
                            {"'text'", "'two words'", "''"}),
    "setup": ("class D(Scope):\n    w: int = switch(M, default=M.ON, figure='', meaning='m', setup={})\n",
              {"True"}),
    "contradictions": ("class D(Scope):\n    contradictions = {}\n", {"[]", "()"}),
    "needs of a scope": ("class D(Scope):\n    needs = {}\n", {"[]", "()"}),
    "a rule": ("class D(Scope):\n    contradictions = (Contradiction({}, 'w', 'f'),)\n",
               {"lambda *a: 1", "len", "int", "T", "S", "C", "P", "Flag", "IndexSet", "Process", "State", "Scope", "IntEnum"}),
    "kind of a step": (body("return last", '@step({}, "1", "Fig.")\ndef box(s: S, c: C, p: P) -> Next:'), {"P"}),
    "id of a step": (body("return last", '@step(P, {}, "Fig.")\ndef box(s: S, c: C, p: P) -> Next:'), {"'text'", "'two words'", "''"}),
    "figure of a step": (body("return last", '@step(P, "1", {})\ndef box(s: S, c: C, p: P) -> Next:'), {"'text'", "'two words'", "''"}),
    "local": (body("return last", '@step(P, "1", "", local={})\ndef box(s: S, c: C, p: P) -> Next:'), {"True"}),
    "rest": (body("return last", '@step(P, "1", "", rest={})\ndef box(s: S, c: C, p: P) -> Next:'), {"True"}),
    "function of a step": ('box = step(P, "1", "")({})\n', set()), "function of an action": ("act = action({})\n", set()),
    "function of an initial": ("start = initial({})\n", set()), "function of a property": ('inv = invariant("I", "v")({})\n', set()),
    "id of an invariant": (INVARIANT.replace('"I"', "{}"), {"'text'"}), "violation": (INVARIANT.replace('"v"', "{}"), {"'text'",
                                                                                                                       "'two words'",
        "''"}),
    "severity": (INVARIANT.replace('"v"', '"v", {}'), set()),
    "id of a witness": (body("return True", '@witness({})\ndef wit(s: S, c: C) -> bool:'), {"'text'"}),
    "id of a transition": (body("return True", '@transition({}, "v", steps=[last])\ndef tra(b: S, s: S, c: C) -> bool:'), {"'text'"}),
    "steps": (body("return True", '@transition("X", "v", steps={})\ndef tra(b: S, s: S, c: C) -> bool:'), set()),
    "explanation": (INVARIANT + "inv.explain({})\n", {"lambda *a: 1", "len", "int", "T", "S", "C", "P", "Flag", "IndexSet", "Process",
                                                      "State", "Scope", "IntEnum"}),
    "kind of a command": ('GO = command({}, "go", first=last, meaning="m")\n', {"P"}),
    "word": ('GO = command(P, {}, first=last, meaning="m")\n', {"'text'"}),
    "argument": ('GO = command(P, "go", {}, first=last, meaning="m")\n', set()),
    "first step": ('GO = command(P, "go", first={}, meaning="m")\n', {"last"}),
    "needs of a command": ('GO = command(P, "go", first=last, meaning="m", needs={})\n', {"None", "lambda *a: 1"}),
    "meaning of a command": ('GO = command(P, "go", first=last, meaning={})\n', {"'text'", "'two words'", "''"}),
}
SPECIFICATION = {
    "name": ("Specification.of_module({}, S, C, __name__, T=2)", {"'text'", "'two words'"}),
    "state": ("Specification.of_module('m', {}, C, __name__, T=2)", {"S"}),
    "scope": ("Specification.of_module('m', S, {}, __name__, T=2)", {"C"}),
    "module": ("Specification.of_module('m', S, C, {}, T=2)", set()), "modules": ("Specification('m', S, C, {}, dict(T=2))", set()),
    "size": ("Specification.of_module('m', S, C, __name__, T={})", {"7"}),
    "defaults": ("Specification('m', S, C, [__import__('sys').modules[__name__]], {})", {"None", "{}"}),
}
EMPTY_MEANING = {"meaning of a table", "meaning of a variable"}


def refused(path: Path, text: str) -> str:
    """The message with which a text is refused; '' when it is accepted."""
    path.write_text(text)
    try:
        specification_file(path)
    except DeclarationError as error:
        assert error.place and error.cause and error.fix and error.exit_code == 150
        return str(error)
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=[f.replace(" ", "-") for f in FORMS])
def test_a_wrong_thing_in_a_declaration_is_refused_in_our_words(form: str, tmp_path: Path) -> None:
    text, right = FORMS[form]
    for value in WRONG:
        message = refused(tmp_path / "small.py", BASE + CHOICES + text.replace("{}", value) + END)
        if value in right:
            assert message == "" or form == "high", (value, message)
        else:
            assert message and "loading it fails" not in message, (value, message)


@pytest.mark.slow
@pytest.mark.parametrize("form", SPECIFICATION)
def test_a_wrong_thing_in_a_specification_is_refused_in_our_words(form: str, tmp_path: Path) -> None:
    text, right = SPECIFICATION[form]
    for value in WRONG:
        message = refused(tmp_path / "small.py", BASE + f"SPECIFICATION = {text.replace('{}', value, 1)}\n")
        assert (message == "") == (value in right) and "loading it fails" not in message, (value, message)


@pytest.mark.parametrize("decorator", ["step", "invariant", "transition", "witness", "eventually", "action()", "initial()", "step(P)",
                                       'step(P, "1")',
                                       'invariant("I")', "invariant()", 'transition("I", "v")', "witness()"])
def test_a_decorator_that_is_not_called_as_it_must_be_is_refused(decorator: str, tmp_path: Path) -> None:
    text = body("return DONE", f"@{decorator}\ndef thing(s: S, c: C) -> Signal:")
    assert refused(tmp_path / "small.py", BASE + text + END)


NAMES = {
    "a variable _cells": ("class V(State):\n    _cells: int = variable(Flag(), 'm')\n", "'_cells' has a meaning"),
    "a variable all": ("class V(State):\n    all: int = variable(Flag(), 'm')\n", "'all' has a meaning"),
    "a variable variables": ("class V(State):\n    variables: int = variable(Flag(), 'm')\n", "'variables' has a meaning"),
    "a local at": ("class U(Process, letter='U'):\n    at: int = local(Flag(), 'm')\n", "'at' has a meaning"),
    "a local number": ("class U(Process, letter='U'):\n    number: int = local(Flag(), 'm')\n", "'number' has a meaning"),
    "a local _machine": ("class U(Process, letter='U'):\n    _machine: int = local(Flag(), 'm')\n", "'_machine' has a meaning"),
    "an argument position": ("class U(Process, letter='U'):\n    position: int = argument(Flag(), 'm')\n", "'position' has a meaning"),
    "a switch each": ("class D(Scope):\n    each: int = switch(M, default=M.ON, figure='', meaning='m')\n",
                      "'each' has a meaning"),
    "a domain that is no variable": ("class V(State):\n    w: int = Flag()\n", "a domain by itself"),
    "a domain that is no local": ("class U(Process, letter='U'):\n    w: int = Range(0, 1)\n", "a domain by itself"),
    "a local in the state": ("class V(State):\n    w: int = local(Flag(), 'm')\n", "belongs to a process"),
    "a variable in a process": ("class U(Process, letter='U'):\n    w: int = variable(Flag(), 'm')\n", "not declared with local"),
    "a variable in the scope": ("class D(Scope):\n    w: int = variable(Flag(), 'm')\n", "does not belong to the scope"),
    "two sets with one letter": ("class U(IndexSet, letter='T'):\n    pass\n", "same letter 'T'"),
    "a kind with the letter of a set": ("class U(Process, letter='T'):\n    pass\n\n" + body(
        "return DONE", '@step(U, "1", "")\ndef box(s: S, c: C, p: U) -> Next:'), "same letter 'T'"),
    "a letter that ends in a digit": ("class U(IndexSet, letter='T1'):\n    pass\n", "without digits"),
    "a none like a member": ("D = Maybe(T, none='T1')\n", "looks like a member"),
    "values that differ by case": ("class E(IntEnum):\n    RED = 0\n    Red = 1\n\nD = OneOf(E)\n", "upper and lower case"),
    "switch values not from 0": ("class E(IntEnum):\n    A = 5\n    B = 9\n\nclass D(Scope):\n"
                                 "    w: int = switch(E, default=E.A, figure='', "
                                 "meaning='m')\n", "counted from 0"),
    "a local that is an argument": ("class U(P, letter='U', programs=True):\n    n: int = argument(Flag(), 'm')\n",
                                    "a local and an argument"),
    "a property that is a step": (INVARIANT + body("return True",
                                                   "@step(P, '1', '')\n@invariant('J', 'w')\ndef inv2(s: S, c: C) -> bool:"),
        "not a function"),
    "an action with empty brackets": (body("return DONE", "@action()\ndef act2(s: S, c: C) -> Signal:"), "nothing in them"),
    "an initial function with empty brackets": (body("return DONE", "@initial()\ndef act2(s: S, c: C) -> Signal:"), "nothing in them"),
    "a constraint with empty brackets": (body("return True", "@constraint()\ndef few(s: S, c: C) -> bool:"), "nothing in them"),
    "a property overwritten by a helper": (INVARIANT + "def inv(s: S) -> bool:\n    return True\n", "this would be lost"),
    "a choice from the class of all sets": (body("return DONE", "@action\ndef act2(s: S, c: C, x: IndexSet) -> Signal:"),
                                            "not typed by an index set"),
    "a command without a name": ("class U(Process, letter='U', programs=True):\n    pass\n\n" + body(
        "return DONE", '@step(U, "1", "")\ndef box(s: S, c: C, p: U) -> Next:') + "\ncommand(U, 'go', first=box, meaning='m')\n",
        "this would be lost"),
    "properties in a list": ("def make(i):\n    @invariant(f'I{i}', 'v')\n    def inv(s: S, c: C) -> bool:\n        'Holds.'\n"
                             "        return True\n    return inv\n\nEVERY = [make(i) for i in range(2)]\n", "this would be lost"),
    "a property called like a process": (INVARIANT.replace('"I"', '"P1"'), "the name of a process"),
    "two commands of one word": ("GO = command(P, 'go', first=last, meaning='m')\nGO2 = command(P, 'go', 'a', first=last, meaning='m')\n",
                                 "two commands"),
    "an argument given twice": ("GO = command(P, 'go', 'a', 'a', first=last, meaning='m')\n", "argument 'a' twice"),
    "a kind without steps": (body("for q in s.all(Q):\n    s.y = 0\nreturn last",
                                  '@step(P, "1", "")\ndef box(s: S, c: C, p: P) -> Next:'), "Q has no step"),
    "a parameter of a kind without steps": (INVARIANT.replace("c: C", "c: C, q: Q"), "Q has no step"),
    "a size of an unknown set": (body("for t in c.each(int):\n    s.y = 0\nreturn last",
                                      '@step(P, "1", "")\ndef box(s: S, c: C, p: P) -> Next:'), "this loop or size"),
    "parameters in another order": ("@invariant('I', 'v')\ndef inv(c: C, s: S) -> bool:\n    'Holds.'\n    return s.y < 9\n",
                                    "not state, scope"),
    "a property without scope": ("@invariant('I', 'v')\ndef inv(s: S) -> bool:\n    'Holds.'\n    return s.y < 9\n", "not state, scope"),
    "a transition of one state": ("@transition('X', 'v', steps=[last])\ndef tra(s: S, c: C) -> bool:\n    'Holds.'\n    return True\n",
                                  "not state, state, scope"),
    "a step without process": ("@step(P, '1', '')\ndef box(s: S, c: C) -> Next:\n    'Does.'\n    return last\n",
                               "not state, scope, handle"),
    "a step of another kind's process": ("@step(P, '1', '')\ndef box(s: S, c: C, q: Q) -> Next:\n    'Does.'\n    return last\n",
                                         "its process is annotated Q"),
    "positional parameters only": ("@step(P, '1', '')\ndef box(s: S, c: C, p: P, /) -> Next:\n    'Does.'\n    return last\n",
                                   "parameters are outside"),
    "a default": ("@step(P, '1', '')\ndef box(s: S, c: C, p: P, t: T = 0) -> Next:\n    'Does.'\n    return last\n",
                  "parameters are outside"),
    "variables of another state": ("class V(State):\n    w: int = variable(Flag(), 'm')\n\n" + INVARIANT.replace("s: S",

        "s: V").replace("return True", "return s.w == 0"),
                                   "another class than S"),
    "a variable called like a member": ("class V(S):\n    T1: int = variable(Flag(), 'm')\nS = V\n", "like a member of T"),
    "a variable called like a property": (INVARIANT.replace('"I"', '"y"'), "a property has the same name"),
    "an unknown default size": ("", "no such index set"), "a set inside a helper": (
        "def f(t: int) -> int:\n    return t.x\n" + body("s.y = f(1)\nreturn last",
                                                         '@step(P, "1", "")\ndef box(s: S, c: C, p: P) -> Next:'), "is a number here"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", NAMES, ids=[n.replace(" ", "-") for n in NAMES])
def test_declarations_that_collide_or_have_no_effect_are_refused(case: str, tmp_path: Path) -> None:
    text, message = NAMES[case]
    end = END.replace("T=2", "T=2, Tt=3") if "default" in case and "unknown" in case else END
    assert message in refused(tmp_path / "small.py", BASE + CHOICES + text + end)


SETUP = "class C(Scope):\n    w: int = switch(M, default=M.ON, figure='', meaning='m', setup=True)\n\n"
READ = "if c.w == M.ON:\n    s.y = 0\nreturn last"
HELPER = "def when(c: C) -> bool:\n    return c.w == M.ON\n\n"


@pytest.mark.parametrize(("text", "named"), [
    (body(READ), "box"), (body(READ.replace("last", "DONE"), "@action\ndef act(s: S, c: C) -> Signal:"), "act"),
    (HELPER + body(READ.replace("c.w == M.ON", "when(c)")), "(in when)"),
])
def test_a_step_that_reads_a_switch_of_the_setup_is_refused(text: str, named: str, tmp_path: Path) -> None:
    message = refused(tmp_path / "small.py", BASE + CHOICES + SETUP + text + END)
    assert "reads the switch w, which is declared with setup=True" in message and named in message
    assert refused(tmp_path / "small.py", BASE + CHOICES + SETUP.replace(", setup=True", "") + text + END) == ""


def test_initial_functions_and_properties_read_switches_of_the_setup(tmp_path: Path) -> None:
    text = body(READ.replace("last", "DONE"), "@initial\ndef start(s: S, c: C) -> Signal:") + INVARIANT.replace("True", "c.w == M.ON")
    assert refused(tmp_path / "small.py", BASE + CHOICES + SETUP + text + END) == ""


@pytest.mark.slow
@pytest.mark.parametrize("word", TAKEN)
def test_a_property_is_not_called_like_a_verdict(word: str, tmp_path: Path) -> None:
    for text in (INVARIANT.replace('"I"', f'"{word}"'), body("return True", f'@witness("{word}")\ndef wit(s: S, c: C) -> bool:')):
        assert "meaning of its own in verdicts" in refused(tmp_path / "small.py", BASE + text + END)


def test_a_property_of_a_module_that_is_not_listed_is_refused_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "declared.py").write_text(BASE + INVARIANT.replace("return True", "return False"))
    message = refused(tmp_path / "small.py", "from declared import *\n" + END)
    assert "declared, which the specification does not list" in message
    both = "import declared\nfrom declared import *\nSPECIFICATION = Specification('m', S, C, [declared], dict(T=2))\n"
    assert refused(tmp_path / "small.py", both) == ""
    assert run("check", str(tmp_path / "small.py")).exit_code == 12


def test_an_index_set_that_only_bodies_name_has_a_size(tmp_path: Path) -> None:
    (tmp_path / "sets.py").write_text("from snapproof.spec import IndexSet\n\n"
                                      "class Hidden(IndexSet, letter='h'):\n    'Only named in bodies.'\n")
    text = "import sets\n" + body("for h in c.each(sets.Hidden):\n    s.x[h] = 1\nreturn DONE", "@action\ndef act(s: S, c: C) -> Signal:")
    assert refused(tmp_path / "small.py", BASE + text + END) == ""
    assert "Hidden" in run("check", str(tmp_path / "small.py")).stderr + run("check", str(tmp_path / "small.py")).stdout
    assert refused(tmp_path / "small.py", BASE + text + END.replace("T=2", "T=2, Hidden=2").replace("P=1, ", "P=0, ")) == ""
    assert run("check", str(tmp_path / "small.py")).exit_code == 10  # explored, but it declares no property


@pytest.mark.parametrize(("size", "message"), [("lambda n: 1.5", "derived size is 1.5"), ("lambda n: n['X']", "'X', which has no size"),
                                               ("lambda: 1", "TypeError"),
                                               ("lambda n: n['U']", "depends on itself"), ("lambda n: 0", "derived size is 0")])
def test_a_derived_size_that_is_none_is_refused(size: str, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path / "small.py", BASE + f"class U(IndexSet, letter='U', size={size}):\n    'Derived.'\n" + END) == ""
    found = run("check", str(tmp_path / "small.py"))
    assert found.exit_code == 151 and message in found.stdout + found.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("bound", "message"), [
    ("n['X']", "KeyError: 'X'"), ("1 / 0", "ZeroDivisionError"), ("exit(3)", "SystemExit"), ("1.5", "computed as 1.5"),
    ("None", "computed as None"), ("'a'", "computed as 'a'"), ("True", "computed as True")])
def test_a_computed_bound_that_is_none_is_refused(bound: str, message: str, tmp_path: Path) -> None:
    more = BASE.replace("class S(State):", f"class S(State):\n    wide: int = variable(Range(0, lambda n: {bound}), 'wide')", 1)
    assert refused(tmp_path / "small.py", more + END) == ""
    found = run("check", str(tmp_path / "small.py"))
    assert found.exit_code == 151 and message in " ".join((found.stdout + found.stderr).split())
