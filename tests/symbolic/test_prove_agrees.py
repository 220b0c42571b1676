"""What induction says of random specifications is what exploration says: nothing is proved that is violated."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from pathlib import Path

import pytest
from random_specifications import load

pytest.importorskip("z3")

from snapproof.checker import Limits, Verdict, search  # noqa: E402
from snapproof.spec.errors import EvaluationError  # noqa: E402
from snapproof.spec.instance import Cells  # noqa: E402
from snapproof.spec.machine import Machine  # noqa: E402
from snapproof.spec.processes import Action  # noqa: E402
from snapproof.spec.properties import Property  # noqa: E402
from snapproof.spec.scenario import Scenario  # noqa: E402
from snapproof.symbolic.induction import PRESERVED, REFUTED, induct  # noqa: E402
from snapproof.symbolic.query import query  # noqa: E402
from snapproof.symbolic.question import as_property  # noqa: E402

HEAD = '''
from __future__ import annotations
from enum import IntEnum
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Cells."""

class Mode(IntEnum):
    OFF = 0
    ON = 1

class S(State):
    x = table(T, of=Range(-1, 2), meaning="a cell")
    m: int = variable(Mask(T), "a set")
    lock: int = variable(Range(0, 1), "a lock")

class C(Scope):
    mode: Mode = switch(Mode, default=Mode.OFF, figure="-", meaning="a switch")

class P(Process, letter="P", programs=True):
    """Runs commands."""
    n: int = local(Range(0, 3), "a number")
    a: int = argument(Member(T), "a cell")

class Q(Process, letter="Q"):
    """Runs for ever."""
    k: int = local(Range(0, 1), "a number")

