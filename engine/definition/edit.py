"""The studio's edit commands: pure functions from documents and arguments to patches.

The browser carries the same commands out on its own; both replay tests/golden/edits, which also states the rules.
Each takes (definition document, layout document, **arguments) and returns an Edit, or raises EditRefused.
Nothing is changed: apply the patches with `patch.apply_patch`, whose inverse is the undo.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.definition.edit_base import Edit, EditRefused
from engine.definition.edit_steps import (
    add_step,
    connect_branch,
    disconnect_branch,
    move_steps,
    remove_steps,
    rename_step,
)
from engine.definition.edit_values import (
    add_parameter,
    remove_parameter,
    rename_parameter,
    set_condition,
    set_value,
    unset_value,
)
from engine.definition.edit_wires import connect, depend, disconnect

__all__ = [
    "COMMANDS",
    "Edit",
    "EditRefused",
    "add_parameter",
    "add_step",
    "connect",
    "connect_branch",
    "depend",
    "disconnect",
    "disconnect_branch",
    "move_steps",
    "remove_parameter",
    "remove_steps",
    "rename_parameter",
    "rename_step",
    "run_command",
    "set_condition",
    "set_value",
    "unset_value",
]

COMMANDS: Mapping[str, Callable[..., Edit]] = {
    command.__name__: command
    for command in (
        add_step,
        remove_steps,
        rename_step,
        move_steps,
        connect,
        depend,
        disconnect,
        connect_branch,
        disconnect_branch,
        set_value,
        unset_value,
        set_condition,
        add_parameter,
        rename_parameter,
        remove_parameter,
    )
}


def run_command(name: str, document: Any, layout: Any, args: Mapping[str, Any]) -> Edit:
    """One command by name. An unknown name is refused like any command that does not fit."""
    command = COMMANDS.get(name)
    if command is None:
        raise EditRefused("unknown-command", f"There is no edit command {name!r}.")
    return command(document, layout, **args)
