"""The step that is measured: it reads its one input, prints a line, and writes one output that holds its stamps."""

import sys
import time

started = time.monotonic_ns()
with open(sys.argv[1]) as source:
    size = len(source.read())
print(f"read {size} characters", flush=True)
with open(sys.argv[2], "w") as target:
    target.write(f"{started} {time.monotonic_ns()}")
