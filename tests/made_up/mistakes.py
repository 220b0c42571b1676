"""Mistakes: a good text is changed as people change texts, and as nobody would.

Each mistake takes the tree of a module and changes one place of it.  Nothing is promised of the result, but that it is
Python: it is refused with reasons, or it means the same in all readings.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from random import Random
from typing import Any

STRANGE = [
    "None", "False", "True", "0", "1", "7", "-1", "'x'", "1.5", "()", "[]", "[1]", "{}", "K0", "s", "c", "S", "C", "A", "s.x0", "WAIT",
    "DONE", "Colour", "Colour.RED", "A(0)", "int", "min", "len", "print", "s.x0[0]", "s.x0 / 2", "2 ** 3", "lambda: 0", "s.x0 is None",
    "s.x0 in (0, 1)", "[i for i in range(2)]", "f'{K0}'", "c.size", "c.each(A)", "(k9 := 1)", "b''", "...", "1 << 61", "1 << 63",
    "-(1 << 62)", "0 // 1", "1 // s.x0", "K0 % K1", "-7 // 2", "-7 % 3", "s.x0 and 2", "K0 or s.x0", "s.x0 > 0 and (s.x0 or 2)",
    "not s.x0", "bool(2)", "int(True)", "min(1, 2, 3)", "max(1)", "abs(-1)", "range(2)", "s.all(A)", "c.nothing", "s.nothing", "nobody",
    "s.x0 < 1 < 2", "(s.x0 > 0) + (s.x0 < 0)", "max(s.x0 > 0, 2)", "s.x0 if s.x0 else K0", "c.size(S)", "c.size()", "c.size(A, B)",
    "has(s.x0)", "has(s.x0, member=0)", "count", "*[1]", "~s.x0", "+s.x0", "s.x0 @ 1", "print(s)", "exit()", "K0.bit_length()", "s",
]
"""Expressions of every type, and of none."""

STATEMENTS = [
    "while s.x0:\n    pass", "for i in range(2):\n    break", "for i in range(2):\n    continue", "try:\n    pass\nfinally:\n    pass",
    "with s:\n    pass", "def inner():\n    return 1", "assert s.x0", "raise ValueError", "return", "return None", "return 0",
    "return 7", "return False", "return True", "return WAIT", "return DONE", "del s", "global K0", "import os", "lambda: 0", "pass",
    "'text'", "5", "s.x0", "K0 = 3", "c = 1", "s = 2", "k9 = 1", "k9: int", "k8 = k9 = 1", "k8, k9 = 1, 2", "s.x0 = 2", "s.x0 = -9",
    "s.x0 += 1", "s.g = 1", "for i in A:\n    pass", "for i in c.each(S):\n    pass", "for i in [1, 2]:\n    pass",
    "for i in range(1, 2, 3):\n    pass", "for i in range(3):\n    pass\nelse:\n    pass", "for s in range(2):\n    pass",
    "for p in s.all(A):\n    pass", "s.x0 @= 1", "s.x0 /= 2", "s.x0 <<= 1", "min(1, 2)", "count(3)", "c.z0 = 1", "async def f(): pass",
    "yield", "match s.x0:\n    case _:\n        pass", "class Inner:\n    pass", "k9 = WAIT", "k9 = print", "nonlocal K0",
    "return s.x0", "return c", "return S", "for q9 in s.all(Process):\n    pass", "if WAIT:\n    pass", "k9 = 1\nreturn k9",
    "print('x')",
]
"""Statements inside the language, near it and far from it."""

Mistake = Callable[[ast.Module, Random], bool]


def spoiled(text: str, chance: Random) -> str:
    """The text with one to three mistakes; the text itself where none could be made."""
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3])):
        for _ in range(10):
            module = ast.parse(text)
            try:
                if not chance.choice(MISTAKES)(module, chance):
                    continue
                changed = ast.unparse(ast.fix_missing_locations(module))
                ast.parse(changed)
            except (SyntaxError, ValueError, AttributeError):
                continue  # not Python any more: another one
            text = changed
            break
    return text


# --- places -------------------------------------------------------------------------------------------


def _functions(module: ast.Module) -> list[ast.FunctionDef]:
    return [n for n in module.body if isinstance(n, ast.FunctionDef)]


def _blocks(module: ast.Module, functions: bool = True) -> list[list[ast.stmt]]:
    """Every list of statements in functions."""
    roots: list[Any] = _functions(module) if functions else [n for n in module.body if isinstance(n, ast.ClassDef)]
    found = []
    for root in roots:
        for node in ast.walk(root):
            found += [b for name in ("body", "orelse")
                      if isinstance(b := getattr(node, name, None), list) and b and isinstance(b[0], ast.stmt)]
    return found


def _slots(module: ast.Module, only: type | tuple[type, ...] = ast.expr) -> list[tuple[Any, str, int | None]]:
    """Every place in a function body where an expression stands: (node, field, index in a list)."""
    found: list[tuple[Any, str, int | None]] = []
    for function in _functions(module):
        for statement in function.body[1:] or function.body:
            for node in ast.walk(statement):
                for name, value in ast.iter_fields(node):
                    if isinstance(value, only) and isinstance(value, ast.expr) and name not in ("func", "target", "annotation"):
                        found.append((node, name, None))
                    elif isinstance(value, list) and name not in ("targets", "keywords"):
                        found += [(node, name, i) for i, v in enumerate(value) if isinstance(v, only) and isinstance(v, ast.expr)]
    return found


def _get(slot: tuple[Any, str, int | None]) -> ast.expr:
    node, name, i = slot
    return getattr(node, name) if i is None else getattr(node, name)[i]  # type: ignore[no-any-return]


def _put(slot: tuple[Any, str, int | None], value: ast.expr) -> None:
    node, name, i = slot
    if i is None:
        setattr(node, name, value)
    else:
        getattr(node, name)[i] = value


def _expression(text: str) -> ast.expr:
    return ast.parse(text.replace("*[1]", "K0"), mode="eval").body


# --- mistakes in bodies -------------------------------------------------------------------------------


def drop_statement(module: ast.Module, chance: Random) -> bool:
    block = chance.choice(_blocks(module))
    del block[chance.randrange(len(block))]
    if not block:
        block.append(ast.Pass())
    return True


def drop_return(module: ast.Module, chance: Random) -> bool:
    blocks = [b for b in _blocks(module) if isinstance(b[-1], ast.Return)]
    block = chance.choice(blocks)
    block[-1] = ast.Pass()
    return True


def strange_return(module: ast.Module, chance: Random) -> bool:
    returns = [n for f in _functions(module) for n in ast.walk(f) if isinstance(n, ast.Return)]
    chance.choice(returns).value = _expression(chance.choice(STRANGE)) if chance.random() < 0.9 else None
    return True


def strange_operand(module: ast.Module, chance: Random) -> bool:
    _put(chance.choice(_slots(module)), _expression(chance.choice(STRANGE)))
    return True


def other_operand(module: ast.Module, chance: Random) -> bool:
    """An expression from another place, with its names."""
    slots = _slots(module)
    _put(chance.choice(slots), copy.deepcopy(_get(chance.choice(slots))))
    return True


def other_name(module: ast.Module, chance: Random) -> bool:
    names = [n for f in _functions(module) for n in ast.walk(f) if isinstance(n, (ast.Name, ast.Attribute, ast.arg))]
    node = chance.choice(names)
    other = chance.choice(names)
    field = {ast.Name: "id", ast.Attribute: "attr", ast.arg: "arg"}
    setattr(node, field[type(node)], getattr(other, field[type(other)]))
    return True


def other_constant(module: ast.Module, chance: Random) -> bool:
    constants = [n for f in _functions(module) for s in f.body[1:] for n in ast.walk(s) if isinstance(n, ast.Constant)]
    if constants:
        chance.choice(constants).value = chance.choice([0, 1, 2, 3, -1, 9, 64, 63, 1 << 40, 1 << 61, (1 << 62) - 1, 1 << 62, -(1 << 62),
                                                        True, False, None,
                                                        "x", 1.0])
    return bool(constants)


def other_operator(module: ast.Module, chance: Random) -> bool:
    nodes = [n for f in _functions(module) for n in ast.walk(f)
             if isinstance(n, (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.AugAssign))]
    if not nodes:
        return False
    node = chance.choice(nodes)
    if isinstance(node, ast.Compare):
        node.ops[0] = chance.choice([ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.In, ast.NotIn])()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        node.op = chance.choice([ast.Not, ast.USub, ast.Invert, ast.UAdd])()
    else:
        node.op = chance.choice([ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.BitAnd, ast.BitOr, ast.BitXor,
                                 ast.LShift, ast.RShift, ast.Div,
                                 ast.Pow])()
    return True


def wrapped(module: ast.Module, chance: Random) -> bool:
    """An expression inside another: and/or with numbers, not, choices, calls."""
    slot = chance.choice(_slots(module))
    old = f"({ast.unparse(_get(slot))})"
    forms = ["{0} and {1}", "{0} or {1}", "({0} and {1}) or {2}", "{0} > 0 and ({0} or {1})", "not {0}", "-{0}", "{0} if {1} else {2}",
             "bool({0})",
             "int({0})", "min({0}, {1})", "max({0}, {1})", "{0} + {1}", "{0} << {1}", "{0} >> {1}", "{0} // {1}", "{0} % {1}",
             "({0}) == ({1})",
             "{0} < {1} <= {2}", "has({0}, {1})", "count({0})", "({0},)", "[{0}]", "{0}[0]", "{0}.id", "{0}({1})", "({0} and {1}) + 1",
             "({0} or {1}) and {2}", "int({0} and {1})", "bool({0} or {1}) + 1", "({0} if {1} else {2}) and {1}"]
    leaves = ["K0", "2", "s.x0", "0", "True", old, "c.size(A)", "WAIT"]
    _put(slot, _expression(chance.choice(forms).format(old, chance.choice(leaves), chance.choice(leaves))))
    return True


def added_statement(module: ast.Module, chance: Random) -> bool:
    block = chance.choice(_blocks(module))
    added: Any = ast.parse("def f():\n" + _indented(chance.choice(STATEMENTS))).body[0]
    place = chance.randrange(len(block) + 1)
    block[place:place] = added.body
    return True


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def moved_statement(module: ast.Module, chance: Random) -> bool:
    """A statement is copied to another place, or two change places."""
    blocks = _blocks(module)
    one, other = chance.choice(blocks), chance.choice(blocks)
    i, j = chance.randrange(len(one)), chance.randrange(len(other))
    if chance.random() < 0.5:
        other.insert(j, copy.deepcopy(one[i]))
    else:
        one[i], other[j] = copy.deepcopy(other[j]), copy.deepcopy(one[i])
    return True


# --- mistakes in declarations -------------------------------------------------------------------------


def strange_decorator(module: ast.Module, chance: Random) -> bool:
    """An argument of a decorator is another, left out, or one too many; or the decorator is another."""
    decorated = [(f, i) for f in _functions(module) for i, d in enumerate(f.decorator_list)]
    function, i = chance.choice(decorated)
    node = function.decorator_list[i]
    names = [f.name for f in _functions(module)]
    values = [*STRANGE, *names, f"[{chance.choice(names)}]", f"[{chance.choice(names)}, {chance.choice(names)}]", "[]", "'P0'",
              "[s]", "['w0']", "Worker", "A"]
    if chance.random() < 0.25 or not isinstance(node, ast.Call):
        function.decorator_list[i] = _expression(chance.choice(
            ["action", "initial", "invariant('N', 'v')", "witness('N')", "eventually('N', 'v')",
             f"transition('N', 'v', steps=[{chance.choice(names)}])",
             f"step({chance.choice(['Worker', 'Server', 'Base', 'A', 'S', 'Process'])}, '1', '-')",
             "staticmethod", "property", "invariant"]))
    elif chance.random() < 0.4 and node.keywords:
        chance.choice(node.keywords).value = _expression(chance.choice(values))
    elif node.args and chance.random() < 0.7:
        node.args[chance.randrange(len(node.args))] = _expression(chance.choice(values))
    elif node.args and chance.random() < 0.5:
        del node.args[-1]
    else:
        node.args.append(_expression(chance.choice(values)))
    return True


def strange_signature(module: ast.Module, chance: Random) -> bool:
    """A parameter, its annotation, or what is returned, is another or not there."""
    function = chance.choice(_functions(module))
    names = ["S", "C", "A", "int", "bool", "Worker", "Server", "Base", "Process", "IndexSet", "State", "Scope", "Colour", "None",
             "'nothing'", "1", "Next", "Signal"]
    kind, parameters = chance.choice(["annotation", "returns", "drop", "add", "swap", "default", "star"]), function.args.args
    if kind == "returns":
        function.returns = _expression(chance.choice(names)) if chance.random() < 0.8 else None
    elif kind == "add":
        parameters.append(ast.arg("more", _expression(chance.choice(names)) if chance.random() < 0.8 else None))
    elif kind == "default":
        function.args.defaults = [ast.Constant(0)]
    elif kind == "star":
        function.args.vararg = ast.arg("rest")
    elif not parameters:
        return False
    elif kind == "annotation":
        chance.choice(parameters).annotation = _expression(chance.choice(names)) if chance.random() < 0.8 else None
    elif kind == "drop":
        del parameters[chance.randrange(len(parameters))]
    else:
        i, j = chance.randrange(len(parameters)), chance.randrange(len(parameters))
        parameters[i], parameters[j] = parameters[j], parameters[i]
    return True


def strange_declaration(module: ast.Module, chance: Random) -> bool:
    """A word in the declaration of a variable, switch, class or command is another."""
    nodes = [n for c in module.body if isinstance(c, (ast.ClassDef, ast.Assign)) for n in ast.walk(c) if isinstance(n, ast.Call)]
    node = chance.choice(nodes)
    values = [*STRANGE, "Flag()", "Range(2, 1)", "Range(0, -1)", "Range(0, 1 << 70)", "Range(0, 'x')", "Member(A)",
              "Member(int)", "Mask(Colour)", "OneOf(A)",
              "Maybe(Maybe)", "Domain()", "Flag", "''", "lambda n: n['nothing']", "lambda n: 1 / 0", "ProcessNumber()", "Mode.ON",
              "Worker", "Base", "w0", "v0"]
    if node.keywords and chance.random() < 0.5:
        chance.choice(node.keywords).value = _expression(chance.choice(values))
    elif node.args:
        node.args[chance.randrange(len(node.args))] = _expression(chance.choice(values))
    return True


def lost_declaration(module: ast.Module, chance: Random) -> bool:
    """A function or class is not there, stands elsewhere, is there twice, or has the name of another."""
    places = [i for i, n in enumerate(module.body) if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    i, j = chance.choice(places), chance.choice(places)
    kind = chance.choice(["drop", "twice", "name", "move", "docstring"])
    node: Any = module.body[i]
    if kind == "drop":
        del module.body[i]
    elif kind == "twice":
        module.body.insert(j, copy.deepcopy(node))
    elif kind == "name":
        node.name = module.body[j].name  # type: ignore[attr-defined]
    elif kind == "move":
        module.body.insert(j, module.body.pop(i))
    else:
        node.body = node.body[1:] or [ast.Pass()]
    return True


MISTAKES: list[Mistake] = [
    drop_statement, drop_return, strange_return, strange_return, strange_operand, strange_operand, other_operand, other_operand,
    other_name, other_name, other_constant, other_operator, other_operator, wrapped, wrapped, wrapped, added_statement, added_statement,
    added_statement, added_statement, added_statement,
    moved_statement, moved_statement, strange_decorator, strange_signature, strange_declaration, lost_declaration,
]
