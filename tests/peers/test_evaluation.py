"""Numbers of `fer_nb.analysis.evaluation` beside statsmodels, scikit-learn and SciPy.

Each is compared on random cases; `python -m pytest tests/peers -s` prints the largest difference of each.
What a peer answers for some inputs alone is compared on those.
"""

from itertools import permutations
from unittest.mock import patch

import numpy as np
import pytest
import scipy.special
import scipy.stats
import sklearn.metrics
from peers import agree, on_random_cases

from fer_nb.analysis import evaluation


def some_predictions(generator, most=300):
    """Predicted and true classes of an unequal, partly right, sometimes tiny set of images."""
    count = int(generator.integers(2, most))
    labels = generator.choice(7, count, p=generator.dirichlet(np.full(7, 0.7)))
    right = generator.random(count) < generator.random()
    return np.where(right, labels, generator.integers(0, 7, count)), labels


def some_probabilities(generator):
    """Probabilities about as sharp as of a network, now and then rounded so that they tie."""
    _, labels = some_predictions(generator)
    logits = generator.normal(0, 2, (len(labels), 7))
    logits[np.arange(len(labels)), labels] += generator.uniform(0, 3)
    shares = scipy.special.softmax(logits * generator.uniform(0.2, 3), axis=1)
    if generator.random() < 0.3:
        shares = np.round(shares, 1) + 1e-3
        shares /= shares.sum(axis=1, keepdims=True)
    return shares, labels


@on_random_cases
def test_wilson_intervals(generator):
    from statsmodels.stats.proportion import proportion_confint

    n = int(generator.integers(1, 10_000))
    right = int(generator.integers(0, n + 1))
    ours = evaluation.accuracy_interval(right, n)
    agree(
        "Wilson interval", "statsmodels proportion_confint", (ours.low, ours.high),
        proportion_confint(right, n, method="wilson"),
    )  # fmt: skip


@on_random_cases
def test_mcnemar(generator):
    from statsmodels.stats.contingency_tables import mcnemar

    first, second = (generator.random(50) < generator.random() for _ in range(2))
    ours = evaluation.mcnemar(first, second)
    agree(
        "McNemar p", "statsmodels mcnemar(exact)", ours.p_value,
        mcnemar([[0, ours.b], [ours.c, 0]], exact=True).pvalue,
    )  # fmt: skip


@on_random_cases
def test_holm(generator):
    from statsmodels.stats.multitest import multipletests

    values = generator.random(int(generator.integers(1, 20))) ** 3
    with patch("gc.collect"):  # statsmodels clears all memory of every call, which takes half a second
        theirs = multipletests(values, method="holm")[1]
    agree("Holm", "statsmodels multipletests", evaluation.holm(values), theirs)


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true", "ignore:A single label was found")
@on_random_cases
def test_scores(generator):
    predicted, labels = some_predictions(generator)
    matrix = evaluation.confusion_matrix(predicted, labels)
    agree(
        "confusion matrix", "scikit-learn confusion_matrix", matrix,
        sklearn.metrics.confusion_matrix(labels, predicted, labels=range(7)),
    )  # fmt: skip
    precision, recall, f1, support = sklearn.metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(7), zero_division=np.nan
    )
    ours = evaluation.class_scores(matrix)
    peer = "scikit-learn precision_recall_fscore"
    agree("recall", peer, [score.recall.accuracy for score in ours], recall)
    agree("precision", peer, [score.precision.accuracy for score in ours], precision)
    both = np.array([score.f1.value is not None for score in ours])
    agree("F1", peer, [score.f1.value for score in np.array(ours)[both]], np.nan_to_num(f1)[both])
    overall = evaluation.overall_scores(matrix, seed=0)
    agree(
        "balanced accuracy", "scikit-learn", overall.balanced_accuracy,
        sklearn.metrics.balanced_accuracy_score(labels, predicted),
    )  # fmt: skip
    present = support > 0
    agree("macro-F1", "scikit-learn", overall.macro_f1.value, np.nan_to_num(f1)[present].mean())
    if overall.kappa is not None:
        agree("kappa", "scikit-learn", overall.kappa, sklearn.metrics.cohen_kappa_score(labels, predicted))


@on_random_cases
def test_kendall(generator):
    right, sizes = generator.permutation(7), generator.permutation(7)
    matrix = np.diag(right)
    matrix[range(7), (np.arange(7) + 1) % 7] = 7 - right
    ours = evaluation.recall_size_correlation(matrix, sizes)
    theirs = scipy.stats.kendalltau(sizes, right, method="exact")
    agree("Kendall's tau", "SciPy kendalltau", ours.tau, theirs.statistic)
    agree("Kendall's p", "SciPy kendalltau(exact)", ours.p_value, theirs.pvalue)


@pytest.mark.parametrize("seed", range(8))
def test_kendall_with_ties_by_trying_every_order(seed):
    generator = np.random.default_rng(seed)
    matrix = np.zeros((7, 7), int)
    matrix[range(5), range(5)] = generator.integers(1, 4, 5)  # two classes have no images
    matrix[range(5), 6] = 4 - matrix[range(5), range(5)]
    sizes = generator.integers(1, 4, 7)
    shares = np.diagonal(matrix)[:5] / 4
    ours = evaluation.recall_size_correlation(matrix, sizes)
    if ours.tau is None:
        return
    every = [scipy.stats.kendalltau(sizes[:5], order).statistic for order in permutations(shares)]
    exact = (np.abs(every) >= abs(ours.tau) - 1e-12).mean()
    agree("Kendall's p with ties", "SciPy kendalltau, every order", ours.p_value, exact)


@on_random_cases
def test_calibration_error(generator):
    shares, labels = some_probabilities(generator)
    ours = evaluation.expected_calibration_error(shares, labels)
    top, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    share, mean, _ = (
        scipy.stats.binned_statistic(top, values, "sum", bins=15, range=(0, 1))
        for values in (right, top, top)
    )
    agree("ECE", "SciPy binned_statistic", ours, np.abs(share[0] - mean[0]).sum() / len(labels))


@on_random_cases
def test_temperature(generator):
    from scipy.optimize import minimize

    _, labels = some_predictions(generator)
    logits = generator.normal(0, 1, (len(labels), 7)) * 10 ** generator.uniform(-3, 3)
    logits[np.arange(len(labels)), labels] += generator.uniform(0, 1) * logits.std()
    ours = evaluation.fit_temperature(logits, labels)

    def loss(inverse):
        return -scipy.special.log_softmax(logits * inverse, axis=1)[np.arange(len(labels)), labels].mean()

    if ours.determined:
        unit = 1 / ours.temperature
        found = minimize(
            lambda x: loss(x[0] * unit), [0.5], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14}
        )
        agree("temperature (relative)", "SciPy Nelder-Mead", 1.0, found.x[0], to=1e-3)
        assert loss(unit) <= found.fun + 1e-12
    else:
        sizes = np.abs(logits).max()
        assert loss(0) <= loss(1e-3 / sizes) or loss(1e9 / sizes) <= 1e-3
