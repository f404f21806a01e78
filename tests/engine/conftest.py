"""Property tests of the engine: few examples, and no deadline, since the machine may be busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("clary", max_examples=40, deadline=None)
settings.load_profile("clary")
