"""Changes of the checker itself that no example told once are told now, each by the example that tells it (docs/mutants.md)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mutation import checking, pool
from mutation.code_operators import HOME, code_edits, is_python
from mutation.edits import Edit, located

BEYOND = "i1 {fits}, {self.body.op(f'and i1 {small}, {below}')}"

KEPT = {
    "the second part of a comparison": (
        Edit("spec/reader_expressions.py", "ExpressionReader.comparison", "len(parts) == 1", "True"), "further", 32),
    "a number beyond 62 bits": (
        Edit("checker/emit/arithmetic.py", "ArithmeticEmitter.arithmetic", f'f"and {BEYOND}"', f'f"or {BEYOND}"'), "further", 23),
    "others that look in a loop": (
        Edit("spec/analysis.py", "Touched.add", "isinstance(n, tree.For) and n.kind is not None", "False"), "refused", 241),
    "a name that one branch leaves": (
        Edit("spec/reader.py", "FunctionReader.statement", "self.assigned = after_then", "pass"), "refused", 312),
    "the second part of a question": (
        Edit("symbolic/expressions.py", "_Parser.comparison", "len(parts) == 1", "True"), "asked", 2),
}


@pytest.fixture(scope="module")
def found() -> Iterator[dict[str, Any]]:
    """What tells each change, and that the example alone is well."""
    base = checking.prepared()
    work = [partial(checking.tried, base, edit, kind, seed) for _, (edit, kind, seed) in KEPT.items()]
    work += [partial(checking.tried, base, None, kind, seed) for _, (_, kind, seed) in KEPT.items()]
    answers = dict(pool.answers(work, 2, 600))
    yield {what: (answers[i].get("answer"), answers[i + len(KEPT)].get("answer")) for i, what in enumerate(KEPT)}
    checking.removed(base)


@pytest.mark.slow
@pytest.mark.xdist_group("mutants of the checker")
@pytest.mark.parametrize("what", KEPT)
def test_a_change_of_the_checker_is_told_by_an_example_that_is_well_without_it(what: str, found: dict[str, Any]) -> None:
    changed, alone = found[what]
    assert changed == "example"
    assert alone == "outcome"


@pytest.mark.slow
def test_every_change_has_its_place_and_nearly_all_are_python() -> None:
    path = Path("spec/truth.py")
    source = (HOME / path).read_text("utf-8")
    edits = code_edits(str(path), source)
    assert {"condition", "operand", "comparison", "constant"} <= {e.kind for e in edits}
    assert all(located(source, e) for e in edits)
    assert sum(is_python(source, e) for e in edits) > 0.9 * len(edits)
