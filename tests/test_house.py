"""House rules: which part may import which, how long files are, what is never written here."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "snapproof"

MAY_IMPORT = {
    "vocabulary": set(),
    "spec": {"spec"},
    "model": {"model", "spec", "vocabulary"},
    "invariants": {"invariants", "model", "spec", "vocabulary"},
    "checker": {"checker", "spec"},
    "traces": {"traces", "spec", "checker"},
    "report": {"report", "traces"},
    "suite": {"suite", "spec", "checker", "traces"},
    "storage": {"storage", "spec", "traces", "report", "suite", "symbolic", "model", "invariants"},
    "engine": {"engine", "vocabulary"},
    "symbolic": {"symbolic", "spec"},
    "conformance": {"conformance", "engine", "spec", "traces", "checker", "vocabulary"},
}
"""Part -> the parts it may import; the command line may import all."""

MEETING_POINTS = {"model/specification.py": {"invariants"}}
"""Files where parts meet that otherwise do not know each other, and which: here steps and properties become one
specification."""

LONG_FOR_A_REASON: dict[str, str] = {"src/snapproof/symbolic/terms.py": "all operations on words, which share their bit-level parts"}


FOLDERS = ("src", "model", "invariants", "examples", "tests", "bench", "docs")
"""Where the project's own files stand; what is built beside them is not its own."""


def sources() -> list[Path]:
    found = [p for folder in FOLDERS for p in (ROOT / folder).rglob("*.py")
             if "build" not in p.parts and not any(part.startswith(".") for part in p.relative_to(ROOT).parts)]
    assert len(found) > 150, "the project has more files than that"
    return found


@pytest.mark.slow
def test_tests_need_no_program_that_the_readme_does_not_ask_for() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.List) and node.elts and isinstance(node.elts[0], ast.Constant):
                assert node.elts[0].value not in ("git", "hg", "docker", "node", "npm", "java"), f"{path.name}:{node.lineno}"


@pytest.mark.slow
def test_the_quick_run_has_something_of_every_room() -> None:
    """`make test-quick` leaves out what is marked slow: of every folder a test is not."""
    for folder in (p for p in (ROOT / "tests").iterdir() if list(p.glob("test_*.py"))):
        found = [node for path in folder.glob("test_*.py") for node in ast.parse(path.read_text("utf-8")).body
                 if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        assert any("slow" not in ast.unparse(d) for node in found for d in node.decorator_list or [ast.Name("none")]), folder.name


def imported(path: Path, package: list[str]) -> set[str]:
    """The parts of snapproof that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names = [stem, *(f"{stem}.{a.name}" for a in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] == "snapproof" and len(parts) > 1 and (PACKAGE / parts[1]).is_dir():
                found.add(parts[1])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("part", MAY_IMPORT)
def test_dependencies_point_one_way(part: str) -> None:
    home = {"model": ROOT / "model", "invariants": ROOT / "invariants"}.get(part, PACKAGE / part)
    for path in home.rglob("*.py"):
        inside = path.relative_to(home).parts[:-1]
        allowed = MAY_IMPORT[part] | MEETING_POINTS.get(str(path.relative_to(ROOT)), set())
        wrong = imported(path, ["snapproof", part, *inside]) - allowed
        assert not wrong, f"{path.name} imports {', '.join(sorted(wrong))}"


@pytest.mark.slow
def test_only_the_rooms_of_the_storage_device_know_its_variables_and_processes() -> None:
    """Which names those are, the model says; in comments and examples of messages they may stand everywhere."""
    from snapproof import storage

    spec = storage.device()
    every = {*vars(spec.state), *spec.scope.switches, *spec.index_sets, *(kind.__name__ for kind in spec.kinds)}
    names = {n for n in every if re.search("[a-z](_|[A-Z])", n) and not n.startswith("_")}
    assert {"std_data", "vdev_state", "HostAdapter", "StandardDevice", "lock_302"} <= names
    for room in ("spec", "checker", "symbolic", "traces", "report", "suite"):
        for path in (PACKAGE / room).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            told = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} | \
                {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert not names & {t for t in told if isinstance(t, str)}, path


def test_what_all_rooms_need_stands_beside_them_and_needs_the_language_only() -> None:
    for path in PACKAGE.glob("*.py"):
        wrong = imported(path, ["snapproof"]) - {"spec"}
        assert not wrong, f"{path.name} imports {', '.join(sorted(wrong))}"


@pytest.mark.slow
@pytest.mark.parametrize("room", ["model", "invariants", "invariants/strengthening", "src/snapproof/engine/boxes",
                                  "src/snapproof/conformance", "src/snapproof/traces", "src/snapproof/report", "src/snapproof/report/page",
                                  "src/snapproof/suite", "src/snapproof/storage", "src/snapproof/cli"])
def test_no_module_of_a_room_imports_one_that_imports_it(room: str) -> None:
    graph: dict[str, set[str]] = {}
    for path in (ROOT / room).glob("*.py"):
        beside = graph.setdefault(path.stem, set())
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                beside |= {node.module.split(".")[0]} if node.module else {a.name for a in node.names}
    assert any(graph.values()), f"{room} has modules that know each other"
    TopologicalSorter(graph).prepare()  # CycleError names the modules


def test_files_stay_small_enough_to_hold_in_the_head() -> None:
    long = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in sources()}
    for name, lines in long.items():
        assert lines <= 330 or name in LONG_FOR_A_REASON, f"{name} has {lines} lines: split it, or give a reason in this test"


@pytest.mark.slow
def test_no_machine_paths_and_no_left_over_marks() -> None:
    for path in sources():
        text = path.read_text("utf-8")
        assert not re.search(r"(?<![\w.])/(work|root|home)/", text), path
        assert not re.search(r"\b(TOD[O]|FIXM[E]|XX[X])\b", text), path


@pytest.mark.slow
def test_nothing_is_evaluated_or_unpickled() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec"), path
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [a.name for a in node.names] + [getattr(node, "module", "") or ""]
                assert not {"pickle", "marshal", "shelve", "dill"} & set(names), path


@pytest.mark.slow
def test_files_are_replaced_in_two_places() -> None:
    """The writer of users' files, and the store of the engine, which says why it is another one."""
    replacing = re.compile(r"\bos\.replace\(|\.renames?\(|\btempfile\b|\bshutil\.move\b")
    found = {str(p.relative_to(PACKAGE)) for p in PACKAGE.rglob("*.py") if replacing.search(p.read_text("utf-8"))}
    assert found == {"files.py", "engine/store.py"}


def test_every_decision_and_document_is_reachable_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for path in (ROOT / "docs").glob("*.md"):
        assert f"docs/{path.name}" in readme, f"README.md does not mention docs/{path.name}"
