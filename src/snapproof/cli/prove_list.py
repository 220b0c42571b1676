"""`snapproof prove` without properties: the proofs that the project claims, part by part, on every processor."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ..exit_codes import ExitCode
from ..spec.errors import ScenarioError, near
from ..spec.scenario import Scenario
from ..storage import proofs
from ..suite import workers
from ..words import plain, wrap
from .options import changed
from .terminal import complain, console, lively

if TYPE_CHECKING:
    from ..symbolic.theorem import Part, Theorem


SILENCE = 5.0
"""Seconds between two plain lines of progress where there is no terminal."""


@dataclass
class Row:
    """One proof: what has been settled, what is open, what failed."""

    scenario: Scenario
    theorem: Theorem
    parts: list[Part]
    seconds: float = 0.0
    settled: int = 0
    open: list[tuple[str, str, str]] = field(default_factory=list)

    def take(self, part: Part, outcomes: dict[str, str]) -> None:
        """Note what is known of a part."""
        self.settled += 1
        self.open += [(part.label, id, outcome) for id, outcome in outcomes.items() if outcome != "preserved"]

    @property
    def code(self) -> ExitCode:
        """The exit code of this proof by itself."""
        if self.open:
            return ExitCode.INCOMPLETE if all(outcome == "unknown" for _, _, outcome in self.open) else ExitCode.NO
        return ExitCode.SUCCESS if self.settled == len(self.parts) else ExitCode.INTERRUPTED

    def json(self) -> dict[str, Any]:
        """One object: sizes, counts, and what is not proved."""
        t = self.theorem
        return {"name": self.scenario.name, "purpose": self.scenario.purpose, "exit_code": self.code,
                "sizes": dict(self.scenario.sizes), "goals": [p.id for p in t.goals], "facts": len(t.facts),
                "consequences": [p.id for p in t.consequences], "parts": len(self.parts), "settled": self.settled,
                "seconds": round(self.seconds, 3),
                "open": [{"part": part, "property": id, "outcome": outcome} for part, id, outcome in self.open]}


# --- running them ---------------------------------------------------------------------------------------------


def run(chosen: Sequence[str], settings: Sequence[tuple[str, str]], profile: str | None, only: str, seconds: float,
        jobs: int | None, as_json: bool) -> ExitCode:
    """Settle every part of the chosen proofs (all, if none is named) and tell what came out; the exit code."""
    rows = []
    for name in chosen or proofs.names():
        scenario = changed(proofs.find(name), settings, profile)
        proof = proofs.theorem(scenario, seconds)
        parts = [p for p in proof.parts() if not only or (p.step is not None and p.step.name == only)]
        if not parts:
            boxes = sorted({p.step.name for p in proof.parts() if p.step is not None})
            raise ScenarioError("--box", f"there is no box {only!r}.", near(only, boxes))
        rows.append(Row(scenario, proof, parts))
    processes = jobs or (os.cpu_count() or 1 if hasattr(os, "fork") else 1)
    for row in rows:
        begin = time.monotonic()
        with _Shown(row, as_json) as shown, suppress(KeyboardInterrupt):
            for part, outcomes in _settled(row, processes):
                row.take(part, outcomes)
                shown.advance(row)
        row.seconds = time.monotonic() - begin
        if not as_json:
            _tell(row, only)
        if row.code == ExitCode.INTERRUPTED:
            break
    code = next((row.code for row in rows if row.code), ExitCode.SUCCESS)
    if as_json:
        click.echo(json.dumps({"format": "snapproof-proofs", "version": 1, "exit_code": code, "proofs": [r.json() for r in rows]}))
    elif code:
        click.echo(f"exit code {code} (docs/exit-codes.md)")
    return code


def _settled(row: Row, processes: int) -> Iterator[tuple[Part, dict[str, str]]]:
    if processes == 1 or len(row.parts) == 1:
        for part in row.parts:
            yield part, _outcomes(row.theorem, part)
        return
    row.theorem.build()  # once, and forked with the workers
    found = workers.answers(len(row.parts), processes, lambda i, say: _outcomes(row.theorem, row.parts[i]))
    with closing(found):
        for i, answer in found:
            assert not isinstance(answer, workers.Stopped), "only who asks for parts of answers stops workers"
            yield row.parts[i], {_died(answer): "unknown"} if isinstance(answer, workers.Died) else answer


def _died(worker: workers.Died) -> str:
    return "this part, whose process was killed: give --jobs 1" if worker.killed else "this part, whose process died"


def _outcomes(theorem: Theorem, part: Part) -> dict[str, str]:
    return {id: found.outcome for id, found in theorem.settle(part).items()}


# --- telling ----------------------------------------------------------------------------------------------------


class _Shown:
    def __init__(self, row: Row, quiet: bool) -> None:
        self.live = not quiet and lively(sys.stderr)
        self.quiet, self.last = quiet, time.monotonic()
        self.bar = Progress(TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                            console=console(sys.stderr), transient=True, disable=not self.live)
        self.task = self.bar.add_task(plain(row.scenario.name), total=len(row.parts))

    def __enter__(self) -> _Shown:
        with suppress(OSError):  # a terminal that is gone takes no picture, and costs no proof
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.bar.stop()

    def advance(self, row: Row) -> None:
        with suppress(OSError):
            self.bar.advance(self.task)
        if not self.live and not self.quiet and time.monotonic() - self.last > SILENCE:
            self.last = time.monotonic()
            complain(f"{row.scenario.name}: {row.settled} of {len(row.parts)} parts")


def _tell(row: Row, only: str) -> None:
    t = row.theorem
    word = {ExitCode.SUCCESS: "proved", ExitCode.INCOMPLETE: "not known", ExitCode.NO: "NOT PROVED",
            ExitCode.INTERRUPTED: "interrupted"}[row.code]
    if only and row.code == ExitCode.SUCCESS:
        word = "this box is settled"
    sizes = ", ".join(f"{n} {of}" for of, n in row.scenario.sizes.items() if n > 1)
    click.echo(f"{row.scenario.name}: {word}  ({row.settled} of {len(row.parts)} parts, {row.seconds:.0f} s)")
    for text in (f"goals: {', '.join(p.id for p in t.goals)}", f"{_commands(row.scenario)}, any time; {sizes}",
                 f"{len(t.facts)} facts that every box preserves, {len(t.consequences)} consequences"):
        for line in wrap(plain(text), "     ", "       "):
            click.echo(line)
    for part, id, outcome in row.open:
        click.echo(f"     {outcome}: {id} ({part})")
    boxes = [(part.split(".")[1], id) for part, id, outcome in row.open if "." in part and outcome == "not preserved" and
             id in row.scenario.spec.properties]
    if boxes:
        box, id = boxes[0]
        click.echo("     To see one:")
        click.echo(f"     snapproof prove {id} --proof {row.scenario.name} --box {box} --trace cti.json; snapproof show cti.json")


def _commands(scenario: Scenario) -> str:
    return "any command" if scenario.commands is None else f"any of {', '.join(scenario.commands)}"


__all__ = ["run"]
