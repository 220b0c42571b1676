"""Small scopes hide the second one: every index of every box is somewhere not the first, and commands meet in all pairs."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from mutation.indices import Noted, Site
from mutation.judging import functions_of_boxes, states
from mutation.trial import ROOT

from snapproof.model.specification import SPECIFICATION
from snapproof.spec.scenario import Scenario, load_scenario

QUICK = 30_000
"""States: what larger scenarios reach, smaller ones must reach, too."""

SAFE = [s for s in (load_scenario(ROOT / "model" / "scenarios" / f"{name}.toml", SPECIFICATION)
                    for name, many in sorted(states().items()) if many <= QUICK)
        if s.profile == "safe" and s.expect == "holds"]

ONLY_IN_A_FAULT = {
    ("activate.may_be_activated", "vdev_state"): "test_485 = performed (C-42p)",
    ("activate.include_before_error", "device_lock"): "rollback_486 = whole_list (C-35b)",
    ("copy_on_write.clear_protection_bits", "protection"): "step_316 = write_back (C-9)",
    ("copy_on_write.test_bits_of_request", "protection"): "saved_sessions = all_set, step_316 = write_back (C-1, C-9)",
    ("deactivation.include_virtual_device", "std_of"): "step_744 = as_printed (G-744)",
    ("indirect_tracks.contents_for_devices", "std_data"): "follows = hosts (N-15)",
    ("locks.enter", "device_lock"): "drain_412 = before_flag (N-11a, N-11b)",
    ("removal.finish_removal", "bound"): "session_release = never (C-24b)",
    ("removal.finish_removal", "std_of"): "session_release = never (C-24b)",
    ("removal.finish_removal", "session_of"): "session_release = never (C-24b)",
    ("restore.deallocate", "indirect"): "step_557 = cleared (C-26)",
    ("restore.deallocate", "map_bits"): "step_557 = cleared (C-26)",
    ("restore_new.process_error_of_new", "protection"): "no safe device comes to 591 (C-20n); step_591 = corrected",
    ("restore_new.process_error_of_new", "session_of"): "no safe device comes to 591 (C-20n); step_591 = corrected",
    ("restore_new.process_error_of_new", "std_of"): "no safe device comes to 591 (C-20n); step_591 = corrected",
    ("restore_virtual.reserve_for_copy", "session_of"): "copy_session = shared (N-36)",
    ("standard_write.store_standard", "logical"): "step_304 writes (C-6b, C-6c)",
    ("standard_write.wait_for_status", "track_lock"): "retest_322 = no (C-8)",
    ("virtual_write.label_new_track", "map_bits"): "label_344 (C-13)",
    ("virtual_write.label_new_track", "session_of"): "label_344 (C-13)",
    ("virtual_write.label_new_track", "std_of"): "label_344 (C-13)",
}
"""Accesses behind a switch that no scenario which must hold has set: the scenario of a fault ends before it matters."""


@pytest.fixture(scope="module")
def noted() -> Noted:
    found = Noted()
    for scenario in SAFE:
        found.search(scenario)
    return found


@pytest.mark.slow
@pytest.mark.xdist_group("indices")
def test_every_index_of_a_box_is_somewhere_not_the_first(noted: Noted) -> None:
    boxes = functions_of_boxes(SPECIFICATION)
    always_first = [f"{function}: index {i + 1} of {variable}, access {nth + 1}" for (function, variable, nth, i), other
                    in sorted(noted.seen.items()) if not other and function in boxes and (function, variable) not in ONLY_IN_A_FAULT]
    assert always_first == [], "add a scenario in which they are not: two devices, two tracks, three lists …"


@pytest.mark.slow
@pytest.mark.xdist_group("indices")
def test_no_exception_is_kept_that_is_not_needed(noted: Noted) -> None:
    needed: set[Site] = {site for site, other in noted.seen.items() if not other}
    assert [e for e in ONLY_IN_A_FAULT if e not in {(function, variable) for function, variable, _, _ in needed}] == []


# --- pairs of commands ------------------------------------------------------------------------------------------


def offered(scenario: Scenario) -> list[set[str]]:
    """For each host the commands of its program or menu, by their first words."""
    out = []
    for host in scenario.hosts:
        words: set[str] = set()
        for position in host.get("program", host.get("menu", [])):
            for command in position if isinstance(position, list) else [position]:
                words.add(kind_of(command))
        out.append(words)
    return out


def kind_of(command: str) -> str:
    """The command; reads and writes by the kind of device, since the boxes differ."""
    word, device = command.split()[:2]
    return f"{word} {'virtual' if device.startswith('V') else 'standard'}" if word in ("read", "write") else word


def pairs_met(scenarios: list[Scenario]) -> set[tuple[str, str]]:
    """Pairs of commands that two hosts offer in one scenario: nothing keeps hosts from having both under way."""
    met: set[tuple[str, str]] = set()
    for scenario in scenarios:
        hosts = offered(scenario)
        for i, mine in enumerate(hosts):
            for theirs in hosts[i + 1:]:
                met |= {(min(a, b), max(a, b)) for a in mine for b in theirs}
    return met


def all_commands() -> list[str]:
    words = {c.word for c in SPECIFICATION.commands} - {"read", "write"}
    return sorted(words | {f"{w} {d}" for w in ("read", "write") for d in ("standard", "virtual")})


def test_every_pair_of_commands_meets_in_a_small_scenario() -> None:
    met = pairs_met(SAFE)
    never = [f"{a} and {b}" for a, b in combinations_with_replacement(all_commands(), 2) if (a, b) not in met]
    assert never == [], "add a host that offers one of them beside the other"
