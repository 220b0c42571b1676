"""One example: a number becomes a text, perhaps a spoiled one, and all readings look at it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from made_up.figures import figured
from made_up.mistakes import spoiled
from made_up.readings import Disagreement, Said, checked, compare, facts, instance, plain
from made_up.symbolic import Symbolic
from made_up.texts import Setting, made
from snapproof.checker import compiling, native
from snapproof.spec import SnapproofError, masks
from snapproof.spec.errors import DeclarationError
from snapproof.spec.specification import Specification
from snapproof.suite.sources import specification_file

PATIENCE = 30
"""Seconds of the processor for an example; what takes longer is given up, and counted."""

OPTIMISED = 17
"""One example in so many is compiled as searches compile; the others without optimisation, ten times as fast."""

READ = ("specification.py", "figures.py", "routes.py", "reader.py", "reader_names.py", "reader_expressions.py", "analysis.py", "ghosts.py")


class GivenUp(BaseException):
    """The example takes too long, or more memory than there is."""


@dataclass(frozen=True)
class Example:
    """A text with its settings; `optimised`: compiled as searches compile."""

    seed: int
    text: str
    settings: list[Setting]
    spoiled: bool

    @property
    def optimised(self) -> bool:
        return self.seed % OPTIMISED == 0


def example(seed: int) -> Example:
    """The example of a number: every second text is spoiled."""
    whole = made(seed)
    chance = Random(f"mistakes {seed}")
    wrong = seed % 2 == 1
    return Example(seed, spoiled(whole.text, chance) if wrong else whole.text, whole.settings, wrong)


def example_with_figures(seed: int) -> Example:
    """The same with boxes in figures, if some fit; every second one with a mistake about calls."""
    whole = made(seed)
    wrong = seed % 2 == 1
    return Example(seed, figured(whole.text, Random(f"figures {seed}"), wrong), whole.settings, wrong)


def examine(found: Example, folder: Path, everything: bool = False) -> str:
    """What came out, in a word; Disagreement when something is wrong.  Seldom checks are by chance, unless `everything`."""
    chance = Certain() if everything else Random(f"examine {found.seed}")
    with patience(), compiling_as(found.optimised):
        try:
            return _examine(found, folder, chance)
        except SnapproofError as error:
            return taught(error)
        except (Disagreement, GivenUp):
            raise
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            if isinstance(error, MemoryError) and last.filename in (str(folder / "made.py"), masks.__file__):
                raise GivenUp from error  # 1 << 2**40 in the text, read as Python; compiled code says that it is beyond 62 bits
            raise Disagreement(f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}", f"{error}") from error


class Certain(Random):
    """A chance that always comes."""

    def __init__(self) -> None:
        super().__init__(0)

    def random(self) -> float:
        return 0.0


def _examine(found: Example, folder: Path, chance: Random) -> str:
    path = folder / "made.py"
    text = as_advised(found.text, path)
    spec = loaded(path)
    said: list[Said] = []
    for i, setting in enumerate(found.settings):
        if i and chance.random() < 0.4:
            break
        said.append(compare(spec, setting, folder, chance, 2 - i))
        reached = said[-1].states
        if reached and chance.random() < 0.6:
            Symbolic(instance(spec, setting), chance).compare(reached)
    if chance.random() < 0.15:
        edited(text, found.settings[0], path)
    return "+".join(s.outcome.lower() for s in said[:1])


SEEN = re.compile(r"(which other processes read or write|and other processes read that|to which this local box leads)\.$")
"""What is refused of a local box that other processes see."""

LOCAL = re.compile(r"\(local=True, |, local=True|\(local=True\)")


def as_advised(text: str, path: Path) -> str:
    """The text in the file, in which boxes that others see are no longer local: what the refusals advise is done until there is none."""
    path.write_text(text)
    while True:
        try:
            loaded(path)
        except DeclarationError as error:
            found = re.search(r"made\.py:(\d+)", str(error.place))
            if found is None or not SEEN.search(error.cause) or "local=True" not in error.fix:
                return text
            lines = text.splitlines(keepends=True)
            above = next(i for i in range(int(found[1]) - 1, -1, -1) if lines[i].startswith("@"))
            lines[above], changes = LOCAL.subn(lambda m: "(" if m[0].endswith(" ") and m[0].startswith("(") else "", lines[above])
            if not changes:
                raise Disagreement("what a refusal advises cannot be done", str(error)) from None
            text = "".join(lines)
            path.write_text(text)
        except SnapproofError:
            return text
        else:
            return text


def loaded(path: Path) -> Specification:
    """As the command line loads a file; what goes wrong inside of the reader must be one of its own refusals."""
    try:
        return specification_file(path)
    except DeclarationError as error:
        cause = error.__cause__
        if cause is not None and any(Path(f.filename).name in READ for f in traceback.extract_tb(cause.__traceback__)):
            last = traceback.extract_tb(cause.__traceback__)[-1]
            raise Disagreement(f"the reader fails with {type(cause).__name__} at {Path(last.filename).name}:{last.lineno}",
                               str(error)) from cause
        raise
    finally:
        sys.modules.pop(f"snapproof_specification_{path.stem}", None)


def edited(text: str, setting: Setting, path: Path) -> None:
    """An edit of the same size at the same time as the text before it is read: what Python keeps of the old text must not be."""
    changed = text.replace("K0 = ", "K0 = -", 1).replace("K1 = ", "K1 =", 1)
    if len(changed) != len(text) or changed == text:
        return
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        path.write_text(text)
        time = path.stat().st_mtime_ns
        loaded(path)
        path.write_text(changed)
        os.utime(path, ns=(time, time))
        here = _outcome(path, setting)
        other = path.with_name("other.py")
        other.write_text(changed)
        if here != _outcome(other, setting):
            raise Disagreement("an edited text is read as the one before", "K0 has the other sign")
    finally:
        sys.dont_write_bytecode = kept


def _outcome(path: Path, setting: Setting) -> Any:
    """What can be said of a file without naming it."""
    try:
        spec = loaded(path)
        said = plain(instance(spec, setting), checked(spec), setting)
        if said.result is None:
            return type(said.error)
        return said.states, said.outcome
    except SnapproofError as error:
        return type(error)


def taught(error: SnapproofError) -> str:
    """A refusal says the place, the cause and the fix; one of several mistakes, those of each."""
    for one in getattr(error, "mistakes", ()) or (error,):
        if not (one.place and one.cause and one.fix):
            raise Disagreement("a refusal does not teach", str(one))
    return "refused" if isinstance(error, DeclarationError) else type(error).__name__


@contextlib.contextmanager
def patience() -> Iterator[None]:
    def out(number: int, frame: FrameType | None) -> None:
        raise GivenUp

    before = signal.signal(signal.SIGPROF, out)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE, 1.0)  # again: Python drops what a destructor raises
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def compiling_as(optimised: bool) -> Iterator[None]:
    kept = compiling.compile_apart
    if not optimised:
        compiling.compile_apart = lambda text, seconds=None: quickly(text)
    try:
        yield
    finally:
        compiling.compile_apart = kept


def quickly(text: str) -> bytes:
    """Compile without optimising."""
    llvm = native.llvm
    native._machine()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=0, jit=True, codemodel="jitdefault")
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    module.verify()
    return bytes(machine.emit_object(module))


__all__ = ["Example", "GivenUp", "Disagreement", "example", "example_with_figures", "examine", "facts"]
