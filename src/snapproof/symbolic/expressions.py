"""Expressions about states, as a person types them: parsed, checked, and lowered to the tree of steps.

`pointer[V1,T1] == L2 and not has(protection[S1,T1], K1) and HA1.step == copy_track and not I3`

Names of members, enumeration values, steps and processes are understood by what they are compared with.
The text is parsed with Python's grammar and walked; nothing is executed.  Because the result is a tree, all
readings understand it: z3 for `query`, compiled code for `query --reachable`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, NoReturn

from ..spec import masks, tree
from ..spec.domains import LARGEST, Domain, Flag, Mask, Range
from ..spec.errors import ScenarioError, near
from ..spec.instance import Instance, Slot, StepOf
from ..spec.repeated import Repeated
from .property_expressions import function, holds_everywhere
from .record_expressions import instead, mixed, no_number, noun, part, whole_of
from .sequence_expressions import among, in_order, length

LONGEST = 4000
"""Characters of an expression."""

COMPARE: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}


DEEPEST = 100
"""Levels of an expression: what reads the tree calls itself for each."""


class ExpressionError(ScenarioError):
    """An expression outside the language; the message points at the character."""


@dataclass(frozen=True)
class Part:
    """A lowered expression and the domain of its values (None: a number of no particular kind)."""

    node: Any
    domain: Domain | None = None
    truth: bool = False


def parse_expression(instance: Instance, text: str) -> tree.Function:
    """A function of a state, `(s, c) -> bool`, for an expression; ExpressionError points at what is wrong."""
    if len(text) > LONGEST:
        raise ExpressionError("expression", f"it has {len(text)} characters.", f"The limit is {LONGEST}.")
    if not text.isprintable():
        raise ExpressionError("expression", "it has characters that cannot be printed.", "Type it on one line.")
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError("expression", _pointed(text.strip(), (error.offset or 1) - 1) + f"{error.msg}.",
                              "Use and, or, not, == != < <= > >=, has(mask, member), count(mask), and names of variables.") from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError("expression", "it is nested too deeply.", "Shorten it.") from None
    levels = _levels(node)
    if levels > DEEPEST:
        raise ExpressionError("expression", f"it is nested {levels} levels deep; the limit is {DEEPEST}.",
                              "Shorten it; a + b + c + … is a level for each sign.")
    part = _Parser(instance, text.strip()).condition(node)
    return function("query", instance, (tree.Return(part.node, 1),))


def _levels(node: ast.expr) -> int:
    """How deep it is nested."""
    depth, level = 0, [node]
    while level:
        depth += 1
        level = [child for n in level for child in ast.iter_child_nodes(n) if isinstance(child, ast.expr)]
    return depth


def _pointed(text: str, column: int) -> str:
    start = max(0, column - 40)
    return f"at character {column + 1}, `{text[start:column]}▸{text[column:column + 30]}`: "


class _Parser:
    def __init__(self, instance: Instance, text: str) -> None:
        self.instance, self.text, self.sizes = instance, text, instance.sizes
        self.processes = {k.member(i): (k, i) for k, i in instance.processes}

    def refuse(self, node: ast.AST, cause: str, fix: str = "") -> NoReturn:
        raise ExpressionError("expression", _pointed(self.text, getattr(node, "col_offset", 0)) + cause, fix)

    # --- conditions ---------------------------------------------------------------------------------

    def condition(self, node: ast.expr) -> Part:
        if isinstance(node, ast.BoolOp):
            op = "and" if isinstance(node.op, ast.And) else "or"
            return Part(tree.Logic(op, tuple(self.condition(v).node for v in node.values)), Flag(), True)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return Part(tree.Unary("not", self.condition(node.operand).node), Flag(), True)
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        if isinstance(node, ast.Name) and node.id in self.instance.spec.properties:
            return self.property(node)
        part = self.value(node, None)
        if not part.truth and not isinstance(part.domain, Flag):
            self.refuse(node, "this is a value, not a condition.", "Compare it with == or another comparison.")
        return Part(tree.Compare("!=", part.node, tree.Const(0)), Flag(), True)

    def property(self, node: ast.Name) -> Part:
        p = self.instance.spec.properties[node.id]
        if p.kind not in ("invariant", "witness"):
            self.refuse(node, f"{p.id} is a {p.kind} property; a state alone does not decide it.", "Use an invariant.")
        return Part(holds_everywhere(self.instance, p), Flag(), True)

    def comparison(self, node: ast.Compare) -> Part:
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            stands = self.stands(node.left, node.comparators[0]) or self.stands(node.comparators[0], node.left)
            if stands is not None:
                return Part(stands if isinstance(node.ops[0], ast.Eq) else tree.Unary("not", stands), Flag(), True)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return self.membership(node)
        items = [node.left, *node.comparators]
        known = [i for i in items if not self.is_word(i)]
        domain = next((d for d in (self.value(i, None).domain for i in known) if d is not None), None)
        self.comparable(node, known)
        wrong = mixed([self.value(i, None if i in known else domain).domain for i in items],
                      all(isinstance(op, (ast.Eq, ast.NotEq)) for op in node.ops))
        if wrong:
            self.refuse(node, wrong)
        parts = []
        for left, op, right in zip(items, node.ops, items[1:]):
            if type(op) not in COMPARE:
                self.refuse(node, "this comparison is not known.", "Use == != < <= > >=, m in q of a sequence, or has(mask, member).")
            parts.append(tree.Compare(COMPARE[type(op)], self.value(left, domain).node, self.value(right, domain).node))
        return Part(parts[0] if len(parts) == 1 else tree.Logic("and", tuple(parts)), Flag(), True)

    def comparable(self, node: ast.Compare, items: list[ast.expr]) -> None:
        """Refuse to compare values of which the same number means something else on each side."""
        named = [names for names in (self.names(self.value(i, None).domain) for i in items) if names]
        for one, other in zip(named, named[1:]):
            if not set(one) & set(other) or any(one[n] != other[n] for n in set(one) & set(other)):
                self.refuse(node, f"these are values of different kinds ({', '.join(list(one)[:3])}… and {', '.join(list(other)[:3])}…).",
                            "Compare values that have the same names, or each with a name.")

    def names(self, domain: Domain | None) -> dict[str, int]:
        """The values of a domain by their names; none where they are numbers, sets, or too many to look at."""
        nameless = domain is None or isinstance(domain, (Flag, Mask)) or domain.structured
        low, high = (0, -1) if domain is None or nameless else domain.bounds(self.sizes)
        shown = {domain.show(v, self.sizes): v for v in range(low, high + 1)} if domain is not None and high - low < 300 else {}
        return {str(name): v for name, v in shown.items()} if all(isinstance(name, str) for name in shown) else {}

    def stands(self, place: ast.expr, name: ast.expr) -> tree.Call | None:
        """`HA1.step == copy_track` as at(…), in which it can be seen whether a local box makes it so (spec/joining.py)."""
        if not (isinstance(place, ast.Attribute) and place.attr == "step" and isinstance(name, ast.Name) and self.is_word(name)):
            return None
        domain = self.local(place).domain
        assert isinstance(domain, StepOf)
        step = domain.steps[self.read(name, domain, name.id)]
        return self.of_process(place, "at", tree.At(tree.Name("p"), (step,)), 0)

    # --- values -------------------------------------------------------------------------------------

    def is_word(self, node: ast.expr) -> bool:
        """Is it a bare name, or a list of them, whose meaning depends on what it is compared with?"""
        spec = self.instance.spec
        return isinstance(node, ast.List) or isinstance(node, ast.Name) and node.id not in {**spec.state.variables, **spec.scope.constants}

    def value(self, node: ast.expr, wanted: Domain | None) -> Part:
        """A value; `wanted` is the domain it is compared with, by which bare names are understood."""
        if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int)):
            if node.value > LARGEST:
                self.refuse(node, "this number is too large.", f"No cell holds more than {LARGEST}.")
            return Part(tree.Const(int(node.value)))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return Part(tree.Unary("-", self.value(node.operand, None).node))
        if isinstance(node, ast.List):
            return self.members(node, wanted)
        if isinstance(node, ast.Name):
            return self.word(node, wanted)
        if isinstance(node, ast.Subscript):
            return self.cell(node)
        if isinstance(node, ast.Attribute):
            return self.field(node) or self.local(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
            left, right = self.value(node.left, wanted), self.value(node.right, wanted)
            domain = left.domain or right.domain
            wrong = no_number(left.domain) or no_number(right.domain)
            if wrong:
                self.refuse(node, wrong)
            bits = isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor))
            if isinstance(domain, Flag) and not (bits and isinstance(left.domain, Flag) and isinstance(right.domain, Flag)):
                domain = None  # a number, which is no condition
            return Part(tree.Binary(BINARY[type(node.op)], left.node, right.node), domain)
        self.refuse(node, "this is outside the language of expressions.",
                    "Use variables with indices, locals such as HA1.step, numbers, names of members and values, has and count.")

    def word(self, node: ast.Name, wanted: Domain | None) -> Part:
        variables = self.instance.spec.state.variables
        if node.id in variables:
            if variables[node.id].indices:
                names = ", ".join(i.__name__ for i in variables[node.id].indices)
                self.refuse(node, f"{node.id} is a table.", f"Give its indices: {node.id}[{names}].")
            return Part(tree.Load("s", variables[node.id], ()), variables[node.id].domain)
        if node.id in self.instance.spec.scope.constants:
            return Part(tree.Const(self.sizes[node.id]))
        if wanted is None:
            self.refuse(node, f"{node.id!r} means nothing by itself here.", near(node.id, self.known_names()))
        return Part(tree.Const(self.read(node, wanted, node.id)), wanted)

    def read(self, node: ast.AST, wanted: Domain, name: str) -> int:
        shown: Any = {"true": True, "false": False}.get(name.lower(), name) if isinstance(wanted, Flag) else name
        try:
            return wanted.read(shown, self.sizes)
        except ValueError:
            if whole_of(wanted) is not None:
                self.refuse(node, f"{name!r} is no value here, where a {noun(whole_of(wanted))} belongs.", instead(whole_of(wanted)))
            low, high = wanted.bounds(self.sizes)
            choices = [str(wanted.show(v, self.sizes)) for v in range(low, min(high, low + 300) + 1)]
            self.refuse(node, f"{name!r} is not a value of what it is compared with.", near(name, choices))

    def members(self, node: ast.List, wanted: Domain | None) -> Part:
        """`[K1, K2]` as a mask, as a sequence or as a bag."""
        if isinstance(wanted, Repeated):
            items = [self.value(e, wanted.of) for e in node.elts]
            found = in_order(wanted, [i.node if whole_of(i.domain) == whole_of(wanted.of) else None for i in items], self.sizes)
            return self.refuse(node, found) if isinstance(found, str) else Part(found, wanted)
        if not isinstance(wanted, Mask) or not all(isinstance(e, ast.Name) for e in node.elts):
            self.refuse(node, "a list stands only for a set of members, a sequence or a bag.",
                        "Compare a mask with it: protection[S1,T1] == [K1].")
        names = [e.id for e in node.elts if isinstance(e, ast.Name)]
        try:
            return Part(tree.Const(wanted.read(names, self.sizes)), wanted)
        except ValueError:
            self.refuse(node, "it names something that is not a member.",
                        near(names[0] if names else "", [wanted.of.member(i) for i in range(wanted.of.count(self.sizes))]))

    def cell(self, node: ast.Subscript) -> Part:
        variables = self.instance.spec.state.variables
        if not isinstance(node.value, ast.Name) or node.value.id not in variables:
            name = node.value.id if isinstance(node.value, ast.Name) else ""
            self.refuse(node, f"there is no table {name!r}.", near(name, list(variables)))
        v = variables[node.value.id]
        if isinstance(v.domain, Repeated) and not v.indices:
            self.refuse(node, str(part(tree.Load("s", v, ()), v.domain, "")))
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(indices) != len(v.indices):
            self.refuse(node, f"{v.name} takes {len(v.indices)} indices, not {len(indices)}.",
                        f"They are {', '.join(i.__name__ for i in v.indices)}.")
        return Part(tree.Load("s", v, tuple(self.index(n, of) for n, of in zip(indices, v.indices))), v.domain)

    def index(self, node: ast.expr, of: Any) -> Any:
        if isinstance(node, ast.Name) and node.id not in self.instance.spec.state.variables:
            names = [of.member(i) for i in range(of.count(self.sizes))]
            if node.id not in names:
                self.refuse(node, f"{node.id!r} is not a member of {of.__name__}.", near(node.id, names))
            return tree.Const(names.index(node.id))
        found = self.value(node, None)
        if no_number(found.domain):
            self.refuse(node, no_number(found.domain, "index"))
        return found.node

    def field(self, node: ast.Attribute) -> Part | None:
        """`forth[L1].bit`: a field of a record; None for a local of a process."""
        if isinstance(node.value, ast.Name) and node.value.id not in self.instance.spec.state.variables:
            return None
        whole = self.value(node.value, None)
        found = part(whole.node, whole.domain, node.attr)
        return self.refuse(node, found) if isinstance(found, str) else Part(*found)

    def local(self, node: ast.Attribute) -> Part:
        """`HA1.step`, `DA1.mask`: a local of a process, found in a loop over its kind."""
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if name not in self.processes:
            self.refuse(node, f"there is no process {name!r}.", near(name, list(self.processes)))
        kind, i = self.processes[name]
        mine = {n: s for (k, n), s in self.instance.slots.items() if k == kind.__name__}
        if node.attr not in mine:
            self.refuse(node, f"{name} has no local {node.attr!r}.", near(node.attr, list(mine)))
        slot: Slot = mine[node.attr]
        return Part(self.of_process(node, node.attr, tree.Field(tree.Name("p"), node.attr, slot.ghost), slot.start), slot.domain)

    def of_process(self, node: ast.Attribute, what: str, wanted: Any, otherwise: int) -> tree.Call:
        """An expression over `p`, for the process that the attribute names."""
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        kind, i = self.processes[name]
        here = tree.Compare("==", tree.Number(tree.Name("p"), "id"), tree.Const(i))
        found = tree.If(here, (tree.Return(wanted, 1),), (), 1)
        loop = tree.For("p", tree.Const(0), tree.Size(kind), (found,), kind, 1, "s")
        helper = function(f"{name}_{what}", self.instance, (loop, tree.Return(tree.Const(otherwise), 1)))
        helper.returns = int
        return tree.Call(helper, (tree.Name("s"), tree.Name("c")))

    def call(self, node: ast.Call) -> Part:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "len" and len(node.args) == 1 and not node.keywords:
            return Part(*length(*self.sequence(node.args[0])))
        if name not in ("has", "count") or node.keywords or len(node.args) != (2 if name == "has" else 1):
            self.refuse(node, f"{name or 'this'} cannot be called here.", "There are has(mask, member), count(mask) and len(sequence).")
        mask = self.value(node.args[0], None)
        if not isinstance(mask.domain, Mask):
            self.refuse(node.args[0], "this is not a set of members.", "Use a variable such as protection[S1,T1].")
        reader = self.instance.spec.reader
        if name == "count":
            return Part(tree.Call(reader.read(masks.count), (mask.node,)), Range(0, 64))
        member = self.index(node.args[1], mask.domain.of)
        return Part(tree.Call(reader.read(masks.has), (mask.node, member)), Flag(), True)

    def sequence(self, node: ast.expr) -> tuple[Repeated, Any]:
        """A sequence or a bag, and its domain."""
        found = self.value(node, None)
        if not isinstance(found.domain, Repeated):
            self.refuse(node, "this is not a sequence or a bag.", "Sets are asked with has(mask, member) and count(mask).")
        return found.domain, found.node

    def membership(self, node: ast.Compare) -> Part:
        """`m1 in queue`."""
        of, whole = self.sequence(node.comparators[0])
        item = self.value(node.left, of.of)
        wrong = mixed([of.of, item.domain], True)
        if wrong:
            self.refuse(node, wrong)
        found = among(of, whole, item.node)
        return Part(tree.Unary("not", found) if isinstance(node.ops[0], ast.NotIn) else found, Flag(), True)

    def known_names(self) -> list[str]:
        spec = self.instance.spec
        return [*spec.state.variables, *spec.scope.constants, *spec.properties, *self.processes, "has", "count", "len"]