GO_TO
'''


class Draw:
    """Draws conditions, writes and invariants; `mine` is the local of the process that moves."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def one(self, *options: str) -> str:
        return self.chance.choice(options)

    def number(self, mine: str, depth: int = 1) -> str:
        if depth and self.chance.random() < 0.5:
            a, b = self.number(mine, depth - 1), self.number(mine, depth - 1)
            return self.one(f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"({a} & {b})", f"({a} // 2)", f"({a} % 3)",
                            f"({a} if {self.condition(mine, 0)} else {b})", f"min({a}, {b})", f"-{a}")
        return self.one("0", "1", "2", "s.lock", "s.m", "s.x[0]", "s.x[1]", mine)

    def condition(self, mine: str, depth: int = 1) -> str:
        if depth and self.chance.random() < 0.6:
            a, b = self.condition(mine, depth - 1), self.condition(mine, depth - 1)
            return self.one(f"({a} and {b})", f"({a} or {b})", f"not {a}")
        n = self.number(mine)
        return self.one(f"{n} {self.one('==', '!=', '<', '>=')} {self.number(mine, 0)}", "has(s.m, 0)", "s.lock == 0", "c.mode == Mode.ON")

    def write(self, mine: str) -> str:
        n = self.number(mine)
        return self.one(f"s.x[{self.one('0', '1')}] = ({n}) % 4 - 1", "s.m = with_bit(s.m, 1)", f"s.m = ({n}) % 4", f"s.lock = ({n}) % 2",
                        f"{mine} = ({n}) % 2", "s.lock = 1", "s.lock = 0", f"s.x[0] = {n}")

    def steps(self, kind: str, mine: str, names: list[str]) -> list[str]:
        out = []
        for i, name in enumerate(names):
            local = i and self.chance.random() < 0.25
            out += [f"@step({kind}, '{name}', '-', {'local=True' if local else 'rest=True'})",
                    f"def {name}(s: S, c: C, p: {kind}) -> Next:", '    "Does."']
            if local:
                out += [f"    {mine} = ({mine} + 1) % 2", f"    return {names[i + 1] if i + 1 < len(names) else 'DONE'}", ""]
                continue
            if self.chance.random() < 0.5:
                out += [f"    if {self.condition(mine)}:", "        return WAIT"]
            for _ in range(self.chance.randint(0, 2)):
                out.append("    " + self.write(mine))
            following = names[i + 1] if i + 1 < len(names) else "DONE"
            out += [f"    return {following} if {self.condition(mine, 0)} else {self.one(*names, 'DONE')}", ""]
        return out

    def invariants(self) -> list[str]:
        weak = ["s.x[t] > -2", "s.lock < 2 or s.x[t] == 0", f"p.n < {self.one('1', '2', '3')}", "not has(s.m, 0) or s.lock <= 1",
                f"s.x[t] != {self.one('-1', '1', '2')}", "not p.at(p1) or s.lock == 1", "s.lock == 0 or p.n == 0",
                f"{self.condition('p.n')} or {self.condition('p.n')}", f"not has(s.m, {self.one('0', '1')})"]
        out = []
        for i, text in enumerate(self.chance.sample(weak, 4)):
            out += [f"@invariant('i{i}', 'broken')", f"def i{i}(s: S, c: C, p: P, t: T) -> bool:", '    "Holds."', f"    return {text}", ""]
        return out


    def actions(self, names: list[str]) -> list[str]:
        out = []
        for name in names:
            chosen = self.one("", ", t: T", ", t: T, u: T")
            out += ["@action", f"def {name}(s: S, c: C{chosen}) -> Signal:", '    "Does."']
            if self.chance.random() < 0.6:
                out += [f"    if {self.condition('t' if chosen else 's.lock')}:", "        return WAIT"]
            for _ in range(self.chance.randint(1, 2)):
                mine = f"s.x[{'u' if 'u:' in chosen else 't' if chosen else '0'}]"
                out.append("    " + self.write(mine))
            out += ["    return DONE", ""]
        return out


def specification(seed: int, actions: bool = False) -> str:
    draw = Draw(seed)
    mine = draw.steps("P", "p.n", ["p0", "p1", "p2"]) + draw.steps("Q", "p.k", ["q0", "q1"])
    mine += draw.actions(["a0", "a1"]) if actions else []
    go = "GO = command(P, 'go', 'a', first=p0, meaning='goes')"
    end = "SPECIFICATION = Specification.of_module('random', S, C, __name__, T=2, Q=1)"
    return "\n".join([HEAD.replace("GO_TO", ""), *mine, *draw.invariants(), go, end])


def of_actions(seed: int) -> str:
    """Nothing but actions and properties of the state: 128 states within the types."""
    draw = Draw(seed)
    head = HEAD[:HEAD.index("class P(Process")]
    found = [row.replace(", p: P", "") for row in draw.invariants()]
    text = "\n".join([head, *draw.actions(["a0", "a1", "a2"]), *found])
    for mine in ("p.at(p1)", "p.n"):
        text = text.replace(mine, "s.lock")
    return text + "\nSPECIFICATION = Specification.of_module('random', S, C, __name__, T=2)"


@pytest.mark.slow
def test_an_action_preserves_what_it_preserves_when_every_state_is_tried(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(36):
        spec = load(of_actions(seed), tmp_path).SPECIFICATION
        instance = Scenario("random", spec).instance()
        machine = Machine(instance, [])
        states = list(itertools.product(*(range(s.low, s.high + 1) for s in instance.slots.values() for _ in range(s.length))))
        assert len(states) == 128
        goals = [p for p in spec.properties.values() if p.kind == "invariant"]
        told = {(f.goal, f.step): f for p in goals for f in induct(instance, [p], [], 60.0)}
        for p, action in itertools.product(goals, spec.actions):
            broken = [1 for cells in states for choices in machine.choices_of(action, 2) if breaks(machine, p, action, cells, choices)]
            found = told[p, action]
            assert found.outcome == (REFUTED if broken else PRESERVED), (seed, p.id, action.name)
            seen[found.outcome] += 1
    assert seen[PRESERVED] > 30 and seen[REFUTED] > 30, seen


def breaks(machine: Machine, p: Property, action: Action, cells: Cells, choices: tuple[int, ...]) -> bool:
    """Does the property hold here, and not behind the action?  An action that leaves a domain is an error, and no step."""
    if machine.check(p, cells) is not None:
        return False
    try:
        after = machine.act(cells, action, choices)
    except EvaluationError:
        return False
    return after is not None and machine.check(p, after.cells) is not None


@pytest.mark.slow
@pytest.mark.parametrize("actions", [False, True], ids=["processes", "and actions"])
@pytest.mark.parametrize("any_command", [False, True], ids=["programs", "any command"])
def test_what_is_proved_is_not_violated(tmp_path: Path, any_command: bool, actions: bool) -> None:
    proved = refuted = 0
    for seed in range(20 if actions else 40):
        spec = load(specification(seed, actions), tmp_path).SPECIFICATION
        hosts = [{"menu": ["go *"]}, {"program": ["go T1", "go T2"]}]
        instance = Scenario("random", spec, hosts=hosts, switches={"mode": "on" if seed % 2 else "off"}).instance()
        goals = list(spec.properties.values())
        kept = {p: [f.outcome for f in induct(instance, [p], [], 30.0, any_command=any_command)] for p in goals}
        for p in goals:
            try:
                found = search(instance, [p], deadlock=False, reading="plain", limits=Limits(states=20_000))
            except EvaluationError:
                continue  # a box leaves a domain: told by both, compared elsewhere
            if set(kept[p]) == {PRESERVED} and (found.counterexample is None or len(found.counterexample) > 1):
                assert found.verdict is not Verdict.VIOLATED, (seed, p.id)
                proved += 1
            refuted += found.verdict is Verdict.VIOLATED
    assert proved > (5 if actions else 15) and refuted > (5 if actions else 15), (proved, refuted)  # both kinds are among them


QUESTIONS = ["lock == 1 and x[T1] == 2", "P1.n == 1", "P1.step == p1 and not P2.step == p1", "m == [T1]", "i0 and not i1",
             "x[T1] + x[T2] == 3 and has(m, T2)", "Q1.k == 1 and lock == 0", "count(m) > 1 or x[T2] < 0"]


@pytest.mark.slow
def test_what_is_reached_is_a_state_and_satisfies_the_question(tmp_path: Path) -> None:
    reached = 0
    for seed in range(12):
        spec = load(specification(seed), tmp_path).SPECIFICATION
        instance = Scenario("random", spec, hosts=[{"menu": ["go *"]}, {"program": ["go T1"]}]).instance()
        for text in QUESTIONS:
            asked, p = as_property(instance, text)
            try:
                found, every = (search(of, [p], deadlock=False, reading="plain", limits=Limits(states=20_000))
                                for of in (asked, asked.with_every_box()))
            except EvaluationError:
                continue
            assert found.verdict is every.verdict, (seed, text)
            if found.verdict is Verdict.VIOLATED:
                assert query(instance, text, []).found is not None
                reached += 1
    assert reached > 20
