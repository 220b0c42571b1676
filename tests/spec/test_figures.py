"""Figures are called and left in the same way by all readings, as if their way back were written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from figures_kit import BACK, BY_HAND, END, PROPERTIES, called, whole
from random_specifications import load
from readings_kit import instance_of, outcomes, states

from snapproof.checker import Verdict, search
from snapproof.spec import DeclarationError, EvaluationError
from snapproof.spec.instance import Cells, Instance
from snapproof.spec.machine import Machine
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import evaluate, execute


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [{"HA": 1, "DA": 1}, {"HA": 2, "DA": 0}, {"HA": 2, "DA": 1}, {"HA": 0, "DA": 2}])
@pytest.mark.parametrize("fuse", [True, False])
def test_a_call_is_what_a_way_back_by_hand_is(sizes: dict[str, int], fuse: bool, tmp_path: Path) -> None:
    found = []
    for text in (called(), BY_HAND + END):
        instance = instance_of(text, tmp_path, sizes=sizes, fuse=fuse)
        for reading in ("plain", "compiled"):
            r = search(instance, [], reading=reading)  # type: ignore[arg-type]
            found.append((r.verdict, r.distinct, r.generated, r.depth))
    assert found[0][1] > 10 and len(set(found)) == 1, found


@pytest.mark.slow
def test_all_readings_find_the_same_states(tmp_path: Path) -> None:
    instance = instance_of(called(PROPERTIES), tmp_path)
    assert states(instance, "plain") == states(instance, "compiled")
    both = outcomes(instance)
    assert both[0] == both[1] and both[0][:2] == ("violated", "copies")


@pytest.mark.slow
def test_terms_enter_and_leave_figures_as_the_plain_reading_does(tmp_path: Path) -> None:
    instance = instance_of(called(), tmp_path, fuse=False)
    machine = Machine(instance, [])
    reached = whole(instance)
    for cells in reached:
        for process, (kind, i) in enumerate(instance.processes):
            machine.thaw(cells)
            step = machine.step_at(machine.handles[process])
            taken = machine.run(cells, process, ())
            said = execute(instance, SymbolicState.known(instance, cells), kind, i, step)
            assert said.errors == 0 and bool(said.waits) == (taken is None)
            assert taken is None or tuple(said.after.flat()) == taken.cells
    assert len(reached) > 100


@pytest.mark.slow
def test_terms_of_free_states_agree_with_known_ones(tmp_path: Path) -> None:
    instance = instance_of(called(), tmp_path, sizes={"HA": 1, "DA": 1}, fuse=False)
    free = SymbolicState.free(instance)
    kind = instance.spec.kind("HA")
    for step in instance.spec.steps["HA"]:
        general = execute(instance, free, kind, 0, step)
        for cells in whole(instance):
            known = execute(instance, SymbolicState.known(instance, cells), kind, 0, step)
            inputs = free.inputs_of(cells)
            assert free.terms.evaluate([general.errors, general.waits], inputs) == [known.errors, known.waits]
            if not known.waits and not known.errors:
                assert general.after.value(inputs) == tuple(known.after.flat())


@pytest.mark.slow
def test_where_a_process_is_inside_is_asked_alike(tmp_path: Path) -> None:
    instance = instance_of(called(PROPERTIES), tmp_path, fuse=False)
    machine = Machine(instance)
    seen: dict[str, set[bool]] = {}
    for cells in whole(instance):
        for p in instance.spec.properties.values():
            of = p.chosen(2)[0][1].__name__
            for handle in [h for h in machine.handles if type(h).__name__ == of]:
                machine.thaw(cells)
                plain = bool(p.function(machine.state, machine.scope, handle))
                seen.setdefault(p.id, set()).add(plain)
                assert evaluate(instance, p, [SymbolicState.known(instance, cells)], [handle.id]) == (int(plain), 0)
    both = {"copies", "direct", "for_copy", "again"}
    assert seen == {**{name: {True, False} for name in both}, **{name: {True} for name in ("lock_inside", "same", "only_ask")}}


def test_the_caller_takes_as_few_bits_as_there_are_calls(tmp_path: Path) -> None:
    instance = instance_of(called(), tmp_path)
    slots = {key: (slot.low, slot.high) for key, slot in instance.slots.items() if key[1].endswith("_caller")}
    assert slots == {("HA", "pool_caller"): (0, 2), ("HA", "copy_caller"): (0, 1)}  # one call for a DA: nothing to remember
    shown = instance.show(instance.start_cells())
    assert instance.read(shown) == tuple(instance.start_cells())
    assert set(instance.slots["HA", "pool_caller"].domain.names) == {"needs", "second_1", "second_2"}  # type: ignore[attr-defined]


def test_a_process_outside_of_a_figure_shows_no_caller(tmp_path: Path) -> None:
    instance = instance_of(called(), tmp_path, sizes={"HA": 1, "DA": 1}, fuse=False)
    machine, shown = Machine(instance, []), set[tuple[str, str, str]]()
    for cells in whole(instance):
        told = instance.show(cells)
        assert instance.read(told) == cells
        machine.thaw(cells)
        within = machine.step_at(machine.handles[0]).within
        shown.add((within.name if within else "", told["HA1"]["pool_caller"], told["HA1"]["copy_caller"]))
    assert shown == {("", "none", "none"), ("copy", "none", "start"), ("copy", "none", "second"),
                     ("pool", "needs", "start"), ("pool", "second_1", "none"), ("pool", "second_2", "none")}
    odd = list(instance.start_cells())
    odd[instance.slots["HA", "pool_caller"].offset] = 2  # as a solver may have it
    assert instance.show(odd)["HA1"]["pool_caller"] != "none" and instance.read(instance.show(odd)) == tuple(odd)


def test_a_box_called_none_is_told_from_no_caller(tmp_path: Path) -> None:
    text = called().replace("needs", "none")
    instance = instance_of(text, tmp_path, sizes={"HA": 1, "DA": 1}, fuse=False)
    seen = {instance.show(cells)["HA1"]["pool_caller"] for cells in whole(instance)}
    assert seen == {"none", "none_1", "second_1", "second_2"}
    assert all(instance.read(instance.show(cells)) == cells for cells in whole(instance))


def test_calls_that_differ_far_behind_are_told_apart(tmp_path: Path) -> None:
    """Sets of targets are put in order by their names: two of one name would change places from run to run."""
    text = called()
    for free, last in enumerate(("give", "start")):
        again = f"COPY.call(needs, copied=POOL.call(take_lock, done=give, none=give), failed={last})"
        text = text.replace("    if p.held == 2:\n", f"    if s.free == {free} and p.held == 1:\n"
                            f"        return POOL.call(take_lock, done={again}, none=DONE)\n    if p.held == 2:\n", 1)
    (calls,) = (calls for f, calls in load(text, tmp_path).SPECIFICATION.routes["HA"].calls.items() if f.name == "pool")
    assert len(calls) == len({repr(c) for c in calls}) == 5


@pytest.mark.slow
def test_an_exit_that_a_caller_does_not_expect_is_an_evaluation_error(tmp_path: Path) -> None:
    text = called().replace("POOL.call(take_lock, done=put, none=ask)", "POOL.call(take_lock, done=put)")
    assert outcomes(instance_of(text, tmp_path)) == [EvaluationError, EvaluationError]
    instance = instance_of(text, tmp_path, sizes={"HA": 0, "DA": 1})
    assert [o[0] for o in outcomes(instance)] == ["holds", "holds"]  # one adapter finds a unit always
    with pytest.raises(EvaluationError, match="left by none, for which its caller ask says no step"):
        search(instance_of(text, tmp_path), [], reading="compiled")
    both = instance_of(text, tmp_path, fuse=False)
    cells = next(c for c in whole_until_error(both))
    da = next(i for i, (k, _) in enumerate(both.processes) if k.__name__ == "DA")
    step = both.spec.step_named("DA", "take")
    assert step is not None
    assert execute(both, SymbolicState.known(both, cells), both.processes[da][0], 0, step).errors == 1


def whole_until_error(instance: Instance) -> list[Cells]:
    """States in which the next box of some process leaves by an exit that is not expected."""
    machine, met, out = Machine(instance, []), set[Cells](), []
    pending = [t.cells for t in machine.initial()]
    while pending:
        cells = pending.pop()
        if cells not in met:
            met.add(cells)
            try:
                pending += [t.cells for t in machine.successors(cells)]
            except EvaluationError:
                out.append(cells)
    return out


WRONG: dict[str, tuple[str, str, str]] = {
    "a box entered without a call": ("return COPY.call(needs, copied=second, failed=start)", "return needs", "without calling it"),
    "a box left without an exit": ("    return COPY.copied\n", "    return give\n", "outside of the figure copy"),
    "an exit of another figure": ("    return COPY.copied\n", "    return POOL.done\n", "is no box of it"),
    "the end of a command inside": ("    return COPY.copied\n", "    return DONE\n", "ends the command inside"),
    "no such exit": ("    return COPY.copied\n", "    return COPY.copyed\n", "has no exit 'copyed'"),
    "no such exit in a call": ("copied=second", "copyed=second", "has no exit 'copyed'"),
    "no exit": ("COPY.call(needs, copied=second, failed=start)", "COPY.call(needs)", "for no exit where to go on"),
    "begins elsewhere": ("COPY.call(needs,", "COPY.call(take_lock,", "is no box of this figure"),
    "goes on inside": ("copied=second", "copied=take_lock", "without calling it"),
    "waits": ("copied=second", "copied=WAIT", "goes on at WAIT"),
    "goes on at a number": ("copied=second", "copied=3", "this step is outside"),
    "goes on at a choice": ("copied=second", "copied=(second if s.free else start)", "choose between whole calls"),
    "itself": ("    return COPY.copied\n", "    return COPY.call(needs, copied=copied, failed=COPY.failed)\n",
               r"copy leads back to itself \(copy → copy\)"),
    "in a circle": ("    if s.free == 0:\n",
                    "    if p.held == 7:\n        return BACK.call(back, again=take)\n    if s.free == 0:\n",
                    r"leads back to itself \((pool → back → pool|back → pool → back)\)"),
    "asked in a step": ("    if p.held == 2:\n        return give\n",
                        "    if p.inside(COPY):\n        return give\n", "Only properties ask that"),
    "a text for a figure": ("p.inside(POOL)", "p.inside(3)", "this inside"),
    "a figure for a box": ("p.inside(POOL, needs)", "p.inside(POOL, COPY)", "this inside"),
    "a box that does not call": ("p.inside(POOL, needs)", "p.inside(POOL, give)", "called from give, which does not call it"),
    "of another kind": ("@step(DA, \"30\", \"Fig. 4\", rest=True)",
                        "@step(DA, \"30\", COPY, rest=True)", "in a figure of another kind"),
    "no figure": ("@step(DA, \"30\", \"Fig. 4\", rest=True)", "@step(DA, \"30\", start, rest=True)", "neither a text nor a figure"),
    "a name twice": ('figure(HA, "copy"', 'figure(HA, "pool"', "two figures have this name"),
    "an exit called like a part": ('("copied", "failed")', '("copied", "call")', "like a part of every figure"),
    "a local of that name": ('units that it holds")',
                             'units that it holds")\n    pool_caller: int = local(Flag(), "x")', "the caller is remembered"),
}

@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_call_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    old, new, told = WRONG[name]
    text = called(PROPERTIES + BACK * (name == "in a circle"))
    assert old in text
    with pytest.raises(DeclarationError, match=told) as refused:
        load(text.replace(old, new, 1), tmp_path)
    assert refused.value.fix


def test_a_figure_that_leads_back_to_itself_is_refused_with_file_and_line(tmp_path: Path) -> None:
    old, new, _ = WRONG["itself"]
    text = called().replace(old, new)
    line = text.split("\n").index(new.strip("\n")) + 1
    with pytest.raises(DeclarationError, match=rf":{line} copied"):
        load(text, tmp_path)


def test_processes_do_not_begin_inside_of_a_figure(tmp_path: Path) -> None:
    text = called()
    begin = text.index('@step(DA, "30"')
    pool = text.index('@step(Adapter, "1", POOL)')
    with pytest.raises(DeclarationError, match="the first box of DA"):
        load(text[:begin] + text[pool:].replace(END, "") + text[begin:pool] + END, tmp_path)


def test_commands_do_not_begin_inside_of_a_figure(tmp_path: Path) -> None:
    text = called().replace('class HA(Adapter, letter="HA")', 'class HA(Adapter, letter="HA", programs=True)')
    load(text.replace(END, 'GO = command(HA, "go", first=start, meaning="goes")' + END), tmp_path)
    with pytest.raises(DeclarationError, match="it begins at needs, in a figure"):
        load(text.replace(END, 'GO = command(HA, "go", first=needs, meaning="goes")' + END), tmp_path)


def test_local_boxes_may_not_lead_round_through_a_figure(tmp_path: Path) -> None:
    text = called().replace('@step(HA, "21", COPY)', '@step(HA, "21", COPY, local=True)').replace(
        'return COPY.call(needs, copied=second, failed=start)', "return COPY.call(copied, copied=start, failed=start)").replace(
        '@step(HA, "10", "Fig. 3", rest=True)', '@step(HA, "10", "Fig. 3", local=True)')
    with pytest.raises(DeclarationError, match="local boxes lead back to themselves"):
        load(text, tmp_path)


@pytest.mark.slow
def test_a_property_that_asks_inside_gives_local_boxes_transitions_of_their_own(tmp_path: Path) -> None:
    results: dict[bool, Any] = {}
    for fuse in (True, False):
        instance = instance_of(called(PROPERTIES), tmp_path, fuse=fuse)
        r = search(instance, [instance.spec.properties["direct"]])
        results[fuse] = (r.verdict, r.distinct)
    assert results[True] == results[False]


@pytest.mark.slow
def test_questions_name_callers(tmp_path: Path) -> None:
    path = tmp_path / "calling.py"
    path.write_text(called())
    for name in ("second_1", "second_2", "needs"):
        assert run("query", "--spec", str(path), "--reachable", f"HA1.pool_caller == {name} and HA1.step == take").exit_code == 0
    assert run("query", "--spec", str(path), "--reachable", "HA1.pool_caller == second_2 and HA1.step == start").exit_code == 16


def test_traces_say_from_where_a_figure_was_called_and_replay(tmp_path: Path) -> None:
    path = tmp_path / "calling.py"
    path.write_text(called(PROPERTIES))
    assert run("check", str(path), "--trace-dir", str(tmp_path)).exit_code == 12
    (trace,) = tmp_path.glob("*.json")
    shown = run("show", str(trace)).output
    assert "(Fig. 3, 10 › Fig. 2)" in shown and "(Fig. 3, 10 › Fig. 2, 20 › Fig. 1)" in shown
    assert run("replay", "--spec", str(path), str(trace)).exit_code == 0


@pytest.mark.slow
def test_the_example_holds_and_fails_when_the_pool_gives_twice(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "examples" / "pool.py").read_text()
    assert [o[0] for o in outcomes(instance_of(text, tmp_path))] == ["holds", "holds"]
    wrong = text.replace("    s.free = 0\n", "")
    assert [o[:2] for o in outcomes(instance_of(wrong, tmp_path))] == [("violated", "one")] * 2


WATCHED = '''
@transition("taken", "a unit is taken twice", steps=[take])
def taken_once(before: S, after: S, c: C, p: KIND) -> bool:
    """Whoever takes a unit had LESS of them."""
    return p.held < LESS
'''


@pytest.mark.slow
@pytest.mark.parametrize("reading", ["plain", "compiled"])
@pytest.mark.parametrize(("kind", "less", "verdict"), [("HA", 1, Verdict.VIOLATED), ("HA", 2, Verdict.HOLDS), ("DA", 1, Verdict.HOLDS),
                                                     ("DA", 0, Verdict.VIOLATED)])
def test_a_property_of_a_box_of_two_kinds_is_asked_of_the_kind_that_it_names(kind: str, less: int, verdict: Verdict, reading: str,
                                                                         tmp_path: Path) -> None:
    """Before it takes one, a disk adapter has none; a host adapter has one, at its second box: and does not hinder the disk adapter."""
    instance = instance_of(called(WATCHED.replace("KIND", kind).replace("LESS", str(less))), tmp_path)
    result = search(instance, list(instance.spec.properties.values()), reading=reading)
    assert result.verdict is verdict
    if result.counterexample:
        assert result.broken is not None and result.broken.arguments[0] == result.counterexample[-1].move.process - (kind == "DA") * 2
