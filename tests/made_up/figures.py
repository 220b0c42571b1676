"""Figures in a made-up specification: some boxes of a kind become a figure, which the others call and which leads back.

The text without figures stays what it was: what is made here draws from a chance of its own.
"""

from __future__ import annotations

import ast
from random import Random

Names = dict[str, str]


def figured(text: str, chance: Random, wrong: bool = False) -> str:
    """The text with figures, one of which may call the other; `wrong`: with a mistake that people make with calls."""
    module = ast.parse(text)
    homes: Names = {}
    for name in ("F0", "F1"):
        Figured(module, name, homes, chance).make()
    if wrong and homes:
        _mistaken(module, homes, chance)
    return ast.unparse(ast.fix_missing_locations(module)) + "\n"


def steps_of(module: ast.Module) -> dict[str, tuple[ast.FunctionDef, ast.Call]]:
    """Steps by name, each with its decorator."""
    return {f.name: (f, d) for f in module.body if isinstance(f, ast.FunctionDef)
            for d in f.decorator_list if isinstance(d, ast.Call) and getattr(d.func, "id", "") == "step"}


class Figured:
    """One figure that is made of boxes of one kind; `homes` says which boxes are in a figure already."""

    def __init__(self, module: ast.Module, name: str, homes: Names, chance: Random) -> None:
        self.module, self.name, self.homes, self.chance = module, name, homes, chance
        self.steps = steps_of(module)
        self.owners = {n: d.args[0].id for n, (_, d) in self.steps.items()}  # type: ignore[attr-defined]

    def make(self) -> None:
        owner = self.chance.choice(sorted(set(self.owners.values())) or [""])
        able = [n for n in self.steps if self.owners[n] == owner and n not in self.homes and n not in self._fixed()]
        if not able:
            return
        self.owner = owner
        self.boxes = set(self.chance.sample(able, self.chance.randint(1, len(able))))
        self.exits: Names = {}
        self.homes.update((n, self.name) for n in self.boxes)
        for name in self.boxes:
            function, decorator = self.steps[name]
            decorator.args[2] = ast.Name(self.name)
            self._change(function, inside=True)
        if not self.exits:
            self.exits["DONE"] = "e0"
        for name, (function, _) in self.steps.items():
            if name not in self.boxes:
                self._change(function, inside=False)
        self._declare()

    def _fixed(self) -> set[str]:
        """Steps that stay where they are: processes and commands begin there, or helpers lead there; and what asks such helpers."""
        fixed = {next(n for n, o in self.owners.items() if o == owner) for owner in self.owners.values()}
        for item in self.module.body:
            helper = isinstance(item, ast.FunctionDef) and item.name not in self.steps and not item.decorator_list
            for node in ast.walk(item) if helper or not isinstance(item, ast.FunctionDef) else ():
                if isinstance(node, ast.Name) and node.id in self.steps:
                    fixed.add(node.id)
        for name, (function, _) in self.steps.items():
            if any(isinstance(n, ast.Name) and n.id.startswith("next_") for n in ast.walk(function)):
                fixed.add(name)
        return fixed

    def _change(self, function: ast.FunctionDef, inside: bool) -> None:
        home = self.homes.get(function.name, "")
        function.body = [_Targets(self, home, inside).visit(statement) for statement in function.body]

    def exit(self, target: str) -> ast.expr:
        """The exit that leads where a box led; now and then two places share one."""
        if target not in self.exits:
            share = self.exits and self.chance.random() < 0.2
            self.exits[target] = self.chance.choice(list(self.exits.values())) if share else f"e{len(set(self.exits.values()))}"
        return ast.Attribute(ast.Name(self.name), self.exits[target])

    def call(self, first: str, home: str) -> ast.expr:
        """A call from a box at home in a figure (or in none)."""
        mine = [n for n in self.steps if self.homes.get(n, "") == home and self.owners[n] == self.owner]
        keywords = []
        for exit in dict.fromkeys(self.exits.values()):
            known = [t for t, e in self.exits.items() if e == exit and (t in mine or t == "DONE" and not home)]
            targets = known if known and self.chance.random() < 0.7 else mine + ["DONE"] * (not home)
            if targets and self.chance.random() < 0.95:
                keywords.append(ast.keyword(exit, ast.Name(self.chance.choice(targets))))
        return ast.Call(ast.Attribute(ast.Name(self.name), "call"), [ast.Name(first)], keywords)

    def _declare(self) -> None:
        exits = ", ".join(repr(e) for e in dict.fromkeys(self.exits.values()))
        at = next(i for i, item in enumerate(self.module.body) if isinstance(item, ast.FunctionDef))
        self.module.body[at:at] = ast.parse(
            f"{self.name} = figure({self.owner}, '{self.name.lower()}', 'Figure {self.name}', exits=({exits},), meaning='a figure')\n"
            f"{self.name}_SOME = part('{self.name.lower()}_some', 'some of its boxes')").body
        some = self.chance.sample(sorted(self.boxes), self.chance.randint(1, len(self.boxes)))
        for box in some:
            self.steps[box][1].args.append(ast.Name(f"{self.name}_SOME"))
        places, kind, name = ", ".join(some), self._kind(), self.name
        text = (f"@witness('{name}in')\ndef in_{name}(s: S, c: C, p: {kind}) -> bool:\n"
                f"    'Asks inside.'\n    return p.inside({name}) and not p.at({name}_SOME)\n\n"
                f"@invariant('{name}all', 'v')\ndef all_{name}(s: S, c: C, p: {kind}) -> bool:\n"
                f"    'Boxes are inside.'\n    return p.inside({name}) or not p.at({', '.join(sorted(self.boxes))})\n\n"
                f"@transition('{name}moves', 'v', steps=[{name}_SOME])\ndef moves_{name}(before: S, after: S, c: C, p: {kind}) -> bool:\n"
                f"    'Boxes that move are inside.'\n    return p.inside({name})\n")
        callers = [f for f, (node, _) in self.steps.items() if any(
            isinstance(n, ast.Call) and ast.unparse(n.func) == f"{name}.call" for n in ast.walk(node))]
        if callers:
            text += (f"\n@witness('{name}from')\ndef from_{name}(s: S, c: C, p: {kind}) -> bool:\n"
                     f"    'Asks from where.'\n    return p.inside({name}, {', '.join(callers[::2])}) and not p.at({places})\n")
        last = next(i for i, item in enumerate(self.module.body) if isinstance(item, ast.Assign)
                    and getattr(item.targets[0], "id", "") == "SPECIFICATION")
        if kind:
            self.module.body[last:last] = ast.parse(text).body

    def _kind(self) -> str:
        """The owner, if it has members."""
        return next((self.owner for item in self.module.body if isinstance(item, ast.ClassDef) and item.name == self.owner
                     and any(k.arg == "letter" for k in item.keywords)), "")


