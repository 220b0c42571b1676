"""The expressions of the language, from Python's `ast` to the tree (see reader.py).

A value is a number (a truth value is 0 or 1) or a next box: a step, WAIT or DONE.  Numbers are computed with and stored;
a next box is only kept in a name, passed on and returned.  Where Python's `and` and `or` give an operand, so do all readings.
"""

from __future__ import annotations

import ast
from types import FunctionType
from typing import Any, NoReturn

from . import tree
from .errors import DeclarationError
from .figures import Figure
from .parts import Part, boxes_of, executes
from .processes import Process, Step
from .reader_tables import TableReader
from .repeated import Repeated
from .shapes import shape_in
from .truth import always

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%", ast.BitAnd: "&",
    ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>"}
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
UNARY: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.Invert: "~", ast.Not: "not"}


class ExpressionReader(TableReader):
    """Lowers the expressions of one function."""

    def operator(self, node: ast.AugAssign | ast.BinOp) -> str:
        op = BINARY.get(type(node.op))
        if op is None:
            self.refuse(node, f"the operator {type(node.op).__name__!r}", "use + - * // % & | ^ << >> on integers")
        return op

    # --- numbers and truth values -------------------------------------------------------------------

    def condition(self, node: ast.expr) -> tree.Expr:
        return self.expr(node, condition=True)

    def expr(self, node: ast.expr, condition: bool = False) -> tree.Expr:
        """A number or a truth value; `condition`: only whether it is true matters."""
        if isinstance(node, ast.IfExp):
            return tree.Choose(self.condition(node.test), self.expr(node.body, condition), self.expr(node.orelse, condition))
        return self.number(node, self.translated(node, condition), condition)

    def number(self, node: ast.expr, found: tree.Expr, condition: bool = False) -> tree.Expr:
        """A value, refused where it is no number."""
        wanted = "condition" if condition else "number"
        if self.is_step(found):
            self.refuse(node, f"a step as a {wanted}",
                        "a step, WAIT or DONE is only returned; compute with integers, and ask p.at(step) where a process is")
        shape = self.shape(found)
        if shape is not None:
            self.refuse(node, f"{self.told_shape(shape)} as a {wanted}", self.numbers_of(shape))
        return found

    def translated(self, node: ast.expr, condition: bool) -> tree.Expr:
        """An expression, whatever its value is."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (bool, int)):
                return self.known(int(node.value), node)
            self.refuse(node, f"the constant {node.value!r}", "states hold integers; use an IntEnum for names")
        if isinstance(node, ast.Name):
            return self.name(node)
        if isinstance(node, ast.Attribute):
            return self.part(node) or self.attribute(node)
        if isinstance(node, ast.Subscript):
            return self.subscript(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.BinOp):
            return self.binary(node, self.operator(node), *((n, self.value(n)) for n in (node.left, node.right)))
        if isinstance(node, ast.UnaryOp) and type(node.op) in UNARY:
            return tree.Unary(UNARY[type(node.op)], self.expr(node.operand, isinstance(node.op, ast.Not)))
        if isinstance(node, ast.BoolOp):
            return self.logic(node, condition)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.GeneratorExp):
            self.refuse(node, "a generator by itself", "write it inside of all(…), any(…), sum(…), min(…), max(…) or next(…)")
        if isinstance(node, (ast.Set, ast.SetComp)):
            self.refuse(node, "a set of Python", "write c.subset(Track, t, u), or c.subset(Track, (t for t in c.each(Track) if …))")
        self.refuse(node, f"the expression {type(node).__name__.lower()!r}",
                    "use integers, index sets, comparisons, and/or/not, conditional expressions and helpers")

    def logic(self, node: ast.BoolOp, condition: bool) -> tree.Expr:
        """`and`/`or`: a condition, or the operand that decides."""
        op = "and" if isinstance(node.op, ast.And) else "or"
        items = tuple(self.expr(v, condition) for v in node.values)
        return tree.Logic(op, items) if condition or all(always(i) for i in items) else tree.Either(op, items)

    def comparison(self, node: ast.Compare) -> tree.Expr:
        if any(type(op) not in COMPARE for op in node.ops):
            return self.membership(node)
        left, parts = self.value(node.left), []
        for op, item in zip(node.ops, node.comparators):
            right = self.value(item)
            parts.append(self.compared(node, COMPARE[type(op)], left, right))
            left = right
        return parts[0] if len(parts) == 1 else tree.Logic("and", tuple(parts))

    # --- next boxes ---------------------------------------------------------------------------------

    def is_step(self, node: tree.Expr) -> bool:
        """Is the value a step or a signal?"""
        if isinstance(node, tree.Choose):
            return self.is_step(node.then)
        if isinstance(node, tree.Call):
            return node.function.result == tree.NEXT
        return isinstance(node, tree.StepRef) or isinstance(node, tree.Name) and node.name in self.steps

    def anything(self, node: ast.expr, direct: bool = False) -> tree.Expr:
        """A number or a next box; `direct`: it may come from a helper that writes."""
        if isinstance(node, ast.IfExp):
            test, then, otherwise = self.condition(node.test), self.anything(node.body, direct), self.anything(node.orelse, direct)
            if self.is_step(then) != self.is_step(otherwise):
                self.refuse(node, "a choice between a step and a number", "give a step, WAIT or DONE in both cases, or a number in both")
            if self.shape(then) != self.shape(otherwise):
                self.refuse(node, f"a choice between {' and '.join(self.told_apart(self.shape(then), self.shape(otherwise)))}",
                            "give records of one class in both cases, one union, sets of one index set, sequences or bags of one "
                            "domain, or a number in both")
            return tree.Choose(test, then, otherwise)
        if isinstance(node, ast.BoolOp):
            return self.expr(node)
        return self.call(node, direct=direct) if isinstance(node, ast.Call) else self.translated(node, False)

    def direct(self, node: ast.expr) -> tree.Expr:
        """The whole right side of `x = …` or `return …` (or a branch of it), which may come from a helper that writes."""
        return self.anything(node, direct=True)

    # --- calls --------------------------------------------------------------------------------------

    def call(self, node: ast.Call, direct: bool = False, statement: bool = False) -> tree.Expr:
        """A call.  Helpers that write stand alone (`f(…)`, `x = f(…)`, `return f(…)`), so that order cannot matter."""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "call":
            figure = self.figure(node.func.value)
            if figure is not None:
                return self.figure_call(node, figure)
        fold = self.folded(node)
        if fold:
            return self.fold(node, fold)
        made = self.set_call(node) or self.record_call(node)
        if made is not None:
            return made
        if node.keywords:
            self.refuse(node, "keyword arguments", "pass them in order")
        self.refuse_process(node)
        if isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if self.names_start(node):
                self.refuse(node, "a start_at in the middle of an expression", f"give it a line of its own: {ast.unparse(node)}")
            if self.handle_kind(owner) is not None and node.func.attr == "inside":
                return self.inside(node, owner.id)  # type: ignore[attr-defined]
            if self.handle_kind(owner) is not None and node.func.attr == "at":
                return self.at(node, owner.id)  # type: ignore[attr-defined]
            if isinstance(owner, ast.Name) and self.roles.get(owner.id) == "scope" and node.func.attr == "size" and len(node.args) == 1:
                return tree.Size(self.members(node.args[0]))
            self.refuse_word(node.func)
        found = self.lookup(node.func)
        if found is min or found is max:
            if len(node.args) == 2:
                return tree.Binary(found.__name__, self.expr(node.args[0]), self.expr(node.args[1]))
        if (found is int or found is bool) and len(node.args) == 1:
            inner = self.expr(node.args[0], condition=found is bool)
            return inner if found is int or always(inner) else tree.Compare("!=", inner, tree.Const(0))
        if isinstance(found, Repeated):
            self.refuse(node, f"a call of the domain {ast.unparse(node.func)}", f"write c.{found.noun}({ast.unparse(node.func)}, …)")
        if not isinstance(found, FunctionType):
            self.refuse(node, f"a call of {getattr(found, '__name__', found)!r}",
                        "call a helper function with plain parameters, min or max of two numbers, or count/has of snapproof.spec")
        return self.helper(node, found, direct, statement)

    def at(self, node: ast.Call, name: str) -> tree.At:
        named = [self.lookup(a) for a in node.args]
        if not named or not all(isinstance(s, (Step, Part)) for s in named):
            self.refuse(node, "this at(…)", "name steps, or parts that steps have: ha.at(write_the_track)")
        kind, steps = self.handles[name], list[Step]()
        for one in named:
            boxes = [b for b in boxes_of([one]) if executes(kind, b)]
            if not boxes:
                where = f"a box with the part {one.name}" if isinstance(one, Part) else f"{one.name} of {one.owner.__name__}"
                self.never(node, kind, f"at {where}")
            steps += boxes
        return tree.At(tree.Name(name), tuple(dict.fromkeys(steps)))

    def names_start(self, node: ast.Call) -> bool:
        """Is this `p.start_at(…)` of a process?"""
        return isinstance(node.func, ast.Attribute) and node.func.attr == "start_at" and self.handle_kind(node.func.value) is not None

    def start_at(self, node: ast.Call) -> tree.StartAt:
        """Where a process begins; a step at which each process of its kind may stand by itself."""
        name = node.func.value.id  # type: ignore[attr-defined]
        kind = self.handles[name]
        step = self.lookup(node.args[0]) if len(node.args) == 1 and not node.keywords else None
        if not isinstance(step, Step):
            self.refuse(node, "this start_at(…)", f"name one step at which it begins: {name}.start_at(critical)")
        cause = (f"{kind.__name__} is a base without members, and its kinds have steps of their own" if not kind.letter else
                 f"{kind.__name__} runs programs, so it begins with the first command of its program" if kind.programs else
                 f"{step.name} is a step of {step.owner.__name__}, where no {kind.__name__} ever is"
                 if not issubclass(kind, step.owner) else
                 f"{step.name} is a box of the figure {step.within.name}, which is entered by calls only" if step.within else
                 f"{step.name} is a local box, executed together with the box before it, and nothing is before it here"
                 if step.local else "")
        if cause:
            raise DeclarationError(self.place(node), f"{cause}.", "Begin at a step of a kind of process that has a letter and no "
                                   "programs: a step declared for it or its base, not local, and in no figure that is called.")
        return tree.StartAt(tree.Name(name), step, node.lineno)

    def never(self, node: ast.Call, kind: type[Process], where: str) -> NoReturn:
        raise DeclarationError(self.place(node), f"it asks whether a process is {where}, where no {kind.__name__} ever is.",
                               f"The answer would always be no. Name boxes, parts or figures of {kind.__name__}.")

    def inside(self, node: ast.Call, name: str) -> tree.Inside:
        figure = self.figure(node.args[0]) if node.args else None
        callers = tuple(self.lookup(a) for a in node.args[1:])
        if figure is None or not all(isinstance(s, Step) for s in callers):
            self.refuse(node, "this inside(…)", "name a figure, and boxes that call it if those are meant: ha.inside(log_tracks, obtain)")
        kind = self.handles[name]
        if not executes(kind, figure):
            self.never(node, kind, f"inside of {figure.name} of {figure.owner.__name__}")
        return tree.Inside(tree.Name(name), figure, callers)

    def figure_call(self, node: ast.Call, figure: Figure) -> tree.StepRef:
        """A call of a figure; what it begins at and goes on at are steps, named as such."""
        if len(node.args) != 1 or any(k.arg is None for k in node.keywords):
            self.refuse(node, "this call of a figure", "write figure.call(first_box, exit=step, …)")
        exits = {str(k.arg): self.target(k.value) for k in node.keywords}
        try:
            return tree.StepRef(figure.call(self.target(node.args[0]), **exits))
        except DeclarationError as error:
            raise DeclarationError(self.place(node), error.cause, error.fix) from None

    def target(self, node: ast.expr) -> Any:
        """A step or signal that is named."""
        found = self.anything(node)
        if not isinstance(found, tree.StepRef):
            self.refuse(node, "this step", "name a step of the module, DONE, an exit or another call; choose between whole calls")
        return found.target

    def helper(self, node: ast.Call, found: FunctionType, direct: bool, statement: bool) -> tree.Call:
        """The call of a helper function, which is lowered when it is met first."""
        helper = self.reader.read(found, self.place(node))
        if len(node.args) != len(helper.parameters):
            raise DeclarationError(self.place(node), f"{found.__name__} takes {len(helper.parameters)} arguments.",
                                   f"They are {', '.join(helper.parameters)}.")
        if not (direct or statement) and helper.writes:
            self.refuse(node, f"a call of {found.__name__}, which writes, inside an expression",
                        "give it a line of its own: f(…), x = f(…) or return f(…)")
        if not statement and not helper.complete:
            self.refuse(node, f"the value of {found.__name__}, which may end without one", "return a value on every path")
        return tree.Call(helper, tuple(self.passed(a, p, helper, node) for a, p in zip(node.args, helper.parameters)))

    def passed(self, node: ast.expr, parameter: str, helper: tree.Function, call: ast.AST) -> tree.Expr:
        """An argument of a helper call: states, scopes and handles are passed by name."""
        role, hint = helper.roles[parameter], helper.hints.get(parameter)
        self.refuse_process(node)
        if role == "int":
            if parameter not in helper.steps:
                return self.fitting(node, self.value(node), shape_in(hint), f"the parameter {parameter}")
            found = self.anything(node)
            if not self.is_step(found):
                self.refuse(call, f"a number for the step {parameter!r}", "pass a step, WAIT or DONE")
            return found
        if isinstance(node, ast.Name):
            if role == "handle" and node.id in self.handles and issubclass(self.handles[node.id], hint):  # type: ignore[arg-type]
                return tree.Name(node.id)
            if role == self.roles.get(node.id) and role != "handle":
                return tree.Name(node.id)
        self.refuse(call, f"passing this where a {role} is expected", "pass the state, the scope or a process by its name")
