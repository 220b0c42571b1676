"""What the readings say of one specification in one setting, and whether they say the same."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from made_up.texts import Setting
from snapproof.checker import Limits, Result, Verdict
from snapproof.checker.cache import Cache
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.emit.text import LONG_LOOP
from snapproof.checker.plain import PlainSearch
from snapproof.spec import SnapproofError
from snapproof.spec.errors import DeclarationError, EvaluationError
from snapproof.spec.instance import Instance
from snapproof.spec.joining import must_separate
from snapproof.spec.properties import Property
from snapproof.spec.scenario import Scenario
from snapproof.spec.specification import Specification

STATES = 120
"""States that the plain reading visits; beyond, both are held against each other as far as that."""

LONG = 20.0
"""Seconds after which a search is left; such an example says nothing."""

MEMORY = 1 << 30
"""Bytes that a search may use: a state of large bags has hundreds of kilobytes."""

BOUNDED = "beyond 62 bits"
"""The compiled reading computes with 62 bits and says so; the plain one has no such limit."""


class Disagreement(AssertionError):
    """The readings do not say the same, or something went wrong that nobody was told about."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(f"{what}: {detail}")
        self.what = what


@dataclass
class Said:
    """What a reading said: a result and the states it visited, or an error."""

    result: Result | None
    states: list[tuple[int, ...]]
    expanded: int
    error: SnapproofError | None = None

    @property
    def outcome(self) -> str:
        return type(self.error).__name__ if self.error is not None else self.result.verdict.name  # type: ignore[union-attr]


def instance(spec: Specification, setting: Setting, backwards: bool = False) -> Instance:
    """The instance of a setting; `backwards`: every dictionary in the other order."""
    turn: Any = (lambda d: dict(reversed(d.items()))) if backwards else dict
    hosts = sorted(setting.hosts, key=lambda h: h["kind"], reverse=backwards)
    scenario = Scenario("made", spec, sizes=turn(setting.sizes), switches=turn(setting.switches), profile=setting.profile,
                        hosts=[turn(h) for h in hosts], fuse=setting.fuse)
    made = scenario.instance()
    if not backwards:
        return made
    programs: dict[str, list[Any]] = {}
    for (kind, _), program in zip(made.processes, made.programs, strict=True):
        if kind.programs:
            programs.setdefault(kind.__name__, []).append(program)
    return Instance(spec, turn(scenario.sizes | {n: len(p) for n, p in programs.items()}), turn(scenario.switch_values()), turn(programs),
                    fuse=setting.fuse)


def plain(of: Instance, properties: Iterable[Property], setting: Setting) -> Said:
    going = PlainSearch(of, list(properties), setting.deadlock, setting.stuck)
    try:
        return Said(going.run(Limits(states=STATES, seconds=LONG)), going.states, going.expanded)
    except SnapproofError as error:
        return Said(None, going.states, going.expanded, error)


def compiled(of: Instance, properties: Iterable[Property], setting: Setting, cache: Cache, most: int) -> Said:
    try:
        going = CompiledSearch(of, list(properties), setting.deadlock, cache, stuck=setting.stuck)
    except SnapproofError as error:
        return Said(None, [], 0, error)
    try:
        result = going.run(Limits(memory=MEMORY, states=STATES, seconds=LONG))
    except SnapproofError as error:
        return Said(None, [], 0, error)
    kept = min(result.distinct, most)
    return Said(result, [going.state(i) for i in range(kept)], 0)


def facts(said: Said) -> Any:
    """What must be equal of two results: counts, verdict, the counterexample itself, and how often each step ran."""
    result = said.result
    assert result is not None
    trace = [(t.move, t.cells) for t in result.counterexample] if result.counterexample else None
    finished = result.verdict in (Verdict.HOLDS, Verdict.UNREACHED)
    return (result.verdict, result.distinct, result.generated, result.depth, result.broken, trace, result.unreached, result.cut,
            result.executed if finished else None)


def agree(one: Said, other: Said) -> None:
    """Disagreement unless the compiled reading (the other) says what the plain one says."""
    if other.error is not None:
        _errors_agree(one, other.error)
        return
    if one.error is not None:
        raise Disagreement("an error in the plain reading only", f"{one.error}; compiled: {other.outcome}")
    assert one.result is not None and other.result is not None
    if one.outcome == "INCOMPLETE":
        _beginning_agrees(one, other)
    elif other.outcome == "INCOMPLETE":
        if other.result.reason != "time limit reached" and other.result.distinct < one.result.distinct:
            raise Disagreement("the compiled reading stopped early", other.result.reason)
    elif facts(one) != facts(other):
        raise Disagreement("results differ", f"\n  plain    {facts(one)}\n  compiled {facts(other)}")
    elif one.states != other.states:
        raise Disagreement("states differ", first_difference(one.states, other.states))


