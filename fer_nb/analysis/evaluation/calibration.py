"""Does 80% sure mean right in 80% of the cases? Reliability, its error, and the temperature that mends it."""

from dataclasses import dataclass

import numpy as np
import scipy.special
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from fer_nb.analysis.evaluation.checks import checked_pair, checked_scores
from fer_nb.analysis.evaluation.intervals import Proportion, accuracy_interval
from fer_nb.errors import InputError

DOUBLINGS = 60
"""Of 1/T in search of its root: logits whose errors are smaller by 1e18 than their range say nothing."""


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


def reliability_bins(
    probabilities: ArrayLike, labels: ArrayLike, *, bins: int = 15
) -> tuple[list[Proportion], np.ma.MaskedArray]:
    """Bin images by the probability of their predicted class; return how many are right and how sure it is.

    Args:
        probabilities: (N, 7).
        labels: True classes, (N,).
        bins: How many of equal width from 0 to 1; 15 as in the source. A bin holds its upper edge.

    Returns:
        The share that is right in each bin, "no data" in an empty one; and the mean probability of the
        predicted class in each, (bins,), masked in an empty one.

    Source: Guo et al., On Calibration of Modern Neural Networks (2017), arXiv 1706.04599.
    """
    shares, truth = checked_pair(probabilities, labels, what="probabilities")
    top = shares.max(axis=1, initial=0).clip(max=1)
    correct = shares.argmax(axis=1) == truth
    bin_of = np.digitize(top, np.linspace(0, 1, bins + 1)[1:-1], right=True)
    counts, sums = np.bincount(bin_of, minlength=bins), np.bincount(bin_of, weights=top, minlength=bins)
    confidence = np.ma.MaskedArray(sums / np.maximum(counts, 1), counts == 0)
    return [accuracy_interval(correct[bin_of == index]) for index in range(bins)], confidence


def expected_calibration_error(probabilities: ArrayLike, labels: ArrayLike) -> float | None:
    """Return the top-label ECE: the gap of accuracy and confidence, averaged over the images' bins.

    Args:
        probabilities: (N, 7).
        labels: True classes, (N,).

    Returns:
        From 0 (calibrated) to 1; None where there are no images.

    Source: as `reliability_bins`.
    """
    shares, confidences = reliability_bins(probabilities, labels)
    total = sum(share.n for share in shares)
    gaps = (
        share.n * abs(share.accuracy - confidence)
        for share, confidence in zip(shares, confidences, strict=True)
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

    Source: Guo et al. (2017), arXiv 1706.04599. The loss is convex in 1/T: its minimum is where its
    derivative, the mean of expected less true logit, is zero. It starts below zero unless the logits say
    nothing, and ends above unless every image is right.
    """
    scores, truth = checked_pair(logits, labels, what="logits")
    if truth.size == 0:
        raise InputError.expected("temperature", "at least one labelled validation image", "none")
    # In units of their range: logits a million times as large have a temperature a million times as high.
    scores = scores - scores[np.arange(len(truth)), truth][:, None]
    unit = np.abs(scores).max(initial=0) or 1.0
    scores = scores / unit

    def slope(inverse: float) -> float:
        return float((scipy.special.softmax(inverse * scores, axis=1) * scores).sum(axis=1).mean())

    high = next((2.0**k for k in range(DOUBLINGS) if slope(2.0**k) > 0), None)
    if high is None or slope(0) >= 0:
        return Temperature(1.0, determined=False)
    return Temperature(unit / brentq(slope, 0, high, xtol=1e-300, rtol=1e-12), determined=True)
