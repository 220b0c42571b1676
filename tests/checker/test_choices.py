"""Choices that other languages have words for are parameters here: the transitions are those that one would write by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from cli_kit import run
from examples_kit import READINGS, ROOT, example, explore

Buyer = tuple[str, int]
"""At which step, and what it holds (-1: nothing)."""
Shop = tuple[frozenset[int], tuple[int, ...], tuple[Buyer, ...]]
"""What lies on the shelf, the prices, the buyers."""
ITEMS = range(2)


def _set(values: tuple[int, ...], i: int, value: int) -> tuple[int, ...]:
    return (*values[:i], value, *values[i + 1:])


def begun() -> Iterator[Shop]:
    for shelf in (frozenset(some) for n in range(3) for some in combinations(ITEMS, n)):
        for price in product(range(3), repeat=len(ITEMS)):  # price \in [Item -> 0..2]
            if all(price[i] > 0 for i in ITEMS):
                yield shelf, price, (("take", -1), ("take", -1))


def successors(shop: Shop) -> Iterator[Shop]:
    """Next == (\\E i \\in Item: Fill(i)) \\/ Clear \\/ \\E b \\in Buyer: Take(b) \\/ Decide(b) \\/ Leave(b)."""
    shelf, price, buyers = shop
    for i in ITEMS:
        if i not in shelf and all(has != i for _, has in buyers):
            yield shelf | {i}, price, buyers
    if shelf:
        yield shelf - {min(shelf, key=lambda i: (price[i], i))}, price, buyers
    for b in range(len(buyers)):
        for after, cost, buyer in moves(shelf, price, *buyers[b]):
            yield after, cost, (*buyers[:b], buyer, *buyers[b + 1:])


def moves(shelf: frozenset[int], price: tuple[int, ...], at: str, has: int) -> Iterator[tuple[frozenset[int], tuple[int, ...], Buyer]]:
    if at == "take":
        for i in shelf:  # with (i \in shelf)
            yield shelf - {i}, price, ("decide", i)
    elif at == "decide":  # either skip or with (p \in 0..2) price[has] := p
        yield shelf, price, ("leave", has)
        for p in range(3):
            yield shelf | {has}, _set(price, has, p), ("leave", -1)
    else:  # if :: has >= 0 -> front :: shelf = {} -> back :: else -> window fi
        for _ in [True for open in (has >= 0, not shelf) if open] or [True]:
            yield shelf, price, ("take", -1)


@pytest.mark.parametrize("reading", [READINGS[0], pytest.param(READINGS[1], marks=pytest.mark.slow)])
def test_the_states_and_transitions_are_those_of_a_model_by_hand(reading: str) -> None:
    first = list(begun())
    found, pending, transitions = set(first), list(dict.fromkeys(first)), len(first)
    while pending:
        for after in successors(pending.pop()):
            transitions += 1
            if after not in found:
                found.add(after)
                pending.append(after)
    result = explore("choices", reading)
    assert (result.verdict.value, result.distinct, result.generated) == ("holds", len(found), transitions)


def test_a_trace_names_what_was_chosen(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "choices.py").read_text("utf-8").replace('@witness("cheap")', '@invariant("cheap", "cheap")')
    all_cheap = "return all(s.price[k] == 0 for k in c.each(Item)) and i in s.shelf"
    text = text.replace(all_cheap, "return any(s.price[k] > 0 for k in c.each(Item))")
    (tmp_path / "choices.py").write_text(text, "utf-8")
    assert run("check", str(tmp_path / "choices.py"), "--trace-dir", str(tmp_path)).exit_code == 12
    told = " ".join(run("show", str(tmp_path / "choices.cheap.json")).output.split())
    assert re.search(r"take \(i = I\d\)", told), told
    assert re.search(r"decide \(way = RETURN, price = \d\)", told), told


def test_the_table_of_the_page_names_what_the_example_has() -> None:
    page = (ROOT / "docs" / "language.md").read_text("utf-8")
    table = page[page.index("| there | here |"):].split("\n\n")[0].splitlines()[2:]
    spec, named = example("choices"), set[str]()
    known = {d.name for d in (*spec.actions, *spec.initials, *spec.steps["Buyer"])}
    for row in table:
        last = re.findall("`(.+?)`", row.rsplit(" | ", 1)[1])
        assert last and set(last) <= known, row
        named |= set(last)
    assert named == known and f"```python\n{(ROOT / 'examples' / 'choices.py').read_text('utf-8')}```" in page
    for language in ("TLA+", "PlusCal", "Promela", "Murphi"):
        assert any(language in row for row in table), language
