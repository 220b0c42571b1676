"""A counterexample in words: who executed which box of which figure, what changed, what is wrong at the end."""

from __future__ import annotations

from collections.abc import Callable

from ..traces.diff import cells, changes, unusual
from ..traces.trace import Box, State, Trace, TraceStep
from ..traces.waiting_words import paragraphs
from ..words import WIDTH, plain, value, wrap

BODY = " " * 15
"""What a step did stands below its box, behind number, process and id."""

Style = Callable[[str, str], str]
"""(text, role) -> text with or without colour; roles: title, box, change, ghost, bad."""


def no_style(text: str, role: str) -> str:
    """No colour at all."""
    return text


def show(trace: Trace, style: Style = no_style, width: int = WIDTH) -> str:
    """The whole counterexample as text of at most `width` columns, without control characters of the trace."""
    width = max(40, min(width, WIDTH))
    lines = [*_header(trace, style, width), "", *_initial(trace, style, width)]
    for number, (step, before) in enumerate(zip(trace.steps, trace.states, strict=False), 1):
        lines += ["", *_step(trace, number, step, before, style, width)]
    return "\n".join([*lines, "", *_end(trace, style, width)])


def show_step(trace: Trace, number: int, tables: list[str], style: Style = no_style, width: int = WIDTH) -> str:
    """One step (0: the initial state), and behind it the tables, or all variables where a trace has no tables."""
    width = max(40, min(width, WIDTH))
    state = trace.states[number]
    lines = [style("Initial state", "title")] if number == 0 else \
        _step(trace, number, trace.steps[number - 1], trace.states[number - 1], style, width)
    lines += ["", *tables]
    if not tables:
        for name, note in trace.variables.items():
            if "." not in name:
                lines += wrap(_compact(trace, name, state) + (" (ghost)" if note.ghost else ""), "  ", "      ", width)
    return "\n".join([*lines, *_places(trace, state, "  at     " if tables else "  at  ", width)])


# --- the header -------------------------------------------------------------------------------------


def headline(trace: Trace) -> str:
    """`I1 is violated (torn image)`."""
    v = trace.violation
    called = "" if v.property == v.violation else f" ({plain(v.violation)})"
    if trace.anywhere is not None:
        return f"{plain(v.property)} is not preserved by {plain(trace.steps[0].boxes[0].step)}{called}"
    if v.kind == "stuck":
        return f"Stuck: {plain(v.expected.partition(' can move')[0])} can never move again"
    return (f"{plain(v.property)} is violated{called}" if v.kind not in ("deadlock", "witness") else
            "Deadlock" if v.kind == "deadlock" else f"{plain(v.property)} is reached")


def about_induction(trace: Trace) -> str:
    """What a reader must know of a trace that starts anywhere; '' for any other."""
    if trace.anywhere is None:
        return ""
    id, assumed = plain(trace.violation.property), trace.anywhere.assumed
    others = [plain(a) for a in assumed if a != trace.violation.property]
    holds = f"{id} holds" if not others else f"{id} and what is assumed beside it hold"
    return (f"A counterexample to induction: in the first state {holds}, and one box leads from there to a state in which {id} "
            "fails. Nobody has shown that the first state is reachable, and no trace leads there.")


def assumed_words(trace: Trace) -> str:
    """`I3a, I5a`: what holds in the first state of a trace that starts anywhere."""
    return ", ".join(plain(a) for a in trace.anywhere.assumed) if trace.anywhere is not None else ""


def _header(trace: Trace, style: Style, width: int) -> list[str]:
    v = trace.violation
    lines = [style(headline(trace), "title")]
    lines += wrap(plain(v.title) + for_arguments(v.arguments), "  ", width=width)
    if trace.anywhere is not None:
        lines += [style(line, "bad") for line in wrap(about_induction(trace), "  ", width=width)]
    facts = [("specification", plain(trace.specification)), ("scenario", plain(trace.scenario)),
             ("purpose", plain(trace.purpose)),
             ("sizes", ", ".join(f"{plain(n)} {size}" for n, size in trace.sizes.items())),
             ("profile", plain(trace.profile) if trace.switches else ""), ("switches", _switches(trace)),
             ("assumed", assumed_words(trace))]
    for name, text in facts:
        if text:
            lines += wrap(text, f"  {name:<14}", " " * 16, width)
    for process, (kind, positions) in trace.programs.items():
        lines += wrap(program_words(kind, positions), f"  {plain(process):<14}", " " * 16, width)
    return lines


def for_arguments(arguments: dict[str, str]) -> str:
    """` (v = V1, t = T2)`, or nothing."""
    return f" ({', '.join(f'{plain(n)} = {plain(a)}' for n, a in arguments.items())})" if arguments else ""


def _switches(trace: Trace) -> str:
    different = [f"{plain(n)} = {plain(trace.switches.get(n, '?'))} ({usually(trace, plain)}: {plain(usual)})"
                 for n, usual in trace.departures.items()]
    return ", ".join(different) if different else ("all as in the profile" if trace.profile else "all as usual") if trace.switches else ""


