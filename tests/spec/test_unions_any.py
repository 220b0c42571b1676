"""Unions made at random: every number of their cells is one value, and the arithmetic of the trees agrees with the objects."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_kit import BASE, END
from readings_kit import instance_of

from snapproof.spec import EvaluationError, Flag, Maybe, Member, OneOf, Range, Record, RecordOf, SetOf, TaggedUnion, UnionOf, field, tree
from snapproof.spec.domains import Domain
from snapproof.spec.evaluator import Evaluator
from snapproof.spec.machine import Machine
from snapproof.spec.reader_records import WHOLE
from snapproof.spec.reader_unions import in_case, part_body, returned, tag_of
from snapproof.symbolic.question import MOST_SHIFT


class Mode(IntEnum):
    OFF = 0
    ON = 1
    LOST = 2


@cache
def machine() -> Machine:
    """Any specification with an index set T of two."""
    with TemporaryDirectory() as folder:
        return Machine(instance_of(BASE + END, Path(folder)), [])


def domains() -> list[Domain]:
    of = machine().instance.spec.index_sets["T"]
    return [Flag(), Range(-2, 1), Range(3, 3), Member(of), Maybe(of), OneOf(Mode), SetOf(of)]


@st.composite
def unions(draw: Any, depth: int = 2) -> type[TaggedUnion]:
    """A union of one to four cases of up to three fields, some with a union or a record in it."""
    whole = type("U", (TaggedUnion,), {})
    for i in range(draw(st.integers(1, 4))):
        body = {f"f{i}{k}": field(draw(fields(depth)), "a field") for k in range(draw(st.integers(0, 3)))}
        type(f"C{i}", (whole,), body)
    return whole


def fields(depth: int) -> Any:
    if depth == 0:
        return st.sampled_from(domains())
    inner = unions(depth - 1)
    made = inner.map(lambda u: RecordOf(type("R", (Record,), {"in_it": field(UnionOf(u), "a union"), "more": field(Flag(), "more")})))
    return st.one_of(st.sampled_from(domains()), inner.map(UnionOf), made)


def number(body: Any, whole: int, returns: type = int) -> int:
    """The value of a helper with this body, as trees are executed."""
    function = tree.Function("f", "here:1 f", [WHOLE], {WHOLE: "int"}, {WHOLE: int}, returns, body, complete=True, inner=True)
    return int(Evaluator(machine(), MOST_SHIFT).call(function, [whole]))


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(unions(), st.data())
def test_numbers_objects_and_what_is_shown_are_the_same_values(of: type[TaggedUnion], data: Any) -> None:
    domain, sizes = UnionOf(of), machine().instance.sizes
    low, high = domain.bounds(sizes)
    assert low == 0
    for cell in {data.draw(st.integers(0, high)) for _ in range(6)} | set(range(min(high, 12))) | {high}:
        value = domain.decode(cell, sizes)
        assert domain.encode(value, sizes) == cell == domain.read(domain.show(cell, sizes), sizes)
        assert type(value).__name__ == domain.show(cell, sizes)["tag"] and value == domain.decode(cell, sizes)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(unions(depth=1), st.data())
def test_the_arithmetic_of_trees_finds_the_case_and_the_fields_of_the_object(of: type[TaggedUnion], data: Any) -> None:
    domain, sizes = UnionOf(of), machine().instance.sizes
    cell = data.draw(st.integers(0, domain.bounds(sizes)[1]))
    value, cases = domain.decode(cell, sizes), list(of.cases.values())
    assert cases[number((tree.Return(tag_of(of, tree.Name(WHOLE)), 1),), cell)] is type(value)
    for case in cases:
        assert number((tree.Return(in_case(case, tree.Name(WHOLE)), 1),), cell, bool) == isinstance(value, case)
        for name, f in case.fields.items():
            body = part_body([case], name, 1)
            if isinstance(value, case):
                assert number(body, cell, returned(f)) == f.domain.encode(getattr(value, name), sizes)
            else:
                for read in (lambda b=body: number(b, cell), lambda n=name: getattr(value, n)):
                    try:
                        read()
                    except (EvaluationError, ValueError):
                        continue
                    raise AssertionError(f"{value} has {name}")
