#!/usr/bin/env python3
"""The dashboard under load, measured in the browser: frames, memory, and the first paint.

Starts a demo at a rate, opens pages in Chromium, and prints one JSON line for each. Needs the packages of
Tests/Integration/requirements.txt (Scripts/python.sh), a built churnd (CHURND) and a built dashboard.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "Tests" / "Integration"), str(ROOT / "Tests" / "Integration" / "dashboard")]

from browsing import BUNDLE, PAGES, browser  # noqa: E402
from harness import start_demo  # noqa: E402

# Counts the time between two frames, in buckets of a millisecond: what measures must not itself fill the memory.
FRAMES = """() => {
  const counts = new Uint32Array(2001);
  window.churnFrames = counts;
  let last = performance.now();
  const tick = (now) => {
    counts[Math.min(2000, Math.max(0, Math.round(now - last)))] += 1;
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""


def quantile(counts, at):
    left = at * sum(counts)
    for milliseconds, count in enumerate(counts):
        left -= count
        if left <= 0:
            return milliseconds
    return None


def heap(session):
    """Bytes in use after a collection."""
    session.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return metrics["JSHeapUsedSize"]


def first_paint(running, address):
    """The first contentful paint of a browser that has nothing yet, the middle of five."""
    times = []
    for _ in range(5):
        context = running.new_context()
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(".kpi-figure")
        paints = page.evaluate("performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime)")
        times += paints
        context.close()
    return statistics.median(times)


def measure(running, demo, path, seconds):
    context = running.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(demo.http + path)
    # The first seconds are the load of the page, not the load on it.
    page.wait_for_timeout(10_000)
    heaps = [heap(session)]
    page.evaluate(FRAMES)
    parts = 6
    for _ in range(parts):
        page.wait_for_timeout(seconds * 1000 / parts)
        heaps.append(heap(session))
    counts = page.evaluate("Array.from(window.churnFrames)")
    rate = page.locator(".kpi-figure").filter(has_text="events/s").first.inner_text() if path in ("/", "/live") else None
    context.close()
    frames, late = sum(counts), sum(counts[51:])
    return {
        "path": path, "seconds": seconds, "frames": frames, "frames_over_50_ms": late,
        "share_over_50_ms": round(late / frames, 5), "frame_ms_p50": quantile(counts, 0.5),
        "frame_ms_p99": quantile(counts, 0.99), "heap_mib": [round(one / 2**20, 2) for one in heaps],
        "rate_on_page": rate and rate.replace("\n", " "),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pages", default="live,dashboard")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, browser() as running:
        demo = start_demo(folder, "--rate", str(options.rate), "--http-dashboard", str(BUNDLE))
        try:
            paint = first_paint(running, demo.http + "/")
            print(json.dumps({"first_contentful_paint_ms": round(paint)}), flush=True)
            for name in options.pages.split(","):
                print(json.dumps(measure(running, demo, PAGES[name], options.seconds)), flush=True)
        finally:
            demo.stop()


if __name__ == "__main__":
    main()
