"""Counterexamples of the model for tests of the renderings, and one in which every text is hostile."""

from __future__ import annotations

from functools import cache
from typing import Any

from snapproof import storage
from snapproof.checker import search
from snapproof.report.page import document
from snapproof.storage.drawing import DRAWING
from snapproof.suite.faults import with_fault
from snapproof.traces.record import record
from snapproof.traces.trace import Trace
from snapproof.traces.trace_file import parse_trace, pretty, to_json

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&|`@x #1 [a](b)\u202e<!--"

VOCABULARY = {
    "format", "version", "specification", "scenario", "purpose", "violation", "sizes", "profile", "switches", "departures",
    "programs", "fused", "index_sets", "processes", "variables", "initial", "steps", "kind", "property", "class", "severity",
    "title", "arguments", "expected", "seen", "program", "menu", "indices", "ghost", "meaning", "boxes", "state", "step", "id",
    "figure", "choices", "process", "command", "position", "snapproof-trace",
    "starts", "assumed", "usual", "anywhere", "invariant", "transition", "witness", "deadlock", ""}
"""Words of the format itself, which no file can change."""


@cache
def fault(id_: str) -> Trace:
    """The counterexample that a fault of the model leads to."""
    spec = storage.device()
    chosen = next(f for f in storage.SUITE.faults() if f.id == id_)
    scenario = with_fault(storage.SUITE.find(chosen.scenario, spec), chosen)
    return record(scenario, search(scenario.instance(), scenario.checked(), deadlock=scenario.deadlock))


def hostile(trace: Trace, drawn: bool = False) -> Trace:
    """The same trace, with markup, quotes, control characters and mentions at the end of every name and text.

    `drawn`: names of variables, index sets and kinds stay, so that the storage device is still recognised.
    """
    kept = set(VOCABULARY)
    if drawn:
        kept |= {part for n in trace.variables for part in n.split(".")} | set(trace.index_sets)
    return parse_trace(pretty(_hostile(to_json(trace), kept)), "hostile.json")


def _hostile(data: Any, kept: set[str]) -> Any:
    if isinstance(data, dict):
        return {_word(k, kept): _hostile(v, kept) for k, v in data.items()}
    if isinstance(data, list):
        return [_hostile(v, kept) for v in data]
    return _word(data, kept) if isinstance(data, str) else data


def _word(found: str, kept: set[str]) -> str:
    kind, dot, local = found.partition(".")
    if dot and kind.isidentifier() and local.isidentifier():
        return f"{_word(kind, kept)}.{_word(local, kept)}"
    return found if found in kept else found + HOSTILE


def html_page(trace: Trace) -> str:
    """The page as `snapproof show` makes it: with pictures where the trace is one of the storage device."""
    return document.html_page(trace, DRAWING)
