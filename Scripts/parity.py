#!/usr/bin/python3
"""Compares churnd's scores with those of Python's xgboost on the same booster.

Usage: parity.py FILE.csv MODEL_DIR SCORES.csv

Encodes the customers a second time, from the manifest alone, so that an error in the encoder shows too.
"""
import csv
import json
import os
import sys

import numpy
import xgboost


def encoded(manifest, rows):
    columns = []
    for feature in manifest["encoder"]["features"]:
        texts = [row[feature["name"].lower()].strip() for row in rows]
        kind = (feature["type"], feature["encoding"])
        if kind == ("numeric", "numeric"):
            columns.append([float(text) if text else numpy.nan for text in texts])
        elif kind == ("boolean", "numeric"):
            true = {"true", "t", "yes", "y", "1"}
            columns.append([float(text.lower() in true) if text else numpy.nan for text in texts])
        elif kind == ("categorical", "ordinal"):
            order = {name: float(index) for index, name in enumerate(feature["categories"])}
            columns.append([order.get(text, numpy.nan) for text in texts])
        else:
            for category in feature["categories"]:
                columns.append([float(text == category) if text else numpy.nan for text in texts])
    return numpy.array(columns, dtype=numpy.float32).T


def main(data, model, scores):
    with open(os.path.join(model, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    with open(data, encoding="utf-8-sig", newline="") as file:
        rows = [{name.lower(): text for name, text in row.items()} for row in csv.DictReader(file)]
    with open(scores, encoding="utf-8", newline="") as file:
        ours = numpy.array([numpy.float32(row["probability"]) for row in csv.DictReader(file)])

    booster = xgboost.Booster()
    booster.load_model(os.path.join(model, manifest["booster"]["name"]))
    theirs = booster.predict(xgboost.DMatrix(encoded(manifest, rows), missing=numpy.nan))
    if len(ours) != len(theirs):
        sys.exit(f"parity: {len(ours)} scores for {len(theirs)} customers")
    worst = float(numpy.max(numpy.abs(ours.astype(float) - theirs.astype(float))))
    equal = int(numpy.sum(ours == theirs))
    print(f"xgboost {xgboost.__version__}: {len(ours)} customers, {equal} scores bit-equal, "
          f"largest difference {worst:.3g} (at most 1e-06 is allowed)")
    if not worst <= 1e-6:
        sys.exit("parity: the scores differ")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
