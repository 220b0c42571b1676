"""The kinds of made-up examples, each known by numbers of its own: what comes out of one, in a word."""

from __future__ import annotations

import re
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

from made_up.asked import Asked
from made_up.bagging import bagging
from made_up.examples import SEEN, Example, GivenUp, compiling_as, examine, example, example_with_figures, loaded, patience, taught
from made_up.folding import folding, spoils
from made_up.further import further
from made_up.gathering import gathering
from made_up.known import Known, mistaken
from made_up.misbagged import BAGS
from made_up.misgathered import SETS
from made_up.misqueued import SEQUENCES
from made_up.misrecorded import RECORDS
from made_up.misunited import UNIONS
from made_up.queueing import queueing
from made_up.reach import Lines, traced
from made_up.readings import Disagreement, checked, instance, plain
from made_up.recording import recording
from made_up.refused import TABLES, refused
from made_up.symbolic import AnyCommands
from made_up.texts import Made, made
from made_up.timing import mistimed, timing
from made_up.uniting import uniting
from snapproof.checker import Verdict
from snapproof.spec import SnapproofError
from snapproof.spec.errors import DeclarationError, EvaluationError
from snapproof.spec.instance import Cells
from snapproof.spec.machine import Machine


def an_example(seed: int, folder: Path) -> str:
    """Good and spoiled texts in three readings."""
    found = example(seed)
    outcome = examine(found, folder)
    if outcome == "refused" and not found.spoiled:
        raise Disagreement("a good text is refused", found.text)
    return f"{'spoiled' if found.spoiled else 'good'}: {outcome}"


def a_further_one(seed: int, folder: Path) -> str:
    """A text with more constructs, in three readings, and in a fourth of any commands; what is broken is explained."""
    return _in_all_readings(seed, further(seed), folder)


def _good_or_spoiled(make: Callable[[int], Made], seed: int, folder: Path) -> str:
    """A text with values of some kind; where it is spoiled, it may be refused."""
    whole = make(seed)
    if spoils(seed):
        return f"spoiled: {examine(Example(seed, whole.text, whole.settings, True), folder)}"
    return _in_all_readings(seed, whole, folder)


def _in_all_readings(seed: int, whole: Made, folder: Path) -> str:
    found = Example(seed, whole.text, whole.settings, False)
    outcome = examine(found, folder)
    if outcome == "refused":
        raise Disagreement("a good text is refused", found.text)
    with patience(), compiling_as(False):
        path = folder / "made.py"
        spec = loaded(path)
        setting = whole.settings[0]
        try:
            said = plain(instance(spec, setting), checked(spec), setting)
        except SnapproofError:
            return outcome
        result, chance = said.result, Random(f"any command {seed}")
        begins(Machine(instance(spec, setting), []), said.states)
        if said.states and any(k.programs for k in spec.kinds):
            AnyCommands(instance(spec, setting), chance).compare(said.states)
        if result is not None and result.verdict is Verdict.VIOLATED and result.counterexample:
            assert result.broken is not None
            machine = Machine(result.instance, [])
            before = result.counterexample[-2].cells if len(result.counterexample) > 1 else None
            expected, seen = machine.explain(result.broken, result.counterexample[-1].cells, before)
            names = machine.name_arguments(result.broken)
            if not expected or not seen or len(names) != len(result.broken.arguments):
                raise Disagreement("a violation is not explained", f"{expected!r}, {seen!r}, {names}")
    return outcome


def with_figures(seed: int, folder: Path) -> str:
    """Texts with figures that are called, every second one with a mistake about calls."""
    found = example_with_figures(seed)
    if "= figure(" not in found.text:
        return "no boxes for a figure"
    return f"{'spoiled' if found.spoiled else 'good'}: {examine(found, folder)}"


