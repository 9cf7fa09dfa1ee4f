"""Which images to look at: the errors worth showing, and right answers that lie next to them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from fer_nb.analysis.evaluation.checks import checked_pair, checked_scores
from fer_nb.errors import InputError


def predicted_classes(logits: ArrayLike) -> NDArray[np.int64]:
    """Return the class with the largest logit, int64 (N,), of logits or probabilities (N, 7).

    Raises:
        InputError: A row holds NaN or infinity: its largest entry would mean nothing.
    """
    return checked_scores(logits, what="logits").argmax(axis=1).astype(np.int64)


def error_rows(
    probabilities: ArrayLike, labels: ArrayLike, *, true: int | None = None, predicted: int | None = None
) -> NDArray[np.int64]:
    """Return the rows of wrongly classified images, the most confident error first.

    Args:
        probabilities: (N, 7).
        labels: True classes, (N,).
        true: Keep errors on this class only.
        predicted: Keep errors taken for this class only.

    Returns:
        Rows, int64 (E,), by falling probability of the predicted class; empty where there is no such error.
    """
    shares, truth = checked_pair(probabilities, labels, what="probabilities")
    guesses = shares.argmax(axis=1)
    wrong = guesses != truth
    if true is not None:
        wrong &= truth == true
    if predicted is not None:
        wrong &= guesses == predicted
    rows = np.flatnonzero(wrong)
    return rows[(-shares[rows, guesses[rows]]).argsort(kind="stable")]


def nearest_correct(
    logits: ArrayLike, labels: ArrayLike, rows: ArrayLike, *, label: int
) -> NDArray[np.int64]:
    """Find for some images the correctly classified image of a class that the network sees as most like them.

    Args:
        logits: Of all images, (N, 7); nearness is Euclidean distance between logits.
        labels: True classes, (N,).
        rows: Rows whose neighbour is wanted, (R,), each 0 to N - 1.
        label: The class that the neighbour has and is given.

    Returns:
        Rows, int64 (R,); -1 where no image of the class is classified correctly.
    """
    scores, truth = checked_pair(logits, labels, what="logits")
    wanted = np.asarray(rows, np.int64)
    if wanted.size and (wanted.min() < 0 or wanted.max() >= len(truth)):
        raise InputError.expected("rows", f"0 to {len(truth) - 1}", f"{wanted.min()} to {wanted.max()}")
    candidates = np.flatnonzero((truth == label) & (scores.argmax(axis=1) == label))
    if candidates.size == 0:
        return np.full(wanted.shape, -1, np.int64)
    return candidates[cdist(scores[wanted], scores[candidates]).argmin(axis=1)]
