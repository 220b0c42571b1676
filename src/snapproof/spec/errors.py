"""What is said when a specification, a scenario or an evaluation is wrong.

Every message names the place, the cause and the fix; the command line prints it as one paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..exit_codes import ExitCode


class SnapproofError(Exception):
    """A refusal with a place, a cause and a fix.  `exit_code` follows TLC (docs/exit-codes.md)."""

    exit_code = ExitCode.MISTAKE
    mistakes: tuple[ScenarioError, ...] = ()
    """Where it tells several mistakes at once: each of them."""

    def __init__(self, place: str, cause: str, fix: str) -> None:
        super().__init__(f"{place}: {cause} {fix}".strip())
        self.place, self.cause, self.fix = place, cause, fix

    def lines(self) -> list[str]:
        """What is told: a paragraph, or one for each mistake behind one that counts them."""
        return [f"{e.place}: {e.cause} {e.fix}".strip() for e in (self, *self.mistakes)]


class DeclarationError(SnapproofError):
    """The specification itself is not well formed (TLC: parse error)."""

    exit_code = ExitCode.ILL_FORMED


class ScenarioError(SnapproofError):
    """A scenario, switch, program or dimension is refused (TLC: configuration error).

    `hides` names what is unknown for it (mistakes.py).
    """

    exit_code = ExitCode.SCENARIO_REFUSED

    def __init__(self, place: str, cause: str, fix: str, *hides: str) -> None:
        super().__init__(place, cause, fix)
        self.hides = hides


class Mistaken(ScenarioError):
    """Several mistakes, told at once."""

    def __init__(self, place: str, mistakes: Sequence[ScenarioError]) -> None:
        super().__init__(place, f"{len(mistakes)} mistakes.", "")
        self.mistakes = tuple(mistakes)

    def __str__(self) -> str:
        return "\n".join(self.lines())


class EvaluationError(SnapproofError):
    """A step left its domain or an index set while running (TLC: specification evaluation)."""

    exit_code = ExitCode.STEP_NOT_EVALUATED


class PropertyError(EvaluationError):
    """A property could not be evaluated (TLC: invariant evaluation)."""

    exit_code = ExitCode.PROPERTY_NOT_EVALUATED


LONGEST_NAME = 200


def cut(text: str, most: int = 60) -> str:
    """A text as a message quotes it: not more of it than a reader needs to recognise it."""
    return text if len(text) <= most else f"{text[:most]}…"


def near(name: str, choices: list[str], limit: int = 3) -> str:
    """'Did you mean …?' for a mistyped name, or the valid choices when nothing is near."""
    import difflib

    # Comparing takes time that grows with the length: what is so long is no slip of the keyboard.
    hits = difflib.get_close_matches(name, choices, n=limit, cutoff=0.5) if len(name) <= LONGEST_NAME else []
    if hits:
        return "Did you mean " + " or ".join(repr(h) for h in hits) + "?"
    shown = ", ".join(sorted(set(choices))[:40])
    return f"Valid: {shown}." if shown else "There are none to choose from."
