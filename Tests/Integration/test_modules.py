"""The picture of the modules in Docs/architecture.md is that of Package.swift."""

import json
import re
import subprocess

from harness import ROOT


def drawn():
    """The arrows of the picture, as pairs of module and imported module."""
    text = (ROOT / "Docs" / "architecture.md").read_text(encoding="utf-8")
    picture = re.search(r"```mermaid\nflowchart BT\n(.*?)```", text, re.S)
    assert picture, "Docs/architecture.md has no picture of the modules"
    return set(re.findall(r"(\w+) --> (\w+)", picture[1]))


def declared():
    """The same of Package.swift, without system libraries, packages and tests."""
    dump = subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = {target["name"]: target for target in json.loads(dump.stdout)["targets"] if not target.get("path")}
    own = {name for name, target in targets.items() if target["type"] in ("regular", "executable")}
    return {(name, other) for name in own for dependency in targets[name]["dependencies"]
            for other in [next(iter(dependency.values()))[0]] if other in own}


def test_the_picture_of_the_modules_is_that_of_the_package():
    assert drawn() == declared()
