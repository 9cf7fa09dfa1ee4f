"""Is one network better than another? The same images, an exact test, and a correction for asking often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest, t

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


def paired_difference(
    correct_a: ArrayLike, correct_b: ArrayLike, *, accuracies: ArrayLike | None = None
) -> PairedDifference:
    """Compare two ways of training by networks of both from the same seeds, on the same images.

    Interval and test are of another draw of the images *and* of the seeds: an analysis of variance in which
    each image meets each seed. With one seed they are of the images alone.

    Args:
        correct_a: Where the first is right, bool (seeds, N), two images or more.
        correct_b: Where the second is right, bool (seeds, N).
        accuracies: Of all ways of training in the study, (ways, seeds), 0 to 1: seeds are taken to matter
            alike to all, so the more ways, the better is known how much. None for these two alone.

    Source: Dorfman, Berbaum & Metz (1992), whose readers are seeds here; degrees of freedom by Hillis (2007).
    """
    first, second = np.asarray(correct_a, bool), np.asarray(correct_b, bool)
    if first.shape != second.shape or first.ndim != 2 or not first.size or first.shape[1] < 2:
        wanted = "one shape (seeds, N), two images or more"
        raise InputError(f"answers: expected {wanted}, found {first.shape}, {second.shape}")
    differences = first.astype(float) - second
    (seeds, images), middle = differences.shape, float(differences.mean())
    by_image, by_seed = differences.mean(axis=0), differences.mean(axis=1)
    of_images, of_seeds, freedom = seeds * by_image.var(ddof=1), 0.0, float(images - 1)  # mean squares
    if seeds > 1:
        rest = differences - by_image - by_seed[:, None] + middle
        mean_square = (rest**2).sum() / (seeds - 1) / (images - 1)
        of_images = max(of_images - mean_square, 0.0)
        own = [first.mean(axis=1), second.mean(axis=1)]
        ways = np.asarray(own if accuracies is None else accuracies, float)
        apart = ways - ways.mean(axis=0) - ways.mean(axis=1, keepdims=True) + ways.mean()
        known = (len(apart) - 1) * (seeds - 1)
        of_seeds = 2 * images * (apart**2).sum() / known
        # By luck both may come out at 0; the answers' own scatter is there even where both truly are.
        of_seeds = max(of_seeds, mean_square - of_images)
        if of_seeds > 0:
            freedom = min(freedom, known * (1 + of_images / of_seeds) ** 2)
    error = float(np.sqrt((of_images + of_seeds) / differences.size))
    reach = error * float(t.ppf(0.975, freedom))
    if seeds == 1:
        p_value = mcnemar(first[0], second[0]).p_value or 0.0
    elif error == 0:  # nothing varies
        p_value = float(middle == 0)
    else:
        p_value = float(2 * t.sf(abs(middle) / error, freedom))
    return PairedDifference(tuple(by_seed.tolist()), middle, middle - reach, middle + reach, p_value)


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
