"""Text that somebody else wrote (names, data, words of files, errors) never drives the terminal and is never markup."""

from __future__ import annotations

import ast
import json
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from engine_arrays import SMALL, filled

from snapproof.cli.main import COMMANDS, cli
from snapproof.engine import Array, Host, create
from snapproof.engine.store import FileStore

EVIL = "[/x][red]:smile:\x1b]0;owned\x07\x1b[2J\u202e\x9b2J\u2028\r\x08"
NAME = EVIL.replace("/", "|")
"""What a file may be called."""
SHOWN = "[red]:smile:\\x1b]0;owned\\x07\\x1b[2J\\u202e"
ROOT = Path(__file__).parents[2]

SPEC = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *
class Wheel(IndexSet, letter="w"):
    """Counters EVIL"""
class S(State):
    at = table(Wheel, of=Range(0, 3), meaning="position EVIL")
class Speed(IntEnum):
    """How fast EVIL"""
    SLOW = 0
    FAST = 1
class C(Scope):
    """None EVIL"""
    speed = switch(Speed, default=Speed.SLOW, figure="1 EVIL", meaning="how EVIL")
@action
def turn(s: S, c: C, w: Wheel) -> Signal:
    """A wheel turns EVIL"""
    s.at[w] = (s.at[w] + 1) % 4
    return DONE
@invariant("low", "too high EVIL")
def low(s: S, c: C, w: Wheel) -> bool:
    """Positions stay low EVIL"""
    return s.at[w] < BOUND
@low.explain
def why(s: S, c: C, w: Wheel) -> tuple[str, str]:
    """In words EVIL"""
    return "low EVIL", "high EVIL"
