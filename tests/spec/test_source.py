"""Specifications are executed and read from their source as it is now, whatever bytecode lies beside it."""

from __future__ import annotations

import ast
import importlib
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load

import snapproof
from snapproof import source
from snapproof.checker.emit import emit_module
from snapproof.spec import DeclarationError
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.suite.sources import specification_file
from snapproof.traces.waiting import why_waiting
from snapproof.traces.waiting_words import why_words

ACTION = body("if s.y > 5:\n    return WAIT\ns.x[0] = TOP\nreturn DONE", "@action\ndef go(s: S, c: C) -> Signal:")
INVARIANT = body("return below(s.x[0])", '@invariant("I", "v")\ndef inv(s: S, c: C) -> bool:')
HELPERS = "def below(n: int) -> bool:\n    return n < {}\n\nTOP = {}\n"
SMALL_END = END.replace("P=1, ", "")


def run(*words: str, cwd: Path, source: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python as a user does who has never heard of PYTHONDONTWRITEBYTECODE."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    if source is not None:
        environment["PYTHONPATH"] = str(source)
    return subprocess.run([sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)


def check(name: str, cwd: Path) -> int:
    """The exit code of `snapproof check`."""
    return run("-m", "snapproof.cli", "check", name, "--reading", "compiled", "--allow-unexecuted", cwd=cwd).returncode


def edit(path: Path, old: str, new: str) -> None:
    """Change a text so that neither its size nor its time of change tells."""
    before, text = path.stat(), path.read_text()
    assert len(old) == len(new) and text.count(old) == 1
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


@pytest.mark.slow
def test_an_edited_specification_is_checked_as_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "small.py"
    path.write_text(BASE + HELPERS.format(3, 2) + ACTION + INVARIANT + SMALL_END)
    assert check("small.py", tmp_path) == 0
    edit(path, "TOP = 2", "TOP = 3")
    assert check("small.py", tmp_path) == 12
    edit(path, "n < 3", "n < 4")
    assert check("small.py", tmp_path) == 0
    assert not list(tmp_path.rglob("*.pyc"))


@pytest.mark.slow
@pytest.mark.parametrize("where", ["helpers.py", "parts/helpers.py", "parts/__init__.py"])
def test_an_edited_module_beside_a_specification_is_checked_as_it_is_now(where: str, tmp_path: Path) -> None:
    path = tmp_path / where
    path.parent.mkdir(exist_ok=True)
    if path.parent != tmp_path:
        (path.parent / "__init__.py").write_text("")
    path.write_text(HELPERS.format(3, 2))
    module = where.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    (tmp_path / "small.py").write_text(BASE + f"from {module} import TOP, below\n" + ACTION + INVARIANT + SMALL_END)
    assert check("small.py", tmp_path) == 0
    edit(path, "TOP = 2", "TOP = 3")
    assert check("small.py", tmp_path) == 12
    edit(path, "n < 3", "n < 4")
    assert check("small.py", tmp_path) == 0
    assert not list(tmp_path.rglob("*.pyc"))


@pytest.mark.slow
@pytest.mark.parametrize(("file", "module"), [
    ("model/locks.py", "snapproof.model.locks"), ("invariants/common.py", "snapproof.invariants.common"),
    ("invariants/strengthening/locals.py", "snapproof.invariants.strengthening.locals")])
def test_the_model_and_its_properties_may_be_edited_in_place(file: str, module: str, tmp_path: Path) -> None:
    shutil.copytree(Path(snapproof.__file__).parent, tmp_path / "snapproof", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "snapproof" / file
    path.write_text(path.read_text() + "\n\nMARK = 1\n")
    ask = ("-c", f"import {module} as m; print(m.__file__, m.MARK)")
    for mark in "12":
        found = run(*ask, cwd=tmp_path, source=tmp_path)
        assert found.stdout.split() == [str(path), mark], found.stderr
        edit(path, f"MARK = {mark}", f"MARK = {int(mark) + 1}")
    assert not list((tmp_path / "snapproof" / file.split("/")[0]).rglob("*.pyc"))


@pytest.mark.slow
def test_a_box_of_the_model_edited_in_place_is_another_box(tmp_path: Path) -> None:
    shutil.copytree(Path(snapproof.__file__).parent, tmp_path / "snapproof", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "snapproof" / "model" / "standard_read.py"
    scenario = "import json, sys; from snapproof.model.specification import SPECIFICATION as s; from snapproof.spec import tree; " \
        "print(sum(1 for f in s.trees.values() for n in tree.nodes(f) if n == tree.Const(77777)))"
    text = path.read_text()
    path.write_text(text.replace("    return ", "    unused = 11111\n    return ", 1))
    for number, count in (("11111", "0"), ("77777", "1")):
        edit(path, "11111", number)
        found = run("-c", scenario, cwd=tmp_path, source=tmp_path)
        assert found.stdout.strip() == count, found.stderr


def test_modules_of_one_name_beside_two_specifications_are_two(tmp_path: Path) -> None:
    found = []
    for top in (2, 3):
        folder = tmp_path / f"folder{top}"
        folder.mkdir()
        (folder / "beside.py").write_text(HELPERS.format(3, top))
        (folder / "small.py").write_text(BASE + "from beside import TOP, below\n" + ACTION + INVARIANT + SMALL_END)
        instance = Scenario("s", specification_file(folder / "small.py")).instance()
        found.append([t.cells for start in Machine(instance).initial() for t in Machine(instance).successors(start.cells)])
    assert found[0] != found[1]


def test_a_name_of_the_library_is_not_taken_by_a_file_beside_a_specification(tmp_path: Path) -> None:
    (tmp_path / "colorsys.py").write_text("raise RuntimeError('not this one')\n")
    (tmp_path / "small.py").write_text(BASE + "import colorsys\nTOP = 1\n" + ACTION + SMALL_END)
    assert specification_file(tmp_path / "small.py").name == "m"


def test_what_was_executed_is_read_not_what_lies_in_the_file_later(tmp_path: Path) -> None:
    path = tmp_path / "small.py"
    rewritten = "import pathlib\nhere = pathlib.Path(__file__)\nhere.write_text(here.read_text().replace('TOP\\n', '1\\n'))\n"
    path.write_text(BASE + HELPERS.format(3, 3) + ACTION + INVARIANT + rewritten + SMALL_END)
    spec = specification_file(path)
    assert "s.x[0] = 1" in path.read_text()
    machine = Machine(Scenario("s", spec).instance())
    assert "store i64 3" in emit_module(machine.instance).text or "3" in str(spec.trees[spec.actions[0]])
    assert [t.cells for t in machine.successors(next(machine.initial()).cells)][0][0] == 3


def test_the_story_of_a_waiting_box_shows_the_line_that_was_executed(tmp_path: Path) -> None:
    path = tmp_path / "small.py"
    path.write_text(BASE + "TOP = 1\n" + ACTION.replace("> 5", "< 5") + SMALL_END)
    spec = specification_file(path)
    edit(path, "s.y < 5", "s.y > 5")
    machine = Machine(Scenario("s", spec).instance())
    told = why_words(why_waiting(machine, next(machine.initial()).cells, spec.actions[0], None, ()))
    assert "if s.y < 5" in told


def test_a_helper_from_old_bytecode_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "elsewhere_installed.py"
    path.write_text(HELPERS.format(3, 2))
    py_compile.compile(str(path), doraise=True)
    edit(path, "n < 3", "n < 4")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    old = importlib.import_module("elsewhere_installed")
    try:
        assert not old.below(3)
        with pytest.raises(DeclarationError, match=r"elsewhere_installed\.py:1 below: .*old bytecode.*__pycache__"):
            load(BASE + "from elsewhere_installed import TOP, below\n" + ACTION + INVARIANT + SMALL_END, tmp_path)
    finally:
        del sys.modules["elsewhere_installed"]


@pytest.mark.parametrize("text", ["below = lambda n: n < 3\n", "exec('def below(n):\\n    return n < 3')\n"], ids=["lambda", "exec"])
def test_a_helper_without_a_text_of_its_own_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="not written with def|source cannot be read"):
        load(BASE + "TOP = 1\n" + text + ACTION + INVARIANT + SMALL_END, tmp_path)


NESTED = '''
if True:
    def one(): return 1
else:
    def two(): return [lambda: 1]
for i in ():
    def three(): pass
while False:
    class Inner:
        @staticmethod
        def four():
            async def five(): pass
try:
    def six(): pass
except ValueError:
    def seven(): pass
else:
    def eight(): pass
finally:
    def nine(): pass
with open(""):
    match 1:
        case 1:
            def ten(): pass
'''


@pytest.mark.slow
def test_every_definition_of_a_text_is_found_wherever_it_stands() -> None:
    found = source._definitions(ast.parse(NESTED))
    assert sorted(name for name, _ in found) == sorted(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
    for path in [*Path(source.__file__).parent.rglob("*.py")][::7]:
        parsed = ast.parse(path.read_text("utf-8"))
        walked = [n for n in ast.walk(parsed) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
        assert {id(n) for n in source._definitions(parsed).values()} == {id(n) for n in walked}
