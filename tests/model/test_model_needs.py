"""What beginnings and commands of the storage device need: what would say nothing is refused, and nothing else."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from snapproof.checker import Limits
from snapproof.checker.plain import PlainSearch
from snapproof.model.parts import ENDS, REFUSES
from snapproof.model.specification import SPECIFICATION
from snapproof.spec import ScenarioError
from snapproof.spec.scenario import Scenario, load_scenario

SIZES = {"StandardDevice": 1, "VirtualDevice": 2, "Track": 1, "Block": 1, "Session": 2, "LogTrack": 2, "Value": 2, "PairList": 1,
         "DiskAdapter": 1}
STARTS = ("blank", "related", "mixed", "first", "established")
DOES_NOTHING = ("copy-back", "activate")
"""These end without an error where there is nothing to copy, or no pair to activate."""


def scenario(*programs: list[Any], start: str = "blank", sizes: dict[str, int] | None = None, **more: Any) -> Scenario:
    return Scenario("s", SPECIFICATION, sizes=SIZES | (sizes or {}), switches={"start": start} | more.pop("switches", {}),
                    hosts=[{"program": p} for p in programs], deadlock=False, **more)


def told(of: Scenario) -> list[str]:
    """What a search of it is refused for."""
    try:
        of.resolved()
    except ScenarioError as error:
        return [str(e) for e in error.mistakes or (error,)]
    return []


def carried_out(of: Scenario) -> set[str]:
    """The commands that end in some run otherwise than by being refused."""
    instance = of.instance()
    searched = PlainSearch(instance, [], deadlock=False, stuck=False)
    searched.run(Limits(None, 3000, None))
    found = set()
    slot = instance.slots["HostAdapter", "command"]
    for cells in searched.states:
        for move in (t.move for t in searched.machine.successors(cells)):
            if move.process < 0 or instance.processes[move.process][0].__name__ != "HostAdapter":
                continue
            command = cells[slot.offset + instance.processes[move.process][1]]
            parts = {part for b in move.boxes for part in getattr(b, "parts", ())}
            if ENDS in parts and REFUSES not in parts and command >= 0:
                found.add(slot.domain.show(command, instance.sizes))
    return found


def commands(standard: int, virtual: int) -> list[str]:
    found = ["activate list1", "begin-group list1", "process-group list1"]
    for v in (f"V{i + 1}" for i in range(virtual)):
        found += [f"{word} {v}" for word in ("remove", "deactivate", "activate-one", "save")]
        found += [f"{word} {v} T1" for word in ("look-up", "write-entry", "modify-entry", "read-bit")]
        found += [f"read {v} T1 B1", f"write {v} T1 B1 v1", f"read-saved {v} T1 B1"]
        found += [f"roll-back {v} G1"]
        found += [f"restore-virtual {v} V{i + 1}" for i in range(virtual)]
        for s in (f"S{i + 1}" for i in range(standard)):
            found += [f"register {s} {v}", f"establish {s} {v}", f"relate {s} {v} list1", f"restore {v} {s}", f"restore-new {v} {s}"]
    for s in (f"S{i + 1}" for i in range(standard)):
        found += [f"read {s} T1 B1", f"write {s} T1 B1 v1", f"copy-back {s} T1"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
def test_a_command_alone_is_refused_before_exploring_exactly_when_it_always_is_while_exploring(start: str) -> None:
    for standard, virtual, session in ((1, 1, 1), (1, 2, 1), (1, 2, 2), (2, 2, 1)):
        sizes = {"StandardDevice": standard, "VirtualDevice": virtual, "Session": session}
        if told(scenario(start=start, sizes=sizes)):
            continue
        for command in commands(standard, virtual):
            of = scenario([command], start=start, sizes=sizes)
            if command.split()[0] not in DOES_NOTHING:
                assert bool(told(of)) == (command not in carried_out(of)), (sizes, command)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_no_command_is_called_refused_that_is_carried_out_in_some_run(seed: int) -> None:
    rng = random.Random(seed)
    standard, virtual = rng.choice((1, 2)), rng.choice((1, 2))
    words = [c for c in commands(standard, virtual) if rng.random() < 0.5] or ["activate list1"]
    programs = [[rng.choice(words) for _ in range(rng.randint(1, 3))] for _ in range(2)]
    sizes = {"StandardDevice": standard, "VirtualDevice": virtual, "Session": rng.choice((1, 2))}
    of = scenario(*programs, start=rng.choice(STARTS), sizes=sizes, profile=rng.choice(SPECIFICATION.scope.profiles))
    done = [c for c in carried_out(of) if c.split()[0] not in DOES_NOTHING]
    assert not [line for line in told(of) if any(f"'{c}'" in line for c in done)]


BEGINNINGS = [
    ("mixed", {"VirtualDevice": 1}, ["start is mixed, .*one virtual device. Give VirtualDevice = 2 or more"]),
    ("mixed", {"Session": 1}, ["start takes a session number for every virtual device"]),
    ("established", {"VirtualDevice": 3}, ["start takes a session number for every virtual device"]),
    ("related", {"VirtualDevice": 5, "StandardDevice": 2}, ["start takes a session number"]),
    ("first", {"VirtualDevice": 3}, []), ("blank", {"VirtualDevice": 3}, []),
    ("established", {"VirtualDevice": 4, "StandardDevice": 2}, []),
]


@pytest.mark.parametrize(("start", "sizes", "wanted"), BEGINNINGS)
def test_a_beginning_that_the_sizes_do_not_give_is_refused(start: str, sizes: dict[str, int], wanted: list[str]) -> None:
    found = told(scenario(start=start, sizes=sizes))
    assert len(found) == len(wanted) and all(re.search(w, f) for w, f in zip(wanted, found, strict=True)), found


def test_an_unrelated_feature_takes_a_session_number_from_the_beginning() -> None:
    assert "session number" in told(scenario(start="established", switches={"foreign_bits": "yes"}))[0]
    assert told(scenario(start="established", switches={"foreign_bits": "yes"}, sizes={"Session": 3})) == []


SENTENCES = [
    ("first", ["restore V2 S1"], {}, "V2 is unused at the start, and no program activates or establishes it"),
    ("established", ["restore V1 S1"], {}, "S1 has V2 besides, and no program removes what is in the way.*Remove V2 before"),
    ("established", ["restore V1 S2"], {"StandardDevice": 2}, "V1 never stands for S2.*restore-new V1 S2"),
    ("established", ["restore-new V1 S1"], {}, "there is one standard device, and no other.*Give StandardDevice = 2"),
    ("established", ["restore-new V1 S2"], {"StandardDevice": 2}, "S2 has V2, and no program removes what is in the way"),
    ("first", ["restore-new V1 S1"], {"StandardDevice": 2}, "V1 stands for S1 itself.*Name another standard device"),
    ("first", ["restore-virtual V1 V1"], {}, "a virtual device is not restored to itself"),
    ("first", ["restore-virtual V2 V1"], {}, "V2 is unused at the start, and no program activates or establishes it"),
    ("established", ["restore-virtual V1 V2"], {}, "V2 is active for S1 at the start, and no program removes or restores it"),
    ("first", ["restore-virtual V1 V2"], {"Session": 1}, "S1 has no session number left: 1 are in use.*Give a larger Session"),
    ("first", ["register S1 V2"], {"Session": 1}, "S1 has no session number left: 1 are in use.*Give a larger Session"),
    ("established", ["establish S1 V1"], {}, "V1 is active for S1 at the start, and no program removes or restores it"),
    ("blank", ["relate S1 V1 list1"], {}, 'no program registers it there.*Write "register S1 V1" before'),
    ("related", ["activate list2"], {"PairList": 2}, "no pair is ever on list2"),
    ("first", ["copy-back S1 T1"], {}, "nothing is ever restored to S1: no track of it is indirect"),
    ("first", ["read-saved V1 T1 B1"], {}, 'V1 is never deactivated.*Write "deactivate V1" before'),
    ("first", ["look-up S1 T1"], {}, "S1 is a standard device, and has no such table. Name a virtual device, such as V1"),
    ("first", ["save V1"], {}, "a host keeps no set of saved tracks.*generations = 1"),
    ("first", ["save V1"], {"generations": 1}, "V1 is never deactivated"),
    ("first", ["roll-back V1 G1"], {"generations": 1}, "no program keeps a set G1"),
    ("first", ["process-group list1"], {}, 'no program begins a group on list1.*Write "begin-group list1" before'),
    ("related", ["begin-group list1"], {}, 'V1 and V2 wait on list1 at the start.*Write "activate list1" before'),
    ("first", ["write S1 T1 B1 v0"], {"Value": 1}, "with one value every write writes what is there already. Give Value = 2"),
    ("first", ["write S1 T1 B1 v1"], {"DiskAdapter": 0}, "no disk adapter saves the old data of S1.*Give DiskAdapter = 1"),
]


@pytest.mark.parametrize(("start", "program", "sizes", "sentence"), SENTENCES)
def test_what_is_never_carried_out_is_told_in_words_of_the_device(start: str, program: list[Any], sizes: dict[str, int],
                                                                 sentence: str) -> None:
    found = told(scenario(program, start=start, sizes=sizes))
    assert len(found) == 1 and re.search(sentence, found[0]), found
    assert f"[[host]] 1, '{program[0]}'" in found[0]


def test_everything_that_is_missing_is_told_at_once() -> None:
    of = scenario(["restore-new V1 S1", "register S2 V1"], ["activate list3", "read-bit V1 T1"], start="mixed",
                  sizes={"VirtualDevice": 1, "Track": 0})
    assert [line.split(":")[0] for line in told(of)] == [
        "scenario, [scope], Track", "scenario, [[host]] 1, 'register S2 V1'", "scenario, [[host]] 2, 'activate list3'", "scenario"]
    # What no command that was mistyped could make possible is told beside it; of the others nobody knows.
    mistyped = scenario(["restore-new V1 S1", "establihs S1 V1", "deactivate V1", ["restore-nwe V1 S1", "restore-new V1 S1"]])
    assert [line.split(":")[0] for line in told(mistyped)] == [
        "scenario, [[host]] 1, 'establihs S1 V1'", "scenario, [[host]] 1, 'restore-nwe V1 S1'", "scenario, [[host]] 1, 'restore-new V1 S1'"]
    later = scenario(["restore-new V1 S1", "register S1 V1"], ["read-bit V1 T1"], start="mixed", sizes={"VirtualDevice": 1})
    assert len(told(later)) == 4


@pytest.mark.parametrize("program", [["remove V1", "establish S1 V1"], [["restore V1 S1", "read V1 T1 B1"]]])
def test_what_another_command_or_another_alternative_makes_possible_is_not_refused(program: list[Any]) -> None:
    assert told(scenario(program, ["remove V2"], start="established")) == []


def test_a_scenario_may_mean_it(tmp_path: Path) -> None:
    of = scenario(["remove V1"])
    assert told(of) and not told(scenario(["remove V1"], refused=True))
    lines = [f"{n} = {size}" for n, size in SIZES.items()]
    path = tmp_path / "s.toml"
    path.write_text("\n".join(["[scope]", *lines, "[[host]]", 'program = ["remove V1"]', "[check]", "refused = true"]))
    load_scenario(path, SPECIFICATION).resolved()


def test_questions_and_the_engine_may_have_what_a_search_says_nothing_of() -> None:
    assert scenario(["remove V1"], start="mixed", sizes={"VirtualDevice": 1}).instance().sizes["VirtualDevice"] == 1
