"""Locals that belong to commands: they share bits, whoever looks sees their initial value elsewhere, and other boxes may not use them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from random_specifications import load
from readings_kit import instance_of, outcomes, states

from snapproof.spec import DeclarationError
from snapproof.spec.during import boxes_of, stray
from snapproof.spec.instance import Instance
from snapproof.spec.layout import Layout
from snapproof.spec.machine import Machine
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.induction import PRESERVED, induct
from snapproof.symbolic.nearest import nearest
from snapproof.symbolic.query import query
from snapproof.symbolic.state import SymbolicState
from snapproof.traces.errors import Misfit
from snapproof.traces.record import record_induction
from snapproof.traces.replay import replay

HEAD = '''
from __future__ import annotations
from snapproof.spec import *

class T(IndexSet, letter="T"):
    """Tracks."""

class S(State):
    told: int = variable(Range(-3, 6), "what somebody has said")
    turns: int = variable(Range(0, 3), "how often somebody was done")

class C(Scope):
    """No switches."""

class P(Process, letter="P", programs=True):
    """Carries out commands."""
    found: int = local(Range(0, 5), "what was found", during=("find",))
    place: int = local(Range(-2, 1), "how far it has come", initial=1, during=("walk", "sort"))
    due: int = local(Maybe(T), "the next track", initial=-1, during=("sort",))
    seen: int = local(Flag(), "another process has said something")
    far: int = argument(Range(0, 1), "how far to walk")

class Q(Process, letter="Q", rest=True):
    """Looks at others."""

POOL = figure(P, "pool", "Fig. 9", exits=("done", "none"), meaning="a part that all call")

def far_from(p: P) -> int:
    return p.place

def deeper(p: P, k: int) -> None:
    p.place = k

@step(P, "1", "Fig. 1")
def find(s: S, c: C, p: P, k: T) -> Next:
    """Finds something."""
    p.found = k + 4 - s.turns
    return POOL.call(take, done=say, none=find_no_more)

@step(P, "2", "Fig. 1")
def find_no_more(s: S, c: C, p: P) -> Next:
    """It is found no more."""
    p.found = p.found - 1
    return say

@step(P, "3", "Fig. 1")
def say(s: S, c: C, p: P) -> Next:
    """Says what was found."""
    s.told = p.found
    return DONE

@step(P, "4", "Fig. 2")
def walk(s: S, c: C, p: P) -> Next:
    """Walks so far."""
    deeper(p, far_from(p) - 1 - p.far)
    return walk if p.place > -1 else POOL.call(take, done=walked, none=DONE)

@step(P, "5", "Fig. 2", local=True)
def walked(s: S, c: C, p: P) -> Next:
    """Has come there."""
    p.place = 0
    return rests

@step(P, "6", "Fig. 2")
def rests(s: S, c: C, p: P) -> Next:
    """Says so, and is done."""
    s.told = p.place
    return DONE

@step(P, "7", "Fig. 3")
def sort(s: S, c: C, p: P) -> Next:
    """Goes over the tracks."""
    p.due = p.due + 1
    p.place = -p.due
    return sort if p.due < c.size(T) - 1 else walked

@step(P, "8", POOL)
def take(s: S, c: C, p: P) -> Next:
    """All do this; the figure is left in two ways."""
    p.seen = s.told > 0
    if s.turns == 3:
        return POOL.none
    s.turns = s.turns + 1
    return POOL.done

@step(Q, "1", "Fig. 4")
def look(s: S, c: C, q: Q, p: P) -> Next:
    """Looks at what another process has found, whatever that one does."""
    if p.found < 3:
        return WAIT
    s.told = p.due
    return DONE

FIND = command(P, "find", first=find, meaning="finds")
WALK = command(P, "walk", "far", first=walk, meaning="walks")
SORT = command(P, "sort", first=sort, meaning="sorts")

@invariant("idle", "left over")
def nothing_left(s: S, c: C, p: P) -> bool:
    """Who carries out nothing has nothing found, and is where it began."""
    return not p.idle or (p.found == 0 and p.place == 1 and p.due == -1)

@invariant("apart", "of two commands")
def never_both(s: S, c: C, p: P) -> bool:
    """What was found and the place belong to different commands."""
    return p.found == 0 or (p.place == 1 and p.due == -1)

@transition("ends", "kept", steps=[say, rests])
def ended(before: S, after: S, c: C, p: P) -> bool:
    """At the end of the command all is as at the start; before it, it was not yet."""
    now = after.same(p)
    return now.found == 0 and now.place == 1 and (p.found != 0 or p.place != 1 or p.at(say))
'''
END = '\nSPECIFICATION = Specification.of_module("m", S, C, __name__, T=2, P=1, Q=1)\n'
HOSTS: list[Any] = [{"menu": ["find", "walk *"], "times": 2}, {"program": ["sort", "find", "walk 1"]}]


def instance(folder: Path, more: str = "", hosts: list[Any] = HOSTS) -> Instance:
    return instance_of(HEAD + more + END, folder, sizes={"P": len(hosts)}, hosts=hosts)


def test_locals_of_commands_that_exclude_each_other_have_the_same_bits(tmp_path: Path) -> None:
    layout = Layout(instance(tmp_path))
    found, place, due = (layout.places["P", name] for name in ("found", "place", "due"))
    assert (found.word, found.shift, found.stride) == (place.word, place.shift, place.stride) and found.shared and place.shared
    assert (due.word, due.shift) != (place.word, place.shift) and not due.shared, "both belong to sort"
    assert (found.width, place.width, due.width, found.stride) == (3, 2, 2, 3)
    apart = Layout(instance_of((HEAD + END).replace(', during=("find",)', ""), tmp_path, sizes={"P": 2}, hosts=HOSTS))
    assert apart.bits == layout.bits + 2 * 2, "by themselves, `found` and `place` take 3 + 2 bits of each process"


def test_states_are_the_same_in_both_searches_and_differ_exactly_when_their_cells_do(tmp_path: Path) -> None:
    here = instance(tmp_path)
    plain = states(here, "plain")
    assert plain == states(here, "compiled") and len(plain) > 1000
    layout = Layout(here)
    packed = {tuple(layout.pack(cells)): cells for cells in plain}
    assert len(packed) == len(plain) and all(layout.unpack(words) == cells for words, cells in packed.items())
    assert all(stray(here, cells) is None for cells in plain)
    slots = [here.slots["P", name] for name in ("found", "place", "due")]
    assert all(any(cells[s.offset + i] != s.start for cells in plain for i in range(2)) for s in slots), "each of them is used"


@pytest.mark.slow
@pytest.mark.parametrize("fuse", [True, False])
def test_properties_see_the_initial_value_outside_of_the_commands(fuse: bool, tmp_path: Path) -> None:
    here = instance_of(HEAD + END, tmp_path, sizes={"P": 2}, hosts=HOSTS, fuse=fuse)
    said = outcomes(here)
    assert said[0] == said[1] and said[0][0] == "holds"


@pytest.mark.parametrize("hosts", [[{"program": ["walk 0"]}], [{"program": ["sort"]}], [{"program": ["find", "walk 1", "sort"]}]])
def test_what_a_process_carries_out_is_read_from_its_program(hosts: list[Any], tmp_path: Path) -> None:
    here = instance(tmp_path, hosts=hosts)  # the programs are data: all of these share one compilation
    assert states(here, "plain") == states(here, "compiled")


@pytest.mark.parametrize("told", ["p.found < 4", "p.place != -1", "p.due < 1", "not (p.place == 0 and p.seen)"])
def test_a_violation_is_the_same_in_both_searches(told: str, tmp_path: Path) -> None:
    more = f'\n@invariant("I", "v")\ndef wrong(s: S, c: C, p: P) -> bool:\n    """Is wrong."""\n    return {told}\n'
    said = outcomes(instance(tmp_path, more))
    assert said[0] == said[1] and said[0][:2] == ("violated", "I")


def test_a_state_of_the_types_has_such_locals_only_in_their_time(tmp_path: Path) -> None:
    here = instance(tmp_path)
    free = SymbolicState.free(here)
    typed, slot = free.within_types(), here.slots["P", "found"]
    for cells in itertools.islice(states(here, "plain"), 300):
        changed = cells[:slot.offset] + (2,) + cells[slot.offset + 1:]
        wanted = [1, int(stray(here, changed) is None)]
        assert [free.terms.evaluate([typed], free.inputs_of(c))[0] for c in (cells, changed)] == wanted


def test_a_question_invents_no_state_in_which_they_are_used_elsewhere(tmp_path: Path) -> None:
    here = instance(tmp_path)
    assert query(here, "P1.found == 2", []).found is not None
    for text in ("P1.found == 2 and P1.command == none", "P1.found == 2 and P1.place == 0", "P1.due == T1 and P1.found == 1"):
        assert query(here, text, []).found is None, text


def test_a_proof_knows_it_for_all_programs_and_a_counterexample_keeps_to_it(tmp_path: Path) -> None:
    more = '\n@invariant("six", "v")\ndef not_six(s: S, c: C) -> bool:\n    """Nobody says five."""\n    return s.told != 5\n'
    here = instance(tmp_path, more)
    goals = [here.spec.properties[id] for id in ("idle", "six")]
    found = list(induct(here, goals, any_command=True))
    assert {f.outcome for f in found if f.goal is goals[0]} == {PRESERVED}
    refuted = [f.refutation for f in found if f.goal is goals[1] and f.refutation is not None]
    assert [r.after.move.boxes[0].name for r in refuted] == ["say"]
    for r in refuted:
        machine = Machine(r.instance, [])
        machine.fused = False
        near, _ = nearest(machine, r)
        for cells in (r.before, r.after.cells, near.before, near.after.cells):
            assert stray(r.instance, cells) is None


def test_a_recorded_first_state_in_which_one_is_used_elsewhere_is_refused(tmp_path: Path) -> None:
    more = '\n@invariant("six", "v")\ndef not_six(s: S, c: C) -> bool:\n    """Nobody says five."""\n    return s.told != 5\n'
    scenario = Scenario("s", load(HEAD + more + END, tmp_path).SPECIFICATION, sizes={"P": 2}, hosts=HOSTS)
    found = next(f.refutation for f in induct(scenario.instance(), [scenario.spec.properties["six"]]) if f.refutation is not None)
    trace = record_induction(scenario, found, next(Machine(found.instance, []).initial()).cells)
    assert replay(trace, scenario.spec).fails
    first = {**trace.initial.state, "P2": {**trace.initial.state["P2"], "command": "none", "step": "next_command", "found": 2}}
    with pytest.raises(Misfit, match=r"P2\.found belongs to find, which P2 does not carry out, and is 2"):
        replay(replace(trace, initial=replace(trace.initial, state=first)), scenario.spec)


def test_what_may_be_carried_out_is_followed_through_figures_that_all_call(tmp_path: Path) -> None:
    spec = instance(tmp_path).spec
    boxes = {c.word: {b.name for b in boxes_of(spec, c)} for c in spec.commands}
    assert boxes == {"find": {"find", "find_no_more", "say", "take"}, "walk": {"walk", "walked", "rests", "take"},
                     "sort": {"sort", "walked", "rests"}}


WRONG = {
    ("    s.told = p.found\n    return DONE", "    p.place = 0\n    return DONE"):
        r":\d+ say: say uses place, which belongs to walk and sort; no such command leads here",
    ("    s.told = p.place\n    return DONE\n\n@step(P, \"7\"", "    s.told = p.due\n    return DONE\n\n@step(P, \"7\""):
        r":\d+ rests: rests uses due, which belongs to sort; walk leads here, too",
    ("    p.seen = s.told > 0", "    p.seen = p.found"): r":\d+ take: take uses found, which belongs to find; walk leads here, too",
    ("    p.found = k + 4 - s.turns", "    deeper(p, 0)"): r":\d+ deeper: find uses place, which belongs to walk and sort; no such",
    ("    if p.found < 3", "    p.found = 0\n    if p.found < 3"): r":\d+ look: it writes found of a process that does not move here",
    ("    return walk if", "    for o in s.all(P):\n        o.found = 0\n    return walk if"): r":\d+ walk: it writes found of a process",
    ('during=("find",)', 'during=("fond",)'): "local P.found: it belongs to the command 'fond', and P has none of this word.*find",
    ('during=("find",)', 'during=("find", "find")'): "names 'find' twice",
    ('during=("find",)', 'during="find"'): "is not a tuple of words",
    ('during=("find",)', "during=(find,)"): "not defined|names",
    ('during=("find",)', "during=(1,)"): "names 1, which is no word",
    ('    """Looks at others."""', '    """Looks."""\n    mine: int = local(Flag(), "m", during=("find",))'):
        "local Q.mine: it belongs to commands, and Q runs no programs",
}


@pytest.mark.slow
@pytest.mark.parametrize(("change", "said"), WRONG.items(), ids=[c[1].strip()[:40] for c in WRONG])
def test_what_does_not_fit_is_refused_with_its_line(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    assert change[0] in HEAD
    with pytest.raises((DeclarationError, NameError), match=said):
        load(HEAD.replace(change[0], change[1], 1) + END, tmp_path)


@pytest.mark.parametrize("header", ["@action\ndef acts(s: S, c: C, p: P) -> Signal:", "@initial\ndef begins(s: S, c: C, p: P) -> Signal:"])
def test_neither_actions_nor_initial_functions_write_them(header: str, tmp_path: Path) -> None:
    more = f'\n{header}\n    """Writes."""\n    p.found = 0\n    return DONE\n'
    with pytest.raises(DeclarationError, match=r":\d+ (acts|begins): it writes found of a process that does not move here"):
        load(HEAD + more + END, tmp_path)
