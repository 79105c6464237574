"""Calibration of scores in numpy, as churnd does it, so that both sides of a comparison can have the same."""
import numpy


def log_odds(scores):
    scores = numpy.clip(numpy.asarray(scores, dtype=float), 1e-9, 1 - 1e-9)
    return numpy.log(scores) - numpy.log1p(-scores)


def platt(scores, labels):
    """A straight line through the log-odds, by Newton's method."""
    places = numpy.column_stack([log_odds(scores), numpy.ones(len(labels))])
    positives = labels.sum()
    targets = numpy.where(labels == 1, (positives + 1) / (positives + 2), 1 / (len(labels) - positives + 2))
    weights = numpy.array([1.0, 0.0])
    for _ in range(50):
        found = 1 / (1 + numpy.exp(-places @ weights))
        spread = (places * (found * (1 - found))[:, None]).T @ places
        weights = weights + numpy.linalg.solve(spread, places.T @ (targets - found))
    return lambda others: 1 / (1 + numpy.exp(-(weights[0] * log_odds(others) + weights[1])))


def isotonic(scores, labels):
    """Pools neighbours in the wrong order, and draws a rising line through the middle of the steps."""
    blocks = []
    for place in numpy.argsort(scores, kind="stable"):
        block = [float(scores[place]), float(labels[place]), 1.0]
        while blocks and blocks[-1][1] / blocks[-1][2] >= block[1] / block[2]:
            block = [sum(pair) for pair in zip(block, blocks.pop())]
        blocks.append(block)
    edge = 0.5 / (len(labels) + 1)
    x = [score / count for score, _, count in blocks]
    y = [min(max(positives / count, edge), 1 - edge) for _, positives, count in blocks]
    x, y = [0.0, *x, 1.0], [y[0] / 2, *y, (1 + y[-1]) / 2]
    return lambda others: numpy.interp(others, x, y)


def blend(scores, labels):
    """Half-way between both, in log-odds."""
    line, steps = platt(scores, labels), isotonic(scores, labels)
    return lambda others: 1 / (1 + numpy.exp(-(log_odds(line(others)) + log_odds(steps(others))) / 2))


METHODS = {"platt": platt, "blend": blend}
