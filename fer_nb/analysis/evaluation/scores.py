"""Precision, recall and F1 by class, and the scores over all classes, from a confusion matrix."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import kendalltau
from sklearn.metrics import cohen_kappa_score

from fer_nb.analysis.evaluation.checks import CLASSES
from fer_nb.analysis.evaluation.intervals import Estimate, Proportion, accuracy_interval, macro_f1_interval
from fer_nb.errors import InputError


@dataclass(frozen=True)
class ClassScore:
    """One class: how much of it is found (recall) and what a prediction of it is worth (precision)."""

    label: int
    support: int
    """Images of the class."""
    predicted: int
    """Predictions of the class."""
    recall: Proportion
    precision: Proportion
    f1: Estimate


@dataclass(frozen=True)
class OverallScores:
    """Scores over all images and classes, 0 to 1 (kappa -1 to 1); None where there is nothing to measure."""

    balanced_accuracy: float | None
    """Mean recall of the classes that have images: every class counts the same."""
    macro_f1: Estimate
    kappa: float | None
    """Cohen's kappa: agreement beyond chance. None where chance alone would agree always."""


@dataclass(frozen=True)
class Correlation:
    """Kendall's tau over `classes` points, -1 to 1, with its p-value; both None where it is not defined."""

    tau: float | None
    p_value: float | None
    classes: int


def class_scores(counts: NDArray[np.integer]) -> tuple[ClassScore, ...]:
    """Return the scores of all seven classes, with intervals.

    Recall and precision are shares with Wilson intervals. F1 is 2J / (1 + J) of the Jaccard share
    J = TP / (TP + FP + FN), and rises with it: its interval is the Wilson interval of J taken through the
    same formula.

    Args:
        counts: A confusion matrix, (7, 7), rows true and columns predicted.
    """
    scores = []
    for label in range(CLASSES):
        correct = int(counts[label, label])
        support, predicted = int(counts[label].sum()), int(counts[:, label].sum())
        recall, precision = accuracy_interval(correct, support), accuracy_interval(correct, predicted)
        jaccard = accuracy_interval(correct, support + predicted - correct)
        f1 = Estimate(_f1(jaccard.accuracy), _f1(jaccard.low), _f1(jaccard.high))
        scores.append(ClassScore(label, support, predicted, recall, precision, f1))
    return tuple(scores)


def overall_scores(counts: NDArray[np.integer], *, seed: int | np.random.Generator) -> OverallScores:
    """Return the scores over all classes; means are taken over the classes that have images.

    Args:
        counts: A confusion matrix, (7, 7), rows true and columns predicted.
        seed: Seed of the bootstrap interval of macro-F1.
    """
    recalls = [score.recall.accuracy for score in class_scores(counts) if score.recall.accuracy is not None]
    balanced = float(np.mean(recalls)) if recalls else None
    return OverallScores(balanced, macro_f1_interval(counts, seed=seed), _kappa(counts))


def recall_size_correlation(counts: NDArray[np.integer], sizes: ArrayLike) -> Correlation:
    """Ask whether larger classes are recognised better: Kendall's tau of recall against class size.

    The p-value is exact, also where there are ties: the share of all orders of the recalls, 5,040 of seven,
    that agree or disagree with the sizes at least as much.

    Args:
        counts: A confusion matrix, (7, 7).
        sizes: Training images of each class, (7,).
    """
    images = np.asarray(sizes)
    if images.shape != (CLASSES,):
        raise InputError.expected("class sizes", f"shape ({CLASSES},)", images.shape)
    points = [(images[score.label], score.recall.accuracy) for score in class_scores(counts) if score.support]
    if any(len({point[axis] for point in points}) < 2 for axis in (0, 1)):
        return Correlation(None, None, len(points))
    columns = np.array(points, np.float64).T
    order = np.array(list(permutations(range(len(points)))))
    first, second = np.triu_indices(len(points), 1)
    signs = [np.sign(column[first] - column[second]) for column in columns]
    agreement = np.sign(columns[1][order][:, first] - columns[1][order][:, second]) @ signs[0]
    p_value = float((np.abs(agreement) >= abs(signs[0] @ signs[1])).mean())
    return Correlation(float(kendalltau(*columns).statistic), p_value, len(points))


def _f1(jaccard: float | None) -> float | None:
    return None if jaccard is None else 2 * jaccard / (1 + jaccard)


def _kappa(counts: np.ndarray) -> float | None:
    """Return Cohen's kappa of the matrix: every cell is one pair of ratings with its count as weight."""
    true, predicted = (index.ravel() for index in np.indices(counts.shape))
    total = counts.sum()
    if total == 0 or (counts.sum(axis=0) @ counts.sum(axis=1)) == total**2:
        return None
    return float(cohen_kappa_score(true, predicted, sample_weight=counts.ravel()))