def usually(trace: Trace, form: Callable[[str], str] = str) -> str:
    """`in safe`, the profile of a trace; of a specification without profiles, its switches have usual values."""
    return f"in {form(trace.profile)}" if trace.profile else "usually"


def program_words(kind: str, positions: list[list[str]]) -> str:
    """A program as a reader says it: commands in order, alternatives joined by `or`, a menu for ever."""
    if kind == "menu":
        return "again and again one of: " + ", ".join(plain(c) for c in positions[0])
    if not positions:
        return "no commands"
    return ", then ".join(" or ".join(plain(c) for c in alternatives) for alternatives in positions)


# --- states and steps -------------------------------------------------------------------------------


def _initial(trace: Trace, style: Style, width: int) -> list[str]:
    if trace.anywhere is not None:
        lines = [style("First state, where it differs from an initial one", "title")]
        for change in unusual(trace):
            ghost = " (ghost)" if change.ghost else ""
            lines += wrap(f"{change.name} = {value(change.new)} (initially {value(change.old)}){ghost}", "  ", "      ", width)
        lines += ["", style("First state, in full", "title")]
    else:
        lines = [style("Initial state", "title")]
    for box in trace.initial.boxes:
        lines += wrap(f"{plain(box.title)}{for_arguments(box.choices)}", "  ", width=width)
    for name, note in trace.variables.items():
        if "." not in name:
            lines += wrap(_compact(trace, name, trace.initial.state) + (" (ghost)" if note.ghost else ""), "  ", "      ", width)
    for process, kind in trace.processes.items():
        step = trace.initial.state[process].get("step")
        own = _own(trace, process) if trace.anywhere is not None else ""
        at = f" is at {plain(step)}" if step else ""
        lines += wrap(f"{plain(process)} ({plain(kind)}){at}{own}", "  ", "      ", width)
    return lines


def _own(trace: Trace, process: str) -> str:
    """The locals of a process in the first state."""
    shown = [f"{plain(n)} = {value(v)}" for n, v in trace.initial.state[process].items() if n != "step"]
    return f"; {', '.join(shown)}" if shown else ""


def _compact(trace: Trace, name: str, state: State) -> str:
    """All cells of a variable in one phrase: the most common value once, the others by name."""
    found = list(cells(trace, state, name))
    if not trace.variables[name].indices:
        return f"{plain(name)} = {value(found[0][1])}"
    shown = [value(v) for _, v, _ in found]
    if not shown:
        return f"{plain(name)}[…] is empty"
    usual = max(dict.fromkeys(shown), key=shown.count)
    sets = ",".join(plain(i) for i in trace.variables[name].indices)
    rest = [f"{cell} = {v}" for (cell, _, _), v in zip(found, shown, strict=True) if v != usual]
    return f"{plain(name)}[{sets}] = {usual}" + (f", but {', '.join(rest)}" if rest else "")


def _step(trace: Trace, number: int, step: TraceStep, before: dict[str, object], style: Style, width: int) -> list[str]:
    lines = []
    for i, box in enumerate(step.boxes):
        who = f"{number if i == 0 else '':>4}  {plain(step.process) if i == 0 else '':<5} "
        lines.append(style(f"{who}{box_words(box)}{for_arguments(box.choices)}", "box"))
        if box.step == "next_command" and step.command:
            lines += wrap(f"The host asks for: {plain(step.command)}", BODY, width=width)
        else:
            lines += wrap(plain(box.title), BODY, width=width)
    found = [c for c in changes(trace, before, step.state) if not c.name.endswith(".command")]
    for change in found:
        lines += [style(line, "ghost" if change.ghost else "change")
                  for line in wrap(change.line(), BODY, BODY + "    ", width)]
    if not found:
        lines.append(BODY + "(no variable changes)")
    lines += wrap(f"next: {next_box(step)}", BODY, width=width) if step.process else []
    return lines


def next_box(step: TraceStep) -> str:
    """Where the process of a step is behind it."""
    found = step.state[step.process].get("step", "")
    return "its next command" if found == "next_command" else plain(found)


def box_words(box: Box) -> str:
    """`322 test_protection_bits (Fig. 12, 16B)`."""
    id = f"{plain(box.id)} " if box.id and box.id != "next" else ""
    return f"{id}{plain(box.step)}" + (f" ({plain(box.figure)})" if box.figure else "")


def _end(trace: Trace, style: Style, width: int) -> list[str]:
    v = trace.violation
    lines = _places(trace, trace.states[-1], "At last   ", width)
    lines += wrap(plain(v.expected), "Expected  ", " " * 10, width)
    # A deadlock names every process and what it waits for: one paragraph each.
    for i, part in enumerate(f"{where} ({why})" if why else where for where, why in paragraphs(v)):
        lines += [style(line, "bad") for line in wrap(plain(part), "Seen      " if i == 0 else " " * 10, " " * 10, width)]
    return lines


def _places(trace: Trace, state: State, before: str, width: int) -> list[str]:
    """Where every process is: the box that it will execute next."""
    places = [f"{plain(p)} at {plain(state[p]['step'])}" for p in trace.processes if "step" in state[p]]
    return wrap("; ".join(places), before, " " * len(before), width) if places else []
