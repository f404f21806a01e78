#!/usr/bin/env python
"""Every command of Clary: `python manage.py up`, `run_local`, `login_link`, …"""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.env import EnvironmentInvalid

    try:
        execute_from_command_line(sys.argv)
    except EnvironmentInvalid as wrong:
        sys.exit(f"clary: {wrong}")


if __name__ == "__main__":
    main()
