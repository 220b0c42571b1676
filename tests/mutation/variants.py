"""Many changes of properties in one search: each is a property of its own beside those of the model as it is.

A changed property is declared again, in modules of its own, beside the unchanged ones; the model is loaded and compiled once
for all of them.  Whatever a departure does, a search names the first of the variants that still catches it; that one is
left out, and the search begins again, until nothing is caught by a variant.  `judging.judge_property` asks the same of one
change alone, and is the slow twin of this.
"""

from __future__ import annotations

import importlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import snapproof
from snapproof.checker.result import Limits
from snapproof.spec import tree
from snapproof.spec.analysis import check_property
from snapproof.spec.errors import SnapproofError
from snapproof.spec.parts import Part

from . import by_hand
from .edits import Edit
from .judging import FOR_PROPERTIES, Killer, _cheapest_first, _told, _watching, states
from .operators import LEFT_OUT, NOT_PROPERTIES
from .patching import changed_model
from .trial import MEMORY, Loaded, change, copied, load

MOST, BESIDE = 60, 20
"""Variants that are compiled together: alone, and beside the plain properties (60 of a kind are possible)."""

Portion = dict[str, list[int]]
"""Some variants: their properties and numbers."""

Told = dict[str, str]


class Variants:
    """A loaded model and what each edit makes of the properties; `refused` says which are no properties any more."""

    def __init__(self, loaded: Loaded, base: dict[str, Any], edits: dict[int, Edit]) -> None:
        self.loaded, self.plain = loaded, dict(loaded.spec.properties)
        self.refused: dict[int, str] = {}
        self.of: dict[str, dict[int, Any]] = {}
        for i, edit in edits.items():
            try:
                with _left_out(edit):
                    found = _declared_again(loaded, edit, i)
                    for name in _changed(base, edit, loaded, found):
                        self._declare(name, i, found[name])
            except (SnapproofError, ImportError, SyntaxError, TypeError, AttributeError, NameError) as error:
                self.refused[i] = f"{type(error).__name__}: {error}"

    def _declare(self, name: str, number: int, variant: Any) -> None:
        spec = self.loaded.spec
        variant.id = f"{name}~{number}"
        variant.resolve()
        spec.trees[variant] = spec.reader.read(variant.function)
        check_property(variant, spec.trees[variant])
        variant.chosen(variant.states + 1)
        variant.named = tuple(_as_now(n) if isinstance(n, Part) else n for n in variant.named)
        self.of.setdefault(name, {})[number] = variant

    def search(self, scenario: Any, declared: Portion, asked: Portion, beside: bool) -> str:
        """What is found when some variants are checked instead of their properties.

        Compiled are the variants `declared`, and the plain ones `beside` them, which are checked, too.
        """
        spec, chosen = self.loaded.spec, scenario.checked()
        properties: list[Any] = []
        spec.properties = {}
        for name, p in self.plain.items():
            mine = [p] if beside else []
            mine += [self.of[name][i] for i in declared.get(name, [])]
            spec.properties |= {v.id: v for v in mine}
            if p in chosen:
                properties += [self.of[name][i] for i in asked[name]] if name in asked else mine[:1] if beside else []
        try:
            return self.loaded.run(scenario, Limits(memory=MEMORY), properties, f"{beside} {declared}").found
        finally:
            spec.properties = dict(self.plain)


@contextmanager
def _left_out(edit: Edit) -> Iterator[None]:
    """If the edit leaves a part out at a box: what is declared meanwhile does not find the box among those of the part."""
    if edit.kind != LEFT_OUT:
        yield
        return
    box = getattr(sys.modules[f"snapproof.model.{edit.module}"], edit.function)
    part = getattr(sys.modules["snapproof.model.parts"], edit.before)
    every = list(part.boxes)
    part.boxes.remove(box)
    try:
        yield
    finally:
        part.boxes[:] = every


