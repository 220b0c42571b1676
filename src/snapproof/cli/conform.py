"""`snapproof conform`: does the engine do what the model does, box by box?

Exit code 14 when it does not: the engine differs from the model, or refuses a trace elsewhere than the model;
21 when a thread of the engine hangs, with its stack.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import storage
from ..exit_codes import ExitCode
from ..spec.errors import SnapproofError
from ..suite.faults import with_fault
from ..traces.errors import TraceError
from ..words import plain, wrap
from . import table
from .contradictions import GIVEN, Command
from .engine import plain_lines
from .options import MOST, PathName, Whole
from .terminal import complain

if TYPE_CHECKING:
    from ..conformance.lockstep_replay import Exercised
    from ..spec.specification import Specification
    from ..traces.trace import Trace

COVER = "activate_one_while_writing"
"""The scenario covered unless another is named: 5,819 states, 13,544 transitions."""




@click.command("conform", cls=Command)
@click.argument("traces", nargs=-1, type=PathName(), metavar="[TRACE]...")
@click.option("--kept", type=PathName(), default=Path("traces"), show_default=True,
              help="The folder of kept traces, replayed when no TRACE is named.")
@click.option("--cover", "covers", multiple=True, metavar="SCENARIO",
              help=f"Replay every transition of a scenario (default, when no TRACE is named: {COVER}). Repeatable.")
@click.option("--no-cover", is_flag=True, help="Only traces.")
@click.option("--walks", type=Whole(0, MOST), default=0, metavar="N", help="Also replay N random behaviours of every scenario.")
@click.option("--free", metavar="RUNS|SECONDSs|@RUN", default=None, callback=lambda _, __, text: _seeds(text),
              help="Also let the engine's threads run freely on drawn arrays and programs, and lead the model along their "
                   "logs: 200 runs, 60s, or @17 for run 17 over and over.")
@click.option("--faults", "all_faults", is_flag=True, help="Find the counterexample of every fault, and replay it too.")
def command(traces: tuple[Path, ...], kept: Path, covers: tuple[str, ...], no_cover: bool, walks: int,
            free: Iterator[int] | None, all_faults: bool) -> int:
    """Replay model traces on the engine's threads in lock-step, and compare the states after every step.

    A trace of a faulty build must do the same on the engine built with that fault, and be refused by the safe
    engine at the step where the safe model refuses it.  Says which boxes were exercised.
    """
    from ..conformance.lockstep_replay import Exercised

    spec, exercised = storage.SUITE.specification(), Exercised()
    given_folder = click.get_current_context().get_parameter_source("kept") in GIVEN
    chosen = list(traces) or (sorted(kept.glob("*.json")) if kept.is_dir() else [])
    covered = [] if no_cover else list(covers) or ([] if traces else [COVER])
    if not chosen and (given_folder or not (covered or walks or free or all_faults)):
        raise click.UsageError(f"there is nothing to do: {plain(kept)} has no traces.")
    stages: list[Iterable[tuple[str, Callable[[], str]]]] = [
        ((path.name, partial(_file, path, spec, exercised)) for path in chosen),
        ((name, partial(_kept, trace, spec, name, exercised)) for name, trace in (fault_traces(spec) if all_faults else ())),
        ((f"cover {scenario}", partial(_cover, scenario, spec, exercised)) for scenario in covered),
        ((f"walks {path.stem}", partial(_walks, path, spec, exercised, walks))
         for path in (sorted(storage.SUITE.scenario_folder().glob("*.toml")) if walks > 0 else [])),
        [("free runs", partial(_free, free, spec, exercised))] if free is not None else [],
    ]
    code = ExitCode.SUCCESS
    for stage in stages:
        found = _first_failure(stage)
        code = code or found
        if found == ExitCode.ENGINE_HANGS:
            break
    if not chosen and not traces:
        click.echo(f"     no kept traces in {plain(kept)}/")
    _boxes(spec, exercised, not code and bool(covered or walks or free or all_faults))
    if not code and not exercised.steps:
        complain("snapproof: conform: not a single step was compared. Give traces or scenarios that have some.")
        return ExitCode.UNREACHED
    return code


def fault_traces(spec: Specification) -> Iterator[tuple[str, Trace]]:
    """The counterexample of each fault of the model, found now; faults that nothing catches are left to `faults`."""
    from ..checker import search
    from ..traces.record import record

    for fault in storage.SUITE.faults():
        scenario = with_fault(storage.SUITE.find(fault.scenario, spec), fault)
        instance, properties = scenario.resolved()
        result = search(instance, properties, deadlock=scenario.deadlock, stuck=scenario.stuck)
        if result.counterexample:
            yield f"{fault.id} {fault.switch}={fault.value}", record(scenario, result)


def _first_failure(stage: Iterable[tuple[str, Callable[[], str]]]) -> ExitCode:
    """One stage until something fails: another stage often says more plainly which box is wrong."""
    return next((code for name, action in stage if (code := _tell(name, action))), ExitCode.SUCCESS)


def _tell(name: str, action: Callable[[], str]) -> ExitCode:
    from ..conformance.errors import Divergence
    from ..engine.errors import EngineError, Hung

    begun = time.perf_counter()
    try:
        line = action()
    except (SnapproofError, EngineError) as error:
        click.echo(f"{table.mark(False)}{plain(name)}")
        said = plain(f"{error.place}: {error.cause} {error.fix}".strip())
        # What could not be compared is an error; everything else is what the comparison found.
        if isinstance(error, SnapproofError) and not isinstance(error, Divergence):
            for line in error.lines():
                complain(f"snapproof: {plain(line)}")
            return error.exit_code
        for row in wrap(said, "     "):
            click.echo(row)
        for row in getattr(error, "story", ()):
            click.echo(f"     {plain(row)}")
        if isinstance(error, Hung):
            click.echo(plain_lines(error.stacks))
            return ExitCode.ENGINE_HANGS
        return ExitCode.DIVERGENCE
    click.echo(f"{table.mark(True)}{plain(name)}: {line}, {time.perf_counter() - begun:.1f} s")
    return ExitCode.SUCCESS


def _file(path: Path, spec: Specification, exercised: Exercised) -> str:
    from ..traces.trace_file import load_trace

    return _kept(load_trace(path), spec, path.name, exercised)


def _kept(trace: Trace, spec: Specification, name: str, exercised: Exercised) -> str:
    from ..conformance.kept_traces import replay_kept

    if trace.anywhere is not None:
        asked = f"snapproof prove {trace.violation.property} --box {trace.steps[0].boxes[0].step} --reachable --trace FILE"
        raise TraceError(name, "it is a counterexample to induction: it starts in a state that nobody has reached, and the "
                         "engine starts from an empty array.", "snapproof replay runs it on the model. For a trace that the "
                         f"engine can run, search for a way there: {asked}.")
    done = replay_kept(trace, spec, name, exercised)
    refused = f"the safe engine refuses step {done.refused_at}" if done.refused_at else "the safe engine gets past it"
    return f"{done.steps} steps alike, {trace.violation.property} as in the model; {refused}"


def _cover(scenario: str, spec: Specification, exercised: Exercised) -> str:
    from ..conformance.cover import replay_cover
    from ..spec.errors import ScenarioError, near
    from ..spec.scenario import load_scenario

    path = Path(scenario) if scenario.endswith(".toml") else storage.SUITE.scenario_folder() / f"{scenario}.toml"
    if not path.is_file():
        known = sorted(p.stem for p in storage.SUITE.scenario_folder().glob("*.toml"))
        raise ScenarioError(scenario, "there is no such scenario.", near(scenario, known))
    found = load_scenario(path, spec)
    words = {n: v.name.lower() for n, v in found.switch_values().items()}
    done = replay_cover(found.instance(), words, found.name, exercised)
    return (f"{done.transitions:,} transitions of {done.states:,} states alike, on {done.paths:,} paths of "
            f"{done.steps / max(done.paths, 1):.0f} steps on average")


def _walks(path: Path, spec: Specification, exercised: Exercised, walks: int) -> str:
    from ..conformance.walks import replay_walk
    from ..spec.scenario import load_scenario

    found = load_scenario(path, spec)
    words = {n: v.name.lower() for n, v in found.switch_values().items()}
    steps = sum(replay_walk(found.instance(), words, found.name, exercised, seed) for seed in range(walks))
    return f"{steps:,} steps alike on {walks:,} walks"


AGAIN = 100
"""How often `--free @17` repeats run 17: its programs are the same, what the threads make of them need not be."""


def _seeds(text: str | None) -> Iterator[int] | None:
    """The runs that `--free` asks for."""
    if text is None:
        return None
    number, seconds, again = text.strip("s@"), text.endswith("s"), text.startswith("@")
    if not (number.isascii() and number.isdigit()) or len(number) > 9 or not (again or int(number)) \
            or text not in (number, f"{number}s", f"@{number}"):
        raise click.BadParameter(f"{plain(text)!r} is neither a number of runs (200), of seconds (60s), nor a run (@17).")
    if again:
        return itertools.repeat(int(number), AGAIN)
    return _for_seconds(int(number)) if seconds else iter(range(int(number)))


def _for_seconds(seconds: int) -> Iterator[int]:
    end = time.monotonic() + seconds
    return itertools.takewhile(lambda _: time.monotonic() < end, itertools.count())


def _free(seeds: Iterator[int], spec: Specification, exercised: Exercised) -> str:
    from ..conformance.free_setups import free_runs

    done = free_runs(spec, seeds, exercised)
    stuck = f"; {done.deadlocks:,} of them ended in a deadlock, in the model too" if done.deadlocks else ""
    return f"{done.boxes:,} boxes alike in {done.runs:,} runs{stuck}"


def _boxes(spec: Specification, exercised: Exercised, name_them: bool) -> None:
    """How many boxes were exercised; which were not, when the run was meant to reach many."""
    every = [(kind, s.name) for kind, steps in spec.steps.items() for s in steps]
    missing = [name for kind, name in every if (kind, name) not in exercised.boxes]
    click.echo(f"     {exercised.steps:,} steps; boxes exercised: {len(every) - len(missing)} of {len(every)}")
    if missing and name_them:
        for row in wrap(f"not exercised: {', '.join(missing)}", "     "):
            click.echo(row)


__all__ = ["command", "fault_traces"]
