"""Does 80% sure mean right in 80% of the cases? Reliability, its error, and the temperature that mends it."""

from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from fer_nb.analysis.evaluation.checks import (
    checked_classes,
    checked_probabilities,
    checked_scores,
    same_length,
)
from fer_nb.analysis.evaluation.intervals import Proportion, accuracy_interval
from fer_nb.errors import InputError

TEMPERATURES = (0.05, 20.0)
"""Range searched; a minimum at its edge is no minimum (all images right, or the logits say nothing)."""


@dataclass(frozen=True)
class ReliabilityBins:
    """Images binned by the probability of their predicted class, in B bins of equal width from 0 to 1.

    A bin holds its upper edge.
    """

    accuracy: tuple[Proportion, ...]
    """Share that is right in each bin, with its interval; "no data" in an empty bin."""
    confidence: np.ma.MaskedArray
    """Mean probability of the predicted class in each bin, (B,); masked in an empty bin."""

    @property
    def counts(self) -> NDArray[np.int64]:
        """Images in each bin, (B,)."""
        return np.array([share.n for share in self.accuracy], np.int64)


@dataclass(frozen=True)
class Temperature:
    """What logits are divided by."""

    temperature: float
    determined: bool
    """False where the data fix no temperature: every image right, or logits that say nothing."""


def softmax(logits: ArrayLike, *, temperature: float = 1.0) -> NDArray[np.float64]:
    """Return probabilities (N, 7) of logits (N, 7) divided by `temperature` (above 0).

    Raises:
        InputError: A logit is NaN or infinite (the row is named), or the temperature is not above 0.
    """
    if not (np.isfinite(temperature) and temperature > 0):
        raise InputError(f"temperature: expected a number above 0, found {temperature}")
    return scipy.special.softmax(checked_scores(logits, what="logits") / temperature, axis=1)


def reliability_bins(probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15) -> ReliabilityBins:
    """Bin images by the probability of their predicted class and measure the accuracy in each bin.

    Args:
        probabilities: (N, 7).
        labels: True classes, (N,).
        bins: How many of equal width; 15 as in the source.

    Source: Guo et al., On Calibration of Modern Neural Networks (2017), arXiv 1706.04599.
    """
    if bins < 1:
        raise InputError(f"reliability bins: expected 1 or more, found {bins}")
    shares, truth = checked_probabilities(probabilities), checked_classes(labels, what="labels")
    same_length(probabilities=shares, labels=truth)
    top = shares.max(axis=1, initial=0).clip(max=1)
    correct = shares.argmax(axis=1) == truth
    bin_of = np.digitize(top, np.linspace(0, 1, bins + 1)[1:-1], right=True)
    counts = np.bincount(bin_of, minlength=bins)
    return ReliabilityBins(
        tuple(accuracy_interval(correct[bin_of == index]) for index in range(bins)),
        np.ma.MaskedArray(
            np.bincount(bin_of, weights=top, minlength=bins) / np.maximum(counts, 1), counts == 0
        ),
    )


def expected_calibration_error(
    probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15
) -> float | None:
    """Return the top-label ECE: the gap of accuracy and confidence, averaged over the images' bins.

    Args:
        probabilities: (N, 7).
        labels: True classes, (N,).
        bins: How many of equal width.

    Returns:
        From 0 (calibrated) to 1; None where there are no images.

    Source: as `reliability_bins`.
    """
    binned = reliability_bins(probabilities, labels, bins=bins)
    total = int(binned.counts.sum())
    gaps = (
        share.n * abs(share.accuracy - confidence)
        for share, confidence in zip(binned.accuracy, binned.confidence, strict=True)
        if share.accuracy is not None
    )
    return float(sum(gaps)) / total if total else None


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> Temperature:
    """Find the temperature with the least negative log-likelihood; fit it on validation, never on test.

    Dividing by it leaves every predicted class, and so the accuracy, as it was.

    Args:
        logits: Of the validation images, (N, 7).
        labels: Their true classes, (N,).

    Raises:
        InputError: There are no images, or a logit is not finite.

    Source: Guo et al. (2017), arXiv 1706.04599. The loss is convex in 1/T, so a bounded search finds the
    minimum.
    """
    scores, truth = checked_scores(logits, what="logits"), checked_classes(labels, what="labels")
    same_length(logits=scores, labels=truth)
    if truth.size == 0:
        raise InputError("temperature: expected at least one labelled validation image, found none")
    rows = np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        scaled = scipy.special.log_softmax(scores / np.exp(log_temperature), axis=1)
        return float(-scaled[rows, truth].mean())

    bounds = tuple(np.log(TEMPERATURES))
    best = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    at_edge = min(abs(best.x - edge) for edge in bounds) < 1e-3
    if at_edge or any(loss(edge) - best.fun < 1e-9 for edge in bounds):
        return Temperature(1.0, determined=False)
    return Temperature(float(np.exp(best.x)), determined=True)
