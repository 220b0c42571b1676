"""Fig. 19A: the pairs of a list are activated together or not at all; edits of the model that break this are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from altered_model import Edit, altered, told_by

LOOP = "return test_related if ha.list_place < ha.list_length else "

OF_ALL: list[Edit] = [
    ("state.py", 'list (482)",\n                             during=("activate", "process-group"))', 'list (482)")'),
    ("state.py", """points to (482, 488, 492, 498, 502, 508)",
                            during=("activate", "process-group"))""", 'points to")'),
]
"""What an edit leaves out is a box that no command leads to, and uses locals of activate."""

PAIR_BY_PAIR: list[Edit] = [
    *OF_ALL,
    ("activate.py", "return activate_pair if c.activation == Activation.FIG_19B else next_to_exclude", "return activate_pair"),
    ("activate.py", """    if c.activation == Activation.FIG_19B and c.path_513 == Path.NOT_TAKEN:
        return include_after_activate
    return next_to_activate
""", "    return include_after_activate\n"),
    ("activate.py", "return next_to_activate if c.activation == Activation.FIG_19B else next_to_include", "return next_to_exclude"),
    ("activate.py", LOOP + "first_to_activate", LOOP + "empty_list"),
]
"""485, 487, 496 and 506 in one loop: exclude, activate and release pair by pair."""

RELEASED_EARLY: list[Edit] = [
    ("activate.py", """    if c.activation == Activation.FIG_19B and c.path_513 == Path.NOT_TAKEN:
        return include_after_activate
""", "    release_device(s, ha, s.std_of[max(vdev, 0)])\n"),
]
"""All pairs are excluded first, and each is released as soon as it is activated: as good, since all were held at the first one."""

ACTIVATED_EARLY: list[Edit] = [
    *OF_ALL,
    ("activate.py", "return activate_pair if c.activation == Activation.FIG_19B else next_to_exclude", "return activate_pair"),
    ("activate.py", """    if c.activation == Activation.FIG_19B and c.path_513 == Path.NOT_TAKEN:
        return include_after_activate
    return next_to_activate
""", "    return next_to_exclude\n"),
    ("activate.py", LOOP + "first_to_activate", LOOP + "first_to_include"),
]
"""Each pair is activated as soon as it is excluded, and all are released at the end: what fails later comes too late."""


@pytest.mark.slow
@pytest.mark.parametrize("edits, scenario, told", [
    ([], "group_of_two", "holds"),
    ([], "group_fails", "holds"),
    (PAIR_BY_PAIR, "group_of_two", "I16"),
    (PAIR_BY_PAIR, "group_fails", "I24u"),
    (RELEASED_EARLY, "group_of_two", "holds"),
    (ACTIVATED_EARLY, "group_fails", "I24u"),
], ids=["as it is, two", "as it is, fails", "pair by pair, two", "pair by pair, fails", "released early", "activated early"])
def test_an_activation_that_is_not_of_all_pairs_at_once_is_told(tmp_path: Path, edits: list[Edit], scenario: str, told: str) -> None:
    assert told_by(altered(tmp_path, edits), scenario) == told