class _Targets(ast.NodeTransformer):
    """Turns steps that are named as targets in a box into calls of a figure, or into exits from it."""

    def __init__(self, figure: Figured, home: str, inside: bool) -> None:
        self.figure, self.home, self.inside = figure, home, inside

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "call":
            for keyword in node.keywords:
                keyword.value = self.visit(keyword.value)
            return node
        if isinstance(node.func, ast.Attribute) and node.func.attr == "at":
            return node
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        figure = self.figure
        if self.inside:
            leaves = node.id == "DONE" or node.id in figure.steps and node.id not in figure.boxes
            return figure.exit(node.id) if leaves else node
        return figure.call(node.id, self.home) if node.id in figure.boxes else node


def _mistaken(module: ast.Module, homes: Names, chance: Random) -> None:
    """A call, an exit or a declaration goes wrong as people let it go wrong."""
    every = list(ast.walk(module))
    calls = [n for n in every if isinstance(n, ast.Call) and getattr(n.func, "attr", "") == "call"]
    exits = [n for n in every if isinstance(n, ast.Attribute) and getattr(n.value, "id", "") in ("F0", "F1") and n.attr != "call"]
    declared = [n for n in every if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "figure"]
    asked = [n for n in every if isinstance(n, ast.Call) and getattr(n.func, "attr", "") == "inside"]
    names = [*steps_of(module), "DONE", "WAIT", "F0", "S", "None"]
    kind = chance.choice(["first", "target", "drop", "name", "exit", "declared", "asked", "decorator"])
    if kind == "first" and calls:
        chance.choice(calls).args = [ast.Name(chance.choice(names)) for _ in range(chance.choice([0, 1, 1, 1, 2]))]
    elif kind in ("target", "drop", "name") and [c for c in calls if c.keywords]:
        call = chance.choice([c for c in calls if c.keywords])
        one = chance.choice(call.keywords)
        if kind == "target":
            one.value = ast.Name(chance.choice(names)) if chance.random() < 0.8 else ast.Constant(chance.choice([0, True, None, "e0"]))
        elif kind == "drop":
            call.keywords.remove(one)
        else:
            one.arg = chance.choice(["e9", "call", "owner", None])
    elif kind == "exit" and exits:
        node = chance.choice(exits)
        node.attr = chance.choice(["e0", "e1", "e9", "calls", "exits", "name"])
        node.value = ast.Name(chance.choice(["F0", "F1", "S"]))
    elif kind == "declared" and declared:
        one_figure = chance.choice(declared)
        at = chance.randrange(3)
        one_figure.args[at] = ast.Name(chance.choice(["S", "Process", "F0"])) if chance.random() < 0.5 else ast.Constant(
            chance.choice([0, "", "f0", "f 0", None]))
    elif kind == "asked" and asked:
        chance.choice(asked).args = [ast.Name(chance.choice(names)) for _ in range(chance.choice([0, 1, 2]))]
    else:
        decorator = chance.choice(list(steps_of(module).values()))[1]
        decorator.args[2] = ast.Name(chance.choice(["F0", "S", "DONE"]))


__all__ = ["figured"]