def _as_now(part: Part) -> Part:
    """The part with the boxes that it has now."""
    out = Part(part.name, part.meaning)
    out.boxes = list(part.boxes)
    return out


def _declared_again(loaded: Loaded, edit: Edit, number: int) -> dict[str, Any]:
    """The properties that an edit may change, declared again, for the model that is loaded.

    Only the modules that the edit reaches are imported again, from a changed copy.
    """
    folder = loaded.folder / f"variant{number}"
    shutil.copytree(loaded.folder / "invariants", folder / "invariants", ignore=shutil.ignore_patterns("strengthening", "proofs"))
    if edit.kind != LEFT_OUT:
        change(folder, [edit])
    mine = {n: sys.modules[n] for n in _importing(folder / "invariants", "" if edit.kind == LEFT_OUT else edit.module.split(".")[-1])}
    package = snapproof.invariants
    before = list(package.__path__)
    for name in mine:
        del sys.modules[name]
    package.__path__ = [str(folder / "invariants")]
    importlib.invalidate_caches()
    try:
        modules = [importlib.import_module(n) for n in mine]
        return {v.id: v for m in modules for v in vars(m).values() if hasattr(v, "violation") and v.module == m.__name__}
    finally:
        for name, module in mine.items():
            sys.modules[name] = module
            setattr(package, name.rpartition(".")[2], module)
        package.__path__ = before


def _importing(folder: Path, changed: str) -> list[str]:
    """A module of properties and those that import it, straight or not; with no name, all."""
    named = re.compile(r"^from \.(\w+) import|^from \. import (\w+)$", re.M)
    imports = {p.stem: set(named.findall(p.read_text("utf-8"))) for p in folder.glob("*.py")}
    reached = {changed} if changed else set(imports) - NOT_PROPERTIES
    while True:
        more = {n for n, of in imports.items() if any(reached & set(pair) for pair in of)} - {"properties", "__init__"} - reached
        if not more:
            return [f"snapproof.invariants.{n}" for n in sorted(reached)]
        reached |= more


def _changed(base: dict[str, Any], edit: Edit, loaded: Loaded, found: dict[str, Any]) -> list[str]:
    """The properties that an edit changes: those that evaluate its function, and those that watch or ask for other boxes than before."""
    plain = {n: p for n, p in loaded.spec.properties.items() if n in found}
    for name in plain:
        found[name].resolve()  # which boxes of a part a property watches depends on its first parameter
    if edit.kind == LEFT_OUT:
        return [n for n, p in plain.items() if p.steps != found[n].steps or
                _asked(loaded.spec.trees[p]) != _asked(loaded.spec.reader.read(found[n].function))]
    known = f"{edit.module.split('.')[-1]}.{edit.function}" in base["reach"]
    evaluating = {w.split()[1] for w in _watching(base, edit)} if known else set()
    return [n for n, p in plain.items() if n in evaluating or p.steps != found[n].steps]


def _asked(function: tree.Function) -> list[Any]:
    """The boxes of each at(…) of a property, in order."""
    return [n.steps for f in tree.helpers(function).values() for n in tree.nodes(f) if isinstance(n, tree.At)]


# --- judging ------------------------------------------------------------------------------------------------------


