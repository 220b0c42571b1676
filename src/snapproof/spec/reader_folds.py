"""`all`, `any`, `sum`, `min`, `max` and `next` over generators, and `x in (A, B)`: each becomes a helper, called where it stands.

The helper is what a person would write without them: loops, branches and an early return, with the names that it uses as
parameters.  So no reading needs anything new, and members behind the one that decides are not evaluated, as in Python.
"""

from __future__ import annotations

import ast
import copy
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from . import tree
from .processes import Process
from .reader_names import NameReader
from .truth import always

FOLDS: dict[Any, str] = {all: "all", any: "any", sum: "sum", min: "min", max: "max", next: "next"}

GATHERED: dict[type[ast.expr], str] = {
    ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dictionary", ast.List: "list", ast.Set: "set", ast.Tuple: "tuple"}
"""What people put in the place of a generator."""

FAILS = tree.Compare("!=", tree.Binary(">>", tree.Const(0), tree.Const(-1)), tree.Const(0))
"""An evaluation error in every reading, as `min` and `next` of nothing are in Python; a truth value, which fits everywhere."""

VALUE, FOUND, BEST, TOTAL, OTHERWISE = "value.", "found.", "best.", "total.", "otherwise."
"""Names of such helpers; no text has a name with a dot."""

Inside = Callable[["FoldReader"], tuple[tree.Stmt, ...]]
"""What is done for each member, read where the names of the generator have values."""


@dataclass(frozen=True)
class Walk:
    """What goes over the parts of a value: of which shape these are, and the loop.

    The loop is made of the name that stands for a part, whether that name keeps the last one behind it, a body and a line.
    """

    shape: Any
    loop: Callable[[str, bool, tuple[tree.Stmt, ...], int], tuple[tree.Stmt, ...]]


@dataclass(frozen=True)
class Span:
    """What a loop or a generator goes over: numbers, processes of a kind in a state, or the parts of a value."""

    low: tree.Expr
    high: tree.Expr
    kind: type[Process] | None = None
    state: str = ""
    walk: Walk | None = None

    def loop(self, name: str, kept: bool, body: tuple[tree.Stmt, ...], line: int) -> tuple[tree.Stmt, ...]:
        """The loop with this body."""
        if self.walk is not None:
            return self.walk.loop(name, kept, body, line)
        return (tree.For(name, self.low, self.high, body, self.kind, line, self.state),)


class FoldReader(NameReader):
    """Reads them in one function."""

    @abstractmethod
    def walk(self, node: ast.expr) -> Walk | None:
        """What goes over the value of an expression; None where that has no parts in order (reader_walks.py)."""

    @abstractmethod
    def condition(self, node: ast.expr) -> tree.Expr:
        """A truth value, or a number of which matters whether it is 0 (reader_expressions.py)."""

    @abstractmethod
    def value(self, node: ast.expr) -> tree.Expr:
        """A number, a record or a set (reader_records.py)."""

    @abstractmethod
    def shape(self, node: tree.Expr) -> Any:
        """What a value is that is no number; None for a number (reader_records.py)."""

    @abstractmethod
    def fitting(self, node: ast.expr, found: tree.Expr, wanted: Any, where: str) -> tree.Expr:
        """A value, refused where one of another shape belongs (reader_records.py)."""

    # --- what a loop or a generator goes over -------------------------------------------------------

    def span(self, node: ast.For | ast.comprehension, told: ast.AST) -> Span:
        """That of `c.each(Set)`, `s.all(Kind)`, `range(…)`, or what has parts in order (`walk`); `told` is where a refusal points."""
        call = node.iter
        if isinstance(call, ast.Call) and not call.keywords:
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(call.func, ast.Attribute) and isinstance(owner, ast.Name) and len(call.args) == 1:
                role = self.roles.get(owner.id)
                if role == "scope" and call.func.attr == "each":
                    return Span(tree.Const(0), tree.Size(self.members(call.args[0])))
                if role == "state" and call.func.attr == "all":
                    kind = self.members(call.args[0])
                    if not issubclass(kind, Process):
                        self.refuse(told, f"s.all({kind.__name__})", f"write c.each({kind.__name__}): it is an index set")
                    return Span(tree.Const(0), tree.Size(kind), kind, owner.id)
            if isinstance(call.func, ast.Name) and 1 <= len(call.args) <= 2 and self.lookup(call.func) is range:
                *low, high = [self.expr(a) for a in call.args]
                return Span(low[0] if low else tree.Const(0), high)
        walk = self.walk(call)
        if walk is not None:
            return Span(tree.Const(0), tree.Const(0), walk=walk)
        self.refuse(told, f"this {'loop' if isinstance(node, ast.For) else 'generator'}",
                    "go over c.each(IndexSet), s.all(Kind), range(…), a set of members, c.subsets(IndexSet), a sequence, "
                    "an enumeration, or (A, B)")

    # --- folds --------------------------------------------------------------------------------------

    def folded(self, node: ast.Call) -> str:
        """Which fold a call is; empty for other calls, and for `min` and `max` of two numbers."""
        if not isinstance(node.func, ast.Name):
            return ""
        found = self.lookup(node.func)
        name = FOLDS.get(found, "") if isinstance(found, type(all)) else ""
        numbers = name in ("min", "max") and not (len(node.args) == 1 and isinstance(node.args[0], (ast.GeneratorExp, *GATHERED)))
        return "" if numbers else name

    def fold(self, node: ast.Call, name: str) -> tree.Call:
        """`all(… for x in … if …)` and its like."""
        generator, default = self.fold_parts(node, name)
        otherwise = None if default is None else self.value(default) if name == "next" else self.expr(default)
        targets = [self.target_of(g, generator) for g in generator.generators]
        element: list[tree.Expr] = []
        shapes: list[Any] = []

        def innermost(inner: FoldReader) -> tuple[tree.Stmt, ...]:
            read = inner.condition if name in ("all", "any") else inner.value if name == "next" else inner.expr
            element.append(read(generator.elt))
            shapes.append(inner.shape(element[0]))
            return _each(name, element[0], generator.elt.lineno)

        loops = self.loops(generator.generators, targets, name, innermost)
        truth = name in ("all", "any") or name != "sum" and always(element[0]) and (otherwise is None or always(otherwise))
        body = (*_before(name, otherwise, node.lineno), *loops, *_behind(name, otherwise, node.lineno))
        if otherwise is not None:
            self.fitting(default or node, otherwise, shapes[0], "the default of next")
        return self.called(node, body, shapes[0] or (bool if truth else int))

    def fold_parts(self, node: ast.Call, name: str) -> tuple[ast.GeneratorExp, ast.expr | None]:
        """The generator of a fold and its default; everything else is refused."""
        form = f"write {name}(… for x in c.each(IndexSet) if …)"
        if not node.args:
            self.refuse(node, f"a call of {name!r} without a generator", form)
        generator, more = node.args[0], node.args[1:]
        if type(generator) in GATHERED:
            self.refuse(node, f"a {GATHERED[type(generator)]} in {name}(…)", f"{form}, without brackets around it")
        if not isinstance(generator, ast.GeneratorExp):
            self.refuse(node, f"a call of {name!r} with this", form)
        if name == "sum" and (more or node.keywords):
            self.refuse(node, "a start in sum(…)", "add it: start + sum(… for x in c.each(IndexSet))")
        if name == "next" and len(more) == 1 and not node.keywords:
            return generator, more[0]
        if name in ("min", "max") and not more and [k.arg for k in node.keywords] == ["default"]:
            return generator, node.keywords[0].value
        if more or node.keywords:
            self.refuse(node, f"this call of {name!r}", form + {"next": ", or next((…), default)", "min": ", and default=… behind it",
                                                               "max": ", and default=… behind it"}.get(name, ""))
        return generator, None

    def target_of(self, part: ast.comprehension, told: ast.AST) -> str:
        """The name that a generator binds."""
        if part.is_async or not isinstance(part.target, ast.Name):
            self.refuse(told, "this form of generator", "write … for name in c.each(IndexSet)")
        name = part.target.id
        if name in self.roles or name in self.handles or name in self.assigned:
            self.refuse(told, f"a generator over the name {name!r}, which stands for something else here", "use another name")
        return name

    def loops(self, parts: list[ast.comprehension], targets: list[str], fold: str, innermost: Inside) -> tuple[tree.Stmt, ...]:
        """The loops of a generator, of which what the first goes over is read outside of its names, as Python does."""
        part, name = parts[0], targets[0]
        span = self.span(part, part.target)
        inner = copy.copy(self)
        inner.assigned, inner.handles, inner.steps = set(self.assigned), dict(self.handles), self.steps - set(targets)
        inner.own, inner.shapes = self.own | set(targets), {n: s for n, s in self.shapes.items() if n not in targets}
        if name in targets[1:]:
            self.refuse(part.target, f"a generator over the name {name!r}, which stands for something else here", "use another name")
        if span.kind is not None:
            inner.handles[name] = span.kind
        else:
            inner.assigned.add(name)
            inner.shapes[name] = span.walk.shape if span.walk else None
        tests = tuple(inner.condition(test) for test in part.ifs)
        body = inner.loops(parts[1:], targets[1:], fold, innermost) if len(parts) > 1 else innermost(inner)
        return span.loop(name, False, _under(tests, body), part.target.lineno)

    # --- membership ---------------------------------------------------------------------------------

    def membership(self, node: ast.Compare) -> tree.Expr:
        """`x in (A, B)`: as in Python, every part is evaluated, each once, before the first is compared."""
        among = node.comparators[0]
        if len(node.ops) != 1 or not isinstance(among, ast.Tuple):
            self.refuse_membership(node, among)
        names: dict[str, tree.Expr] = {}
        parts: list[tree.Expr] = []
        for part in (self.expr(n) for n in (node.left, *among.elts)):
            name = f"item.{len(names)}"
            parts.append(part if isinstance(part, tree.Const) else tree.Name(name))
            if not isinstance(part, tree.Const):
                names[name] = part
        equal = tuple(tree.Compare("==", parts[0], p) for p in parts[1:])
        found: tree.Expr = tree.Logic("or", equal) if len(equal) > 1 else equal[0] if equal else tree.Const(0)
        out = self.helper_of(node, (tree.Return(found, node.lineno),), list(names), bool)
        call = tree.Call(out, tuple(names.values()))
        return tree.Unary("not", call) if isinstance(node.ops[0], ast.NotIn) else call

    def refuse_membership(self, node: ast.Compare, among: ast.expr) -> NoReturn:
        if len(node.ops) != 1 or isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            self.refuse(node, "a test of identity, or of membership in a chain",
                        "compare with ==, or ask isinstance(m, Case), and write x in (A, B) by itself")
        kind = GATHERED.get(type(among))
        self.refuse(node, f"a test of membership in {f'a {kind}' if kind else 'this'}",
                    "write x in (A, B), x in q of a set or a sequence, has(mask, member), low <= x < high, or any(x == y for y in …)")

    # --- helpers ------------------------------------------------------------------------------------

    def called(self, node: ast.AST, body: tuple[tree.Stmt, ...], returns: Any, within: dict[str, Any] | None = None) -> tree.Call:
        """A call of a helper with this body; it is passed the names that it uses."""
        bound = {n.name for n in tree.nodes(body) if isinstance(n, (tree.For, tree.Assign))}
        used = [n.name if isinstance(n, tree.Name) else n.state
                for n in tree.nodes(body) if isinstance(n, (tree.Name, tree.Load, tree.For))]
        names = [name for name in dict.fromkeys(used) if name and name not in bound]
        return tree.Call(self.helper_of(node, body, names, returns, within), tuple(tree.Name(name) for name in names))

    def helper_of(self, node: ast.AST, body: tuple[tree.Stmt, ...], names: list[str], returns: Any,
                  within: dict[str, Any] | None = None) -> tree.Function:
        """It bears the name of the function in which it stands, since errors and refusals name that one; `within`: see `tree.Function`."""
        roles = {n: "handle" if n in self.handles else self.roles.get(n, "int") for n in names}
        hints = {n: self.handles[n] if n in self.handles else self.out.hints[n] if roles[n] != "int" else
                 self.shapes.get(n) or int for n in names}
        out = tree.Function(self.function.__name__, self.place(node), names, roles, hints, returns, body,
                            steps=self.steps & set(names), result=tree.NUMBER, complete=True, inner=True,
                            within=self.out.within | (within or {}))
        out.locals = sorted({n.name for n in tree.nodes(body) if isinstance(n, tree.Assign)})
        self.reader.inner.append(out)
        return out


def _under(tests: tuple[tree.Expr, ...], body: tuple[tree.Stmt, ...]) -> tuple[tree.Stmt, ...]:
    """A body under the conditions of a generator; one condition where there is one branch (joining.py reads `if …: return True`)."""
    only = body[0] if len(body) == 1 else None
    if not tests:
        return body
    if isinstance(only, tree.If):
        return (tree.If(_and((*tests, only.test)), only.then, only.otherwise, only.line),)
    return (tree.If(_and(tests), body, (), getattr(body[0], "line", 1)),)


def _and(tests: tuple[tree.Expr, ...]) -> tree.Expr:
    return tests[0] if len(tests) == 1 else tree.Logic("and", tests)


def _before(name: str, otherwise: tree.Expr | None, line: int) -> tuple[tree.Stmt, ...]:
    """What a fold begins with; a default is evaluated whether it is needed or not, as in Python."""
    first = () if otherwise is None else (tree.Assign(OTHERWISE, otherwise, line),)
    if name == "sum":
        return (tree.Assign(TOTAL, tree.Const(0), line),)
    if name in ("min", "max"):
        return (*first, tree.Assign(FOUND, tree.Const(0), line), tree.Assign(BEST, tree.Const(0), line))
    return first


def _each(name: str, element: tree.Expr, line: int) -> tuple[tree.Stmt, ...]:
    """What a fold does for each member."""
    if name in ("all", "any"):
        ends = (tree.Return(tree.Const(int(name == "any")), line),)
        return (tree.If(element if name == "any" else tree.Unary("not", element), ends, (), line),)
    if name == "next":
        return (tree.Return(element, line),)
    if name == "sum":
        return (tree.Assign(TOTAL, tree.Binary("+", tree.Name(TOTAL), element), line),)
    better = tree.Choose(tree.Name(FOUND), tree.Binary(name, tree.Name(BEST), tree.Name(VALUE)), tree.Name(VALUE))
    return (tree.Assign(VALUE, element, line), tree.Assign(BEST, better, line), tree.Assign(FOUND, tree.Const(1), line))


def _behind(name: str, otherwise: tree.Expr | None, line: int) -> tuple[tree.Stmt, ...]:
    """What a fold comes to when no member has decided."""
    if name in ("all", "any"):
        return (tree.Return(tree.Const(int(name == "all")), line),)
    if name == "sum":
        return (tree.Return(tree.Name(TOTAL), line),)
    last = tree.Return(FAILS if otherwise is None else tree.Name(OTHERWISE), line)
    return (tree.If(tree.Name(FOUND), (tree.Return(tree.Name(BEST), line),), (), line), last) if name in ("min", "max") else (last,)
