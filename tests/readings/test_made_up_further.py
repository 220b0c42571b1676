"""Known mistakes are refused with the right words, further constructs mean the same in all readings, questions have one answer.

These examples draw from numbers of their own, beside those of tests/readings/test_made_up_specifications.py.
"""

from __future__ import annotations

import os
import random

import pytest
from made_up import refused
from made_up.folding import folding
from made_up.kinds import ASKED, MAKING, MISTAKES, one
from made_up.parts import Parts
from made_up.texts import made

EXAMPLES = int(os.environ.get("SNAPPROOF_FURTHER", "90"))
SEED = int(os.environ.get("SNAPPROOF_SEED", "0"))
BLOCKS = 5


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("part", range(BLOCKS))
@pytest.mark.parametrize(("kind", "share"), [("further", 2), ("asked", 3), ("folding", 1)])
def test_further_specifications_and_questions_mean_one_thing(kind: str, share: int, part: int) -> None:
    for seed in range(SEED + part, SEED + EXAMPLES // share, BLOCKS):
        outcome, told = one(kind, seed)
        assert not told, f"{outcome}: python tests/audit_random.py --kind {kind} --from {seed} --count 1\n{told}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("kind", MISTAKES)
def test_every_known_mistake_about_values_is_refused_with_its_reason(kind: str) -> None:
    for number in range(len(MISTAKES[kind])):
        outcome, told = one(kind, number)
        assert not told, f"{outcome}: {kind} {number}\n{told}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("kind", ["timing", *(make.__name__ for make in MAKING if make is not folding), *ASKED])
def test_specifications_with_values_of_one_kind_and_questions_mean_one_thing(kind: str) -> None:
    for seed in range(SEED, SEED + (4 if kind in ASKED else 8)):
        outcome, told = one(kind, seed)
        assert not told, f"{outcome}: python tests/audit_random.py --kind {kind} --from {seed} --count 1\n{told}"


PIECES = 6


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("piece", range(PIECES))
def test_every_known_mistake_is_refused_with_its_reason(piece: int) -> None:
    for number in range(piece, len(refused.TABLES), PIECES):
        outcome, told = one("refused", number)
        assert not told, f"{outcome}: {refused.TABLES[number][0]}\n{told}"


@pytest.mark.slow
@pytest.mark.parametrize("part", range(BLOCKS))
def test_a_known_mistake_anywhere_is_refused_with_its_reason(part: int) -> None:
    first = SEED + len(refused.TABLES)
    for seed in range(first + part, first + EXAMPLES, BLOCKS):
        outcome, told = one("refused", seed)
        assert not told, f"{outcome}: python tests/audit_random.py --kind refused --from {seed} --count 1\n{told}"


@pytest.mark.slow
def test_every_kind_of_mistake_has_its_place_in_some_text() -> None:
    texts = [made(seed).text for seed in range(16)]
    for mistake in refused.MISTAKES:
        assert any(mistake(Parts(text, random.Random(i)), random.Random(i)) for i, text in enumerate(texts)), mistake.__name__


@pytest.mark.slow
def test_a_text_that_has_no_memory_for_a_number_of_its_own_is_given_up() -> None:
    assert one("further", 1074) == ("further: given up", "")
