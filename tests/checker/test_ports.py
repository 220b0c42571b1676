"""Ports of the TLA+ examples have the states that TLC reports for the originals, in both readings."""

from __future__ import annotations

import re
import sys
from math import prod
from pathlib import Path
from typing import Any

import pytest
from examples_kit import READINGS, ROOT, example, explore

from snapproof.checker import Verdict, search
from snapproof.checker.plain import PlainSearch
from snapproof.spec.instance import Instance
from snapproof.suite.sources import specification_file

sys.path.insert(0, str(ROOT / "bench"))
from ports import PORTS, Port, lines_of_tla, row, rows  # noqa: E402


def named(port: Port) -> str:
    return port.example


@pytest.mark.slow
@pytest.mark.parametrize(("port", "reading"), [(p, r) for p in PORTS for r in READINGS if r == "compiled" or not p.smaller])
def test_a_port_holds_with_the_counts_of_tlc(port: Port, reading: str) -> None:
    holds_with_the_counts_of_tlc(port, reading)


def holds_with_the_counts_of_tlc(port: Port, reading: str) -> None:
    result = explore(port.example, reading)
    assert result.verdict is Verdict.HOLDS
    # What a constraint cuts off is no distinct state of TLC.
    assert (result.distinct - result.cut, result.generated) == (port.everywhere or port.distinct, port.here or port.generated)


@pytest.mark.slow
@pytest.mark.parametrize("port", [p for p in PORTS if p.smaller], ids=named)
def test_a_large_port_is_the_same_in_both_readings_when_it_is_smaller(port: Port) -> None:
    plain, compiled = (explore(port.example, reading, port.smaller) for reading in READINGS)
    assert plain.verdict is compiled.verdict is Verdict.HOLDS
    assert (plain.distinct, plain.generated, plain.executed) == (compiled.distinct, compiled.generated, compiled.executed)


@pytest.mark.audit
@pytest.mark.parametrize("port", [p for p in PORTS if p.smaller and not p.everywhere], ids=named)
def test_a_large_port_has_the_counts_of_tlc_in_the_plain_reading_too(port: Port) -> None:
    holds_with_the_counts_of_tlc(port, "plain")


STRUCTURED = [p for p in PORTS if re.search(r"\b(Set|Record|Sequence|Bag|Union|Table)Of\(",
                                            (ROOT / "examples" / f"{p.example}.py").read_text("utf-8"))]


@pytest.mark.slow
@pytest.mark.parametrize("port", STRUCTURED, ids=named)
def test_a_port_with_structured_values_has_a_twin_with_integers_of_the_same_counts(port: Port) -> None:
    twin = specification_file(ROOT / "bench" / "integers" / f"{port.example}.py")
    by_hand = search(Instance(twin, {}, twin.scope.profile()), list(twin.properties.values()), reading="compiled")
    result = explore(port.example, "compiled")
    assert by_hand.verdict is result.verdict is Verdict.HOLDS
    assert (by_hand.distinct, by_hand.generated, by_hand.executed) == (result.distinct, result.generated, result.executed)


@pytest.mark.parametrize("port", PORTS, ids=named)
def test_the_page_on_ports_tells_the_lines_and_the_counts_of_each(port: Port) -> None:
    page = (ROOT / "docs" / "ports.md").read_text("utf-8")
    told = next(line for line in page.splitlines() if line.startswith(f"| [{port.example}]"))
    original = int(told.split("|")[6])
    assert told == row(port, original), "python bench/ports.py prints the table anew"
    assert float(told.split("|")[7]) <= 1.5, "a port is at most one and a half times as long; newer words of the language say it shorter"


def test_a_folder_without_the_originals_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such folder.*git clone"):
        rows(tmp_path / "specifications")
    with pytest.raises(SystemExit, match=r"ChangRoberts.tla: there is no such file.*a whole checkout"):
        rows(tmp_path)


def _ways_to_decide(state: dict[str, Any]) -> int:
    """Further successors of `backup_commit`: TLC makes one for each way in which a guard is true, here an action has one.

    `canCommit` is, for each resource manager, "it is prepared, or some one has committed": as many ways as the product
    says.  `canAbort` has one for each that has aborted or failed; aborting, where it is also decided, a second.
    """
    resources, hidden = [state[f"R{i}"]["state"] for i in (1, 2, 3)], state["decision"] == "HIDDEN"
    committed = resources.count("COMMITTED")
    commit = prod((r == "PREPARED") + committed for r in resources)
    abort = 0 if committed else resources.count("ABORTED") + resources.count("FAILED")
    deciding = (state["TM1"]["step"] == "decide") + (state["TM2"]["step"] == "decide" and hidden)
    return int(deciding * max(0, commit + abort - 1) + resources.count("WORKING") * (state["decision"] == "ABORT"))


@pytest.mark.slow
def test_what_tlc_generates_beyond_is_known_of_every_state() -> None:
    port = next(p for p in PORTS if p.example == "backup_commit")
    spec = example(port.example)
    run = PlainSearch(Instance(spec, {}, spec.scope.profile()), [])
    result = run.run()
    assert result.generated + sum(_ways_to_decide(run.instance.show(cells)) for cells in run.states) == port.generated


MODULE = r"""---- MODULE Small ----
EXTENDS Naturals (* a comment (* in another *)
of two lines *)

---------------------
VARIABLE x  \* what (* it counts
(* --algorithm Small {
  variable x = 0;   (* said *)
  { x := 1 }
} *)
\* BEGIN TRANSLATION
Init == x = 0
\* END TRANSLATION
====
what comes behind
"""


def test_comments_separators_and_translations_of_an_original_are_not_counted() -> None:
    assert lines_of_tla(MODULE) == 7
