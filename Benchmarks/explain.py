#!/usr/bin/python3
"""Explanations of ours beside libxgboost's and Python's shap, on one booster, in one run, one thread each.

    /usr/bin/python3 Benchmarks/explain.py [--rows 2000] [--program PROGRAM] [--shap-python PYTHON]

Trains 100 trees of depth 6 over 20 columns with missing values with Debian's python3-xgboost. PROGRAM is
churn-explain-benchmark (release build, which is looked for in .build). PYTHON is one that has shap and xgboost 1.7
(a virtual environment); without it, the line of shap says that it is absent.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import xgboost

ROOT = pathlib.Path(__file__).resolve().parents[1]

SHAP = """
import sys, time, numpy, shap, xgboost
booster = xgboost.Booster(); booster.load_model(sys.argv[1]); booster.set_param({"nthread": 1})
rows = numpy.fromfile(sys.argv[2], dtype=numpy.float32).reshape(-1, booster.num_features())[:300]
explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
# By shap's own C code: otherwise it would ask xgboost.
explainer.model.model_type = "internal"
samples = []
for _ in range(5):
    begin = time.perf_counter()
    values = explainer.shap_values(rows, check_additivity=False)
    samples.append((time.perf_counter() - begin) / len(rows) * 1e6)
theirs = booster.predict(xgboost.DMatrix(rows, nthread=1), pred_contribs=True)[:, :-1]
print(f"shap {shap.__version__}: best {min(samples):.2f} median {sorted(samples)[2]:.2f} us a row; "
      f"largest difference to xgboost {abs(values - theirs).max():.3g}")
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--program", default=str(ROOT / ".build" / "release" / "churn-explain-benchmark"))
    parser.add_argument("--shap-python")
    options = parser.parse_args()

    random = numpy.random.default_rng(1)
    rows = random.normal(size=(max(options.rows, 4000), 20)).astype(numpy.float32)
    odds = rows[:, :10].sum(axis=1) + rows[:, 3] * rows[:, 4] - rows[:, 5] ** 2
    labels = random.random(len(rows)) < 1 / (1 + numpy.exp(-odds))
    rows[random.random(rows.shape) < 0.1] = numpy.nan
    booster = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 6, "eta": 0.1, "min_child_weight": 0.1, "nthread": 1,
         "tree_method": "exact", "verbosity": 0}, xgboost.DMatrix(rows, labels), 100)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model, data, output = folder / "booster.ubj", folder / "rows.f32", folder / "ours.f64"
        booster.save_model(model)
        part = rows[:options.rows]
        part.tofile(data)
        leaves = sum(dump.count("leaf=") for dump in booster.get_dump())
        print(f"100 trees of depth 6, {leaves} leaves, {part.shape[1]} columns, xgboost {xgboost.__version__}")
        subprocess.run([options.program, model, data, output], check=True)
        ours = numpy.fromfile(output, dtype=numpy.float64).reshape(len(part), -1)
        begin = time.perf_counter()
        theirs = booster.predict(xgboost.DMatrix(part, nthread=1), pred_contribs=True)
        taken = (time.perf_counter() - begin) / len(part) * 1e6
        margins = booster.predict(xgboost.DMatrix(part), output_margin=True)
        worst = numpy.max(numpy.abs(ours - theirs))
        sums = numpy.max(numpy.abs(ours.sum(axis=1) - margins))
        print(f"python3-xgboost: {taken:.2f} us a row; largest difference {worst:.3g}, of the sums {sums:.3g}")
        if options.shap_python:
            subprocess.run([options.shap_python, "-c", SHAP, model, data], check=True)
        else:
            print("shap: absent (name a Python that has it with --shap-python)")
        if not max(worst, sums) <= 1e-5:
            sys.exit("explain: the contributions differ by more than 1e-5")


if __name__ == "__main__":
    main()