SPECIFICATION = Specification.of_module("wheels", S, C, __name__, Wheel=2)
'''


def said(*words: str, allowed: tuple[int, ...] = ()) -> str:
    """What a command writes, on both streams, as a terminal would get it; it is harmless, and the command has not broken."""
    result = CliRunner().invoke(cli, list(words), color=True)
    text = result.stdout + result.stderr
    assert result.exit_code != 255, text
    assert not isinstance(result.exception, Exception), result.exception
    harmless(text, words)
    return text


def harmless(text: str, story: object) -> None:
    bare = re.sub(r"\x1b\[[\d;]*m", "", text)  # the program's own colours
    wrong = {c for c in bare if unicodedata.category(c)[0] == "C" and c != "\n" or c in "\u2028\u2029"}
    assert not wrong, (story, wrong, text)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SNAPPROOF_CACHE", str(tmp_path / "cache"))
    return tmp_path


# --- the engine ------------------------------------------------------------------------------------------------------


def test_data_and_names_of_an_array_are_shown_as_they_are_and_drive_nothing(here: Path) -> None:
    place = here / NAME
    place.mkdir()
    with FileStore(place) as store:
        create(store, SMALL)
        with Array(store) as a:
            h = Host(a)
            for track, text in ((0, b"[/x]"), (1, b"[red]")):
                h.write("S1", track, text + bytes(512 - len(text)))
            h.write("S2", 0, b":smile: " + EVIL.encode() + bytes(504 - len(EVIL.encode())))
            h.snapshot([("S1", "V1"), ("S2", "V2")])
            h.write("S1", 0, filled("b", 1))
            h.write("S2", 0, b"[bold]\x1b" + bytes(505))
    shown = said("engine", "show", str(place))
    for text in ("[/x]", "[red]", ":smile:", "[bold]"):
        assert text in shown
    assert "[red]" in said("engine", "read", str(place), "S1", "1")
    said("engine", "read", str(place), "S2", "0")
    said("engine", "write", str(place), "S1", "1", "--text", EVIL)
    said("engine", "read", str(place), EVIL, "0")
    said("engine", "remove", str(place), EVIL)
    said("engine", "snapshot", str(place), EVIL, EVIL)
    said("engine", "create", str(place))
    said("engine", "create", str(place / NAME / "x"))
    said("engine", "write", str(place), "S1", "0", "--file", str(here / EVIL))
    said("engine", "write", str(place), "S1", "0", "--text", "x", "--set", EVIL)
    said("engine", "write", str(place), "S1", "0", "--text", "x", "--set", f"{EVIL}={EVIL}")
    assert SHOWN in said("engine", "show", str(here / EVIL))
    (place / "standard-0001").write_bytes(b"")
    assert SHOWN in said("engine", "show", str(place))
    assert SHOWN in said("engine", "read", str(place), "S1", "1")
    (place / "log-0001").unlink()
    (place / "log-0001").symlink_to(EVIL)
    assert SHOWN in said("engine", "show", str(place))
    for name in ("tables", "superblock"):
        (place / name).unlink()
        (place / EVIL.replace("/", "")).touch()
        said("engine", "show", str(place))


# --- a specification, and traces of it ---------------------------------------------------------------------------------


@pytest.fixture
def spec(here: Path) -> Path:
    path = here / f"{NAME}.py"
    path.write_text(SPEC.replace("EVIL", ascii(EVIL)[1:-1]).replace("BOUND", "3"), "utf-8")
    return path


@pytest.mark.slow
def test_words_of_a_specification_drive_nothing(here: Path, spec: Path) -> None:
    assert "smile" in said("check", str(spec), "--trace-dir", str(here / NAME))
    said("check", str(spec), "--set", f"{EVIL}=1")
    said("check", str(spec), "--trace-dir", str(spec))
    said("check", str(here / f"{EVIL}.py"))
    said("check", str(here / f"{EVIL}.toml"))
    said("check", EVIL)
    said("switches", "--spec", str(spec))
    said("switches", EVIL)
    for expression in ("at[w1] == 2", EVIL, f"at[{EVIL!r}]", "{", "'" + EVIL + "'"):
        said("query", expression, "--spec", str(spec))
        said("query", expression, "--spec", str(spec), "--reachable")
    said("query", "at[w1] == 2", "--spec", str(spec), "--given", EVIL)
    said("prove", "low", "--spec", str(spec))
    said("prove", "low", "--spec", str(spec), "--trace", str(here / f"{NAME}.json"))
    said("prove", EVIL)
    said("prove", EVIL, "--spec", str(spec))
    said("prove", "low", "--spec", str(spec), "--box", EVIL)
    (trace,) = (here / NAME).iterdir()
    for form in ("text", "html", "markdown", "itf", "json"):
        said("show", str(trace), "--as", form)
    said("show", str(trace), "--as", EVIL)
    said("show", str(trace), "--out", str(here / EVIL))
    said("replay", str(trace), "--spec", str(spec))
    said("replay", str(trace))
    for text in ("raise ValueError(EVIL)", "1 +", f"assert False, {EVIL!r}", "import nothing_of_that_name", "x = 1",
                 SPEC.replace("Range(0, 3)", "Range(0, 'EVIL')").replace("EVIL", ascii(EVIL)[1:-1]),
                 SPEC.replace("% 4", "+ 'EVIL'").replace("EVIL", ascii(EVIL)[1:-1]).replace("BOUND", "3"),
                 SPEC.replace("BOUND", "EVIL")):
        spec.write_text(text.replace("EVIL)", f"{EVIL!r})"), "utf-8")
        said("check", str(spec))


def test_words_of_a_scenario_drive_nothing(here: Path) -> None:
    text = (ROOT / "model" / "scenarios" / "one-writer.toml")
    source = text if text.exists() else sorted((ROOT / "model" / "scenarios").glob("*.toml"))[0]
    words = source.read_text("utf-8")
    strings = sorted(set(re.findall(r'"([^"\n]+)"', words)))
    assert strings
    path = here / f"{NAME}.toml"
    evil = json.dumps(EVIL)
    for old in strings[:8]:
        path.write_text(words.replace(json.dumps(old), evil), "utf-8")
        said("check", str(path), "--states", "10", "--reading", "plain")
    path.write_text(words + f"\n[{evil}]\n{evil} = {evil}\n", "utf-8")
    said("check", str(path))
    path.write_text(evil, "utf-8")
    said("check", str(path))


def leaves(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text of a JSON value."""
    for key, inside in found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ():
        if isinstance(inside, str):
            yield (*path, key)
        yield from leaves(inside, (*path, key))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_words_of_a_trace_drive_nothing(here: Path, seed: int) -> None:
    rng = random.Random(seed)
    source = rng.choice(sorted((ROOT / "traces").glob("*.json")))
    whole = json.loads(source.read_text("utf-8"))
    path = here / f"{NAME}.json"
    ways = list(leaves(whole))
    top = [w for w in ways if len(w) < 3]
    for way in [*rng.sample(top, min(8, len(top))), *rng.sample(ways, 8)]:
        changed = json.loads(json.dumps(whole))
        at = changed
        for key in way[:-1]:
            at = at[key]
        at[way[-1]] = EVIL
        path.write_text(json.dumps(changed), "utf-8")
        said("show", str(path))
        said("replay", str(path))
        said("conform", "--no-cover", "--kept", str(here), str(path))
    path.write_text(json.dumps({EVIL: EVIL}), "utf-8")
    for command in (("show",), ("replay",), ("conform", "--no-cover")):
        said(*command, str(path))


@pytest.mark.slow
@pytest.mark.parametrize("command", [*COMMANDS, EVIL])
def test_words_of_the_command_line_drive_nothing(here: Path, command: str) -> None:
    for words in ((EVIL,), (f"--{EVIL}",), (f"--set={EVIL}",), (f"--memory={EVIL}", "x"), (f"--spec={EVIL}", "x"), ("-h",)):
        if command in ("faults", "scenarios", "check") and words[0].startswith(("--set", "--memory", "--spec")):
            words = (*words, EVIL)  # not the whole suite, should it be accepted
        said(command, *words)


# --- the mechanism -----------------------------------------------------------------------------------------------------


def test_the_terminal_library_is_reached_in_one_way_only_and_gets_no_text_as_markup() -> None:
    """`terminal.console` switches markup off; what draws tables gives cells as `Text`."""
    for path in (ROOT / "src").rglob("*.py"):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)) if "rich" in source else ():
            called = node.func if isinstance(node, ast.Call) else None
            name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            if path.name != "terminal.py":
                assert name not in ("Console", "from_markup", "from_ansi", "get_console", "rprint"), (path, ast.dump(node)[:80])
            if name == "add_row" and "rich.table" in source:
                assert ast.unparse(node) == "table.add_row(*map(Text, cells))", (path, ast.unparse(node))
        assert not re.search(r"from rich import|import rich\b", source), path
