"""Induction: inductive properties are found to be so, others get two states and the box between them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_kit import run
from induction_kit import dials, tried, written

pytest.importorskip("z3")

from snapproof import storage  # noqa: E402
from snapproof.checker import Limits, search  # noqa: E402
from snapproof.cli.prove_findings import NOT_KNOWN, Told  # noqa: E402
from snapproof.spec.machine import Machine  # noqa: E402
from snapproof.spec.refutation import Refutation  # noqa: E402
from snapproof.symbolic.induction import REFUTED, Finding  # noqa: E402
from snapproof.symbolic.nearest import confirmed, nearest  # noqa: E402
from snapproof.symbolic.reachable import kept_by  # noqa: E402
from snapproof.traces.trace_file import load_trace  # noqa: E402

QUERIES = Path(__file__).parents[2] / "docs" / "queries.md"


@pytest.fixture
def spec(tmp_path: Path) -> str:
    return dials(tmp_path)


def test_an_inductive_property_is_proved(spec: str) -> None:
    code, said = tried("even", "--scenario", spec)
    assert code == 0
    assert "holds initially; 1 of 1 boxes preserve it" in said


def test_a_property_that_holds_may_not_be_inductive_alone(spec: str) -> None:
    code, said = tried("not7", "--scenario", spec, "--box", "turn")
    assert code == 16
    assert "5 -> 7" in said


def test_together_with_its_strengthening_it_is_proved(spec: str) -> None:
    assert tried("not7", "even", "--scenario", spec)[0] == 0
    assert tried("not7", "--given", "even", "--scenario", spec)[0] == 0


def test_a_property_that_fails_at_the_beginning_is_not_proved(spec: str) -> None:
    code, said = tried("not0", "--given", "even", "--scenario", spec)
    assert code == 16
    assert "DOES NOT HOLD INITIALLY" in said


@pytest.mark.slow
def test_a_box_of_the_storage_device_gets_a_counterexample_that_the_plain_reading_confirms() -> None:
    code, said = tried("I3a", "--given", "all", "--box", "send_status", "--json")
    assert code == 16
    boxes = json.loads(said)["boxes"]
    assert [b["outcome"] for b in boxes] == ["not preserved"]


@pytest.mark.slow
def test_a_box_that_keeps_the_bits_is_shown_to_preserve_them() -> None:
    code, said = tried("I3a", "--given", "all", "--box", "refuse_removal")
    assert "I3a: holds initially; 1 of 1 boxes preserve it" in said
    # It is no proof yet: three of those that are given are not preserved by it.
    assert code == 16 and "I19 is given, and not preserved by refuse_removal" in said


def test_what_follows_from_what_no_initial_state_satisfies_is_no_proof(spec: str) -> None:
    code, said = tried("not7", "--given", "not0", "--scenario", spec)
    assert code == 16
    assert "not0 is given, and does NOT HOLD INITIALLY" in " ".join(said.split())


def test_what_follows_from_a_contradiction_is_no_proof(tmp_path: Path) -> None:
    never = ('@invariant("not0"', '@invariant("never", "ever")\ndef never(s: S, c: C, t: T) -> bool:\n    """Nothing is so."""\n'
             '    return s.x[t] > 7\n\n@invariant("not0"')
    code, said = tried("not7", "--given", "never", "--scenario", dials(tmp_path, never), "--json")
    assert code == 16
    assert json.loads(said)["given"] == {"ids": ["never"], "false_initially": ["never"], "open": []}


def test_what_is_given_and_preserved_makes_a_proof(spec: str) -> None:
    code, said = tried("not7", "--given", "even", "--scenario", spec, "--json")
    assert code == 0
    told = json.loads(said)
    assert told["given"] == {"ids": ["even"], "false_initially": [], "open": []}
    assert told["never_run"] == [] and told["undefined"] == []


def test_a_property_without_an_initial_state_is_not_proved(tmp_path: Path) -> None:
    none = ('@invariant("not0"', '@initial\ndef begin(s: S, c: C, t: T) -> Signal:\n    """None."""\n    return WAIT\n\n@invariant("not0"')
    code, said = tried("even", "--scenario", dials(tmp_path, none))
    assert code == 75 and "it has no initial state" in " ".join(said.split())


def test_a_property_is_asked_of_every_initial_state(tmp_path: Path) -> None:
    some = ('@invariant("not0"', '@initial\ndef begin(s: S, c: C, t: T) -> Signal:\n    """One dial begins at one, or at four."""\n'
            '    s.x[t] = 4 if t == 0 else 1\n    return DONE\n\n@invariant("not0"')
    code, said = tried("even", "--scenario", dials(tmp_path, some))
    assert code == 16 and "DOES NOT HOLD INITIALLY" in said


def test_no_process_is_no_proof(spec: str) -> None:
    code, said = tried("even", "--scenario", spec, "--set", "P=0")
    assert code == 151 and "no process executes anything at these sizes" in " ".join(said.split())


def test_boxes_that_never_run_where_all_is_so_are_told(tmp_path: Path) -> None:
    dead = ('    s.x[t] = (s.x[t] + 2) % 8\n', '    if s.x[t] % 2 == 0:\n        return WAIT\n    s.x[t] = (s.x[t] + 2) % 8\n')
    code, said = tried("even", "--scenario", dials(tmp_path, dead))
    assert code == 0 and "Never run where all this holds: turn." in " ".join(said.split())


def test_boxes_that_may_leave_a_domain_are_told(tmp_path: Path) -> None:
    wild = ("(s.x[t] + 2) % 8", "s.x[t] + 2")
    code, said = tried("even", "--scenario", dials(tmp_path, wild))
    assert code == 0 and "these may leave an index set or a domain, which is an error and no step: turn." in " ".join(said.split())


KEPT = ("--proof", "two_devices")


@pytest.mark.parametrize("words", [("--jobs", "2"), (*KEPT, "--reachable"), (*KEPT, "--scenario", "two_tracks"), (*KEPT, "--spec", "x.py"),
                                   (*KEPT, "--proof", "sixteen_sessions")])
def test_options_that_a_property_cannot_have_are_refused(words: tuple[str, ...]) -> None:
    assert tried("I3a", *words)[0] == 1


@pytest.mark.parametrize("words", [("--reachable",), ("--given", "I3a"), ("--trace", "x"), ("--trace-dir", "x"), ("--spec", "x.py"),
                                   ("--scenario", "two_tracks")])
def test_options_of_a_property_are_refused_without_one(words: tuple[str, ...]) -> None:
    code, said = tried(*words)
    assert code == 1 and "PROPERTY" in said


@pytest.mark.slow
def test_a_property_that_takes_long_to_read_is_not_known(tmp_path: Path) -> None:
    long = ('@invariant("not0"', '@invariant("long", "long")\ndef long(s: S, c: C) -> bool:\n    """Is long."""\n    n = 1\n'
            '    for i in range(50):\n        n = n * (s.x[0] + i + 1) % 1000003\n    return n != 77\n\n@invariant("not0"')
    code, said = tried("long", "--scenario", dials(tmp_path, long), "--seconds", "0.5")
    assert code == 3 and "unknown: turn" in said


@pytest.mark.slow
def test_a_proof_stays_within_its_memory() -> None:
    code, said = tried("--proof", "two_devices", "--memory", "2M")
    assert code == 3 and "Not known: the memory limit is reached" in " ".join(said.split())


def test_an_unknown_property_gets_near_names() -> None:
    code, said = tried("I3x")
    assert code == 151
    assert "Did you mean" in said


def test_an_unknown_box_gets_near_names(spec: str) -> None:
    code, said = tried("not7", "--scenario", spec, "--box", "turm")
    assert code == 151
    assert "there is no box 'turm'. Did you mean 'turn'" in said


# --- counterexamples as files -----------------------------------------------------------------------


def test_what_is_not_preserved_says_what_that_means_and_how_to_see_it(spec: str) -> None:
    said = " ".join(tried("not7", "--scenario", spec)[1].split())
    assert "Usually the device never comes to the first state" in said
    assert "with --box STEP, or with --trace FILE; then snapproof show FILE." in said
    assert "Usually" not in tried("even", "--scenario", spec)[1]


def test_the_first_counterexample_is_written_and_the_others_are_mentioned(spec: str, tmp_path: Path) -> None:
    code, said = tried("not7", "not6", "--scenario", spec, "--trace", str(tmp_path / "t.json"))
    assert code == 16
    assert f"not7, turn: a counterexample to induction (two states) is in {tmp_path}" in " ".join(said.split())
    assert "Only the first of 2 was written; --trace-dir DIR writes every one." in said
    assert json.loads((tmp_path / "t.json").read_text())["assumed"] == ["not7", "not6"]


def test_every_counterexample_goes_to_a_folder_under_its_own_name(spec: str, tmp_path: Path) -> None:
    code, said = tried("not7", "not6", "--scenario", spec, "--trace-dir", str(tmp_path / "new"), "--json")
    files = sorted(p.name for p in (tmp_path / "new").iterdir())
    assert (code, files) == (16, ["dials.not6.P.turn.json", "dials.not7.P.turn.json"])
    assert [Path(b["trace"]).name for b in json.loads(said)["boxes"]] == files[::-1]


def test_nothing_is_written_when_every_box_preserves_it(spec: str, tmp_path: Path) -> None:
    code, said = tried("even", "--scenario", spec, "--trace", str(tmp_path / "t.json"))
    assert code == 0 and "No trace was written" in said and not (tmp_path / "t.json").exists()


def test_a_file_that_cannot_be_written_is_refused_after_the_verdict(spec: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = tried("not7", "--scenario", spec, "--trace", str(tmp_path / "file" / "t.json"))
    assert code == 153
    assert "0 of 1 boxes preserve it" in said and "A part of the path is a file" in said


def test_the_first_state_is_as_usual_as_it_can_be(tmp_path: Path) -> None:
    data = json.loads(written(tmp_path).read_text())
    assert data["initial"]["state"]["x"] in ([5, 0], [0, 5])
    assert data["usual"]["x"] == [0, 0]


def test_cells_that_an_invariant_ties_together_go_back_together(tmp_path: Path) -> None:
    tied = ('@invariant("not7"', '@invariant("tied", "untied")\ndef tied(s: S, c: C) -> bool:\n'
            '    """The last two are equal."""\n    return s.x[2] == s.x[3]\n\n@invariant("not7"')
    path = dials(tmp_path, tied, ("T=2", "T=4"))
    machine = Machine(storage.SUITE.find(path).instance(), [])
    machine.fused = False
    spec = machine.spec.properties
    before = machine.instance.read({"x": [5, 1, 4, 4], "P1": {"step": "turn"}, "P2": {"step": "turn"}})
    after = machine.run(before, 0, (0,))
    assert after is not None
    found, usual = nearest(machine, Refutation(spec["not7"], (spec["tied"],), machine.instance, before, after))
    assert machine.instance.show(found.before)["x"] == [5, 0, 0, 0]
    assert confirmed(machine, found, found.before) == found.after
    assert confirmed(machine, found, usual) is None


# --- is it reachable? -------------------------------------------------------------------------------


def test_a_box_that_breaks_a_property_in_a_reachable_state_ends_a_whole_trace(spec: str, tmp_path: Path) -> None:
    code, said = tried("not6", "--scenario", spec, "--reachable", "--trace", str(tmp_path / "t.json"))
    assert code == 12
    assert "not6, turn: reachable: a trace of 3 steps ends with this box" in said
    assert "What is reachable is no lack of company" in said and "Usually" not in said
    trace = load_trace(tmp_path / "t.json")
    assert trace.anywhere is None and [s.state["x"] for s in trace.steps] == [[2, 0], [4, 0], [6, 0]]
    assert run("replay", str(tmp_path / "t.json")).exit_code == 154  # another specification
    assert run("replay", "--spec", spec, str(tmp_path / "t.json")).exit_code == 0


@pytest.mark.slow
def test_a_counterexample_that_is_not_reached_stays_one_of_two_states(spec: str, tmp_path: Path) -> None:
    code, said = tried("not7", "--scenario", spec, "--reachable", "--trace", str(tmp_path / "t.json"))
    assert code == 16
    said = " ".join(said.split())
    assert "not7, turn: not reached: nowhere in this scenario does the box break not7 where all that is assumed holds" in said
    assert "(16 states, all of them)" in said
    assert load_trace(tmp_path / "t.json").anywhere is not None


@pytest.mark.slow
def test_a_box_that_the_scenario_never_executes_is_not_reached_for_that_reason() -> None:
    code, said = tried("I3a", "--scenario", "strict_read", "--box", "clear_bit_of_removed", "--reachable")
    assert code == 16
    assert "not reached: this scenario never executes the box" in " ".join(said.split())


@pytest.mark.slow
def test_what_is_assumed_must_hold_before_the_box_in_the_search_too(spec: str) -> None:
    # From four to six: with `low` assumed, four is excluded, and nothing else leads to six.
    changed = ('@invariant("not0"', '@invariant("low", "four")\ndef low(s: S, c: C, t: T) -> bool:\n    """Not four."""\n'
               '    return s.x[t] != 4\n\n@invariant("not0"')
    path = dials(Path(spec).parent, changed)
    assert tried("not6", "--scenario", path, "--reachable")[0] == 12
    code, said = tried("not6", "--scenario", path, "--given", "low", "--reachable")
    assert "1 of 1 boxes preserve it" in said
    assert code == 16 and "low is given, and not preserved by turn" in said


def test_a_search_that_stops_early_is_no_answer() -> None:
    scenario = storage.SUITE.find("strict_read")
    instance = scenario.instance()
    goal = instance.spec.properties["I3a"]
    step = instance.spec.step_named("DiskAdapter", "send_status")
    assert step is not None
    changed, p = kept_by(instance, goal, [], step)
    told = Told(Finding(goal, instance.spec.kind("DiskAdapter"), step, REFUTED, 0.1), None,
                search(changed, [p], deadlock=False, reading="plain", limits=Limits(states=10)))
    assert told.reachable == NOT_KNOWN and "state limit reached" in told.line()
    assert told.json()["search"]["reason"] == "state limit reached"


def test_the_search_for_a_box_leaves_the_specification_as_it_was() -> None:
    instance = storage.SUITE.find("strict_read").instance()
    known = list(instance.spec.properties)
    step = instance.spec.step_named("DiskAdapter", "send_status")
    assert step is not None
    kept_by(instance, instance.spec.properties["I3a"], [], step)
    assert list(instance.spec.properties) == known and instance.fuse


def documented() -> list[tuple[list[str], int]]:
    """The table of docs/queries.md: commands and the number of steps of their traces."""
    rows = re.findall(r"^\| `snapproof (prove [^`]*--reachable)` \| (\d+) \|", QUERIES.read_text("utf-8"), re.M)
    return [(words.split(), int(steps)) for words, steps in rows]


@pytest.mark.slow
@pytest.mark.parametrize(("words", "steps"), documented(), ids=lambda v: "-".join(v[1:4:2]) if isinstance(v, list) else None)
def test_counterexamples_to_induction_that_read_literally_are_reachable(words: list[str], steps: int, tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    done = run(*words, "--trace", str(file), "--json", "--seconds", "600")
    assert done.exit_code == 12, done.output
    box = json.loads(done.output)["boxes"][0]
    assert (box["reachable"], box["search"]["steps"], box["trace"]) == ("reachable", steps, str(file))
    trace = load_trace(file)
    assert (len(trace.steps), trace.profile) == (steps, "text-strict")
    assert [b.step for b in trace.steps[-1].boxes] == [box["box"]]
    replayed = run("replay", str(file), "--json")
    assert replayed.exit_code == 0
    # No note: the property holds until this box breaks it, so the last two states are a counterexample to induction.
    assert json.loads(replayed.output)["traces"][0]["notes"] == []


def test_there_are_some_of_i3_of_i4_and_of_i5() -> None:
    assert {words[1][:2] for words, _ in documented()} == {"I3", "I4", "I5"}
    assert len(documented()) >= 3
