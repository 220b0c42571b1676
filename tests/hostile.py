"""Hostile input for every command: values for options, and damaged files; what each must end with."""

from __future__ import annotations

import copy
import json
import random
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from cli_kit import run

from snapproof.cli.main import COMMANDS, cli

ROOT = Path(__file__).parent.parent

CODES = {int(n) for n in re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "exit-codes.md").read_text("utf-8"), re.MULTILINE)} - {255}
"""What docs/exit-codes.md promises, without the code of our own mistakes."""

VALUES = ["", " ", "0", "-1", "1", "7", "²", "٣", "1e999", "inf", "-inf", "nan", "1" * 5000, "0x10", "1_000", "1.5", "=", "a=", "=b",
          "Track=²", f"Track={'9' * 5000}", "Track=-1", "Track=65", "Track=0", "Track=x", "HostAdapter=64", "nosuch=1", "locking=maybe",
          "'", '"', "%s", "{0}", "\x1b[31m", "[red]", "\n", "\t", "ü", "日本", "\udcff", "\u202e", "x" * 300, "x" * 5000, "/", ".", "..",
          "//", "~", "a/b/c", "nosuch.toml", "nosuch.py", "nosuch.json", "pipe.json", "pipe.toml", "/dev/null", "folder", "loop",
          "two.toml", "storage.py", "trace.json", "all", ",", ",,,", "I1", "I3a,I3a", "-", "--", "1G", "1M", "99999T", "@0", "0s", "html",
          "1 == 1", "(" * 300, "not " * 300 + "1", "1 +" * 300 + "1", "9" * 5000 + " == 1", "pointer[V1,T1]", "__import__('os')"]

Words = list[str]


def options() -> Iterator[tuple[str, Words, click.Parameter]]:
    """Every parameter of every command, with the words that the command needs besides."""
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        inner = command.commands.items() if isinstance(command, click.Group) else [("", command)]
        for sub, one in inner:
            for p in one.params:
                yield name, [name, *([sub] if sub else [])], p


def option_words(rng: random.Random) -> Words:
    """A call of a command with one hostile value, and sometimes another one."""
    name, words, p = rng.choice(list(options()))
    out = [*words, *_needed(words, p)]
    for _ in range(rng.choice((1, 1, 1, 2))):
        value = rng.choice(VALUES)
        if isinstance(p, click.Argument):
            out += ["--", value] if value.startswith("-") and rng.random() < 0.5 else [value]
        elif getattr(p, "is_flag", False):
            out += [p.opts[0]]
        else:
            out += [p.opts[0], value]
    return _bounded(name, out)


def _needed(words: Words, p: click.Parameter) -> Words:
    """Arguments without which the command does not look at its options."""
    given = {"check": ["two.toml"], "show": ["trace.json"], "replay": ["trace.json"], "query": ["1 == 1"], "prove": ["I3a"],
             "switches": [], "faults": ["nosuch"], "scenarios": [], "conform": ["trace.json"]}
    if words[0] == "engine":
        own = {"create": ["array"], "write": ["array", "S1", "0"], "read": ["array", "S1", "0"], "snapshot": ["array", "S1", "V1"],
               "remove": ["array", "V1"], "show": ["array"]}
        return own.get(words[1], []) if isinstance(p, click.Option) else []
    return given.get(words[0], []) if isinstance(p, click.Option) else []


def _bounded(name: str, words: Words) -> Words:
    """The same call, kept from minutes of honest work: what is hostile here is the value, not the search."""
    if name == "check":
        return [*words, "--spec", "storage.py", "--reading", "plain", "--states", "200"] if "--spec" not in words else words
    if name == "prove":
        return [*words, "--seconds", "0.01", "--box", "nosuch"]
    if name == "query":
        return [*words, "--seconds", "0.2"]
    if name in ("faults", "scenarios"):
        return [*words, "nosuch"] if "--update" in words or name == "faults" else words
    if name == "conform":
        honest = any(w.strip("@s").isascii() and w.strip("@s").isdigit() for w in words)
        return [w for w in words if w not in ("--faults", *(("--walks", "--free") if honest else ()))] + ["--no-cover"]
    return words


# --- damaged files --------------------------------------------------------------------------------------------------


