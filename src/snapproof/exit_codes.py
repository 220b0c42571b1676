"""What a command ends with: every exit code, with its meaning.  No other place writes such a number.

`python -m snapproof.exit_codes docs/exit-codes.md` writes the table of that document anew.
"""

from __future__ import annotations

import sys
from enum import IntEnum
from pathlib import Path

HEAD = "| code | meaning | as in TLC |\n|---|---|---|\n"


class ExitCode(IntEnum):
    """A number that tells how a command ended; `meaning` is what docs/exit-codes.md says of it.

    Numbers are those of TLC where TLC has one for the case; `as_in_tlc` says for which part of the meaning.
    """

    meaning: str
    as_in_tlc: str

    def __new__(cls, number: int, meaning: str, as_in_tlc: str = "") -> ExitCode:
        made = int.__new__(cls, number)
        made._value_, made.meaning, made.as_in_tlc = number, meaning, as_in_tlc
        return made

    SUCCESS = (0, "everything is as expected: every search finished, nothing is violated that should hold, every expected violation "
               "was found, every witness was reached, counts and coverage are right", "yes")
    BAD_COMMAND_LINE = (1, "the command line is wrong: unknown command or option, or a value that it cannot have, options that "
                        "contradict each other, nothing to do", "yes")
    INCOMPLETE = (3, "incomplete: a limit (`--memory`, `--states`, `--seconds`) stopped a search, or the loading of a specification. "
                  "Nothing has been proved")
    NOT_VIOLATED = 4, "a violation that the scenario expects was not found"
    COUNTS_CHANGED = 5, "the counts of a scenario differ from the recorded ones, or none are recorded"
    NOT_EXECUTED = (6, "steps of the model were executed by no scenario of the suite; `check FILE.py`, `--spec`: a step or action was "
                    "never executed")
    SURVIVED = 7, "a fault survived, or was caught by another property than it names"
    MISFIT = (8, "`replay`: a recorded step cannot be taken any more, or a first state that nothing leads to is of another type now")
    HOLDS_NOW = (9, "`replay`: all steps can be taken, but the property no longer fails at the end; or something assumed no longer "
                 "holds in the first state of a counterexample to induction")
    UNREACHED = (10, "a witness was not reached, or a box that the scenario must execute was not; or no property was checked (or only "
                 "such as speak of processes that there are none of); `conform`: not a single step was compared", "yes")
    DEADLOCK = (11, "deadlock; or stuck: a process that does not rest can never move again, while others go on", "deadlock")
    INVARIANT_VIOLATED = 12, "an invariant is violated; `prove --reachable`: it fails in a reachable state", "yes"
    TRANSITION_VIOLATED = 13, "a transition property is violated", "yes"
    DIVERGENCE = 14, "`conform`: the engine departs from the model, also in a free run (`conform --free`)"
    NO = (16, "`query`: there is no such state; `prove`: some box does not preserve the property or what is given, or a kept proof "
          "fails")
    ENGINE_REFUSES = 20, "`engine`: the array refuses the request (not ready, no log track, …)"
    ENGINE_HANGS = 21, "`engine`, `conform`: a process of the engine hangs; its stack is shown"
    STEP_NOT_EVALUATED = (75, "a step, an action or an initial function could not be evaluated: a value or an index outside its domain",
                          "yes")
    PROPERTY_NOT_EVALUATED = (76, "a property, or the expression of `query`, could not be evaluated; also in a helper function that "
                              "steps use, too", "yes")
    INTERRUPTED = 130, "interrupted by Ctrl-C; the partial verdict has been printed"
    READER_GONE = 141, "whoever read the output has closed it (`| head`)"
    ILL_FORMED = 150, "the specification is not well formed", "yes"
    SCENARIO_REFUSED = 151, "the scenario, a switch, a size or a program is refused", "yes"
    SYSTEM_REFUSES = 153, "the system refuses: full disk, missing permission, no more memory", "yes"
    FILE_REFUSED = (154, "a trace file is refused: damaged, of a newer format, of another specification; `engine`: the directory is no "
                    "array, or a damaged one")
    MISTAKE = 255, "a mistake in snapproof itself; `SNAPPROOF_DEBUG=1` shows the traceback", "yes"


def table() -> str:
    """The table of docs/exit-codes.md, from its head to the line end of its last row."""
    return HEAD + "".join(f"| {code:d} | {_cell(code.meaning)}| {_cell(code.as_in_tlc)}|\n" for code in ExitCode)


def with_table(text: str) -> str:
    """The document, with its table made anew."""
    before, head, rest = text.partition(HEAD)
    if not head:
        raise ValueError("the document has no table of exit codes")
    return before + table() + "\n" + rest.partition("\n\n")[2]


def _cell(text: str) -> str:
    return text and text.replace("|", "\\|") + " "


if __name__ == "__main__":
    from .files import write_file

    for name in sys.argv[1:]:
        document = Path(name)
        write_file(document, with_table(document.read_text("utf-8")).encode())


__all__ = ["ExitCode", "table", "with_table"]
