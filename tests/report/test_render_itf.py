"""ITF: what the format of Apalache allows, nothing else, and the states as they were."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from render_kit import fault, hostile
from trace_kit import found

from snapproof.report.itf import expression, itf, text, variable_names
from snapproof.traces.trace import Trace, VariableNote

IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"


def fits(value: Any, kind: str) -> None:
    """Does an ITF expression have this type?  The rules of the reader of Apalache, for the types that are written here."""
    function = re.fullmatch(r"(Str|<<Str(?:, Str)+>>) -> (.+)", kind)
    if function:
        assert set(value) == {"#map"} and all(len(pair) == 2 for pair in value["#map"])
        for key, inside in value["#map"]:
            if function[1] == "Str":
                fits(key, "Str")
            else:
                assert set(key) == {"#tup"} and len(key["#tup"]) == function[1].count("Str")
                assert all(isinstance(k, str) for k in key["#tup"])
            fits(inside, function[2])
    elif kind.startswith("{"):
        fields = dict(part.split(": ", 1) for part in parts(kind[2:-2], ", "))
        assert set(value) == set(fields) and all(re.fullmatch(IDENTIFIER, name) for name in fields)
        for name, inner in fields.items():
            fits(value[name], inner)
    elif kind.endswith(")") and not kind.startswith("Set("):
        whole = kind[1:-1] if kind.startswith("(") else kind
        cases = {case.partition("(")[0]: case.partition("(")[2][:-1] for case in parts(whole, " | ")}
        assert set(value) == {"tag", "value"} and value["tag"] in cases and all(re.fullmatch(IDENTIFIER, name) for name in cases)
        if cases[value["tag"]] == "UNIT":
            assert value["value"] == "U_OF_UNIT"
        else:
            fits(value["value"], cases[value["tag"]])
    elif kind == "Int":
        assert set(value) == {"#bigint"} and re.fullmatch(r"-?[0-9]+", value["#bigint"])
    elif kind == "Bool":
        assert isinstance(value, bool)
    elif kind == "Set(Str)":
        assert set(value) == {"#set"} and len(set(value["#set"])) == len(value["#set"])
        assert all(isinstance(v, str) for v in value["#set"])
    else:
        assert kind == "Str" and isinstance(value, str) and not re.fullmatch(r"\w+_OF_\w+", value)


def parts(text: str, between: str) -> list[str]:
    """What stands between the separators that are in no brackets."""
    out, depth, start = [], 0, 0
    for i, letter in enumerate(text):
        depth += (letter in "{(") - (letter in "})")
        if depth == 0 and text.startswith(between, i):
            out.append(text[start:i])
            start = i + len(between)
    return [*out, text[start:]]


def checked(trace: Trace) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(itf(trace), parse_float=lambda n: pytest.fail(f"a bare number: {n}"))
    assert set(data) == {"#meta", "vars", "states"}
    meta = data["#meta"]
    assert meta["format"] == "ITF" and meta["format-description"] and meta["description"]
    assert list(meta["varTypes"]) == data["vars"] and len(set(data["vars"])) == len(data["vars"])
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in data["vars"])
    assert len(data["states"]) == len(trace.steps) + 1
    for i, state in enumerate(data["states"]):
        assert state["#meta"]["index"] == i and set(state) == {"#meta", *data["vars"]}
        for name, kind in meta["varTypes"].items():
            fits(state[name], kind)
    return data


@pytest.mark.slow
@pytest.mark.parametrize("fault_id", ["C-4", "C-34b"])
def test_a_trace_of_the_storage_device_is_valid_itf(fault_id: str) -> None:
    data = checked(fault(fault_id))
    types = data["#meta"]["varTypes"]
    assert types["std_data"] == "<<Str, Str, Str>> -> Str" and types["protection"] == "<<Str, Str>> -> Set(Str)"
    assert types["HostAdapter_due_track"] == "Str -> Int" and types["ready"] == "Str -> Bool" and types["free_head"] == "Str"
    assert data["states"][1]["#meta"]["process"] == "HA1"


def test_states_are_as_they_were() -> None:
    trace = fault("C-4")
    last = checked(trace)["states"][-1]
    pointers = {tuple(k["#tup"]): v for k, v in last["pointer"]["#map"]}
    assert pointers["V1", "T1"] == trace.states[-1]["pointer"][0][0]
    assert dict(last["HostAdapter_mail"]["#map"])["HA1"] == trace.states[-1]["HA1"]["mail"]


def test_a_trace_of_another_specification_is_valid_itf(tmp_path: Path) -> None:
    checked(found(tmp_path, locking="off"))


@pytest.mark.slow
def test_hostile_names_are_still_valid_itf() -> None:
    checked(hostile(fault("C-4")))


NAMES = ("A.x", "A_x", "1", "\u00e9", "a b", "Gone.y")


@pytest.mark.slow
def test_every_variable_has_an_identifier_of_its_own() -> None:
    note = VariableNote((), False, "")
    trace = replace(fault("C-4"), processes={"P1": "A"}, variables=dict.fromkeys(NAMES, note))
    assert variable_names(trace) == {"A.x": "A_x", "A_x": "A_x_2", "1": "v1", "\u00e9": "v_", "a b": "a_b"}


def test_values_take_the_form_of_their_type() -> None:
    assert expression(-3, "Int") == {"#bigint": "-3"}
    assert expression(True, "Bool") is True and expression(True, "Str") == "True"
    assert expression(["K1", "K1"], "Set(Str)") == {"#set": ["K1"]}
    assert text("0_OF_VALUE") == "0-OF-VALUE"
