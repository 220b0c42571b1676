"""Known mistakes are refused with the right words, further constructs mean the same in all readings, questions have one answer.

These examples draw from numbers of their own, beside those of tests/test_made_up_specifications.py.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from made_up import misdeclared, refused
from made_up.examples import loaded
from made_up.kinds import one
from made_up.parts import Parts
from made_up.texts import made

from snapproof.spec import DeclarationError

EXAMPLES = int(os.environ.get("SNAPPROOF_FURTHER", "90"))
SEED = int(os.environ.get("SNAPPROOF_SEED", "0"))
BLOCKS = 5


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("part", range(BLOCKS))
@pytest.mark.parametrize(("kind", "share"), [("further", 2), ("asked", 3)])
def test_further_specifications_and_questions_mean_one_thing(kind: str, share: int, part: int) -> None:
    for seed in range(SEED + part, SEED + EXAMPLES // share, BLOCKS):
        outcome, told = one(kind, seed)
        assert not told, f"{outcome}: python tests/audit_random.py --kind {kind} --from {seed} --count 1\n{told}"


@pytest.mark.parametrize("part", range(BLOCKS))
def test_a_known_mistake_in_a_good_text_is_refused_with_its_reason(part: int) -> None:
    for seed in range(SEED + part, SEED + 2 * EXAMPLES, BLOCKS):
        outcome, told = one("refused", seed)
        assert not told, f"{outcome}: python tests/audit_random.py --kind refused --from {seed} --count 1\n{told}"


# --- every mistake of the tables, once -----------------------------------------------------------------------


def _somewhere(text: str) -> Callable[[Parts], None]:
    return lambda m: m.put(text, m.chance.choice(m.of("step", "action")))


def _declared(text: str) -> Callable[[Parts], None]:
    return lambda m: m.declare(text)


def _helper(text: str) -> Callable[[Parts], None]:
    def put(m: Parts) -> None:
        m.declare(text)
        m.put(refused.HELPERS[text][0], m.chance.choice(m.of("step", "action")))

    return put


TABLES: list[tuple[str, str, Callable[[Parts], None]]] = [
    *[(text, said, _somewhere(text)) for text, said in {**refused.EVERYWHERE, **refused.WITH_STATE}.items()],
    *[(text, said, _declared(text)) for text, said in misdeclared.DECLARED.items()],
    *[(text, said, _helper(text)) for text, (_, said) in refused.HELPERS.items()]]
PIECES = 6


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("piece", range(PIECES))
def test_every_known_mistake_is_refused(piece: int, tmp_path: Path) -> None:
    for i, (text, said, put) in list(enumerate(TABLES))[piece::PIECES]:
        parts = Parts(made(2 * (i % 9)).text, random.Random(i))
        if not parts.of("step", "action"):
            parts = Parts(made(2).text, random.Random(i))
        put(parts)
        path = tmp_path / "made.py"
        path.write_text(parts.text())
        caught = None
        try:
            loaded(path)
        except DeclarationError as error:
            caught = error
        assert caught is not None, f"accepted: {text}"
        assert re.search(said.replace("(", r"\("), str(caught)), f"{text}\n{caught}"


def test_every_kind_of_mistake_has_its_place_in_some_text() -> None:
    texts = [made(seed).text for seed in range(16)]
    for mistake in refused.MISTAKES:
        assert any(mistake(Parts(text, random.Random(i)), random.Random(i)) for i, text in enumerate(texts)), mistake.__name__
