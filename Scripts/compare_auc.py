#!/usr/bin/python3
"""Makes folds for cross-validation, and measures Python's xgboost on them.

Usage: compare_auc.py folds FILE.csv FOLDS.csv [SEEDS]     writes 5 stratified folds for each of SEEDS (10) seeds
       compare_auc.py measure FILE.csv FOLDS.csv            prints the mean AUC of Python's xgboost on these folds

The file must have the columns of the Telco churn data. The encoding is the usual one: numbers as they are, contracts
by their length, everything else one column a category.
"""
import csv
import sys

import numpy

NUMERIC = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]
CONTRACTS = ["Month-to-month", "One year", "Two year"]
FOLDS = 5


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows, numpy.array([row["Churn"] == "Yes" for row in rows], dtype=numpy.float32)


def encoded(rows):
    columns = []
    for name in rows[0]:
        texts = [row[name] for row in rows]
        if name in ("customerID", "Churn"):
            continue
        if name in NUMERIC:
            columns.append([float(text) if text.strip() else numpy.nan for text in texts])
        elif name == "Contract":
            columns.append([CONTRACTS.index(text) for text in texts])
        else:
            columns += [[float(text == category) for text in texts] for category in sorted(set(texts))]
    return numpy.array(columns, dtype=numpy.float32).T


def auc(labels, scores):
    _, places, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2)[places]
    positives = labels.sum()
    negatives = len(labels) - positives
    return (ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives)


def write_folds(data, path, seeds=10):
    _, labels = read(data)
    columns = []
    for seed in range(int(seeds)):
        random = numpy.random.RandomState(seed)
        folds = numpy.empty(len(labels), dtype=int)
        for label in (0, 1):
            places = numpy.where(labels == label)[0]
            random.shuffle(places)
            folds[places] = numpy.arange(len(places)) % FOLDS
        columns.append(folds)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(f"seed {seed}" for seed in range(int(seeds)))
        writer.writerows(numpy.array(columns).T.tolist())


def measure(data, path):
    import xgboost

    rows, labels = read(data)
    matrix = encoded(rows)
    with open(path, encoding="utf-8", newline="") as file:
        folds = numpy.array(list(csv.reader(file))[1:], dtype=int)
    reference = {"max_depth": 4, "eta": 0.1}
    for name, parameters in (("100 trees, depth 4, rate 0.1", reference), ("defaults, 100 trees", {})):
        parameters = dict(parameters, objective="binary:logistic", nthread=1, verbosity=0)
        found = []
        for column in folds.T:
            for fold in sorted(set(column)):
                here = column == fold
                booster = xgboost.train(parameters, xgboost.DMatrix(matrix[~here], labels[~here]), 100)
                found.append(auc(labels[here], booster.predict(xgboost.DMatrix(matrix[here]))))
        print(f"python xgboost {xgboost.__version__}, {name}: "
              f"mean AUC {numpy.mean(found):.5f} (standard deviation over {len(found)} folds {numpy.std(found):.5f})",
              flush=True)


if __name__ == "__main__":
    commands = {"folds": write_folds, "measure": measure}
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
