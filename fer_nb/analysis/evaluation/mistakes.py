"""Which images to look at: the errors worth showing, and right answers that lie next to them."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist


def error_rows(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], *, true: int, predicted: int
) -> NDArray[np.int64]:
    """Return the rows of the images of one class that are taken for another, the most confident error first.

    Args:
        probabilities: (N, 7).
        labels: True classes, (N,).
        true: The class that they have.
        predicted: The class that they are taken for.

    Returns:
        Rows, int64 (E,), by falling probability of the predicted class; empty where there is no such error.
    """
    guesses = probabilities.argmax(axis=1)
    rows = np.flatnonzero((labels == true) & (guesses == predicted))
    return rows[(-probabilities[rows, guesses[rows]]).argsort(kind="stable")]


def nearest_correct(
    logits: NDArray[np.floating], labels: NDArray[np.integer], rows: NDArray[np.integer], *, label: int
) -> NDArray[np.int64]:
    """Find the correctly classified images of a class that the network sees as most like some images.

    Args:
        logits: Of all images, (N, 7); nearness is Euclidean distance between logits, the least in sum.
        labels: True classes, (N,).
        rows: Rows whose neighbours are wanted, (R,), each 0 to N - 1.
        label: The class that the neighbours have and are given.

    Returns:
        Rows, int64 (R,), no image twice and in the order of `rows`; fewer where there are not so many.
    """
    candidates = np.flatnonzero((labels == label) & (logits.argmax(axis=1) == label))
    return candidates[linear_sum_assignment(cdist(logits[rows], logits[candidates]))[1]]
