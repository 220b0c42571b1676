"""One host alone does nothing wrong, whatever part of the discipline is left out, but for what needs nobody else to go wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from mutation import judging, pool
from mutation.trial import Loaded, copied, load

WRONG = {
    ("one_host_alone", "step_356=established"): "I5a", ("one_host_alone", "label_344=no_map_bits"): "I4",
    ("one_host_alone", "label_344=no_back_pointer"): "I6", ("one_host_alone", "session_release=at_start"): "I4",
    ("one_host_alone", "session_release=never"): "I9d", ("one_host_alone", "step_248=as_printed"): "I10d",
    ("one_host_alone", "removal_list=left"): "I20b",
    ("one_host_refused", "label_344=no_map_bits"): "I4", ("one_host_refused", "label_344=no_back_pointer"): "I6",
    ("one_host_refused", "session_release=at_start"): "I4", ("one_host_refused", "session_release=never"): "I9d",
    ("one_host_refused", "step_248=as_printed"): "I10d", ("one_host_refused", "rollback_486=none"): "I10",
    ("one_host_refused", "exhaustion=wait"): "deadlock",
    ("one_host_refused", "exhaustion=overwrite"): "I3a",
    # Process Group finds a pair that its Relate has activated, or that an earlier Activate has.
    ("one_host_alone", "step_466=always"): "witness activate_pair, write_after_split",
    ("one_host_refused", "step_466=always"): "witness include_before_error",
    ("one_host_alone", "test_485=performed"): "I1",
    ("one_host_refused", "test_485=performed"): "witness include_before_error",
    # No device is taken, or the pair that fails comes before one that was taken: there is nothing to undo at 486.
    ("one_host_refused", "path_513=taken"): "witness include_before_error",
    ("one_host_refused", "list_order=as_related"): "witness include_before_error",
    ("one_host_refused", "activation=fig_19b"): "witness include_before_error",
}
"""What goes wrong for one host alone: what it leaves behind, and what it waits for that nobody will give."""


def alone() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        loaded = load(copied(Path(folder)), [])
        assert isinstance(loaded, Loaded), loaded
        return [(name, ",".join(f"{k}={v}" for k, v in settings.items()), loaded.run(loaded.scenario(name, settings)).found)
                for name, settings in judging.departures_alone()]


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], Any]:
    return {(name, settings): what for name, settings, what in pool.in_child(alone)}


@pytest.mark.slow
@pytest.mark.xdist_group("one host")
def test_every_fault_is_tried_with_one_host(found: dict[tuple[str, str], Any]) -> None:
    assert len(found) == 2 * len({(f["switch"], f["value"]) for f in judging.faults()})


@pytest.mark.slow
@pytest.mark.xdist_group("one host")
def test_one_host_alone_goes_wrong_only_where_nobody_else_is_needed(found: dict[tuple[str, str], Any]) -> None:
    assert {what: why for what, why in found.items() if why != "holds"} == WRONG
