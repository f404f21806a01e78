from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.definition.dump import dump_definition
from engine.definition.edit import COMMANDS, EditRefused, connect, disconnect, rename_step, run_command
from engine.definition.model import Definition
from engine.definition.patch import apply_patch
from engine.graph import build_graph
from engine.layout import empty_layout
from engine.steps.catalog import STEP_TYPES
from engine.steps.ports import port_to_json
from tests.engine.definition.material import DEFINITIONS, JSON, STEP, WORDS

NAMES = st.sampled_from(["A", "B", "C", "D"])


@st.composite
def commands(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(sorted(COMMANDS)))
    ports = [port_to_json(port) for port in draw(st.sampled_from(list(STEP_TYPES.values()))).ports]
    choices: dict[str, Any] = {
        "step": draw(st.one_of(NAMES, WORDS)),
        "name": draw(st.one_of(NAMES, st.text(max_size=5))),
        "steps": draw(st.lists(NAMES, min_size=1, max_size=2, unique=True)),
        "template": draw(STEP),
        "source": draw(NAMES),
        "target": draw(NAMES),
        "path": draw(st.sampled_from(["X['k'].Y", "PropertyFiles.R", "ModelArtifacts.S3ModelArtifacts"])),
        "port": draw(st.sampled_from([port["name"] for port in ports] or ["none"])),
        "ports": ports,
        "pointers": ["/DependsOn/0"] if draw(st.booleans()) else [],
        "condition": draw(NAMES),
        "branch": draw(st.sampled_from(["if", "else", "body"])),
        "pointer": draw(st.sampled_from(["/Arguments/x/y", "/Description", "/RetryPolicies/0/MaxAttempts"])),
        "value": draw(JSON),
        "conditions": draw(JSON),
        "parameter": draw(st.sampled_from(["P", "Q"])),
        "positions": {"A": {"x": 1, "y": 2}},
    }
    wanted = {
        "add_step": ["template"],
        "remove_steps": ["steps"],
        "rename_step": ["step", "name"],
        "move_steps": ["positions"],
        "connect": ["source", "path", "target", "port", "ports"],
        "depend": ["source", "target"],
        "disconnect": ["target", "pointers", "ports"],
        "connect_branch": ["condition", "branch", "step"],
        "disconnect_branch": ["step"],
        "set_value": ["step", "pointer", "value"],
        "unset_value": ["step", "pointer"],
        "set_condition": ["step", "conditions"],
        "add_parameter": [],
        "rename_parameter": ["parameter", "name"],
        "remove_parameter": ["parameter"],
    }[name]
    arguments = {key: choices[key] for key in wanted}
    if name == "add_parameter":
        arguments = {"parameter": {"Name": choices["name"], "Type": "String"}}
    if name == "disconnect":
        arguments["pointers"] = []
    return name, arguments


GOOD = st.fixed_dictionaries(
    {
        "Parameters": st.just([{"Name": "P", "Type": "Integer", "DefaultValue": 3}]),
        "Steps": st.lists(
            st.fixed_dictionaries(
                {"Name": NAMES, "Type": st.sampled_from(["Training", "Processing", "Condition", "Fail"])},
                optional={
                    "Arguments": st.fixed_dictionaries(
                        {},
                        optional={
                            "InputDataConfig": st.just([{"ChannelName": "k", "x": {"Get": "Steps.A.X['k'].Y"}}]),
                            "Environment": st.just({"E": {"Get": "Parameters.P"}}),
                            "IfSteps": st.lists(
                                st.just({"Name": "Inner", "Type": "Fail", "Arguments": {}}), max_size=1
                            ),
                        },
                    ),
                    "DependsOn": st.lists(NAMES, min_size=1, max_size=2, unique=True),
                },
            ),
            max_size=3,
            unique_by=lambda step: step["Name"],
        ),
    }
)


@given(
    document=st.one_of(GOOD, DEFINITIONS.filter(lambda value: isinstance(value, dict))),
    sequence=st.lists(commands(), max_size=4),
)
def test_commands_either_refuse_or_can_be_undone(document: Any, sequence: list[tuple[str, dict[str, Any]]]) -> None:
    layout: Any = empty_layout()
    before = dump_definition(document)
    undo: list[tuple[Any, Any]] = []
    for name, arguments in sequence:
        try:
            edit = run_command(name, document, layout, copy.deepcopy(arguments))
        except EditRefused:
            continue
        document, back = apply_patch(document, edit.definition)
        layout, layout_back = apply_patch(layout, edit.layout)
        undo.append((back, layout_back))
    for back, layout_back in reversed(undo):
        document, _ = apply_patch(document, back)
        layout, _ = apply_patch(layout, layout_back)
    assert dump_definition(document) == before
    assert layout == empty_layout()


@given(document=GOOD, name=NAMES)
def test_renaming_keeps_the_graph(document: Any, name: str) -> None:
    try:
        edit = rename_step(document, {}, step=name, name="Other")
    except EditRefused:
        return
    renamed, _ = apply_patch(document, edit.definition)

    def wires(value: Any, old: str, new: str) -> list[tuple[str, str, str]]:
        edges = build_graph(Definition.from_document(value)).edges
        swap = {old: new}
        return [(swap.get(e.source, e.source), swap.get(e.target, e.target), e.pointer) for e in edges]

    assert wires(document, name, "Other") == wires(renamed, "", "")


@given(document=GOOD, source=NAMES, target=NAMES)
def test_a_wire_drawn_and_taken_away_leaves_the_same_graph(document: Any, source: str, target: str) -> None:
    consumer = Definition.from_document(document).step(target)
    if consumer is None or consumer.type != "Training":
        return
    ports = [port_to_json(port) for port in STEP_TYPES["Training"].ports if port.direction == "in"]
    path = "ModelArtifacts.S3ModelArtifacts"
    try:
        edit = connect(document, {}, source=source, path=path, target=target, port="channel", ports=ports)
    except EditRefused:
        return
    wired, _ = apply_patch(document, edit.definition)
    before, after = (build_graph(Definition.from_document(value)) for value in (document, wired))
    drawn = [edge for edge in after.edges if edge not in before.edges]
    assert [(edge.source, edge.target, edge.kind) for edge in drawn] == [(source, target, "data")]
    assert after.cycles == before.cycles
    holder = Definition.from_document(wired).step(target)
    assert holder is not None
    pointers = [edge.pointer.removeprefix(holder.pointer) for edge in drawn]
    gone, _ = apply_patch(wired, disconnect(wired, {}, target=target, pointers=pointers, ports=ports).definition)
    assert build_graph(Definition.from_document(gone)).edges == before.edges
