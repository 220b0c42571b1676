"""What random texts do not come to, tried by name: very many choices or properties, constants that change, things of elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_kit import BASE, END, body
from random_specifications import load

from snapproof.checker import search
from snapproof.checker.context import MOST_WITNESSES
from snapproof.spec import DeclarationError, ScenarioError
from snapproof.spec.instance import Instance
from snapproof.spec.scenario import Scenario
from snapproof.symbolic.circuit import TRUE
from snapproof.symbolic.state import SymbolicState
from snapproof.symbolic.steps import execute

BOX = body("s.x[0] = (s.x[0] + K) % 4\nreturn last") + "GO = command(P, 'go', 'a', first=box, meaning='x')\n"
ALWAYS = '@invariant("I{0}", "v")\ndef holds{0}(s: S, c: C) -> bool:\n    """Holds."""\n    return True\n'


def test_a_constant_that_changes_after_it_was_read_is_refused(tmp_path: Path) -> None:
    module = load(BASE + "K = 1\n" + BOX + END, tmp_path)
    assert Instance(module.SPECIFICATION, {}, {})
    vars(module)["K"] = 2
    with pytest.raises(DeclarationError, match="the constant K was changed after it was read"):
        Instance(module.SPECIFICATION, {}, {})


def test_an_initial_value_outside_of_its_domain_is_refused_when_the_size_is_known(tmp_path: Path) -> None:
    text = BASE.replace('y: int = variable(Maybe(T), "one of them")', 'y: int = variable(Member(T), "one of them", initial=2)')
    spec = load(text + END, tmp_path).SPECIFICATION
    assert Instance(spec, {"T": 3}, {}).start_cells()[3] == 2
    with pytest.raises(DeclarationError, match="variable y: its initial value 2 is outside 0…1"):
        Instance(spec, {"T": 2}, {})


def test_initial_choices_beyond_counting_are_refused_by_the_compiled_reading(tmp_path: Path) -> None:
    many = ", ".join(f"t{i}: T" for i in range(11))
    text = BASE + body("return DONE", f"@initial\ndef start(s: S, c: C, {many}) -> Signal:")
    spec = load(text + END, tmp_path).SPECIFICATION
    with pytest.raises(DeclarationError, match=r"more than 2\^62 choices"):
        search(Instance(spec, {"T": 64}, {}), [], reading="compiled")


SEEN = '@witness("W{0}")\ndef seen{0}(s: S, c: C) -> bool:\n    """Seen."""\n    return True\n'


@pytest.mark.slow
def test_more_properties_of_a_kind_than_a_word_has_bits_are_all_asked(tmp_path: Path) -> None:
    many, last = 70, '@{0}("B", "v"{1})\ndef broken({2}, c: C) -> bool:\n    """Does not hold."""\n    return False\n'
    changes = ('@transition("T{0}", "v", steps=[box])\ndef goes{0}(before: S, after: S, c: C) -> bool:\n    """Holds."""\n'
               "    return True\n")
    always = {"invariant": (ALWAYS, last.format("invariant", "", "s: S")),
              "transition": (changes, last.format("transition", ", steps=[box]", "before: S, after: S"))}
    for kind, (holds, broken) in always.items():
        spec = load(BASE + "K = 1\n" + BOX + "".join(holds.format(i) for i in range(many)) + broken + END, tmp_path).SPECIFICATION
        instance = Scenario("m", spec, sizes={"T": 1}, hosts=[{"program": ["go T1"]}]).instance()
        for reading in ("plain", "compiled"):
            told = search(instance, list(spec.properties.values()), reading=reading).broken
            assert told is not None and told.property.id == "B", (kind, reading)
            assert search(instance, list(spec.properties.values())[:-1], reading=reading).broken is None, (kind, reading)


@pytest.mark.slow
def test_more_witnesses_in_one_search_than_a_word_has_bits_are_refused_by_the_compiled_reading(tmp_path: Path) -> None:
    spec = load(BASE + "".join(SEEN.format(i) for i in range(MOST_WITNESSES + 1)) + END, tmp_path).SPECIFICATION
    known = list(spec.properties.values())
    for some in (known[:-1], known[1:]):
        assert search(Instance(spec, {}, {}), some, reading="compiled").unreached == []
    with pytest.raises(DeclarationError, match=f"{MOST_WITNESSES + 1} witnesses are asked for in one search"):
        search(Instance(spec, {}, {}), known, reading="compiled")


def test_a_property_of_another_specification_is_refused(tmp_path: Path) -> None:
    one, other = (load(BASE + ALWAYS.format(i) + END, tmp_path).SPECIFICATION for i in range(2))
    with pytest.raises(ScenarioError, match="it does not belong to the specification"):
        search(Instance(one, {}, {}), list(other.properties.values()), reading="plain")


def test_a_word_that_is_no_command_is_refused(tmp_path: Path) -> None:
    spec = load(BASE + "K = 1\n" + BOX + END.replace(", P=1", ""), tmp_path).SPECIFICATION
    with pytest.raises(ScenarioError, match="there is no command 'gone'.*mean 'go'"):
        Scenario("m", spec, hosts=[{"program": ["gone T1"]}]).instance()


def test_an_index_that_is_always_outside_is_an_error_on_terms(tmp_path: Path) -> None:
    text = BASE + "K = 1\n" + BOX.replace("s.x[0] = (s.x[0] + K) % 4", "s.x[0] = s.x[(s.x[0] & 1) + 9]")
    instance = Instance(load(text + END, tmp_path).SPECIFICATION, {}, {})
    state = SymbolicState.free(instance)
    found = execute(instance, state, instance.spec.kind("P"), 0, next(s for s in instance.spec.steps["P"] if s.name == "box"))
    assert found.errors == TRUE
