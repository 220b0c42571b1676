"""From the source of a step, property or helper to its tree; everything outside the subset is refused.

The subset: integers, index sets, `if`, bounded `for`, helper functions, `return`.  A refusal names the
line, what was met, and how to write it.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

from .. import source
from . import tree, walks
from .domains import Domain
from .errors import DeclarationError
from .processes import Next, Process, Signal, Step
from .reader_expressions import ExpressionReader
from .scope import Scope
from .shapes import case_in, shape_in
from .truth import broken_promise
from .unions import union_of
from .variables import State


class Reader:
    """Lowers functions, each once; helpers are lowered when they are met."""

    def __init__(self) -> None:
        self.functions: dict[Callable[..., Any], tree.Function] = {}
        self.inner: list[tree.Function] = []
        self.structured: dict[Domain, None] = {}
        self.open: list[Callable[..., Any]] = []
        self.bindings: list[tuple[Callable[..., Any], Any, str, Any]] = []

    def everything(self) -> list[tree.Function]:
        """Every function that was lowered, and those that stand for expressions in them."""
        return [*self.functions.values(), *self.inner]

    def check_bindings(self) -> None:
        """Refuse to go on when a module constant that a function was read with has been changed since."""
        for function, owner, name, found in self.bindings:
            now = owner.get(name) if isinstance(owner, dict) else getattr(owner, name, None)
            if now is not found and now != found:
                raise DeclarationError(f"{function.__module__}.{function.__name__}", f"the constant {name} was changed after it was read.",
                                       "Give constants their value once; what changes between runs is a switch or a size.")

    def read(self, function: Callable[..., Any], place: str = "") -> tree.Function:
        """The tree of a function, called at `place`; DeclarationError when it leaves the subset."""
        if function in self.functions:
            return self.functions[function]
        if function in self.open:
            names = [f.__name__ for f in self.open[self.open.index(function):]]
            told = "it calls itself" if len(names) == 1 else "it leads back to itself"
            raise DeclarationError(place, f"{told} ({' → '.join([*names, names[0]])}).",
                                   "Write it as a bounded for loop; recursion has no bound the checker could see.")
        self.open.append(function)
        try:
            self.functions[function] = FunctionReader(self, function).lowered()
        finally:
            self.open.pop()
        return self.functions[function]


class FunctionReader(ExpressionReader):
    def __init__(self, reader: Reader, function: Callable[..., Any]) -> None:
        self.reader, self.function = reader, function
        if hasattr(function, "__wrapped__"):
            raise DeclarationError(f"function {function.__name__}", "it is wrapped by a decorator, whose text would not be read.",
                                   "Call the inner function, or write the helper without the decorator.")
        self.file = function.__code__.co_filename.replace("\\", "/")
        node = self.node = _definition(function)
        code = function.__code__
        self.own = {*code.co_varnames, *code.co_cellvars}  # the latter are those that a generator uses
        self.names = dict(inspect.getclosurevars(function).nonlocals)
        try:
            hints = {n: meant(h) for n, h in source.hints(function).items()}
        except (NameError, TypeError, SyntaxError, AttributeError) as error:
            raise DeclarationError(self.place(node), f"an annotation cannot be read ({error}).",
                                   "Annotate with int, bool, the state, the scope, index sets and kinds of processes.") from None
        returns = hints.pop("return", None)
        parameters = [a.arg for a in node.args.args]
        self.refuse_cases({**hints, "its result": returns})
        if node.args.vararg or node.args.kwonlyargs or node.args.kwarg or node.args.defaults or node.args.posonlyargs:
            self.refuse(node, "optional, starred or keyword parameters", "give it plain parameters only")
        self.roles = {p: _role(hints.get(p)) for p in parameters}
        self.out = tree.Function(function.__name__, self.place(node), parameters, self.roles, hints, returns)
        self.handles: dict[str, type[Process]] = {p: hints[p] for p in parameters if self.roles[p] == "handle"}
        self.assigned: set[str] = {p for p in parameters if self.roles[p] == "int"}
        self.steps: set[str] = {p for p in self.assigned if is_next(hints.get(p))}
        self.numbers: set[str] = self.assigned - self.steps
        self.shapes: dict[str, Any] = {p: shape_in(hints.get(p)) for p in self.assigned}

    def refuse_cases(self, hints: dict[str, Any]) -> None:
        """Nothing would see to it that a value of a union is of the case that an annotation names."""
        for name, case in ((n, case_in(h)) for n, h in hints.items()):
            if case is not None:
                raise DeclarationError(self.place(self.node), f"{name} is annotated with {case.__name__}, a case of a union.",
                                       f"Write {union_of(case).__name__}, and ask isinstance(m, {case.__name__}) inside.")

    def lowered(self) -> tree.Function:
        body = self.node.body
        if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]
        self.out.body = self.block(body)
        statements = list(walks.statements(self.out))
        self.out.locals = sorted({n.name for n in statements if isinstance(n, tree.Assign)})
        self.out.steps = self.steps
        self.conclude([n for n in statements if isinstance(n, tree.Return)])
        return self.out

    def conclude(self, returned: list[tree.Return]) -> None:
        """Say what the function returns; refuse what does not fit together, or its annotation."""
        first: dict[str, int] = {}
        for r in returned:
            kind = "" if r.value is None else tree.NEXT if self.is_step(r.value) else tree.NUMBER
            first.setdefault(kind, r.line)
        hint = self.out.returns
        if tree.NEXT in first and tree.NUMBER in first:
            raise DeclarationError(self.place_of(first[tree.NUMBER]),
                                   f"it returns a number here, and a step or signal in line {first[tree.NEXT]}.",
                                   "Return a step, WAIT (not enabled) or DONE on every path, or a number on every path.")
        if tree.NUMBER in first and is_next(hint):
            raise DeclarationError(self.place_of(first[tree.NUMBER]),
                                   "it returns a number (or True or False) where a next box is promised.",
                                   'Return a step, WAIT or DONE; "not enabled" is written return WAIT, "done" is return DONE.')
        if tree.NEXT in first and isinstance(hint, type) and (issubclass(hint, int) or hint is type(None)):
            raise DeclarationError(self.place_of(first[tree.NEXT]), f"it returns a step or a signal, and says -> {hint.__name__}.",
                                   "Write -> Next, or -> Signal if it returns WAIT and DONE only.")
        self.out.result = next((k for k in (tree.NEXT, tree.NUMBER) if k in first), "")
        self.out.complete = walks.ends(self.out.body) and "" not in first
        broken = broken_promise(self.out)
        if broken is not None:
            raise DeclarationError(self.place_of(broken[0]), f"{broken[1]}.", "Give a comparison, or write bool(…).")

    # --- statements -------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt]) -> tuple[tree.Stmt, ...]:
        out: list[tree.Stmt] = []
        for i, statement in enumerate(statements):
            found = self.process_named(statement)
            if found is not None:
                return (*out, self.one_process(statement, found, statements[i + 1:]))  # type: ignore[arg-type]
            out.extend(self.statement(statement))
        return tuple(out)

    def statement(self, node: ast.stmt) -> list[tree.Stmt]:
        line = node.lineno
        if isinstance(node, ast.Return):
            empty = node.value is None or isinstance(node.value, ast.Constant) and node.value.value is None
            return [self.returned(tree.Return(None if empty else self.direct(node.value), line))]  # type: ignore[arg-type]
        if isinstance(node, ast.Pass):
            return []
        if isinstance(node, ast.If):
            test = self.condition(node.test)
            before = set(self.assigned)
            then = self.block(node.body)
            after_then, self.assigned = self.assigned, before
            otherwise = self.block(node.orelse)
            ends_then, ends_else = walks.ends(then), walks.ends(otherwise)
            if ends_then and not ends_else:
                pass
            elif ends_else and not ends_then:
                self.assigned = after_then
            else:
                self.assigned = after_then & self.assigned
            return [tree.If(test, then, otherwise, line)]
        if isinstance(node, ast.For):
            return self.loop(node, line)
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            return [self.assignment(node, line)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            if self.names_start(node.value):
                return [self.start_at(node.value)]
            call = self.call(node.value, statement=True)
            if not isinstance(call, tree.Call) or call.function.inner:
                self.refuse(node, "a call without effect", "use its value, or leave it out")
            return [tree.Do(call, line)]
        fixes = {ast.While: "use for i in range(bound)", ast.Try: "test for the case instead of catching it",
                 ast.With: "write the two boxes that take and release", ast.Break: "return from a helper function instead",
                 ast.Continue: "put the rest of the body under an if", ast.FunctionDef: "move it to the module as a helper",
                 ast.Assert: "declare a property", ast.Raise: "return an error result",
                 ast.Expr: "remove it, or call a helper"}
        self.refuse(node, f"the statement {type(node).__name__.lower()!r}",
                    fixes.get(type(node), "use if, for over an index set, assignment, a helper call or return"))

    def returned(self, node: tree.Return) -> tree.Return:
        """A function returns records of the class that it says, and says so if it does."""
        hint, shape = self.out.returns, None if node.value is None else self.shape(node.value)
        if shape != shape_in(hint):
            said = "does not say so" if hint is None else f"says -> {'Next' if is_next(hint) else self.written(hint)}"
            raise DeclarationError(self.place_of(node.line), f"it returns {self.told_shape(shape)}, and {said}.",
                                   f"Write -> {self.written(shape)}, or return a number." if shape else
                                   f"Return {self.told_shape(shape_in(hint)).replace('a record', 'a')} on every path.")
        return node

    def one_process(self, node: ast.Assign, call: ast.Call, rest: list[ast.stmt]) -> tree.For:
        """`q = s.process(Kind, number)` or `q = after.same(p)`: the name stands for that process in the rest of the block."""
        name, (kind, state, which, index) = node.targets[0].id, self.process_called(call)  # type: ignore[attr-defined]
        if name in self.roles or name in self.handles or name in self.assigned or name in self.numbers | self.steps:
            self.refuse(node, f"a process with the name {name!r}, which stands for something else here", "use another name")
        self.handles[name] = kind
        body = self.block(rest)
        del self.handles[name]
        return tree.For(name, index, index, body, kind, node.lineno, state, which)

    def loop(self, node: ast.For, line: int) -> list[tree.Stmt]:
        if node.orelse or not isinstance(node.target, ast.Name):
            self.refuse(node, "this form of for", "write for name in c.each(IndexSet) with no else part")
        name = node.target.id
        span = self.span(node, node)
        kind = span.kind
        if name in self.roles or name in self.handles or kind is not None and name in self.assigned:
            self.refuse(node, f"a loop over the name {name!r}, which stands for something else here", "use another name")
        before = set(self.assigned)
        if kind is not None:
            self.handles[name] = kind
        else:
            self.assigned.add(name)
            self.holds(node, name, False, span.walk.shape if span.walk else None)
        body = self.block(node.body)
        self.assigned = before
        self.handles.pop(name, None)
        return list(span.loop(name, name in before, body, line))

    def assignment(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign, line: int) -> tree.Stmt:
        if isinstance(node, ast.Assign) and len(node.targets) != 1:
            self.refuse(node, "a chained assignment", "write one assignment a line")
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if node.value is None:
            self.refuse(node, "a declaration without value", "assign a value")
        whole = self.table_assigned(node, target)
        if whole is not None:
            return whole
        plain = isinstance(target, ast.Name) and not isinstance(node, ast.AugAssign)
        value = self.direct(node.value) if plain else self.value(node.value)
        if isinstance(node, ast.AugAssign):
            held = _as_load(target)
            value = self.binary(node, self.operator(node), (held, self.value(held)), (node.value, value))
        if isinstance(target, ast.Name):
            if target.id in self.roles and self.roles[target.id] != "int" or target.id in self.handles:
                self.refuse(node, "an assignment to the state, the scope or a process", "use another name")
            self.assigned.add(target.id)
            self.holds(node, target.id, self.is_step(value), self.shape(value))
            return tree.Assign(target.id, value, line)
        if isinstance(target, ast.Attribute) and self.under(target.value) is not None:
            self.refuse(node, "an assignment to a field of a record", f"records do not change: write m = m.with_({target.attr}=…)")
        place = self.translated(_as_load(target), False)
        self.fitting(node.value, value, self.shape(place), "this variable")
        if isinstance(place, tree.Load):
            return tree.Store(place.variable, place.indices, value, line)
        if isinstance(place, tree.Field):
            return tree.StoreField(place.handle, place.name, value, line, place.ghost)
        self.refuse(node, "this assignment", "assign to a local name, s.variable[…] or a local of the process")

    def holds(self, node: ast.AST, name: str, step: bool, shape: Any = None) -> None:
        """A name holds a number everywhere, values of one shape everywhere, or a next box everywhere."""
        if name in (self.numbers if step else self.steps):
            self.refuse(node, f"the name {name!r} for a step here and a number elsewhere", "use two names")
        (self.steps if step else self.numbers).add(name)
        if self.shapes.setdefault(name, shape) != shape:
            self.refuse(node, f"the name {name!r} for {self.told_shape(shape)} here and {self.told_shape(self.shapes[name])} elsewhere",
                        "use two names")


def meant(hint: Any) -> Any:
    """What an annotation stands for: `Annotated[Members, SetOf(Track)]` for the domain in it."""
    domains = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Domain) and m.structured]
    return domains[0] if domains else getattr(hint, "__origin__", hint) if hasattr(hint, "__metadata__") else hint


def is_next(hint: Any) -> bool:
    """Does an annotation stand for a step or a signal?"""
    return hint == Next or isinstance(hint, type) and issubclass(hint, (Step, Signal))


def _definition(function: Callable[..., Any]) -> ast.FunctionDef:
    """The text that was executed for a function."""
    code = function.__code__
    place = f"{'/'.join(code.co_filename.replace(chr(92), '/').split('/')[-2:])}:{code.co_firstlineno} {function.__name__}"
    try:
        node = source.definition(function)  # type: ignore[arg-type]
    except source.ChangedError:
        raise DeclarationError(place, "what was executed is not what the file says: it was changed meanwhile, or old bytecode was used.",
                               "Run again; if that does not help, delete the folder __pycache__ beside the file.") from None
    if isinstance(node, ast.FunctionDef):
        return node
    if node is not None or code.co_name == "<lambda>":
        raise DeclarationError(place, "it is not written with def.", "Give it a name and a body of its own.")
    raise DeclarationError(place, "its source cannot be read.", "Declare it in a file; the compiled reading needs the text.")


def _role(hint: Any) -> str:
    if isinstance(hint, type):
        for base, role in ((State, "state"), (Scope, "scope"), (Process, "handle")):
            if issubclass(hint, base):
                return role
    return "int"


def _as_load(node: ast.expr) -> ast.expr:
    """The same target, as an expression that reads it."""
    copy = ast.parse(ast.unparse(node), mode="eval").body
    for part in ast.walk(copy):
        ast.copy_location(part, node)
    return copy
