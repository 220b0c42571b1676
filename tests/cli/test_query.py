"""`snapproof query`: expressions are parsed and checked; answers are states, clashes, or not known."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("z3")

from snapproof.cli.main import cli  # noqa: E402


def ask(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["query", *words])
    return result.exit_code, result.output


def test_a_state_within_the_types_is_shown() -> None:
    code, said = ask("pointer[V1,T1] == L1 and pointer[V2,T1] == L1 and HA2.mail == REQUEST")
    assert code == 0
    assert "pointer: {{L1}, {L1}}" in said
    assert "REQUEST" in said


@pytest.mark.slow
def test_the_answer_satisfies_the_invariants_given() -> None:
    code, said = ask("session_byte[S1,K1] == ACTIVE and pointer[V1,T1] == L2", "--given", "all", "--json")
    assert code == 0
    state = json.loads(said)["state"]
    assert state["session_byte"][0][0] == "ACTIVE" and state["pointer"][0][0] == "L2"


def test_an_impossible_question_names_what_clashes() -> None:
    code, said = ask("free_head == L1 and free_head == L2")
    assert code == 16
    assert "the expression free_head == L1 and free_head == L2" in said


@pytest.mark.slow
def test_an_invariant_can_be_what_excludes_a_state() -> None:
    code, said = ask("not I1", "--given", "I1")
    assert code == 16
    assert "I1 " in said


@pytest.mark.slow
def test_a_reachable_state_comes_with_the_way_there(tmp_path: Path) -> None:
    path = tmp_path / "way.json"
    code, said = ask("pointer[V1,T1] == pointer[V2,T1] and pointer[V1,T1] != standard", "--reachable", "--trace", str(path))
    assert code == 0
    assert path.exists()
    assert "308" in said
    again = CliRunner().invoke(cli, ["show", str(path)])
    assert again.exit_code == 0


@pytest.mark.slow
def test_the_way_to_a_state_replays_with_its_question(tmp_path: Path) -> None:
    path = tmp_path / "way.json"
    asked = "pointer[V1,T1] == pointer[V2,T1] and pointer[V1,T1] != standard"
    assert ask(asked, "--reachable", "--given", "I3a,I5a", "--trace", str(path))[0] == 0
    done = CliRunner().invoke(cli, ["replay", str(path)])
    assert done.exit_code == 0, done.output
    data = json.loads(path.read_text())
    data["steps"].pop()
    path.write_text(json.dumps(data))
    assert CliRunner().invoke(cli, ["replay", str(path)]).exit_code == 9


@pytest.mark.slow
def test_a_reachable_state_satisfies_what_is_given() -> None:
    assert ask("not I3a", "--reachable", "--scenario", "charitable_lists", "--given", "I3a")[0] == 16
    code, said = ask("pointer[V1,T1] != standard", "--reachable", "--given", "I3a,I4", "--json")
    assert code == 0
    assert json.loads(said)["trace"]["violation"]["expected"] == "a state in which (pointer[V1,T1] != standard) and I3a and I4"


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--reachable",)], ids=["anywhere", "reachable"])
@pytest.mark.parametrize("given, why", [("I3x", "there is no invariant 'I3x'"), ("W3", "W3 is a witness property"),
                                        ("I24s", "I24s is a transition property"), (" , ", "names no invariant")])
def test_what_is_given_is_an_invariant_or_refused(more: tuple[str, ...], given: str, why: str) -> None:
    code, said = ask("free_head == L1", "--given", given, *more)
    assert code == 151 and why in " ".join(said.split())


@pytest.mark.parametrize("option", [("--trace", "x.json"), ("--states", "5"), ("--reading", "plain")])
def test_an_option_of_a_search_is_refused_without_one(option: tuple[str, str]) -> None:
    code, said = ask("free_head == L1", *option)
    assert code == 1 and f"{option[0]} needs --reachable" in " ".join(said.split())
    assert not Path("x.json").exists()


def test_one_question_has_no_jobs() -> None:
    assert ask("free_head == L1", "--jobs", "2")[0] == 1


@pytest.mark.slow
def test_an_unreachable_state_is_denied_after_the_whole_search() -> None:
    code, said = ask("not I5a", "--reachable")
    assert code == 16
    assert "all of them" in said


@pytest.mark.slow
def test_running_out_of_states_is_not_a_no() -> None:
    code, said = ask("not I5a", "--reachable", "--states", "500")
    assert code == 3
    assert "Not known" in said


@pytest.mark.slow
@pytest.mark.parametrize("text", ["map_bits[L1] == [K1, K2]", "[K1, K2] == map_bits[L1]", "map_bits[L1] == [] and HA1.step != next_command",
                                  "next_command == HA1.step", "1 <= count(protection[S1,T1]) < 2", "L1 == pointer[V1,T1]"])
def test_documented_forms_are_understood_from_both_sides(text: str) -> None:
    assert ask(text)[0] == 0


REFUSED = {
    "poiner[V1,T1] == L1": "no table 'poiner'. Did you mean 'pointer'",
    "pointer[V1,T1] == L99": "'L99' is not a value",
    "pointer[T1,V1] == L1": "'T1' is not a member of VirtualDevice",
    "pointer[V1] == L1": "takes 2 indices, not 1",
    "pointer == L1": "pointer is a table",
    "HA9.step == next_command": "no process 'HA9'",
    "HA1.stp == next_command": "no local 'stp'. Did you mean 'step'",
    "HA1.step == copy_track": "'copy_track' is not a value",
    "free_head": "a value, not a condition",
    "L1 == L2": "means nothing by itself",
    "__import__('os').system('true')": "cannot be called here",
    "(lambda: 1)() == 1": "cannot be called here",
    "[x for x in []] == free_head": "outside the language",
    "free_head = L1": "at character",
    "'a' == free_head": "outside the language",
    "free_head ==": "at character",
    "(" * 300 + "free_head" + ")" * 300: "too many nested",
    "not " * 2000 + "I1": "limit is",
    "\x00": "cannot be printed",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", REFUSED, ids=[f"{i}" for i in range(len(REFUSED))])
def test_what_is_outside_the_language_is_refused_at_the_character(text: str) -> None:
    code, said = ask(text)
    assert code == 151
    assert REFUSED[text] in " ".join(said.split()), said
    assert "Traceback" not in said


DEEP = {
    " * ".join(["free_head"] * 300) + " == 3": "it is nested 301 levels deep",
    f"free_head == {'9' * 3900}": "this number is too large",
    "not " * 900 + "I1": "levels deep",
    "HA1.step == DA1.step": "values of different kinds",
    "session_byte[S1,K1] == DA1.step": "values of different kinds",
}


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--reachable",)], ids=["anywhere", "reachable"])
@pytest.mark.parametrize("text", DEEP, ids=[f"{i}" for i in range(len(DEEP))])
def test_what_no_reading_can_follow_is_refused_in_both(text: str, more: tuple[str, ...]) -> None:
    code, said = ask(text, *more)
    assert code == 151, said
    assert DEEP[text] in " ".join(said.split())


@pytest.mark.slow
def test_as_many_levels_as_are_allowed_are_understood_by_every_reading() -> None:
    text = "not " * 92 + "(free_head == L1)"
    assert ask(text)[0] == 0
    assert ask(text, "--reachable")[0] == 0
    assert ask(" + ".join(["free_head"] * 90) + " == 90 * 1")[0] == 0


LONG = " * ".join(f"(DA1.mask + {i})" for i in range(1, 60)) + f" == {(1 << 61) + 1}"
"""Takes memory to build."""


@pytest.mark.slow
def test_a_solver_that_never_looks_at_the_clock_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> bool:
        while True:
            pass

    monkeypatch.setattr("snapproof.symbolic.solver.Z3.ask", busy)
    code, said = ask("free_head == L1", "--seconds", "2", "--memory", "8G")
    assert code == 3 and "Not known: the time is over" in said, said


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
def test_a_question_stays_within_its_memory(more: tuple[str, ...]) -> None:
    code, said = ask(LONG, "--memory", "2M", "--seconds", "100", *more)
    assert code == 3 and "the memory limit is reached" in said
    assert not more or json.loads(said)["found"] is False


@pytest.mark.slow
def test_a_question_leaves_the_specification_as_it_was() -> None:
    from snapproof import storage

    before = dict(storage.device().properties)
    ask("not I5a", "--reachable", "--states", "500")
    assert storage.device().properties == before


def test_an_unknown_command_is_refused_with_those_of_the_scenario() -> None:
    result = CliRunner().invoke(cli, ["query", "HA1.command == foo"])
    assert result.exit_code == 151
    assert "write S1 T1 B1 v1" in result.output


# --- other specifications -----------------------------------------------------------------------------

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.slow
@pytest.mark.parametrize("question, spec, code", [
    ("big == 4", "die_hard", 0), ("big == 4 and small == 3", "die_hard", 0), ("big == 4 and small == 2", "die_hard", 16),
    ("not not_solved", "die_hard", 0), ("big == 9", "die_hard", 16),
    ("P1.step == critical and P2.step == wait_for_turn", "peterson", 0), ("P1.step == critical and P2.step == critical", "peterson", 16),
    ("not mutex", "peterson", 16)])
def test_questions_about_other_specifications_are_answered(question: str, spec: str, code: int) -> None:
    assert ask(question, "--spec", str(EXAMPLES / f"{spec}.py"), "--reachable")[0] == code


def test_an_unreachable_state_of_another_specification_is_one_of_its_types() -> None:
    code, said = ask("P1.step == critical and P2.step == critical", "--spec", str(EXAMPLES / "peterson.py"), "--json")
    assert code == 0 and json.loads(said)["state"]["P2"]["step"] == "critical"


def test_a_scenario_file_goes_with_its_specification(tmp_path: Path) -> None:
    (tmp_path / "three.toml").write_text("[scope]\nPhilosopher = 3\n")
    spec = ("--spec", str(EXAMPLES / "dining_philosophers.py"))
    assert ask("P3.step == P1.step", *spec, "--scenario", str(tmp_path / "three.toml"))[0] == 0
    code, said = ask("P1.step == P2.step", *spec, "--scenario", "two_tracks")
    assert code == 151 and "it goes with scenario files only" in said


def test_a_specification_that_is_not_there_is_refused() -> None:
    assert ask("x == 1", "--spec", "nowhere.py")[0] == 151


@pytest.mark.slow
def test_examples_of_the_help_run() -> None:
    text = CliRunner().invoke(cli, ["query", "--help"]).output
    rows = [shlex.split(row) for row in text.splitlines() if row.strip().startswith("snapproof query")]
    assert len(rows) == 4
    for row in rows:
        assert ask(*(w.replace("examples", str(EXAMPLES)) for w in row[2:]))[0] == 0, row
