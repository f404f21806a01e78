"""The table of management commands."""

from __future__ import annotations

from argparse import Action

from django.core.management import get_commands, load_command_class

from scripts.reference.markdown import code, codes, sentence, table

ROOMS = ("accounts", "editor", "registry", "runs")
#: Options every Django command has.
_EVERYWHERE = frozenset(
    {
        "force_color",
        "help",
        "no_color",
        "pythonpath",
        "settings",
        "skip_checks",
        "traceback",
        "verbosity",
        "version",
    }
)


def own_commands() -> dict[str, str]:
    """Name → room of every command that is ours."""
    return {name: str(room) for name, room in sorted(get_commands().items()) if room in ROOMS}


def commands() -> str:
    """One row per command; `up` is none of Django's and is told by hand."""
    return table(("Command", "Arguments", "What it does"), (_row(name, room) for name, room in own_commands().items()))


def _row(name: str, room: str) -> tuple[str, str, str]:
    command = load_command_class(room, name)
    parser = command.create_parser("manage.py", name)
    shown = [_shown(action) for action in parser._actions if action.dest not in _EVERYWHERE]
    return code(f"python manage.py {name}"), codes(shown), sentence(command.help)


def _shown(action: Action) -> str:
    if not action.option_strings:
        return f"[{action.dest}]" if action.nargs in ("?", "*") else action.dest
    takes = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return f"{action.option_strings[-1]}{takes}"
