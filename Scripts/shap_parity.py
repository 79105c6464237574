#!/usr/bin/python3
"""Compares churnd's explanations with the contributions of Python's xgboost on the same booster.

Usage: shap_parity.py FILE.csv MODEL_DIR REASONS.csv

The customers are encoded a second time (see parity.py), and the columns of a feature are added up here.
"""
import csv
import json
import os
import sys

import numpy
import xgboost

from parity import encoded


def main(data, model, reasons):
    with open(os.path.join(model, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    with open(data, encoding="utf-8-sig", newline="") as file:
        rows = [{name.lower(): text for name, text in row.items()} for row in csv.DictReader(file)]
    with open(reasons, encoding="utf-8", newline="") as file:
        ours = numpy.array([[float(text) for text in list(row.values())[1:]] for row in csv.DictReader(file)])

    booster = xgboost.Booster()
    booster.load_model(os.path.join(model, manifest["booster"]["name"]))
    matrix = xgboost.DMatrix(encoded(manifest, rows), missing=numpy.nan)
    theirs = booster.predict(matrix, pred_contribs=True).astype(float)
    margins = booster.predict(matrix, output_margin=True).astype(float)
    folded, column = [theirs[:, -1]], 0
    for feature in manifest["encoder"]["features"]:
        width = len(feature["categories"]) if feature["encoding"] == "one-hot" else 1
        folded.append(theirs[:, column:column + width].sum(axis=1))
        column += width
    folded = numpy.array(folded).T
    if ours[:, 1:].shape != folded.shape:
        sys.exit(f"shap_parity: {ours[:, 1:].shape} contributions for {folded.shape}")
    worst = float(numpy.max(numpy.abs(ours[:, 1:] - folded)))
    sums = float(numpy.max(numpy.abs(ours[:, 1:].sum(axis=1) - margins)))
    print(f"xgboost {xgboost.__version__}: {len(ours)} customers, largest difference of a feature's contribution "
          f"{worst:.3g}, of the sum to the margin {sums:.3g} (at most 1e-05 is allowed)")
    if not max(worst, sums) <= 1e-5:
        sys.exit("shap_parity: the explanations differ")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
