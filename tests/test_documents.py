"""What documents, help texts and messages tell people to run can be run, and prints what they say."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import click
import document_kit as kit
import pytest
from click.testing import CliRunner

from snapproof.cli.main import cli

pytest.importorskip("z3")

ROOT = kit.ROOT
WITH_STORIES = [page for page in kit.PAGES if kit.stories(page)]


def title(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", kit.PAGES, ids=title)
def test_every_block_says_what_it_is(page: Path) -> None:
    for block in kit.blocks(page):
        assert block.kind in kit.KINDS, f"{title(page)}:{block.line}: say one of {sorted(kit.KINDS)} behind the quotes"
        assert set(block.options) <= {"long"}, f"{title(page)}:{block.line}: {block.options}"
        if block.kind == "console":
            assert block.text.startswith("$ "), f"{title(page)}:{block.line}: a story begins with a command"
        if block.kind == "text":
            assert "snapproof " not in block.text, f"{title(page)}:{block.line}: a command belongs into a story"


# --- stories ----------------------------------------------------------------------------------------------------------


def a_copy_of_the_package(folder: Path) -> Path:
    """The source tree with a model of its own, which a story may edit."""
    package = folder / "src"
    shutil.copytree(ROOT / "src" / "snapproof", package / "snapproof", symlinks=False,
                    ignore=shutil.ignore_patterns("__pycache__"))
    return package


def edit(diff: str, package: Path) -> tuple[Path, str]:
    """Apply a diff of one place; the file, and its text before."""
    old = "".join(line[1:] + "\n" for line in diff.splitlines() if line[:1] in "- ")
    new = "".join(line[1:] + "\n" for line in diff.splitlines() if line[:1] in "+ ")
    places = [package / "snapproof" / part for part in ("model", "engine")]
    at = [path for place in places for path in place.rglob("*.py") if old in path.read_text("utf-8")]
    assert len(at) == 1, f"the lines taken away stand in {[p.name for p in at]}:\n{old}"
    before = at[0].read_text("utf-8")
    assert before.count(old) == 1
    at[0].write_text(before.replace(old, new), "utf-8")
    return at[0], before


def play(page: Path, folder: Path, long: bool) -> int:
    """Run the stories of a page from top to bottom in one folder; how many commands were run."""
    for name in ("examples", "traces"):
        (folder / name).symlink_to(ROOT / name)
    edited: tuple[Path, str] | None = None
    package = a_copy_of_the_package(folder) if any(b.kind == "diff" for b in kit.stories(page)) else ROOT / "src"
    ran = 0
    for block in kit.stories(page):
        if block.kind == "diff":
            edited = edit(block.text, package)
            continue
        if ("long" in block.options) and not long:
            continue
        for step in kit.told(block.text):
            if step.command.startswith("git checkout "):
                assert edited is not None, "nothing was edited"
                edited[0].write_text(edited[1], "utf-8")
                edited = None
                continue
            kit.check(step, kit.run_inside(step.command, folder) if page in kit.INSIDE else kit.run(step.command, folder, package))
            ran += 1
    return ran


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_STORIES, ids=title)
def test_the_stories_of_a_page_run_from_top_to_bottom(page: Path, tmp_path: Path) -> None:
    short = [b for b in kit.stories(page) if b.kind == "console" and "long" not in b.options]
    assert play(page, tmp_path, long=False) >= len(short)


@pytest.mark.audit
@pytest.mark.parametrize("page", [p for p in WITH_STORIES if any("long" in b.options for b in kit.stories(p))], ids=title)
def test_the_long_stories_run_too(page: Path, tmp_path: Path) -> None:
    assert play(page, tmp_path, long=True)


@pytest.mark.slow
def test_a_story_that_says_something_else_is_noticed(tmp_path: Path) -> None:
    """The kit itself: another line, another order, another exit code."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    done = kit.run("snapproof check examples/die_hard.py", tmp_path, ROOT / "src")
    kit.check(kit.told("$ x\nFAIL die_hard … not_solved … 14 …\nexit code 12")[0], done)
    for wrong in ("die_hard is fine\nexit code 12", "hard.not_solved.json\nexit code 12", "die_hard.not_solved.json … FAIL\nexit code 12",
                  "die_hard\nexit code 11"):
        with pytest.raises(AssertionError):
            kit.check(kit.told(f"$ x\n{wrong}")[0], done)


@pytest.mark.slow
def test_the_page_for_review_is_small_and_needs_no_network(tmp_path: Path) -> None:
    page = next(p for p in WITH_STORIES if p.name == "tutorial.md")
    steps = [step for block in kit.stories(page) for step in kit.told(block.text)]
    for step in steps:
        kit.run(step.command, tmp_path, ROOT / "src")
        if (tmp_path / "review.html").exists():
            break
    text = (tmp_path / "review.html").read_text("utf-8")
    assert len(text) < 300_000
    assert not re.search(r"(src|href)=[\"']https?:", text)


# --- scenarios, faults, specifications --------------------------------------------------------------------------------


def files(kind: str) -> list[kit.Block]:
    return [block for page in kit.PAGES for block in kit.blocks(page) if block.kind == kind]


def where(block: kit.Block) -> str:
    return f"{title(block.page)}:{block.line}"


