"""Ports of the TLA+ examples have the states that TLC reports for the originals, in both readings."""

from __future__ import annotations

import sys

import pytest
from examples_kit import READINGS, ROOT, explore

from snapproof.checker import Verdict

sys.path.insert(0, str(ROOT / "bench"))
from ports import PORTS, Port, lines_of_tla, row  # noqa: E402


def named(port: Port) -> str:
    return port.example


@pytest.mark.slow
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("port", PORTS, ids=named)
def test_a_port_holds_with_the_counts_of_tlc(port: Port, reading: str) -> None:
    result = explore(port.example, reading)
    assert result.verdict is Verdict.HOLDS
    assert (result.distinct, result.generated) == (port.distinct, port.here or port.generated)


@pytest.mark.parametrize("port", PORTS, ids=named)
def test_the_page_on_ports_tells_the_lines_and_the_counts_of_each(port: Port) -> None:
    lines = (ROOT / "docs" / "ports.md").read_text("utf-8").splitlines()
    told = next(line for line in lines if line.startswith(f"| [{port.example}]"))
    original = int(told.split("|")[6])
    assert told == row(port, original), "python bench/ports.py prints the table anew"
    assert float(told.split("|")[7]) <= 1.5 or port.longer in " ".join(lines)


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
