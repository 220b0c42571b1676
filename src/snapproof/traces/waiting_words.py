"""What is known of those who wait, in words: a phrase for a story, a paragraph for each of them."""

from __future__ import annotations

from collections.abc import Sequence

from .trace import Violation, Waiting, Why

MOST_READS = 8
MOST_CONDITIONS = 2


def why_words(why: Why) -> str:
    """``place `line`: lock[T1] is H1``, or the reason; the last conditions, and the first cells that they read."""
    if why.reason:
        return why.reason
    shown = [f"{read.name} is {read.value}" for read in why.reads[:MOST_READS]]
    if len(why.reads) > MOST_READS:
        shown.append(f"and {len(why.reads) - MOST_READS} more")
    where = "; ".join(f"{place} `{text}`" if text else place for place, text in why.conditions[-MOST_CONDITIONS:])
    return where + (f": {', '.join(shown)}" if shown else "")


def where_words(waiting: Waiting, stuck: bool) -> str:
    """`HA1 waits at 234 lock_log_track, called from 344`; `stuck`: it waits for ever."""
    callers = "".join(f", called from {caller}" for caller in waiting.callers)
    return f"{waiting.process} waits {'for ever at' if stuck else 'at'} {box_words(waiting.step, waiting.id)}{callers}"


def box_words(step: str, id: str) -> str:
    """`322 test_protection_bits` for a box, the bare name for one without an id and for the next command."""
    return f"{id} {step}" if id and id != "next" else step


def seen_words(found: Sequence[Waiting], stuck: bool = False) -> str:
    """All of it in one text."""
    return "; ".join(f"{where_words(w, stuck)} ({why_words(w.why)})" for w in found) or "no action is enabled"


def paragraphs(v: Violation) -> list[tuple[str, str]]:
    """What was seen, one paragraph for each who waits: where, and why ('' where only the whole text is known)."""
    return [(where_words(w, v.kind == "stuck"), why_words(w.why)) for w in v.waiting] or [(v.seen, "")]
