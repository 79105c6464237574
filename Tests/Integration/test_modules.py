"""The modules: the picture in Docs/architecture.md is that of Package.swift, and no library names the program."""

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


def test_no_library_names_the_program():
    """Nor its environment variables, nor a script; `CommandAdvice` adds what helps at a terminal. Pages (.md) may."""
    sources = ROOT / "Sources"
    named = re.compile(r"\bchurnd\b|\bCHURN_[A-Z]|\bScripts/")
    files = [path for path in sorted(sources.rglob("*.swift")) if path.relative_to(sources).parts[0] != "churnd"]
    assert len(files) > 100
    found = [f"{path.relative_to(ROOT)}:{number}: {line.strip()}" for path in files
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if named.search(line)]
    assert not found, "\n".join(found)
