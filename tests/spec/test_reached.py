"""Where commands lead: what a proof of them may leave out, and what it must not."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up.examples import loaded
from made_up.further import further
from made_up.readings import instance
from random_specifications import load

from snapproof.checker import Limits
from snapproof.checker.plain import PlainSearch
from snapproof.model.specification import SPECIFICATION
from snapproof.spec.errors import DeclarationError, EvaluationError
from snapproof.spec.reached import reached, unchanged
from snapproof.spec.scenario import load_scenario
from snapproof.spec.specification import Specification

SCENARIOS = Path(__file__).parents[2] / "model" / "scenarios"

TEXT = '''
from __future__ import annotations
from snapproof.spec import DONE, WAIT, Next, OneOf, Process, Range, Scope, Specification, State, Table, command, figure, initial, local
from snapproof.spec import invariant, step, variable, Signal


class S(State):
    low: int = variable(Range(0, 3), "n")
    high: int = variable(Range(0, 3), "n", initial=2)
    set_: int = variable(Range(0, 3), "n")
    fixed: int = variable(Range(0, 3), "n", initial=2)
    begun: int = variable(Range(0, 3), "n")


class C(Scope):
    pass


class P(Process, letter="P", programs=True):
    pass


SHARED = figure(P, "shared", "Fig. 1", exits=("left", "right"), meaning="m")


@initial
def begin(s: S, c: C) -> Signal:
    """x"""
    s.begun = 1
    return DONE


@step(P, "1", SHARED)
def choose(s: S, c: C, p: P) -> Next:
    """x"""
    return SHARED.left if s.low == 0 else SHARED.right


@step(P, "2", "Fig. 2")
def for_one(s: S, c: C, p: P) -> Next:
    """x"""
    return SHARED.call(choose, left=DONE, right=behind_one)


@step(P, "3", "Fig. 2")
def behind_one(s: S, c: C, p: P) -> Next:
    """x"""
    s.fixed = 2
    s.low = 1
    return DONE


@step(P, "4", "Fig. 3")
def for_two(s: S, c: C, p: P) -> Next:
    """x"""
    return SHARED.call(choose, left=behind_two, right=DONE)


@step(P, "5", "Fig. 3")
def behind_two(s: S, c: C, p: P) -> Next:
    """x"""
    s.high = 1
    s.set_ = p.number
    return DONE


ONE = command(P, "one", first=for_one, meaning="m")
TWO = command(P, "two", first=for_two, meaning="m")


@invariant("I", "v")
def fine(s: S, c: C) -> bool:
    """x."""
    return True


@fine.explain
def _fine(s: S, c: C) -> tuple[str, str]:
    return "", ""
'''


@pytest.fixture
def spec(tmp_path: Path) -> Specification:
    made = load(TEXT, tmp_path)
    return Specification("s", made.S, made.C, [made])


def names(spec: Specification, *words: str) -> set[str]:
    kind = spec.kinds[0]
    return {s.name for s in reached(spec, kind, [c for c in spec.commands if c.word in words])} - {"next_command"}


def test_a_figure_leads_back_to_those_only_who_have_entered_it(spec: Specification) -> None:
    assert names(spec, "one") == {"for_one", "choose", "behind_one"}
    assert names(spec, "two") == {"for_two", "choose", "behind_two"}
    assert names(spec, "one", "two") == {"for_one", "choose", "behind_one", "for_two", "behind_two"}
    assert names(spec) == set()


def test_a_variable_is_unchanged_that_gets_its_first_value_only_at_the_start_and_in_every_box(spec: Specification) -> None:
    kind = spec.kinds[0]

    def of(*words: str) -> set[str]:
        return unchanged(spec, reached(spec, kind, [c for c in spec.commands if c.word in words]), {})

    assert of("one") == {"high", "set_", "fixed"}
    assert of("two") == {"low", "fixed"}
    assert of("one", "two") == {"fixed"}
    assert of() == {"low", "high", "set_", "fixed"}


def test_boxes_behind_the_place_where_a_process_begins_are_reached(tmp_path: Path) -> None:
    made = load(TEXT.replace("def begin(s: S, c: C)", "def begin(s: S, c: C, q: Q)").replace("s.begun = 1", "q.start_at(third)")
                .replace("SHARED = figure", '''class Q(Process, letter="Q"):
    pass


SHARED = figure''') + '''

@step(Q, "6", "Fig. 4")
def alone(s: S, c: C, q: Q) -> Next:
    """x"""
    return alone


@step(Q, "7", "Fig. 4")
def third(s: S, c: C, q: Q) -> Next:
    """x"""
    return last


@step(Q, "8", "Fig. 4")
def last(s: S, c: C, q: Q) -> Next:
    """x"""
    s.set_ = 3
    return DONE
''', tmp_path)
    spec = Specification("s", made.S, made.C, [made])
    found = reached(spec, spec.kind("Q"), [])
    assert {s.name for s in found} == {"alone", "third", "last"}
    assert "set_" not in unchanged(spec, found, {})


def test_what_an_action_changes_is_not_unchanged(tmp_path: Path) -> None:
    made = load(TEXT.replace("Signal\n", "Signal, action\n", 1) + '''

@action
def raise_it(s: S, c: C) -> Signal:
    """x"""
    s.fixed = 3
    return DONE
''', tmp_path)
    spec = Specification("s", made.S, made.C, [made])
    assert unchanged(spec, reached(spec, spec.kinds[0], spec.commands), {}) == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["save_old_data", "remove_while_writing", "restore_a_listed_pair", "rollback", "restore_in_the_log"])
def test_no_search_executes_another_box_or_changes_such_a_variable(name: str) -> None:
    scenario = load_scenario(SCENARIOS / f"{name}.toml", SPECIFICATION)
    instance = scenario.instance()
    commands = list({i.command for i in instance.invocations})
    boxes = {k.__name__: reached(SPECIFICATION, k, commands) for k in SPECIFICATION.kinds}
    kept = unchanged(SPECIFICATION, {b for mine in boxes.values() for b in mine}, instance.sizes)
    search = PlainSearch(instance, [])
    search.run()
    assert {(kind, step) for kind, step in search.executed} <= {(k, s.name) for k, mine in boxes.items() for s in mine}
    for variable in kept:
        slot = instance.slots["", variable]
        assert {v for cells in search.states for v in cells[slot.offset:slot.offset + slot.length]} == {slot.start}
    assert ("indirect" in kept) == (not name.startswith("restore"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_no_search_of_a_made_up_text_does_so_either(tmp_path: Path, seed: int) -> None:
    whole = further(seed)
    (tmp_path / "made.py").write_text(whole.text)
    try:
        spec = loaded(tmp_path / "made.py")
        of = instance(spec, whole.settings[0])
        search = PlainSearch(of, [], False, False)
        search.run(Limits(states=400, seconds=20.0))
    except (DeclarationError, EvaluationError):
        return  # one in four: a local box that others look at, or an error in a step
    boxes = {k.__name__: reached(spec, k, spec.commands) for k in spec.kinds}
    kept = unchanged(spec, {b for mine in boxes.values() for b in mine}, of.sizes)
    assert {(kind, step) for kind, step in search.executed if kind} <= {(k, s.name) for k, mine in boxes.items() for s in mine}
    for slot in (of.slots["", name] for name in kept):
        assert {v for cells in search.states for v in cells[slot.offset:slot.offset + slot.length]} <= {slot.start}
