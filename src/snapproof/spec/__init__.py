"""The language specifications are written in: see docs/language.md."""

from .bags import Bag, BagOf
from .constants import Constant, constant
from .constraints import Constraint, constraint
from .domains import Domain, Flag, IndexSet, Mask, Maybe, Member, OneOf, ProcessNumber, Range, Sizes
from .errors import DeclarationError, EvaluationError, ScenarioError, SnapproofError
from .figures import Exit, Figure, FigureCall, figure
from .locals import argument, local
from .masks import count, has, with_bit, without, without_bit
from .member_sets import Members, SetOf
from .needs import Asked
from .parts import Part, part
from .processes import (
    DONE,
    WAIT,
    Action,
    Command,
    Initial,
    Next,
    Process,
    Signal,
    Step,
    action,
    command,
    initial,
    step,
)
from .properties import Property, eventually, invariant, transition, witness
from .records import Record, RecordOf, field
from .scope import Contradiction, Scope, Switch, switch
from .sequences import Sequence, SequenceOf
from .specification import Specification
from .unions import TaggedUnion, UnionOf
from .variables import State, Table, Variable, table, variable
from .whole_tables import TableOf, WholeTable

__all__ = [
    "DONE", "WAIT", "Action", "Asked", "Bag", "BagOf", "Command", "Constant", "Constraint", "Contradiction", "DeclarationError",
    "Domain", "EvaluationError", "Exit", "Figure", "FigureCall", "Flag", "IndexSet", "Initial", "Mask", "Maybe",
    "Member", "Members", "Next", "OneOf", "Part", "Process", "ProcessNumber", "Property", "Range", "Record", "RecordOf",
    "ScenarioError", "Scope", "Sequence", "SequenceOf", "SetOf", "Signal", "Sizes", "SnapproofError", "Specification",
    "State", "Step", "Switch", "Table", "TableOf", "TaggedUnion", "UnionOf", "Variable", "WholeTable", "action", "argument",
    "command", "constant", "constraint", "count", "eventually", "field", "figure", "has", "initial", "invariant", "local",
    "part", "step", "switch", "table", "transition", "variable", "with_bit", "without", "without_bit", "witness",
]
