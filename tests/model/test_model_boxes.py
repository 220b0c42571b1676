"""Every box of Figs. 6 to 19A, 21, 22, 27 and 28 stands in the model under its step id, in the file of its activity."""

from __future__ import annotations

import re

import pytest
from mutation.trial import ROOT

from snapproof.model.specification import SPECIFICATION
from snapproof.spec import tree
from snapproof.spec.processes import Step

FIGURES = {
    "Fig. 6": (["142", "148", "158"], "virtual_read"),
    "Fig. 7": (["172", "178", "182", "184", "194", "196", "198"], "device_tables"),
    "Fig. 8": (["212", "214", "216a", "216b", "217", "218", "222", "224", "226"], "device_tables"),
    "Fig. 9": (["232", "234", "236", "238", "242", "246", "248", "252"], "log_tracks"),
    "Fig. 10": (["282", "284", "286"], "virtual_read"),
    "Fig. 11": (["302", "304", "306", "308", "312a", "312b", "314", "316", "318"], "copy_on_write"),
    "Fig. 12": (["322", "324", "326", "328", "332"], "standard_write"),
    "Fig. 13": (["342", "344", "346", "348", "352", "354", "356", "358", "362", "364", "366", "368", "369"], "virtual_write"),
    "Fig. 14": (["372", "374", "376", "378", "382", "384", "386", "388"], "removal"),
    "Fig. 15C": (["422", "424", "426"], "activate"),
    "Fig. 17": (["432a", "432b", "433", "434", "436", "438", "442", "444", "446"], "register"),
    "Fig. 18": (["452", "454", "455", "456", "458", "461", "462", "464", "466"], "relate"),
    "Fig. 19A": (["482", "484", "485", "486", "487", "488", "492", "494", "496", "498", "502", "504", "506", "508", "512"],
                 "activate"),
    "Fig. 21": (["552", "554", "555", "557", "558", "562", "564", "567", "568", "572", "574", "578"], "restore"),
    "Fig. 22": (["582", "583", "584", "585", "586", "588", "589", "591", "592", "593", "595", "598"], "restore_new"),
    "Fig. 25": (["634", "666"], "group_calls"),
    "Figs. 15C, 19A, 25": (["662"], "activate"),
    "Fig. 27": (["732", "734", "736", "738", "742", "744"], "deactivation"),
    "Fig. 28": (["752", "754", "756", "758"], "deactivation"),
    "Fig. 29": (["766"], "way_back"),
    "Fig. 30": (["782", "784", "786", "788", "792"], "way_back"),
}


def declared() -> list[Step]:
    return [s for steps in SPECIFICATION.steps.values() for s in steps if s.id != "next"]


@pytest.mark.parametrize("figure", list(FIGURES))
def test_every_box_of_the_figure_is_a_step_of_its_file(figure: str) -> None:
    ids, module = FIGURES[figure]
    found = {s.id for s in declared() if s.module == f"snapproof.model.{module}"}
    assert [i for i in ids if i not in found] == []


def test_every_figure_and_every_numbered_box_of_it_is_written_down_here() -> None:
    """The list is what the text demands; boxes with a word behind their number are the model's own."""
    numbered = {(s.figure, s.id) for s in declared() if re.fullmatch(r"Fig\. \d+[A-C]?", s.figure) and re.fullmatch(r"\d+[a-z]?", s.id)}
    assert numbered <= {(figure, i) for figure, (ids, _) in FIGURES.items() for i in ids} and len(numbered) > 80


DEMANDED = {**{figure.removeprefix("Fig. "): [i[:3] for i in ids] for figure, (ids, _) in FIGURES.items() if figure.startswith("Fig. ")},
            "15A": ["404"], "15B": ["412", "414", "416", "418"], "16A": ["302"], "16B": ["322"], "19B": ["487", "495", "496", "497"],
            "23": ["602", "604", "606", "608", "612", "614", "616"],
            "25": ["632", "634", "636", "638", "642", "644", "646", "648", "652", "653", "654", "656", "658", "662", "664", "666", "668"],
            "26": ["692", "694", "696", "698", "702", "704", "706"], "29": ["762", "764", "766"]}
DEMANDED["9"] = sorted([*DEMANDED["9"], "244"])
"""The numbered boxes of each chart of the description."""

ROWS = [[cell.strip() for cell in line.split("|")[1:-1]]
        for line in (ROOT / "docs" / "figures.md").read_text("utf-8").splitlines() if re.match(r"\| \d", line)]


def test_the_page_of_the_figures_has_every_figure_of_the_description() -> None:
    named = [re.sub(r"[A-E]", "", n) for row in ROWS for part in row[0].split(", ") for n in part.split("-")]
    assert {int(n) for n in named} == set(range(1, 31))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"Fig. {row[0]}")
def test_every_numbered_box_is_in_the_model_or_the_page_says_why_not(row: list[str]) -> None:
    figure, _, where, boxes, without = row
    modules = [f"snapproof.model.{name}" for name in re.findall(r"`(\w+)\.py`", where)]
    present = set(re.findall(r"\d+", boxes))
    known = {i for s in declared() if s.module in modules for i in re.findall(r"\b\d{3}", f"{s.id} {s.figure.split('.', 1)[1]}")}
    left_out = set(re.findall(r"\b\d{3}\b", without.split(":")[0])) if ":" in without else set()
    assert present <= known and not left_out & {i for s in declared() for i in re.findall(r"^\d{3}", s.id)}
    assert present | left_out == set(DEMANDED.get(figure, []))
    assert not left_out or without.split(":", 1)[1].strip(), "and why?"


def test_every_step_names_its_figure() -> None:
    assert [s.name for s in declared() if not s.figure.startswith("Fig")] == []


def test_every_property_says_what_was_expected_and_seen() -> None:
    for p in SPECIFICATION.properties.values():
        assert p.title.endswith("."), p.id
        assert p.kind == "witness" or (p.violation and p.explanation is not None), p.id


def test_every_switch_of_the_model_is_read_by_some_box() -> None:
    read = set()
    for function in SPECIFICATION.trees.values():
        for helper in tree.helpers(function).values():
            read |= {n.name for n in tree.nodes(helper) if isinstance(n, tree.SwitchValue)}
    assert set(SPECIFICATION.scope.switches) - read == set()
