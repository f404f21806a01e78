"""The editor's canvas with 1,000 steps in headless Chromium: first paint, and the CPU of a pan.

CPU is the renderer's main thread in DevTools thread ticks, which other load on the machine does not disturb.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

from scripts.bench.clary import ROOT, Clary
from scripts.bench.shapes import Shape

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NODE = ".react-flow__node"


def login_link(server: Clary) -> str:
    variables = {**os.environ, "CLARY_HOME": str(server.home)}
    words = [sys.executable, "manage.py", "login_link"]
    text = subprocess.run(words, cwd=ROOT, env=variables, capture_output=True, text=True, check=True).stdout
    token = text.split("token=")[1].split()[0]
    return f"{server.url}/?token={token}"


def measure(server: Clary, shape: Shape) -> dict[str, float]:
    """Milliseconds: `first_paint` (navigation to nodes on screen), `paint_cpu`, `pan_cpu` of 60 mouse moves."""
    from playwright.sync_api import sync_playwright

    pipeline = server.pipeline("canvas-1000", shape, "pass")
    browser_path = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(login_link(server))
            page.goto(f"{server.url}/pipelines")
            page.goto(f"{server.url}/pipelines/{pipeline}")
            page.wait_for_selector(NODE)
            tools = page.context.new_cdp_session(page)
            tools.send("Performance.enable", {"timeDomain": "threadTicks"})

            def cpu() -> float:
                metrics = tools.send("Performance.getMetrics")["metrics"]
                return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration")) * 1e3

            page.goto(f"{server.url}/pipelines")
            page.wait_for_load_state("networkidle")
            before, begun = cpu(), time.perf_counter()
            page.goto(f"{server.url}/pipelines/{pipeline}")
            page.wait_for_selector(NODE)
            painted = (time.perf_counter() - begun) * 1e3
            paint_cpu = cpu() - before
            page.wait_for_load_state("networkidle")
            page.mouse.move(700, 450)
            before = cpu()
            page.keyboard.down("Space")
            page.mouse.down()
            for step in range(60):
                page.mouse.move(700 - step * 6, 450 - step * 2)
            page.mouse.up()
            page.keyboard.up("Space")
            return {"first_paint": painted, "paint_cpu": paint_cpu, "pan_cpu": cpu() - before}
        finally:
            browser.close()
