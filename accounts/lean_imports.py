"""Keeping what nobody here uses out of every process.

`rest_framework.compat` imports each optional library that happens to be installed. Some are: others of our libraries
need them, in processes of their own. They would hold about 18 MB in the parent of web, worker and scheduler.
"""

from __future__ import annotations

import importlib
import sys

#: Optional for the REST framework, and for nothing of ours: fields of PostgreSQL (with its driver, whatever the
#: database is), a client for tests, and two that make its HTML pages, which are not served.
UNUSED = ("django.contrib.postgres", "django.contrib.postgres.fields", "requests", "markdown", "pygments")


def import_rest_framework() -> None:
    """Imports `rest_framework.compat` as if `UNUSED` were not installed. Who imports one of them later gets it."""
    hidden = [name for name in UNUSED if name not in sys.modules]
    # None in sys.modules is the language's own word for "there is no such module".
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # typeshed leaves None out
    try:
        importlib.import_module("rest_framework.compat")
    finally:
        for name in hidden:
            del sys.modules[name]
