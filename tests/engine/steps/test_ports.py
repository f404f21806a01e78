from __future__ import annotations

import pytest

from engine.definition.pointer import MISSING
from engine.steps.base import Port
from engine.steps.catalog import STEP_TYPES
from engine.steps.ports import fill_item, list_pointer, port_from_json, port_to_json, slots

PROCESSING = STEP_TYPES["Processing"].ports


def step(*inputs: dict[str, object]) -> dict[str, object]:
    outputs = {"Outputs": [{"OutputName": "train"}, {"OutputName": "odd 'name'"}, "garbage"]}
    return {
        "Arguments": {"ProcessingInputs": list(inputs), "ProcessingOutputConfig": outputs},
        "PropertyFiles": [{"PropertyFileName": "R"}],
    }


def test_slots_name_where_wires_end_and_what_they_refer_to() -> None:
    found = slots(step({"InputName": "code", "S3Input": {"S3Uri": "s3://b/c"}}, {"InputName": "in"}), PROCESSING)
    assert [(slot.port.name, slot.pointer, slot.name, slot.free) for slot in found] == [
        ("input", "/Arguments/ProcessingInputs/1/S3Input/S3Uri", "in", True),
        ("code", "/Arguments/ProcessingInputs/0/S3Input/S3Uri", "code", False),
        ("output", "/Arguments/ProcessingOutputConfig/Outputs/0", "train", False),
        ("output", "/Arguments/ProcessingOutputConfig/Outputs/1", "odd 'name'", False),
        ("output", "/Arguments/ProcessingOutputConfig/Outputs/2", "", False),
        ("report", "/PropertyFiles/0", "R", False),
    ]
    assert found[0].value is MISSING
    assert found[2].reference == "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    assert found[5].reference == "PropertyFiles.R"


def test_a_pattern_without_items_always_has_its_one_slot() -> None:
    metrics = next(port for port in STEP_TYPES["RegisterModel"].ports if port.name == "metrics")
    assert [(slot.pointer, slot.free, slot.item) for slot in slots({}, [metrics])] == [
        ("/Arguments/ModelMetrics/ModelQuality/Statistics/S3Uri", True, None)
    ]


def test_the_members_of_a_map_are_slots_too() -> None:
    argument = next(port for port in STEP_TYPES["Lambda"].ports if port.name == "argument")
    found = slots({"Arguments": {"a/b": 1, "c": ""}}, [argument])
    assert [(slot.pointer, slot.name, slot.free) for slot in found] == [
        ("/Arguments/a~1b", "a/b", False),
        ("/Arguments/c", "c", True),
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("/A/B/*/C", "/A/B"), ("/A/[N=code]/C", "/A"), ("/A/B", None)],
)
def test_the_list_of_a_port(pattern: str, expected: str | None) -> None:
    assert list_pointer(Port(name="p", direction="in", pattern=pattern)) == expected


def test_an_item_template_is_filled_without_touching_it() -> None:
    template = {"Name": "{name}", "Path": "/x/{name}", "Uri": "{value}", "n": [1, "{value}"]}
    assert fill_item(template, "a", {"Get": "X"}) == {
        "Name": "a",
        "Path": "/x/a",
        "Uri": {"Get": "X"},
        "n": [1, {"Get": "X"}],
    }
    assert template["Uri"] == "{value}"


def test_ports_travel_as_json() -> None:
    for kind in STEP_TYPES.values():
        for port in kind.ports:
            assert port_from_json(port_to_json(port)) == port
