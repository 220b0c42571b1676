"""The kept proofs: what they claim, that they fail without the discipline or a fact, and that z3 agrees at small sizes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_kit import run
from induction_kit import DIALS
from random_specifications import load

from snapproof.model.parts import COPIES_BACK
from snapproof.model.state import DiskAdapter, HostAdapter
from snapproof.spec.errors import ScenarioError
from snapproof.spec.instance import Instance
from snapproof.spec.scenario import load_scenario
from snapproof.storage import proofs
from snapproof.symbolic.induction import emptiness
from snapproof.symbolic.solver import Z3, MiniSat, Solver
from snapproof.symbolic.theorem import DOMAINS, Theorem

SMALL = [("VirtualDevice", "2"), ("StandardDevice", "1"), ("HostAdapter", "2"), ("DiskAdapter", "1"), ("LogTrack", "2"), ("PairList", "1")]
SETS = [word for name, value in SMALL for word in ("--set", f"{name}={value}")]


def small(solver: type[Solver] = MiniSat, without: str = "", **switches: str) -> Theorem:
    """The proof at sizes that take seconds, perhaps without a fact, or with other switches."""
    t = proofs.theorem(proofs.find("two_devices").changed(dict(SMALL) | switches), 60.0)
    return Theorem(t.instance, [p for p in t.facts if p.id != without], t.consequences, t.goals, 60.0, solver)


def opened(theorem: Theorem) -> Iterator[tuple[str, dict[str, str]]]:
    """Part after part, those with outcomes that are not `preserved`, and these."""
    for part in theorem.parts():
        found = {id: f.outcome for id, f in theorem.settle(part).items() if f.outcome != "preserved"}
        if found:
            yield part.label, found


@pytest.mark.slow
def test_the_kept_proof_has_sixteen_sessions_four_tracks_and_eight_log_tracks() -> None:
    t = proofs.theorem(proofs.find("sixteen_sessions"), 1.0)
    sizes = {name: t.instance.sizes[name] for name in ("Session", "VirtualDevice", "Track", "LogTrack")}
    assert sizes == {"Session": 16, "VirtualDevice": 16, "Track": 4, "LogTrack": 8}
    assert {p.id for p in t.goals} >= {"I3a", "I3b", "I3c", "I3f", "I4", "I5a", "I5b", "I5c"}
    assert t.instance.scope._switches == t.instance.spec.scope.profile("safe")


LATER = tuple(f"snapproof.model.{name}" for name in ("restore", "restore_new", "restore_virtual", "deactivation", "group_calls",
                                                      "way_back"))
"""What no kept proof speaks of yet."""


@pytest.mark.slow
def test_every_box_to_which_the_named_commands_lead_is_a_part() -> None:
    t = small()
    boxes = {p.step for p in t.parts() if p.step is not None}
    every = {s for steps in t.instance.spec.steps.values() for s in steps}
    assert {s.name for s in every - boxes} == {
        s.name for s in every if s.module in LATER} - {"refuse_saved_track"} | {"hold_track_to_copy", "let_copied_track_go"}


@pytest.mark.slow
def test_with_a_command_that_the_facts_do_not_know_it_is_not_proved() -> None:
    t = small()
    t.instance.commands = list(t.instance.spec.commands)
    assert ("HostAdapter.next_command", {"X1": "not preserved"}) in list(opened(t))


@pytest.mark.slow
@pytest.mark.parametrize("without", ["V3", "M11"])
def test_without_one_of_its_facts_it_is_not_proved(without: str) -> None:
    assert next(opened(small(without=without)), None)


@pytest.mark.slow
def test_without_what_a_lock_gives_the_box_that_needs_it_is_not_proved() -> None:
    t = small(without="H3")
    (part,) = [p for p in t.parts() if p.label == "HostAdapter.point_to_new_track"]
    assert any(f.outcome != "preserved" for f in t.settle(part).values())


@pytest.mark.slow
@pytest.mark.parametrize("switches", [{}, {"lock_342": "none"}], ids=["safe", "unlocked"])
def test_z3_settles_boxes_as_minisat_does(switches: dict[str, str]) -> None:
    slow, fast = small(Z3, **switches), small(**switches)
    some = [i for i, p in enumerate(fast.parts()) if p.step is not None and p.step.name in
            ("lock_slot_to_write", "point_to_new_track", "modify_free_list", "move_pointers", "finish_removal", "next_command")]
    assert len(some) == 7  # both kinds of adapter execute 242
    for i in some:
        a, b = slow.settle(slow.parts()[i]), fast.settle(fast.parts()[i])
        assert {id: f.outcome for id, f in a.items()} == {id: f.outcome for id, f in b.items()}


@pytest.mark.slow
def test_a_box_that_may_leave_a_domain_is_told() -> None:
    t = small(without="L4")
    t.facts = [p for p in t.facts if p.id not in ("L2", "L3", "L4", "L5", "L6", "H5")]
    assert any(DOMAINS in open for _, open in opened(t))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["two_devices", pytest.param("sixteen_sessions", marks=pytest.mark.audit)])
def test_no_kept_proof_is_empty_every_box_runs_somewhere_with_all_facts(name: str) -> None:
    t = proofs.theorem(proofs.find(name), 600.0)
    found = emptiness(t.instance, [*t.facts, *t.consequences, *(p for p in t.goals if p.kind == "invariant")], 600.0, any_command=True)
    assert len(t.facts) >= 80
    # Reads and writes lead to the copying of indirect tracks, by either kind of adapter, and a read to the error of a deactivated
    # device: there are none with these commands.
    never = [*(s.name for s in COPIES_BACK.boxes for _ in (HostAdapter, DiskAdapter)), "hold_new_track", "let_new_track_go",
             "refuse_saved_track"]
    assert (sorted(found.never), found.undefined, found.unknown) == (sorted(never), [], [])


def test_facts_that_contradict_each_other_leave_no_box_that_runs(tmp_path: Path) -> None:
    spec = load(DIALS.replace("s.x[t] != 7", "s.x[t] % 2 == 1"), tmp_path).SPECIFICATION
    found = emptiness(Instance(spec, {}, {}), [spec.properties["even"], spec.properties["not7"]])
    assert (found.never, found.undefined, found.unknown) == (["turn"], [], [])


def dial_theorem(folder: Path, facts: list[str], goals: list[str]) -> Theorem:
    """Dials that go on by two: `even` is inductive, `not7` follows from it, `not6` and `not0` are wrong."""
    spec = load(DIALS, folder).SPECIFICATION
    return Theorem(Instance(spec, {}, {}), [spec.properties[p] for p in facts], [], [spec.properties[p] for p in goals], 30.0)


def test_a_goal_follows_from_facts_that_every_box_preserves(tmp_path: Path) -> None:
    assert dict(opened(dial_theorem(tmp_path, ["even"], ["not7"]))) == {}


def test_a_goal_that_does_not_follow_is_told(tmp_path: Path) -> None:
    assert dict(opened(dial_theorem(tmp_path, ["even"], ["not6"]))) == {"not6 follows": {"not6": "not preserved"}}


def test_a_fact_that_does_not_hold_initially_is_told(tmp_path: Path) -> None:
    found = dict(opened(dial_theorem(tmp_path, ["even", "not0"], ["not7"])))
    assert found == {"P.turn": {"not0": "not preserved"}, "initial states": {"not0": "false"}}


@pytest.mark.slow
def test_the_list_is_run_and_told_and_at_small_sizes_everything_is_settled() -> None:
    done = run("prove", "--proof", "two_devices", *SETS)
    assert done.exit_code == 0, done.output
    assert "two_devices: proved" in done.output and "I5a" in done.output


@pytest.mark.slow
def test_the_list_as_json_and_without_the_lock_of_fig_7_it_is_not_proved() -> None:
    done = run("prove", "--proof", "two_devices", *SETS, "--set", "lock_342=none", "--json")
    assert done.exit_code == 16
    (proof,) = json.loads(done.stdout)["proofs"]
    assert proof["settled"] == proof["parts"] > 130
    assert {o["part"] for o in proof["open"]} == {"HostAdapter.lock_slot_to_write"}
    assert "H3" in {o["property"] for o in proof["open"]}


@pytest.mark.slow
@pytest.mark.parametrize("box", ["modify_free_list", "take_request", "finish_removal"])
def test_a_question_without_time_is_no_success(box: str) -> None:
    done = run("prove", "--proof", "two_devices", *SETS, "--box", box, "--seconds", "0.000001", "--jobs", "1")
    assert done.exit_code == 3, done.output
    assert "not known" in done.output


def test_a_proof_that_is_not_there_is_refused_with_near_names() -> None:
    done = run("prove", "--proof", "two_device")
    assert done.exit_code == 151 and "two_devices" in done.stderr


def test_an_option_that_needs_a_property_is_refused_without_one() -> None:
    done = run("prove", "--reachable")
    assert done.exit_code == 1 and "needs PROPERTY" in done.stderr


def test_a_box_that_is_not_there_is_refused_instead_of_proved() -> None:
    done = run("prove", "--proof", "two_devices", "--box", "move_pointer")
    assert done.exit_code == 151 and "move_pointers" in done.stderr


@pytest.mark.slow
def test_one_box_is_not_a_proof() -> None:
    done = run("prove", "--proof", "two_devices", "--box", "send_status")
    assert done.exit_code == 0 and "this box is settled" in done.output
    assert "two_devices: proved" not in done.output


@pytest.mark.slow
def test_a_part_whose_process_dies_is_not_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Theorem, "settle", lambda self, part: os._exit(9))
    done = run("prove", "--proof", "two_devices", *SETS, "--jobs", "2")
    assert done.exit_code == 3 and "not known" in done.output


@pytest.mark.parametrize("commands, words", [
    ('["raed"]', "no command 'raed'"), ("[3]", "not a list of words"), ('"read"', "not a list"),
], ids=["unknown", "numbers", "one word"])
def test_a_proof_that_names_commands_which_are_none_is_refused(tmp_path: Path, commands: str, words: str) -> None:
    text = (proofs.folder() / "two_devices.toml").read_text("utf-8")
    path = tmp_path / "some.toml"
    path.write_text("\n".join(f"commands = {commands}" if line.startswith("commands") else line for line in text.splitlines()), "utf-8")
    with pytest.raises(ScenarioError, match=words):
        load_scenario(path, proofs.strengthened(), proof=True).instance()


def test_a_scenario_names_no_commands_because_a_search_would_not_heed_them(tmp_path: Path) -> None:
    path = tmp_path / "some.toml"
    path.write_text((proofs.folder() / "two_devices.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(ScenarioError, match="there is no such key"):
        load_scenario(path, proofs.strengthened())
