"""Every small change that a slip of the pen could make: statements, conditions, indices, successors, constants.

`model_edits` are for boxes and what they call; `property_edits` for properties, where most changes weaken.  A change that
says nothing new is left out: a test of one switch (its values are the faults), explanations, what is 0 already.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .edits import Edit, constructs, definitions

FLIPPED = {ast.Eq: ["!="], ast.NotEq: ["=="], ast.Lt: ["<="], ast.Gt: [">="], ast.LtE: ["<"], ast.GtE: [">"]}
LOOSENED = {ast.Eq: ["<=", ">="], ast.NotEq: ["<", ">"], ast.Lt: ["<="], ast.Gt: [">="], ast.LtE: ["<"], ast.GtE: [">"]}
SIBLINGS = {
    "SessionByte": ["FREE", "RESERVED", "INACTIVE", "ACTIVE"],
    "VirtualState": ["UNUSED", "REGISTERED", "RELATING", "RELATED", "ACTIVE", "REMOVING"],
    "Mail": ["EMPTY", "REQUEST", "TAKEN", "STATUS_OK", "STATUS_ERROR"],
}
"""The enumerations of the state; those of switches are the business of the faults."""

NOT_BOXES = {"state", "sets", "switches", "switch_values", "specification", "__init__"}
NOT_PROPERTIES = {"__init__", "properties", "witnesses"}
STATES = {"s", "before", "after"}
ROLES = {"s", "c", "ha", "da", "p", "before", "after", "other"}


def model_edits(module: str, source: str) -> list[Edit]:
    """All edits of a module of the model."""
    return _distinct(e for name, node in definitions(source).items() if isinstance(node, ast.FunctionDef)
                     for e in _of_function(module, name, node, FLIPPED))


def property_edits(module: str, source: str) -> list[Edit]:
    """All edits of a module of properties."""
    def found() -> Iterator[Edit]:
        for name, node in definitions(source).items():
            if isinstance(node, ast.FunctionDef):
                if not name.startswith("_") and "str" not in ast.unparse(node.returns or ast.Constant(0)):
                    yield from _of_function(module, name, node, LOOSENED)
                    yield from _premises(module, name, node)
                    for decorator in node.decorator_list:
                        yield from _watched(module, name, decorator)
            elif name != "__all__":
                yield from _watched(module, name, node)
    return _distinct(found())


def part_edits(module: str, source: str) -> list[Edit]:
    """At each box, each of its parts left out: what the properties ask for is one box less."""
    found = []
    for name, node in definitions(source).items():
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "step":
                found += [Edit(module, name, a.id, NO_PART, 0, LEFT_OUT) for a in decorator.args[3:] if isinstance(a, ast.Name)]
    return found


LEFT_OUT, NO_PART = "part left out", "no part"
"""An edit of a box that changes properties only."""


def _distinct(edits: Iterator[Edit]) -> list[Edit]:
    return list({e: e for e in edits if e.before != e.after}.values())


def _of_function(module: str, name: str, node: ast.FunctionDef, comparisons: dict[type, list[str]]) -> Iterator[Edit]:
    seen: dict[str, int] = {}
    steps = _successors(node)
    decorators = {id(n) for d in node.decorator_list for n in ast.walk(d)}
    decided = _decided(node)
    for part in constructs(node):
        text = ast.unparse(part)
        nth = seen.get(text, 0)
        seen[text] = nth + 1
        if id(part) not in decorators:
            for kind, after in _changes(part, comparisons, steps):
                yield Edit(module, name, text, after, nth, kind)
            if id(part) in decided:
                yield Edit(module, name, text, "False", nth, "condition")
                yield Edit(module, name, text, "True", nth, "condition")


def _decided(node: ast.AST) -> set[int]:
    """The conditions: what `if` tests, and the operands of `and`, `or` and `not`."""
    found: list[ast.expr] = []
    for part in ast.walk(node):
        if isinstance(part, (ast.If, ast.IfExp)):
            found.append(part.test)
        elif isinstance(part, ast.BoolOp):
            found += part.values
        elif isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            found.append(part.operand)
    return {id(e) for e in found if not isinstance(e, ast.BoolOp) and not _of_switch(e)}


def _changes(part: ast.AST, comparisons: dict[type, list[str]], steps: list[str]) -> Iterator[tuple[str, str]]:
    if isinstance(part, (ast.Assign, ast.AugAssign, ast.For, ast.If, ast.Expr)):
        yield "statement", "pass"
    if isinstance(part, ast.Assign) and not _is_zero(part.value) and not _is_plain_name(part.value):
        target = ast.unparse(part.targets[0])
        yield "value", f"{target} = 0"
    if isinstance(part, ast.BoolOp):
        word = " and " if isinstance(part.op, ast.And) else " or "
        for i in range(len(part.values)):
            left = [_grouped(v) for j, v in enumerate(part.values) if j != i]
            yield "operand", word.join(left)
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
        yield "condition", ast.unparse(part.operand)
    if isinstance(part, ast.Compare) and len(part.ops) == 1 and not _of_switch(part):
        for sign in comparisons.get(type(part.ops[0]), []):
            yield "comparison", f"{ast.unparse(part.left)} {sign} {ast.unparse(part.comparators[0])}"
    yield from _indices(part)
    yield from _returns(part, steps)
    yield from _constants(part)


def _indices(part: ast.AST) -> Iterator[tuple[str, str]]:
    """Index 0 in place of each index, argument or member of a loop: right as long as there is only one."""
    if isinstance(part, ast.Subscript) and isinstance(part.ctx, (ast.Load, ast.Store)) and _base(part) in STATES:
        elements = part.slice.elts if isinstance(part.slice, ast.Tuple) else [part.slice]
        for i, element in enumerate(elements):
            if not _is_zero(element):
                changed = ["0" if j == i else ast.unparse(e) for j, e in enumerate(elements)]
                yield "index", f"{ast.unparse(part.value)}[{', '.join(changed)}]"
    if isinstance(part, ast.Call):
        called = ast.unparse(part.func)
        if called == "c.each":
            of = ast.unparse(part.args[0])
            yield "loop", f"range(1, c.size({of}))"
            yield "loop", f"range(c.size({of}) - 1)"
        elif isinstance(part.func, ast.Name) and called != "range":
            for i, argument in enumerate(part.args):
                if ast.unparse(argument) not in ROLES and not _is_zero(argument) and not isinstance(argument, ast.Compare):
                    changed = ["0" if j == i else ast.unparse(a) for j, a in enumerate(part.args)]
                    yield "argument", f"{called}({', '.join(changed)})"


def _returns(part: ast.AST, steps: list[str]) -> Iterator[tuple[str, str]]:
    if not isinstance(part, ast.Return) or part.value is None:
        return
    if isinstance(part.value, ast.Call) and ast.unparse(part.value.func).endswith(".call"):
        yield from (("successor", f"return {text}") for text in _other_calls(part.value))
    elif steps:
        for text in _leaves(part.value):
            for other in [*steps, "DONE", "WAIT"]:
                if other != text:
                    yield "successor", "return " + _with_leaf(part.value, text, other)
    elif not isinstance(part.value, (ast.Constant, ast.Name)):
        yield "value", "return 0"
    elif isinstance(part.value, ast.Constant) and isinstance(part.value.value, bool):
        yield "value", f"return {not part.value.value}"


def _constants(part: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.attr in SIBLINGS.get(part.value.id, []):
        members = SIBLINGS[part.value.id]
        place = members.index(part.attr)
        for other in {place - 1, place + 1} & set(range(len(members))):
            yield "constant", f"{part.value.id}.{members[other]}"
    if isinstance(part, ast.Constant) and type(part.value) is int:
        yield "constant", str(part.value + 1)
    if isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Add, ast.Sub)):
        yield "constant", ast.unparse(part.left)


def _premises(module: str, name: str, node: ast.FunctionDef) -> Iterator[Edit]:
    """A property that looks at the first member only, or at all but the first."""
    for a in node.args.args:
        of = ast.unparse(a.annotation) if a.annotation else ""
        if node.decorator_list and of not in ("Array", "Embodiment"):
            member = f"{a.arg}.id" if of in ("HostAdapter", "DiskAdapter") else a.arg
            yield Edit(module, name, "", f"if {member} > 0: return True", 0, "premise")
            yield Edit(module, name, "", f"if {member} == 0: return True", 0, "premise")
    if node.decorator_list:
        yield Edit(module, name, "", "if True: return True", 0, "whole property")


def _watched(module: str, name: str, node: ast.AST) -> Iterator[Edit]:
    """A box left out of `steps=`: the next one stands there twice."""
    for part in ast.walk(node):
        if isinstance(part, ast.List) and len(part.elts) > 1:
            texts = [ast.unparse(e) for e in part.elts]
            for i, text in enumerate(texts):
                yield Edit(module, name, text, texts[i - 1], 0, "step left out")


def _other_calls(call: ast.Call) -> Iterator[str]:
    """A figure that is left for another box, or not entered at all."""
    targets = {k.arg: ast.unparse(k.value) for k in call.keywords}
    for name, target in targets.items():
        for other in dict.fromkeys([*targets.values(), "DONE"]):
            if other != target:
                exits = ", ".join(f"{k}={other if k == name else t}" for k, t in targets.items())
                yield f"{ast.unparse(call.func)}({', '.join(map(ast.unparse, call.args))}, {exits})"
    yield from dict.fromkeys(targets.values())


def _successors(node: ast.FunctionDef) -> list[str]:
    """The steps that a box, or a helper that chooses one, may lead to."""
    if node.returns is None or ast.unparse(node.returns) != "Next":
        return []
    found: list[str] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Return) and part.value is not None:
            found += [t for t in _leaves(part.value) if t not in (*found, "DONE", "WAIT")]
    return found or ["DONE"]


def _leaves(value: ast.expr) -> list[str]:
    if isinstance(value, ast.IfExp):
        return [*_leaves(value.body), *_leaves(value.orelse)]
    return [ast.unparse(value)] if isinstance(value, (ast.Name, ast.Attribute)) else []


def _with_leaf(value: ast.expr, text: str, other: str) -> str:
    if isinstance(value, ast.IfExp):
        parts = [_with_leaf(v, text, other) for v in (value.body, value.orelse)]
        return f"{parts[0]} if {ast.unparse(value.test)} else {parts[1]}"
    return other if ast.unparse(value) == text else ast.unparse(value)


def _base(part: ast.Subscript) -> str:
    return part.value.value.id if isinstance(part.value, ast.Attribute) and isinstance(part.value.value, ast.Name) else ""


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (0, False)


def _is_plain_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id not in ("NONE", "STANDARD")


def _of_switch(node: ast.expr) -> bool:
    """A comparison of a switch with one of its values: changing it is what the faults do."""
    return isinstance(node, ast.Compare) and ast.unparse(node.left).startswith("c.") and isinstance(node.left, ast.Attribute)


def _grouped(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"({text})" if isinstance(node, ast.BoolOp) else text