@pytest.mark.slow
@pytest.mark.parametrize("block", [b for b in files("toml") if "[scope]" in b.text], ids=where)
def test_a_scenario_of_a_page_comes_out_as_it_says(block: kit.Block, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(block.text, "utf-8")
    done = kit.run("snapproof check mine.toml", tmp_path, ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("block", [b for b in files("toml") if "[[fault]]" in b.text], ids=where)
def test_a_fault_of_a_page_is_one_of_the_suite(block: kit.Block) -> None:
    suite = {fault["id"]: fault for fault in tomllib.loads((ROOT / "model" / "faults.toml").read_text("utf-8"))["fault"]}
    for fault in tomllib.loads(block.text)["fault"]:
        real = suite[fault["id"]]
        assert fault.keys() == real.keys()
        assert {k: v for k, v in fault.items() if k != "meaning"} == {k: v for k, v in real.items() if k != "meaning"}


@pytest.mark.parametrize("block", files("python"), ids=where)
def test_a_specification_of_a_page_is_an_example(block: kit.Block) -> None:
    assert block.text in [path.read_text("utf-8") for path in (ROOT / "examples").glob("*.py")]


def test_toml_in_pages_is_a_scenario_or_faults() -> None:
    for block in files("toml"):
        assert "[scope]" in block.text or "[[fault]]" in block.text, where(block)


# --- commands in sentences, help and messages -------------------------------------------------------------------------

PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9_./=…-]*$")


def members(group: click.Group) -> dict[str, click.Command]:
    """The commands of a group, also of one that imports them only when asked."""
    context = click.Context(group)
    return {name: command for name in group.list_commands(context) if (command := group.get_command(context, name))}


def command_of(words: list[str]) -> tuple[click.Command, list[str]] | None:
    """The command that these words name, and the words behind it; None for `snapproof` itself."""
    command: click.Command = cli
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name = rest[0].rstrip(".,:)")
        if PLACEHOLDER.match(name) or name == "…":
            return None
        assert name in members(command), f"there is no command {name!r}"
        command, rest = members(command)[name], rest[1:]
    return command, rest


def must_be_understood(text: str) -> None:
    """Command and options exist."""
    words = shlex.split(text.replace("…", "MORE")) if text.count('"') % 2 == 0 else text.split()
    found = command_of(words)
    if found is None:
        return
    command, rest = found
    options = {name: p for p in command.params if isinstance(p, click.Option) for name in (*p.opts, *p.secondary_opts)}
    options["--help"] = options["-h"] = click.Option(["--help"], is_flag=True)
    for word in rest:
        name = word.split("=")[0].rstrip(".,:)]'")
        if name.startswith("--") and len(name) > 2:
            assert name in options, f"{command.name} has no option {name}"


def test_sentences_name_commands_and_a_wrong_one_is_told() -> None:
    found = [text for page in kit.PAGES for text in kit.named_commands(page.read_text("utf-8"))]
    assert len({text.split()[1] for text in found if len(text.split()) > 1} & set(members(cli))) > 5
    for wrong in ("snapproof chek", "snapproof check --seconts 5"):
        with pytest.raises(AssertionError):
            must_be_understood(wrong)


@pytest.mark.parametrize("page", kit.PAGES, ids=title)
def test_a_command_in_a_sentence_exists(page: Path) -> None:
    for text in kit.named_commands(page.read_text("utf-8")):
        try:
            must_be_understood(text)
        except AssertionError as error:
            raise AssertionError(f"{title(page)}: `{text}`: {error}") from None


@pytest.mark.slow
def test_a_command_in_a_message_exists() -> None:
    seen = 0
    for path in sorted((ROOT / "src" / "snapproof").rglob("*.py")):
        for text in kit.commands_of_messages(path):
            if len(text.split()) > 1 and re.fullmatch(r"[a-z]+", text.split()[1]) and text.split()[1] in members(cli):
                seen += 1
                try:
                    must_be_understood(text)
                except AssertionError as error:
                    raise AssertionError(f"{title(path)}: {text}: {error}") from None
    assert seen > 30


def test_a_command_that_does_not_exist_is_noticed() -> None:
    for wrong in ("snapproof chekc", "snapproof check --sett A=1", "snapproof engine destroy DIR"):
        with pytest.raises(AssertionError):
            must_be_understood(wrong)


def commands(group: click.Group, before: str = "snapproof") -> list[tuple[str, click.Command]]:
    out: list[tuple[str, click.Command]] = []
    for name, command in members(group).items():
        out.append((f"{before} {name}", command))
        if isinstance(command, click.Group):
            out.extend(commands(command, f"{before} {name}"))
    return out


def help_examples() -> list[str]:
    """Lines of help texts that are a whole command with nothing left open."""
    found: list[str] = []
    for _, command in commands(cli):
        for line in (command.help or "").splitlines():
            line = line.strip()
            if line.startswith("snapproof ") and not any(PLACEHOLDER.match(w) for w in line.split()[1:]):
                found.append(line)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("line", help_examples())
def test_an_example_of_a_help_text_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    result = CliRunner().invoke(cli, shlex.split(line)[1:])
    assert result.exit_code in (0, 16), result.output  # an answer of query or prove, yes or no


MADE = {"bench/results.json"}
"""What a command of the project writes, as its page says."""


@pytest.mark.parametrize("page", kit.PAGES, ids=title)
def test_a_file_named_in_a_page_is_there(page: Path) -> None:
    for name in re.findall(r"`((?:model|invariants|tests|docs|examples|src|bench|traces|requirements)/[\w./-]*)`", page.read_text("utf-8")):
        assert (ROOT / name).exists() or name in MADE, f"{title(page)} names {name}"
