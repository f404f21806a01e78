"""The step that is measured: it reads its one input, prints a line, and writes one output that holds its stamps."""

import time

started = time.monotonic_ns()
with open("/opt/ml/processing/input/data/kilobyte.txt") as source:
    size = len(source.read())
print(f"read {size} characters", flush=True)
with open("/opt/ml/processing/output/stamp.txt", "w") as target:
    target.write(f"{started} {time.monotonic_ns()}")
