"""Who is who in the parameters of a declared function, and in the specification itself."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import tree
from .errors import DeclarationError
from .processes import Declared
from .properties import Property
from .scope import Scope
from .variables import State

if TYPE_CHECKING:
    from .specification import Specification


def check_parts(name: object, state: object, scope: object, modules: list[Any], defaults: dict[str, Any]) -> None:
    """Refuse a specification that is not made of a state, a scope and modules."""
    place = f"specification {name}"
    for of, base, example in ((state, State, "class Shared(State)"), (scope, Scope, "class Settings(Scope)")):
        if not (isinstance(of, type) and issubclass(of, base)):
            raise DeclarationError(place, f"{getattr(of, '__name__', None) or repr(of)} is not a class derived from {base.__name__}.",
                                   f"Declare {example}, and write Specification.of_module(name, Shared, Settings, __name__, Track=2).")
    for module in modules:
        if not isinstance(module, ModuleType):
            raise DeclarationError(place, f"{module!r} is not a module.",
                                   "Give the modules that hold the declarations, or __name__ to of_module.")
    for key, value in defaults.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise DeclarationError(place, f"the default size {key} = {value!r} is not a number.", f"Write {key}=2.")


def check_roles(spec: Specification, declared: Declared, function: tree.Function) -> None:
    """Refuse parameters that are not where they are looked for, and what belongs to another state or scope."""
    if isinstance(declared, Property):
        wanted = ["state"] * declared.states + ["scope"]
        if [function.roles[p] for p in function.parameters[:len(wanted)]] != wanted:
            form = "(before: State, after: State, c: Scope, …)" if declared.states == 2 else "(s: State, c: Scope, …)"
            raise DeclarationError(declared.place, "its first parameters are not the state and the scope.",
                                   f"A {declared.kind} property takes {form}; what follows is quantified.")
    for name in function.parameters:
        kind: Any = function.hints.get(name)
        if function.roles[name] == "handle" and getattr(kind, "letter", "") and kind not in spec.kinds:
            raise DeclarationError(declared.place, f"parameter {name!r} is a {kind.__name__}, which has no steps, so it has no members.",
                                   "Declare a step for it, or leave the parameter out.")
    for helper in tree.helpers(function).values():
        for node in tree.nodes(helper):
            if isinstance(node, (tree.Load, tree.Store)) and spec.state.variables.get(node.variable.name) is not node.variable:
                what, owner = f"variable {node.variable.name}", spec.state.__name__
            elif isinstance(node, tree.SwitchValue) and node.name not in spec.scope.switches:
                what, owner = f"switch {node.name}", spec.scope.__name__
            else:
                continue
            raise DeclarationError(helper.place, f"the {what} is not declared in {owner}, which this specification explores.",
                                   f"Annotate the parameter with {owner} or a base of it.")
