"""Answers of one network or of several, the same wherever and however they are computed.

Sums of float32 depend on the batch, the threads and the machine in their last digits, and an image whose two
best classes lie that close together would get one class here and another there. Such images, a few in a
thousand, are computed again in float64, whose last digits are a million times smaller.
"""

from collections.abc import Sequence

import numpy as np
import scipy.special
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from fer_nb.errors import InputError, known_name
from fer_nb.learning.precision import float64_arithmetic, gpus, in_precision
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.prediction.ensemble import Member
from fer_nb.learning.prediction.test_time_augmentation import VIEWS, crop_shift, views

COMBINATIONS = ("probabilities", "logits", "vote")
LARGEST_BATCH = 512  # images; more are no faster, and fill a laptop's memory with a large network

# Share of the largest score (1 at least) by which two scores must differ to be believed in float32. On a CPU
# the networks here err by 4e-6 of it; the 10-bit products of a GPU (TF32) err by about 1e-3.
CPU_MARGIN, GPU_MARGIN = 1e-3, 1e-2
DECIMALS = 9  # of a score; classes that are equal in them tie, and the lower class number wins
FITTING_ROUNDS = 500  # of the iteration that fits the weights


def member_scores(
    ensemble: Sequence[Member],
    images: NDArray[np.uint8],
    *,
    combine: str = "probabilities",
    tta: str = "none",
    batch_size: int = 256,
    quiet: bool = True,
) -> NDArray[np.float64]:
    """Return every member's scores of every image, (M, N, 7), exact enough to decide by.

    Args:
        ensemble: The networks, M.
        images: uint8 (N, 48, 48).
        combine: How they will be combined, one of COMBINATIONS: scores are logits for "logits", else
            probabilities. Over the views of an image the scores are averaged.
        tta: A name in `fer_nb.learning.prediction.test_time_augmentation.VIEWS`.
        batch_size: Images at a time, at most LARGEST_BATCH; the answers do not depend on it.
        quiet: Whether to show no bar over every view of every image; there is none but in a terminal.

    Raises:
        InputError: Unknown name.
    """
    known_name("combination", combine, COMBINATIONS)
    size = min(batch_size, LARGEST_BATCH)
    total = len(ensemble) * len(images) * VIEWS[known_name("test-time augmentation", tta, VIEWS)]

    def scored(member: Member, rows: NDArray[np.uint8], *, exact: bool) -> NDArray[np.float64]:
        network = in_precision(member.network(), "float64") if exact else member.network()
        total = np.zeros((len(rows), 7))
        for count, view in enumerate(views(rows, tta, shift=crop_shift(network)), 1):
            logits = predict_logits(network, view, batch_size=size, advance=None if exact else bar.update)
            logits = logits.astype(np.float64)
            scores = logits if combine == "logits" else scipy.special.softmax(logits, axis=1)
            total += (scores - total) / count
        return total

    with tqdm(
        total=total, unit="img", unit_scale=True, desc="predicting", disable=quiet or None, leave=False
    ) as bar:
        stack = np.stack([scored(member, images, exact=False) for member in ensemble])
    unsure = _unsure(stack)
    if combine != "vote":
        unsure = unsure | _unsure(combined(stack, [member.weight for member in ensemble], combine=combine))
    with float64_arithmetic():
        for member, scores, rows in zip(ensemble, stack, unsure, strict=True):
            if rows.any():
                scores[rows] = scored(member, images[rows], exact=True)
    return stack


def combined(stack: NDArray[np.float64], weights: ArrayLike, *, combine: str) -> NDArray[np.float64]:
    """Return the scores of the blend, (N, 7).

    Args:
        stack: Scores of each member, (M, N, 7).
        weights: (M,), 0 or more, some above 0; only their ratios matter.
        combine: "vote" gives each class the weights of the members that choose it, else the mean is taken.
    """
    shares = np.asarray(weights, np.float64) / np.sum(weights)
    scores = np.eye(7)[chosen(stack)] if combine == "vote" else stack
    return (shares[:, None, None] * scores).sum(axis=0)


def chosen(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the class of the largest score, (..., N) of (..., N, 7); the lowest of several."""
    return scores.round(DECIMALS).argmax(axis=-1)


def predict_classes(ensemble: Sequence[Member], images: NDArray[np.uint8], **options) -> NDArray[np.int64]:
    """Return the class that a blend gives each image, (N,).

    Args:
        ensemble: The networks with their weights.
        images: uint8 (N, 48, 48).
        **options: Those of `member_scores`.
    """
    stack = member_scores(ensemble, images, **options)
    weights = [member.weight for member in ensemble]
    return chosen(combined(stack, weights, combine=options.get("combine", "probabilities")))


def fit_weights(probabilities: NDArray[np.float64], labels: ArrayLike) -> NDArray:
    """Return the weights with the highest likelihood of the true classes, (M,), which add up to 1.

    The likelihood of a mean of probabilities is concave in its weights, and expectation-maximisation climbs
    it without a step size (Dempster, Laird and Rubin 1977).

    Args:
        probabilities: Of validation images, never of test images, (M, N, 7).
        labels: Their true classes, (N,).

    Raises:
        InputError: There is no image.
    """
    truth = np.asarray(labels, np.int64)
    if not truth.size:
        raise InputError("weights: expected validation images that no member has learned from, found none")
    given = np.maximum(probabilities[:, np.arange(truth.size), truth], 1e-12)
    weights = np.full(len(given), 1 / len(given))
    for _ in range(FITTING_ROUNDS):
        parts = weights[:, None] * given
        weights = (parts / parts.sum(axis=0)).mean(axis=1)
    return weights


def _unsure(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where rounding in float32 may decide between the two largest scores, (..., N)."""
    second, first = np.moveaxis(np.sort(scores, axis=-1)[..., -2:], -1, 0)
    margin = GPU_MARGIN if gpus() else CPU_MARGIN
    return first - second <= margin * np.abs(scores).max(axis=-1).clip(min=1)
