"""Is one network better than another? The same images, an exact test, and a correction for asking often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest, ttest_1samp

from fer_nb.analysis.evaluation.checks import same_length
from fer_nb.errors import InputError


@dataclass(frozen=True)
class McNemar:
    """Two predictors on the same `n` images, compared where they disagree."""

    b: int
    """Images that only the first gets right."""
    c: int
    """Images that only the second gets right."""
    n: int
    p_value: float | None
    """Of no difference, two-sided and exact; 1 where they never disagree, None where there are no images."""
    difference: float | None
    """Accuracy of the first less that of the second, (b - c) / n, -1 to 1; None where there are no images."""


def mcnemar(correct_a: ArrayLike, correct_b: ArrayLike) -> McNemar:
    """Compare two predictors on the same images by the exact McNemar test.

    It covers one fixed pair of networks, not the luck of the seed: show the spread over seeds beside it.

    Args:
        correct_a: Where the first is right, bool (N,).
        correct_b: Where the second is right, bool (N,), the same images in the same order.

    Source: McNemar (1947) in its exact form, a binomial test of b among the b + c discordant images.
    """
    first, second = np.asarray(correct_a, bool), np.asarray(correct_b, bool)
    same_length(correct_a=first, correct_b=second)
    b, c, n = int((first & ~second).sum()), int((second & ~first).sum()), len(first)
    if n == 0:
        return McNemar(0, 0, 0, None, None)
    p_value = float(binomtest(b, b + c).pvalue) if b + c else 1.0
    return McNemar(b, c, n, p_value, (b - c) / n)


@dataclass(frozen=True)
class PairedDifference:
    """Two ways of training, compared on the same images over the same seeds."""

    by_seed: tuple[float, ...]
    """Accuracy of the first less that of the second, a seed each, -1 to 1."""
    mean: float
    """Their mean."""
    low: float
    """Lower end of its 95% interval."""
    high: float
    """Upper end."""
    p_value: float
    """Of no difference, two-sided; of one seed McNemar's."""


def paired_difference(correct_a: ArrayLike, correct_b: ArrayLike) -> PairedDifference:
    """Compare two ways of training by networks of both from the same seeds, on the same images.

    Of each image the difference is averaged over the seeds; interval and test are those of the mean over
    images (a paired t-test). They cover the luck of the images; that of the seeds is seen in `by_seed`.

    Args:
        correct_a: Where the first is right, bool (seeds, N), one image or more.
        correct_b: Where the second is right, bool (seeds, N).
    """
    first, second = np.asarray(correct_a, bool), np.asarray(correct_b, bool)
    if first.shape != second.shape or first.ndim != 2 or 0 in first.shape:
        raise InputError(f"answers: expected one shape (seeds, N), found {first.shape}, {second.shape}")
    differences = first.astype(float) - second
    by_image, by_seed = differences.mean(axis=0), tuple(differences.mean(axis=1).tolist())
    middle = float(by_image.mean())
    if np.ptp(by_image) == 0:  # none differs, or all do alike: nothing varies, a t-test is undefined
        return PairedDifference(by_seed, middle, middle, middle, 1.0 if middle == 0 else 0.0)
    test = ttest_1samp(by_image, 0.0)
    low, high = (float(end) for end in test.confidence_interval())
    p_value = float(test.pvalue) if len(by_seed) > 1 else mcnemar(first[0], second[0]).p_value
    assert p_value is not None  # there are images
    return PairedDifference(by_seed, middle, low, high, p_value)


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return p-values adjusted for being several, in the order given.

    The smallest is multiplied by their number m, the next by m - 1 and so on, none below the one before and
    none above 1: calling all below 0.05 significant then makes any false claim in at most 5% of studies.

    Args:
        p_values: From 0 to 1, (m,).

    Source: Holm (1979). scipy has corrections of the false discovery rate only.
    """
    values = np.asarray(p_values, np.float64)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise InputError(f"p-values: expected numbers 0 to 1 of shape (m,), found {values.tolist()}")
    order = values.argsort(kind="stable")
    adjusted = np.empty_like(values)
    adjusted[order] = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1)).clip(max=1.0)
    return adjusted