def with_times(seed: int, folder: Path) -> str:
    """Locals that belong to commands; in every second text one is used where it must not be."""
    return _must_be_refused(mistimed(seed // 2), folder) if spoils(seed) else _in_all_readings(seed, timing(seed), folder)


def _until_error(machine: Machine) -> Iterator[Cells]:
    """The initial states; a search that is over sooner never meets a choice that goes wrong."""
    with suppress(EvaluationError):
        for taken in machine.initial():
            yield taken.cells


def begins(machine: Machine, states: list[Cells]) -> None:
    """The initial states, one by one, are those that a search begins with."""
    if machine.starts() <= 500 and states:
        first = list(dict.fromkeys(_until_error(machine)))
        if states[:len(first)] != first[:len(states)]:
            raise Disagreement("the initial states differ", f"{first[:3]}, {states[:3]}")


def _with_steps(seed: int) -> str:
    """A text to be spoiled; for the tables of mistakes one of a few, which have steps or actions."""
    return made(2 * (seed % 9)).text if seed < len(TABLES) else (further if seed % 3 == 0 else made)(seed).text


def a_refused_one(seed: int, folder: Path) -> str:
    """A mistake of which it is known that it must be refused, and with what words."""
    return _must_be_refused(refused(_with_steps(seed), Random(f"refused {seed}"), seed), folder)


def _mistaken(kind: str, table: list[Known], seed: int, folder: Path) -> str:
    """The same for mistakes about values of some kind, in a table of their own."""
    return _must_be_refused(mistaken(_with_steps(seed % len(table)), table, seed, Random(f"{kind} {seed}")), folder)


def _must_be_refused(wrong: tuple[str, str, str], folder: Path) -> str:
    text, said, mistake = wrong
    path = folder / "made.py"
    path.write_text(text)
    try:
        with patience():
            loaded(path)
    except DeclarationError as error:
        if not re.search(said.replace("(", r"\("), str(error)) and not SEEN.search(error.cause):
            raise Disagreement("a mistake is refused with another reason", f"{mistake}: wanted {said}, said {error}\n{text}") from None
        taught(error)
        return "refused"
    raise Disagreement("a mistake is not refused", f"{mistake}: {said}\n{text}")


def an_asked_one(seed: int, folder: Path) -> str:
    """Questions about the states of a specification."""
    def ask(asked: Asked) -> None:
        for _ in range(4):
            asked.ask()
        asked.refusals()

    return _asked((further if seed % 2 else made)(seed), seed, folder, ask)


def _good_and_asked(make: Callable[[int], Made], ask: Callable[[Asked], None], seed: int, folder: Path) -> str:
    """Questions about values of some kind."""
    return _asked(make(2 * seed), seed, folder, ask)


def _asked(whole: Made, seed: int, folder: Path, ask: Callable[[Asked], None]) -> str:
    path = folder / "made.py"
    path.write_text(whole.text)
    with patience(), compiling_as(False):
        try:
            asked = Asked(loaded(path), whole.settings[0], folder, Random(f"asked {seed}"))
        except SnapproofError as error:
            return type(error).__name__
        ask(asked)
    return "asked"


MAKING: list[Callable[[int], Made]] = [folding, recording, gathering, queueing, bagging, uniting]
"""Each makes texts about generators, or about values of some kind, of which every second is spoiled."""

MISTAKES = {"misrecorded": RECORDS, "misgathered": SETS, "misqueued": SEQUENCES, "misbagged": BAGS, "misunited": UNIONS}

ASKED: dict[str, tuple[Callable[[int], Made], Callable[[Asked], None]]] = {
    "asked_records": (recording, Asked.about_records), "asked_sequences": (queueing, Asked.about_sequences),
    "asked_bags": (bagging, Asked.about_bags), "asked_unions": (uniting, Asked.about_unions), "asked_times": (timing, Asked.about_times)}

KINDS: dict[str, Callable[[int, Path], str]] = {
    "example": an_example, "further": a_further_one, "refused": a_refused_one, "asked": an_asked_one, "figures": with_figures,
    "timing": with_times,
    **{make.__name__: partial(_good_or_spoiled, make) for make in MAKING},
    **{kind: partial(_mistaken, kind, table) for kind, table in MISTAKES.items()},
    **{kind: partial(_good_and_asked, *asked) for kind, asked in ASKED.items()}}


def one(kind: str, seed: int, reached: Lines | None = None) -> tuple[str, str]:
    """What came out of one example, and what is wrong with it, if anything."""
    folder = Path(tempfile.mkdtemp(prefix="made-up-"))
    word = f"{kind}: " if kind != "example" else ""
    try:
        if reached is None:
            return word + KINDS[kind](seed, folder), ""
        with traced(reached):
            return word + KINDS[kind](seed, folder), ""
    except GivenUp:
        return f"{word}given up", ""
    except Disagreement as error:
        return f"{word}DISAGREEMENT", str(error)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{word}DISAGREEMENT", f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


__all__ = ["KINDS", "one"]
