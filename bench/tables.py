"""The results as text."""

from __future__ import annotations

from statistics import median
from typing import Any


def print_readings(found: list[dict[str, Any]], judge: bool) -> None:
    """Compiled against plain; `judge`: the sizes are large enough to say whether the promise is kept."""
    print("\nCompiled against plain: distinct states per processor-second of the search alone\n")
    print(f"  {'specification':58}{'states':>10}{'plain':>12}{'compiled':>14}{'ratio':>9}")
    for row in found:
        print(f"  {row['specification']:58}{row['distinct']:>10,}{row['plain_states_per_second']:>12,}"
              f"{row['compiled_states_per_second']:>14,}{row['ratio']:>8,.0f}x{_reached(not judge or row['ratio'] >= row['at_least'])}")
    print(f"  promised: {found[0]['at_least']:.0f}x")


def print_values(found: list[dict[str, Any]], judge: bool) -> None:
    """Structured values against integers."""
    print("\nRecords, sets and sequences against tables and masks by hand: processor seconds of the search alone\n")
    print(f"  {'specification':66}{'states':>10}{'structured':>12}{'bits':>6}{'integers':>12}{'bits':>6}{'ratio':>8}")
    for row in found:
        times = [f"{median(row['seconds'][way]):>12.3f}{row['bits'][way]:>6}" for way in ("structured", "integers")]
        print(f"  {row['specification']:66}{row['distinct']:>10,}{''.join(times)}{row['ratio']:>8.2f}"
              f"{_reached(not judge or row['ratio'] <= row['at_most'])}")
    print(f"  promised: at most {found[0]['at_most']}")


def print_peers(table: dict[str, Any], judge: bool) -> None:
    """Snapproof against its peers on one specification; `ours`: how many times as fast Snapproof is."""
    print(f"\n{table['specification']}: {table['distinct']:,} distinct states, {table['transitions']:,} generated\n")
    print(f"  {'':24}{'processor s':>12}{'states/s':>13}{'ours':>8}{'build s':>9}{'with build':>12}{'ours':>8}{'peak MB':>9}")
    for row in table["contestants"]:
        print(f"  {row['name']:24}{row['seconds']:>12.2f}{row['states_per_second']:>13,}{row['ours_is_times_as_fast']:>7.2f}x"
              f"{row['build_seconds']:>9.2f}{row['states_per_second_with_build']:>12,}"
              f"{row['ours_is_times_as_fast_with_build']:>7.2f}x{row['peak_bytes'] / 1e6:>9.0f}")
    ours = table["contestants"][0]
    print(f"  Snapproof's search alone, without the start of Python: {ours['states_per_second_searching']:,} states/s")
    usual = [r for r in table["contestants"] if "-O2" in r["settings"]]
    for row in usual:
        reached = _reached(not judge or row["ours_is_times_as_fast"] >= table["at_least"])
        print(f"  promised against Spin -O2 -DSAFETY -DNOREDUCE: {table['at_least']:.0f}x{reached}")


def print_memory(row: dict[str, Any]) -> None:
    """Bytes for a stored state."""
    print(f"\nLargest scenario, {row['scenario']}: {row['distinct']:,} states of {row['state_bits']} bits, "
          f"{row['verdict']}, {row['seconds']:.1f} s, {row['states_per_processor_second']:,} states per processor-second")
    print(f"  bytes per stored state, in all: {row['bytes_per_state']:.1f} (promised: {row['at_most']:.0f})"
          f"{_reached(row['bytes_per_state'] <= row['at_most'])}; the whole process at its peak: {row['peak_bytes_per_state']:.1f}")


def print_starts(row: dict[str, Any]) -> None:
    """First and second start."""
    unexpected = ", ".join(row["unexpected"]) or "counts differ from the recorded ones"
    verdict = "as expected" if row["as_expected"] else f"NOT as expected: {unexpected}"
    print(f"\nsnapproof check, {row['scenarios']} scenarios, {verdict}")
    for name, most in zip(("first", "second"), row["at_most"], strict=True):
        times = row[name]
        print(f"  {name} start: {times['seconds']:.1f} s, {times['processor_seconds']:.1f} processor seconds "
              f"(promised: {most:.0f} s){_reached(times['seconds'] <= most)}")


def print_loop(row: dict[str, Any], judge: bool) -> None:
    """Lock-step, cover, query, page, proofs."""
    steps, cover, query, page = row["lock_step"], row["cover"], row["query"], row["page"]
    boxes = steps["boxes_per_processor_second"]
    print(f"\nThe loop around the core\n\n  lock-step ({steps['scenario']}, {steps['steps']:,} steps): "
          f"{steps['steps_per_second']:,} steps a second, {steps['steps_per_processor_second']:,} a processor-second "
          f"(promised: {steps['at_least']:,.0f}){_reached(not judge or steps['steps_per_second'] >= steps['at_least'])}")
    print(f"  boxes a processor-second: {boxes['lock_step']:,} in lock-step, {boxes['plain']:,} by the plain reading alone, "
          f"{steps['plain_is_times_as_fast']:.1f} times as many")
    print(f"  cover ({cover['scenario']}, {cover['states']:,} states, {cover['transitions']:,} transitions, {cover['paths']:,} paths): "
          f"{cover['seconds']:.1f} s, {cover['processor_seconds']:.1f} processor seconds "
          f"(promised: {cover['at_most']:.0f} s){_reached(cover['seconds'] <= cover['at_most'])}")
    print(f"  query: {query['seconds']:.2f} s, {query['processor_seconds']:.2f} processor seconds, "
          f"{query['processor_seconds_alone']:.3f} without the start "
          f"(promised: {query['at_most']:.0f} s){_reached(query['seconds'] <= query['at_most'])}")
    for what in ("judged", "longest"):
        size = page[what]
        print(f"  page of {size['trace']}, {size['steps']} steps: {size['bytes']:,} bytes "
              f"(promised: {page['at_most']:,}){_reached(size['bytes'] <= page['at_most'])}")
    if "proofs" in row:
        _print_proofs(row["proofs"])


def _print_proofs(row: dict[str, Any]) -> None:
    if "note" in row:
        print(f"  proof list: not measured, {row['note']}")
        return
    print(f"  proof list: {row['seconds']:.1f} s, {row['processor_seconds']:.1f} processor seconds "
          f"(promised: {row['at_most']:.0f} s){_reached(row['seconds'] <= row['at_most'])}")


def _reached(yes: bool) -> str:
    return "" if yes else "   MISSED"
