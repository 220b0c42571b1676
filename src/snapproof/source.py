"""Specifications are executed from their source, and read from the very text that was executed.

Python runs a module from cached bytecode when a file's size and time of change are those it noted; an edit may keep both.
A checker would then say of the old text what the new one does not deserve.  So modules of specifications (the files
given, what they import from their own folder, the model and its properties) are compiled from the file each time, no
bytecode of them is written, and the readers take the text that was compiled, not what lies in the file later.
"""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import importlib.util
import io
import linecache
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Union, get_args, get_origin, get_type_hints

PACKAGES = ("snapproof.model", "snapproof.invariants", "snapproof.vocabulary")
"""Packages whose modules are specifications: they may be edited in place."""


class ChangedError(Exception):
    """What was executed is not what the file says."""


Definitions = dict[tuple[str, int], ast.AST]
"""The definition of a function by its name and the line where it (or its first decorator) begins."""


class SourceLoader(SourceFileLoader):
    """Compiles the file as it is now.  `text` is what was compiled, `code` what came of it."""

    text: str = ""
    code: CodeType | None = None

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        data = self.get_data(path)
        self.text = importlib.util.decode_source(data)
        self.code = self.source_to_code(data, path)
        return self.code

    def get_source(self, fullname: str) -> str | None:
        return self.text if self.code is not None else super().get_source(fullname)

    @functools.cached_property
    def codes(self) -> dict[int, CodeType]:
        """The code of every function that was compiled, by identity."""
        return {} if self.code is None else {id(c): c for c in _codes(self.code)}

    @functools.cached_property
    def definitions(self) -> Definitions:
        """Where they stand in the text."""
        return _definitions(ast.parse(self.text))


class _Finder:
    """Gives a SourceLoader to the modules of PACKAGES, and to those beside the specification that was loaded last.

    A name that the library or an installed package has is theirs.
    """

    folder: str | None = None
    beside: set[str] = set()

    @classmethod
    def find_spec(cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> Any:
        if path is not None:
            ours = name.startswith(PACKAGES) or name.partition(".")[0] in cls.beside
            return _from_source(PathFinder.find_spec(name, path, target)) if ours else None
        if cls.folder is None or BuiltinImporter.find_spec(name) or FrozenImporter.find_spec(name):
            return None
        found = PathFinder.find_spec(name, [cls.folder], target)
        if found is None:
            return None
        theirs = PathFinder.find_spec(name, None, target)
        if theirs is not None and theirs.origin != found.origin:
            return None
        cls.beside.add(name)
        return _from_source(found)

    @classmethod
    def turn_to(cls, folder: str) -> None:
        """Forget what was loaded from beside another specification: its modules may bear the same names."""
        for name in [n for n in sys.modules if n.partition(".")[0] in cls.beside]:
            del sys.modules[name]
        cls.beside.clear()
        cls.folder = folder
        importlib.invalidate_caches()


def _from_source(found: Any) -> Any:
    if found is not None and isinstance(found.loader, SourceFileLoader):
        found.loader = SourceLoader(found.loader.name, found.loader.path)
        found.cached = None
    return found


def install() -> None:
    """Make the import system load specifications from their source."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


def load_file(path: Path, name: str) -> ModuleType:
    """Execute a Python file as a module of this name; whatever its text raises comes out."""
    install()
    loader = SourceLoader(name, str(path))
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    _Finder.turn_to(str(path.resolve().parent))
    # Declarations look their module up by name.
    sys.modules[name] = module
    loader.exec_module(module)
    return module


# --- the text of a function -------------------------------------------------------------------------------


def definition(function: FunctionType) -> ast.AST | None:
    """How a function is defined in the text that was executed; None when there is no text, or no def in it.

    ChangedError when the text is not that of the code.
    """
    code, loader = function.__code__, function.__globals__.get("__loader__")
    if isinstance(loader, SourceLoader) and id(code) in loader.codes:
        return loader.definitions.get((code.co_name, code.co_firstlineno))
    try:
        text = importlib.util.decode_source(Path(code.co_filename).read_bytes())
    except (OSError, ValueError, SyntaxError):
        text = "".join(linecache.getlines(code.co_filename, function.__globals__))
    if not text:
        return None
    definitions, codes = _compiled(text)
    if not any(_alike(c, code) for c in codes):
        raise ChangedError
    return definitions.get((code.co_name, code.co_firstlineno))


def hints(function: Any) -> dict[str, Any]:
    """What the annotations of a function mean: as get_type_hints with include_extras, and raises as that does.

    That compiles every annotation; most are the name of a class or of a union of classes, which only needs to be looked up.
    """
    known, found = function.__globals__, {}
    for name, text in function.__annotations__.items():
        hint = known.get(text, getattr(builtins, text, None)) if isinstance(text, str) and text.isidentifier() else text
        if not all(isinstance(h, type) for h in (get_args(hint) if get_origin(hint) is Union else [hint])):
            return get_type_hints(function, include_extras=True)
        found[name] = hint
    return found


def line_of(function: Any, line: int) -> str:
    """A line of the text that a function comes from; '' when it is not known."""
    loader = getattr(function, "__globals__", {}).get("__loader__")
    if isinstance(loader, SourceLoader):
        lines = io.StringIO(loader.text).readlines()
        return lines[line - 1] if 0 < line <= len(lines) else ""
    code = getattr(function, "__code__", None)
    return linecache.getline(code.co_filename, line) if code else ""


@functools.lru_cache(maxsize=32)
def _compiled(text: str) -> tuple[Definitions, list[CodeType]]:
    try:
        return _definitions(ast.parse(text)), list(_codes(compile(text, "specification", "exec", dont_inherit=True)))
    except (SyntaxError, ValueError):
        raise ChangedError from None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _alike(a: CodeType, b: CodeType) -> bool:
    """Do two code objects do the same, in the same lines?"""
    if (a.co_name, a.co_firstlineno, a.co_code, a.co_names, a.co_varnames, a.co_freevars) != \
            (b.co_name, b.co_firstlineno, b.co_code, b.co_names, b.co_varnames, b.co_freevars):
        return False
    return len(a.co_consts) == len(b.co_consts) and all(
        _alike(x, y) if isinstance(x, CodeType) and isinstance(y, CodeType) else type(x) is type(y) and x == y
        for x, y in zip(a.co_consts, b.co_consts))


def _definitions(parsed: ast.Module) -> Definitions:
    return {(node.name, min([node.lineno, *(d.lineno for d in node.decorator_list)])): node
            for node in _statements(parsed) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements under a node, and what holds statements: no other part of a text defines a function."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for part in getattr(node, name, ()):
            yield part
            yield from _statements(part)
