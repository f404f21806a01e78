"""Keeping what nobody here uses out of every process.

`rest_framework.compat` imports each optional library that happens to be installed. Some are: others of our libraries
need them, in processes of their own. They would hold about 18 MB in the parent of web, worker and scheduler.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

#: Optional for the REST framework, and for nothing of ours: fields of PostgreSQL (with its driver, whatever the
#: database is), a client for tests, and two that make its HTML pages, which are not served.
UNUSED = ("django.contrib.postgres", "django.contrib.postgres.fields", "requests", "markdown", "pygments")


#: Of Django's own administration pages, which are not served, one function that cleans up patterns of addresses.
CLEANER = "django.contrib.admindocs.views"
ADMIN, GUARD = "django.contrib.admin", "django.contrib.admin.views.decorators"


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
    _import_cleaner()


def _import_cleaner() -> None:
    """`CLEANER` without the administration it is a part of, which is some 40 modules."""
    if ADMIN in sys.modules or CLEANER in sys.modules:
        return
    guard = ModuleType(GUARD)
    guard.staff_member_required = lambda view: view  # type: ignore[attr-defined]  # no view of theirs has an address
    stand_ins = {ADMIN: ModuleType(ADMIN), "django.contrib.admin.views": ModuleType(""), GUARD: guard}
    sys.modules.update(stand_ins)
    try:
        importlib.import_module(CLEANER)
    finally:
        for name in stand_ins:
            del sys.modules[name]
