"""Labels that look wrong, by confident learning.

The method is Northcutt, Jiang and Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels (JAIR
2021, arXiv 1911.00068), written out here rather than taken from cleanlab: it is a few array expressions, and
cleanlab answers "no suspects" to NaN probabilities and fails on a single class, where a clear line is due.
The suspects are those of cleanlab 2.9 with filter_by set to "confident_learning"; the tests ask it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.evaluation.checks import CLASSES, checked_pair

ROUNDING = 1e-6
"""A mean of equal probabilities may lie a rounding above them; what a label ties with is no contradiction."""


@dataclass(frozen=True)
class SuspectLabels:
    """S images whose label the predictor confidently contradicts, the most suspicious first."""

    rows: NDArray[np.int64]
    """Rows of the input, (S,)."""
    suggested: NDArray[np.int64]
    """The class that the predictor is confident of, (S,)."""
    confident_joint: NDArray[np.int64]
    """Images by label (rows) and confident class (columns), (7, 7); those confident of no class left out."""
    status: Literal["ok", "no data", "constant predictor"]
    """A predictor that calls every image the same can contradict no label: nothing is listed then."""


def suspect_labels(probabilities: ArrayLike, labels: ArrayLike) -> SuspectLabels:
    """List the labels that out-of-sample predictions confidently contradict.

    A class is confident for an image whose probability reaches the class's threshold, its mean probability
    over the images labelled so; of several, the most probable class of all counts. Off the diagonal of these
    counts lie the suspects, without those whose label is the most probable class itself or ties with it,
    ordered by the margin p(label) - p(suggested). They are questions to a human, not corrections.

    Args:
        probabilities: (N, 7), **of images that the predictor was not trained on**: a network that has
            memorised its labels contradicts none of them.
        labels: The labels to doubt, (N,).
    """
    shares, given = checked_pair(probabilities, labels, what="probabilities")
    carried = np.bincount(given, minlength=CLASSES)
    sums = np.bincount(given, weights=shares[np.arange(len(given)), given], minlength=CLASSES)
    thresholds = np.where(carried, sums / np.maximum(carried, 1), np.inf)
    confident = shares >= thresholds - ROUNDING
    top = shares.argmax(axis=1)
    suggested = np.where(confident.sum(axis=1) > 1, top, confident.argmax(axis=1))
    counted = confident.any(axis=1)
    joint = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(joint, (given[counted], suggested[counted]), 1)

    status = _status(shares, given)
    contradicted = shares[np.arange(len(given)), given] < shares.max(axis=1, initial=0) - ROUNDING
    rows = np.flatnonzero(counted & (suggested != given) & contradicted & (status == "ok"))
    margin = shares[rows, given[rows]] - shares[rows, suggested[rows]]
    rows = rows[margin.argsort(kind="stable")]
    return SuspectLabels(rows, suggested[rows], joint, status)


def _status(
    shares: NDArray[np.float64], given: NDArray[np.int64]
) -> Literal["ok", "no data", "constant predictor"]:
    if given.size == 0:
        return "no data"
    one_guess = len(np.unique(shares.argmax(axis=1))) == 1
    return "constant predictor" if one_guess and len(np.unique(given)) > 1 else "ok"
