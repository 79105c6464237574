#!/usr/bin/python3
"""Makes folds for cross-validation, and compares churnd with Python's xgboost on them.

Usage: compare_auc.py folds FILE.csv FOLDS.csv [SEEDS [FIRST]]   writes 5 stratified folds for each of SEEDS (10) seeds
       compare_auc.py compare FILE.csv FOLDS.csv OURS.csv        compares with churnd's --predictions on these folds

The file must have the columns of the Telco churn data. The encoding is the usual one: numbers as they are, contracts
by their length, everything else one column a category. Python's side has 300 trees of depth 3 at rate 0.05, with 0.8 of
the rows and 0.7 of the columns a tree; once as it is, once calibrated on scores of 5 folds within its training part, as
churnd is. The same code measures both sides. Fails where churnd is worse than the uncalibrated reference in the mean
AUC, the mean log loss or the calibration error.
"""
import csv
import sys

import numpy

from calibration import METHODS

NUMERIC = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]
CONTRACTS = ["Month-to-month", "One year", "Two year"]
FOLDS = 5
BINS = 15
ROUNDS = 300
REFERENCE = {
    "max_depth": 3, "eta": 0.05, "subsample": 0.8, "colsample_bytree": 0.7, "objective": "binary:logistic",
    "nthread": 1, "verbosity": 0,
}
# The 97.5 % points of Student's distribution for this many differences.
POINTS = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 10: 2.262, 15: 2.145, 20: 2.093, 25: 2.064, 50: 2.010}


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows, numpy.array([row["Churn"] == "Yes" for row in rows], dtype=numpy.float32)


def table(path, kind):
    with open(path, encoding="utf-8", newline="") as file:
        return numpy.array(list(csv.reader(file))[1:], dtype=kind).T


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


def log_loss(labels, scores):
    scores = numpy.clip(scores.astype(float), 1e-15, 1 - 1e-15)
    return -numpy.where(labels == 1, numpy.log(scores), numpy.log1p(-scores)).mean()


def calibration_error(labels, scores):
    bins = numpy.array_split(numpy.argsort(scores, kind="stable"), BINS)
    return sum(len(part) * abs(scores[part].mean() - labels[part].mean()) for part in bins) / len(labels)


def stratified(labels, seed):
    random = numpy.random.RandomState(seed)
    folds = numpy.empty(len(labels), dtype=int)
    for label in (0, 1):
        places = numpy.where(labels == label)[0]
        random.shuffle(places)
        folds[places] = numpy.arange(len(places)) % FOLDS
    return folds


def write_folds(data, path, seeds=10, first=0):
    _, labels = read(data)
    seeds = range(int(first), int(first) + int(seeds))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(f"seed {seed}" for seed in seeds)
        writer.writerows(numpy.array([stratified(labels, seed) for seed in seeds]).T.tolist())


def reference(matrix, labels, folds):
    """Python's probabilities on the folds: uncalibrated, and with each calibration."""
    import xgboost

    def scores(train, test):
        booster = xgboost.train(REFERENCE, xgboost.DMatrix(matrix[train], labels[train]), ROUNDS)
        return booster.predict(xgboost.DMatrix(matrix[test]))

    sides = {name: numpy.empty(folds.shape) for name in ["none", *METHODS]}
    for repetition, column in enumerate(folds):
        for fold in range(FOLDS):
            here, rest = numpy.where(column == fold)[0], numpy.where(column != fold)[0]
            found = scores(rest, here)
            sides["none"][repetition, here] = found
            inner, unseen = stratified(labels[rest], 1_000 + fold), numpy.empty(len(rest))
            for part in range(FOLDS):
                unseen[inner == part] = scores(rest[inner != part], rest[inner == part])
            for name, method in METHODS.items():
                sides[name][repetition, here] = method(unseen, labels[rest])(found)
    return sides


def measures(labels, folds, side):
    """AUC, log loss and calibration error fold by fold; the calibration error of each repetition's folds together."""
    parts = [(labels[column == fold], scores[column == fold])
             for column, scores in zip(folds, side) for fold in range(FOLDS)]
    return {
        "AUC": numpy.array([auc(*part) for part in parts]),
        "log loss": numpy.array([log_loss(*part) for part in parts]),
        "ECE, a fold": numpy.array([calibration_error(*part) for part in parts]),
        "ECE, all folds": numpy.array([calibration_error(labels, scores) for scores in side]),
    }


def interval(differences, are_folds):
    """Mean and half the width of the 95 % interval.

    Folds share their training rows: the variance is corrected by the share of test to training rows (Nadeau and Bengio
    2003). Repetitions share all rows: theirs is the plain interval, of the split alone.
    """
    count = len(differences)
    share = 1 / count + (1 / (FOLDS - 1) if are_folds else 0)
    half = POINTS.get(count, 2.0) * numpy.sqrt(differences.var(ddof=1) * share) if count > 1 else float("nan")
    return differences.mean(), half


def compare(data, path, ours):
    rows, labels = read(data)
    folds = table(path, int)
    sides = {"churnd": table(ours, float)}
    sides.update({f"python, {name}": side for name, side in reference(encoded(rows), labels, folds).items()})
    found = {name: measures(labels, folds, side) for name, side in sides.items()}
    for name, values in found.items():
        print(f"{name:14}", ", ".join(f"{key} {value.mean():.5f}" for key, value in values.items()))
    worse = []
    for name in list(sides)[1:]:
        for key, value in found["churnd"].items():
            mean, half = interval(value - found[name][key], key != "ECE, all folds")
            print(f"churnd minus {name:14} {key:15} {mean:+.5f} ({mean - half:+.5f} to {mean + half:+.5f})")
            if name == "python, none" and key != "ECE, a fold" and (mean < 0 if key == "AUC" else mean > 0):
                worse.append(key)
    print("worse in " + ", ".join(worse) if worse else "at least as good as the reference")
    sys.exit(1 if worse else 0)


if __name__ == "__main__":
    commands = {"folds": (write_folds, 4, 6), "compare": (compare, 5, 5)}
    command, least, most = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0, 0))
    if command is None or not least <= len(sys.argv) <= most:
        sys.exit(__doc__)
    command(*sys.argv[2:])
