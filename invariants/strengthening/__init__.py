"""What I3, I4 and I5 need beside them to be inductive: facts about locks, locals and progress, box by box.

Each is an ordinary invariant of the `safe` profile, true in every reachable state; exploration checks them too
(tests/symbolic/test_strengthening.py).  They are kept out of `properties.py`: a scenario would pay for them in every state,
and other profiles break them on purpose.  H: who holds which lock; L: what locals mean at a box; V: virtual devices
and their sessions; M: map bits, pointers and back pointers; F: the free list; D: disk adapters at work; R: removal; X: no restores; C: what
follows from these.
"""

from __future__ import annotations

from . import consequences, devices, disk_adapters, free_list, held_locks, locals, map_bits, no_restores, removals

FACTS = [no_restores, held_locks, locals, devices, map_bits, free_list, disk_adapters, removals]
"""Every box preserves these together."""

CONSEQUENCES = [consequences]
"""These follow from them in any state, in their order."""

MODULES = [*FACTS, *CONSEQUENCES]