def _errors_agree(one: Said, error: SnapproofError) -> None:
    if isinstance(error, DeclarationError) or BOUNDED in str(error) or LONG_LOOP in str(error):
        return  # what cannot be compiled is refused with its reason; the plain reading goes on
    if "defect of Snapproof" in str(error):
        raise Disagreement("an error in the compiled reading only", f"{error}; plain: {one.outcome}")
    # All successors of a state are evaluated before the first is looked at: an error beside a violation comes first.
    if one.error is None and one.outcome not in ("VIOLATED", "DEADLOCK", "STUCK", "INCOMPLETE"):
        raise Disagreement("an error in the compiled reading only", f"{error}; plain: {one.outcome}")
    if one.error is not None and not isinstance(one.error, EvaluationError):
        raise Disagreement("errors differ", f"{one.error}; compiled: {error}")


def _beginning_agrees(one: Said, other: Said) -> None:
    """Both visit states in one order, so what the plain reading saw of them must be the beginning."""
    assert other.result is not None
    most = min(len(one.states), len(other.states))
    if one.states[:most] != other.states[:most]:
        raise Disagreement("states differ", first_difference(one.states, other.states))
    if other.outcome in ("HOLDS", "UNREACHED") and other.result.distinct < len(one.states):
        raise Disagreement("the compiled reading found fewer states", f"{other.result.distinct} of {len(one.states)} and more")
    if other.outcome == "VIOLATED" and other.result.counterexample and len(other.result.counterexample) > 1:
        # Where the plain reading has been, it saw no violation.
        last = other.result.counterexample[-2].cells
        if last in one.states[:one.expanded]:
            raise Disagreement("a violation in the compiled reading only", str(other.result.broken))


def first_difference(one: list[tuple[int, ...]], other: list[tuple[int, ...]]) -> str:
    for i, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return f"state {i}: plain {a}, compiled {b}"
    return f"{len(one)} states and {len(other)}"


def checked(spec: Specification, backwards: bool = False) -> list[Property]:
    """The properties that a search can check."""
    found = [p for p in spec.properties.values() if p.kind in ("invariant", "transition", "witness")]
    return found[::-1] if backwards else found


def compare(spec: Specification, setting: Setting, folder: Path, chance: random.Random, orders: int) -> Said:
    """Hold plain and compiled reading against each other: a cold cache, a warm one, and both orders of all dictionaries."""
    cache = Cache(folder / "cache")
    one = plain(instance(spec, setting), checked(spec), setting)
    if one.result is not None and one.result.reason == "time limit reached":
        return one
    first = chance.random() < 0.5
    for backwards in (first, not first)[:orders]:
        other = compiled(instance(spec, setting, backwards), checked(spec, backwards), setting, cache, len(one.states))
        try:
            agree(one, other)
        except Disagreement as error:
            raise Disagreement(("with dictionaries in the other order, " if backwards else "") + error.what, str(error)) from None
        if isinstance(other.error, DeclarationError):
            return one
    if chance.random() < 0.15:
        again = plain(instance(spec, setting, backwards=True), checked(spec, backwards=True), setting)
        if again.outcome != one.outcome or again.states != one.states or one.result is not None and facts(again) != facts(one):
            raise Disagreement("the order of a dictionary decides", f"{one.outcome}, {again.outcome}")
    _explained(one)
    if orders == 1:
        joined(spec, setting)
    return one


def joined(spec: Specification, setting: Setting) -> None:
    """Executing local boxes together with the box before them loses nothing, where the search does it."""
    if not any(s.local for steps in spec.steps.values() for s in steps):
        return
    said = []
    for fuse in (True, False):
        of = instance(spec, replace(setting, fuse=fuse))
        if fuse and must_separate(spec, [*checked(spec), *spec.constraints]):
            return
        said.append(plain(of, checked(spec), setting))
    if all(s.result is not None and s.result.verdict is not Verdict.INCOMPLETE for s in said):
        words = [(s.outcome.replace("UNREACHED", "HOLDS"), s.result.unreached) for s in said if s.result is not None]
        if words[0] != words[1]:
            raise Disagreement("joining local boxes changes the verdict", f"joined {words[0]}, every box {words[1]}")


def _explained(said: Said) -> None:
    """A counterexample can be told in words and read back."""
    result = said.result
    if result is None or not result.counterexample:
        return
    of = result.instance
    for t in result.counterexample:
        if of.read(of.show(t.cells)) != t.cells:
            raise Disagreement("a state is not read back", str(of.show(t.cells)))


__all__ = ["Disagreement", "Said", "agree", "checked", "compare", "compiled", "facts", "instance", "plain", "replace"]
