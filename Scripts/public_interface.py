#!/usr/bin/env python3
"""public_interface.py SYMBOL_GRAPHS FOLDER MODULE...: writes FOLDER/MODULE.txt with one line for each public symbol."""
import glob
import json
import os
import sys


def lines(graphs: str, module: str) -> list[str]:
    """The declarations of a module and of its extensions of other modules, sorted by their path."""
    found = set()
    for path in [f"{graphs}/{module}.symbols.json", *glob.glob(f"{graphs}/{module}@Churn*.symbols.json")]:
        with open(path, encoding="utf-8") as file:
            for symbol in json.load(file)["symbols"]:
                declaration = "".join(part["spelling"] for part in symbol["declarationFragments"])
                found.add((".".join(symbol["pathComponents"]), " ".join(declaration.split())))
    return [f"{path}: {declaration}" for path, declaration in sorted(found)]


def main() -> None:
    graphs, folder, *modules = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for module in modules:
        with open(f"{folder}/{module}.txt", "w", encoding="utf-8") as file:
            file.write("\n".join(lines(graphs, module)) + "\n")


main()
