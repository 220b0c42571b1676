"""Which lines of reader, emitter, evaluators and questions made-up examples reach: all but those that have a reason.

The examples that are traced stand in tests/made_up/unreached.toml.  When a line is not reached any more, look for a number that
reaches it: `python tests/audit_random.py --kind refused --count 400` and so on print what nothing reached.
"""

from __future__ import annotations

import pytest
from made_up.kinds import one
from made_up.reach import REACHED, Lines, listed, reasons, spoken


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_every_line_is_reached_by_an_example_or_has_a_reason() -> None:
    found: Lines = {}
    for kind, seeds in listed()["examples"].items():
        for seed in seeds:
            outcome, told = one(kind, seed, found)
            assert not told, f"{kind} {seed}: {outcome}\n{told}"
    for name, lines in found.items():
        REACHED.setdefault(name, set()).update(lines)
    unreached = spoken(found)
    unexplained = [f"{where}, line {n}: {text}" for (where, text), n in unreached.items() if (where, text) not in reasons()]
    assert not unexplained, "no example reaches these lines: make one that does, or give a reason in tests/made_up/unreached.toml\n" + \
        "\n".join(unexplained)
    assert not set(reasons()) - set(unreached), "these lines are reached after all, or are there no more"