SCALARS: list[Any] = [None, True, 0, -1, 1, 65, 10 ** 30, 1.5, "", "x", "H1", "T9", "ü", "\udcff", "\x00", "x" * 2000,
                      [], [1], [[]], {}, {"a": 1}]


def mutated(data: Any, rng: random.Random) -> Any:
    """The same data with one part replaced, removed, doubled or exchanged."""
    data = copy.deepcopy(data)
    places = [p for p in _places(data) if p[0] is not None]
    holder, key = rng.choice(places)
    way = rng.randrange(5)
    if way == 0:
        del holder[key]
    elif way == 1 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif way == 2:
        other, at = rng.choice(places)
        holder[key] = copy.deepcopy(other[at]) if not (other is holder and at == key) and _still(other, at) else None
    elif way == 3 and isinstance(holder, dict):
        holder[rng.choice(["", "x", "step", "kind", "ü", "\udcff", key + key])] = holder.pop(key)
    else:
        holder[key] = copy.deepcopy(rng.choice(SCALARS))
    return data


def _still(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield data, key
        yield from _places(data[key])


def damaged(text: str, rng: random.Random) -> bytes:
    """A text with bytes changed, cut off, doubled, or put where none belong."""
    raw = text.encode()
    at, end = sorted((rng.randrange(len(raw) + 1), rng.randrange(len(raw) + 1)))
    odd = [b"\0", b"\xff", b"\xef\xbb\xbf", b"[" * 3000, b"{" * 3000, b"9" * 5000, b'"', b"\n", b"nan", b"-", b"\r", "\u2028".encode(),
           b".".join([b"a"] * 3000), b"0x" + b"f" * 6000, b"'''", b"#", b"=", b"a = 1\n", b"[[host]]\n", b"1e99999", b"Infinity"]
    return [raw[:at], raw[:at] + raw[end:], raw[:at] + rng.choice(odd) + raw[at:], raw[:at] + raw[at:end] * 2 + raw[end:],
            b"\xef\xbb\xbf" + raw, bytes(rng.randrange(256) for _ in range(rng.randrange(200))),
            raw[:at] + bytes([rng.choice(string.printable.encode())]) + raw[at + 1:]][rng.randrange(7)]


def toml(data: Any) -> str:
    """A scenario as TOML; values that TOML does not have become strings."""
    return "\n".join(f"{_key(k)} = {_inline(v)}" for k, v in data.items()) + "\n"


def _inline(found: Any) -> str:
    if isinstance(found, dict):
        return "{" + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in found.items()) + "}"
    if isinstance(found, list):
        return "[" + ", ".join(map(_inline, found)) + "]"
    return json.dumps("none" if found is None else found)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def file_words(rng: random.Random, trace: Any, scenario: Any, folder: Path) -> Words:
    """A command on a damaged trace or scenario, which has been written."""
    if rng.random() < 0.6:
        whole = rng.random() < 0.75
        text = json.dumps(mutated(trace, rng)).encode() if whole else damaged(json.dumps(trace), rng)
        (folder / "bad.json").write_bytes(text)
        return rng.choice([["show", "bad.json"], ["show", "bad.json", "--as", "html"], ["show", "bad.json", "--as", "md"],
                           ["show", "bad.json", "--as", "itf"], ["replay", "--spec", "storage.py", "bad.json"],
                           ["replay", "bad.json"], ["conform", "bad.json"]])
    raw = toml(mutated(scenario, rng)).encode("utf-8", "replace") if rng.random() < 0.75 else damaged(toml(scenario), rng)
    (folder / "bad.toml").write_bytes(raw)
    return ["check", "--spec", "storage.py", "bad.toml", "--reading", "plain", "--states", "200", *rng.choice([[], ["--json"]])]


def verdict(words: Words, ran: Callable[..., Any] = run) -> str:
    """What is wrong with how a call ends; '' when nothing is."""
    result = ran(*words)
    if result.exit_code not in CODES:
        return f"exit code {result.exit_code}: {result.output[-400:]}"
    if "Traceback" in result.output:
        return result.output[-800:]
    if "--raw" not in words and ("\x1b" in result.output or "\x00" in result.output):
        return f"control characters: {result.output[-200:]!r}"
    return ""
