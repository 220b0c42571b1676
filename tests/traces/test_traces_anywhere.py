"""Traces that start anywhere: read back, refused when damaged, replayed without believing their first state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_kit import run
from induction_kit import dials, prove, written

pytest.importorskip("z3")

from snapproof.spec.errors import SnapproofError  # noqa: E402
from snapproof.suite.sources import specification_file  # noqa: E402
from snapproof.traces.errors import Misfit, TraceError  # noqa: E402
from snapproof.traces.replay import Replay, replay  # noqa: E402
from snapproof.traces.trace_file import load_trace, parse_trace, save_trace, to_json  # noqa: E402

KEPT = Path(__file__).parents[2] / "traces"


@pytest.fixture()
def file(tmp_path: Path) -> Path:
    return written(tmp_path, "not7", "not6")


def changed(file: Path, change: Any) -> str:
    data = json.loads(file.read_text())
    change(data)
    return json.dumps(data)


def replayed(file: Path, change: Any = lambda d: None, *edits: tuple[str, str]) -> Replay:
    """A replay of the changed file on the edited specification."""
    return replay(parse_trace(changed(file, change), "t.json"), specification_file(Path(dials(file.parent, *edits))), "t.json")


# --- files ------------------------------------------------------------------------------------------


def test_it_reads_back_equal_and_says_where_it_starts(file: Path, tmp_path: Path) -> None:
    trace = load_trace(file)
    assert trace.anywhere is not None and trace.anywhere.assumed == ("not7", "not6")
    assert not trace.fused and trace.initial.boxes == () and len(trace.steps) == 1
    save_trace(tmp_path / "again.json", trace)
    assert load_trace(tmp_path / "again.json") == trace
    assert (tmp_path / "again.json").read_bytes() == file.read_bytes()


def test_an_ordinary_trace_is_written_as_before() -> None:
    for path in sorted(KEPT.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        assert to_json(load_trace(path)) == data and data["version"] == 1


def test_a_trace_of_version_2_may_start_in_an_initial_state() -> None:
    path = sorted(KEPT.glob("*.json"))[0]
    data = json.loads(path.read_text("utf-8")) | {"version": 2, "starts": "initial"}
    assert parse_trace(json.dumps(data), "t.json") == load_trace(path)


@pytest.mark.slow
@pytest.mark.parametrize(("change", "says"), [
    (lambda d: d.update(version=1), "starts: a trace of version 1 has no such key"),
    (lambda d: (d.update(version=1), d.pop("starts")), "assumed: a trace of version 1 has no such key"),
    (lambda d: d.pop("starts"), "the key 'starts' is missing"),
    (lambda d: d.update(starts="somewhere"), "'somewhere' is none of initial, anywhere"),
    (lambda d: d.update(starts=["anywhere"]), "starts: it is not a string"),
    (lambda d: d.pop("assumed"), "the key 'assumed' is missing"),
    (lambda d: d.update(assumed="not7"), "assumed: it is not a list"),
    (lambda d: d.update(assumed=["not7", 6]), "assumed: it is not a list of strings"),
    (lambda d: d.update(assumed=["not6"]), "violates one of the invariants that it assumes"),
    (lambda d: d["violation"].update(kind="witness"), "violates one of the invariants that it assumes"),
    (lambda d: d["violation"].update(kind="deadlock"), "violates one of the invariants that it assumes"),
    (lambda d: d.update(steps=[]), "one step, of one box or action"),
    (lambda d: d.update(steps=d["steps"] * 2), "one step, of one box or action"),
    (lambda d: d["steps"][0].update(boxes=d["steps"][0]["boxes"] * 2), "one step, of one box or action"),
    (lambda d: d.update(fused=True), "one step, of one box or action"),
    (lambda d: d["initial"].update(boxes=d["steps"][0]["boxes"]), "and no initial boxes"),
    (lambda d: d["steps"][0]["boxes"][0].update(step="tern"), "P1 is at 'turn', and step 1 executes 'tern'"),
    (lambda d: d["initial"]["state"]["P1"].update(step=3), "P1 is at 3, and step 1 executes 'turn'"),
    (lambda d: d.pop("usual"), "the key 'usual' is missing"),
    (lambda d: d.update(usual=[]), "usual: it is not an object"),
    (lambda d: d["usual"].pop("x"), "usual state: 'x' is missing"),
    (lambda d: d["usual"].update(x=[0]), "usual state, x: it is not a list of 2"),
    (lambda d: d["usual"].update(y=0), "'y' is not declared"),
])
def test_a_damaged_one_is_refused_with_its_place(file: Path, change: Any, says: str) -> None:
    with pytest.raises(TraceError, match="t.json") as refused:
        parse_trace(changed(file, change), "t.json")
    assert says in str(refused.value)


def test_a_box_that_is_told_to_be_an_action_is_none(file: Path) -> None:
    data = json.loads(file.read_text())
    data["steps"][0].update(process="", kind="")
    file.write_text(json.dumps(data))
    told = run("replay", "--spec", str(file.parent / "dials.py"), str(file))
    assert told.exit_code == 8 and "turn" in told.stderr, told.output


# --- replay -----------------------------------------------------------------------------------------


def test_it_replays_from_the_first_state_of_the_file(file: Path) -> None:
    done = replayed(file)
    assert (done.fails, done.steps, done.notes, done.excluded) == (True, 1, [], "")
    assert done.seen.startswith("it fails for t = T")


@pytest.mark.slow
@pytest.mark.parametrize("value", [8, -1, 10**30, "5", "L9", "\x1b[2J", [], ["T1"], "x" * 10_000])
def test_a_value_outside_its_type_is_refused(file: Path, value: object) -> None:
    with pytest.raises(Misfit, match=r"t.json, first state: x\[T1\] is .* no value of its type") as refused:
        replayed(file, lambda d: d["initial"]["state"].update(x=[value, 5]))
    assert len(str(refused.value)) < 250 and "\x1b" not in str(refused.value)


def test_a_place_that_is_none_is_refused(file: Path) -> None:
    def nowhere(data: Any) -> None:
        data["initial"]["state"]["P1"]["step"] = data["steps"][0]["boxes"][0]["step"] = "nowhere"
    with pytest.raises(Misfit, match="P1.step is nowhere, which is no value of its type"):
        replayed(file, nowhere)


def test_other_members_are_refused(file: Path) -> None:
    with pytest.raises(Misfit, match="the members of T are T1, T2 now, recorded are T2, T1"):
        replayed(file, lambda d: d["index_sets"].update(T=["T2", "T1"]))
    with pytest.raises(Misfit, match="the members of T are T1, T2, T3 now, recorded are T1, T2"):
        replayed(file, lambda d: d["sizes"].update(T=3))


def test_a_second_state_that_the_box_does_not_lead_to_is_refused(file: Path) -> None:
    with pytest.raises(Misfit, match=r"step 1: after step 1 the state differs from the recorded one: x\[T[12]\] was 6, now 7"):
        replayed(file, lambda d: d["steps"][0]["state"].update(x=[6 if v == 7 else v for v in d["steps"][0]["state"]["x"]]))


def test_a_first_state_that_something_assumed_excludes_is_no_counterexample_any_more(file: Path) -> None:
    done = replayed(file, lambda d: d["initial"]["state"].update(x=[7, 5]))
    assert (done.fails, done.excluded) == (False, "not7 does not hold in its first state, for t = T1")
    done = replayed(file, lambda d: d["initial"]["state"].update(x=[6, 5]))
    assert done.excluded == "not6 does not hold in its first state, for t = T1"
    done = replayed(file, lambda d: d.update(assumed=["not7", "even"]))
    assert done.excluded.startswith("even does not hold in its first state")


def test_assuming_what_is_gone_or_no_invariant_is_refused(file: Path) -> None:
    with pytest.raises(Misfit, match="it assumes not5, and there is no such invariant any more. Did you mean 'not[0-9]'"):
        replayed(file, lambda d: d.update(assumed=["not7", "not5"]))
    with pytest.raises(Misfit, match="it assumes not6, and there is no such invariant"):
        replayed(file, lambda d: None, ('@invariant("not6", "six")\ndef not6(s: S, c: C, t: T) -> bool:',
                                       '@witness("not6")\ndef not6(s: S, c: C, t: T) -> bool:'))
    with pytest.raises(Misfit, match="the property not7 is gone"):
        replayed(file, lambda d: None, ('"not7"', '"not8"'))


def test_a_property_that_is_no_invariant_any_more_is_refused(file: Path) -> None:
    with pytest.raises(Misfit, match="not7 is no invariant any more"):
        replayed(file, lambda d: None, ('@invariant("not7", "seven")', '@witness("not7")'))


def test_a_box_that_waits_now_says_why(file: Path) -> None:
    with pytest.raises(Misfit, match=r"turn waits: .*`if s.x\[t\] > 4`: x\[T[12]\] is 5"):
        replayed(file, lambda d: None, ("    s.x[t] = (", "    if s.x[t] > 4:\n        return WAIT\n    s.x[t] = ("))


def test_a_box_that_does_something_else_now_is_refused(file: Path) -> None:
    with pytest.raises(Misfit, match="the state differs from the recorded one"):
        replayed(file, lambda d: None, ("+ 2) % 8", "+ 1) % 8"))


def test_a_box_that_cannot_be_evaluated_is_refused_without_a_traceback(file: Path) -> None:
    with pytest.raises(SnapproofError, match="turn"):
        replayed(file, lambda d: None, ("+ 2) % 8", "+ 4)"))


def test_unrelated_edits_do_not_matter(file: Path) -> None:
    new = '    y: int = variable(Range(0, 3), "new", initial=2)\n'
    done = replayed(file, lambda d: None, ('    x = table(', new + '    x = table('), (
        '    """Turns dials."""', '    """Turns dials."""\n    z: int = local(Range(0, 1), "new")'))
    assert done.fails
    assert done.notes == ["the variable y is new; in the first state it has its initial value.",
                          "P1.z is new; in the first state it has its initial value."]
    assert replayed(file, lambda d: None, ('return s.x[t] % 2 == 0', 'return s.x[t] % 4 == 0')).fails


def test_what_is_gone_is_noted(file: Path) -> None:
    def more(data: Any) -> None:
        data["variables"]["old"] = {"indices": [], "ghost": False, "meaning": "once"}
        data["variables"]["P.gone"] = {"indices": [], "ghost": False, "meaning": "once"}
        for state in (data["initial"]["state"], data["usual"], data["steps"][0]["state"]):
            state["old"] = 1
            state["P1"]["gone"] = 1
    done = replayed(file, more)
    assert done.fails and done.notes == ["the variable old is gone.", "the variable P.gone is gone."]


def test_a_variable_of_other_indices_is_refused(file: Path) -> None:
    def flat(data: Any) -> None:
        data["variables"]["x"]["indices"] = []
        for state in (data["initial"]["state"], data["usual"], data["steps"][0]["state"]):
            state["x"] = 5
    with pytest.raises(Misfit, match=r"x has the indices T now, recorded are \(none\)"):
        replayed(file, flat)


# --- the commands -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("change", "code", "says"), [
    (lambda d: None, 0, "not7 is still not preserved by turn, from a state in which all that is assumed holds"),
    (lambda d: d["initial"]["state"].update(x=[7, 5]), 9, "no counterexample to induction any more: not7 does not hold"),
    (lambda d: d["initial"]["state"].update(x=[8, 5]), 8, "does not fit any more"),
    (lambda d: d.update(starts="x"), 154, "is refused"),
    (lambda d: d.update(specification="other"), 154, "is refused"),
])
def test_replay_says_what_came_out(file: Path, change: Any, code: int, says: str) -> None:
    file.write_text(changed(file, change))
    done = run("replay", "--spec", dials(file.parent), str(file))
    assert (done.exit_code, says in " ".join(done.output.split())) == (code, True), done.output
    assert json.loads(run("replay", "--spec", dials(file.parent), str(file), "--json").output)["exit_code"] == code


def test_a_property_that_holds_behind_the_box_now_ends_with_9(file: Path) -> None:
    spec = dials(file.parent, ("return s.x[t] != 7", "return s.x[t] != 8"))
    done = run("replay", "--spec", spec, str(file))
    assert done.exit_code == 9
    assert "turn can be taken from its first state, but not7 holds behind it" in " ".join(done.output.split())


def test_the_storage_device_has_them_too_and_the_engine_refuses_them(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    assert prove("I3a", "--scenario", "relate_twice", "--profile", "text-strict", "--box", "send_status",
                 "--trace", str(path)).exit_code == 16
    assert run("replay", str(path)).exit_code == 0
    done = run("conform", str(path))
    said = " ".join(done.output.split())
    assert done.exit_code == 154
    assert "it starts in a state that nobody has reached, and the engine starts from an empty array" in said
    assert "snapproof prove I3a --box send_status --reachable --trace FILE" in said


@pytest.mark.slow
@pytest.mark.parametrize(("place", "value", "says"), [
    (("HA1", "command"), "write S9 T1 B1 v1", "HA1.command is write S9 T1 B1 v1, which is no value"),
    (("HA1", "position"), 99, "HA1.position is 99, which is no value"),
    (("extra", 0), {"tag": "Free", "value": {"next": "L9", "previous": "none"}},
     "extra[L1] is Free(next L9, previous none), which is no value"),
    (("extra", 0), "free, next L1, previous none", "extra[L1] is free, next L1, previous none, which is no value"),
    (("protection", 0), [["K9"]], "protection[S1,T1] is {K9}, which is no value"),
    (("free_head",), "V1", "free_head is V1, which is no value"),
    (("ready", 0), 2, "ready[V1] is 2, which is no value"),
    (("track_lock", 0), ["HA9"], "track_lock[S1,T1] is HA9, which is no value"),
])
def test_values_of_every_type_are_held_to_it(tmp_path: Path, place: tuple[Any, ...], value: object, says: str) -> None:
    path = tmp_path / "t.json"
    prove("I3a", "--scenario", "relate_twice", "--profile", "text-strict", "--box", "send_status", "--trace", str(path))
    data = json.loads(path.read_text())
    inner = data["initial"]["state"]
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    path.write_text(json.dumps(data))
    done = run("replay", str(path))
    assert done.exit_code == 8 and says in " ".join(done.output.split()), done.output
