"""A run as JUnit XML, which CI servers show: one test case a scenario.

Source: the schema of Apache Ant's JUnit task (JUnit.xsd by Windy Road), the strictest that is in use; what it
accepts, Jenkins, GitLab and GitHub reporters accept as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..words import plain


@dataclass(frozen=True)
class Case:
    """A test case: `problem` is None when it is as expected, `failure` when a verdict is another than expected,
    `error` when there is no verdict (refused, incomplete). `message` is one line, `details` may have many."""

    name: str
    group: str
    seconds: float
    problem: Literal["failure", "error"] | None = None
    kind: str = ""
    message: str = ""
    details: str = ""
    output: str = ""


def junit(suite: str, cases: Sequence[Case], begun: datetime, seconds: float) -> str:
    """The XML of one suite; `begun` is the local time at which it began, `seconds` how long all took."""
    top = Element("testsuites")
    failures, errors = (sum(c.problem == p for c in cases) for p in ("failure", "error"))
    # No name of the machine: what leaves a run says nothing about where it ran.
    inside = SubElement(top, "testsuite", id="0", name=plain(suite), package=plain(suite), hostname="localhost",
                        timestamp=begun.strftime("%Y-%m-%dT%H:%M:%S"), tests=str(len(cases)), failures=str(failures),
                        errors=str(errors), skipped="0", time=f"{seconds:.3f}")
    SubElement(inside, "properties")
    for case in cases:
        _case(inside, case)
    SubElement(inside, "system-out").text = "\n".join(_lines(c.output) for c in cases if c.output)
    SubElement(inside, "system-err")
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _case(inside: Element, case: Case) -> None:
    found = SubElement(inside, "testcase", name=plain(case.name), classname=plain(case.group), time=f"{case.seconds:.3f}")
    if case.problem is not None:
        problem = SubElement(found, case.problem, message=plain(case.message), type=plain(case.kind))
        problem.text = _lines(case.details)


def _lines(text: str) -> str:
    """Lines of text without characters that XML does not allow."""
    return "\n".join(plain(line) for line in text.split("\n"))
