#!/usr/bin/env python
"""Every command of Clary: `python manage.py up`, `run_local`, `login_link`, …"""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.env import EnvironmentInvalid

    try:
        if sys.argv[1:2] == ["up"]:
            sys.exit(up(sys.argv[2:]))
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except EnvironmentInvalid as wrong:
        sys.exit(f"clary: {wrong}")


def up(arguments: list[str]) -> int:
    """Starts everything. The supervising process loads no Django, so that it stays small and starts at once."""
    from config.env import read_environment
    from runs.supervisor.main import Settings
    from runs.supervisor.main import main as supervise

    environment = read_environment(os.environ)
    settings = Settings(
        home=environment.home,
        host=environment.host,
        port=environment.port,
        workers=environment.workers,
        broker_url=environment.broker_url,
        manage=Path(__file__).resolve(),
    )
    return supervise(arguments, settings)


if __name__ == "__main__":
    main()
