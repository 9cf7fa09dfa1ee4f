"""Pseudo-labels: which answers to unlabelled images are sure enough to be learned from."""

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from fer_nb.data.faces import Faces


def above_threshold(
    probabilities: NDArray[np.floating], threshold: float, *, inclusive: bool = True
) -> NDArray[np.bool_]:
    """Return bool (N,): where the highest probability reaches the threshold.

    Args:
        probabilities: (N, 7), rows adding up to 1.
        threshold: 0 to 1.
        inclusive: Whether a probability that equals the threshold is enough ("at least"; else "above").
    """
    highest = probabilities.max(axis=1)
    return highest >= threshold if inclusive else highest > threshold


def class_balanced_selection(probabilities: NDArray[np.floating], share: float) -> NDArray[np.bool_]:
    """Return bool (N,): the surest part of the images of each predicted class, rounded up.

    One threshold for all would keep the easy classes above all, and each round would make them larger.

    Args:
        probabilities: (N, 7), rows adding up to 1.
        share: Part of each class that is kept, 0 to 1.

    Source: Zou et al., "Class-Balanced Self-Training", arXiv 1810.07911.
    """
    highest, predicted = probabilities.max(axis=1), probabilities.argmax(axis=1)
    kept = np.zeros(len(probabilities), bool)
    part = Fraction(str(share))  # 0.07 of 100 are 7; in floats the product lies above it
    for label in np.unique(predicted):
        members = np.flatnonzero(predicted == label)
        surest = members[np.argsort(-highest[members], kind="stable")]
        kept[surest[: math.ceil(part * len(members))]] = True
    return kept


def pseudo_labelled(unlabelled: Faces, probabilities: NDArray[np.floating], kept: NDArray[np.bool_]) -> Faces:
    """Return the kept faces as Training rows with their likeliest class for a label, ids as they were.

    Args:
        unlabelled: N faces.
        probabilities: Their probabilities, (N, 7).
        kept: bool (N,).
    """
    chosen = unlabelled.take(kept)
    labels = probabilities[kept].argmax(axis=1).astype(np.int8)
    return Faces(chosen.images, labels, np.zeros(len(chosen), np.uint8), chosen.ids, unlabelled.source)