def judge_properties(catchers: Sequence[Killer], base: dict[str, Any], edits: list[Edit]) -> list[Told]:
    """What notices each change of a property: something that it must catch and does not, or a scenario that holds no more."""
    told: dict[int, Told] = {}
    with tempfile.TemporaryDirectory(prefix="snapproof-mutants-") as folder:
        loaded = load(copied(Path(folder) / "plain"), [])
        assert isinstance(loaded, Loaded), loaded
        plain = Variants(loaded, base, dict(enumerate(edits)))
        told |= {i: _told("refused", "", why) for i, why in plain.refused.items()}
        changed = {i for of in plain.of.values() for i in of}
        for name, of in plain.of.items():
            told |= {i: _told("by hand", "", shown) for i, p in of.items() if (shown := by_hand.told(loaded, p, name))}
        told |= {i: _told("nothing", "", "it changes no property") for i in range(len(edits)) if i not in changed | set(told)}
        own = [k for k in catchers if k.property in plain.of]
        for killer in sorted((k for k in own if not k.edits), key=lambda k: states()[k.scenario]):
            _ask(plain, killer, told)
        for killer in (k for k in own if k.edits):
            if set(plain.of[killer.property]) - set(told):
                with changed_model(loaded, killer.edits):
                    _ask(plain, killer, told)
        _false_alarms(base, plain, told)
        asked = {k.property for k in own}
        for i in range(len(edits)):
            departs = any(i in of for name, of in plain.of.items() if name in asked)
            told.setdefault(i, _told("nothing", "", "" if departs else "nothing departs so that it must be caught"))
    return [told[i] for i in range(len(edits))]


def _ask(variants: Variants, killer: Killer, told: dict[int, Told]) -> None:
    """Which variants of its property do not catch a departure any more?"""
    name, every = killer.property, sorted(variants.of[killer.property])
    scenario = variants.loaded.scenario(killer.scenario, dict(killer.settings))
    for portion in [every[i:i + BESIDE] for i in range(0, len(every), BESIDE)]:
        left = [i for i in portion if i not in told]
        while left:
            found = variants.search(scenario, {name: portion}, {name: left}, True)
            if found == "range" and len(left) > 1:  # which of them it was is not told
                each = {i: variants.search(scenario, {name: portion}, {name: [i]}, True) for i in left}
                told |= {i: _told("not caught", killer.name, found) for i, found in each.items() if found != f"{name}~{i}"}
                left = []
            elif not found.startswith(f"{name}~"):
                told |= {i: _told("not caught", killer.name, found) for i in left}
                left = []
            else:
                left = [i for i in left if i != int(found.split("~")[1])]


def _false_alarms(base: dict[str, Any], variants: Variants, told: dict[int, Told]) -> None:
    """Which variants break in a scenario that holds, or before the property that a fault must break?"""
    small = [n for n, r in base["scenarios"].items() if r["distinct"] <= FOR_PROPERTIES and r["found"] == "holds"]
    for portion in _portions(variants.of, told, MOST):
        for name in _cheapest_first(base, small):
            _alarms(variants, name, {}, portion, portion, told)
    for portion in _portions(variants.of, told, BESIDE):
        for name, settings, found in base["departures"]:
            _alarms(variants, name, settings, portion, {n: of for n, of in portion.items() if n != found}, told)


def _alarms(variants: Variants, name: str, settings: dict[str, str], declared: Portion, asked: Portion,
            told: dict[int, Told]) -> None:
    scenario = variants.loaded.scenario(name, settings)
    where = ", ".join([name, *(f"{k} = {v}" for k, v in settings.items())])
    left = {n: [i for i in of if i not in told] for n, of in asked.items()}
    while any(left.values()):
        found = variants.search(scenario, declared, left, bool(settings))
        if found == "range":  # which of them it was is not told
            for of, i in [(of, i) for of, numbers in left.items() for i in numbers]:
                if variants.search(scenario, declared, {n: [i] if n == of else [] for n in left}, bool(settings)) == "range":
                    told[i] = _told("false alarm", where, "range")
            return
        if "~" not in found:
            return
        told[int(found.split("~")[1])] = _told("false alarm", where, found.split("~")[0])
        left = {n: [i for i in of if i not in told] for n, of in left.items()}


def _portions(of: dict[str, dict[int, Any]], told: dict[int, Told], most: int) -> list[Portion]:
    """The variants that are not told yet, as many as are compiled together."""
    every = [(name, i) for name in of for i in sorted(of[name]) if i not in told]
    return [{name: [i for n, i in every[at:at + most] if n == name] for name, _ in every[at:at + most]}
            for at in range(0, len(every), most)]


__all__ = ["judge_properties"]
