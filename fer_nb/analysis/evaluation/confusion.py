"""Which class is taken for which: the confusion matrix, its shares and its ordered pairs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.evaluation.checks import CLASSES


@dataclass(frozen=True)
class ConfusedPair:
    """Images of class `true` that were taken for class `predicted`."""

    true: int
    predicted: int
    count: int
    rank: int
    """Place by count among the 42 ordered pairs, from 1; equal counts share the better place."""


def confusion_matrix(predicted: ArrayLike, labels: ArrayLike) -> NDArray[np.int64]:
    """Count every true class (rows) against every predicted class (columns).

    Args:
        predicted: Predicted classes, (N,).
        labels: True classes, (N,).

    Returns:
        Counts, int64 (7, 7), with sum N; all zero where N is 0.
    """
    truth, guesses = np.asarray(labels, np.int64), np.asarray(predicted, np.int64)
    return np.bincount(CLASSES * truth + guesses, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def confusion_shares(counts: NDArray[np.integer]) -> np.ma.MaskedArray:
    """Return a matrix of counts as shares of its rows: each says what became of a class.

    Args:
        counts: A confusion matrix, (7, 7).

    Returns:
        Shares 0 to 1, masked float64 (7, 7): a row without images is masked.
    """
    totals = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape)
    return np.ma.MaskedArray(counts / np.maximum(totals, 1), mask=totals == 0)


def confused_pairs(counts: NDArray[np.integer]) -> tuple[ConfusedPair, ...]:
    """Return the ordered pairs of classes that are confused, of a matrix (7, 7), the most frequent first."""
    confused = np.argwhere((counts > 0) & _off_diagonal())
    pairs = (confused_pair(counts, int(true), int(predicted)) for true, predicted in confused)
    return tuple(sorted(pairs, key=lambda pair: (pair.rank, pair.true, pair.predicted)))


def confused_pair(counts: NDArray[np.integer], true: int, predicted: int) -> ConfusedPair:
    """Return one ordered pair of different classes with its place among the 42."""
    count = int(counts[true, predicted])
    return ConfusedPair(true, predicted, count, rank=1 + int((counts[_off_diagonal()] > count).sum()))


def most_confused(counts: NDArray[np.integer]) -> tuple[ConfusedPair, ConfusedPair] | None:
    """Return the two classes that are taken for one another most, in both directions.

    The pair has the largest sum of both directions; the more frequent direction comes first. None where there
    is no error at all.
    """
    both = np.where(_off_diagonal(), counts + counts.T, 0)
    if not both.any():
        return None
    first, second = (int(index) for index in np.unravel_index(both.argmax(), both.shape))
    if counts[second, first] > counts[first, second]:
        first, second = second, first
    return confused_pair(counts, first, second), confused_pair(counts, second, first)


def _off_diagonal() -> NDArray[np.bool_]:
    """Return True where a cell of the matrix is an error, (7, 7)."""
    return ~np.eye(CLASSES, dtype=np.bool_)
