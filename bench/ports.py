"""Examples ported from the TLA+ examples: their published counts, and how long both are.

    python bench/ports.py FOLDER

prints the table of `docs/ports.md`; FOLDER is a checkout of github.com/tlaplus/Examples.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Port:
    """An example, the modules that its original consists of, and the states that TLC reports for it.

    `modules` lie under `specifications/`: those that are needed to check the configuration, without copies that only
    instantiate by hand what another one defines.  `generated` is what TLC reports, initial states and duplicates
    included; `here` what is generated here, where that is another number by design (tests/checker/test_ports.py).
    `everywhere`: the distinct states here, where TLC takes those for one that differ by names only.
    `smaller`: sizes at which the plain reading explores it, where it would take minutes.
    """

    example: str
    modules: tuple[str, ...]
    distinct: int
    generated: int
    here: int | None = None
    everywhere: int | None = None
    smaller: dict[str, int] = field(default_factory=dict)

    @property
    def original(self) -> str:
        """What the original is called."""
        return Path(self.modules[0]).stem


PORTS = [
    Port("chang_roberts", ("chang_roberts/ChangRoberts.tla", "chang_roberts/MCChangRoberts.tla"), 137, 227),
    Port("spanning_tree", ("SpanningTree/SpanTree.tla",), 1_236, 10_278),
    Port("backup_commit", ("transaction_commit/2PCwithBTM.tla",), 1_245, 5_841, here=4_851),
    Port("inner_fifo", tuple(f"SpecifyingSystems/FIFO/{m}.tla" for m in ("InnerFIFO", "Channel", "MCInnerFIFO")), 3_864, 9_660),
    Port("termination_detection", ("ewd998/AsyncTerminationDetection.tla",), 4_097, 53_271),
    Port("write_through_cache", tuple(f"SpecifyingSystems/CachingMemory/{m}.tla"
                                      for m in ("WriteThroughCache", "MemoryInterface", "MCWriteThroughCache")), 5_196, 28_170,
         smaller={"Value": 1}),
    Port("resource_allocator", ("allocator/AllocatorImplementation.tla", "allocator/SchedulingAllocator.tla"), 17_701, 64_414,
         smaller={"Client": 2}),
    Port("atomic_commitment", ("acp/ACP_SB.tla", "acp/ACP_SB_TLC.tla"), 54_944, 218_352, smaller={"Participant": 2}),
    Port("fast_paxos", ("SimplifiedFastPaxos/FastPaxos.tla", "SimplifiedFastPaxos/Paxos.tla"), 25_617, 320_053, here=36_868_401,
         everywhere=3_043_684, smaller={"Ballot": 3, "Value": 2}),
]


def lines_of_python(text: str) -> int:
    """Lines that have code: neither empty, nor comments, nor docstrings."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in skipped:
            code |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            code -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(code)


def lines_of_tla(text: str) -> int:
    """Lines that have code; of a PlusCal algorithm it is the algorithm that counts, not its translation."""
    text = re.split(r"^={4,}", text, maxsplit=1, flags=re.MULTILINE)[0]
    text = re.sub(r"\\\* BEGIN TRANSLATION.*?\\\* END TRANSLATION", "", text, flags=re.DOTALL)
    text = re.sub(r"\\\*.*", "", text)
    found = re.search(r"--(fair )?algorithm", text)
    if found:
        opening = text.rindex("(*", 0, found.start())
        closing = _closing(text, opening)
        text = text[:opening] + text[found.start():closing - 2].rstrip("*") + text[closing:]
    while "(*" in text:
        opening = text.index("(*")
        text = text[:opening] + text[_closing(text, opening):]
    return sum(1 for line in text.splitlines() if line.strip() and not re.fullmatch(r"\s*-{4,}\s*", line))


def _closing(text: str, opening: int) -> int:
    """Where the comment ends that begins here; comments may contain others."""
    depth = 0
    for mark in re.finditer(r"\(\*|\*\)", text[opening:]):
        depth += 1 if mark[0] == "(*" else -1
        if depth == 0:
            return opening + mark.end()
    raise ValueError(f"a comment does not end: {text[opening:opening + 60]}")


def row(port: Port, original: int) -> str:
    """A line of the table."""
    ours = lines_of_python((ROOT / "examples" / f"{port.example}.py").read_text("utf-8"))
    return (f"| [{port.example}](../examples/{port.example}.py) | {port.original} | {port.distinct:,} | {port.generated:,} "
            f"| {ours} | {original} | {ours / original:.2f} |")


def main() -> None:
    """Print the table; end with a word where the originals are not."""
    if len(sys.argv) != 2:
        sys.exit("Usage: python bench/ports.py FOLDER, a checkout of github.com/tlaplus/Examples.")
    print("\n".join(rows(Path(sys.argv[1]) / "specifications")))


def rows(folder: Path) -> list[str]:
    """The lines of the table, for the originals in a folder."""
    missing = [name for port in PORTS for name in port.modules if not (folder / name).is_file()]
    if missing:
        what = "is no such file" if folder.is_dir() else "is no such folder"
        sys.exit(f"{folder / missing[0] if folder.is_dir() else folder}: there {what}. Give the folder of a whole checkout: "
                 "git clone --depth 1 https://github.com/tlaplus/Examples FOLDER")
    return [row(port, sum(lines_of_tla((folder / name).read_text("utf-8")) for name in port.modules)) for port in PORTS]


if __name__ == "__main__":
    main()
