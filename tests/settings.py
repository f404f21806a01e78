"""Settings of the test run: the real ones, in a folder of their own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

KEPT = ("CLARY_REQUIRE", "CLARY_BROKER_URL")  # the matrix names its broker
for name in [name for name in os.environ if name.startswith("CLARY_") and name not in KEPT]:
    del os.environ[name]
_home = tempfile.mkdtemp(prefix="clary-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["CLARY_HOME"] = _home

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that threads and processes of a test see what the test sees.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_home) / "test.sqlite3")}
STATIC_ROOT = Path(_home) / "studio"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
