#!/usr/bin/env python3
"""Takes the pictures of Docs/images from a running churnd: every page, both themes, wide and narrow.

    "$(Scripts/python.sh)" Scripts/dashboard-images.py http://127.0.0.1:8080

Needs Chromium and the packages of Tests/Integration/requirements.txt: run it with the interpreter that Scripts/python.sh
prints.
"""

import io
import json
import os
import pathlib
import sys
import urllib.request

try:
    from PIL import Image
    from playwright.sync_api import sync_playwright
except ImportError as missing:
    sys.exit(f"dashboard-images.py: the Python package {missing.name} is missing; run it with the interpreter that "
             "Scripts/python.sh prints")

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "Docs" / "images"
COLOURS = 256


def pages(server):
    with urllib.request.urlopen(f"{server}/api/watchlist?risk=High&limit=1") as answer:
        user = json.load(answer)["users"][0]
    with urllib.request.urlopen(f"{server}/api/domain") as answer:
        customer = user[json.load(answer)["id_column"]]
    return {"dashboard": "/", "watchlist": "/watchlist", "customer": f"/customer/{customer}", "cases": "/alerts",
            "analytics": "/analytics", "live": "/live"}


def main(server):
    FOLDER.mkdir(parents=True, exist_ok=True)
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHURN_TEST_CHROMIUM", "/usr/bin/chromium"), chromium_sandbox=False)
        for theme in ["light", "dark"]:
            for name, (width, height) in {"": (1440, 1000), "-narrow": (390, 844)}.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme, locale="en-GB")
                page = context.new_page()
                for page_name, path in pages(server).items():
                    page.goto(server + path)
                    # Long enough for the first figures that are measured.
                    page.wait_for_timeout(2_000)
                    file = FOLDER / f"{page_name}-{theme}{name}.png"
                    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                    image.quantize(COLOURS, dither=Image.Dither.NONE).save(
                        file, optimize=True)
                    total += file.stat().st_size
                context.close()
        browser.close()
    print(f"{total / 1000:.0f} kB in {FOLDER}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
